"""Audits as JUnit XML: a suite for each report, a case for each check, none of which is lost.

Only a check that passed is a case without more. A failing one has the finding that tells it, an
undecided or inapplicable one is skipped and says why, and what was not audited is an error. A
failing one about which something was decided before is skipped too, with what was decided and the
finding itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from auditor.messages import Translator
from auditor.model.finding import Outcome, Status
from auditor.reporters import Item, Reporter
from auditor.reporters.view import (
    COVERAGE,
    FAILURE,
    NOT_AUDITED,
    NOT_READ,
    SETTINGS,
    FindingView,
    View,
    reason_in_words,
)

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
        self._suites: list[str] = []
        self._counts: Counter[str] = Counter()

    def report(self, item: Item) -> None:
        view = View(item, self.language)
        cases = [_reading(view), *_checks(view)]
        elements = Counter(case.element for case in cases)
        counts = {
            "tests": len(cases),
            "failures": elements["failure"],
            "errors": elements["error"],
            "skipped": elements["skipped"],
        }
        self._counts.update(counts)
        name = _quoted(view.name)
        suite = f" <testsuite name={name} {_attributes(counts)} file={name}>\n"
        if not view.failure:
            about = {
                "report": view.headline,
                SETTINGS: view.settings,
                COVERAGE: view.prose_coverage,
            }
            said = "".join(
                f'<property name="{key}" value={_quoted(text)}/>'
                for key, text in about.items()
                if text
            )
            suite += f"  <properties>{said}</properties>\n"
        cases_written = "".join(case.written() for case in cases)
        self._suites.append(suite + cases_written + " </testsuite>\n")

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
