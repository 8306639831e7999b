"""Failures of checks on sentences in; findings that quote the sentence out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from auditor.messages import LANGUAGES, phrase
from auditor.model.finding import Certainty, Finding, Outcome, ProseResult
from auditor.model.form import Form
from auditor.model.report import Match, Report

_Claim = tuple[str, str, str | None]
"""What tells findings apart: the rule, what it is about, and what is said."""
_UNIT = "unit-mixed"
_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}


def tell_prose(report: Report, form: Form, failing: Iterable[Outcome]) -> Iterator[Finding]:
    """A finding for every failure; what is said more than once is told once, with every quote.

    Where a unit was mixed up, that is told, and not also that the amounts differ.
    """
    # Those about units first: they lead the findings that they explain.
    told = sorted(
        ((each, each.prose_result) for each in failing if each.prose_result is not None),
        key=lambda one: one[1].code != _UNIT,
    )
    groups: dict[_Claim, list[Outcome]] = {}
    units: list[tuple[_Claim, Outcome]] = []
    for outcome, prose_result in told:
        own = (outcome.check.rule.id, prose_result.subject, prose_result.actual)
        if prose_result.code == _UNIT:
            units.append((own, outcome))
        else:
            own = next((claim for claim, unit in units if _explains(unit, outcome)), own)
        groups.setdefault(own, []).append(outcome)
    seen: dict[tuple[str, str], int] = {}
    for (rule, subject, _), outcomes in groups.items():
        seen[rule, subject] = seen.get((rule, subject), 0) + 1
        yield _finding(report, form, outcomes, seen[rule, subject])


def _explains(unit: Outcome, other: Outcome) -> bool:
    """Whether a mixed-up unit is why another check fails: the same figure, the same cell."""
    if unit.prose_result is None or other.prose_result is None:
        return False
    cells = {operand.ref for operand in unit.operands}
    return cells == {operand.ref for operand in other.operands} and any(
        one.text == two.text and any(a < d and c < b for a, b in one.marks for c, d in two.marks)
        for one in unit.prose_result.quotes
        for two in other.prose_result.quotes
    )


def _finding(report: Report, form: Form, outcomes: Sequence[Outcome], number: int) -> Finding:
    """The finding about one claim; `number` tells it from others of the same subject."""
    first = outcomes[0]
    rule, prose_result = first.check.rule, first.prose_result
    assert prose_result is not None
    cells = tuple(dict.fromkeys(each.ref.address for one in outcomes for each in one.operands))
    entries = [report.entries[cell] for cell in cells if cell in report.entries]
    unsure = any(entry.match in _UNSURE for entry in entries)
    names = [prose_result.subject, *map(str, cells), *([f"#{number}"] if number > 1 else [])]
    own = [one.prose_result for one in outcomes if one.prose_result and one.check.rule is rule]
    quotes = tuple(quote for each in own for quote in each.quotes)
    return Finding(
        rule_id=rule.id,
        severity=prose_result.severity or rule.severity,
        certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
        message={language: in_words(prose_result, language) for language in LANGUAGES},
        outcomes=tuple(outcomes),
        addresses=cells,
        primary=prose_result.primary,
        expected=prose_result.expected,
        actual=prose_result.actual,
        origin=quotes[0].origin if quotes else None,
        suggestions=(),
        fingerprint=fingerprint(report, rule.id, names),
        quotes=quotes,
    )


def in_words(prose_result: ProseResult, language: str) -> str:
    """What was found, in one language; the quotes stand beside it."""
    return phrase(prose_result.code, language, **prose_result.in_language(language))


def fingerprint(report: Report, rule_id: str, names: Iterable[str]) -> str:
    """The same for the same breach in a corrected or re-read copy: no values, no wording.

    Nor does it matter how wide or how spaced the agency's name is printed.
    """
    identity = report.identity
    parts = [report.form_id, identity.issuer, str(identity.year or ""), rule_id]
    return hashlib.sha256("\n".join([*parts, *sorted(names)]).encode()).hexdigest()[:16]
