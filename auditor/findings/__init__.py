"""Outcomes + Report → Audit: what is worth telling, how much was read, and what that comes to.

`build` puts failures and what explains them into words, with verified suggestions; `explain` spells
a check or a cell out with its figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from auditor.model.check import Severity
from auditor.model.finding import (
    UNFINISHED,
    Audit,
    Coverage,
    Diagnosis,
    Finding,
    Outcome,
    Reason,
    Status,
    Verdict,
    silenced_errors,
)
from auditor.model.form import Form
from auditor.model.report import Below, Blank, Illegible, Match, Missing, Number, Report, Value


def conclude(
    report: Report,
    form: Form,
    outcomes: Sequence[Outcome],
    diagnosis: Diagnosis,
    digest: str,
    selected_rules: Collection[str] | None = None,
) -> Audit:
    """The audit: every failure of a selected rule in exactly one finding, worst first.

    `selected_rules` limits findings to those rule ids; outcomes and counts stay whole. What the
    form's own arithmetic rules out becomes a notice instead.
    """
    failing = [
        outcome
        for outcome in outcomes
        if outcome.status is Status.FAIL
        and outcome.check.id not in diagnosis.doubted
        and (selected_rules is None or outcome.check.rule.id in selected_rules)
    ]
    findings: tuple[Finding, ...] = ()
    if failing:
        from auditor.findings.build import build_findings  # most reports fail nothing

        findings = build_findings(report, form, failing, diagnosis, selected_rules)
    return Audit(
        report=report,
        form=form,
        outcomes=tuple(outcomes),
        findings=findings,
        notices=(*report.doubts, *diagnosis.notices),
        coverage=coverage_of(report, form),
        library_digest=digest,
    )


def coverage_of(report: Report, form: Form) -> tuple[Coverage, ...]:
    """How much of each table was read, in the form's order; one without entries is missing."""
    found = []
    for table in form.tables:
        entries = [entry for box, entry in report.entries.items() if box.table == table.key]
        if table.optional and not entries:
            continue
        states = Counter(_state(entry.value) for entry in entries)
        rows: dict[str, set[Match]] = {}
        for entry in entries:
            rows.setdefault(entry.address.row, {Match.NONE}).add(entry.match)
        matches = Counter(map(_weakest, rows.values()))
        absent = 0 if entries else len(table.boxes())
        found.append(
            Coverage(
                table=table.key,
                expected=len(entries) or absent,
                numbers=states[Number],
                blank=states[Blank],
                illegible=states[Illegible],
                missing=states[Missing] + absent,
                matches={each.value: matches[each] for each in Match if matches[each]},
            )
        )
    return tuple(found)


def _state(value: Value) -> type:
    """What counts as read: a limit does, and that there is nothing to count is a blank."""
    if isinstance(value, Below):
        return Number
    return Blank if isinstance(value, Blank) else type(value)


def _weakest(ways: set[Match]) -> Match:
    """How a row was found: by the weakest of the ways in which its boxes were."""
    return max(ways - {Match.NONE}, key=[*Match].index, default=Match.NONE)


def verdict_of(audit: Audit, threshold: Severity = Severity.ERROR) -> Verdict:
    """What the audit comes to: findings at the threshold first, then whether enough was read.

    A finding about which something was decided before does not count; what was not read does,
    whatever was decided, and so does a blank that leaves a check at the threshold open. Where only
    settings keep errors from counting, it is not clean either.
    """
    if any(f.severity.reaches(threshold) for f in audit.findings if f.disposition is None):
        return Verdict.FINDINGS
    doubted = any(notice.code in UNFINISHED for notice in audit.notices)
    open_ended = any(
        outcome.status is Status.UNDETERMINED
        and outcome.reason is Reason.BLANK
        and outcome.check.rule.severity.reaches(threshold)
        for outcome in audit.outcomes
    )
    if doubted or open_ended or not well_read(audit.coverage):
        return Verdict.NOT_AUDITED
    if silenced_errors(audit):
        return Verdict.SILENCED
    if not audit.findings:
        return Verdict.CLEAN
    return Verdict.SETTLED if any(audit.dispositions.values()) else Verdict.BELOW


def well_read(coverage: Sequence[Coverage]) -> bool:
    """Whether every box of every table was read, and no table is blank all over."""
    return bool(coverage) and all(table.complete and table.numbers > 0 for table in coverage)
