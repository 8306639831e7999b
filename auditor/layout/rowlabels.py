"""Atoms of a table in; for each row its label and the lines of figures beside it, out.

Which labels are which rows is chosen for the whole table at once: in the form's order, and so that
behind each label, or else before each, stand as many figures as its row has boxes. Costs are
relative: leaving a label out is worst, then a wrong count of figures, then a row that is missing.
Whether a row's figures are its own is not decided here (`extents`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.labels import LabelMatch, Role
from auditor.layout.tokens import NumberRun, TablePart, UnknownText
from auditor.model.form import Table
from auditor.model.report import Match

_FEWEST = 3
"""Numbers in front of labels from which on they are a column of their own."""
_MOST = 0.5
"""Share of the labels that have one."""
_STEPS = (1, 2, 3)
"""By which they count from one to the next; more than one where labels were not found between."""


def without_index_numbers(table: Table, parts: Sequence[TablePart]) -> Sequence[TablePart]:
    """The parts without the numbers that stand in front of the labels and count on from one to the
    next. Where they count beside rows that have all their figures without them, or none, they also
    do so beside one that has not."""
    fronts = list(_in_front(table, parts))
    counted = [count for _, count, is_over in fronts if is_over]
    steps = [after - before for before, after in pairwise(counted)]
    if len(counted) < _FEWEST or any(step not in _STEPS for step in steps):
        return parts
    labels = sum(_row_of(table, part) is not None for part in parts)
    if len(counted) < _MOST * labels:
        return parts
    order = [is_over for *_, is_over in fronts]
    before, behind = order.index(True), order[::-1].index(True)
    skipped = set(range(counted[0] - before, counted[-1] + behind + 1)) - set(counted)
    index = {at for at, count, is_over in fronts if is_over or count in skipped}
    found: list[TablePart] = []
    for at, part in enumerate(parts):
        if at not in index:
            found.append(part)
        elif isinstance(part, NumberRun) and len(part.tokens) > 1:
            found.append(replace(part, tokens=part.tokens[:-1]))
    return found


def _in_front(table: Table, parts: Sequence[TablePart]) -> Iterator[tuple[int, int, bool]]:
    """The lines of figures that end in a number in front of a row's label: their place, the number,
    and whether the row above has all its figures without it, or none."""
    above, size = 0, 0
    for at, part in enumerate(parts):
        row = _row_of(table, part)
        if row is None:
            continue
        front = at - 1
        while front >= above and isinstance(parts[front], LabelMatch):
            front -= 1
        line = parts[front] if front >= above else None
        if isinstance(line, NumberRun) and line.tokens[-1].text.isdecimal():
            own = (
                sum(one.filled for one in parts[above : front + 1] if isinstance(one, NumberRun))
                - 1
            )
            yield front, int(line.tokens[-1].text), own >= size or (size > 1 and not own)
        above, size = at + 1, len(table.rows[row].columns)


def _row_of(table: Table, part: TablePart) -> int | None:
    """The row whose label a part is, or resembles."""
    if isinstance(part, LabelMatch):
        key = part.row(table.key)
        return None if key is None else table.row_places[key]
    if isinstance(part, UnknownText) and part.resembles:
        return table.row_places[part.resembles[0][0]]
    return None


def without_separators(table: Table, parts: Sequence[TablePart]) -> Sequence[TablePart]:
    """The parts without the empty cells that part a row from the next: as many behind each row as
    stand behind most of those that have all their figures. Taken for boxes, they would hide that a
    figure was lost."""
    behind: list[list[int]] = []
    counts: Counter[int] = Counter()
    size = filled = 0
    empty: list[int] = []
    for at, part in enumerate((*parts, None)):
        if isinstance(part, NumberRun):
            filled += part.filled
            if part.filled:
                last = max([place for place, token in enumerate(part.tokens) if token.text])
                empty = [at] * (len(part.tokens) - last - 1)
            elif len(part.tokens) == 1:
                empty.append(at)
        elif not isinstance(part, UnknownText) or len(part.text) > 1:
            behind.append(empty)
            if filled == size > 0:
                counts[len(empty)] += 1
            row = _row_of(table, part) if part else None
            size, filled, empty = 0 if row is None else len(table.rows[row].columns), 0, []
    most = max(counts, key=counts.__getitem__, default=0)
    if not most:
        return parts
    over = Counter(at for places in behind for at in places[max(len(places) - most, 0) :])
    found: list[TablePart] = []
    for at, part in enumerate(parts):
        if at not in over or not isinstance(part, NumberRun):
            found.append(part)
        elif over[at] < len(part.tokens):
            found.append(replace(part, tokens=part.tokens[: -over[at]]))
    return found


_LABEL, _ALIAS, _AMBIGUOUS, _TORN = 10.0, 9.0, 4.0, 7.0
"""What it costs to leave a label out: a whole one, a known other wording, one that also names
something else, a piece (times the share of the label that it covers)."""
_MISSING_ROW = 3.0
_NO_FIGURES, _WRONG_COUNT, _GLUED, _BLANK_CELLS = 8.0, 4.0, 1.0, 0.5
_DROPPED_FIGURE, _DROPPED_LINE, _DROPPED_OUTSIDE = 2.5, 6.0, 0.2
_BEFORE = 2.0
_MOST_SKIPPED = 45.0
"""Weight of labels that may be left out between two rows: some four whole ones."""
_MOST_LINES = 30
"""Lines of figures looked at on either side of a label."""
_LONGEST_BARE = 3
"""Longer figures may be several that were run together."""


class RowMatch(Struct, frozen=True):
    """One row as found: its label and the lines of figures beside it."""

    row: int
    part: int
    match: Match
    before: tuple[NumberRun, ...]
    after: tuple[NumberRun, ...]

    @property
    def lines(self) -> tuple[NumberRun, ...]:
        """All the lines beside the label."""
        return (*self.before, *self.after)

    @property
    def filled(self) -> int:
        """How many figures and signs they have."""
        return sum(line.filled for line in self.lines)


class _Anchor(Struct, frozen=True):
    """A label and a row that it may stand for."""

    part: int
    row: int
    weight: float
    match: Match


class _Chain(Struct):
    """Labels chosen up to one, the last with no figures yet, and what they cost."""

    cost: float
    anchor: _Anchor
    above: _Chain | None


def find_rows(parts: Sequence[TablePart], table: Table) -> list[RowMatch]:
    """The rows found, in the form's order; a row that is not found is not in the list."""
    anchors = list(_anchors_of(parts, table))
    if not anchors:
        return []
    search = _Search(parts, table, anchors)
    cost, behind = search.run(is_before=False)
    if all(match.filled == len(table.rows[match.row].columns) for match in behind):
        return behind
    cost_before, before = search.run(is_before=True)
    return behind if cost <= cost_before else before


def _anchors_of(parts: Sequence[TablePart], table: Table) -> Iterator[_Anchor]:
    order = table.row_places
    whole = {
        sense.key
        for part in parts
        if isinstance(part, LabelMatch)
        for sense in part.rows(table.key)
    }
    for index, part in enumerate(parts):
        if isinstance(part, LabelMatch):
            rows = part.rows(table.key)
            clear = len(rows) == 1 and len(part.senses) == 1
            for sense in rows:
                weight = (_ALIAS if sense.alias else _LABEL) if clear else _AMBIGUOUS
                match = Match.ALIAS if sense.alias else Match.EXACT
                yield _Anchor(index, order[sense.key], weight, match)
        elif isinstance(part, UnknownText):
            for key, cover in part.resembles:
                # "All Saints" is no torn "All lines" where that stands whole in the table.
                if key not in whole:
                    yield _Anchor(index, order[key], _TORN * cover, Match.FUZZY)


class _Search:
    """The cheapest choice of labels with figures behind each, or before each."""

    def __init__(
        self, parts: Sequence[TablePart], table: Table, anchors: Sequence[_Anchor]
    ) -> None:
        self.anchors, self.end, self.is_before = anchors, len(parts), False
        self.sizes = [len(row.columns) for row in table.rows]
        self.ends = _ends(parts, table)
        self._known: dict[tuple[int, int, int], tuple[float, tuple[NumberRun, ...]]] = {}
        self._lines = [part for part in parts if isinstance(part, NumberRun)]
        is_line = [isinstance(part, NumberRun) for part in parts]
        self._before = [0, *accumulate(is_line)]
        """How many lines of figures stand in front of each part."""
        self._dropped = list(map(_dropped, self._lines))
        weights = [0.0] * len(parts)
        for anchor in anchors:
            weights[anchor.part] = max(anchor.weight, weights[anchor.part])
        self.weight = [0.0, *accumulate(weights)]
        lacking = [0.0 if row.instead_of or row.optional else _MISSING_ROW for row in table.rows]
        self.missing = [0.0, *accumulate(lacking)]

    def run(self, is_before: bool) -> tuple[float, list[RowMatch]]:
        """What the choice costs, and its rows."""
        self.is_before = is_before
        self._known.clear()
        chains: list[_Chain] = []
        for anchor in self.anchors:
            weight, missing = self.weight[anchor.part], self.missing[anchor.row]
            best = _Chain(weight + missing + self._figures(None, anchor)[0], anchor, None)
            for chain in reversed(chains):
                above = chain.anchor
                skipped = weight - self.weight[above.part + 1]
                if skipped > _MOST_SKIPPED:
                    break
                if above.row < anchor.row and above.part < anchor.part:
                    cost = chain.cost + (skipped + missing - self.missing[above.row + 1])
                    if cost < best.cost:  # else there is no need to look at the figures
                        cost += self._figures(above, anchor)[0]
                    if cost < best.cost:
                        best = _Chain(cost, anchor, chain)
            chains.append(best)
        ends = [
            chain.cost + self._left_out(chain.anchor) + self._figures(chain.anchor, None)[0]
            for chain in chains
        ]
        cost = min(ends)
        return cost, list(self._bands(chains[ends.index(cost)]))[::-1]

    def _left_out(self, last: _Anchor) -> float:
        """What the labels and rows cost that are left out behind the last of the choice."""
        left_out = self.weight[-1] - self.weight[last.part + 1]
        return left_out + self.missing[-1] - self.missing[last.row + 1]

    def _figures(
        self, above: _Anchor | None, below: _Anchor | None
    ) -> tuple[float, tuple[NumberRun, ...]]:
        """The figures between two labels that are the one's whose they may be, and their cost."""
        own = below if self.is_before else above
        first = above.part + 1 if above else 0
        end = below.part if below else self.end
        size = self.sizes[own.row] if own else 0
        key = first, end, size
        known = self._known.get(key)
        if known is None:
            is_edge = above is None or below is None
            known = self._known[key] = self._fit(first, end, size, is_edge)
        return known

    def _fit(
        self, first: int, end: int, size: int, is_edge: bool
    ) -> tuple[float, tuple[NumberRun, ...]]:
        last = end if self.is_before else min(end, self.ends[first])
        start, stop = self._before[first], self._before[last]
        if not size:
            return (stop - start) * _DROPPED_OUTSIDE, ()
        lines, dropped = self._lines[start:stop], self._dropped[start:stop]
        if is_edge:
            dropped = [_DROPPED_OUTSIDE] * len(lines)
        if self.is_before:
            lines.reverse()
            dropped.reverse()
        left = sum(dropped) + (0 if is_edge else sum(self._dropped[stop : self._before[end]]))
        if self.is_before:
            left += _BEFORE
        best, taken = left + _NO_FIGURES, 0
        for count, line in enumerate(lines[:_MOST_LINES], start=1):
            if self.is_before and line.follows_label:
                break
            left -= dropped[count - 1]
            cost = left + _misfit(lines[:count], size)
            if cost < best:
                best, taken = cost, count
        return best, tuple(lines[:taken])

    def _bands(self, chain: _Chain) -> Iterator[RowMatch]:
        below: _Anchor | None = None
        at: _Chain | None = chain
        while at is not None:
            anchor = at.anchor
            above = at.above.anchor if at.above else None
            lines = self._figures(*((above, anchor) if self.is_before else (anchor, below)))[1]
            sides = (lines[::-1], ()) if self.is_before else ((), lines)
            yield RowMatch(anchor.row, anchor.part, anchor.match, *sides)
            below, at = anchor, at.above


def _dropped(line: NumberRun) -> float:
    """What it costs to leave a line of figures to nobody."""
    if not line.filled:
        return 0.0
    return (_DROPPED_FIGURE if line.filled == 1 else _DROPPED_LINE) * (
        2 if line.follows_label else 1
    )


def _misfit(lines: Sequence[NumberRun], size: int) -> float:
    """What it costs that a row of so many boxes has these figures."""
    filled = cells = 0
    are_glued = False
    for line in lines:
        filled, cells = filled + line.filled, cells + len(line.tokens)
        are_glued = are_glued or line.has_glued
    if filled == size:
        return _GLUED * 2 if are_glued and size > 1 else 0.0
    if not filled:
        return _BLANK_CELLS if cells >= size else _NO_FIGURES
    if filled < size:
        lengths = [len(text) for line in lines for text in line.texts]
        if sum(lengths) >= size and (are_glued or max(lengths) > _LONGEST_BARE):
            return _GLUED
        if cells >= size:
            return _BLANK_CELLS
    return _WRONG_COUNT + min(abs(filled - size), 6) * 0.5


def _ends(parts: Sequence[TablePart], table: Table) -> list[int]:
    """For each place, where the figures of a label before it end: at the label of another row, of
    this or another table, at words with a number in front, which are what is left of one, or at a
    part's caption with headings of columns behind it and no figure between."""
    found = [len(parts)] * (len(parts) + 1)
    end, is_headed = len(parts), False
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, NumberRun):
            is_headed = False
        elif isinstance(part, UnknownText):
            is_numbered = len(part.text) > 1 and part.text[0].isdecimal()
            if part.is_sentence or is_numbered or part.begins_row:
                end = index
        else:
            roles = [sense.role for sense in part.senses if sense.table == table.key]
            if Role.ROW in roles or all(sense.role is Role.ROW for sense in part.senses):
                end = index
            only = roles[0] if roles and roles.count(roles[0]) == len(roles) else None
            if only is Role.COLUMN:
                is_headed = True
            elif only is Role.CAPTION and is_headed and table.layout == "rows":
                end = index
            elif only is Role.ROW:
                is_headed = False
        found[index] = end
    return found


def printed_again(
    table: Table, parts: Sequence[TablePart], matches: Sequence[RowMatch]
) -> dict[int, set[tuple[str, ...]]]:
    """What rows say that are printed once more, by row: where that is something else, nobody can
    tell which is meant."""
    found: dict[int, set[tuple[str, ...]]] = {}
    taken = {match.part for match in matches}
    for index, (label, line) in enumerate(pairwise(parts)):
        if index in taken or not isinstance(label, LabelMatch) or not isinstance(line, NumberRun):
            continue
        if len(label.senses) == 1 and line.follows_label and label.row(table.key):
            row = table.row_places[label.senses[0].key]
            if line.filled == len(table.rows[row].columns):
                found.setdefault(row, set()).add(line.texts)
    return found
