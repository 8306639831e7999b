"""Audits as continuous integration shows them: annotations, suites of tests, and a comment.

Commands of a GitHub workflow and a GitLab code quality report: each finding is an annotation, on
its line, and so is what else must be said of a report. A finding about which something was decided
before is mere information, whatever its severity.

JUnit XML: a suite for each report, a case for each check, none of which is lost. Only a check that
passed is a case without more. A failing one has the finding that tells it, an undecided or
inapplicable one is skipped and says why, and what was not audited is an error. A failing one about
which something was decided before is skipped too, with what was decided and the finding itself.

Markdown for a comment: a table of the reports, then each report's findings. A comment holds so many
characters (65,536 on GitHub); what does not fit is counted, and what was not audited comes before
what was found.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from auditor.messages import Translator
from auditor.model.check import Severity
from auditor.model.finding import Outcome, Status
from auditor.reporters import Item, Reporter
from auditor.reporters.spool import JsonArray, Spool, json_text, write_json
from auditor.reporters.view import (
    BESIDE_OTHERS,
    COVERAGE,
    FAILURE,
    NOT_AUDITED,
    NOT_READ,
    SETTINGS,
    FindingView,
    Remark,
    RemarkFragment,
    RemarkReporter,
    View,
    columns_of,
    line_of,
    reason_in_words,
)

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_TITLES = {
    FAILURE: "not-audited",
    NOT_AUDITED: "not-audited",
    NOT_READ: "partly-audited",
    COVERAGE: "title-coverage",
    BESIDE_OTHERS: "title-beside-others",
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

    def finding_part(self, finding: FindingView) -> str:
        severity = Severity.INFO if finding.is_settled else finding.severity
        return _command(severity, _github_place(finding), finding.whole)

    def remark_part(self, remark: Remark, view: View) -> str:
        where = {"file": remark.name, "title": self.say(_TITLES[remark.kind])}
        return _command(remark.severity, where, remark.text)


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
        self._issues = Spool()
        self._seen: Counter[str] = Counter()

    def finding_part(self, finding: FindingView) -> tuple[str, str]:
        said = finding.message + finding.say.bracketed(finding.suggestion)
        if finding.page:
            said = finding.say.titled(finding.page, said)
        return _issue(
            finding.say.semicolons((said, *finding.decided)),
            finding.finding.rule_id,
            finding.finding.fingerprint,
            "info" if finding.is_settled else _GRADES[finding.severity],
            finding.source.name,
            line_of(finding.source, finding.origin) or 1,
        )

    def remark_part(self, remark: Remark, view: View) -> tuple[str, str]:
        own = (SETTINGS, COVERAGE, BESIDE_OTHERS)
        rule = remark.kind if remark.kind in own else NOT_AUDITED
        # Other counts of the text's figures make no other issue.
        said = "" if rule == COVERAGE else remark.text
        mark = hashlib.sha256(f"{rule}\n{remark.name}\n{said}".encode()).hexdigest()[:16]
        grade = _GRADES_OF_REMARKS[remark.severity]
        return _issue(remark.text, rule, mark, grade, remark.name, 1)

    def add(self, fragment: RemarkFragment) -> None:
        for mark, issue in self.parts_to_tell(fragment):
            self._seen[mark] += 1
            if (count := self._seen[mark]) > 1:  # the same report may stand twice in one run
                issue = json_text(json.loads(issue) | {"fingerprint": f"{mark}-{count}"})
            self._issues.add(issue)

    def finish(self) -> None:
        write_json(JsonArray(self._issues), self.write)


def _issue(said: str, rule: str, mark: str, grade: str, name: str, line: int) -> tuple[str, str]:
    """Its fingerprint, and the issue."""
    issue = {
        "description": said,
        "check_name": rule,
        "fingerprint": mark,
        "severity": grade,
        "location": {"path": name, "lines": {"begin": line}},
    }
    return mark, json_text(issue)


_RANKS = (Status.FAIL, Status.UNDETERMINED, Status.PASS, Status.NOT_APPLICABLE)
"""Of several outcomes of one check the first that occurs is the case's."""
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to say."""


class _Case(Struct, frozen=True):
    """One case: what it is about, and what stands in it unless it passed."""

    name: str
    group: str
    element: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""

    def written(self) -> str:
        """As XML."""
        start = f"  <testcase classname={_quoted(self.group)} name={_quoted(self.name)}"
        if not self.element:
            return f"{start}/>\n"
        kind, message = _quoted(self.kind), _quoted(self.message)
        text = escape(_sayable(self.text))
        end = f">{text}</{self.element}>" if text else "/>"
        return f"{start}>\n   <{self.element} type={kind} message={message}{end}\n  </testcase>\n"


class JUnitReporter(Reporter):
    """One document, when all reports are done: its head has the counts of all."""

    def start(self) -> None:
        self._suites = Spool()
        self._counts: Counter[str] = Counter()

    def fragment(self, item: Item, number: int) -> tuple[str, dict[str, int]]:
        """The suite, and what its head counts."""
        view = View(item, self.language_of(item))
        cases = [_reading(view), *_checks(view)]
        elements = Counter(case.element for case in cases)
        counts = {
            "tests": len(cases),
            "failures": elements["failure"],
            "errors": elements["error"],
            "skipped": elements["skipped"],
        }
        name = _quoted(view.name)
        suite = f" <testsuite name={name} {_attributes(counts)} file={name}>\n"
        if not view.failure:
            about = {
                "report": view.headline,
                SETTINGS: view.settings,
                COVERAGE: view.prose_coverage,
                BESIDE_OTHERS: "\n".join(view.beside_others),
            }
            said = "".join(
                f'<property name="{key}" value={_quoted(text)}/>'
                for key, text in about.items()
                if text
            )
            suite += f"  <properties>{said}</properties>\n"
        cases_written = "".join(case.written() for case in cases)
        return suite + cases_written + " </testsuite>\n", counts

    def add(self, fragment: tuple[str, dict[str, int]]) -> None:
        suite, counts = fragment
        self._suites.add(suite)
        self._counts.update(counts)

    def finish(self) -> None:
        counts = {name: self._counts[name] for name in ("tests", "failures", "errors")}
        self.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self.write(f'<testsuites name="audit" {_attributes(counts)}>\n')
        for suite in self._suites:
            self.write(suite)
        self.write("</testsuites>\n")


def _reading(view: View) -> _Case:
    """Whether all was read that should be there; a verdict without it is no verdict."""
    kinds = (FAILURE, NOT_AUDITED, NOT_READ)
    gaps = [remark for remark in view.remarks if remark.kind in kinds]
    if not gaps:
        return _Case("all-read", view.name)
    kind = view.failure.code if view.failure else gaps[0].kind
    said = "\n".join(remark.text for remark in gaps)
    return _Case(NOT_AUDITED, view.name, "error", kind, said)


def _checks(view: View) -> Iterator[_Case]:
    reported: dict[str, list[_Case]] = {}
    for finding in view.findings:
        for check in dict.fromkeys(outcome.check.id for outcome in finding.finding.outcomes):
            reported.setdefault(check, []).append(_case(check, finding))
    by_check: dict[str, list[Outcome]] = {}
    for outcome in view.outcomes:
        by_check.setdefault(outcome.check.id, []).append(outcome)
    for check, outcomes in by_check.items():
        yield from reported.get(check) or [_unreported(check, outcomes, view.say)]


def _case(check: str, view: FindingView) -> _Case:
    """A check that fails, with the finding that tells it."""
    rule, settled = view.finding.rule_id, view.finding.disposition
    text = f"{view.place}\n{view.whole}\n{view.finding.fingerprint}"
    if settled is None:
        return _Case(check, rule, "failure", view.severity.value, view.message, text)
    return _Case(check, rule, "skipped", settled.kind.value, view.settled, text)


def _unreported(check: str, outcomes: list[Outcome], say: Translator) -> _Case:
    """A check of which no finding speaks: passed, skipped, or failing and not reported."""
    worst = min(outcomes, key=lambda outcome: _RANKS.index(outcome.status))
    rule = worst.check.rule.id
    match worst.status:
        case Status.PASS:
            return _Case(check, rule)
        case Status.FAIL:
            return _Case(check, rule, "skipped", "untold", say("untold"))
        case status:
            why = say.titled(say(f"status-{status.value}"), reason_in_words(worst.reason, say))
            kind = worst.reason.value if worst.reason else status.value
            return _Case(check, rule, "skipped", kind, why)


def _attributes(counts: dict[str, int]) -> str:
    return " ".join(f'{name}="{count}"' for name, count in counts.items())


def _quoted(text: str) -> str:
    return quoteattr(_sayable(text), {"\n": "&#10;"})


def _sayable(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


MOST = 60_000
"""Characters that are written at most."""
_LAST = 600
"""Characters kept for saying what was left out."""
_LONGEST = 600
"""Characters of one cell."""
_SHARE = 3
"""The table of reports takes at most one part in so many."""
_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]|~"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;", "\n": "<br>"}
)


class _Section(NamedTuple):
    """One report: its line in the table, what is said of it, and its findings."""

    heading: str
    line: str
    title: str
    rows: list[str]
    remarks: list[tuple[bool, str]]
    """The lines, each with whether it counts figures of the text."""


class MarkdownReporter(RemarkReporter):
    """One text, when all reports are done."""

    def start(self) -> None:
        super().start()
        self._sections: list[_Section] = []

    def fragment(self, item: Item, number: int) -> tuple[_Section, RemarkFragment]:
        view = View(item, self.language_of(item))
        rows = [*map(_row, view.findings)]
        about = ("", view.verdict, "")
        if not view.failure:
            about = (view.headline, view.verdict, str(len(rows)))
        line = _line(map(_escaped, (view.name, *about)))
        title = f"{_escaped(view.name)} ({len(rows)})"
        return _Section(view.heading, line, title, rows, []), self.fragment_of(view)

    def finding_part(self, finding: FindingView) -> None:
        """Nothing: its row stands in a table of its own."""

    def remark_part(self, remark: Remark, view: View) -> tuple[bool, str]:
        line = f"- {_escaped(self.say.titled(remark.name, remark.text))}\n"
        return remark.kind == COVERAGE, line

    def add(self, fragment: tuple[_Section, RemarkFragment]) -> None:
        section, remarks = fragment
        section.remarks.extend(filter(None, self.parts_to_tell(remarks)))
        self._sections.append(section)

    def finish(self) -> None:
        say, sections = self.say, self._sections
        headings = {section.heading for section in sections} - {""}
        text = _Bounded(f"## {self.heading_of(headings)}\n\n")
        text.add(_head(("report", "agency", "verdict", "findings"), say), MOST)
        if left := text.add_all([section.line for section in sections], MOST // _SHARE):
            text.close(f"\n{say('more-reports', count=left)}\n")
        remarks = [remark for section in sections for remark in section.remarks]
        for title, are_counts in (("column-gaps", False), ("title-coverage", True)):
            if lines := [line for counts, line in remarks if counts is are_counts]:
                text.add(f"\n### {say(title)}\n\n", MOST)
                if left := text.add_all(lines, 2 * MOST // _SHARE):
                    text.close(f"- {say('and-so-many', count=left)}\n")
        if left := self._findings(text):
            text.close(f"\n{say('more-findings', count=left)}\n")
        self.write(text.said)

    def _findings(self, text: _Bounded) -> int:
        """How many did not fit."""
        left = sum(len(section.rows) for section in self._sections)
        columns = _head(("severity", "message", "place", "suggestion"), self.say)
        for section in self._sections:
            if section.rows:
                head = f"\n### {section.title}\n\n" + columns
                if not text.fits(head + section.rows[0]):
                    break
                text.add(head, MOST)
                over = text.add_all(section.rows, MOST)
                left -= len(section.rows) - over
                if over:
                    break
        return left


class _Bounded:
    """A text that never grows beyond `MOST`: what is no longer than its end is always taken."""

    def __init__(self, said: str) -> None:
        self.said = said

    def fits(self, more: str, most: int = MOST) -> bool:
        return len(self.said) + len(more) <= most - _LAST

    def add(self, more: str, most: int) -> bool:
        """Whether it was taken."""
        if fits := self.fits(more, most):
            self.said += more
        return fits

    def add_all(self, lines: Sequence[str], most: int) -> int:
        """How many of the lines were not taken, the first of them ending it."""
        for number, line in enumerate(lines):
            if not self.add(line, most):
                return len(lines) - number
        return 0

    def close(self, said: str) -> None:
        """A word on what was left out; room is kept for the few of them."""
        self.said += said


def _row(view: FindingView) -> str:
    lines = (view.message, *view.decided, *view.quotes, view.warning)
    said = "\n".join(filter(None, lines))
    tag = f"{view.tag}\n{view.finding.rule_id}"
    cells = (tag, said, view.place, view.suggestion or view.advice_line)
    return _line(map(_escaped, cells))


def _head(names: Sequence[str], say: Translator) -> str:
    cells = [say(f"column-{name}") for name in names]
    return _line(cells) + _line(["---"] * len(cells))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    """The text as Markdown shows it, in one line; nobody is mentioned and nothing linked by it."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "\u2026"
    return text.translate(_SIGNS).replace("\r", "")
