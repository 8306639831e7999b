"""Severities as a configuration wants them: an audit in, the same with other severities out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.findings.receipts import rank
from auditor.model.check import Severity
from auditor.model.finding import Audit, Finding, Outcome


def regrade(audit: Audit, severities: Mapping[str, Severity]) -> Audit:
    """The audit with findings graded anew, worst first; `severities` are by rule.

    What a finding explains decides, as ever: it has the worst severity of its failures. Outcomes,
    counts and what was read stay as they are.
    """
    findings = [_regraded(finding, severities) for finding in audit.findings]
    findings.sort(key=lambda finding: rank(finding.severity))
    return replace(audit, findings=tuple(findings))


def _regraded(finding: Finding, severities: Mapping[str, Severity]) -> Finding:
    if not any(outcome.check.rule.id in severities for outcome in finding.outcomes):
        return finding
    severity = min((_severity(each, severities) for each in finding.outcomes), key=rank)
    return (
        finding
        if severity is finding.severity
        else replace(finding, severity=severity, declared=finding.severity)
    )


def _severity(outcome: Outcome, severities: Mapping[str, Severity]) -> Severity:
    """A failure that its own check tells as milder than the rule is stays as mild."""
    rule = outcome.check.rule
    told = outcome.prose_result.severity if outcome.prose_result else None
    wanted = severities.get(rule.id)
    if wanted is None or told is None:
        return wanted or told or rule.severity
    return max(wanted, told, key=rank) if rank(told) > rank(rule.severity) else wanted
