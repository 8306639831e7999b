"""Rows with all their readings in; those that are proved, out.

A row is read as it is printed where its figures are surely its own (`RowDraft.is_solid`) and no
other reading heals more of the form's sums. Any other reading stands only where every rejected one
breaks at least two sums more: one broken sum is what an author does. A cell is settled when all
admitted readings agree on it. Whatever sum was used to choose is reported as assumed, so that
nobody counts it as a check that passed.

A cell of which the ink may say several things is a figure only where every sum over it that can be
worked out holds, and one of these has no other such cell. The sums are then assumed, so that no
check over them passes: had the author erred there, another reading could hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product, repeat
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.candidates import Reading, is_joined, joined, rearranged, texts_of
from auditor.layout.tokens import Kind, Token
from auditor.model.form import Address, BoxSum, Table
from auditor.model.report import Illegible, Match, Number
from auditor.model.source import UNREAD
from auditor.source_text import Figures

MOST_COMBINATIONS = 250
"""More than this for one row prove nothing, and cost much."""


def with_alternatives(readings: Sequence[Reading]) -> list[Reading]:
    """Each reading with each choice for its doubtful tokens; where these are too many, the doubtful
    tokens are unread and the others stand."""
    if not has_alternatives(readings):
        return list(readings)
    choices = [[_choices(token) for token in reading] for reading in readings]
    if sum(prod(map(len, each)) for each in choices) > MOST_COMBINATIONS:
        return [tuple(_given_up(token) for token in reading) for reading in readings]
    return [reading for each in choices for reading in product(*each)]


def has_alternatives(readings: Sequence[Reading]) -> bool:
    """Whether the ink of any token may say something else."""
    return any([True for each in readings for token in each if token and token.alternatives])


def candidates(token: Token) -> tuple[str, ...]:
    """What a doubtful token may say, without the doubt itself."""
    return tuple(text for text in (token.text, *token.alternatives) if text != UNREAD)


def _choices(token: Token | None) -> list[Token | None]:
    if token is None or not token.alternatives or token.kind is Kind.UNREAD:
        return [token]
    said = (token.text, *token.alternatives)
    return [replace(token, text=text) for text in said if text != UNREAD]


def _given_up(token: Token | None) -> Token | None:
    return replace(token, kind=Kind.UNREAD) if token is not None and token.alternatives else token


"""Coefficients of a sum that is zero where the constraint holds."""

_ZERO, _NAN = Decimal(0), Decimal("NaN")
_MARGIN = 2
"""Sums by which a reading must be better than another to rule it out."""
_FEWEST_MOVED = 2
"""Rows that add up with their digits in other places, from which on that is no accident."""
_MOST_CHOICES = 1_000
"""Of readings of the rows of one sum."""
_FEWEST_BROKEN, _MOST_BROKEN, _MOST_OF_FEW = 3, 0.2, 0.5
"""Rows that break their own sums, and their share, from which on the columns are in doubt; and
their share where there are so few rows."""


class RowDraft(Struct, eq=False):
    """The boxes that one printed line fills, and how it may be read."""

    addresses: tuple[Address, ...]
    readings: list[Reading]
    match: Match
    label: str = ""
    is_solid: bool = False
    """Whether the first reading stands where no other heals the sums."""
    surplus: int = 0
    """How many figures it has too many; below zero, how many figures or empty cells too few."""
    follows_label: bool = False
    """Whether all its figures stand on the printed line of its label."""
    is_printed: bool = False
    """Whether the first reading is the figures as they are printed, none cut or joined."""
    is_apart: bool = False
    """Read by position alone: stands only where sums over figures confirm it."""
    beside: list[Token] = []
    """Left over beside it: may be its own."""
    admitted: list[Reading] = []
    """The readings that are not ruled out."""
    unproven: set[int] = set()
    """Boxes of which no sum confirms what they say."""

    @property
    def is_sure(self) -> bool:
        """Whether its figures are its own, and their ink leaves no doubt."""
        return self.is_solid and len(self.readings) == 1

    @property
    def needs_proof(self) -> bool:
        """Whether its figures need not be its own, or stand on several lines in another order;
        figures that are all alike, those beside it too, are the same in any."""
        first = self.readings[0] if self.readings else ()
        is_one_line = (self.is_solid or self.follows_label) and not self.beside
        return self.is_apart or not (is_one_line or _is_uniform((*first, *self.beside)))

    @property
    def was_chosen(self) -> bool:
        """Whether it took sums to say what stands in its boxes."""
        as_printed = self.follows_label and self.is_printed and self.admitted == self.readings[:1]
        return self.is_apart or (len(self.readings) > 1 and not as_printed)


def sums_of(table: Table, present: Sequence[Address]) -> list[BoxSum]:
    """The form's sums over the boxes that this copy has, where it has some of both sides."""
    found = table.sums_over(set(present))
    return [terms for terms in found if {1, -1} <= set(terms.values())]


class Solution(Struct):
    """What the sums of a table came to."""

    assumed: set[frozenset[Address]] = set()
    """The address sets of the sums that were used to choose."""
    columns_in_doubt: bool = False
    """Whether so many rows break their own sums that the figures may stand in other columns."""


def solve(rows: Sequence[RowDraft], sums: Sequence[BoxSum], figures: Figures) -> Solution:
    """Fill `RowDraft.admitted` and `RowDraft.unproven` everywhere."""
    solver = _Solver(rows, sums, figures)
    solution = Solution(solver.run())
    solution.columns_in_doubt = solver.rows_broken() or solver.have_moved()
    if solution.columns_in_doubt or solver.rows_shifted():
        for row in rows:
            row.unproven.update(range(len(row.addresses)))
    return solution


class _Solver:
    """The rows of one table, and what each box counts for in the sums of the others."""

    def __init__(self, rows: Sequence[RowDraft], sums: Sequence[BoxSum], figures: Figures) -> None:
        self.figures = figures
        self._known_values: dict[str, Decimal] = {}
        self._values_of: dict[int, tuple[Reading, Mapping[Address, Decimal | None]]] = {}
        """By the identity of a reading, which is kept beside, so that no other can have it."""
        self._moved: dict[int, Sequence[Reading]] = {}
        self.all = rows
        for row in rows:
            row.readings = with_alternatives(row.readings)
            row.admitted = list(row.readings)
        self.rows = [row for row in rows if row.readings]
        self.owner = {address: row for row in self.rows for address in row.addresses}
        self.sums = [total for total in sums if total.keys() <= self.owner.keys()]
        self.own: dict[int, list[BoxSum]] = {id(row): [] for row in self.rows}
        self.across: dict[int, list[BoxSum]] = {id(row): [] for row in self.rows}
        self._crossed: list[tuple[BoxSum, Sequence[RowDraft]]] = []
        """The sums across rows, each with the rows."""
        for total in self.sums:
            owners = {id(row): row for row in map(self.owner.__getitem__, total)}
            for owner in owners:
                (self.across if len(owners) > 1 else self.own)[owner].append(total)
            if len(owners) > 1:
                self._crossed.append((total, [*owners.values()]))
        self.known: dict[Address, Decimal | None] = {}
        """What a box counts for in the sums of others; None where that is not known."""
        self._totals: dict[int, Decimal | None] = {}
        """By the identity of a sum, what is left of it with `known`, as long as that stays."""
        self.pieces = {id(token): token for row in rows for token in row.beside}.values()
        """Figures that are nobody's."""

    def run(self) -> set[frozenset[Address]]:
        """Choose for every row; the sums that were used."""
        survivors = {id(row): self._held(row) for row in self.rows}
        self._narrow(survivors)
        for row in self.rows:
            self.known |= self._agreed(row, survivors[id(row)])
        changed = True
        while changed:
            changed = False
            for row in self.rows:
                row.admitted = self._admitted(row, survivors[id(row)])
                for box, value in self._agreed(row, row.admitted).items():
                    if self.known[box] is not None and self.known[box] != value:
                        self._forget(box)
                        changed = True
            changed = changed or self._prove_apart()
        assumed: set[frozenset[Address]] = set()
        for row in self.rows:
            if not row.needs_proof and not row.is_solid and self._fails(row):
                row.unproven.update(range(len(row.addresses)))
            if row.was_chosen:
                sums = (*self.own[id(row)], *self.across[id(row)])
                assumed |= {frozenset(total) for total in sums if self._is_live(total)}
        self._spread()
        return assumed | self._prove_ink()

    def _prove_apart(self) -> bool:
        """Leaves unread what no sums prove of rows whose figures need not be their own; and what no
        such cell proves. Whether there was any."""
        apart = [row for row in self.rows if row.needs_proof]
        has_changed, changed = False, True
        while changed:
            changed = False
            for row in apart:
                for index in set(self._unproved(row)) - row.unproven:
                    row.unproven.add(index)
                    self._forget(row.addresses[index])
                    has_changed = changed = True
        return has_changed

    def _forget(self, box: Address) -> None:
        self.known[box] = None
        self._totals.clear()

    def _prove_ink(self) -> set[frozenset[Address]]:
        """Leaves unread each cell whose ink may say something else, but where all sums over it hold
        that can be worked out, and one of them has no other such cell: where a part and its total
        print the same figure, the same stroke is lost in both. The sums that were used."""
        doubted = {
            box: row
            for row in self.rows
            if has_alternatives(row.admitted)
            for index, box in enumerate(row.addresses)
            if any((token := reading[index]) and token.alternatives for reading in row.admitted)
        }
        if not doubted:
            return set()
        values: dict[Address, Decimal | None] = {}  # of cells that are unread for other reasons too
        for row in self.rows:
            values |= self._agreed(row, row.admitted)
        totals = [(sum_, self._total(values, sum_)) for sum_ in self.sums]
        broken = {box for sum_, total in totals if total for box in sum_}
        holding = [sum_ for sum_, total in totals if total == 0]
        left, proved = doubted.keys() - broken, set[Address]()
        while alone := {
            box
            for sum_ in holding
            if len(both := sum_.keys() & doubted.keys() - proved) == 1
            for box in both & left
        }:
            proved |= alone
            left -= alone
        for box in doubted.keys() - proved:
            doubted[box].unproven.add(doubted[box].addresses.index(box))
        return {frozenset(sum_) for sum_ in holding if sum_.keys() & proved}

    def _held(self, row: RowDraft) -> list[Reading]:
        """The readings that satisfy the row's own sums; all where none does."""
        if row.is_sure:
            return row.readings
        own = self.own[id(row)]
        held = [
            reading for reading in row.readings if not self._broken(self._values(row, reading), own)
        ]
        return held or row.readings

    def _values(self, row: RowDraft, reading: Reading) -> Mapping[Address, Decimal | None]:
        known = self._values_of.get(id(reading))
        if known is None:
            values = dict(zip(row.addresses, map(self.value, reading), strict=True))
            known = self._values_of[id(reading)] = reading, values
        return known[1]

    def value(self, token: Token | None) -> Decimal | None:
        """What a token counts for in a sum; None where nobody knows."""
        if token is None:
            return _ZERO
        if token.kind is Kind.UNREAD:
            return None
        known = self._known_values.get(token.text)
        if known is None:
            value = self.figures.value(token.text)
            if isinstance(value, Illegible):
                return None
            known = value.value if isinstance(value, Number) else _ZERO
            self._known_values[token.text] = known
        return known

    def _broken(self, values: Mapping[Address, Decimal | None], sums: Sequence[BoxSum]) -> int:
        """How many sums do not hold with these figures and what the other rows say; one over a
        figure that nobody knows is not counted."""
        broken = 0
        for total in sums:
            left = self._total(values, total)
            broken += left is not None and left != 0
        return broken

    def _total(self, values: Mapping[Address, Decimal | None], total: BoxSum) -> Decimal | None:
        """What is left of a sum; None where a figure of it is not known."""
        if values:
            return self._left_of(values, total)
        if id(total) not in self._totals:
            self._totals[id(total)] = self._left_of(values, total)
        return self._totals[id(total)]

    def _left_of(self, values: Mapping[Address, Decimal | None], total: BoxSum) -> Decimal | None:
        known = self.known
        figures = (
            [values[box] if box in values else known[box] for box in total]
            if values
            else [known[box] for box in total]
        )
        found = _ZERO
        for value, sign in zip(figures, total.values(), strict=True):
            if value is None:
                return None
            if value:
                found += value if sign > 0 else -value
        if found and not total.constraint.is_exact:
            return _ZERO if total.constraint.rounds(found, figures) else found
        return found

    def _is_live(self, total: BoxSum) -> bool:
        """Whether all its figures are known, and some are more than nothing."""
        values = [self.known[address] for address in total]
        return all(value is not None for value in values) and any(values)

    def _admitted(self, row: RowDraft, survivors: Sequence[Reading]) -> list[Reading]:
        """The readings that no margin of sums rules out."""
        sums = [*self.own[id(row)], *self.across[id(row)]]
        if row.is_sure:
            plain = row.readings[0]
            values = self._values(row, plain)
            is_known = values.items() <= self.known.items()
            if not self._broken({} if is_known else values, sums):
                return [plain]
            return [plain, *self._healing(row)]
        if len(row.readings) == 1:
            return list(row.readings)
        broken = {
            id(reading): self._broken(self._values(row, reading), sums) for reading in row.readings
        }
        best = min(survivors, key=lambda reading: broken[id(reading)])
        least = broken[id(best)]
        if self._broken(self._values(row, best), self.own[id(row)]):
            return list(row.readings)
        return [
            reading
            for reading in row.readings
            if reading is best or broken[id(reading)] - least < _MARGIN
        ]

    def _healing(self, row: RowDraft) -> Iterator[Reading]:
        """Other readings of a row's digits, or with one that is nobody's, that satisfy its own
        sums, and the sums across in which they say something else, but for one: that one may hold a
        slip of the author's in another row. A slip in this row is no reason for any, for no digits
        that move mend two columns.
        Or that break two sums fewer than as it is printed, or one where digits beside other labels
        have moved: then rows across are damaged as well."""
        own = self.own[id(row)]
        plain = self._values(row, row.readings[0])
        sums = [*own, *self.across[id(row)]]
        least = self._broken(plain, sums)
        is_damaged = any(each.follows_label and not each.is_printed for each in self.all)
        needed = 1 if is_damaged else _MARGIN
        if self._broken(plain, own):
            yield from self._pieced(row)
        for reading in self._rearranged(row):
            values = self._values(row, reading)
            other = {box for box, value in values.items() if value != plain[box]}
            changed = [total for total in self.across[id(row)] if total.keys() & other]
            is_likely = self._broken(values, changed) <= min(1, max(len(changed) - 1, 0))
            if is_likely or least - self._broken(values, sums) >= needed:
                yield reading

    def _pieced(self, row: RowDraft) -> Iterator[Reading]:
        """The readings with a figure that is nobody's set behind another that satisfy the own sums:
        what is left over may have stood elsewhere."""
        plain = row.readings[0]
        for piece in self.pieces:
            for index, token in enumerate(plain):
                one = joined(token, piece) if token is not None else None
                reading = (*plain[:index], one, *plain[index + 1 :])
                if one and not self._broken(self._values(row, reading), self.own[id(row)]):
                    yield reading

    def _rearranged(self, row: RowDraft) -> Sequence[Reading]:
        """The readings of a row's digits in other places that satisfy its own sums."""
        if id(row) not in self._moved:
            self._moved[id(row)] = list(self._find_rearranged(row))
        return self._moved[id(row)]

    def _find_rearranged(self, row: RowDraft) -> Iterator[Reading]:
        places = {box: index for index, box in enumerate(row.addresses)}
        own = [
            [[places[box] for box, sign in total.items() if sign == side] for side in (1, -1)]
            for total in self.own[id(row)]
        ]
        for reading in rearranged(row.readings[0]) if own else ():
            values = [self.value(token) or 0 for token in reading]  # all its figures are read
            for left, right in own:
                if sum([values[at] for at in left]) != sum([values[at] for at in right]):
                    break
            else:
                yield reading

    def have_moved(self) -> bool:
        """Whether several rows that break their own sums would not with digits moved."""
        moved = 0
        for row in self.rows:
            values = self._values(row, row.readings[0])
            if row.is_sure and self._broken(values, self.own[id(row)]):
                moved += bool(self._rearranged(row))
        return moved >= _FEWEST_MOVED

    def _agreed(
        self, row: RowDraft, admitted: Sequence[Reading]
    ) -> Mapping[Address, Decimal | None]:
        """What all admitted readings say, box by box; None where they differ."""
        if len(admitted) == 1:
            return self._values(row, admitted[0])
        found: dict[Address, Decimal | None] = {}
        for index, address in enumerate(row.addresses):
            said = {_said(reading[index]): reading[index] for reading in admitted}
            found[address] = self.value(*said.values()) if len(said) == 1 else None
        return found

    def _unproved(self, row: RowDraft) -> Iterator[int]:
        """The boxes that no row sum and column sum over figures confirm."""
        live = [total for total in self.own[id(row)] if self._is_live(total)]
        if not live or any(self._total({}, total) for total in live):
            yield from range(len(row.addresses))
            return
        for index, address in enumerate(row.addresses):
            across = [total for total in self.across[id(row)] if address in total]
            proved = any(self._is_live(total) for total in across) and all(
                self._total({}, total) == 0 for total in across
            )
            if not proved:
                yield index

    def _spread(self) -> None:
        """Leaves rows unread to which figures may have passed from another: those that break their
        own sums next to a row that has too few or too many, or says nothing certain, or to another
        such row; those of no sums next to a row that has too many; and those that no sums prove
        between one that has too few and one that has too many, where each may have another's."""
        settled = [row for row in self.all if len(row.admitted) == 1 and not row.unproven]
        has_others = any(row.beside for row in self.all)
        spent = {
            at
            for row in (settled if has_others else ())
            for token in row.admitted[0]
            if token
            for at in _places(token)
        }
        in_doubt = [
            any(token.start not in spent for token in row.beside)
            or (-len(row.addresses) < row.surplus != 0 and row not in settled)
            or (not row.is_solid and len(row.unproven) == len(row.addresses))
            for row in self.all
        ]
        beside = list(zip(self.all, in_doubt, strict=True))
        for rows in (beside, beside[::-1]):
            near = over = False
            for row, is_in_doubt in rows:
                own, across = self.own.get(id(row), ()), self.across.get(id(row))
                is_broken = near and bool(self._broken({}, own))
                over = over or row.surplus > 0
                if is_broken or (over and not own and not across):
                    row.unproven.update(range(len(row.addresses)))
                near, over = is_broken or is_in_doubt, row.surplus > 0
        counts = [row.surplus or len(row.beside) for row in self.all]
        for first, last in pairwise([at for at, count in enumerate(counts) if count]):
            if counts[first] * counts[last] < 0:
                for row in self.all[first + 1 : last]:
                    if row.readings and not _is_uniform(row.readings[0]):
                        row.unproven.update(self._unproved(row))

    def rows_shifted(self) -> bool:
        """Whether two sums across rows more would hold were the figures of each row those of the
        label above, or below: where labels have a line of their own, nothing else says so."""
        if all(row.follows_label for row in self.rows):
            return False
        figures = [[self.known[box] for box in row.addresses] for row in self.rows]
        across = [total for total in self.sums if len({box.row for box in total}) > 1]
        holding = []
        for step in (0, 1, -1):
            values: dict[Address, Decimal | None] = {}
            for at, row in enumerate(self.rows):
                other = figures[at + step] if 0 <= at + step < len(figures) else []
                same = len(other) == len(row.addresses)
                values |= zip(row.addresses, other if same else repeat(None), strict=False)
            live = [total for total in across if any(values[box] for box in total)]
            holding.append(sum(self._total(values, total) == 0 for total in live))
        return max(holding[1:]) - holding[0] >= _MARGIN

    def _fails(self, row: RowDraft) -> bool:
        """Whether a row whose figures are cut or joined on one line breaks its own sums whatever it
        says; or no two sums confirm a figure joined of pieces."""
        own, across = self.own[id(row)], self.across[id(row)]
        if not own and not across:
            return len(row.readings) > 1 or any(map(is_joined, row.readings))
        if own and all(self._broken(self._values(row, reading), own) for reading in row.admitted):
            return True
        for box, token in zip(row.addresses, row.admitted[0], strict=True):
            if len(row.admitted) == 1 and is_joined((token,)):
                # What does not count the figure confirms nothing.
                sums = [total for total in (*own, *across) if box in total and self._is_live(total)]
                if len(sums) - self._broken({}, sums) < _MARGIN:
                    return True
        return False

    def _narrow(self, survivors: dict[int, list[Reading]]) -> None:
        """Drop readings that no choice of the others makes consistent with a sum across rows; a sum
        that no choice satisfies says nothing, nor one of more choices than are looked through."""
        changed = True
        while changed:
            changed = False
            for total, rows in self._crossed:
                able = [survivors[id(row)] for row in rows]
                count = prod(map(len, able))
                if not 1 < count <= _MOST_CHOICES or not total.constraint.is_exact:
                    continue
                shares = [list(self._shares(*each, total)) for each in zip(rows, able, strict=True)]
                holding = [
                    choice
                    for choice in product(*(range(len(each)) for each in shares))
                    if sum(each[at] for each, at in zip(shares, choice, strict=True)) == 0
                ]
                for place, kept in enumerate(map(set, zip(*holding, strict=True))):
                    changed = changed or len(kept) < len(able[place])
                    survivors[id(rows[place])] = [able[place][at] for at in sorted(kept)]

    def _shares(
        self, row: RowDraft, readings: Sequence[Reading], total: BoxSum
    ) -> Iterator[Decimal]:
        """What each reading of a row adds to a sum; NaN, which is no sum's, where it is unread."""
        places = [(at, total[box]) for at, box in enumerate(row.addresses) if box in total]
        for reading in readings:
            values = [self.value(reading[at]) for at, _ in places]
            yield (
                sum(
                    (_NAN if value is None else value * sign)
                    for value, (_, sign) in zip(values, places, strict=True)
                )
                or _ZERO
            )

    def rows_broken(self) -> bool:
        """Whether so many rows that have a figure or a sign for none in each box break their own
        sums that the columns are in doubt."""
        whole = broken = 0
        for row in self.rows:
            full = all(t and t.kind in (Kind.FIGURE, Kind.MARK) for t in row.readings[0])
            for total in self.own[id(row)] if full else ():
                if self._is_live(total):
                    whole += 1
                    broken += self._total({}, total) != 0
        if whole <= _FEWEST_BROKEN:
            return broken > max(1, _MOST_OF_FEW * whole)
        return broken >= _FEWEST_BROKEN and broken > _MOST_BROKEN * whole


def _is_uniform(reading: Reading) -> bool:
    """Whether all boxes say the same."""
    return len(set(texts_of(reading))) < 2


def _places(token: Token) -> range:
    return range(token.start, token.end)


def _said(token: Token | None) -> str:
    return token.text if token is not None else ""
