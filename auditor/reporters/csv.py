"""Audits as comma-separated rows for a spreadsheet: one for each finding, each gap, each text.

A spreadsheet takes a cell that begins with `=` for a formula, wherever the text came from; such
cells begin with an apostrophe instead (`auditor.escaping`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from auditor.escaping import BOM, guarded
from auditor.reporters import Item
from auditor.reporters.view import SETTINGS, FindingView, RemarkReporter, View

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

    def report(self, item: Item) -> None:
        view = View(item, self.language_of(item))
        about: dict[str, object] = {"report": view.name}
        if not view.failure:
            identity, form = view.report.identity, view.report.form_id
            about |= {"agency": identity.agency, "year": identity.year, "form": form}
        rows = [about | _finding(finding) for finding in view.findings]
        for remark in self.remarks(view):
            status = view.failure.code if view.failure else remark.kind
            own: dict[str, object] = {
                "status": status,
                "report": remark.name,
                "message": remark.text,
            }
            rows.append(own if remark.kind == SETTINGS else about | own)
        self.write("".join(_row([row.get(name) for name in COLUMNS]) for row in rows))


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
