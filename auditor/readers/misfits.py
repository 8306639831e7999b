"""A ruled table in; the same with cells unread of which nobody can tell what they say, out.

A row with more cells than the others has one too many, so that what stands beside it may be off by
a column. A number in brackets behind the label of a row is the number of a note, and no figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from auditor.model.source import UNREAD, Cell

Row = tuple[Cell, ...]
_MOST_SURPLUS = 2
"""Rows with more cells too many are of another table."""
_MOST_BLANKS = 20
_BRACKETED = re.compile(
    r"\s*(?:[(\uff08\[\u3014\u3010]\s*\d{1,2}\s*[)\uff09\]\u3015\u3011]|[\u2460-\u2473])\s*"
)
"""As labels and notes are numbered."""


def without_surplus(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, those that reach beyond the headings by a cell too many with as many as the others
    have; all as they are where most rows do, or nothing heads the columns."""
    values = [_values(row) for row in rows]
    ends = [row[-1].column + row[-1].colspan if row else 0 for row in rows]
    heads = (end for row, end in zip(rows, ends, strict=True) if _is_heading(row))
    width = max(heads, default=max(ends, default=0))
    inside = [len(own) for own, end in zip(values, ends, strict=True) if own and end <= width]
    most = max(inside, default=0) if 2 * len(inside) > sum(map(bool, values)) else 0
    return tuple(
        (*row[: len(row) - len(own)], *_narrowed(own, most))
        if end > width and most and 0 < len(own) - most <= _MOST_SURPLUS
        else row
        for row, own, end in zip(rows, values, ends, strict=True)
    )


def without_brackets(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, with numbers in brackets unread; a column of them numbers the rows and stays."""
    values = [_values(row) for row in rows]
    bracketed = Counter(cell.column for own in values for cell in own if _is_bracketed(cell))
    seen = Counter(cell.column for own in values for cell in own)
    doubted = {column for column, count in bracketed.items() if 2 * count < max(seen[column], 3)}
    return tuple(
        (
            *row[: len(row) - len(own)],
            *(_plain(cell) if cell.column in doubted else cell for cell in own),
        )
        for row, own in zip(rows, values, strict=True)
    )


def _is_heading(row: Row) -> bool:
    return len(row) > 1 and all(any(map(str.isalpha, cell.text)) for cell in row)


def _values(row: Row) -> Row:
    """The cells behind the last one with words; none where no cell has any."""
    words = [at for at, cell in enumerate(row) if any(map(str.isalpha, cell.text))]
    return row[words[-1] + 1 :] if words else ()


def _narrowed(cells: Row, width: int) -> Iterator[Cell]:
    """So many cells: those without some of the blank ones. What is not the same whichever they are
    is unread, and so is all where there are not enough: a figure is none too many."""
    blanks = [at for at, cell in enumerate(cells) if not cell.text.strip()]
    surplus = len(cells) - width
    ways = list(combinations(blanks, surplus)) if len(blanks) <= _MOST_BLANKS else []
    kept = [[cell for at, cell in enumerate(cells) if at not in way] for way in ways]
    for at in range(width):
        said = {each[at].text for each in kept}
        cell = kept[0][at] if kept else cells[at]
        placed = replace(cell, column=cells[0].column + at)
        yield placed if len(said) == 1 else replace(placed, text=UNREAD)


def _is_bracketed(cell: Cell) -> bool:
    return _BRACKETED.fullmatch(cell.text) is not None


def _plain(cell: Cell) -> Cell:
    return replace(cell, text=UNREAD) if _is_bracketed(cell) else cell
