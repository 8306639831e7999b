"""Lines of text outside ruled tables in; for lines of figures, the columns they stand in, out.

A table without vertical rules has columns all the same: its figures stand below each other, and
below the words of its header. Where a box is empty only the column says which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from auditor.readers.pdf.lines import TextLine, Word
from auditor.readers.stacked import is_numbered

_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?|[-/\u2014\uff0f]+")
_FEWEST = 3
_CLOSE = 1.7
"""Ems below a line in which the next line of the same box stands."""
_NEARER = 0.95
"""Ems: lines of two rows stand further apart."""
_BLANK = 0.7
"""Ems: a wider gap parts cells of a header."""
_PROSE = 0.6
"""Share of the widest line from which on a line without gaps is no piece of a table."""


@dataclass(slots=True)
class _Table:
    """Lines that agree on their columns, and the words of the header above."""

    header: list[Word]
    spans: list[tuple[float, float]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    """Numbers of the lines of each row; more than one where figures wrap."""
    label: float = 0.0
    """Where the labels end on the right."""


class Written(NamedTuple):
    """One line outside tables."""

    page: int
    line: TextLine
    band: tuple[float, float] | None
    """The horizontal rules that it stands between; None where there are none."""


class Aligned(NamedTuple):
    """One row of figures: words in front of them, and for each column what stands in it."""

    label: tuple[Word, ...]
    figures: tuple[Word, ...]
    """An empty word where the column is empty."""
    bottom: float
    """Where its last line on this page ends."""


def aligned(lines: Sequence[Written]) -> dict[int, Aligned | None]:
    """By number, each line of figures of those tables in which boxes are empty or figures wrap;
    None for a line that ends the figures of the line before. From the first page to the last."""
    words = [line.words if not line.turn else () for _, line, _ in lines]
    found: dict[int, Aligned | None] = {}
    for table in _tables(lines, words):
        columns = _columns(table)
        if len(columns) < _FEWEST:
            continue
        numbered = _over_pages(table, lines, words)
        rows = [_row([lines[n] for n in row], columns) for row in numbered]
        wraps = any(len(row) > 1 for row in numbered)
        if not wraps and all(word.text for row in rows for word in row.figures):
            continue
        for numbers, row in zip(numbered, rows, strict=True):
            found |= dict.fromkeys(numbers)
            found[numbers[0]] = row
        for number, is_empty in _begun(table, lines, words).items():
            row = _row([lines[number]], columns)
            if not is_empty and (figures := found[number + 1]) is not None:
                row = figures._replace(label=row.label)
                found[number + 1] = None
            found[number] = row
    return found


def _begun(
    table: _Table, lines: Sequence[Written], words: Sequence[Sequence[Word]]
) -> dict[int, bool]:
    """The numbered lines of labels that begin a row whose figures are not on them, and whether the
    row is empty: it is where no figures come before the next number, and where bare ones follow
    they are the row's, set in the middle of its height."""
    taken = {number for row in table.rows for number in row}
    found: dict[int, bool] = {}
    comes: bool | None = None
    """What comes next in the walk from below: a row's beginning, or bare figures (False)."""
    for number in range(max(taken), min(taken) - 1, -1):
        said = words[number][: len(words[number]) - len(_figures(words[number]))]
        is_label = bool(said) and all(word.x1 < table.spans[0][0] for word in said)
        begins = is_label and any(is_numbered(word.text) for word in said)
        if number in taken:
            comes = True if begins else None if said else False
        elif begins:
            if comes or (comes is False and number + 1 in taken):
                found[number] = comes
            comes = True
        elif not is_label:
            comes = None
    return found


def _tables(lines: Sequence[Written], words: Sequence[Sequence[Word]]) -> list[_Table]:
    tables: list[_Table] = []
    header: list[Word] = []
    current: _Table | None = None
    widest = max((line.x1 - line.x0 for _, line, _ in lines), default=0.0)
    for number, said in enumerate(words):
        figures = _figures(said)
        if len(figures) == 1 < len(said):
            # The last word of a sentence may be a figure, with no more than a blank before it.
            near = said[-1].x0 - said[-2].x1 < _BLANK * lines[number].line.em
            figures = [] if near else figures
        if not figures:
            begins = current.spans[0][0] if current else 0.0
            cells = _spaced(said, lines[number].line.em)
            if len(cells) > 1 and any(cell.x1 > begins for cell in cells):
                if current is not None:
                    current, header = None, []
                header += cells
            elif cells and cells[0].x1 - cells[0].x0 > _PROSE * widest:
                current, header = None, []
            continue
        joined = _taken(current.spans, figures) if current is not None else None
        if current is None or joined is None:
            current = _Table(header)
            tables.append(current)
            joined = [(word.x0, word.x1) for word in figures]
        current.spans = joined
        if len(figures) < len(said):
            current.label = max(current.label, said[-len(figures) - 1].x1)
        if current.rows and _is_same_row(lines, words, current.rows[-1], number):
            current.rows[-1].append(number)
        else:
            current.rows.append([number])
    return tables


def _spaced(words: Sequence[Word], em: float) -> list[Word]:
    """Words with those joined between which there is no more than a blank."""
    found: list[Word] = []
    for word in words:
        if found and word.x0 - found[-1].x1 < _BLANK * em:
            found[-1] = Word(found[-1].text + word.text, found[-1].x0, word.x1)
        else:
            found.append(word)
    return found


def _is_same_row(
    lines: Sequence[Written], words: Sequence[Sequence[Word]], row: Sequence[int], number: int
) -> bool:
    """Whether a line of figures belongs to the row of those above: the same rules hold both, or it
    is nearer than rows can be, or it has nothing but figures below figures."""
    above, lower = lines[row[-1]], lines[number]
    if above.page != lower.page or above.band != lower.band:
        return False
    apart = lower.line.base - above.line.base
    if lower.band is not None or apart < _NEARER * lower.line.em:
        return True
    over, under = _figures(words[row[-1]]), words[number]
    return (
        apart < _CLOSE * lower.line.em
        and len(under) <= len(over)
        and len(_figures(under)) == len(under)
        and _is_below(under, over)
    )


def _is_below(under: Sequence[Word], over: Sequence[Word]) -> bool:
    return all(any(word.x0 < each.x1 and each.x0 < word.x1 for each in over) for word in under)


def _over_pages(
    table: _Table, lines: Sequence[Written], words: Sequence[Sequence[Word]]
) -> list[list[int]]:
    """The rows of a table, with those made whole that the end of a page tears in two: one part has
    no label, and nothing stands between them."""
    found: list[list[int]] = []
    for row in table.rows:
        above = found[-1] if found else None
        follows = above is not None and (
            above[-1] + 1 == row[0] and lines[row[0]].page == lines[above[-1]].page + 1
        )
        if above is not None and follows:
            over = [word for number in above for word in _figures(words[number])]
            under = [word for number in row for word in _figures(words[number])]
            bare = [
                all(len(_figures(words[n])) == len(words[n]) for n in part) for part in (above, row)
            ]
            ends = bare == [False, True] and _is_below(under, over)
            begins = bare == [True, False] and len(over) < len(table.spans)
            if ends or begins:
                above += row
                continue
        found.append(list(row))
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
    if any(a[1] > b[0] for a, b in pairwise(found)):
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
        over = any(word.x0 < end and start < word.x1 for start, end in table.spans)
        if not over and word.x0 > table.label:
            found.append((word.x0, word.x1))
    return sorted(found)


def _row(parts: Sequence[Written], columns: Sequence[tuple[float, float]]) -> Aligned:
    """The parts of one row put together. That a row has one figure in each box is certain where
    lines stand nearer than rows can, or rules or a page's end part it and one box has one line."""
    label: list[Word] = []
    stacks: list[list[Word]] = [[] for _ in columns]
    for part in parts:
        words = part.line.words
        figures = _figures(words)
        label += words[: len(words) - len(figures)]
        for word in figures:
            for stack, (start, end) in zip(stacks, columns, strict=True):
                if word.x0 < end and start < word.x1:
                    stack.append(word)
    near = any(0 <= b.line.base - a.line.base < _NEARER * b.line.em for a, b in pairwise(parts))
    is_told = parts[0].band is not None or parts[0].page != parts[-1].page
    is_one = near or (is_told and any(len(stack) == 1 for stack in stacks))
    between = "" if is_one else " "
    return Aligned(
        tuple(label),
        tuple(
            Word(
                between.join(word.text for word in stack),
                min((word.x0 for word in stack), default=column[0]),
                max((word.x1 for word in stack), default=column[1]),
            )
            for stack, column in zip(stacks, columns, strict=True)
        ),
        max(part.line.bbox[3] for part in parts if part.page == parts[0].page),
    )
