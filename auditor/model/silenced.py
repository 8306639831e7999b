"""How many errors of an audit settings keep from being told as the errors that they are."""

from __future__ import annotations

from auditor.model.check import Severity
from auditor.model.finding import ENGINE_DOUBT, Audit, Outcome, Status


def silenced_errors(audit: Audit) -> int:
    """Failures that are errors by their rules, and that are told as milder or not at all; those
    that something was decided about, and those that our own doubt takes back, are not among them.
    """
    told = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
    untold = sum(
        outcome.status is Status.FAIL and id(outcome) not in told and _is_error(outcome)
        for outcome in audit.outcomes
    )
    milder = sum(
        finding.declared is Severity.ERROR and finding.disposition is None
        for finding in audit.findings
    )
    doubted = any(notice.code == ENGINE_DOUBT for notice in audit.notices)
    return milder + (0 if doubted else untold)


def _is_error(outcome: Outcome) -> bool:
    told = outcome.prose_result.severity if outcome.prose_result else None
    return (told or outcome.check.rule.severity) is Severity.ERROR
