"""What was decided before about findings: who accepted one, why, until when, for which values; and
baselines, waivers and answers as they stand in files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from msgspec import Struct

from auditor.model.check import Place, Severity


class DispositionKind(Enum):
    """Why a finding does not reach the threshold. It is counted and shown all the same."""

    KNOWN = "known"
    """It stands in the baseline: found before, and left as it is."""
    WAIVED = "waived"
    """A person accepted it, for a reason, until a day, for the values that it had."""
    ANSWERED = "answered"
    """A warning that was explained instead of corrected; an error cannot be."""


class Disposition(Struct, frozen=True):
    """What was decided about one finding; a finding has one or none.

    Renderers find it at `Finding.disposition`. What was decided once and no longer holds (expired,
    lapsed, unused) is no disposition but a notice of the audit.
    """

    kind: DispositionKind
    place: Place | None = None
    """Where that is written; None for a baseline, whose lines move."""
    reason: str | None = None
    """Why it was waived, or the answer, as written; None for KNOWN."""
    by: str | None = None
    given: date | None = None
    """The day of an answer."""
    expires: date | None = None
    """The last day on which a waiver holds; None where it has none."""


class KnownFinding(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One item of a baseline: enough to recognise the finding, and for a person to review it.

    The fields are the keys of the file, in its order.
    """

    agency: str | None = None
    year: int | None = None
    source: str
    """The file's name; it decides only where the report does not say who reports on which year."""
    rule: str
    severity: Severity
    """The rule's own; what is worse now is new."""
    address: str | None = None
    message: Mapping[str, str]
    values: Mapping[str, str]
    checks: tuple[str, ...]
    """What failed. A finding under which more fails now is new."""
    fingerprint: str


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
