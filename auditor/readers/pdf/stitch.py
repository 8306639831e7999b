"""Blocks in; the same out, with rows made whole whose figures a page's end cut in two.

Some word processors let a row go on over the page's end, and with it even the digits of one figure.
What goes on is told by its place: the first row of a page, in the same columns, without a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.model.source import Cell, Grid, Paragraph

Block = Paragraph | Grid
_APART = 3.0
"""Points by which the sides of one column may differ from page to page."""
_FIGURE = frozenset("0123456789.,")


def stitched(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each such row joined to the row above it."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        if isinstance(block, Grid) and isinstance(above, Grid) and _follows(above, block):
            joined = _joined(above.rows[-1], block.rows[0])
            if joined is not None:
                found[-1] = replace(above, rows=(*above.rows[:-1], joined))
                block = replace(block, rows=block.rows[1:])
                if not block.rows:
                    continue
        found.append(block)
    return found


def _follows(above: Grid, below: Grid) -> bool:
    last, first = above.origin.page, below.origin.page
    return last is not None and first == last + 1


def _joined(above: Sequence[Cell], below: Sequence[Cell]) -> tuple[Cell, ...] | None:
    """The upper row with the lower one's figures; None when the lower is a row of its own."""
    rest = [cell for cell in below if cell.text]
    if not rest or any(not _is_figure(cell) for cell in rest):
        return None
    has_label = False
    joined = []
    for cell in above:
        under = next((other for other in below if _same_column(cell, other)), None)
        if under is None:
            joined.append(cell)
        elif not cell.text or _is_figure(cell):
            # Digits of one figure, or two rows' figures: the blank leaves that to the sums.
            joined.append(replace(cell, text=f"{cell.text} {under.text}".strip()))
            if under in rest:
                rest.remove(under)
        elif under.text:
            return None
        else:
            has_label = True
            joined.append(cell)
    return tuple(joined) if has_label and not rest else None


def _is_figure(cell: Cell) -> bool:
    return bool(cell.text) and set(cell.text) <= _FIGURE


def _same_column(one: Cell, other: Cell) -> bool:
    a, b = one.origin.bbox, other.origin.bbox
    return (
        a is not None and b is not None and abs(a[0] - b[0]) < _APART and abs(a[2] - b[2]) < _APART
    )
