"""A web page's elements in; its tables out, as rows of cells: of `table` elements and of others.

A table that only arranges others, or a whole article in one cell, is layout and not a table.
Elements of any kind make a table where their style, their role for screen readers or, failing
these, the names of their classes say so. A grid (CSS) is one where its columns can be counted and
each item only says how many it spans: then items follow one another as browsers place them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from auditor.readers.css import ROW_NAME, TABLE_TAGS, ComputedStyles
from auditor.readers.stylesheets import Element

MAX_CELL = 1_500
"""A cell with more characters than this holds an article, no figure and no label."""
_MAX_BY_NAME = 150
"""As much may stand in a cell that is one only by the name of its class: pages are laid out so."""
_CELL_ROLES = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
_CELL_NAME = re.compile(r"(?:^|[\s_-])(?:td|th|col|cell|column)(?:[\s_-]|\d|$)", re.IGNORECASE)

_REPEAT = re.compile(r"repeat\(\s*(\d{1,3})\s*,([^()]*(?:\([^()]*\)[^()]*)*)\)")
_FUNCTION = re.compile(r"[\w-]+\([^()]*\)")
_GRID_LINES = re.compile(r"\[[^\]]*\]")
_TRACKS = re.compile(r"(?:auto\s*/\s*)?span\s+(\d{1,3})")
_UNSURE_GRID = ("grid-auto-flow", "grid-template", "grid-template-areas", "grid")
_UNSURE_ITEM = ("grid-area", "grid-column-start", "grid-row-start", "order")
_MAX_GRID = 100
"""Columns of a grid."""


@dataclass(slots=True)
class Placed:
    """A cell with the boxes that it covers and those left out in front of it."""

    element: Element
    rowspan: int = 1
    colspan: int = 1
    before: int = 0


@dataclass(slots=True)
class Layout:
    """The rows of one table; `parts` are the elements that it is made of, all read with it."""

    rows: list[list[Placed]]
    parts: list[Element] = field(default_factory=list)
    is_ruled: bool = True
    """Whether the columns are certain; rows of classes may be ragged."""


def tables_of(root: Element, styles: ComputedStyles) -> dict[Element, Layout]:
    """The tables with data, by the element with which each begins."""
    found: dict[Element, Layout] = {}
    layout: set[Element] = set()
    others = _other_tables(root, styles)
    for first, table in others.items():
        if len(table.rows) > 1 and table.is_ruled:
            layout.update(first.iterancestors("table"))
    for element in reversed(list(root.iter("table"))):  # inner tables first
        if element in layout:
            continue
        table = _of_elements(element, styles)
        cells = [cell.element for row in table.rows for cell in row]
        if len(cells) < 2 or any(_is_longer(cell, MAX_CELL) for cell in cells):
            continue
        found[element] = table
        for outer in element.iterancestors("table"):
            if outer in layout:
                break
            layout.add(outer)
    inside = {first for first in others if any(up in found for up in first.iterancestors("table"))}
    return {**found, **{first: each for first, each in others.items() if first not in inside}}


def _is_longer(element: Element, most: int) -> bool:
    """Whether more characters than that stand in an element."""
    if not len(element):
        return len((element.text or "").strip()) > most
    length = 0
    for text in element.itertext():
        length += len(str(text).strip())
        if length > most:
            return True
    return False


def _of_elements(table: Element, styles: ComputedStyles) -> Layout:
    rows: list[list[Placed]] = []
    row_of: dict[Element, int] = {}
    for cell in _cells(table, styles):
        row = cell.getparent()
        if row is None or styles.is_removed(row):
            continue
        if row not in row_of:
            row_of[row] = len(rows)
            rows.append([])
        placed = Placed(cell, _span(cell, "rowspan"), _span(cell, "colspan"))
        rows[row_of[row]].append(placed)
    return Layout(rows, [table])


def _cells(table: Element, styles: ComputedStyles) -> Iterator[Element]:
    """The cells of a table itself, not of tables in it; footers last, as they are shown."""
    footers: list[Element] = []
    has_footers = table.find(".//tfoot") is not None
    walk = etree.iterwalk(table, events=("start",))
    for _, element in walk:
        if element is table:
            continue
        if element.tag in ("td", "th"):
            if not styles.is_removed(element):
                if has_footers and next(element.iterancestors("tfoot"), None) is not None:
                    footers.append(element)
                else:
                    yield element
            walk.skip_subtree()
        elif element.tag == "table" or (
            isinstance(element.tag, str) and styles.is_removed(element)
        ):
            walk.skip_subtree()
    yield from footers


def _span(cell: Element, name: str) -> int:
    """A span as browsers read it: leading digits; 0 rows reach to the last row."""
    span = cell.get(name) or cell.get(f"aria-{name}")
    found = re.match(r"\s*\+?(\d{1,9})", span) if span else None
    return int(found[1]) if found else 1


def _other_tables(root: Element, styles: ComputedStyles) -> dict[Element, Layout]:
    """Tables of elements that are no `table`, by their first row."""
    found: dict[Element, Layout] = {}
    taken: set[Element] = set()
    for element in root.iter("*"):
        if not styles.looks[element].may_lay_out or element in taken:
            continue
        if any(map(styles.is_removed, (element, *element.iterancestors()))):
            continue
        table = _grid(element, styles) or _rows_from(element, styles)
        if table is not None:
            found[element] = table
            taken.update(table.parts)
    return found


def _grid(grid: Element, styles: ComputedStyles) -> Layout | None:
    """The table that a grid's items make; None where it is unsure, or not one."""
    if styles.display(grid) not in ("grid", "inline-grid"):
        return None
    items = list(_children(grid, styles))
    rows = _grid_rows(grid, items, styles) if _hold_data(items, MAX_CELL) else []
    return Layout(rows, [grid]) if len(rows) > 1 else None


def _grid_rows(
    grid: Element, items: Sequence[Element], styles: ComputedStyles
) -> list[list[Placed]]:
    """The rows of a grid, from top to bottom; none where it is unsure which they are."""
    columns = _columns(styles.value(grid, "grid-template-columns"))
    if columns < 2 or any(styles.value(grid, name) for name in _UNSURE_GRID):
        return []
    taken: set[tuple[int, int]] = set()
    rows: list[list[Placed]] = []
    row = column = 0
    for item in items:
        width, height = (_span_of(styles.value(item, name)) for name in ("grid-column", "grid-row"))
        is_unsure = any(styles.value(item, name) for name in _UNSURE_ITEM)
        if is_unsure or not width or not height or width > columns:
            return []
        while column + width > columns or any((row, column + at) in taken for at in range(width)):
            column += 1
            if column + width > columns:
                row, column = row + 1, 0
        gap = 0  # boxes right in front of the place that nothing covers
        while gap < column and (row, column - gap - 1) not in taken:
            gap += 1
        taken.update((row + down, column + at) for down in range(height) for at in range(width))
        while len(rows) <= row:
            rows.append([])
        rows[row].append(Placed(item, height, width, gap))
        column += width
    return rows


def _columns(template: str) -> int:
    """How many columns a template has; 0 where that depends on the window."""
    if "auto-f" in template or "subgrid" in template or "none" in template:
        return 0
    tracks = _GRID_LINES.sub(" ", template)
    for _ in range(10):
        found = _REPEAT.search(tracks)
        if not found:
            break
        times = min(int(found[1]), _MAX_GRID)
        tracks = f"{tracks[: found.start()]} {f'{found[2]} ' * times} {tracks[found.end() :]}"
    count = len(_FUNCTION.sub(" x ", tracks).split())
    return count if count <= _MAX_GRID else 0


def _span_of(span: str) -> int:
    """How many tracks an item spans; 0 where it says at which line it stands."""
    if not span or span == "auto":
        return 1
    found = _TRACKS.fullmatch(span)
    return int(found[1]) if found else 0


def _rows_from(first: Element, styles: ComputedStyles) -> Layout | None:
    """The rows that follow one another from this element on, where it is one."""
    if first.tag in TABLE_TAGS:
        return None
    for by_name in (False, True):
        if not _is_row(first, styles, by_name):
            continue
        rows: list[list[Placed]] = []
        parts: list[Element] = []
        row: Element | None = first
        while row is not None:
            cells = _row(row, styles, by_name)
            if not _hold_data(cells, _MAX_BY_NAME if by_name else MAX_CELL):
                break
            rows.append([Placed(c, _span(c, "rowspan"), _span(c, "colspan")) for c in cells])
            parts.append(row)
            row = _next_row(row, styles)
        if sum(len(cells) for cells in rows) > 1 and len(rows) > by_name:
            return Layout(rows, parts, is_ruled=not by_name)
    return None


def _row(row: Element, styles: ComputedStyles, by_name: bool) -> list[Element]:
    """The cells of a row; none where the element is no row."""
    if row.tag in TABLE_TAGS or not _is_row(row, styles, by_name):
        return []
    if by_name:
        cells = list(_children(row, styles))
        named = all(_CELL_NAME.search(cell.get("class") or "") for cell in cells)
        return cells if named and len(cells) > 1 else []
    return [cell for cell in _children(row, styles) if _is_cell(cell, styles)]


def _is_row(row: Element, styles: ComputedStyles, by_name: bool) -> bool:
    """Whether an element is a row by how it is shown, or by its class alone."""
    if by_name:
        return ROW_NAME.search(row.get("class") or "") is not None
    return row.get("role") == "row" or styles.display(row) in ("table-row", "table")


def _is_cell(element: Element, styles: ComputedStyles) -> bool:
    return element.get("role") in _CELL_ROLES or styles.display(element) == "table-cell"


def _children(parent: Element, styles: ComputedStyles) -> Iterator[Element]:
    for child in parent:
        if isinstance(child.tag, str) and not styles.is_removed(child):
            yield child


def _next_row(row: Element, styles: ComputedStyles) -> Element | None:
    """The next row with nothing said in between; a group of rows leads to the next group."""
    if (row.tail or "").strip():
        return None
    following = _next_shown(row, styles)
    parent = row.getparent()
    if following is not None or parent is None or not _is_group(parent, styles):
        return following
    group = None if (parent.tail or "").strip() else _next_shown(parent, styles)
    if group is None or not _is_group(group, styles) or (group.text or "").strip():
        return None
    return next(_children(group, styles), None)


def _next_shown(element: Element, styles: ComputedStyles) -> Element | None:
    for following in element.itersiblings():
        if isinstance(following.tag, str) and not styles.is_removed(following):
            return following
        if (following.tail or "").strip():
            return None
    return None


def _is_group(element: Element, styles: ComputedStyles) -> bool:
    if element.get("role") == "rowgroup":
        return True
    display = styles.display(element)
    return display.startswith("table-") and display.endswith("-group")


def _hold_data(cells: list[Element], longest: int) -> bool:
    """Whether there are cells, and none of them holds an article or a table."""
    return bool(cells) and not any(
        _is_longer(cell, longest) or sum(1 for _ in cell.iter("td", "th")) > 1 for cell in cells
    )
