"""Blocks in; the same out, with rows made whole that the end of a page tears in two.

Word processors and browsers let a row go on over the page's end: of some cells all is above, of
others all is below, and a figure that wraps may stand on both pages. A row is torn where one of its
parts has no label, or where the label below goes on with the one above: every other is numbered. Of
two rows that have labels of their own nothing is joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from auditor.model.source import UNREAD, Cell, Grid, Paragraph
from auditor.readers.stacked import is_numbered

Block = Paragraph | Grid
Row = tuple[Cell, ...]
_APART = 3.0
"""Points by which the sides of one column may differ from page to page."""
_FIGURE = frozenset("0123456789., ")
_MOST_HEADER_ROWS = 6
_FEWEST_NUMBERED = 3
"""Rows whose labels are numbered, for one that is not to be the rest of another's."""


class _Parts(NamedTuple):
    """Both parts of a torn row, cell by cell; a cell that only one page has stands alone."""

    pairs: list[tuple[Cell | None, Cell | None]]
    is_label_above: bool


def stitched(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each torn row whole, where its label is."""
    found: list[Block] = []
    first: Grid | None = None
    """The part of the table above that may have its header."""
    for block in blocks:
        above = found[-1] if found else None
        if not isinstance(block, Grid):
            found.append(block)
            continue
        if not (isinstance(above, Grid) and _follows(above, block)):
            first = block
            found.append(block)
            continue
        header = _repeated(first or above, block)
        parts = _parts(above, block, header)
        if parts is not None:
            upper, lower = _joined(above, block, header, parts)
            found[-1:] = [upper] if upper.rows else []
            block = lower
        if block.rows:
            found.append(block)
    return found


def _follows(above: Grid, below: Grid) -> bool:
    last, first = above.origin.page, below.origin.page
    return last is not None and first == last + 1


def _repeated(first: Grid, below: Grid) -> int:
    """How many rows at the top of a page print the table's header again."""
    count = 0
    for one, other in zip(first.rows, below.rows[:_MOST_HEADER_ROWS], strict=False):
        if [cell.text for cell in one] != [cell.text for cell in other]:
            break
        if any(_is_figure(cell) for cell in one):
            break
        count += 1
    return count if count < len(below.rows) else 0


def _parts(above: Grid, below: Grid, header: int) -> _Parts | None:
    """The last row above and the first below as parts of one row; None when they are two rows."""
    upper, lower = above.rows[-1], below.rows[header]
    edge = min(_first_figure(above), _first_figure(below))
    over, under = _is_labelled(upper, edge), _is_labelled(lower, edge)
    if over is None and under is None:
        # A table without labels: figures under figures are figures torn in two.
        if not all(_is_figure(cell) for cell in (*upper, *lower) if cell.text):
            return None
        over = True
    elif over is None:
        over = True
    goes_on = bool(over and under) and _goes_on(above, below, header, edge)
    if over == under and not goes_on:
        return None
    pairs: list[tuple[Cell | None, Cell | None]] = []
    rest = list(lower)
    for cell in upper:
        other = next((one for one in rest if _same_column(cell, one)), None)
        if other is not None:
            rest.remove(other)
        pairs.append((cell, other))
    pairs += [(None, cell) for cell in rest]
    if not any(bool(one and one.text) and _left(one) >= edge for pair in pairs for one in pair):
        return None
    if goes_on and not _is_rest(pairs, edge):
        return None
    labels = (_label(upper, edge), _label(lower, edge))
    for one, other in pairs:
        alone = one or other
        if goes_on and (one, other) == labels:
            continue
        if one and other and one.text and other.text:
            # Labels of groups are torn as well, by no fault of the row's.
            is_group = _left(one) < edge - _APART
            if not is_group and not (_is_figure(one) and _is_figure(other)):
                return None
        elif None in (one, other) and alone and alone.text and _left(alone) >= edge:
            return None
    return _Parts(pairs, bool(over))


def _goes_on(above: Grid, below: Grid, header: int, edge: float) -> bool:
    """Whether the first label below is the rest of the last one above: no number begins it, as one
    begins every other."""
    lower = below.rows[header]
    rows = (row for row in (*above.rows, *below.rows[header:]) if row is not lower)
    labels = [_label(row, edge) for row in rows if any(map(_is_figure, row))]
    said = [label.text for label in labels if label is not None and label.text]
    rest = _label(lower, edge)
    return (
        len(said) >= _FEWEST_NUMBERED
        and rest is not None
        and all(map(is_numbered, said))
        and not is_numbered(rest.text)
    )


def _is_rest(pairs: Sequence[tuple[Cell | None, Cell | None]], edge: float) -> bool:
    """Whether one row's figures would be whole: some stand on one page alone, and all those that
    the page below has go on with figures above, or none does."""
    figures = [(one, other) for one, other in pairs if one and other and _left(one) >= edge]
    alone = [bool(one.text) for one, other in figures if bool(one.text) != bool(other.text)]
    return bool(alone) and (all(alone) or not any(alone))


def _rivals(parts: Sequence[Cell]) -> tuple[str, ...]:
    """What a cell of those parts may also say: put together from doubtful ones, anything."""
    if len(parts) == 1:
        return parts[0].rivals
    return (UNREAD,) if any(part.rivals for part in parts) else ()


def _joined(above: Grid, below: Grid, header: int, parts: _Parts) -> tuple[Grid, Grid]:
    """Both pages' grids with the whole row in one of them."""
    # Where one part has a figure and the other none, there is one row, and one figure in each cell.
    is_one = any(
        one and other and _is_figure(one) != _is_figure(other) and not (one.text and other.text)
        for one, other in parts.pairs
    )
    whole: list[Cell] = []
    astray: list[Cell] = []
    for one, other in parts.pairs:
        home, guest = (one, other) if parts.is_label_above else (other, one)
        if home is None:
            if guest is not None and guest.text:
                astray.append(guest)
            continue
        texts = [cell.text for cell in (one, other) if cell is not None and cell.text]
        said = guest if guest is not None and not home.text and guest.text else home
        is_figure = all(char in _FIGURE for text in texts for char in text)
        text = (" " if is_figure else "").join(dict.fromkeys(texts) if not is_figure else texts)
        if is_one and is_figure:
            text = text.replace(" ", "")
        whole.append(
            replace(
                home,
                text=text,
                origin=said.origin,
                recognised=any(cell.recognised for cell in (one, other) if cell is not None),
                rivals=_rivals([cell for cell in (one, other) if cell is not None and cell.text]),
            )
        )
    if parts.is_label_above:
        upper = replace(above, rows=(*above.rows[:-1], tuple(whole)))
        rows = below.rows[header + 1 :]
        if astray:
            rows = ((*astray, *rows[0]), *rows[1:]) if rows else (tuple(astray),)
        # A repeated header with nothing under it is no table.
        return upper, replace(below, rows=(*below.rows[:header], *rows) if rows else ())
    lower = (*below.rows[:header], (*astray, *whole), *below.rows[header + 1 :])
    return replace(above, rows=above.rows[:-1]), replace(below, rows=lower)


def _first_figure(grid: Grid) -> float:
    """The left side of the leftmost column with figures alone."""
    found = [_left(cell) for row in grid.rows for cell in row if _is_figure(cell)]
    return min(found, default=float("inf"))


def _is_labelled(row: Row, edge: float) -> bool | None:
    """Whether the last cell in front of the figures has words; None where there is no such cell."""
    label = _label(row, edge)
    return None if label is None else bool(label.text)


def _label(row: Row, edge: float) -> Cell | None:
    """The last cell in front of the figures."""
    return next((cell for cell in reversed(row) if _left(cell) < edge - _APART), None)


def _is_figure(cell: Cell) -> bool:
    return bool(cell.text) and set(cell.text) <= _FIGURE


def _left(cell: Cell | None) -> float:
    return cell.origin.bbox[0] if cell is not None and cell.origin.bbox else 0.0


def _same_column(one: Cell, other: Cell) -> bool:
    a, b = one.origin.bbox, other.origin.bbox
    return (
        a is not None and b is not None and abs(a[0] - b[0]) < _APART and abs(a[2] - b[2]) < _APART
    )
