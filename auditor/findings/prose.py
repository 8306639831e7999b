"""Failures of checks on sentences in; findings that quote the sentence out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from auditor.model.finding import Certainty, Finding, Outcome, Telling
from auditor.model.form import Form
from auditor.model.report import Match, Report
from auditor.wording import LANGUAGES, phrase

_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}


def tell_prose(report: Report, form: Form, failing: Iterable[Outcome]) -> Iterator[Finding]:
    """A finding for every failure; what is said more than once is told once, with every quote."""
    groups: dict[tuple[str, str, str | None], list[Outcome]] = {}
    for outcome in failing:
        if outcome.telling is not None:
            key = (outcome.check.rule.id, outcome.telling.subject, outcome.telling.actual)
            groups.setdefault(key, []).append(outcome)
    seen: dict[tuple[str, str], int] = {}
    for (rule, subject, _), outcomes in groups.items():
        seen[rule, subject] = seen.get((rule, subject), 0) + 1
        yield _finding(report, form, outcomes, seen[rule, subject])


def _finding(report: Report, form: Form, outcomes: Sequence[Outcome], number: int) -> Finding:
    """The finding about one claim; `number` tells it from others of the same subject."""
    first = outcomes[0]
    rule, telling = first.check.rule, first.telling
    assert telling is not None
    cells = tuple(dict.fromkeys(each.ref.address for one in outcomes for each in one.operands))
    entries = [report.entries[cell] for cell in cells if cell in report.entries]
    unsure = any(entry.match in _UNSURE for entry in entries)
    names = [telling.subject, *map(str, cells), *([f"#{number}"] if number > 1 else [])]
    quotes = tuple(quote for one in outcomes if one.telling for quote in one.telling.quotes)
    return Finding(
        rule_id=rule.id,
        severity=telling.severity or rule.severity,
        certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
        message={language: in_words(telling, language) for language in LANGUAGES},
        outcomes=tuple(outcomes),
        addresses=cells,
        primary=telling.primary,
        expected=telling.expected,
        actual=telling.actual,
        origin=quotes[0].origin if quotes else None,
        suggestions=(),
        fingerprint=fingerprint(report, rule.id, names),
        quotes=quotes,
    )


def in_words(telling: Telling, language: str) -> str:
    """What was found, in one language; the quotes stand beside it."""
    return phrase(telling.code, language, **telling.in_language(language))


def fingerprint(report: Report, rule_id: str, names: Iterable[str]) -> str:
    """The same for the same breach in a corrected or re-read copy: no values, no wording.

    Nor does it matter how wide or how spaced the agency's name is printed.
    """
    identity = report.identity
    parts = [report.form_id, identity.issuer, str(identity.year or ""), rule_id]
    return hashlib.sha256("\n".join([*parts, *sorted(names)]).encode()).hexdigest()[:16]
