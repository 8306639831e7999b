"""Lines of text outside ruled tables in; for lines of figures, the columns they stand in, out.

A table without vertical rules has columns all the same: its figures stand below each other, and
below the words of its header. Where a box is empty only the column says which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.readers.pdf.lines import TextLine, Word

_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?|[-/\u2014\uff0f]+")
_FEWEST = 3


@dataclass(slots=True)
class _Table:
    """Lines that agree on their columns, and the words of the header above."""

    header: list[Word]
    spans: list[tuple[float, float]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    fewest: int = 1000


class Aligned(NamedTuple):
    """One line of figures: words in front of them, and a word or None for each column."""

    label: tuple[Word, ...]
    figures: tuple[Word | None, ...]
    columns: tuple[tuple[float, float], ...]


def aligned(lines: Sequence[TextLine]) -> dict[int, Aligned]:
    """By its number, each line of figures of those tables in which boxes are empty. Lines of all
    pages, from top to bottom."""
    words = [line.words if not line.turn else () for line in lines]
    tables: list[_Table] = []
    header: list[Word] = []
    current: _Table | None = None
    for number, said in enumerate(words):
        figures = _figures(said)
        if not figures:
            begins = current.spans[0][0] if current else 0.0
            if len(said) > 1 and any(word.x1 > begins for word in said):
                if current is not None:
                    current, header = None, []
                header += said
            continue
        joined = _taken(current.spans, figures) if current is not None else None
        if current is None or joined is None:
            current = _Table(header)
            tables.append(current)
            joined = [(word.x0, word.x1) for word in figures]
        current.spans = joined
        current.lines.append(number)
        current.fewest = min(current.fewest, len(figures))
    found: dict[int, Aligned] = {}
    for table in tables:
        columns = _columns(table)
        if len(columns) < _FEWEST or table.fewest == len(columns):
            continue
        for number in table.lines:
            found[number] = _line(words[number], columns)
    return found


def _figures(words: Sequence[Word]) -> list[Word]:
    """The figures at a line's end."""
    found: list[Word] = []
    for word in reversed(words):
        if not _FIGURE.fullmatch(word.text):
            break
        found.append(word)
    return found[::-1]


def _taken(
    spans: Sequence[tuple[float, float]], figures: Sequence[Word]
) -> list[tuple[float, float]] | None:
    """The columns with a line's figures in them; None when the line has other columns."""
    found = list(spans)
    used: set[int] = set()
    new: list[tuple[float, float]] = []
    for word in figures:
        over = [i for i, (start, end) in enumerate(spans) if word.x0 < end and start < word.x1]
        if len(over) > 1 or used.intersection(over):
            return None
        if over:
            used.add(over[0])
            start, end = spans[over[0]]
            found[over[0]] = min(start, word.x0), max(end, word.x1)
        else:
            new.append((word.x0, word.x1))
    found = sorted(found + new)
    if any(a[1] > b[0] for a, b in zip(found, found[1:], strict=False)):
        return None
    return found


def _columns(table: _Table) -> list[tuple[float, float]]:
    """The columns of the figures, and those that only the header shows."""
    found = list(table.spans)
    lowest: list[Word] = []
    for word in reversed(table.header):
        if not any(word.x0 < other.x1 and other.x0 < word.x1 for other in lowest):
            lowest.append(word)
    for word in lowest:
        inside = word.x0 > table.spans[0][0]
        if inside and not any(word.x0 < end and start < word.x1 for start, end in table.spans):
            found.append((word.x0, word.x1))
    return sorted(found)


def _line(words: Sequence[Word], columns: list[tuple[float, float]]) -> Aligned:
    figures = _figures(words)
    row: list[Word | None] = []
    for start, end in columns:
        row.append(next((word for word in figures if word.x0 < end and start < word.x1), None))
    return Aligned(tuple(words[: len(words) - len(figures)]), tuple(row), tuple(columns))
