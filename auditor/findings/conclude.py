"""Outcomes + Report → Audit: what is worth telling, as stories in words, and how much was read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditor.findings.receipts import receipts_of
from auditor.model.finding import Audit, Diagnosis, Finding, Outcome, Status
from auditor.model.form import Form
from auditor.model.report import Report


def conclude(
    report: Report,
    form: Form,
    outcomes: Sequence[Outcome],
    diagnosis: Diagnosis,
    digest: str,
    told: Collection[str] | None = None,
) -> Audit:
    """The audit: every failure of a told rule in exactly one finding, worst first.

    `told` limits findings to those rule ids; outcomes and counts stay whole. A failure that the
    form's own arithmetic rules out becomes a notice instead.
    """
    failing = [
        outcome
        for outcome in outcomes
        if outcome.status is Status.FAIL
        and outcome.check.id not in diagnosis.doubted
        and (told is None or outcome.check.rule.id in told)
    ]
    findings: tuple[Finding, ...] = ()
    if failing:
        from auditor.findings.telling import tell  # most reports fail nothing

        findings = tell(report, form, failing, diagnosis, told)
    return Audit(
        report=report,
        form=form,
        outcomes=tuple(outcomes),
        findings=findings,
        notices=(*report.doubts, *diagnosis.notices),
        receipts=receipts_of(report, form),
        library_digest=digest,
    )
