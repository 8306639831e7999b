"""An invented report as a word processor's document and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy, deepcopy
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import product
from random import Random
from typing import Any

from docx import Document as new_document
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Border, Side
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from auditor.model.form import Address, Form
from auditor.testing import page
from tests.kit.ruled import Box, ruled

_LINE = Side(style="thin")
_Sides = tuple[bool, bool, bool, bool]
"""Which have a line: left, right, top, bottom."""
_Extent = tuple[int, int, int, int]
"""Row, column, how many rows and how many columns."""


def word_document(
    form: Form,
    figures: Mapping[Address, Decimal],
    agency: str,
    year: int,
    rng: Random,
    blanks: bool = False,
) -> bytes:
    """The report as DOCX, its tables with merged cells; zeros may be left empty."""
    made = page(form, figures, agency, year, rng)
    document = new_document()
    document.add_heading(made.title)
    for said in made.opening:
        document.add_paragraph(said)
    for section in made.sections:
        heading = document.add_paragraph(section.heading)._p
        boxes = [box for row in ruled(section) for box in row]
        table = deepcopy(_table(tuple(_extent(box) for box in boxes)))
        heading.addnext(table)
        for said in [*table.iter(qn("w:t"))]:
            said.text = boxes[int(said.text)].text
            if not said.text or (blanks and said.text == "0"):
                said.getparent().remove(said)
    for said in made.closing:
        document.add_paragraph(said)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _extent(box: Box) -> _Extent:
    return box.row, box.column, box.rowspan, box.colspan


@cache
def _table(extents: tuple[_Extent, ...]) -> Any:
    """A table whose every box holds its number: merging is what takes the time."""
    rows = max(row + down for row, _, down, _ in extents)
    columns = max(column + across for _, column, _, across in extents)
    table = new_document().add_table(rows, columns)
    grid = [list(row.cells) for row in table.rows]
    for number, (row, column, down, across) in enumerate(extents):
        cell = grid[row][column]
        if down > 1 or across > 1:
            cell = cell.merge(grid[row + down - 1][column + across - 1])
        cell.text = str(number)
    return table._tbl


def workbook(
    form: Form,
    figures: Mapping[Address, Decimal],
    agency: str,
    year: int,
    rng: Random,
    sheets: bool = False,
    blanks: bool = False,
) -> bytes:
    """The report as XLSX: in one sheet, or with a sheet for each table; zeros may be left empty."""
    made = page(form, figures, agency, year, rng)
    book = Workbook()
    sheet, styles = book.worksheets[0], dict[_Sides, Any]()
    at = 1
    for said in (made.title, *made.opening):
        sheet.cell(at, 1, said)
        at += 1
    for section in made.sections:
        if sheets:
            sheet, at = book.create_sheet(section.heading[:8]), 1
        sheet.cell(at, 1, section.heading)
        at += 1
        for box in (box for row in ruled(section) for box in row):
            cell = _box(sheet, at + box.row, 1 + box.column, box, styles)
            if not (blanks and box.text == "0"):
                number = box.text.lstrip("-").replace(".", "", 1).isdigit()
                cell.value = float(box.text) if number else box.text
        at += len(section.rows) + (rng.randint(0, 1))
    for said in made.closing:
        sheet.cell(at, 1, said)
        at += 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _box(sheet: Worksheet, top: int, left: int, box: Box, styles: dict[_Sides, Any]) -> Cell:
    """The first cell of a box, the others merged with it, each with the lines of its own sides.

    `merge_cells` comes to the same; it compares every line with every other of the workbook.
    """
    bottom, right = top + box.rowspan - 1, left + box.colspan - 1
    if (bottom, right) != (top, left):
        sheet.merged_cells.add(CellRange(None, left, top, right, bottom))
    for row, column in product(range(top, bottom + 1), range(left, right + 1)):
        cell: Any = sheet.cell(row, column)
        sides = (column == left, column == right, row == top, row == bottom)
        if (row, column) == (top, left):
            sides = (True, True, True, True)
        if sides not in styles:
            left_of, right_of, above, below = (_LINE if side else None for side in sides)
            cell.border = Border(left=left_of, right=right_of, top=above, bottom=below)
            styles[sides] = cell._style
        cell._style = copy(styles[sides])
    first = sheet.cell(top, left)
    assert isinstance(first, Cell)
    return first
