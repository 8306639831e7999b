"""Atoms of a table in; the same without a column of numbers that counts the rows, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Figs, Stray
from auditor.model.form import Table

_FEWEST = 3
"""Numbers in front of labels from which on they are a column of their own."""
_MOST = 0.5
"""Share of the labels that have one."""
_STEPS = (1, 2, 3)
"""By which they count from one to the next; more than one where labels were not found between."""


def without_index_numbers(table: Table, atoms: Sequence[Atom]) -> Sequence[Atom]:
    """The atoms without the numbers that stand in front of the labels and count on from one to the
    next. Where they count beside rows that have all their figures without them, or none, they also
    do so beside one that has not."""
    fronts = list(_in_front(table, atoms))
    counted = [count for _, count, is_over in fronts if is_over]
    steps = [after - before for before, after in pairwise(counted)]
    labels = sum(_row_of(table, atom) is not None for atom in atoms)
    if len(counted) < max(_FEWEST, _MOST * labels) or any(step not in _STEPS for step in steps):
        return atoms
    skipped = set(range(counted[0], counted[-1] + 1)) - set(counted)
    index = {at for at, count, is_over in fronts if is_over or count in skipped}
    found: list[Atom] = []
    for at, atom in enumerate(atoms):
        if at not in index:
            found.append(atom)
        elif isinstance(atom, Figs) and len(atom.tokens) > 1:
            found.append(replace(atom, tokens=atom.tokens[:-1]))
    return found


def _in_front(table: Table, atoms: Sequence[Atom]) -> Iterator[tuple[int, int, bool]]:
    """The lines of figures that end in a number in front of a row's label: their place, the number,
    and whether the row above has all its figures without it, or none."""
    above, size = 0, 0
    for at, atom in enumerate(atoms):
        row = _row_of(table, atom)
        if row is None:
            continue
        front = at - 1
        while front >= above and isinstance(atoms[front], Phrase):
            front -= 1
        line = atoms[front] if front >= above else None
        if isinstance(line, Figs) and line.tokens[-1].text.isdecimal():
            own = sum(one.filled for one in atoms[above : front + 1] if isinstance(one, Figs)) - 1
            yield front, int(line.tokens[-1].text), own >= size or (size > 1 and not own)
        above, size = at + 1, len(table.rows[row].columns)


def _row_of(table: Table, atom: Atom) -> int | None:
    """The row whose label an atom is, or resembles."""
    keys = [row.key for row in table.rows]
    if isinstance(atom, Phrase):
        return next((keys.index(sense.key) for sense in atom.rows(table.key)), None)
    if isinstance(atom, Stray) and atom.resembles:
        return keys.index(atom.resembles[0][0])
    return None
