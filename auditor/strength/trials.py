"""Invented figures that satisfy every sum printed on a form, slips made in them on purpose, and
what checks and diagnosis make of each.

In: a blank form and a source of randomness. Out: figures, the report that reads them perfectly, and
a tally of mistakes. Each maker of a slip is the other side of a model in `auditor.diagnosis.slips`,
and is called as the slip is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.diagnosis import diagnose
from auditor.diagnosis.search import new_solver, run_solver
from auditor.diagnosis.slips import beside
from auditor.model.check import Check, ProsePredicate, Rule, Severity
from auditor.model.finding import Diagnosis, Grade, Outcome, Status, Suggestion
from auditor.model.form import Address, Form, SumConstraint, Table
from auditor.model.report import (
    Blank,
    Entry,
    Facts,
    Identity,
    Match,
    Number,
    Ref,
    Report,
    Source,
    step_of,
)
from auditor.model.strength import MistakeTally

Figures = dict[Address, Decimal]

_INFINITE = float("inf")

SIZES = {"small": 3, "medium": 60, "large": 4000, "huge": 300_000}
"""How large counts are at most, from a township's to a large province's."""
_USUAL = ("large", "medium", "small")


def consistent_figures(form: Form, rng: Random, size: str | None = None) -> Figures:
    """A figure for every box of `form` such that each of its identities holds and none is negative.

    `size` is one of `SIZES`; any but the hugest, chosen at random, when None.
    """
    most = SIZES[size or rng.choice(_USUAL)]
    found: Figures = {}
    for table in form.tables:
        figures = _summed(table, rng, most) if table.sums else _free(table, rng, most)
        if any(each.rounding for each in table.sums):  # amounts, such as are rounded to a hundredth
            figures = {box: figure.scaleb(-2) for box, figure in figures.items()}
        found |= figures
        numbered = (column.key for column in table.columns if column.type != "number")
        for key in numbered:  # its lines, as a column that is skipped has them
            for number, row in enumerate(table.rows, start=1):
                found[Address(table.key, row.key, key)] = Decimal(number)
    return found


def _count(rng: Random, most: int) -> int:
    """Mostly zero, seldom large: as such reports are."""
    return 0 if rng.random() < 0.55 else rng.randint(0, rng.choice((1, 3, most)))


def _free(table: Table, rng: Random, most: int) -> Figures:
    """Figures of a table without sums; each row ascends, as stocks exceed what is new in them."""
    found: Figures = {}
    for row in table.rows:
        if row.instead_of:
            continue
        counts = sorted(_count(rng, most) for _ in row.columns)
        for key, count in zip(row.columns, counts, strict=True):
            figure = Decimal(count)
            if key == "amount" and rng.random() < 0.5:
                figure += Decimal(rng.randint(0, 999999)).scaleb(-rng.choice((1, 2, 4, 6)))
                figure = figure.normalize() if figure else Decimal(0)
                figure = Decimal(f"{figure:f}")
            elif table.column(key).signed:
                before = found.get(Address(table.key, row.key, "items_last_year"), Decimal(0))
                figure = Decimal(rng.choice((0, 0, count, -rng.randint(0, int(before)))))
            found[Address(table.key, row.key, key)] = figure
    return found


def _summed(table: Table, rng: Random, most: int) -> Figures:
    """Figures of a table with sums: free cells first, then whatever the identities determine."""
    down = [i for i in table.sums if i.each == "column"]
    across = [i for i in table.sums if i.each == "row"]
    rows = [row for row in table.rows if not row.instead_of]
    totals = [sides for constraint in down if (sides := alone(constraint))]
    balances = [constraint for constraint in down if not alone(constraint)]
    sums = [sides for constraint in across if (sides := alone(constraint))]
    determined = {key for key, _ in totals} | {key for i in balances for key in i.left}
    columns = [c.key for c in table.columns if c.key not in {key for key, _ in sums}]
    cells: dict[tuple[str, str], int] = {}
    for column in columns:
        for row in rows:
            if row.key not in determined:
                cells[row.key, column] = _count(rng, most)
        for key, parts in totals:
            cells[key, column] = sum(cells.get((part, column), 0) for part in parts)
        for balance in balances:
            _split(balance, column, cells, rng)
    for key, parts in sums:
        for row in rows:
            cells[row.key, key] = sum(cells[row.key, part] for part in parts)
    return _nearest(table, cells)


def _nearest(table: Table, cells: Mapping[tuple[str, str], int]) -> Figures:
    """The counts themselves where they satisfy all sums, and else such as differ from them least:
    sums that hang together, such as two over one row, are nothing to be worked out one by one."""
    boxes = set(table.boxes())
    counts = {Address(table.key, *at): Decimal(count) for at, count in cells.items()}
    found = {box: count for box, count in counts.items() if box in boxes}
    sums = list(table.sums_over(found))
    if not any(sum(found[box] * sign for box, sign in total.items()) for total in sums):
        return found
    highspy, solver = new_solver()
    places = {box: 2 * at for at, box in enumerate(found)}
    for box, figure in found.items():
        count, off, target = places[box], places[box] + 1, float(figure)
        solver.addVar(0.0, _INFINITE)
        solver.addVar(0.0, _INFINITE)
        solver.changeColCost(off, 1.0)
        solver.changeColIntegrality(count, highspy.HighsVarType.kInteger)
        solver.addRow(-_INFINITE, target, 2, [count, off], [1.0, -1.0])
        solver.addRow(target, _INFINITE, 2, [count, off], [1.0, 1.0])
    for total in sums:
        columns = [places[box] for box in total]
        solver.addRow(0.0, 0.0, len(columns), columns, [float(sign) for sign in total.values()])
    run_solver(solver)
    values = solver.getSolution().col_value
    return {box: Decimal(round(values[place])) for box, place in places.items()}


def alone(constraint: SumConstraint) -> tuple[str, tuple[str, ...]] | None:
    """The total that an constraint determines and its parts; None when both sides have several."""
    if len(constraint.left) == 1:
        return constraint.left[0], constraint.right
    if len(constraint.right) == 1:
        return constraint.right[0], constraint.left
    return None


def _split(
    balance: SumConstraint, column: str, cells: dict[tuple[str, str], int], rng: Random
) -> None:
    """Divide what the right side comes to among the cells of the left."""
    left = sum(cells.get((part, column), 0) for part in balance.right)
    first, *others = balance.left
    for key in others:
        share = rng.randint(0, left) if rng.random() < 0.4 else 0
        cells[key, column] = share
        left -= share
    cells[first, column] = left


def written(figure: Decimal) -> str:
    """A figure in plain digits."""
    return f"{figure:f}"


def as_report(
    form: Form, figures: Mapping[Address, Decimal | None], agency: str | None, year: int | None
) -> Report:
    """The report that a perfect reading of these figures would give; None is a blank box."""
    entries = {
        box: Entry(box, "", Blank(), None, Match.EXACT)
        if figure is None
        else Entry(box, written(figure), Number(figure, step_of(figure)), None, Match.EXACT)
        for box, figure in figures.items()
    }
    source = Source("invented.txt", "0" * 64, "text/plain")
    return Report(source, form.id, Identity(agency, year), entries)


Changes = Mapping[Address, Decimal | None]
"""What stands in boxes instead of their true figures; None where nothing stands."""


class Mutation(Struct, frozen=True):
    """One mistake."""

    kind: str
    """The code of the slip, or `any` for a figure that no slip explains."""
    changes: Changes

    @property
    def admissible(self) -> bool:
        """Whether every box holds what it may hold, so that only other figures can betray it."""
        return all(figure is not None and figure >= 0 for figure in self.changes.values())


class _FilledForm(Struct, frozen=True):
    """A filled form, and where its figures stand."""

    form: Form
    figures: Figures

    def beside(self, box: Address) -> list[Address]:
        """The boxes around one."""
        return [other for other in beside(self.form, self.figures, box)]

    def sums(self, box: Address) -> Iterator[list[Address]]:
        """The parts of each sum that the box is the total of."""
        for constraint in self.form.table(box.table).sums:
            total = alone(constraint)
            along = constraint.each == "row"
            if total is None or total[0] != (box.column if along else box.row):
                continue
            parts = (
                box._replace(column=key) if along else box._replace(row=key) for key in total[1]
            )
            yield [part for part in parts if part in self.figures]


Maker = Callable[[_FilledForm, Address, Random], Iterator[Changes]]
"""Page, box and a source of randomness → ways of making the slip there; none where it cannot be."""


def mutations(
    form: Form, figures: Figures, box: Address, rng: Random, kinds: Sequence[str] = ()
) -> Iterator[Mutation]:
    """One mistake of each kind that can be made in the box; kinds in random order, or as given."""
    page = _FilledForm(form, figures)
    for kind in kinds or rng.sample(KINDS, len(KINDS)):
        ways = [way for way in MAKERS[kind](page, box, rng) if _differs(figures, way)]
        if ways:
            yield Mutation(kind, rng.choice(ways))


def _differs(figures: Figures, changes: Changes) -> bool:
    return all(figures[box] != after for box, after in changes.items())


def _digits(
    change: Callable[[str, Random], Iterator[str]],
) -> Maker:
    """A maker that writes the digits of the figure otherwise; a decimal point stays where it is."""

    def make(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
        whole, point, rest = written(page.figures[box]).partition(".")
        if not whole.isdecimal():
            return
        for digits in change(whole, rng):
            if digits == "0" or (digits and not digits.startswith("0")):
                yield {box: Decimal(digits + point + rest)}

    return make


def _digit_changed(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[:at] + rng.choice("0123456789") + digits[at + 1 :]


def _digit_dropped(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[:at] + digits[at + 1 :]


def _digit_doubled(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[: at + 1] + digits[at:]


def _digit_added(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits) + 1):
        near = digits[max(at - 1, 0) : at + 1]
        yield digits[:at] + rng.choice([d for d in "0123456789" if d not in near]) + digits[at:]


def _digits_swapped(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits) - 1):
        yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def _sign(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: -page.figures[box]}


def _unit(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: page.figures[box] * 10000}


def _blank(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: None}


def _copied(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if page.figures[other]:
            yield {box: page.figures[other]}


def _neighbour(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if not page.figures[other]:
            yield {box: Decimal(0), other: page.figures[box]}


def _cells_swapped(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if page.figures[other] and page.figures[box]:
            yield {box: page.figures[other], other: page.figures[box]}


def _row_shifted(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    """The row from this box on stands one column to the right; what falls out was zero."""
    columns = page.form.table(box.table).row(box.row).columns
    line = [box._replace(column=key) for key in columns[columns.index(box.column) :]]
    figures = [page.figures[each] for each in line]
    for end in range(3, len(line) + 1):
        if not figures[end - 1]:
            moved = [Decimal(0), *figures[: end - 1]]
            changes = {
                each: after
                for each, before, after in zip(line, figures, moved, strict=False)
                if before != after
            }
            if len(changes) > 2:
                yield changes


def _part_left_out(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    for parts in page.sums(box):
        yield from ({box: page.figures[box] - page.figures[part]} for part in parts)


def _part_twice(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    for parts in page.sums(box):
        yield from ({box: page.figures[box] + page.figures[part]} for part in parts)


def _other_total(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    """The total of the row or column beside."""
    if any(page.sums(box)):
        for other in page.beside(box):
            if any(page.sums(other)) and page.figures[other]:
                yield {box: page.figures[other]}


def _total_stale(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    """A part was corrected, and the total was not."""
    for parts in page.sums(box):
        for part in parts:
            if page.figures[part] >= 2:
                yield {box: page.figures[box] - rng.randint(1, int(page.figures[part]) - 1)}


def _any(page: _FilledForm, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: Decimal(rng.randint(0, 2 * int(abs(page.figures[box])) + 10))}


MAKERS: Mapping[str, Maker] = {
    "slip-digit-changed": _digits(_digit_changed),
    "slip-digit-dropped": _digits(_digit_dropped),
    "slip-digit-doubled": _digits(_digit_doubled),
    "slip-digit-added": _digits(_digit_added),
    "slip-digits-swapped": _digits(_digits_swapped),
    "slip-sign": _sign,
    "slip-unit": _unit,
    "slip-blank": _blank,
    "slip-copied": _copied,
    "slip-neighbour": _neighbour,
    "slip-cells-swapped": _cells_swapped,
    "slip-row-shifted": _row_shifted,
    "slip-part-left-out": _part_left_out,
    "slip-part-twice": _part_twice,
    "slip-other-total": _other_total,
    "slip-total-stale": _total_stale,
    "any": _any,
}
"""By kind. Last year's figure takes last year's report, and torn numbers are the reader's slips."""
KINDS = tuple(MAKERS)
ONE_CELL = tuple(
    kind
    for kind in KINDS
    if kind not in ("slip-neighbour", "slip-cells-swapped", "slip-row-shifted", "slip-blank")
)
"""The kinds that leave one box with a wrong figure."""


class ConsistentReport:
    """A consistent report on which mistakes are tried; it is not changed by them."""

    def __init__(
        self, form: Form, checks: Iterable[Check], figures: Figures, agency: str | None = None
    ) -> None:
        self.form = form
        self.figures = figures
        self._agency = agency
        self.checks = tuple(
            check for check in checks if not isinstance(check.predicate, ProsePredicate)
        )
        self._facts = gather(self._report({}))
        self.outcomes = evaluate(self.checks, self._facts)
        self._touching: dict[Address, list[int]] = defaultdict(list)
        for index, check in enumerate(self.checks):
            for box in {ref.address for ref in check.refs if not ref.lag}:
                self._touching[box].append(index)

    @property
    def failing(self) -> tuple[Outcome, ...]:
        """Errors and warnings that fail before any mistake; a consistent report has none."""
        return tuple(each for each in self.outcomes if _is_grave_failure(each))

    def broken(self, changes: Changes) -> list[Rule]:
        """The rules of which some check fails that did not, of any severity; each once."""
        facts = self._changed(changes)
        before = self.outcomes
        found = {
            after.check.rule.id: after.check.rule
            for index, after in self._touched(changes, facts)
            if after.status is Status.FAIL and before[index].status is not Status.FAIL
        }
        return list(found.values())

    def diagnosed(self, changes: Changes) -> tuple[Report, Facts, tuple[Outcome, ...]]:
        """The report with the mistake, and what the checks say of it; what a diagnosis needs."""
        facts = self._changed(changes)
        outcomes = list(self.outcomes)
        for index, after in self._touched(changes, facts):
            outcomes[index] = after
        return self._report(changes), facts, tuple(outcomes)

    def try_mistake(self, changes: Changes) -> MistakeTally:
        """What becomes of one mistake, as a tally of one."""
        if not is_detected(self.broken(changes)):
            return MistakeTally("one", 1)
        report, facts, outcomes = self.diagnosed(changes)
        if all(figure is None for figure in changes.values()):
            boxes = {Ref(box) for box in changes}
            named = any(
                _is_grave_failure(outcome) and {each.ref for each in outcome.operands} == boxes
                for outcome in outcomes
            )
            return MistakeTally("one", 1, 1, named, named)
        diagnosis = diagnose(report, self.form, facts, outcomes)
        return result_of(diagnosis, self.figures, changes)

    def _touched(self, changes: Changes, facts: Facts) -> list[tuple[int, Outcome]]:
        found = sorted({index for box in changes for index in self._touching[box]})
        after = evaluate([self.checks[index] for index in found], facts)
        return list(zip(found, after, strict=True))

    def _changed(self, changes: Changes) -> Facts:
        values, raw = dict(self._facts.values), dict(self._facts.raw)
        for box, figure in changes.items():
            ref = Ref(box)
            values[ref] = Blank() if figure is None else Number(figure, step_of(figure))
            raw[ref] = "" if figure is None else written(figure)
        return replace(self._facts, values=values, raw=raw)

    def _report(self, changes: Changes) -> Report:
        return as_report(self.form, {**self.figures, **changes}, self._agency, None)


def is_detected(broken: Iterable[Rule]) -> bool:
    """Whether an error or a warning is among them."""
    return any(rule.severity.reaches(Severity.WARNING) for rule in broken)


def result_of(diagnosis: Diagnosis, figures: Figures, changes: Changes) -> MistakeTally:
    """The diagnosis of a mistake beside the truth."""
    explained = [each for each in diagnosis.explanations if each.suggestions]
    truth = {box: figures[box] for box in changes}
    offers = [[_edits_of(offer) for offer in each.suggestions] for each in explained]
    right = [[edits for edits in each if edits.items() <= truth.items()] for each in offers]
    only = [each[0] for each in offers if len(each) == 1]
    likely = [
        _edits_of(offer)
        for each in explained
        for offer in each.suggestions
        if offer.grade is Grade.LIKELY
    ]
    return MistakeTally(
        "one",
        trials=1,
        detected=1,
        listed=_covers(truth, (edits for each in right for edits in each)),
        located=_covers(truth, (edits for edits in only if edits.items() <= truth.items()))
        and len(only) == len(offers)
        and not any(each.has_more for each in explained),
        likely=_covers(truth, (edits for edits in likely if edits.items() <= truth.items())),
        wrong=any(not edits.items() <= truth.items() for edits in likely),
    )


def _edits_of(offer: Suggestion) -> dict[Address, Decimal]:
    return {edit.address: Decimal(edit.after) for edit in offer.edits}


def _covers(truth: Figures, sets: Iterable[Figures]) -> bool:
    return {box for edits in sets for box in edits} == truth.keys()


def _is_grave_failure(outcome: Outcome) -> bool:
    return outcome.status is Status.FAIL and outcome.check.rule.severity.reaches(Severity.WARNING)
