"""Raised text and what stands before it in, whether it is a footnote's mark out.

A mark after a figure (`12` with a raised `1`) is no digit of it, and after a label no figure. One
that stands alone in a cell is a mark where the document has others; else nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.model.source import UNREAD, Cell, Grid, Paragraph

ALONE = "\x01"
"""Before raised text that stands alone in a cell, until all of the document is read; XML cannot
hold this character, and web pages are read without it."""

_MARK = re.compile(
    r"\s*[\[(\uff08\u3014\u3010\u2460-\u2473]?\s*"
    r"(?:[*\uff0a\u2020\u2021\u203b#\u6ce8\u2460-\u2473]{0,3}\d{0,2}|[a-z])"
    r"\s*[\])\uff09\u3015\u3011]?\s*"
)
"""A number, a letter or signs, perhaps in brackets; U+6CE8 is the word for "note"."""


def is_mark(raised: str, before: str) -> bool:
    """Whether raised text is a footnote's mark: short, and right behind something said."""
    return bool(before.strip()) and may_be_mark(raised)


def may_be_mark(raised: str) -> bool:
    """Whether raised text has the form of a footnote's mark."""
    return bool(raised.strip()) and _MARK.fullmatch(raised) is not None


def without_marks(
    blocks: Sequence[Paragraph | Grid], marks: int
) -> tuple[list[Paragraph | Grid], int]:
    """The blocks without the marks that stand alone in cells, and how many there are.

    They are unread where the document has no other `marks`, and figures where more figures are
    raised than not: then that is how they are set.
    """
    texts = [
        cell.text for block in blocks if isinstance(block, Grid) for c in block.rows for cell in c
    ]
    alone = sum(ALONE in text for text in texts)
    figures = sum(text.strip().isdecimal() for text in texts)
    if not alone:
        return list(blocks), 0

    def settled(cell: Cell) -> Cell:
        if ALONE not in cell.text:
            return cell
        plain = cell.text.replace(ALONE, "")
        return replace(cell, text=plain if alone > figures else "" if marks else UNREAD)

    found = [
        replace(block, rows=tuple(tuple(map(settled, row)) for row in block.rows))
        if isinstance(block, Grid)
        else block
        for block in blocks
    ]
    return found, alone if marks and alone <= figures else 0
