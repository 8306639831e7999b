"""The figures behind a finding as texts: what a decision about it was made for.

They are the same however the report was read, so that `5`, `5.0` and `５` are one value, and no
wording of ours is in them. A key is a cell's address, with `@1` for last year's figure, with
`@printed` where the check is about how a figure is written, or `said/<what>` for a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import assert_never

from auditor.model.check import Written
from auditor.model.finding import Audit, Finding, Outcome, ProseResult
from auditor.model.report import (
    Blank,
    Illegible,
    Missing,
    NotApplicable,
    Number,
    Ref,
    Report,
    Value,
    folded,
)

Values = Mapping[str, str]


def values_of(finding: Finding, report: Report) -> Values:
    """The values of everything that the finding's checks read, by key, in order."""
    found: dict[str, str] = {}
    said: dict[str, list[str]] = {}
    for outcome in finding.outcomes:
        found |= _operands(outcome)
        if isinstance(outcome.check.predicate, Written):
            address = outcome.check.predicate.ref.address
            entry = report.entries.get(address)
            found[f"{address}@printed"] = folded(entry.raw or "") if entry else ""
        if outcome.prose_result is not None:
            said.setdefault(f"said/{outcome.prose_result.subject}", []).append(
                _quoted(outcome.prose_result)
            )
    found |= {key: "; ".join(dict.fromkeys(texts)) for key, texts in said.items()}
    return dict(sorted(found.items()))


def values_in(audit: Audit, rule_id: str) -> Values:
    """Every value of an audit that a decision about a rule may have been made for."""
    found = {str(address): text_of(entry.value) for address, entry in audit.report.entries.items()}
    for outcome in audit.outcomes:
        found |= _operands(outcome)
    for finding in audit.findings:
        if finding.rule_id == rule_id:
            found |= values_of(finding, audit.report)
    return found


def text_of(value: Value) -> str:
    """A value as a word or a plain number, however many places were printed."""
    match value:
        case Number(value=number):
            return _plain(number)
        case NotApplicable():
            return "not applicable"
        case Blank():
            return "blank"
        case Illegible(readings=readings):
            return "illegible" + (f": {' / '.join(readings)}" if readings else "")
        case Missing():
            return "missing"
        case _:
            assert_never(value)


def canonical(text: str) -> str:
    """A value that a person wrote, as `text_of` would write it."""
    plain = folded(text)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return plain
    return _plain(number) if number.is_finite() else plain


def differing(given: Values, now: Values) -> Iterable[tuple[str, str | None, str | None]]:
    """What is not the same: key, then, now; None where there was or is no such value."""
    for key in sorted(given.keys() | now.keys()):
        if given.get(key) != now.get(key):
            yield key, given.get(key), now.get(key)


def _operands(outcome: Outcome) -> dict[str, str]:
    return {_key(operand.ref): text_of(operand.value) for operand in outcome.operands}


def _key(ref: Ref) -> str:
    return f"{ref.address}@{ref.lag}" if ref.lag else str(ref.address)


def _quoted(prose_result: ProseResult) -> str:
    """What a check on sentences looked at: figures and words of the report, none of ours."""
    marks = [
        quote.text[start:end] for quote in prose_result.quotes for start, end in sorted(quote.marks)
    ]
    details = [text for _, text in prose_result.details if isinstance(text, str)]
    given = [prose_result.expected, prose_result.actual]
    said = [*marks, *details, *(text for text in given if text is not None)]
    return ", ".join(dict.fromkeys(canonical(text) for text in said))


def _plain(number: Decimal) -> str:
    return "0" if not number else format(number.normalize(), "f")
