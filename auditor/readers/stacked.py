"""Rows of a table in, those that are several rows written under each other in one taken apart out.

Editors of web pages and word processors leave one cell where the form has several: numbered labels
one to a line, and beside them in every cell as many figures, a line each. Where there are fewer
figures than labels nobody can tell whose they are, and none is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import category, numeric

from auditor.model.source import UNREAD
from auditor.readers.ruling import Spanned

_FIGURE = re.compile(
    r"[-\u2212\uff0d]?[0-9\uff10-\uff19][0-9\uff10-\uff19.,]*|[-/\u2014\uff0f\uff0d]+"
)
"""A figure, or a sign for none."""
_DIGITS = re.compile(r"\d[\d.,]*")
_FEWEST_FIGURES = 2
"""Cells of figures in a row, for their lines to be rows."""


def is_numbered(label: str) -> bool:
    """Whether a label begins with its number, as in `1.` or in brackets."""
    return bool(_manner(label))


def _manner(label: str) -> str:
    """How a label is numbered: the kinds of the signs about its number, or nothing."""
    said = label.lstrip()
    opens = bool(said) and category(said[0]) == "Ps"
    signs = said[opens:]
    rest = signs.lstrip("".join({sign for sign in signs[:4] if numeric(sign, None) is not None}))
    closes = category(rest[:1] or " ")
    return "(" * opens + closes if rest != signs and closes in ("Po", "Pe") else ""


def unstacked(rows: Sequence[Sequence[Spanned]]) -> list[list[Spanned]]:
    """The rows, each stacked one as the rows that are in it; cells that span it span them all."""
    found: list[list[Spanned]] = []
    for row in rows:
        at = _label(row)
        if at is None:
            found.append(_doubted(row))
            continue
        more = len(row[at].lines) - 1
        for number, above in enumerate(found):
            for place, cell in enumerate(above):
                if number + cell.rowspan > len(found):
                    above[place] = replace(cell, rowspan=cell.rowspan + more)
        first = [replace(cell, rowspan=cell.rowspan and cell.rowspan + more) for cell in row[:at]]
        for number in range(more + 1):
            parts = [replace(cell, text=cell.lines[number], lines=()) for cell in row[at:]]
            found.append([*first, *parts] if not number else parts)
    return found


def _label(row: Sequence[Spanned]) -> int | None:
    """Where in a stacked row its labels stand; None for any other row."""
    if not row or len(row[-1].lines) < 2:
        return None
    count = len(row[-1].lines)
    at = len(row)
    while at and len(row[at - 1].lines) == count and all(map(_FIGURE.fullmatch, row[at - 1].lines)):
        at -= 1
    if not at or len(row) - at < _FEWEST_FIGURES or any(cell.rowspan > 1 for cell in row[at - 1 :]):
        return None
    return at - 1 if len(row[at - 1].lines) == count and _are_labels(row[at - 1].lines) else None


def _are_labels(lines: Sequence[str]) -> bool:
    """Whether each line is a label of its own: all are numbered, and in the same manner."""
    manners = set(map(_manner, lines))
    return len(lines) > 1 and len(manners) == 1 and "" not in manners


def _doubted(row: Sequence[Spanned]) -> list[Spanned]:
    """The row without the figures that stand behind several labels."""
    at = next((at for at, cell in enumerate(row) if _are_labels(cell.lines)), len(row))
    figures = (replace(cell, text=_DIGITS.sub(UNREAD, cell.text)) for cell in row[at + 1 :])
    return [*row[: at + 1], *figures]
