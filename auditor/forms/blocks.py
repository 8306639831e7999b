"""Rows whose labels stand together and whose figures stand together, apart from each other.

PDF text in column-block order looks so. Nothing but the count says which figures are whose, so
these rows are read only where their own sums prove it.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table


def take_blocks(
    table: Table, atoms: Sequence[Atom]
) -> tuple[dict[int, tuple[Figs, ...]], list[Atom]]:
    """Rows whose labels stand together and whose figures stand together before or after them.

    PDF text in column-block order looks so. Returns these rows with their lines of figures, and the
    atoms without them.
    """
    blocks: dict[int, tuple[Figs, ...]] = {}
    gone: set[int] = set()
    required = [index for index, row in enumerate(table.rows) if not row.instead_of]
    for whole in _label_runs(table, atoms, required):
        row_above = _row_above(table, atoms, whole[0][0])
        above = _gap(atoms, range(whole[0][0] - 1, -1, -1))[::-1]
        below = _gap(atoms, range(whole[-1][0] + 1, len(atoms)))
        # The last label of a run may have its own figures behind it, as rows usually do.
        spare = sum(_filled(atoms[index]) for index in above) - row_above
        for run, gap, surplus in (
            (whole, above, row_above),
            (whole[:-1], above, row_above),
            (whole if spare <= 0 else [], below, 0),
        ):
            gap = [index for index in gap if index not in gone]
            sizes = [len(table.rows[row].columns) for _, row in run]
            picked = _cut(atoms, gap, sizes, surplus) if len(run) > 1 else None
            if picked is None:
                continue
            for (_, row), lines in zip(run, picked, strict=True):
                blocks[row] = tuple(
                    atom for index in lines if isinstance(atom := atoms[index], Figs)
                )
                gone.update(lines)
            gone.update(index for index, _ in run)
            break
    return blocks, [atom for index, atom in enumerate(atoms) if index not in gone]


def _label_runs(
    table: Table, atoms: Sequence[Atom], required: Sequence[int]
) -> list[list[tuple[int, int]]]:
    """Maximal runs of two or more consecutive rows' labels with no figure between them."""
    order = {row.key: index for index, row in enumerate(table.rows)}
    runs: list[list[tuple[int, int]]] = []
    current: list[tuple[int, int]] = []
    for index, atom in enumerate(atoms):
        if isinstance(atom, Figs) and atom.filled:
            runs.append(current)
            current = []
        elif isinstance(atom, Phrase):
            rows = [order[sense.key] for sense in atom.rows(table.key)]
            if len(rows) != 1 or len(atom.senses) != 1 or rows[0] not in required:
                continue
            if current and rows != _following(required, current[-1][1]):
                runs.append(current)
                current = []
            current.append((index, rows[0]))
    runs.append(current)
    return [run for run in runs if len(run) > 1]


def _following(required: Sequence[int], row: int) -> list[int]:
    """The row after a row, in a list; empty after the last."""
    place = required.index(row) + 1
    return list(required[place : place + 1])


def _gap(atoms: Sequence[Atom], indices: range) -> list[int]:
    """Lines of figures next to a run of labels, up to the next row label."""
    found = []
    for index in indices:
        atom = atoms[index]
        if isinstance(atom, Figs):
            if atom.filled:
                found.append(index)
        elif isinstance(atom, Phrase) and len(atom.senses) == 1 and found:
            break
    return found


def _filled(atom: Atom) -> int:
    return atom.filled if isinstance(atom, Figs) else 0


def _row_above(table: Table, atoms: Sequence[Atom], first: int) -> int:
    """How many figures the row whose label stands above atom `first` has; 0 when there is none."""
    for index in range(first - 1, -1, -1):
        atom = atoms[index]
        rows = atom.rows(table.key) if isinstance(atom, Phrase) and len(atom.senses) == 1 else []
        if rows:
            return len(table.row(rows[0].key).columns)
    return 0


def _cut(
    atoms: Sequence[Atom], gap: Sequence[int], sizes: Sequence[int], surplus: int
) -> list[list[int]] | None:
    """The gap's lines dealt out to rows of the given sizes, after `surplus` figures of another row;
    None when they do not fit exactly."""
    counts = [_filled(atoms[index]) for index in gap]
    if sum(counts) != surplus + sum(sizes):
        return None
    position = 0
    dealt = []
    for size in [surplus, *sizes]:
        lines: list[int] = []
        taken = 0
        while taken < size:
            lines.append(gap[position])
            taken += counts[position]
            position += 1
        if taken != size:
            return None
        dealt.append(lines)
    return dealt[1:]
