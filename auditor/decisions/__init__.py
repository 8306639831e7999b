"""Audit + what was decided before → the audit with dispositions, and notices of what fell through.

Pure: the day is given. A waiver holds for the very values that it was given for and for no others.
The figures behind a finding are texts (`values_of`), the same however the report was read, so that
`5`, `5.0` and `５` are one value, and no wording of ours is in them. A key is a cell's address,
with `@1` for last year's figure, with `@printed` where the check is about how a figure is written,
or `said/<what>` for a sentence.

A baseline knows a finding where nothing fails that is not on record for the same report. A finding
tells several failures together, and which ones may differ from one version of the diagnosis to
the next, so the record of a report is what failed in it, whatever was told together; only findings
about sentences, of which one check makes many, go by their fingerprints alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import assert_never

from msgspec.structs import replace

from auditor.model.check import Place, Severity, Written
from auditor.model.finding import (
    Accepted,
    Audit,
    Decisions,
    Disposition,
    DispositionKind,
    Finding,
    KnownFinding,
    Outcome,
    ProseResult,
    Status,
)
from auditor.model.report import (
    Blank,
    Identity,
    Illegible,
    Missing,
    NotApplicable,
    Number,
    Ref,
    Report,
    Value,
    folded,
)
from auditor.model.source import Notice

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
    return {_key_of_ref(operand.ref): text_of(operand.value) for operand in outcome.operands}


def _key_of_ref(ref: Ref) -> str:
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


ReportKey = tuple[str, int | None, str]
"""Whose report for which year; with the file's name where the report does not say both."""


def key_of(report: Report) -> ReportKey:
    """Which report it is."""
    return _report_key(report.identity, report.source.name)


def key_of_entry(entry: KnownFinding) -> ReportKey:
    """Which report an item of a baseline is about."""
    return _report_key(Identity(entry.agency, entry.year), entry.source)


def _report_key(identity: Identity, source: str) -> ReportKey:
    whose = identity.agency is not None and identity.year is not None
    return identity.issuer, identity.year, "" if whose else folded(source.rpartition("/")[2])


def is_about_sentences(finding: Finding) -> bool:
    """Whether it is about sentences."""
    return any(outcome.prose_result is not None for outcome in finding.outcomes)


def checks_of(finding: Finding) -> frozenset[str]:
    """Ids of the checks that fail in it."""
    return frozenset(outcome.check.id for outcome in finding.outcomes)


def known_entries(finding: Finding, entries: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    """The items, of those of its report, that this finding is on record with; maybe too few."""
    same = tuple(entry for entry in entries if entry.fingerprint == finding.fingerprint)
    if is_about_sentences(finding) or any(
        checks_of(finding) <= set(entry.checks) for entry in same
    ):
        return same
    failing = checks_of(finding)
    return tuple(entry for entry in entries if failing & set(entry.checks))


def covers(entries: Iterable[KnownFinding], finding: Finding) -> bool:
    """Whether these items are this finding and no less: nothing more fails, nothing is worse.

    That the configuration gave it another severity is no matter.
    """
    found = tuple(entries)
    recorded = {check for entry in found for check in entry.checks}
    declared = finding.declared or finding.severity
    return (
        bool(found)
        and checks_of(finding) <= recorded
        and declared.rank >= min(entry.severity.rank for entry in found)
    )


_MOST = 5
"""So many changed values are listed."""


def apply_decisions(audit: Audit, decisions: Decisions, today: date) -> Audit:
    """The audit in which a finding that was decided about before says so.

    No finding is taken away. A waiver or an answer wins over the baseline: it says why. What was
    decided and does not hold (expired, lapsed, unused) is told as a notice.
    """
    notices: list[Notice] = []
    dispositions: dict[int, Disposition] = {}
    for item in decisions.accepted:
        if concerns(item, audit.report):
            _apply_item(item, audit, today, dispositions, notices)
    entries = tuple(
        entry for entry in decisions.known if key_of_entry(entry) == key_of(audit.report)
    )
    for index, finding in enumerate(audit.findings):
        own = known_entries(finding, entries)
        if index in dispositions or not own:
            continue
        if covers(own, finding):
            dispositions[index] = Disposition(DispositionKind.KNOWN)
            now = values_of(finding, audit.report)
            was = {key: entry.values[key] for entry in own for key in now if key in entry.values}
            if changes := _changes(was, now):
                details = {"rule": finding.rule_id, "changes": changes}
                notices.append(_finding_notice("known-changed", finding, **details))
        else:
            notices.append(_finding_notice("known-grown", finding, rule=finding.rule_id))
    findings = tuple(
        replace(finding, disposition=dispositions[index]) if index in dispositions else finding
        for index, finding in enumerate(audit.findings)
    )
    return replace(
        audit,
        findings=findings,
        notices=(*audit.notices, *notices),
        compared=decisions.compared or bool(decisions.known),
    )


def concerns(item: Accepted, report: Report) -> bool:
    """Whether a waiver or an answer is for this report."""
    if item.name is not None:
        name = report.source.name
        return fnmatchcase(name if "/" in item.name else name.rpartition("/")[2], item.name)
    identity = report.identity
    return identity.year == item.year and identity.issuer == folded(item.agency or "")


def places_of_decisions(
    decided: Audit, decisions: Decisions
) -> tuple[frozenset[Place], frozenset[Place]]:
    """Where those decisions stand that are for the report, and those by which a finding of the
    audit is settled."""
    met = (each.place for each in decisions.accepted if concerns(each, decided.report))
    settled = (finding.disposition for finding in decided.findings)
    served = (each.place for each in settled if each is not None and each.place is not None)
    return frozenset(met), frozenset(served)


def is_about(item: Accepted, finding: Finding) -> bool:
    """Whether it is for this finding, by rule and address."""
    return item.rule == finding.rule_id and any(
        fnmatchcase(name, item.address) for name in names_of(finding)
    )


def names_of(finding: Finding) -> tuple[str, ...]:
    """The addresses that a finding goes by: its own cell, else every cell, else what it is about.

    Findings about sentences have no cells, and go by `text/<what>`.
    """
    if finding.primary is not None:
        return (str(finding.primary),)
    subjects = (
        each.prose_result.subject for each in finding.outcomes if each.prose_result is not None
    )
    cells = tuple(str(address) for address in finding.addresses)
    return cells or tuple(f"text/{subject}" for subject in dict.fromkeys(subjects))


def covers_many(item: Accepted) -> bool:
    """Whether it may be for several reports, so that one alone does not tell whether it is used."""
    return item.name is not None and any(sign in item.name for sign in "*?[")


def has_expired(item: Accepted, today: date) -> bool:
    """Whether its last day is over."""
    return item.expires is not None and today > item.expires


def _apply_item(
    item: Accepted,
    audit: Audit,
    today: date,
    dispositions: dict[int, Disposition],
    notices: list[Notice],
) -> None:
    """One waiver or answer beside the findings of its report."""
    matched = [pair for pair in enumerate(audit.findings) if is_about(item, pair[1])]
    what = item.kind.value
    if has_expired(item, today):
        notices.append(_item_notice(item, f"{what}-expired", expires=str(item.expires)))
        return
    if not matched and not covers_many(item) and not _is_unreported(item, audit):
        notices.append(_item_notice(item, f"{what}-unused"))
    for index, finding in matched:
        if item.kind is DispositionKind.ANSWERED and finding.severity is Severity.ERROR:
            notices.append(_item_notice(item, "answered-error"))
        elif changes := _changes_since(item, finding, audit):
            notices.append(_item_notice(item, f"{what}-lapsed", changes=changes))
        elif index not in dispositions:
            dispositions[index] = Disposition(
                item.kind, item.place, item.reason, item.by, item.given, item.expires
            )


def _changes_since(item: Accepted, finding: Finding, audit: Audit) -> str:
    """What differs from the values that it was given for; empty where nothing does."""
    if item.values is None:
        return ""
    own = values_of(finding, audit.report)
    everywhere = values_in(audit, item.rule)
    now = {key: everywhere[key] for key in item.values if key in everywhere} | dict(own)
    return _changes(item.values, now)


def _changes(given: Values, now: Values) -> str:
    found = [f"{key} {was or '-'} → {is_ or '-'}" for key, was, is_ in differing(given, now)]
    more = [f"+{len(found) - _MOST}"] if len(found) > _MOST else []
    return "; ".join(found[:_MOST] + more)


def _is_unreported(item: Accepted, audit: Audit) -> bool:
    """Whether the rule fails and its findings were not asked for, so that nothing can be said."""
    reported = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
    return any(
        outcome.check.rule.id == item.rule
        and outcome.status is Status.FAIL
        and id(outcome) not in reported
        for outcome in audit.outcomes
    )


def _item_notice(item: Accepted, code: str, **details: str) -> Notice:
    given = {"place": str(item.place), "rule": item.rule, "cell": item.address, "by": item.by}
    return Notice(code, tuple((given | details).items()))


def _finding_notice(code: str, finding: Finding, **details: str) -> Notice:
    return Notice(code, tuple(details.items()), finding.addresses)
