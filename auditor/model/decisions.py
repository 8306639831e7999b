"""What was decided about findings, as it stands in files: baselines, waivers, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from auditor.model.check import Place, Severity
from auditor.model.disposition import DispositionKind


class KnownFinding(Struct, frozen=True):
    """One item of a baseline: enough to recognise the finding, and for a person to review it."""

    fingerprint: str
    rule: str
    severity: Severity
    """The rule's own; what is worse now is new."""
    address: str | None
    agency: str | None
    year: int | None
    source: str
    """The file's name; it decides only where the report does not say who reports on which year."""
    checks: tuple[str, ...]
    """What failed. A finding under which more fails now is new."""
    message: Mapping[str, str]
    values: Mapping[str, str]


class Accepted(Struct, frozen=True):
    """A waiver or an answer as a person wrote it, not yet laid beside any finding."""

    kind: DispositionKind
    place: Place
    rule: str
    address: str
    """As in findings, or a pattern such as `applications/*/total`."""
    reason: str
    by: str
    agency: str | None = None
    """With the year, the report it is for; None where that is said by file name."""
    year: int | None = None
    name: str | None = None
    """The file's name, or a pattern."""
    given: date | None = None
    expires: date | None = None
    values: Mapping[str, str] | None = None
    """What the figures were when it was given; a waiver always says, an answer may."""


class Decisions(Struct, frozen=True):
    """All that was decided before: a baseline and a file of waivers and answers, either or none."""

    known: tuple[KnownFinding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    compared: bool = False
    """Whether there is a baseline, though nothing stand in it."""
