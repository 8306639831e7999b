"""The items of an element laid out as a grid (CSS) in, rows of boxes out; None where it is unsure.

A grid is certain where its columns can be counted and each item only says how many it spans: then
items follow one another as browsers place them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from auditor.readers.sight import Sight

Element = etree._Element

Box = tuple[Element, int, int, int]
"""A cell, its rows and columns, and the columns left out in front of it."""

_REPEAT = re.compile(r"repeat\(\s*(\d{1,3})\s*,([^()]*(?:\([^()]*\)[^()]*)*)\)")
_FUNCTION = re.compile(r"[\w-]+\([^()]*\)")
_LINES = re.compile(r"\[[^\]]*\]")
_SPAN = re.compile(r"(?:auto\s*/\s*)?span\s+(\d{1,3})")
_UNSURE = ("grid-area", "grid-column-start", "grid-row-start", "order")
_MOST_COLUMNS = 100


def grid_rows(grid: Element, items: Sequence[Element], sight: Sight) -> list[list[Box]] | None:
    """The rows of a grid, from top to bottom."""
    columns = _count(sight.value(grid, "grid-template-columns"))
    unsure = ("grid-auto-flow", "grid-template", "grid-template-areas", "grid")
    if columns < 2 or any(sight.value(grid, name) for name in unsure):
        return None
    taken: set[tuple[int, int]] = set()
    rows: list[list[Box]] = []
    row = column = 0
    for item in items:
        wide, high = _span(item, "grid-column", sight), _span(item, "grid-row", sight)
        is_unsure = any(sight.value(item, name) for name in _UNSURE)
        if is_unsure or not wide or not high or wide > columns:
            return None
        while column + wide > columns or any((row, column + at) in taken for at in range(wide)):
            column += 1
            if column + wide > columns:
                row, column = row + 1, 0
        taken.update((row + down, column + at) for down in range(high) for at in range(wide))
        while len(rows) <= row:
            rows.append([])
        rows[row].append((item, high, wide, _gap(row, column, taken)))
        column += wide
    return rows


def _gap(row: int, column: int, taken: set[tuple[int, int]]) -> int:
    """Boxes right in front of a place that nothing covers."""
    gap = 0
    while column - gap > 0 and (row, column - gap - 1) not in taken:
        gap += 1
    return gap


def _count(template: str) -> int:
    """How many columns a template has; 0 where that depends on the window."""
    if "auto-f" in template or "subgrid" in template or "none" in template:
        return 0
    said = _LINES.sub(" ", template)
    for _ in range(10):
        found = _REPEAT.search(said)
        if not found:
            break
        times = min(int(found[1]), _MOST_COLUMNS)
        said = f"{said[: found.start()]} {f'{found[2]} ' * times} {said[found.end() :]}"
    count = len(_FUNCTION.sub(" x ", said).split())
    return count if count <= _MOST_COLUMNS else 0


def _span(item: Element, name: str, sight: Sight) -> int:
    """How many tracks an item spans; 0 where it says at which line it stands."""
    said = sight.value(item, name)
    if not said or said == "auto":
        return 1
    found = _SPAN.fullmatch(said)
    return int(found[1]) if found else 0
