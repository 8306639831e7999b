"""Audits as annotations of the files in a forge: commands of a GitHub workflow, and a GitLab code
quality report.

Each finding is one, on its line, and so is what else must be said of a report. A finding about
which something was decided before is mere information, whatever its severity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from auditor.model.check import Severity
from auditor.reporters import Item
from auditor.reporters.view import (
    COVERAGE,
    FAILURE,
    NOT_AUDITED,
    NOT_READ,
    SETTINGS,
    FindingView,
    RemarkReporter,
    View,
    columns_of,
    line_of,
)

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_TITLES = {
    FAILURE: "not-audited",
    NOT_AUDITED: "not-audited",
    NOT_READ: "partly-audited",
    COVERAGE: "title-coverage",
    SETTINGS: "settings",
}
"""Messages above what is said of a whole file."""
_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})
_GRADES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}
_GRADES_OF_REMARKS = {Severity.ERROR: "blocker", Severity.WARNING: "major", Severity.INFO: "info"}


class GitHubReporter(RemarkReporter):
    """A line for each annotation, as soon as the report is done.

    GitHub shows ten errors, ten warnings and ten notes of each step; the log has all of them.
    """

    def report(self, item: Item) -> None:
        view = View(item, self.language)
        lines = [
            _command(
                Severity.INFO if finding.is_settled else finding.severity,
                _github_place(finding),
                finding.whole,
            )
            for finding in view.findings
        ]
        for remark in self.remarks(view):
            where = {"file": remark.name, "title": self.say(_TITLES[remark.kind])}
            lines.append(_command(remark.severity, where, remark.text))
        self.write("".join(lines))


def _command(severity: Severity, properties: Mapping[str, str], message: str) -> str:
    said = ",".join(f"{key}={text.translate(_IN_PROPERTIES)}" for key, text in properties.items())
    return f"::{_COMMANDS[severity]} {said}::{message.translate(_IN_MESSAGES)}\n"


def _github_place(view: FindingView) -> Mapping[str, str]:
    """The file, the line where it has lines, and a title that says which rule and where."""
    where = {"file": view.source.name}
    line, columns = line_of(view.source, view.origin), columns_of(view.source, view.origin)
    if line is not None:
        where |= {"line": str(line), "endLine": str(line)}
    if columns is not None:
        where |= {"col": str(columns[0]), "endColumn": str(columns[1])}
    return where | {"title": view.finding.rule_id + view.say.bracketed(view.page)}


class GitLabReporter(RemarkReporter):
    """One list, when all reports are done; every fingerprint in it once, as GitLab asks."""

    def start(self) -> None:
        super().start()
        self._issues: list[dict[str, Any]] = []
        self._seen: dict[str, int] = {}

    def report(self, item: Item) -> None:
        view = View(item, self.language)
        for finding in view.findings:
            said = finding.message + finding.say.bracketed(finding.suggestion)
            if finding.page:
                said = finding.say.titled(finding.page, said)
            self._issue(
                finding.say.semicolons((said, *finding.decided)),
                finding.finding.rule_id,
                finding.finding.fingerprint,
                "info" if finding.is_settled else _GRADES[finding.severity],
                view.name,
                line_of(finding.source, finding.origin) or 1,
            )
        for remark in self.remarks(view):
            rule = remark.kind if remark.kind in (SETTINGS, COVERAGE) else NOT_AUDITED
            # Other counts of the text's figures make no other issue.
            said = "" if rule == COVERAGE else remark.text
            mark = hashlib.sha256(f"{rule}\n{remark.name}\n{said}".encode()).hexdigest()[:16]
            grade = _GRADES_OF_REMARKS[remark.severity]
            self._issue(remark.text, rule, mark, grade, remark.name, 1)

    def _issue(self, said: str, rule: str, mark: str, grade: str, name: str, line: int) -> None:
        count = self._seen[mark] = self._seen.get(mark, 0) + 1
        self._issues.append(
            {
                "description": said,
                "check_name": rule,
                # The same report may stand twice in one run.
                "fingerprint": f"{mark}-{count}" if count > 1 else mark,
                "severity": grade,
                "location": {"path": name, "lines": {"begin": line}},
            }
        )

    def finish(self) -> None:
        self.write(json.dumps(self._issues, ensure_ascii=False, indent=1) + "\n")
