"""A workbook in, a ruled grid for each visible sheet out, with the results stored for formulas."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.errors import InputError
from auditor.model.source import Cell, Document, Extract, Grid, Notice, Origin
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.package import Element, Package

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_UNKNOWN = "#?"
"""Stands for a formula's result that is not stored: neither a figure nor an empty cell."""


@dataclass(slots=True)
class _Tally:
    name: str
    limits: Limits
    hidden: int = 0
    uncached: int = 0
    boxes: int = 0
    struck: int = 0

    def count(self, boxes: int) -> None:
        """Raises `InputError` for more than is read."""
        self.boxes += boxes
        if self.boxes > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)


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
    tally = _Tally(document.name, limits)
    shared_part = next((name for kind, name in targets.values() if kind == "sharedStrings"), "")
    shared = package.xml(shared_part)
    strings = [] if shared is None else [_said(item, tally) for item in shared.iter(f"{_S}si")]
    blocks = []
    for sheet in workbook.iter(f"{_S}sheet"):
        if sheet.get("state", "visible") != "visible":
            tally.hidden += 1
            continue
        root = package.xml(targets.get(sheet.get(_ID, ""), ("", ""))[1])
        if root is not None:
            read = _read_sheet(root, sheet.get("name", ""), strings, tally)
            blocks += list(_grids(read, tally))
    if not any(cell.text for block in blocks for row in block.rows for cell in row):
        raise InputError(
            "empty", "the workbook has no text in it", place=document.name, hint="is it blank?"
        )
    told = {
        "hidden-cells": tally.hidden,
        "formula-without-value": tally.uncached,
        "struck-text": tally.struck,
    }
    notices = [Notice(code, (("count", str(count)),)) for code, count in told.items() if count]
    return Extract(tuple(blocks), tuple(notices))


def _said(item: Element, tally: _Tally) -> str:
    """The text of a rich string, without readings above characters and struck-out runs."""
    parts = []
    for child in item:
        if child.tag == f"{_S}t":
            parts.append(child.text or "")
        elif child.tag == f"{_S}r":
            text = "".join(t.text or "" for t in child.iter(f"{_S}t"))
            strike = child.find(f"{_S}rPr/{_S}strike")
            if strike is not None and strike.get("val") not in ("0", "false"):
                tally.struck += bool(text.strip())
            else:
                parts.append(text)
    return "".join(parts)


def _read_sheet(root: Element, name: str, strings: list[str], tally: _Tally) -> _Sheet:
    sheet = _Sheet(name)
    hidden = _hidden_columns(root, tally)
    count = 0
    for row in root.iter(f"{_S}row"):
        count = _number(row.get("r"), count + 1)
        cells: dict[int, str] = {}
        column = 0
        for cell in row.iter(f"{_S}c"):
            column = _place(cell.get("r", ""), (column + 1, count))[0]
            tally.count(1)
            if not any(first <= column <= last for first, last in hidden):
                cells[column] = _value(cell, strings, tally)
        if row.get("hidden") in ("1", "true"):
            tally.hidden += any(cells.values())
        elif cells:
            sheet.rows[count] = cells
    _merge(root, sheet, tally)
    return sheet


def _hidden_columns(root: Element, tally: _Tally) -> list[tuple[int, int]]:
    found = [
        (_number(column.get("min"), 0), _number(column.get("max"), 0))
        for column in root.iter(f"{_S}col")
        if column.get("hidden") in ("1", "true")
    ]
    tally.hidden += len(found)
    return found[:1_000]


def _merge(root: Element, sheet: _Sheet, tally: _Tally) -> None:
    order = sorted(sheet.rows)
    for merged in root.iter(f"{_S}mergeCell"):
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


def _value(cell: Element, strings: list[str], tally: _Tally) -> str:
    kind = cell.get("t", "n")
    stored = cell.find(f"{_S}v")
    text = (stored.text or "") if stored is not None else ""
    if kind == "inlineStr":
        inline = cell.find(f"{_S}is")
        text = _said(inline, tally) if inline is not None else ""
    elif kind == "s":
        index = _number(text, len(strings))
        text = strings[index] if index < len(strings) else ""
    elif kind == "n" and text:
        text = _figure(text)
    if not text and kind not in ("str", "inlineStr", "s") and cell.find(f"{_S}f") is not None:
        tally.uncached += 1
        return _UNKNOWN
    return " ".join(text.split())


def _figure(text: str) -> str:
    """A stored number in plain digits, to the fifteen that a workbook shows."""
    try:
        return format(Decimal(f"{float(text):.15g}"), "f")
    except ValueError:
        return text


def _grids(sheet: _Sheet, tally: _Tally) -> Iterator[Grid]:
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
        origin = Origin(selector=f"{sheet.name}!{_letters(columns[0])}{run[0]}")
        yield Grid(tuple(rows), origin, ruled=True)


def _cells(sheet: _Sheet, row: int, index: int, columns: range) -> tuple[Cell, ...]:
    texts: Mapping[int, str] = sheet.rows[row]
    end = max((*texts, *sheet.covered.get(row, ())), default=0)
    covered = sheet.covered.get(row, set())
    return tuple(
        Cell(
            texts.get(column, ""),
            index,
            column - columns[0],
            Origin(selector=f"{sheet.name}!{_letters(column)}{row}"),
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
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(found[2])


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
