"""Failures of checks on sentences in; findings that quote the sentence out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from auditor.model.finding import Certainty, Finding, Outcome, Telling
from auditor.model.form import Form, Words
from auditor.model.report import Match, Report
from auditor.wording import LANGUAGES, phrase

_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}


def tell_prose(report: Report, form: Form, failing: Iterable[Outcome]) -> Iterator[Finding]:
    """A finding for every failure; the same claim made twice is told twice, at its own place."""
    seen: dict[tuple[str, str], int] = {}
    for outcome in failing:
        telling = outcome.telling
        assert telling is not None
        rule = outcome.check.rule
        key = (rule.id, telling.subject)
        seen[key] = seen.get(key, 0) + 1
        cells = tuple(dict.fromkeys(operand.ref.address for operand in outcome.operands))
        entries = [report.entries[cell] for cell in cells if cell in report.entries]
        unsure = any(entry.match in _UNSURE for entry in entries)
        names = [telling.subject, *map(str, cells), str(seen[key])]
        yield Finding(
            rule_id=rule.id,
            severity=telling.severity or rule.severity,
            certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
            message={language: in_words(telling, form, cells, language) for language in LANGUAGES},
            outcomes=(outcome,),
            addresses=cells,
            primary=telling.primary,
            expected=telling.expected,
            actual=telling.actual,
            origin=telling.quotes[0].origin if telling.quotes else None,
            suggestions=(),
            fingerprint=fingerprint(report, rule.id, names),
            quotes=telling.quotes,
        )


def in_words(telling: Telling, form: Form, cells: Sequence[object], language: str) -> str:
    """What was found, in one language; the quotes stand beside it."""
    values = {name: _said(value, language) for name, value in telling.details}
    return phrase(telling.code, language, **values)


def _said(value: str | Words, language: str) -> str:
    if isinstance(value, str):
        return value
    return value.get(language) or next(iter(value.values()), "")


def fingerprint(report: Report, rule_id: str, names: Iterable[str]) -> str:
    """The same for the same breach in a corrected or re-read copy: no values, no wording."""
    identity = report.identity
    parts = [report.form_id, identity.agency or "", str(identity.year or ""), rule_id]
    return hashlib.sha256("\n".join([*parts, *sorted(names)]).encode()).hexdigest()[:16]
