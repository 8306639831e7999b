"""Audits as a GitLab code quality report: an issue for each finding and each report not audited.

A finding about which something was decided before is mere information, whatever its severity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.model.source import Origin
from auditor.reporters import Item, Judged, Style
from auditor.reporters.flat import NOT_AUDITED, Row, audits, failed, gaps, rows_of, unaudited
from auditor.reporters.held import SETTINGS, ToldOnce
from auditor.reporters.places import line_of

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(items: Iterable[Item], style: Style) -> Iterator[str]:
    """One list, when all reports are done; every fingerprint in it once, as GitLab asks."""
    held = ToldOnce(style.language)
    issues = [issue for item in audits(items) for issue in _issues(item, style.language, held)]
    seen: dict[str, int] = {}
    for issue in issues:
        mark = issue["fingerprint"]
        seen[mark] = seen.get(mark, 0) + 1
        if seen[mark] > 1:  # the same report twice in one run
            issue["fingerprint"] = f"{mark}-{seen[mark]}"
    yield json.dumps(issues, ensure_ascii=False, indent=1) + "\n"


def _issues(item: Judged | Failure, language: str, held: ToldOnce) -> Iterator[dict[str, Any]]:
    if isinstance(item, Failure):
        yield _gap(item.name, failed(item, language), "blocker")
        return
    name = item.audit.report.source.name
    for row in rows_of(item.audit, language):
        yield _issue(row, language)
    place, said, is_silenced = held.told(item)
    if said:
        yield _gap(place, said, "major" if is_silenced else "info", SETTINGS)
    if said := unaudited(item, language):
        yield _gap(name, said, "blocker")
        return
    for gap in gaps(item, language):
        yield _gap(name, gap, "major")


def _issue(row: Row, language: str) -> dict[str, Any]:
    said = _on_page(row.origin, language) + row.message
    suggestion = phrase("in-brackets", language, text=row.suggestion) if row.suggestion else ""
    settled = row.decided.splitlines()
    return {
        "description": phrase("list-semicolon", language).join((said + suggestion, *settled)),
        "check_name": row.rule,
        "fingerprint": row.finding.fingerprint,
        "severity": "info" if row.settled else _SEVERITIES[row.severity],
        "location": {
            "path": row.source.name,
            "lines": {"begin": line_of(row.source, row.origin) or 1},
        },
    }


def _on_page(origin: Origin | None, language: str) -> str:
    if origin is None or origin.page is None:
        return ""
    return phrase("on-page", language, page=origin.page) + phrase("colon", language)


def _gap(name: str, said: str, severity: str, check: str = NOT_AUDITED) -> dict[str, Any]:
    mark = hashlib.sha256(f"{check}\n{name}\n{said}".encode()).hexdigest()[:16]
    return {
        "description": said,
        "check_name": check,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": name, "lines": {"begin": 1}},
    }
