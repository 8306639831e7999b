"""Audits as a GitLab code quality report: an issue for each finding and each report not audited.

A finding about which something was decided before is mere information, whatever its severity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from auditor.messages import phrase
from auditor.model.check import Severity
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
from auditor.reporters.words import bracketed, joined, line_of, titled

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


class GitLabReporter(Reporter):
    """One list, when all reports are done; every fingerprint in it once, as GitLab asks."""

    def start(self) -> None:
        self._held = ToldOnce()
        self._found: list[dict[str, Any]] = []
        self._seen: dict[str, int] = {}

    def report(self, item: Item) -> None:
        for issue in self._issues(audited(item, self.language)):
            mark = issue["fingerprint"]
            count = self._seen[mark] = self._seen.get(mark, 0) + 1
            if count > 1:  # the same report twice in one run
                issue["fingerprint"] = f"{mark}-{count}"
            self._found.append(issue)

    def finish(self) -> None:
        self.write(json.dumps(self._found, ensure_ascii=False, indent=1) + "\n")

    def _issues(self, view: View | Failure) -> Iterator[dict[str, Any]]:
        if isinstance(view, Failure):
            yield _about(view.name, failure_in_words(view, self.language), "blocker")
            return
        for finding in view.findings:
            yield _issue(finding, self.language)
        place, said, is_silenced = self._held.told(view)
        if said:
            yield _about(place, said, "major" if is_silenced else "info", SETTINGS)
        if view.unaudited:
            yield _about(view.name, view.unaudited, "blocker")
        else:
            for gap in view.gaps:
                yield _about(view.name, gap, "major")
        if view.prose_coverage:
            yield _about(view.name, view.prose_coverage, "info", COVERAGE)


def _issue(view: FindingView, language: str) -> dict[str, Any]:
    origin, said = view.origin, view.message + bracketed(view.suggestion, language)
    if origin is not None and origin.page is not None:
        said = titled(phrase("on-page", language, page=origin.page), said, language)
    return {
        "description": joined("list-semicolon", (said, *view.decided), language),
        "check_name": view.finding.rule_id,
        "fingerprint": view.finding.fingerprint,
        "severity": "info" if view.is_settled else _SEVERITIES[view.severity],
        "location": {
            "path": view.source.name,
            "lines": {"begin": line_of(view.source, origin) or 1},
        },
    }


def _about(name: str, said: str, severity: str, check: str = NOT_AUDITED) -> dict[str, Any]:
    """An issue of a whole file; other counts of the text's figures make no other issue."""
    what = "" if check == COVERAGE else said
    mark = hashlib.sha256(f"{check}\n{name}\n{what}".encode()).hexdigest()[:16]
    return {
        "description": said,
        "check_name": check,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": name, "lines": {"begin": 1}},
    }
