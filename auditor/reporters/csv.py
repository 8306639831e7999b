"""Audits as comma-separated rows for a spreadsheet: one for each finding, each gap, each text.

A spreadsheet takes a cell that begins with `=` for a formula, wherever the text came from; such
cells begin with an apostrophe instead (`auditor.escaping`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from auditor.escaping import BOM, guarded
from auditor.model.report import Report
from auditor.reporters.view import SETTINGS, FindingView, Remark, RemarkReporter, View

COLUMNS = (
    *("status", "report", "agency", "year", "form", "rule", "severity", "certainty", "cell"),
    *("address", "message", "actual", "expected", "page", "line", "column", "selector"),
    *("quotes", "suggestion", "statement", "fingerprint", "disposition", "decided", "declared"),
)


class CsvReporter(RemarkReporter):
    """The headings, then the rows of each report as soon as it is done."""

    def start(self) -> None:
        super().start()
        self.write(BOM + _row([self.say(f"column-{name}") for name in COLUMNS]))

    def finding_part(self, finding: FindingView) -> str:
        report = finding.audit.report
        return _row_of(_about(report.source.name, report) | _finding(finding))

    def remark_part(self, remark: Remark, view: View) -> str:
        own: dict[str, object] = {
            "status": view.failure.code if view.failure else remark.kind,
            "report": remark.name,
            "message": remark.text,
        }
        if remark.kind == SETTINGS:
            return _row_of(own)
        return _row_of(_about(view.name, None if view.failure else view.report) | own)


def _about(name: str, report: Report | None) -> dict[str, object]:
    if report is None:
        return {"report": name}
    identity, form = report.identity, report.form_id
    return {"report": name, "agency": identity.agency, "year": identity.year, "form": form}


def _row_of(cells: Mapping[str, object]) -> str:
    return _row(cells.get(name) for name in COLUMNS)


def _row(cells: Iterable[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow(["" if cell is None else guarded(str(cell)) for cell in cells])
    return out.getvalue()


def _finding(view: FindingView) -> dict[str, object]:
    finding, origin, settled = view.finding, view.origin, view.finding.disposition
    return {
        "status": "finding",
        "rule": finding.rule_id,
        "severity": view.severity.value,
        "certainty": finding.certainty.value,
        "cell": view.cell,
        "address": finding.primary,
        "message": view.message,
        "actual": finding.actual,
        "expected": finding.expected,
        "page": origin and origin.page,
        "line": origin and origin.line,
        "column": origin.columns[0] if origin and origin.columns else None,
        "selector": view.selector,
        "quotes": "\n".join(view.quotes),
        "suggestion": view.suggestion,
        "statement": view.rule_line,
        "fingerprint": finding.fingerprint,
        "disposition": settled and settled.kind.value,
        "decided": view.settled,
        "declared": finding.declared and finding.declared.value,
    }
