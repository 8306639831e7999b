"""Audits as comma-separated rows for a spreadsheet: one for each finding and each gap.

A spreadsheet takes a cell that begins with `=` for a formula, wherever the text came from; such
cells begin with an apostrophe instead (`auditor.spreadsheets`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.reporters import Item, Judged, Style
from auditor.reporters.decided import disposed
from auditor.reporters.flat import (
    NOT_AUDITED,
    Row,
    audits,
    failed,
    gaps,
    rows_of,
    unaudited,
)
from auditor.reporters.held import SETTINGS, ToldOnce
from auditor.spreadsheets import BOM, guarded

COLUMNS = (
    *("status", "report", "agency", "year", "form", "rule", "severity", "certainty", "cell"),
    *("address", "message", "actual", "expected", "page", "line", "column", "selector"),
    *("quotes", "suggestion", "statement", "fingerprint", "disposition", "decided", "declared"),
)


def render_csv(items: Iterable[Item], style: Style) -> Iterator[str]:
    """The headings, then the rows of each report as soon as it is done."""
    head = [phrase(f"column-{name}", style.language) for name in COLUMNS]
    yield BOM + _line(head)
    held = ToldOnce(style.language)
    for item in audits(items):
        rows = [*_rows(item, style.language), *_settings(item, held)]
        yield "".join(_line([row.get(name, "") for name in COLUMNS]) for row in rows)


def _rows(item: Judged | Failure, language: str) -> Iterator[dict[str, str]]:
    if isinstance(item, Failure):
        yield {"status": item.code, "report": item.name, "message": failed(item, language)}
        return
    report = item.audit.report
    identity = report.identity
    about = {
        "report": report.source.name,
        "agency": identity.agency or "",
        "year": str(identity.year or ""),
        "form": report.form_id,
    }
    for row in rows_of(item.audit, language):
        yield about | _finding(row, language)
    if said := unaudited(item, language):
        yield about | {"status": NOT_AUDITED, "message": said}
        return
    for gap in gaps(item, language):
        yield about | {"status": "not-read", "message": gap}


def _settings(item: Judged | Failure, held: ToldOnce) -> Iterator[dict[str, str]]:
    place, said, _ = held.told(item)
    if said:
        yield {"status": SETTINGS, "report": place, "message": said}


def _finding(row: Row, language: str) -> dict[str, str]:
    finding, origin, settled = row.finding, row.origin, row.finding.disposition
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
        "rule": row.rule,
        "severity": row.severity.value,
        "certainty": finding.certainty.value,
        "cell": row.cell,
        "address": str(finding.primary or ""),
        "message": row.message,
        "actual": finding.actual or "",
        "expected": finding.expected or "",
        "quotes": row.quotes,
        "suggestion": row.suggestion,
        "statement": row.statement,
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
