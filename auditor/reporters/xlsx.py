"""Audits as a workbook: a summary, all findings, and each report's tables with its cells marked.

Nothing in it is a formula: texts are written as texts, whatever they begin with. The same audits
give the same bytes, so no date is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Failure, Status
from auditor.model.form import Address
from auditor.reporters import Item, Judged, Style
from auditor.reporters.flat import (
    Row,
    audits,
    failed,
    gaps,
    headline,
    rows_of,
    unaudited,
    undecided,
    verdict_in_words,
)
from auditor.reporters.held import held_in_words
from auditor.reporters.sheets import ReportSheet, written_name
from auditor.reporters.workbook import Formats, height_of, put

_MOST = 200
"""Reports that get a sheet of their own, at most; the summary names the others."""
_CLEAN = 20
"""Reports with nothing to be seen get one only among the first so many."""
_SUMMARY = (
    *(("report", 34), ("agency", 26), ("verdict", 24), ("errors", 8), ("warnings", 8)),
    *(("infos", 8), ("settled", 8), ("pass", 8), ("fail", 8), ("undetermined", 8)),
    *(("not_applicable", 8), ("gaps", 60), ("sheet", 22)),
)
_FINDINGS = (
    *(("report", 26), ("severity", 10), ("cell", 30), ("message", 60), ("actual", 10)),
    *(("expected", 10), ("place", 26), ("suggestion", 50), ("statement", 44)),
    *(("decided", 44), ("fingerprint", 18)),
)


def render_xlsx(items: Iterable[Item], style: Style) -> Iterator[bytes]:
    """One workbook, when all reports are done."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"author": "audit", "created": datetime(2000, 1, 1, tzinfo=UTC)})
    drawing = _Book(book, style.language)
    for item in audits(items):
        drawing.take(item)
    drawing.finish()
    book.close()
    yield content.getvalue()


class _Book:
    """The workbook while reports come in."""

    def __init__(self, book: Any, language: str) -> None:
        self.book = book
        self.language = language
        self.formats = Formats(book)
        self.names: set[str] = set()
        self.summary = self._list("sheet-summary", _SUMMARY)
        self.findings = self._list("sheet-findings", _FINDINGS)
        self.reports = self.found = self.sheets = 0

    def _list(self, title: str, columns: Iterable[tuple[str, int]]) -> Any:
        """A sheet with headings that stay in sight."""
        sheet = self.book.add_worksheet(written_name(phrase(title, self.language), self.names))
        for at, (name, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            code = f"status-{name}" if name in _STATUSES else f"column-{name}"
            put(sheet, 0, at, phrase(code, self.language), self.formats.heading)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def take(self, item: Judged | Failure) -> None:
        self.reports += 1
        if isinstance(item, Failure):
            said = phrase("title-failure", self.language)
            cells: dict[str, str | int] = {
                "report": item.name,
                "verdict": said,
                "gaps": failed(item, self.language),
            }
            self._summarise(cells, self.formats.unread, "")
            return
        rows = list(rows_of(item.audit, self.language))
        open_ = unaudited(item, self.language) or "\n".join(gaps(item, self.language))
        sheet = None
        if self.sheets < _MOST and (rows or open_ or self.reports <= _CLEAN):
            self.sheets += 1
            sheet = self._report(item, rows, open_)
        for row in rows:
            self._tell(row, sheet)
        counts = item.audit.counts
        undecided_ = undecided(item.audit, self.language)
        held = held_in_words(item, self.language)
        cells = {
            "report": item.audit.report.source.name,
            "agency": headline(item.audit, self.language),
            "verdict": verdict_in_words(item, self.language),
            **{
                name: sum(row.severity is severity and not row.settled for row in rows)
                for name, severity in _SEVERITIES
            },
            "settled": sum(row.settled for row in rows),
            **counts,
            "gaps": "\n".join(each for each in (open_, undecided_, held) if each),
        }
        look = self.formats.verdict(item.verdict)
        self._summarise(cells, look, sheet.name if sheet else "")

    def _report(self, item: Judged, rows: list[Row], open_: str) -> ReportSheet:
        title = f"{self.reports} {headline(item.audit, self.language)}"
        name = written_name(title, self.names)
        about = (
            headline(item.audit, self.language),
            item.audit.form.name.get(self.language, item.audit.form.id),
            item.audit.report.source.name,
            *([] if unaudited(item, self.language) else [verdict_in_words(item, self.language)]),
            open_,
        )
        sheet = ReportSheet(self.book.add_worksheet(name), name, self.formats, self.language)
        sheet.draw(item.audit, rows, about)
        return sheet

    def _summarise(self, cells: dict[str, str | int], look: Any, sheet: str) -> None:
        formats = self.formats
        texts = [(str(cells.get(name, "")), width) for name, width in _SUMMARY]
        self.summary.set_row(self.reports, height_of(texts))
        for at, (name, _) in enumerate(_SUMMARY):
            value = cells.get(name, "")
            if name == "sheet" and sheet:
                target = f"internal:'{sheet}'!A1"
                self.summary.write_url(self.reports, at, target, formats.link, sheet)
            elif name == "sheet":
                said = phrase("sheet-left-out", self.language) if "agency" in cells else ""
                put(self.summary, self.reports, at, said, formats.text)
            else:
                chosen = look if name == "verdict" else formats.text
                put(self.summary, self.reports, at, value, chosen)

    def _tell(self, row: Row, sheet: ReportSheet | None) -> None:
        self.found += 1
        finding = row.finding
        cells = {
            "report": row.source.name,
            "severity": row.tag,
            "cell": row.cell,
            "message": "\n".join(each for each in (row.message, row.quotes, row.certainty) if each),
            "actual": finding.actual or "",
            "expected": finding.expected or "",
            "place": row.place,
            "suggestion": "\n".join(each for each in (row.suggestion, row.advice) if each),
            "statement": row.statement,
            "decided": row.decided,
            "fingerprint": finding.fingerprint,
        }
        place = sheet.places.get(_at_issue(row)) if sheet else None
        height = height_of((cells[name], width) for name, width in _FINDINGS)
        self.findings.set_row(self.found, height)
        for at, (name, _) in enumerate(_FINDINGS):
            look = self.formats.of(row) if name == "severity" else self.formats.text
            if name == "cell" and sheet is not None and place is not None:
                target = f"internal:'{sheet.name}'!{place}"
                text = cells[name] or place
                self.findings.write_url(self.found, at, target, self.formats.link, text)
            else:
                put(self.findings, self.found, at, cells[name], look)

    def finish(self) -> None:
        """What needs the number of rows."""
        self.summary.autofilter(0, 0, max(1, self.reports), len(_SUMMARY) - 1)
        self.findings.autofilter(0, 0, max(1, self.found), len(_FINDINGS) - 1)


def _at_issue(row: Row) -> Address | None:
    finding = row.finding
    return finding.primary or (finding.addresses[0] if finding.addresses else None)


_STATUSES = frozenset(status.value for status in Status)
_SEVERITIES = (
    ("errors", Severity.ERROR),
    ("warnings", Severity.WARNING),
    ("infos", Severity.INFO),
)
