"""What `--format json` and `jsonl` write, as types, and the JSON Schema that they make.

Keys that are there in some reports only are `Unset` in the others; programs may meet further keys.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from auditor.model.check import Severity
from auditor.model.finding import Certainty, Grade, Reason, Status, Verdict
from auditor.model.report import Identity, Match
from auditor.model.source import Origin

State = Literal["number", "blank", "illegible", "missing"]


class SourceShape(Struct):
    """Which document; of one that could not be opened, its name alone."""

    name: str
    sha256: str | None
    media_type: str | None


class EntryShape(Struct):
    """What stands in one box."""

    address: str
    raw: str | None
    value: str | None
    """Plain decimal notation; null unless `state` is `number`."""
    state: State
    origin: Origin | None
    match: Match
    recognised: Literal[True] | UnsetType = UNSET
    readings: list[str] | UnsetType = UNSET
    """Of an illegible box."""
    below: str | UnsetType = UNSET
    not_applicable: Literal[True] | UnsetType = UNSET


class NoticeShape(Struct):
    """Our doubt about our reading, or what is to be said beside other reports."""

    code: str
    message: str
    addresses: list[str]
    details: dict[str, str]
    origin: Origin | None


class EditShape(Struct, rename={"before": "from", "after": "to"}):
    """A cell, what is printed in it, and what to print instead."""

    address: str
    before: str | None
    after: str | None


class SlipShape(Struct):
    """How a figure may have come to be wrong."""

    code: str
    message: str
    cells: list[str]
    misreading: bool


class SuggestionShape(Struct):
    """Edits that settle the checks and break none."""

    edits: list[EditShape]
    settles: list[str]
    grade: Grade
    slips: list[SlipShape]


class QuoteShape(Struct):
    """A sentence, and the first and last character of each figure in it."""

    text: str
    marks: list[tuple[int, int]]


class FindingShape(Struct):
    """Failures with one cause."""

    rule: str
    severity: Severity
    declared_severity: Severity
    disposition: dict[str, str] | None
    certainty: Certainty
    message: str
    addresses: list[str]
    primary: str | None
    expected: str | None
    actual: str | None
    origin: Origin | None
    checks: list[str]
    suggestions: list[SuggestionShape]
    at_least: int | None
    more: bool
    fingerprint: str
    quotes: list[QuoteShape]


class ClaimShape(Struct):
    """A figure that a sentence states, and what it was matched with."""

    mention: str | None
    figure: str | None
    status: Status
    words: str
    addresses: list[str]
    origin: Origin | None


class ProseCoverageShape(Struct):
    """How many counts of the text were matched, set apart and why, and not understood."""

    reasons: dict[str, int]
    figures: int | UnsetType = UNSET
    matched: int | UnsetType = UNSET
    within: int | UnsetType = UNSET
    apart: int | UnsetType = UNSET
    unread: int | UnsetType = UNSET


class CoverageShape(Struct):
    """How much of one table was read."""

    table: str
    expected: int
    numbers: int
    blank: int
    illegible: int
    missing: int
    complete: bool
    matches: dict[str, int]


class UndecidedShape(Struct):
    """A check that applies, and the cells that it lacked."""

    check: str
    reason: Reason | None
    addresses: list[str]


class SettingsShape(Struct):
    """The settings file that took effect."""

    file: str
    silenced: int
    lowered: int
    errors_silenced: int


class _Head(Struct, kw_only=True):
    source: SourceShape
    form: str
    identity: Identity
    notices: list[NoticeShape]
    prose: list[ClaimShape]
    prose_coverage: ProseCoverageShape


class AuditShape(_Head, kw_only=True):
    """A report of `audit check`."""

    verdict: Verdict
    settings: SettingsShape | None
    counts: dict[str, int]
    dispositions: dict[str, int]
    findings: list[FindingShape]
    undetermined: list[UndecidedShape]
    receipts: list[CoverageShape]
    library_digest: str
    entries: list[EntryShape] | UnsetType = UNSET


class CountedShape(Struct):
    """A count of the text, and what became of it."""

    sentence: str
    mark: tuple[int, int]
    state: str
    why: str | None
    origin: Origin | None


class UnknownRowShape(Struct):
    """A row with figures that the form does not have."""

    text: str
    table: str
    between: list[str]
    figures: list[str]
    origin: Origin | None


class LeftoverShape(Struct):
    """Text in a table that belongs to nothing."""

    text: str
    origin: Origin


class ReadingShape(_Head, kw_only=True):
    """A report of `audit read`."""

    entries: list[EntryShape]
    prose_figures: list[CountedShape]
    unknown_rows: list[UnknownRowShape]
    leftovers: list[LeftoverShape]


class FailureShape(Struct):
    """A document that could not be audited."""

    source: SourceShape
    code: str
    message: str


class CheckOutput(Struct):
    """`audit check --format json`."""

    schema_version: Literal[1]
    reports: list[AuditShape]
    failures: list[FailureShape]


class ReadOutput(Struct):
    """`audit read --format json`."""

    schema_version: Literal[1]
    reports: list[ReadingShape]
    failures: list[FailureShape]


class CheckLine(AuditShape, kw_only=True):
    """A line of `audit check --format jsonl`, but for failures."""

    schema_version: Literal[1]


class ReadLine(ReadingShape, kw_only=True):
    """A line of `audit read --format jsonl`, but for failures."""

    schema_version: Literal[1]


class FailureLine(FailureShape, kw_only=True):
    """A line of either for a document that failed."""

    schema_version: Literal[1]


OUTPUTS = (CheckOutput, ReadOutput, CheckLine, ReadLine, FailureLine)


def output_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12) for every document and every line; each also by its name under
    `$defs`."""
    refs, defs = msgspec.json.schema_components(OUTPUTS, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What audit check and audit read write as JSON",
        "anyOf": list(refs),
        "$defs": defs,
    }
