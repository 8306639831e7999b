"""Rules in; the tables they draw out: rows, columns, and merged cells as regions.

Rules that nearly coincide are one; rules that touch form one table. A cell's side that is not ruled
is no side: what it would have parted is one merged cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from auditor.readers.pdf.marks import Rule

SNAP = 2.0
"""Points by which rules that are meant to coincide may differ."""
JOIN = 3.5
"""Points by which rules that are meant to touch may miss each other."""
_SHORTEST = 5.0
MOST_CELLS = 20_000


class Region(NamedTuple):
    """A cell, with rows and columns counted from 0, and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: tuple[float, float, float, float]


class Lattice(NamedTuple):
    """One table: `owner[row][column]` is an index in `regions`. The outline is closed."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]
    regions: tuple[Region, ...]

    def at(self, x: float, y: float) -> int:
        """The region in which a point lies, or -1."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.owner) and 0 <= column < len(self.owner[0]):
            return self.owner[row][column]
        return -1


def lattices(across: Iterable[Rule], down: Iterable[Rule]) -> list[Lattice]:
    """The tables on a page, from top to bottom."""
    rows, columns = _tidied(across), _tidied(down)
    found = []
    for group_across, group_down in _connected(rows, columns):
        if len(group_across) + len(group_down) < 4 or not group_across or len(group_down) < 2:
            continue
        lattice = _lattice(group_across, group_down)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _tidied(rules: Iterable[Rule]) -> list[Rule]:
    """Rules snapped to common places and joined where they follow each other."""
    found: list[Rule] = []
    group: list[Rule] = []
    for rule in sorted(rules):
        if group and rule.at - group[-1].at > SNAP:
            found += _joined(group)
            group = []
        group.append(rule)
    return found + _joined(group)


def _joined(group: list[Rule]) -> list[Rule]:
    if not group:
        return []
    lengths = sum(rule.end - rule.start for rule in group)
    at = (
        sum(rule.at * (rule.end - rule.start) for rule in group) / lengths
        if lengths
        else group[0].at
    )
    joined: list[Rule] = []
    for rule in sorted(group, key=lambda rule: rule.start):
        if joined and rule.start - joined[-1].end <= JOIN:
            joined[-1] = Rule(at, joined[-1].start, max(joined[-1].end, rule.end))
        else:
            joined.append(Rule(at, rule.start, rule.end))
    return [rule for rule in joined if rule.end - rule.start >= _SHORTEST]


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch, directly or by way of others."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, row in enumerate(across):
        for j, column in enumerate(down, start=len(across)):
            if (
                row.start - JOIN <= column.at <= row.end + JOIN
                and column.start - JOIN <= row.at <= column.end + JOIN
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate([*across, *down]):
        groups.setdefault(root(index), ([], []))[index >= len(across)].append(rule)
    return list(groups.values())


def _places(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[float]:
    """Where the rules of one direction stand, and where those that cross them end: a page's end, or
    a style without outer borders, leaves the closing rule out."""
    found = sorted({rule.at for rule in rules})
    start, end = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    before = [start] if found[0] - start > _SHORTEST else []
    after = [end] if end - found[-1] > _SHORTEST else []
    return [*before, *found, *after]


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    ys, xs = _places(across, down), _places(down, across)
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width < 2 or height * width > MOST_CELLS:
        return None
    ruled_across = _covered(across, ys, xs)
    ruled_down = _covered(down, xs, ys)
    parent = list(range(height * width))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for row, ruled in enumerate(ruled_across[1:-1], start=1):
        if not all(ruled):
            for column in range(width):
                if not ruled[column]:
                    parent[root((row - 1) * width + column)] = root(row * width + column)
    for column, ruled in enumerate(ruled_down[1:-1], start=1):
        if not all(ruled):
            for row in range(height):
                if not ruled[row]:
                    parent[root(row * width + column - 1)] = root(row * width + column)
    members: dict[int, list[tuple[int, int]]] = {}
    for row in range(height):
        for column in range(width):
            members.setdefault(root(row * width + column), []).append((row, column))
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
        regions.append(Region(top, left, bottom - top + 1, right - left + 1, box))
    return Lattice(tuple(xs), tuple(ys), tuple(map(tuple, owner)), tuple(regions))


def _covered(
    rules: Iterable[Rule], places: Sequence[float], stops: Sequence[float]
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
