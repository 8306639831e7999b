"""Audits as a workbook: a summary, all findings, and each report's tables with its cells marked.

Nothing in it is a formula: texts are written as texts, whatever they begin with. The same audits
give the same bytes, so no date is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from auditor.messages import Translator
from auditor.model.check import Severity
from auditor.model.finding import Status, Verdict
from auditor.model.form import Address
from auditor.model.report import Entry, Illegible, Missing, Number, Report
from auditor.reporters import Item, Reporter
from auditor.reporters.tables import Block, Box, at_fault, blocks_of, label_columns, shown
from auditor.reporters.view import COVERAGE, FindingView, View

_MOST = 200
"""Reports that get a sheet of their own, at most; the summary names the others."""
_CLEAN = 20
"""Reports with nothing to be seen get one only among the first so many."""
_SUMMARY = (
    *(("report", 34), ("agency", 26), ("year", 8), ("verdict", 24), ("errors", 8), ("warnings", 8)),
    *(("infos", 8), ("settled", 8), ("pass", 8), ("fail", 8), ("undetermined", 8)),
    *(("not_applicable", 8), ("gaps", 60), ("prose", 44), ("sheet", 22)),
)
_FINDINGS = (
    *(("report", 26), ("severity", 10), ("cell", 30), ("message", 60), ("actual", 10)),
    *(("expected", 10), ("place", 26), ("suggestion", 50), ("statement", 44)),
    *(("decided", 44), ("fingerprint", 18)),
)
_STATUSES = frozenset(status.value for status in Status)
_SEVERITIES = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "infos": Severity.INFO}
_COMMENT = 900
"""Characters of a comment; more would not be read there."""
_EXACT = 15
"""Digits of a number that a spreadsheet keeps."""
_UNNAMED = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_NAME = 31
"""Characters of a sheet's name."""
_LONGEST = 32_000
"""A cell of a workbook holds 32,767 characters."""
_THIN = {"border": 1, "border_color": "#9A9A9A", "valign": "vcenter", "text_wrap": True}


class _Row(NamedTuple):
    """A row of a list: how high it is, its cells by column, and the one that has a look."""

    height: float
    cells: dict[str, str | int]
    column: str
    look: str
    place: str = ""
    """Of a finding, the cell of the report's own sheet that it is about."""


class _XlsxFragment(NamedTuple):
    """What a report brings to the workbook."""

    summary: _Row
    findings: list[_Row]
    title: str
    """Of its own sheet; empty where it needs none."""
    sheet: list[_Call]


class XlsxReporter(Reporter):
    """One workbook, when all reports are done."""

    def start(self) -> None:
        self._content = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._content, options)
        self._book.set_properties({"author": "audit", "created": datetime(2000, 1, 1, tzinfo=UTC)})
        self._looks = {name: self._book.add_format(look) for name, look in _LOOKS.items()}
        self._names: set[str] = set()
        self._summary = self._list("sheet-summary", _SUMMARY)
        self._findings = self._list("sheet-findings", _FINDINGS)
        self._reports = self._found = self._sheets = 0

    def _list(self, title: str, columns: Iterable[tuple[str, int]]) -> Any:
        """A sheet with headings that stay in sight."""
        sheet = self._book.add_worksheet(sheet_name(self.say(title), self._names))
        for at, (name, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            code = f"status-{name}" if name in _STATUSES else f"column-{name}"
            _put(sheet, 0, at, self.say(code), self._looks["heading"])
        sheet.freeze_panes(1, 1)
        _for_paper(sheet)
        sheet.repeat_rows(0)
        return sheet

    def fragment(self, item: Item, number: int) -> _XlsxFragment:
        view = View(item, self.language_of(item))
        cells: dict[str, str | int] = {
            "report": view.name,
            "verdict": view.verdict,
            "gaps": "\n".join(each.text for each in view.remarks if each.kind != COVERAGE),
        }
        if view.failure:
            row = _Row(_height_of_row(_SUMMARY, cells), cells, "verdict", "unread")
            return _XlsxFragment(row, [], "", [])
        cells |= {
            "agency": view.report.identity.agency or "",
            "year": view.report.identity.year or "",
            **{name: view.open_findings(severity) for name, severity in _SEVERITIES.items()},
            "settled": sum(each.is_settled for each in view.findings),
            **view.audit.counts,
            "prose": view.prose_coverage,
        }
        gaps, sheet = view.unaudited or "\n".join(view.gaps), _ReportSheet(view)
        title = ""
        if view.findings or gaps or number <= _CLEAN:
            title = f"{number} {view.headline}"
            sheet.draw(gaps)
        return _XlsxFragment(
            _Row(
                _height_of_row(_SUMMARY, cells),
                cells,
                "verdict",
                f"verdict-{view.judged.verdict.value}",
            ),
            [_finding_row(each, sheet) for each in view.findings],
            title,
            sheet.calls,
        )

    def add(self, fragment: _XlsxFragment) -> None:
        self._reports += 1
        row, name = fragment.summary, ""
        if fragment.title and self._sheets < _MOST:
            self._sheets += 1
            name = sheet_name(fragment.title, self._names)
            _draw(self._book.add_worksheet(name), fragment.sheet, self._looks)
        for finding in fragment.findings:
            self._found += 1
            links = {"cell": f"internal:'{name}'!{finding.place}"} if name and finding.place else {}
            if links:
                finding.cells["cell"] = finding.cells["cell"] or finding.place
            self._row(self._findings, self._found, _FINDINGS, finding, links)
        if "agency" in row.cells:  # what failed has no sheet to be left out
            row.cells["sheet"] = name or self.say("sheet-left-out")
        height = _height_of_row(_SUMMARY, {"sheet": row.cells.get("sheet", "")})
        links = {"sheet": f"internal:'{name}'!A1"} if name else {}
        row = row._replace(height=max(row.height, height))
        self._row(self._summary, self._reports, _SUMMARY, row, links)

    def _row(
        self,
        sheet: Any,
        at: int,
        columns: Sequence[tuple[str, int]],
        row: _Row,
        links: Mapping[str, str],
    ) -> None:
        """A row of a list, and where cells lead, by column."""
        sheet.set_row(at, row.height)
        for column, (name, _) in enumerate(columns):
            value = row.cells.get(name, "")
            if name in links:
                sheet.write_url(at, column, links[name], self._looks["link"], str(value))
            else:
                look = row.look if name == row.column else "text"
                _put(sheet, at, column, value, self._looks[look])

    def finish(self) -> None:
        self._summary.autofilter(0, 0, max(1, self._reports), len(_SUMMARY) - 1)
        self._findings.autofilter(0, 0, max(1, self._found), len(_FINDINGS) - 1)
        self._book.close()
        self.write(self._content.getvalue())


def _finding_row(view: FindingView, sheet: _ReportSheet) -> _Row:
    finding = view.finding
    cells: dict[str, str | int] = {
        "report": view.source.name,
        "severity": view.tag,
        "cell": view.cell,
        "message": "\n".join(filter(None, (view.message, *view.quotes, view.warning))),
        "actual": finding.actual or "",
        "expected": finding.expected or "",
        "place": view.place,
        "suggestion": "\n".join(filter(None, (view.suggestion, view.advice_line))),
        "statement": view.rule_line,
        "decided": "\n".join(view.decided),
        "fingerprint": finding.fingerprint,
    }
    at_issue = finding.primary or next(iter(finding.addresses), None)
    place, height = sheet.places.get(at_issue, ""), _height_of_row(_FINDINGS, cells)
    return _Row(height, cells, "severity", _look_of(view), place)


_Call = tuple[str, tuple[Any, ...], Mapping[str, Any]]
"""A method of a sheet, and what it is called with; a look goes by its name, and is the last."""
_WITH_LOOK = frozenset({"merge_range", "write_number", "write_string"})


def _draw(sheet: Any, calls: Iterable[_Call], looks: Mapping[str, Any]) -> None:
    for method, values, more in calls:
        if method in _WITH_LOOK:
            values = (*values[:-1], looks[values[-1]])
        getattr(sheet, method)(*values, **more)


class _Recorder:
    """Stands for a sheet that is yet to be made, and may be by another process."""

    def __init__(self) -> None:
        self.calls: list[_Call] = []

    def __getattr__(self, method: str) -> Callable[..., None]:
        return lambda *values, **more: self.calls.append((method, values, more))


class _ReportSheet:
    """One report's tables as printed, wrong and unread cells marked."""

    def __init__(self, view: View) -> None:
        self.sheet = _Recorder()
        self.calls = self.sheet.calls
        self.view = view
        self.places: dict[Address | None, str] = {}
        """Where each box of the form came to stand."""
        self._blamed: dict[Address, list[FindingView]] = {}
        for finding in view.findings:
            for box in sorted(at_fault(finding.finding)):
                self._blamed.setdefault(box, []).append(finding)

    def draw(self, gaps: str) -> None:
        """What the report is, what the marks mean, then every table of the form."""
        sheet, view = self.sheet, self.view
        labels = label_columns(view.form)
        widths = ([8.0] * labels + [14.0, 36.0])[-labels:] + [12.0] * 20
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        _for_paper(sheet)
        verdict = "" if view.unaudited else view.verdict
        about = (view.headline, view.form_name, view.name, verdict, gaps, view.prose_coverage)
        top = 0
        for text in filter(None, about):
            _put(sheet, top, 0, text, "plain" if top else "title")
            top += 1
        top += 1
        for look, code in self._legend():
            _put(sheet, top, labels - 1, view.say(code), look)
            top += 1
        for table in view.form.tables:
            _put(sheet, top + 1, 0, view.say.title(table), "title")
            top += 2
            for block in blocks_of(table, view.report, labels):
                self._block(block, top, widths)
                top += block.height

    def _legend(self) -> list[tuple[str, str]]:
        open_ = [finding for finding in self.view.findings if not finding.is_settled]
        worst = _worst(open_)
        legend = [(_look_of(worst), "legend-wrong")] if worst else []
        if len(open_) < len(self.view.findings):
            legend.append(("settled", "legend-settled"))
        return [*legend, ("unread", "legend-unread")]

    def _block(self, block: Block, top: int, widths: Sequence[float]) -> None:
        lines = (*block.head, *block.rows)
        corner = Box(0, 0, len(block.head) + bool(block.spans), block.labels, heading=True)
        for number, line in enumerate(lines):
            texts = [
                (box.text, sum(widths[box.column : box.column + box.width]))
                for box in line
                if box.height == 1
            ]
            self.sheet.set_row(top + number, _height_of(texts))
        for box in (corner, *(box for line in lines for box in line)):
            row = top + box.row
            if box.address is not None:
                self._figure(row, box.column, box.address)
                continue
            look = "heading" if box.heading else "label"
            if box.height > 1 or box.width > 1:
                last = (row + box.height - 1, box.column + box.width - 1)
                self.sheet.merge_range(row, box.column, *last, "", look)
            _put(self.sheet, row, box.column, box.text, look)

    def _figure(self, row: int, column: int, box: Address) -> None:
        report, findings = self.view.report, self._blamed.get(box, ())
        entry = report.entries.get(box)
        self.places[box] = xl_rowcol_to_cell(row, column)
        unread = _unread(entry, self.view.say)
        worst = _worst(findings)
        look = "unread" if unread else "figure"
        _put(
            self.sheet,
            row,
            column,
            _value(entry, report, box),
            _look_of(worst) if worst else look,
        )
        notes = ((each.message, *each.decided, each.suggestion) for each in findings)
        texts = (unread, *("\n".join(filter(None, lines)) for lines in notes))
        if said := "\n\n".join(filter(None, texts)):
            self._comment(row, column, said)

    def _comment(self, row: int, column: int, text: str) -> None:
        if len(text) > _COMMENT:
            sheet = self.view.say("sheet-findings")
            text = text[:_COMMENT] + self.view.say("too-long", sheet=sheet)
        lines = sum(1 + len(line) // 24 for line in text.split("\n"))
        size = {"width": 300, "height": min(600, 30 + 18 * lines)}
        self.sheet.write_comment(row, column, text, {"author": "audit", "visible": False, **size})


def _worst(findings: Sequence[FindingView]) -> FindingView | None:
    """The worst finding; one about which something was decided before only where all are such."""
    return min(findings, key=lambda each: (each.is_settled, each.severity.rank), default=None)


def _unread(entry: Entry | None, say: Translator) -> str:
    """Why a cell has no figure that was read; empty where it has, or is blank."""
    match entry.value if entry is not None else Missing():
        case Illegible(readings=readings) if readings:
            return say("may-read", readings=say.commas(readings))
        case Illegible():
            return say("is-illegible")
        case Missing():
            return say("is-missing")
        case _:
            return ""


def _value(entry: Entry | None, report: Report, box: Address) -> str | int | float:
    """As printed: a number where nothing but its plain digits is printed, else the text."""
    if entry is None:
        return "\u00b7"
    if not isinstance(entry.value, Number):
        return shown(report, box)
    plain = entry.value.plain
    printed = (entry.raw or plain).strip()
    if printed != plain or len(plain) > _EXACT:
        return printed
    return float(plain) if "." in plain else int(plain)


def sheet_name(title: str, taken: set[str]) -> str:
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


# How cells look, and how text gets into them as nothing but text.


_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {"text_wrap": False},
    "heading": {**_THIN, "bold": True, "bg_color": "#E7E6E6", "align": "center"},
    "label": {**_THIN, "bg_color": "#F7F7F7"},
    "text": {**_THIN, "valign": "top"},
    "link": {**_THIN, "valign": "top", "font_color": "#0563C1", "underline": 1},
    "figure": {**_THIN, "align": "right"},
    "unread": {
        **{**_THIN, "align": "center", "italic": True},
        **{"bg_color": "#D9D2E9", "font_color": "#4C2A85"},
    },
    "error": {**_THIN, "bold": True, "bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "warning": {**_THIN, "bold": True, "bg_color": "#FFEB9C", "font_color": "#7F4F00"},
    "info": {**_THIN, "bold": True, "bg_color": "#DDEBF7", "font_color": "#1F4E79"},
    "settled": {**_THIN, "bg_color": "#E2EFDA", "font_color": "#375623"},
    **{
        f"verdict-{verdict.value}": {
            **{**_THIN, "valign": "top", "bg_color": fill, "font_color": ink},
        }
        for verdict, fill, ink in (
            (Verdict.SILENCED, "#FFEB9C", "#7F4F00"),
            (Verdict.BELOW, "#DDEBF7", "#1F4E79"),
            (Verdict.SETTLED, "#E2EFDA", "#375623"),
            (Verdict.CLEAN, "#C6EFCE", "#006100"),
            (Verdict.FINDINGS, "#FFC7CE", "#9C0006"),
            (Verdict.NOT_AUDITED, "#FFEB9C", "#7F4F00"),
        )
    },
}
"""By name; a severity's and a verdict's by its own."""


def _look_of(view: FindingView) -> str:
    """The look of a finding: of its severity, unless something was decided about it before."""
    return "settled" if view.is_settled else view.severity.value


def _for_paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _put(sheet: Any, row: int, column: int, value: str | int | float, look: Any) -> None:
    """A number as a number, a text as a text as far as a cell can hold it, never as a formula or a
    link."""
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST else value[:_LONGEST] + "\u2026"
        sheet.write_string(row, column, text, look)
    else:
        sheet.write_number(row, column, value, look)


def _height_of(cells: Iterable[tuple[str, float]]) -> float:
    """How high a row must be, in points, for texts in columns so many characters wide.

    Excel works it out by itself when it opens the file; other programs do not.
    """
    lines = [_lines(text, width) for text, width in cells]
    return min(400, 15.0 * max(lines, default=1))


def _height_of_row(columns: Iterable[tuple[str, int]], cells: Mapping[str, object]) -> float:
    return _height_of((str(cells.get(name, "")), width) for name, width in columns)


def _lines(text: str, width: float) -> int:
    count = 0
    for line in text.split("\n"):
        size = sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line)
        count += 1 + int(size * 1.05 / width)
    return count
