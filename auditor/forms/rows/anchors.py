"""Atoms of a table in; for each row its label and the figures that belong to it out.

One dynamic programme over the whole table: which labels are which rows, in the form's order, and
which of the figures between two labels belong to the one above, to the one below or to neither.
Costs are relative: losing a label is worst, then a wrong count of figures, then figures that stand
before their label; figures dropped in the middle of a table cost more than outside of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.forms.rows.counts import Counts
from auditor.forms.rows.labels import Anchor, anchors_of
from auditor.forms.rows.reach import MOST_LINES, Reach
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table
from auditor.model.noun import noun
from auditor.model.report import Match

_MISSING_ROW = 3.0
_NO_FIGURES, _WRONG_COUNT = 8.0, 4.0
_BEFORE, _BEFORE_APART = 2.0, 1.0
_DROPPED_LONE, _DROPPED_LINE, _DROPPED_OUTSIDE = 2.5, 6.0, 0.2
_BLANK_CELLS, _GLUED_DIGITS = 0.5, 1.0
_MOST_SKIPPED = 45.0
"""Weight of labels that may be left out between two rows: some four whole ones."""
_MOST_SURPLUS = 3
_MOST_STATES = 12


@noun
class Band:
    """One row as found: its label's atom and the lines of figures beside it."""

    row: int
    atom: int
    match: Match
    before: tuple[Figs, ...]
    after: tuple[Figs, ...]


@dataclass(slots=True)
class _State:
    cost: float
    before: int
    """Index of the first line of figures taken from the gap above."""
    anchor: Anchor
    previous: _State | None
    after: int = 0
    """Where the previous anchor's figures end."""


def find_bands(atoms: Sequence[Atom], table: Table) -> list[Band]:
    """The rows found, in the form's order; a row that is not found is not in the list."""
    anchors = list(anchors_of(atoms, table))
    if not anchors:
        return []
    return _Search(atoms, table, anchors).best()


class _Search:
    """Lines of figures are numbered in reading order; `edge[a]` of them stand before atom `a`."""

    def __init__(self, atoms: Sequence[Atom], table: Table, anchors: list[Anchor]) -> None:
        self.sizes = [len(row.columns) for row in table.rows]
        self.optional = [bool(row.instead_of) for row in table.rows]
        self.anchors = anchors
        counts = Counts(atoms)
        self.lines, self.places = counts.lines, counts.places
        self.edge, self.labels, self.words = counts.edge, counts.labels, counts.words
        self.filled, self.tokens, self.digits = counts.filled, counts.tokens, counts.digits
        self.glued, self.zeros, self.is_claimed = counts.glued, counts.zeros, counts.is_claimed
        self.drop = [0.0]
        for line in self.lines:
            cost = 0.0 if not line.filled else _DROPPED_LONE if line.filled == 1 else _DROPPED_LINE
            self.drop.append(self.drop[-1] + cost * (2 if line.is_led else 1))
        self.reach = Reach(atoms, table, counts)
        weights = [0.0] * len(atoms)
        for anchor in anchors:
            weights[anchor.atom] = max(anchor.weight, weights[anchor.atom])
        self.weight = [0.0]
        for weight in weights:
            self.weight.append(self.weight[-1] + weight)
        self.missing = [0.0]
        for optional in self.optional:
            self.missing.append(self.missing[-1] + (0.0 if optional else _MISSING_ROW))

    def best(self) -> list[Band]:
        states: list[list[_State]] = []
        for number, anchor in enumerate(self.anchors):
            found: dict[int, _State] = {}
            self._start(anchor, found)
            for earlier in range(number - 1, -1, -1):
                above = self.anchors[earlier]
                if self._skipped(above.atom + 1, anchor.atom) > _MOST_SKIPPED:
                    break
                if above.row < anchor.row and above.atom < anchor.atom:
                    for state in states[earlier]:
                        self._extend(state, anchor, found)
            kept = sorted(found.values(), key=lambda state: state.cost)[:_MOST_STATES]
            states.append(kept)
        ends = [self._finish(state) for group in states for state in group]
        _, state, after = min(ends, key=lambda end: end[0])
        return self._bands(state, after)

    def _skipped(self, first: int, end: int) -> float:
        """Weight of the labels left out between two atoms."""
        return self.weight[end] - self.weight[first]

    def _start(self, anchor: Anchor, found: dict[int, _State]) -> None:
        end = self.edge[anchor.atom]
        base = self._skipped(0, anchor.atom) + self.missing[anchor.row]
        for cut in self._cuts_above(0, end, anchor):
            cost = base + _DROPPED_OUTSIDE * cut + self._before_cost(cut, end, anchor)
            self._keep(found, _State(cost, cut, anchor, None))

    def _cuts_above(self, first: int, end: int, anchor: Anchor) -> list[int]:
        """From which line on the figures of a gap may belong to the label below it."""
        cuts = [end]
        size = self.sizes[anchor.row]
        if end > first and size == 1 and self.places[end - 1] != anchor.atom - 1:
            return cuts  # a lone figure apart from the label may be a page number
        cut = end
        while cut > first and end - cut < MOST_LINES:
            cut -= 1
            if self.is_claimed[cut]:
                break
            filled = self.filled[end] - self.filled[cut]
            # Only whole rows stand before their label: fewer figures are somebody else's remains.
            if filled == size:
                cuts.append(cut)
            elif filled > size:
                break
        return cuts

    def _extend(self, state: _State, anchor: Anchor, found: dict[int, _State]) -> None:
        earlier = state.anchor
        base = (
            state.cost
            + self._skipped(earlier.atom + 1, anchor.atom)
            + self.missing[anchor.row]
            - self.missing[earlier.row + 1]
        )
        first, end = self.edge[earlier.atom], self.edge[anchor.atom]
        size = self.sizes[earlier.row]
        has_before = self.filled[first] > self.filled[state.before]
        cuts = [
            (cut, self._before_cost(cut, end, anchor))
            for cut in self._cuts_above(first, end, anchor)
        ]
        for after in range(first, min(end, self.reach.own(earlier.atom, size)) + 1):
            filled = self.filled[after] - self.filled[first]
            if filled and (has_before or (after > first + 1 and filled > size + _MOST_SURPLUS)):
                break
            cost = base + self._count_cost(state.before, after, size)
            for cut, before_cost in cuts:
                if cut < after:
                    continue
                if cut < end and not self._dealt_out(after, cut, filled, 0 if has_before else size):
                    continue
                total = cost + self.drop[cut] - self.drop[after] + before_cost
                known = found.get(cut)
                if known is None or total < known.cost:
                    found[cut] = _State(total, cut, anchor, state, after)

    def _finish(self, state: _State) -> tuple[float, _State, int]:
        anchor = state.anchor
        first, end = self.edge[anchor.atom], len(self.lines)
        size = self.sizes[anchor.row]
        base = (
            state.cost
            + self.weight[-1]
            - self.weight[anchor.atom + 1]
            + self.missing[-1]
            - self.missing[anchor.row + 1]
        )
        cost, after = min(
            (
                base
                + self._count_cost(state.before, after, size)
                + self._dropped_behind(anchor, after),
                after,
            )
            for after in range(first, min(end, self.reach.own(anchor.atom, size)) + 1)
            if after == first or self.filled[first] == self.filled[state.before]
        )
        return cost, state, after

    def _dropped_behind(self, anchor: Anchor, after: int) -> float:
        """What it costs to drop the lines from `after` on, behind the last label of all: a whole
        row right behind the label is this row's own, and not outside of the table."""
        first, end = self.edge[anchor.atom], len(self.lines)
        own = first
        while own < end and self.filled[own] - self.filled[first] < self.sizes[anchor.row]:
            own += 1
        is_row = self.filled[own] - self.filled[first] == self.sizes[anchor.row]
        inside = (
            max(own, after)
            if is_row and own <= self.reach.of(anchor.atom, self.sizes[anchor.row])
            else after
        )
        return self.drop[inside] - self.drop[after] + _DROPPED_OUTSIDE * (end - inside)

    def _keep(self, found: dict[int, _State], state: _State) -> None:
        known = found.get(state.before)
        if known is None or state.cost < known.cost:
            found[state.before] = state

    def _count_cost(self, first: int, end: int, size: int) -> float:
        filled = self.filled[end] - self.filled[first]
        if filled == size:
            is_whole = size == 1 or self.zeros[end] == self.zeros[first]
            return 0.0 if is_whole else _GLUED_DIGITS * 2
        digits = self.digits[end] - self.digits[first]
        if 0 < filled < size <= digits and self.glued[end] > self.glued[first]:
            return _GLUED_DIGITS
        if filled < size and self.tokens[end] - self.tokens[first] >= size:
            return _BLANK_CELLS
        if filled == 0:
            return _NO_FIGURES
        return _WRONG_COUNT + min(abs(filled - size), 6) * 0.5

    def _dealt_out(self, after: int, cut: int, filled: int, size: int) -> bool:
        """Whether nothing is left over between two rows that share a gap: only then is it certain
        that the lower one's figures stand before its label."""
        return self.filled[cut] == self.filled[after] and filled == size

    def _before_cost(self, cut: int, end: int, anchor: Anchor) -> float:
        if self.filled[end] == self.filled[cut]:
            return 0.0
        # Words between the figures and the label make it less likely that they belong together.
        near = self.places[end - 1] == anchor.atom - 1
        return _BEFORE if near else _BEFORE + _BEFORE_APART

    def _bands(self, state: _State, after: int) -> list[Band]:
        bands: list[Band] = []
        current: _State | None = state
        while current is not None:
            anchor = current.anchor
            edge = self.edge[anchor.atom]
            bands.append(
                Band(
                    anchor.row,
                    anchor.atom,
                    anchor.match,
                    tuple(self.lines[current.before : edge]),
                    tuple(self.lines[edge:after]),
                )
            )
            after = current.after
            current = current.previous
        return bands[::-1]
