"""An invented report as a word processor's document and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from random import Random

from docx import Document as new_document
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from auditor.model.form import Address, Form
from auditor.testing.pages import page
from auditor.testing.ruled import ruled

_LINE = Side(style="thin")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


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
        document.add_paragraph(section.heading)
        rows = ruled(section)
        wide = max(box.column + box.colspan for row in rows for box in row)
        table = document.add_table(len(rows), wide)
        grid = [list(row.cells) for row in table.rows]
        for box in (box for row in rows for box in row):
            cell = grid[box.row][box.column]
            if box.rowspan > 1 or box.colspan > 1:
                last = grid[box.row + box.rowspan - 1][box.column + box.colspan - 1]
                cell = cell.merge(last)
            cell.text = "" if blanks and box.text == "0" else box.text
    for said in made.closing:
        document.add_paragraph(said)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


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
    sheet = book.worksheets[0]
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
            row, column = at + box.row, 1 + box.column
            cell = sheet.cell(row, column)
            cell.border = _BORDER
            if not (blanks and box.text == "0"):
                number = box.text.lstrip("-").replace(".", "", 1).isdigit()
                cell.value = float(box.text) if number else box.text
            if box.rowspan > 1 or box.colspan > 1:
                sheet.merge_cells(
                    start_row=row,
                    start_column=column,
                    end_row=row + box.rowspan - 1,
                    end_column=column + box.colspan - 1,
                )
        at += len(section.rows) + (rng.randint(0, 1))
    for said in made.closing:
        sheet.cell(at, 1, said)
        at += 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
