"""Atoms of a table in; how far down from each of them the figures of a row may stand, out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.phrases import Phrase, Role
from auditor.forms.rows.counts import Counts
from auditor.forms.tokens import Atom, Figs, Stray
from auditor.model.form import Table

MOST_LINES = 30
"""Lines of figures looked at on either side of a label."""


class Reach:
    """How far behind a label figures may be its own."""

    def __init__(self, atoms: Sequence[Atom], table: Table, counts: Counts) -> None:
        edge = counts.edge
        headers, labels = _above_headers(atoms, table, edge), _above_labels(atoms, table, edge)
        self._counts = counts
        self._parts = list(map(min, headers, labels))
        self._known: dict[tuple[int, int], int] = {}

    def of(self, atom: int, size: int) -> int:
        """How many lines of figures stand before the end of its reach: the label of another row or
        the header of the table's next part. Where a row of `size` boxes has as many cells, what
        follows other words is somebody else's; and so are empty cells that follow another label."""
        known = self._known.get((atom, size))
        if known is None:
            known = self._known[atom, size] = self._found(atom, size)
        return known

    def own(self, atom: int, size: int) -> int:
        """The same, but no further than where the row has all its boxes."""
        reach = self.of(atom, size)
        first = self._counts.edge[atom]
        ends = range(first + 1, reach)
        return next((end for end in ends if self._is_complete(first, end, size)), reach)

    def _found(self, atom: int, size: int) -> int:
        counts = self._counts
        first = counts.edge[atom]
        end = min(len(counts.lines), first + MOST_LINES, self._parts[atom])
        for after in range(first + 1, end):
            above, below = counts.places[after - 1], counts.places[after]
            whole = counts.tokens[after] - counts.tokens[first] >= size
            if whole and counts.words[above + 1] < counts.words[below]:
                return after
            empty = counts.filled[after] == counts.filled[after + 1]
            if empty and counts.labels[above + 1] < counts.labels[below]:
                return after
        return end

    def _is_complete(self, first: int, end: int, size: int) -> bool:
        """Whether these lines are all the boxes of a row, some of them empty."""
        counts = self._counts
        at = first
        while at < end and not counts.lines[at].filled and len(counts.lines[at].tokens) > 1:
            at += 1  # left over of wide cells
        tokens = counts.tokens[end] - counts.tokens[at]
        return tokens >= size and counts.filled[end] - counts.filled[at] < tokens


def _above_labels(atoms: Sequence[Atom], table: Table, edge: Sequence[int]) -> list[int]:
    """Labels of rows, of this or another table; what also names a column may stand in a header.
    Words with a number in front are what is left of one."""
    found = [edge[-1]] * len(atoms)
    reach = edge[-1]
    for index in range(len(atoms) - 1, -1, -1):
        found[index] = reach
        atom = atoms[index]
        if isinstance(atom, Phrase):
            ends = bool(atom.rows(table.key)) or all(s.role is Role.ROW for s in atom.senses)
        else:
            ends = isinstance(atom, Stray) and len(atom.text) > 1 and atom.text[0].isdecimal()
        if ends:
            reach = edge[index]
    return found


def _above_headers(atoms: Sequence[Atom], table: Table, edge: Sequence[int]) -> list[int]:
    """A part's caption with column labels behind it, and no figure between, begins another block. A
    header without a caption may be the row's own.
    """
    found = [edge[-1]] * len(atoms)
    reach, headed = edge[-1], False
    for index in range(len(atoms) - 1, -1, -1):
        found[index] = reach
        atom = atoms[index]
        if isinstance(atom, Figs):
            headed = False
        elif isinstance(atom, Phrase):
            roles = [sense.role for sense in atom.senses if sense.table == table.key]
            only = roles[0] if roles and roles.count(roles[0]) == len(roles) else None
            if only is Role.COLUMN:
                headed = True
            elif only is Role.CAPTION and headed and table.layout == "rows":
                reach = edge[index]
            elif only is Role.ROW:
                headed = False
    return found
