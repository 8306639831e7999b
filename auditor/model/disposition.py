"""What was decided before about a finding: who accepted it, why, until when, for which values."""

from __future__ import annotations

from datetime import date
from enum import Enum

from msgspec import Struct

from auditor.model.check import Place


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
