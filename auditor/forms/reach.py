"""Atoms of a table in; how far down from each of them the figures of a row may stand, out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.phrases import Phrase, Role
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table


def reach_of(atoms: Sequence[Atom], table: Table, edge: Sequence[int]) -> list[int]:
    """For each atom, how many lines of figures stand above what ends a row behind it: the label of
    another row, or the header of the table's next part. `edge[a]` lines stand before atom `a`."""
    return list(map(min, _above_headers(atoms, table, edge), _above_labels(atoms, table, edge)))


def _above_labels(atoms: Sequence[Atom], table: Table, edge: Sequence[int]) -> list[int]:
    """Labels of rows, of this or another table; what also names a column may stand in a header."""
    found = [edge[-1]] * len(atoms)
    reach = edge[-1]
    for index in range(len(atoms) - 1, -1, -1):
        found[index] = reach
        atom = atoms[index]
        if isinstance(atom, Phrase) and (
            atom.rows(table.key) or all(sense.role is Role.ROW for sense in atom.senses)
        ):
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
            roles = {sense.role for sense in atom.senses if sense.table == table.key}
            if roles == {Role.COLUMN}:
                headed = True
            elif roles == {Role.CAPTION} and headed and table.layout == "rows":
                reach = edge[index]
            elif roles == {Role.ROW}:
                headed = False
    return found
