"""A workbook in, a ruled grid for each visible sheet out, with the results stored for formulas.

A number is read as its format shows it (`auditor.readers.formats`); that more digits are stored
is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditor.errors import InputError
from auditor.model.source import Cell, Document, Extract, Grid, Origin
from auditor.readers.formats import code_of
from auditor.readers.formulas import Held, Place, column_of, letters_of
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.misfits import without_brackets
from auditor.readers.package import Element, Package
from auditor.readers.sheetcells import Book, S, Tally, check_formulas, number, said, seen, value_of

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(slots=True)
class _Sheet:
    """What stands in a sheet; rows and columns count from 1."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    covered: dict[int, set[int]] = field(default_factory=dict)


def read_xlsx(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The visible cells. Raises `InputError`: damaged, encrypted, too large or empty."""
    package = Package(document, limits)
    part, workbook = package.main("xl/workbook.xml")
    targets = package.targets(part)
    tally = Tally(document.name, limits)
    parts = {kind: name for kind, name in targets.values()}
    shared = package.xml(parts.get("sharedStrings", ""))
    strings = [] if shared is None else [said(item, tally) for item in shared.iter(f"{S}si")]
    properties = workbook.find(f"{S}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    formats = _formats(package.xml(parts.get("styles", "")))
    book = Book(document.name, strings, formats, since_1904, tally)
    blocks = []
    for sheet in workbook.iter(f"{S}sheet"):
        if sheet.get("state", "visible") != "visible":
            tally.hidden += 1
            continue
        root = package.xml(targets.get(sheet.get(_ID, ""), ("", ""))[1])
        if root is not None:
            read = _read_sheet(root, sheet.get("name", ""), book)
            blocks += list(_grids(read, tally))
    if not any(cell.text for block in blocks for row in block.rows for cell in row):
        raise InputError(
            "empty", "the workbook has no text in it", place=document.name, hint="is it blank?"
        )
    return Extract(tuple(blocks), tuple(tally.notices))


def _formats(styles: Element | None) -> list[str]:
    if styles is None:
        return []
    own = {
        number(each.get("numFmtId"), -1): each.get("formatCode", "")
        for each in styles.iter(f"{S}numFmt")
    }
    used = styles.find(f"{S}cellXfs")
    return [
        code_of(number(each.get("numFmtId"), 0), own) for each in (used if used is not None else ())
    ]


def _read_sheet(root: Element, name: str, book: Book) -> _Sheet:
    tally = book.tally
    sheet = _Sheet(name)
    hidden = _hidden_columns(root, tally)
    stored: dict[Place, Held] = {}
    formulas: dict[Place, Element] = {}
    count = 0
    for row in root.iter(f"{S}row"):
        count = number(row.get("r"), count + 1)
        cells: dict[int, str] = {}
        column = 0
        for cell in row.iter(f"{S}c"):
            column = _place(cell.get("r", ""), (column + 1, count))[0]
            tally.count(1)
            held, text = value_of(cell, book)
            stored[column, count] = held
            formula = cell.find(f"{S}f")
            if formula is not None:
                formulas[column, count] = formula
            if not any(first <= column <= last for first, last in hidden):
                cells[column] = seen(held, text, cell, book, (name, (column, count)))
        if row.get("hidden") in ("1", "true"):
            tally.hidden += any(cells.values())
        elif cells:
            sheet.rows[count] = cells
    check_formulas(formulas, stored, name, tally)
    _merge(root, sheet, tally)
    return sheet


def _hidden_columns(root: Element, tally: Tally) -> list[tuple[int, int]]:
    found = [
        (number(column.get("min"), 0), number(column.get("max"), 0))
        for column in root.iter(f"{S}col")
        if column.get("hidden") in ("1", "true")
    ]
    tally.hidden += len(found)
    return found[:1_000]


def _merge(root: Element, sheet: _Sheet, tally: Tally) -> None:
    order = sorted(sheet.rows)
    for merged in root.iter(f"{S}mergeCell"):
        first, _, last = merged.get("ref", "").partition(":")
        left, top = _place(first, (0, 0))
        right, bottom = _place(last, (0, 0))
        if not left or right < left or bottom < top:
            continue
        sheet.spans[top, left] = (bottom - top + 1, right - left + 1)
        for row in order[bisect_left(order, top) : bisect_left(order, bottom + 1)]:
            tally.count(right - left + 1)
            covered = sheet.covered.setdefault(row, set())
            covered.update(range(left, right + 1))
            if row == top:
                covered.discard(left)


def _grids(sheet: _Sheet, tally: Tally) -> Iterator[Grid]:
    """A grid for each run of rows without an empty row between.

    A row ends with its last cell that is stored, as those with a border are, but within the run.
    """
    texts = {row for row, cells in sheet.rows.items() if any(cells.values())}
    # Cells with a border and nothing in them may be a row of blanks, but not the paper below it.
    filled = [
        row
        for row in sorted(sheet.rows)
        if row in texts or row - 1 in texts or sheet.covered.get(row)
    ]
    runs: list[list[int]] = []
    for row in filled:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        widths = [column for row in run for column, text in sheet.rows[row].items() if text]
        if not widths:
            continue
        tally.count(len(run) * (max(widths) - min(widths) + 1))
        columns = range(min(widths), max(widths) + 1)
        rows = (_cells(sheet, row, index, columns) for index, row in enumerate(run))
        origin = Origin(selector=f"{sheet.name}!{letters_of(columns[0])}{run[0]}")
        yield Grid(without_brackets(tuple(rows)), origin, ruled=True)


def _cells(sheet: _Sheet, row: int, index: int, columns: range) -> tuple[Cell, ...]:
    texts: Mapping[int, str] = sheet.rows[row]
    end = max((*texts, *sheet.covered.get(row, ())), default=0)
    covered = sheet.covered.get(row, set())
    return tuple(
        Cell(
            texts.get(column, ""),
            index,
            column - columns[0],
            Origin(selector=f"{sheet.name}!{letters_of(column)}{row}"),
            *sheet.spans.get((row, column), (1, 1)),
        )
        for column in columns
        if column not in covered and column <= end
    )


def _place(reference: str, default: tuple[int, int]) -> tuple[int, int]:
    """Column and row of a reference such as `C5`, from 1."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return default
    return column_of(found[1]), int(found[2])
