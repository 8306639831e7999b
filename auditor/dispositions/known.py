"""Whether a baseline knows a finding: nothing may fail that is not on record for the same report.

A finding tells several failures as one story, and which ones may differ from one version of the
diagnosis to the next. So the record of a report is what failed in it, whatever the stories were;
only findings about sentences, of which one check makes many, go by their fingerprints alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.findings.conclude import rank
from auditor.model.decisions import KnownFinding
from auditor.model.finding import Finding
from auditor.model.report import Identity, Report, folded

ReportKey = tuple[str, int | None, str]
"""Whose report for which year; with the file's name where the report does not say both."""


def key_of(report: Report) -> ReportKey:
    """Which report it is."""
    return _key(report.identity, report.source.name)


def key_of_entry(entry: KnownFinding) -> ReportKey:
    """Which report an item of a baseline is about."""
    return _key(Identity(entry.agency, entry.year), entry.source)


def _key(identity: Identity, source: str) -> ReportKey:
    whose = identity.agency is not None and identity.year is not None
    return identity.issuer, identity.year, "" if whose else folded(source.rpartition("/")[2])


def is_told(finding: Finding) -> bool:
    """Whether it is about sentences."""
    return any(outcome.prose_result is not None for outcome in finding.outcomes)


def checks_of(finding: Finding) -> frozenset[str]:
    """Ids of the checks that fail in it."""
    return frozenset(outcome.check.id for outcome in finding.outcomes)


def records(finding: Finding, entries: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    """The items, of those of its report, that this finding is on record with; maybe too few."""
    same = tuple(entry for entry in entries if entry.fingerprint == finding.fingerprint)
    if is_told(finding) or any(checks_of(finding) <= set(entry.checks) for entry in same):
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
        and rank(declared) >= min(rank(entry.severity) for entry in found)
    )
