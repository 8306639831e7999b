"""Audits as JUnit XML: a suite for each report, a case for each check, none of which is lost.

Only a check that passed is a case without more. A failing one has the finding that tells it, an
undecided or inapplicable one is skipped and says why, and what was not audited is an error. A
failing one about which something was decided before is skipped too, with what was decided and the
finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from auditor.messages import phrase
from auditor.model.finding import Failure, Outcome, Status
from auditor.reporters import Item, Reporter
from auditor.reporters.view import (
    COVERAGE,
    NOT_AUDITED,
    SETTINGS,
    FindingView,
    View,
    audited,
    failure_in_words,
)
from auditor.reporters.words import disposed, reason_in_words, titled

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


class _Suite(Struct, frozen=True):
    """One report."""

    name: str
    cases: tuple[_Case, ...]
    properties: tuple[tuple[str, str], ...] = ()

    def count(self, element: str) -> int:
        """How many cases came to that."""
        return sum(case.element == element for case in self.cases)


class JUnitReporter(Reporter):
    """One document, when all reports are done: its head has the counts of all."""

    def start(self) -> None:
        self._suites: list[_Suite] = []

    def report(self, item: Item) -> None:
        self._suites.append(_suite(audited(item, self.language), self.language))

    def finish(self) -> None:
        total = sum(len(suite.cases) for suite in self._suites)
        failures, errors = (
            sum(suite.count(element) for suite in self._suites) for element in ("failure", "error")
        )
        counts = f'tests="{total}" failures="{failures}" errors="{errors}"'
        self.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self.write(f'<testsuites name="audit" {counts}>\n')
        for suite in self._suites:
            self.write("".join(_written(suite)))
        self.write("</testsuites>\n")


def _suite(view: View | Failure, language: str) -> _Suite:
    if isinstance(view, Failure):
        said = failure_in_words(view, language)
        return _Suite(view.name, (_Case(NOT_AUDITED, view.name, "error", view.code, said),))
    properties = (
        ("report", view.headline),
        (SETTINGS, view.held),
        (COVERAGE, view.prose_coverage),
    )
    cases = (_read(view), *_checked(view))
    return _Suite(view.name, cases, tuple(each for each in properties if each[1]))


def _read(view: View) -> _Case:
    """Whether all was read that should be there; a verdict without it is no verdict."""
    if view.unaudited:
        return _Case(NOT_AUDITED, view.name, "error", NOT_AUDITED, view.unaudited)
    if view.gaps:
        return _Case(NOT_AUDITED, view.name, "error", "not-read", "\n".join(view.gaps))
    return _Case("all-read", view.name)


def _checked(view: View) -> Iterator[_Case]:
    told: dict[str, list[_Case]] = {}
    for finding in view.findings:
        for check in dict.fromkeys(outcome.check.id for outcome in finding.finding.outcomes):
            told.setdefault(check, []).append(_case(check, finding, view.language))
    by_check: dict[str, list[Outcome]] = {}
    for outcome in view.outcomes:
        by_check.setdefault(outcome.check.id, []).append(outcome)
    for check, outcomes in by_check.items():
        yield from told.get(check) or [_untold(check, outcomes, view.language)]


def _case(check: str, view: FindingView, language: str) -> _Case:
    """A check that fails, with the finding that tells it."""
    rule, settled = view.finding.rule_id, view.finding.disposition
    text = f"{view.place}\n{view.whole}\n{view.finding.fingerprint}"
    if settled is None:
        return _Case(check, rule, "failure", view.severity.value, view.message, text)
    said = disposed(settled, language)
    return _Case(check, rule, "skipped", settled.kind.value, said, text)


def _untold(check: str, outcomes: list[Outcome], language: str) -> _Case:
    """A check of which no finding speaks: passed, skipped, or failing and not reported."""
    worst = min(outcomes, key=lambda outcome: _RANKS.index(outcome.status))
    rule = worst.check.rule.id
    match worst.status:
        case Status.PASS:
            return _Case(check, rule)
        case Status.FAIL:
            return _Case(check, rule, "skipped", "untold", phrase("untold", language))
        case status:
            why = phrase(f"status-{status.value}", language)
            why = titled(why, reason_in_words(worst.reason, language), language)
            kind = worst.reason.value if worst.reason else status.value
            return _Case(check, rule, "skipped", kind, why)


def _written(suite: _Suite) -> Iterator[str]:
    name = _quoted(suite.name)
    counts = "".join(
        f' {attribute}="{suite.count(element)}"'
        for attribute, element in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        )
    )
    yield f' <testsuite name={name} tests="{len(suite.cases)}"{counts} file={name}>\n'
    if suite.properties:
        said = "".join(
            f'<property name="{key}" value={_quoted(text)}/>' for key, text in suite.properties
        )
        yield f"  <properties>{said}</properties>\n"
    for case in suite.cases:
        start = f"  <testcase classname={_quoted(case.group)} name={_quoted(case.name)}"
        if not case.element:
            yield f"{start}/>\n"
            continue
        kind, message = _quoted(case.kind), _quoted(case.message)
        text = escape(_sayable(case.text))
        end = f">{text}</{case.element}>" if text else "/>"
        yield f"{start}>\n   <{case.element} type={kind} message={message}{end}\n  </testcase>\n"
    yield " </testsuite>\n"


def _quoted(text: str) -> str:
    return quoteattr(_sayable(text), {"\n": "&#10;"})


def _sayable(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
