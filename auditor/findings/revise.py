"""An audit in; the same with other severities, or with the edits that are sure enough, out.

A finding's edits are tried where they are the only smallest set that explains it. Nothing is
written anywhere: a corrected report is a value to be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec.structs import replace

from auditor.model.check import Severity
from auditor.model.finding import Audit, Edit, Finding, Outcome, Repair
from auditor.model.form import Address
from auditor.model.report import Entry, Number, Report, step_of


def regrade(audit: Audit, severities: Mapping[str, Severity]) -> Audit:
    """The audit with findings graded anew, worst first; `severities` are by rule.

    What a finding explains decides, as ever: it has the worst severity of its failures. Outcomes,
    counts and what was read stay as they are.
    """
    findings = [_regraded(finding, severities) for finding in audit.findings]
    findings.sort(key=lambda finding: finding.severity.rank)
    return replace(audit, findings=tuple(findings))


def _regraded(finding: Finding, severities: Mapping[str, Severity]) -> Finding:
    if not any(outcome.check.rule.id in severities for outcome in finding.outcomes):
        return finding
    wanted = (_severity(each, severities) for each in finding.outcomes)
    severity = min(wanted, key=lambda each: each.rank)
    if severity is finding.severity:
        return finding
    return replace(finding, severity=severity, declared=finding.severity)


def _severity(outcome: Outcome, severities: Mapping[str, Severity]) -> Severity:
    """A failure that its own check tells as milder than the rule is stays as mild."""
    rule = outcome.check.rule
    wanted = severities.get(rule.id, outcome.severity)
    is_milder = outcome.severity.rank > rule.severity.rank
    return max(wanted, outcome.severity, key=lambda each: each.rank) if is_milder else wanted


def repairs_of(audit: Audit) -> tuple[Repair, ...]:
    """What would be tried, worst first; of two that would change one cell, the first."""
    found: list[Repair] = []
    taken: set[Address] = set()
    for finding in audit.findings:
        if len(finding.suggestions) != 1 or finding.has_more:
            continue
        (offer,) = finding.suggestions
        cells = {edit.address for edit in offer.edits}
        if taken.isdisjoint(cells):
            taken |= cells
            found.append(Repair(finding, offer))
    return tuple(found)


def choices_of(audit: Audit, repairs: Iterable[Repair]) -> tuple[Finding, ...]:
    """The findings for which there are suggestions, and which are not among the repairs."""
    repaired = [repair.finding for repair in repairs]
    return tuple(
        each
        for each in audit.findings
        if each.suggestions and not any(each is other for other in repaired)
    )


def corrected(report: Report, repairs: Iterable[Repair]) -> Report:
    """The report as it would read after the edits."""
    edits = (edit for repair in repairs for edit in repair.suggestion.edits)
    changed = {edit.address: _edited(report.entries[edit.address], edit) for edit in edits}
    return replace(report, entries={**report.entries, **changed})


def _edited(entry: Entry, edit: Edit) -> Entry:
    after = Decimal(edit.after)
    return replace(entry, raw=edit.after, value=Number(after, step_of(after)))
