"""Audits as JUnit XML: a suite for each report, a case for each check, none of which is lost.

Only a check that passed is a case without more. A failing one has the finding that tells it, an
undecided or inapplicable one is skipped and says why, and what was not audited is an error. A
failing one about which something was decided before is skipped too, with what was decided and the
finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from auditor.messages import phrase
from auditor.model.finding import Audit, Failure, Outcome, Status
from auditor.model.noun import noun
from auditor.reporters import Item, Judged, Style
from auditor.reporters.decided import disposed
from auditor.reporters.flat import (
    NOT_AUDITED,
    audits,
    failed,
    gaps,
    headline,
    reason_in_words,
    rows_of,
    unaudited,
)
from auditor.reporters.held import SETTINGS, held_in_words

_RANKS = (Status.FAIL, Status.UNDETERMINED, Status.PASS, Status.NOT_APPLICABLE)
"""Of several outcomes of one check the first that occurs is the case's."""
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to say."""


@noun
class _Case:
    """One case: what it is about, and what stands in it unless it passed."""

    name: str
    group: str
    element: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


@noun
class _Suite:
    """One report."""

    name: str
    about: str
    held: str
    """Which settings decided."""
    cases: tuple[_Case, ...]

    def count(self, element: str) -> int:
        """How many cases came to that."""
        return sum(case.element == element for case in self.cases)


def render_junit(items: Iterable[Item], style: Style) -> Iterator[str]:
    """One document, when all reports are done: its head has the counts of all."""
    suites = [_suite(item, style.language) for item in audits(items)]
    total, failures, errors = (
        sum(numbers)
        for numbers in (
            [len(suite.cases) for suite in suites],
            [suite.count("failure") for suite in suites],
            [suite.count("error") for suite in suites],
        )
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="audit" tests="{total}" failures="{failures}" errors="{errors}">\n'
    for suite in suites:
        yield from _written(suite)
    yield "</testsuites>\n"


def _suite(item: Judged | Failure, language: str) -> _Suite:
    if isinstance(item, Failure):
        case = _Case(NOT_AUDITED, item.name, "error", item.code, failed(item, language))
        return _Suite(item.name, "", "", (case,))
    audit = item.audit
    name = audit.report.source.name
    cases = [_read(item, language), *_checked(audit, language)]
    return _Suite(name, headline(audit, language), held_in_words(item, language), tuple(cases))


def _read(item: Judged, language: str) -> _Case:
    """Whether all was read that should be there; a verdict without it is no verdict."""
    name = item.audit.report.source.name
    if said := unaudited(item, language):
        return _Case(NOT_AUDITED, name, "error", NOT_AUDITED, said)
    if open_ := gaps(item, language):
        return _Case(NOT_AUDITED, name, "error", "not-read", "\n".join(open_))
    return _Case("all-read", name)


def _checked(audit: Audit, language: str) -> Iterator[_Case]:
    told: dict[str, list[_Case]] = {}
    for row in rows_of(audit, language):
        for check in dict.fromkeys(outcome.check.id for outcome in row.finding.outcomes):
            about = f"{row.place}\n{row.told}\n{row.finding.fingerprint}"
            settled = row.finding.disposition
            if settled is None:
                case = _Case(check, row.rule, "failure", row.severity.value, row.message, about)
            else:
                said = disposed(settled, language)
                case = _Case(check, row.rule, "skipped", settled.kind.value, said, about)
            told.setdefault(check, []).append(case)
    for check, outcomes in _by_check(audit).items():
        if check in told:
            yield from told[check]
        else:
            yield _untold(check, outcomes, language)


def _untold(check: str, outcomes: list[Outcome], language: str) -> _Case:
    """A check of which no finding speaks: passed, skipped, or failing and not reported."""
    worst = min(outcomes, key=lambda outcome: _RANKS.index(outcome.status))
    rule = worst.check.rule.id
    match worst.status:
        case Status.PASS:
            return _Case(check, rule)
        case Status.FAIL:
            said = phrase("untold", language)
            return _Case(check, rule, "skipped", "untold", said)
        case status:
            why = phrase(f"status-{status.value}", language)
            why += phrase("colon", language) + reason_in_words(worst.reason, language)
            kind = worst.reason.value if worst.reason else status.value
            return _Case(check, rule, "skipped", kind, why)


def _by_check(audit: Audit) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in audit.outcomes:
        found.setdefault(outcome.check.id, []).append(outcome)
    return found


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
    if suite.about:
        told = {"report": suite.about} | ({SETTINGS: suite.held} if suite.held else {})
        said = "".join(f'<property name="{key}" value={_quoted(told[key])}/>' for key in told)
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
