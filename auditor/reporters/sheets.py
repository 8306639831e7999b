"""One report as a sheet of a workbook: its tables as printed, wrong and unread cells marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from auditor.messages import phrase
from auditor.model.finding import Audit
from auditor.model.form import Address
from auditor.model.report import Entry, Illegible, Missing, Number, Report
from auditor.reporters.cells import at_fault, shown
from auditor.reporters.flat import Row
from auditor.reporters.printed import Box, label_columns, laid_out
from auditor.reporters.workbook import Formats, height_of, put

_COMMENT = 900
"""Characters of a comment; more would not be read there."""
_EXACT = 15
"""Digits of a number that a spreadsheet keeps."""
_UNNAMED = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_NAME = 31


class ReportSheet:
    """A sheet, and where on it each box of the form came to stand."""

    def __init__(self, sheet: Any, name: str, formats: Formats, language: str) -> None:
        self.sheet = sheet
        self.name = name
        self.formats = formats
        self.language = language
        self.places: dict[Address | None, str] = {}

    def draw(self, audit: Audit, rows: Sequence[Row], about: Iterable[str]) -> None:
        """What the report is, what the marks mean, then every table of the form."""
        sheet, formats, report = self.sheet, self.formats, audit.report
        labels = label_columns(audit.form)
        widths = ([8.0] * labels + [14.0, 36.0])[-labels:] + [12.0] * 20
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        blamed = _blamed(rows)
        open_ = [row for row in rows if not row.settled]
        top = 0
        for text in about:
            if text:
                put(sheet, top, 0, text, formats.plain if top else formats.title)
                top += 1
        top += 1
        legend = [(formats.of(each), "legend-wrong") for each in [_worst(open_)] if each]
        if len(open_) < len(rows):
            legend.append((formats.settled, "legend-settled"))
        for look, code in (*legend, (formats.unread, "legend-unread")):
            put(sheet, top, labels - 1, phrase(code, self.language), look)
            top += 1
        for table in audit.form.tables:
            top += 1
            put(sheet, top, 0, table.title.get(self.language, table.key), formats.title)
            top += 1
            boxes = laid_out(table, report, labels)
            for line in {box.row for box in boxes}:
                texts = [
                    (box.text, sum(widths[box.column : box.column + box.width]))
                    for box in boxes
                    if box.row == line and box.height == 1
                ]
                sheet.set_row(top + line, height_of(texts))
            for box in boxes:
                self._box(box, top, report, blamed)
            top += max((box.row + box.height for box in boxes), default=0)

    def _box(
        self, box: Box, top: int, report: Report, blamed: Mapping[Address, Sequence[Row]]
    ) -> None:
        row, column = top + box.row, box.column
        if box.address is not None:
            self._figure(row, column, box.address, report, blamed.get(box.address, ()))
            return
        look = self.formats.heading if box.heading else self.formats.label
        if box.height > 1 or box.width > 1:
            last = (row + box.height - 1, column + box.width - 1)
            self.sheet.merge_range(row, column, *last, "", look)
        put(self.sheet, row, column, box.text, look)

    def _figure(
        self, row: int, column: int, box: Address, report: Report, rows: Sequence[Row]
    ) -> None:
        entry = report.entries.get(box)
        self.places[box] = xl_rowcol_to_cell(row, column)
        unread = _unread(entry, self.language)
        worst = _worst(rows)
        if worst is not None:
            look = self.formats.of(worst)
        else:
            look = self.formats.unread if unread else self.formats.figure
        put(self.sheet, row, column, _value(entry, report, box), look)
        said = [unread] if unread else []
        said += [
            "\n".join(text for text in (each.message, each.decided, each.suggestion) if text)
            for each in rows
        ]
        if said:
            self._comment(row, column, "\n\n".join(said))

    def _comment(self, row: int, column: int, text: str) -> None:
        if len(text) > _COMMENT:
            sheet = phrase("sheet-findings", self.language)
            text = text[:_COMMENT] + phrase("too-long", self.language, sheet=sheet)
        lines = sum(1 + len(line) // 24 for line in text.split("\n"))
        size = {"width": 300, "height": min(600, 30 + 18 * lines)}
        self.sheet.write_comment(row, column, text, {"author": "audit", "visible": False, **size})


def _blamed(rows: Sequence[Row]) -> dict[Address, list[Row]]:
    """The findings about each cell."""
    found: dict[Address, list[Row]] = {}
    for row in rows:
        for box in sorted(at_fault(row.finding)):
            found.setdefault(box, []).append(row)
    return found


def _worst(rows: Sequence[Row]) -> Row | None:
    """The worst finding; one about which something was decided before only where all are such."""
    order = ("error", "warning", "info")
    return min(rows, key=lambda row: (row.settled, order.index(row.severity.value)), default=None)


def _unread(entry: Entry | None, language: str) -> str:
    """Why a cell has no figure that was read; empty where it has, or is blank."""
    if entry is None:
        return phrase("is-missing", language)
    match entry.value:
        case Illegible(readings=readings) if readings:
            listed = phrase("list-comma", language).join(readings)
            return phrase("may-read", language, readings=listed)
        case Illegible():
            return phrase("is-illegible", language)
        case Missing():
            return phrase("is-missing", language)
        case _:
            return ""


def _value(entry: Entry | None, report: Report, box: Address) -> str | int | float:
    """As printed: a number where nothing but its plain digits is printed, else the text."""
    if entry is None:
        return "\u00b7"
    if not isinstance(entry.value, Number):
        return shown(report, box)
    plain = format(entry.value.value, "f")
    printed = (entry.raw or plain).strip()
    if printed != plain or len(plain) > _EXACT:
        return printed
    return float(plain) if "." in plain else int(plain)


def written_name(title: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other has."""
    plain = _UNNAMED.sub(" ", title).strip() or "-"
    name = plain[:_NAME]
    number = 2
    while name.lower() in taken:
        end = f" ({number})"
        name = plain[: _NAME - len(end)] + end
        number += 1
    taken.add(name.lower())
    return name
