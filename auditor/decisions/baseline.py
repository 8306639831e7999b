"""A baseline: the findings that were there before, as JSON that is read in review.

Sorted and stable, so that a change of it is a change of findings. Nothing of the machine or the day
is in it. Taking new findings in is a decision of its own and never comes with leaving old ones out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from auditor.decisions.apply import (
    ReportKey,
    checks_of,
    covers,
    is_about_sentences,
    key_of,
    key_of_entry,
    known_entries,
    names_of,
)
from auditor.decisions.values import values_of
from auditor.errors import DefinitionError
from auditor.findings.conclude import well_read
from auditor.model.disposition import KnownFinding
from auditor.model.finding import Audit, Finding, Reason, Status
from auditor.model.report import Report

_BYTE = re.compile(r"\(byte (\d+)\)")
_Key = tuple[ReportKey, str]


class Changes(Struct, frozen=True):
    """What a baseline and the findings of today have for each other."""

    stays: tuple[KnownFinding, ...]
    """As they were written, but for checks that hold again."""
    gone: tuple[KnownFinding, ...]
    """In the baseline, and nothing of it fails any more in a report that was read whole."""
    new: tuple[KnownFinding, ...]
    """Not in the baseline, or more or worse than what stands there."""
    changed: tuple[KnownFinding, ...]
    """In the baseline, with other values."""

    def updated(self, accept_new: bool) -> tuple[KnownFinding, ...]:
        """The next baseline: without what is gone, and nothing new unless that is accepted."""
        found = {_key(entry): entry for entry in self.stays}
        for entry in (*self.changed, *self.new) if accept_new else ():
            was = found.get(_key(entry))
            found[_key(entry)] = entry if was is None else _joined(entry, was)
        return _in_order(found.values())


def compare(known: Sequence[KnownFinding], audits: Iterable[Audit]) -> Changes:
    """The baseline beside the findings of these audits; of other reports everything stays."""
    record: dict[ReportKey, list[KnownFinding]] = {}
    for entry in known:
        record.setdefault(key_of_entry(entry), []).append(entry)
    failing: dict[ReportKey, _FailingChecks] = {}
    new: dict[_Key, KnownFinding] = {}
    changed: dict[_Key, KnownFinding] = {}
    for audit in audits:
        of = key_of(audit.report)
        failing.setdefault(of, _FailingChecks()).add(audit)
        for finding in audit.findings:
            entry = describe(finding, audit.report)
            own = known_entries(finding, record.get(of, ()))
            if not covers(own, finding):
                new[_key(entry)] = _joined(new.get(_key(entry)), entry)
            elif any(_key(was) == _key(entry) and was.values != entry.values for was in own):
                changed[_key(entry)] = entry
    stays: list[KnownFinding] = []
    gone: list[KnownFinding] = []
    for was in known:
        now = failing.get(key_of_entry(was))
        left = was.checks if now is None else now.still_failing(was)
        (stays if left else gone).append(replace(was, checks=left) if left else was)
    return Changes(*map(_in_order, (stays, gone, new.values(), changed.values())))


class _FailingChecks:
    """What fails in the copies of one report, and what cannot be told."""

    def __init__(self) -> None:
        self._is_whole = True
        self._checks: set[str] = set()
        self._by_fingerprint: dict[str, set[str]] = {}

    def add(self, audit: Audit) -> None:
        """One more copy."""
        self._is_whole &= well_read(audit.coverage)
        for finding in audit.findings:
            self._by_fingerprint.setdefault(finding.fingerprint, set()).update(checks_of(finding))
            if not is_about_sentences(finding):
                self._checks |= checks_of(finding)
        told = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
        self._checks |= {
            outcome.check.id
            for outcome in audit.outcomes
            if outcome.status is Status.UNDETERMINED
            or outcome.reason is Reason.PREDECESSOR
            or (outcome.status is Status.FAIL and id(outcome) not in told)
        }

    def still_failing(self, was: KnownFinding) -> tuple[str, ...]:
        """The checks on record that do not hold again, or of which that cannot be said."""
        if not self._is_whole:
            return was.checks
        now = self._checks | self._by_fingerprint.get(was.fingerprint, set())
        return tuple(check for check in was.checks if check in now)


def describe(finding: Finding, report: Report) -> KnownFinding:
    """A finding as a baseline has it."""
    return KnownFinding(
        fingerprint=finding.fingerprint,
        rule=finding.rule_id,
        severity=finding.declared or finding.severity,
        address=next(iter(names_of(finding)), None),
        agency=report.identity.agency,
        year=report.identity.year,
        source=report.source.name,
        checks=tuple(sorted({outcome.check.id for outcome in finding.outcomes})),
        message=dict(sorted(finding.message.items())),
        values=values_of(finding, report),
    )


class _File(Struct, forbid_unknown_fields=True):
    schema_version: Literal[1]
    findings: tuple[KnownFinding, ...]


def write_baseline(known: Iterable[KnownFinding]) -> str:
    """The file's text."""
    return json.format(json.encode(_File(1, _in_order(known))), indent=1).decode() + "\n"


def read_baseline(text: str, file: str) -> tuple[KnownFinding, ...]:
    """The findings in a baseline's text. Raises `DefinitionError` for anything unexpected."""
    try:
        return json.decode(text, type=_File).findings
    except ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`")
        if key == "schema_version":
            message = "only version 1 can be read"
        said = f"{key}: {message}" if key else message
        raise DefinitionError("definition", said, place=file) from None
    except DecodeError as error:
        byte = _BYTE.search(str(error))
        line = text.encode()[: int(byte[1]) if byte else None].count(b"\n") + 1
        said = f"not valid JSON: {error}"
        raise DefinitionError("json", said, place=f"{file}:{line}") from None


def _joined(was: KnownFinding | None, entry: KnownFinding) -> KnownFinding:
    """Two copies of one report, say as PDF and as DOCX: whatever fails in either."""
    if was is None:
        return entry
    return replace(
        was,
        checks=tuple(sorted({*was.checks, *entry.checks})),
        severity=min(was.severity, entry.severity, key=lambda each: each.rank),
    )


def _key(entry: KnownFinding) -> _Key:
    """One item for each finding of each report."""
    return key_of_entry(entry), entry.fingerprint


def _in_order(entries: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    return tuple(
        sorted(
            entries,
            key=lambda each: (
                *(each.agency or "", each.year or 0, each.rule),
                *(each.address or "", each.fingerprint, each.source),
            ),
        )
    )
