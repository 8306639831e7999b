"""Rows whose labels stand together and whose figures stand together, apart from each other.

PDF text in column-block order looks so. Nothing but the count says which figures are whose, so
these rows are read only where their own sums prove it, and no other line could be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table
from auditor.model.noun import noun

Dealt = dict[int, tuple[Figs, ...]]
"""Row → its lines of figures, were all of a stretch in the form's order."""


@noun
class Blocks:
    """What stands in blocks, and what is left for rows to be found in."""

    dealt: tuple[Dealt, ...]
    """The stretches; within one, nobody knows whether the order is kept."""
    lost: tuple[int, ...]
    """Rows that stand among blocks whose figures are not as many as their boxes."""
    rest: list[Atom]


@noun
class _Item:
    """A row's label or a line of figures; `row` is -1 for figures."""

    atom: int
    row: int
    figures: int


def take_blocks(table: Table, atoms: Sequence[Atom]) -> Blocks:
    """Takes the blocks out of a table's atoms.

    Figures and labels are both in the form's order, so the text falls into stretches at whose ends
    as many figures have been printed as the rows so far have boxes. In a stretch of several rows
    with labels one after another, each figure may belong to the labels on either side of it; and
    where there are such, figures may stand before their label in others too.
    """
    upto = _boxes_upto(table)
    items = list(_items(table, atoms))
    dealt: list[Dealt] = []
    lost: list[int] = []
    gone: set[int] = set()
    stretches = list(_stretches(items, upto))
    if not any(_is_block(stretch, is_whole, table) for stretch, is_whole in stretches):
        return Blocks((), (), list(atoms))
    for stretch, is_whole in stretches:
        stretch = _without_plain_rows(stretch, table)
        cut = _cut(atoms, stretch, table) if is_whole else None
        rows = [item.row for item in stretch if item.row >= 0]
        if cut is None:
            lost += rows
        else:
            dealt.append(dict(zip(rows, cut, strict=True)))
        gone.update(item.atom for item in stretch)
    rest = [atom for index, atom in enumerate(atoms) if index not in gone]
    return Blocks(tuple(dealt), tuple(lost), rest)


def _items(table: Table, atoms: Sequence[Atom]) -> Iterator[_Item]:
    """The labels that name one row only, whole or torn, and the lines with figures."""
    order = {row.key: index for index, row in enumerate(table.rows)}
    last = -1
    for index, atom in enumerate(atoms):
        if isinstance(atom, Figs):
            if atom.filled:
                yield _Item(index, -1, atom.filled)
            continue
        if isinstance(atom, Phrase):
            keys = [sense.key for sense in atom.rows(table.key)] if len(atom.senses) == 1 else []
        else:
            keys = [key for key, _ in atom.resembles] if len(atom.resembles) == 1 else []
        for row in (order[key] for key in keys):
            # The rest of a torn label says nothing new.
            if not table.rows[row].instead_of and (isinstance(atom, Phrase) or row > last):
                yield _Item(index, row, 0)
                last = max(last, row)


def _boxes_upto(table: Table) -> list[int]:
    """How many boxes the form has up to the end of each row; optional rows have none."""
    found: list[int] = []
    for row in table.rows:
        size = 0 if row.instead_of else len(row.columns)
        found.append((found[-1] if found else 0) + size)
    return found


def _stretches(items: Sequence[_Item], upto: Sequence[int]) -> Iterator[tuple[list[_Item], bool]]:
    """The items between places where the count is even, and whether they end at such a place.

    Behind labels that are out of order, or there twice, no count means anything.
    """
    stretch: list[_Item] = []
    figures = 0
    row = -1
    in_order = True
    for item in items:
        stretch.append(item)
        figures += item.figures
        in_order = in_order and not 0 <= item.row <= row
        row = max(row, item.row)
        if row >= 0 and figures == upto[row] and in_order:
            yield stretch, True
            stretch = []
    if stretch:
        yield stretch, False


def _is_block(stretch: Sequence[_Item], is_whole: bool, table: Table) -> bool:
    """Whether labels stand one after another, and not because their rows have no figures."""
    if not any(one.row >= 0 and other.row >= 0 for one, other in pairwise(stretch)):
        return False
    return is_whole or _figures_together(stretch, table)


def _figures_together(stretch: Sequence[_Item], table: Table) -> bool:
    """Whether somewhere the figures of more than one row stand together."""
    size = max((len(table.rows[item.row].columns) for item in stretch if item.row >= 0), default=0)
    together = 0
    for item in stretch:
        together = 0 if item.row >= 0 else together + item.figures
        if together >= 2 * size:
            return True
    return False


def _without_plain_rows(stretch: Sequence[_Item], table: Table) -> list[_Item]:
    """Without the rows at its end that have each its own figures behind its label."""
    end = len(stretch)
    figures = 0
    for index in range(len(stretch) - 1, -1, -1):
        item = stretch[index]
        if item.row < 0:
            figures += item.figures
        elif figures == len(table.rows[item.row].columns):
            end, figures = index, 0
        else:
            break
    return list(stretch[:end])


def _cut(
    atoms: Sequence[Atom], stretch: Sequence[_Item], table: Table
) -> list[tuple[Figs, ...]] | None:
    """The stretch's lines dealt out to its rows in order; None where a line goes over two rows."""
    lines = [atom for item in stretch if isinstance(atom := atoms[item.atom], Figs)]
    position = 0
    dealt = []
    for size in [len(table.rows[item.row].columns) for item in stretch if item.row >= 0]:
        first, taken = position, 0
        while taken < size and position < len(lines):
            taken += lines[position].filled
            position += 1
        if taken != size:
            return None
        dealt.append(tuple(lines[first:position]))
    return dealt if position == len(lines) else None
