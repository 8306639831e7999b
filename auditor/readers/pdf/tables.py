"""Edges and lines of text in; the tables that they make, out.

Of edges alone a table is made where they touch (`lattices`): rows, columns, and merged cells, where
a side that is not drawn parts nothing. A table without vertical edges has columns all the same
(`aligned`): its figures stand below each other, and below the words of its header. Where a box is
empty only the column says which.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from auditor.readers.grid import is_numbered
from auditor.readers.pdf.content import Box, Edge, TextLine, Word

_SNAP = 2.0
"""Points by which edges that are meant to coincide may differ."""
_SAME_PLACE = 0.3
"""Points by which pieces of one rule may differ."""
_JOIN = 3.5
"""Points by which edges that are meant to touch may miss each other."""
_MIN_LENGTH = 5.0
_MAX_CELLS = 20_000
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?|[-/\u2014\uff0f]+")
_MIN_COLUMNS = 3
_SAME_BOX = 1.7
"""Ems below a line in which the next line of the same box stands."""
_SAME_ROW = 0.95
"""Ems: lines of two rows stand further apart."""
_BLANK = 0.7
"""Ems: a wider gap parts cells of a header."""
_PROSE = 0.6
"""Share of the widest line from which on a line without gaps is no piece of a table."""


class LatticeCell(NamedTuple):
    """A cell, with rows and columns counted from 0, and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


class Lattice(NamedTuple):
    """One table: `owner[row][column]` is an index in `regions`. The outline is closed."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]
    regions: tuple[LatticeCell, ...]
    open_regions: frozenset[int] = frozenset()
    """Those at the right end that no edge closes: they may go on beyond what is seen."""

    def at(self, x: float, y: float) -> int:
        """The region in which a point lies, or -1."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.owner) and 0 <= column < len(self.owner[0]):
            return self.owner[row][column]
        return -1


class _DisjointSets:
    """Numbers from 0, and which of them were joined to groups."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, index: int) -> int:
        """One of its group, the same for all."""
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        self._parent[self.root(one)] = self.root(other)


def lattices(horizontal: Iterable[Edge], vertical: Iterable[Edge]) -> list[Lattice]:
    """The tables on a page, from top to bottom."""
    rows, columns = _snapped(horizontal), _snapped(vertical)
    found = []
    for group_across, group_down in connected(rows, columns):
        if len(group_across) + len(group_down) < 4 or not group_across or len(group_down) < 2:
            continue
        lattice = _lattice(group_across, group_down)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _snapped(rules: Iterable[Edge]) -> list[Edge]:
    """Rules snapped to common places and joined where they follow each other. What is short at its
    own place goes first: the ends of dashes stand close enough to make one place of two columns."""
    return _snapped_within(_SNAP, _snapped_within(_SAME_PLACE, rules))


def _snapped_within(most: float, rules: Iterable[Edge]) -> list[Edge]:
    found: list[Edge] = []
    group: list[Edge] = []
    for rule in sorted(rules):
        if group and rule.at - group[-1].at > most:
            found += _merged_collinear(group)
            group = []
        group.append(rule)
    return found + _merged_collinear(group)


def _merged_collinear(group: list[Edge]) -> list[Edge]:
    if not group:
        return []
    lengths = sum(rule.end - rule.start for rule in group)
    at = (
        sum(rule.at * (rule.end - rule.start) for rule in group) / lengths
        if lengths
        else group[0].at
    )
    joined: list[Edge] = []
    for rule in sorted(group, key=lambda rule: rule.start):
        if joined and rule.start - joined[-1].end <= _JOIN:
            joined[-1] = Edge(at, joined[-1].start, max(joined[-1].end, rule.end))
        else:
            joined.append(Edge(at, rule.start, rule.end))
    return [rule for rule in joined if rule.end - rule.start >= _MIN_LENGTH]


def connected(across: Sequence[Edge], down: Sequence[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Edges that touch, directly or by way of others: those across and those down, by group."""
    joined = _DisjointSets(len(across) + len(down))
    for i, row in enumerate(across):
        for j, column in enumerate(down, start=len(across)):
            if (
                row.start - _JOIN <= column.at <= row.end + _JOIN
                and column.start - _JOIN <= row.at <= column.end + _JOIN
            ):
                joined.join(i, j)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for index, rule in enumerate([*across, *down]):
        groups.setdefault(joined.root(index), ([], []))[index >= len(across)].append(rule)
    return list(groups.values())


def _grid_lines(rules: Sequence[Edge], crossing: Sequence[Edge]) -> list[float]:
    """Where the rules of one direction stand, and where those that cross them end: a page's end, or
    a style without outer borders, leaves the closing rule out."""
    found = sorted({rule.at for rule in rules})
    start, end = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    before = [start] if found[0] - start > _MIN_LENGTH else []
    after = [end] if end - found[-1] > _MIN_LENGTH else []
    return [*before, *found, *after]


def _lattice(across: list[Edge], down: list[Edge]) -> Lattice | None:
    ys, xs = _grid_lines(across, down), _grid_lines(down, across)
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width < 2 or height * width > _MAX_CELLS:
        return None
    ruled_across = _ruled_intervals(across, ys, xs)
    ruled_down = _ruled_intervals(down, xs, ys)
    joined = _DisjointSets(height * width)
    for row, ruled in enumerate(ruled_across[1:-1], start=1):
        if not all(ruled):
            for column in range(width):
                if not ruled[column]:
                    joined.join((row - 1) * width + column, row * width + column)
    for column, ruled in enumerate(ruled_down[1:-1], start=1):
        if not all(ruled):
            for row in range(height):
                if not ruled[row]:
                    joined.join(row * width + column - 1, row * width + column)
    members: dict[int, list[tuple[int, int]]] = {}
    for row in range(height):
        for column in range(width):
            members.setdefault(joined.root(row * width + column), []).append((row, column))
    if len(members) < 2:
        return None
    owner = [[0] * width for _ in range(height)]
    regions = []
    for number, cells in enumerate(sorted(members.values())):
        top, bottom = cells[0][0], cells[-1][0]
        left, right = min(c for _, c in cells), max(c for _, c in cells)
        for row, column in cells:
            owner[row][column] = number
        box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        regions.append(LatticeCell(top, left, bottom - top + 1, right - left + 1, box))
    closed = {owner[row][-1] for row in range(height) if ruled_down[-1][row]}
    is_open = frozenset(row[-1] for row in owner) - closed
    return Lattice(tuple(xs), tuple(ys), tuple(map(tuple, owner)), tuple(regions), is_open)


def _ruled_intervals(
    rules: Iterable[Edge], places: Sequence[float], stops: Sequence[float]
) -> list[list[bool]]:
    """For each place, and each interval between stops there, whether a rule covers it."""
    index = {at: number for number, at in enumerate(places)}
    found = [[False] * (len(stops) - 1) for _ in places]
    for at, begin, end in rules:
        here = found[index[at]]
        # An interval of which a rule covers half begins before the rule ends.
        first = max(bisect_right(stops, begin) - 1, 0)
        for number in range(first, min(bisect_left(stops, end), len(here))):
            left, right = stops[number], stops[number + 1]
            if min(end, right) - max(begin, left) >= (right - left) / 2:
                here[number] = True
    return found


@dataclass(slots=True)
class _AlignedTable:
    """Lines that agree on their columns, and the words of the header above."""

    header: list[Word]
    spans: list[tuple[float, float]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    """Numbers of the lines of each row; more than one where figures wrap."""
    label: float = 0.0
    """Where the labels end on the right."""


class LooseLine(NamedTuple):
    """One line outside tables."""

    page: int
    line: TextLine
    rules: tuple[float, float] | None
    """The horizontal rules that it stands between; None where there are none."""


class AlignedRow(NamedTuple):
    """One row of figures: words in front of them, and for each column what stands in it."""

    label: tuple[Word, ...]
    figures: tuple[Word, ...]
    """An empty word where the column is empty."""
    bottom: float
    """Where its last line on this page ends."""


def aligned(lines: Sequence[LooseLine]) -> dict[int, AlignedRow | None]:
    """By number, each line of figures of those tables in which boxes are empty or figures wrap;
    None for a line that ends the figures of the line before. From the first page to the last."""
    words = [line.words if not line.turn else () for _, line, _ in lines]
    found: dict[int, AlignedRow | None] = {}
    for table in _tables(lines, words):
        columns = _columns(table)
        if len(columns) < _MIN_COLUMNS:
            continue
        numbered = _joined_across_pages(table, lines, words)
        rows = [_row([lines[n] for n in row], columns) for row in numbered]
        wraps = any(len(row) > 1 for row in numbered)
        if not wraps and all(word.text for row in rows for word in row.figures):
            continue
        for numbers, row in zip(numbered, rows, strict=True):
            found |= dict.fromkeys(numbers)
            found[numbers[0]] = row
        for number, is_empty in _row_starts(table, lines, words).items():
            row = _row([lines[number]], columns)
            if not is_empty and (figures := found[number + 1]) is not None:
                row = figures._replace(label=row.label)
                found[number + 1] = None
            found[number] = row
    return found


def _row_starts(
    table: _AlignedTable, lines: Sequence[LooseLine], words: Sequence[Sequence[Word]]
) -> dict[int, bool]:
    """The numbered lines of labels that begin a row whose figures are not on them, and whether the
    row is empty: it is where no figures come before the next number, and where bare ones follow
    they are the row's, set in the middle of its height."""
    taken = {number for row in table.rows for number in row}
    found: dict[int, bool] = {}
    below: bool | None = None
    """What comes next in the walk from below: a row's beginning, or bare figures (False)."""
    for number in range(max(taken), min(taken) - 1, -1):
        line_words = words[number][: len(words[number]) - len(_figures(words[number]))]
        is_label = bool(line_words) and all(word.x1 < table.spans[0][0] for word in line_words)
        begins = is_label and any(is_numbered(word.text) for word in line_words)
        if number in taken:
            below = True if begins else None if line_words else False
        elif begins:
            if below or (below is False and number + 1 in taken):
                found[number] = below
            below = True
        elif not is_label:
            below = None
    return found


def _tables(lines: Sequence[LooseLine], words: Sequence[Sequence[Word]]) -> list[_AlignedTable]:
    tables: list[_AlignedTable] = []
    header: list[Word] = []
    current: _AlignedTable | None = None
    widest = max((line.x1 - line.x0 for _, line, _ in lines), default=0.0)
    for number, line_words in enumerate(words):
        figures = _figures(line_words)
        if len(figures) == 1 < len(line_words):
            # The last word of a sentence may be a figure, with no more than a blank before it.
            is_close = line_words[-1].x0 - line_words[-2].x1 < _BLANK * lines[number].line.em
            figures = [] if is_close else figures
        if not figures:
            begins = current.spans[0][0] if current else 0.0
            cells = _header_cells(line_words, lines[number].line.em)
            if len(cells) > 1 and any(cell.x1 > begins for cell in cells):
                if current is not None:
                    current, header = None, []
                header += cells
            elif cells and cells[0].x1 - cells[0].x0 > _PROSE * widest:
                current, header = None, []
            continue
        joined = _with_figures(current.spans, figures) if current is not None else None
        if current is None or joined is None:
            current = _AlignedTable(header)
            tables.append(current)
            joined = [(word.x0, word.x1) for word in figures]
        current.spans = joined
        if len(figures) < len(line_words):
            current.label = max(current.label, line_words[-len(figures) - 1].x1)
        if current.rows and _is_same_row(lines, words, current.rows[-1], number):
            current.rows[-1].append(number)
        else:
            current.rows.append([number])
    return tables


def _header_cells(words: Sequence[Word], em: float) -> list[Word]:
    """Words with those joined between which there is no more than a blank."""
    found: list[Word] = []
    for word in words:
        if found and word.x0 - found[-1].x1 < _BLANK * em:
            found[-1] = Word(found[-1].text + word.text, found[-1].x0, word.x1)
        else:
            found.append(word)
    return found


def _is_same_row(
    lines: Sequence[LooseLine], words: Sequence[Sequence[Word]], row: Sequence[int], number: int
) -> bool:
    """Whether a line of figures belongs to the row of those above: the same rules hold both, or it
    is nearer than rows can be, or it has nothing but figures below figures."""
    above, lower = lines[row[-1]], lines[number]
    if above.page != lower.page or above.rules != lower.rules:
        return False
    distance = lower.line.base - above.line.base
    if lower.rules is not None or distance < _SAME_ROW * lower.line.em:
        return True
    over, under = _figures(words[row[-1]]), words[number]
    return (
        distance < _SAME_BOX * lower.line.em
        and len(under) <= len(over)
        and len(_figures(under)) == len(under)
        and _is_below(under, over)
    )


def _is_below(under: Sequence[Word], over: Sequence[Word]) -> bool:
    return all(any(word.x0 < each.x1 and each.x0 < word.x1 for each in over) for word in under)


def _joined_across_pages(
    table: _AlignedTable, lines: Sequence[LooseLine], words: Sequence[Sequence[Word]]
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


def _with_figures(
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


def _columns(table: _AlignedTable) -> list[tuple[float, float]]:
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


def _row(parts: Sequence[LooseLine], columns: Sequence[tuple[float, float]]) -> AlignedRow:
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
    is_close = any(
        0 <= b.line.base - a.line.base < _SAME_ROW * b.line.em for a, b in pairwise(parts)
    )
    is_bounded = parts[0].rules is not None or parts[0].page != parts[-1].page
    is_one = is_close or (is_bounded and any(len(stack) == 1 for stack in stacks))
    between = "" if is_one else " "
    return AlignedRow(
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
