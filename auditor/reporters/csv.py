"""Audits as comma-separated rows for a spreadsheet: one for each finding, each gap, each text.

A spreadsheet takes a cell that begins with `=` for a formula, wherever the text came from; such
cells begin with an apostrophe instead (`auditor.spreadsheets`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.reporters import Item, Reporter
from auditor.reporters.view import (
    COVERAGE,
    NOT_AUDITED,
    SETTINGS,
    FindingView,
    ToldOnce,
    View,
    audited,
    failure_in_words,
)
from auditor.reporters.words import disposed
from auditor.spreadsheets import BOM, guarded

COLUMNS = (
    *("status", "report", "agency", "year", "form", "rule", "severity", "certainty", "cell"),
    *("address", "message", "actual", "expected", "page", "line", "column", "selector"),
    *("quotes", "suggestion", "statement", "fingerprint", "disposition", "decided", "declared"),
)


class CsvReporter(Reporter):
    """The headings, then the rows of each report as soon as it is done."""

    def start(self) -> None:
        self._held = ToldOnce()
        head = [phrase(f"column-{name}", self.language) for name in COLUMNS]
        self.write(BOM + _line(head))

    def report(self, item: Item) -> None:
        rows = self._rows(audited(item, self.language))
        self.write("".join(_line([row.get(name, "") for name in COLUMNS]) for row in rows))

    def _rows(self, view: View | Failure) -> Iterator[dict[str, str]]:
        if isinstance(view, Failure):
            said = failure_in_words(view, self.language)
            yield {"status": view.code, "report": view.name, "message": said}
            return
        identity = view.report.identity
        about = {
            "report": view.name,
            "agency": identity.agency or "",
            "year": str(identity.year or ""),
            "form": view.report.form_id,
        }
        for finding in view.findings:
            yield about | _finding(finding, self.language)
        for gap in [view.unaudited] if view.unaudited else view.gaps:
            status = NOT_AUDITED if view.unaudited else "not-read"
            yield about | {"status": status, "message": gap}
        if view.prose_coverage:
            yield about | {"status": COVERAGE, "message": view.prose_coverage}
        place, said, _ = self._held.told(view)
        if said:
            yield {"status": SETTINGS, "report": place, "message": said}


def _finding(view: FindingView, language: str) -> dict[str, str]:
    finding, origin, settled = view.finding, view.origin, view.finding.disposition
    place = (
        {
            "page": origin.page,
            "line": origin.line,
            "column": origin.columns[0] if origin.columns else None,
            "selector": origin.selector,
        }
        if origin
        else {}
    )
    return {
        "status": "finding",
        "rule": finding.rule_id,
        "severity": view.severity.value,
        "certainty": finding.certainty.value,
        "cell": view.cell,
        "address": str(finding.primary or ""),
        "message": view.message,
        "actual": finding.actual or "",
        "expected": finding.expected or "",
        "quotes": view.quotes,
        "suggestion": view.suggestion,
        "statement": view.rule_line,
        "fingerprint": finding.fingerprint,
        "disposition": settled.kind.value if settled else "",
        "decided": disposed(settled, language) if settled else "",
        "declared": finding.declared.value if finding.declared else "",
        **{name: str(value) for name, value in place.items() if value is not None},
    }


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()
