"""Outcomes + Report → Audit: what is worth telling, as stories in words, and how much was read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditor.findings.receipts import coverage_of
from auditor.model.finding import Audit, Diagnosis, Finding, Outcome, Status
from auditor.model.form import Form
from auditor.model.report import Report


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
        from auditor.findings.telling import tell  # most reports fail nothing

        findings = tell(report, form, failing, diagnosis, selected_rules)
    return Audit(
        report=report,
        form=form,
        outcomes=tuple(outcomes),
        findings=findings,
        notices=(*report.doubts, *diagnosis.notices),
        coverage=coverage_of(report, form),
        library_digest=digest,
    )
