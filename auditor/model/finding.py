"""What an audit says: outcomes as computed, findings in words, and what a reviewer may ask of it:
all about a cell, and what corrections would come to.

Also what was decided before about findings: who accepted one, why, until when, for which values;
and baselines, waivers and answers as they stand in files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from msgspec import Struct

from auditor.model import Address, Words, as_html
from auditor.model.check import Check, Place, Severity
from auditor.model.form import Form
from auditor.model.prose import Quote
from auditor.model.report import UNKNOWN_ROW, Entry, Ref, Report, Value
from auditor.model.source import Notice, Origin


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


class Status(Enum):
    """The four outcomes; only PASS is a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Reason(Enum):
    """Why an outcome is undetermined or not applicable, or fails as the page stands."""

    BLANK = "blank-operand"
    """Of a failure: it would hold only if a figure stood in a box that is blank."""
    ILLEGIBLE = "illegible-operand"
    MISSING = "missing-operand"
    ASSUMED = "assumed"
    """The reader took this very sum for granted."""
    UNKNOWN_ROW = "unknown-row"
    """Within the sum stands a row with figures that the form does not have."""
    AGENCY = "agency-unknown"
    GUARD = "guard-false"
    ABSENT = "no-such-box"
    PREDECESSOR = "no-predecessor"
    CHILDREN = "no-children"
    """The reports of the bodies below this one are not at hand."""
    INCOMPLETE = "children-incomplete"
    """Of the bodies below this one, not every report is at hand that it takes."""
    ZERO = "division-by-zero"
    """A share or a rate of nothing."""
    UNSAID = "nothing-said"
    """The sentences say nothing of the kind."""
    VAGUE = "vague-figure"
    """The sentence gives its figure with 约, 余 or the like."""
    SELECTION = "selection"
    """A list that names some of its parts only."""
    BASE = "base-unknown"
    """It is not said what a percentage is of."""
    SCOPE = "another-scope"
    """The sentence also gives the agency's own figure; this one is of more."""


class Operand(Struct, frozen=True):
    """One figure as the check saw it."""

    ref: Ref
    value: Value
    coefficient: int | Decimal = 1


class ProseResult(Struct, frozen=True):
    """What a check on sentences found, for those who put it into words."""

    code: str
    """Kebab-case; `auditor.messages` says it to people."""
    details: tuple[tuple[str, str | Words], ...] = ()
    """What the wording fills in."""
    quotes: tuple[Quote, ...] = ()
    severity: Severity | None = None
    """In place of the rule's own."""
    subject: str = ""
    """What it is about, such as a mention's name; tells findings of one rule apart."""
    primary: Address | None = None
    expected: str | None = None
    actual: str | None = None

    def in_language(self, language: str) -> dict[str, str]:
        """The details in one language."""
        return {
            name: value
            if isinstance(value, str)
            else value.get(language) or next(iter(value.values()), "")
            for name, value in self.details
        }


class Outcome(Struct, frozen=True):
    """What a check found."""

    check: Check
    status: Status
    operands: tuple[Operand, ...] = ()
    residual: Decimal | None = None
    """Σ coefficient × value − constant, blanks as zero; None when an operand is unread. Of a ratio
    what is printed less what is due."""
    reason: Reason | None = None
    prose_result: ProseResult | None = None
    """For checks on sentences: what was looked at, whether it passed or not; of a sum that is told
    of one body below, what is told."""

    @property
    def severity(self) -> Severity:
        """How bad a failure is: as the rule says, unless the claim itself says otherwise."""
        own = self.prose_result.severity if self.prose_result else None
        return own or self.check.rule.severity


class Certainty(Enum):
    """How well the cells behind a finding were read."""

    CERTAIN = "certain"
    """Every operand by its own label, nothing assumed."""
    LIKELY = "likely"
    """Some operand by a torn label, by position or by inference."""


class Grade(Enum):
    """How much a suggestion may be trusted."""

    LIKELY = "likely"
    POSSIBLE = "possible"


class Edit(Struct, frozen=True):
    """One cell's printed text and what to print instead."""

    address: Address
    before: str
    after: str


class Slip(Struct, frozen=True):
    """How a wrong figure may have come about: a declared model of a mistake."""

    code: str
    """Kebab-case; `auditor.messages` says it to people."""
    cells: tuple[Address, ...] = ()
    """Other cells that the slip is about: the neighbour whose figure stands here, a lost part."""
    misreading: bool = False
    """Whether the document may be right and the reading of it wrong."""


class Suggestion(Struct, frozen=True):
    """Edits that settle the named checks and break none; an offer."""

    edits: tuple[Edit, ...]
    settles: tuple[str, ...]
    """Checks that fail."""
    grade: Grade
    slips: tuple[Slip, ...] = ()
    """What explains the edits: one slip for all of them, or one for each that has any."""


class Explanation(Struct, frozen=True):
    """Failing sums with one cause, as far as can be told, and what may be done about them."""

    outcomes: tuple[Outcome, ...]
    """The failures; the first is the one that the finding is filed under."""
    primary: Address | None = None
    """The cell at fault, where only one will do."""
    suggestions: tuple[Suggestion, ...] = ()
    """Every smallest set of edits, up to a limit; the most plausible first."""
    min_cells: int = 0
    """So many cells at least would have to change, where no set of edits is offered; else 0."""
    has_more: bool = False
    """Whether there are, or may be, other sets of edits that are as small."""


class Diagnosis(Struct, frozen=True):
    """What explains the failures, and which of them cannot be."""

    explanations: tuple[Explanation, ...] = ()
    """Every failing sum that is not in doubt, in exactly one."""
    doubted: frozenset[str] = frozenset()
    """Ids of failing checks that the form's own arithmetic rules out: we are wrong somewhere."""
    notices: tuple[Notice, ...] = ()
    """One for each of those."""


class Finding(Struct, frozen=True):
    """Failures with one cause: every check that it breaks."""

    rule_id: str
    severity: Severity
    certainty: Certainty
    message: Words
    outcomes: tuple[Outcome, ...]
    """The failures it explains; the first is the one it is filed under."""
    addresses: tuple[Address, ...]
    """Every cell those checks read."""
    primary: Address | None
    expected: str | None
    actual: str | None
    origin: Origin | None
    suggestions: tuple[Suggestion, ...]
    fingerprint: str
    quotes: tuple[Quote, ...] = ()
    """The sentences it is about."""
    min_cells: int = 0
    """As in `Explanation`."""
    has_more: bool = False
    """As in `Explanation`."""
    declared: Severity | None = None
    """The severity by the rules, where the configuration gave it another; else None."""
    disposition: Disposition | None = None
    """What was decided about it before; such a finding never reaches the threshold."""

    def __repr__(self) -> str:
        """Short: the checks behind it fill pages."""
        where = f" {self.primary}" if self.primary else ""
        return f"Finding({self.severity.value}, {self.rule_id}{where})"

    def _repr_html_(self) -> str:
        """For notebooks."""
        return as_html("", [self.cells("zh")])

    def cells(self, language: str) -> tuple[str, str, str, str]:
        """Severity, rule, cell and message in that language, or another where it has none."""
        said = self.message.get(language) or next(iter(self.message.values()), "")
        return self.severity.value, self.rule_id, str(self.primary or ""), said


class Coverage(Struct, frozen=True):
    """How much of one table was read."""

    table: str
    expected: int
    numbers: int
    blank: int
    illegible: int
    missing: int
    matches: Mapping[str, int]
    """Rows by how they were anchored."""

    @property
    def read(self) -> int:
        """Boxes that were read, as a number or as blank."""
        return self.numbers + self.blank

    @property
    def complete(self) -> bool:
        """Whether every box was."""
        return self.illegible == self.missing == 0


ENGINE_DOUBT = "engine-doubt"
"""Code of the notice that our own arithmetic cannot be right."""
UNFINISHED = frozenset({ENGINE_DOUBT, UNKNOWN_ROW})
"""Codes of notices with which an audit is never clean; they are told before what was found."""

NO_PREDECESSOR_GIVEN = "no-predecessor-given"
"""Code of the notice that none of the earlier reports at hand is last year's of this agency."""
SAME_REPORT, SAME_FILE = "same-report", "same-file"
"""Codes of notices that another report of the run is of the same agency and year, and that it is
the same file."""
AMONG_OTHERS = frozenset({NO_PREDECESSOR_GIVEN, SAME_REPORT, SAME_FILE})
"""Codes of notices about a report beside others: every format tells them."""


class Verdict(Enum):
    """What the whole audit comes to, the worst first; the same in every output."""

    FINDINGS = "findings"
    """Findings reach the threshold."""
    NOT_AUDITED = "not-audited"
    """Too little was read to call it clean, and nothing was found in what was read."""
    SILENCED = "silenced"
    """It would be clean, but for failures that settings keep from being told as the errors that
    they are."""
    BELOW = "below"
    """There are findings, and none reaches the threshold."""
    SETTLED = "settled"
    """The same, and about some of them something was decided before."""
    CLEAN = "clean"


class Audit(Struct, frozen=True):
    """One report, judged."""

    report: Report
    form: Form
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    coverage: tuple[Coverage, ...]
    library_digest: str
    compared: bool = False
    """Whether it was laid beside a baseline, so that a finding that is not known is new."""

    def __repr__(self) -> str:
        """Short: the outcomes fill a book."""
        counts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        return f"Audit({self.report!r}, {len(self.findings)} findings; checks: {counts})"

    def _repr_html_(self) -> str:
        """For notebooks: what it came to, and a row for each finding, in the form's language."""
        rows = [each.cells(self.form.language or "zh") for each in self.findings]
        return as_html(repr(self), *([rows] if rows else []))

    @property
    def counts(self) -> dict[str, int]:
        """Outcomes by status; all four, always."""
        found = {status.value: 0 for status in Status}
        for outcome in self.outcomes:
            found[outcome.status.value] += 1
        return found

    @property
    def dispositions(self) -> dict[str, int]:
        """Findings by what was decided about them before; all kinds, always."""
        found = {kind.value: 0 for kind in DispositionKind}
        for finding in self.findings:
            if finding.disposition is not None:
                found[finding.disposition.kind.value] += 1
        return found


class Failure(Struct, frozen=True):
    """A document that could not be audited at all."""

    name: str
    sha256: str | None
    media_type: str | None
    code: str
    message: str


def silenced_errors(audit: Audit) -> int:
    """Failures that are errors by their rules, and that are told as milder or not at all; those
    that something was decided about, and those that our own doubt takes back, are not among them.
    """
    reported = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
    untold = sum(
        outcome.status is Status.FAIL
        and id(outcome) not in reported
        and outcome.severity is Severity.ERROR
        for outcome in audit.outcomes
    )
    milder = sum(
        finding.declared is Severity.ERROR and finding.disposition is None
        for finding in audit.findings
    )
    doubted = any(notice.code == ENGINE_DOUBT for notice in audit.notices)
    return milder + (0 if doubted else untold)


class CheckResult(Struct, frozen=True):
    """One check that reads a cell, and what it found."""

    outcome: Outcome
    said: Words
    """With its figures."""
    conditional: bool = False
    """Whether the cell stands in the check's condition only."""
    doubted: bool = False
    """Whether it fails, and the form's own arithmetic rules that out."""


class Change(Struct, frozen=True):
    """A figure that two versions of a report say otherwise; None where one does not say it."""

    address: Address
    """Of a box, or of a figure that sentences state."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    """As plain numbers, or as printed; of sentences every figure that they state."""


class Difference(Struct, frozen=True):
    """What two versions of a report say otherwise."""

    before: Audit
    after: Audit
    changes: tuple[Change, ...]
    not_compared: tuple[Address, ...]
    """Boxes that were not read in one of them: whether they changed is not known."""
    gone: tuple[Finding, ...]
    """What is found in the first only."""
    new: tuple[Finding, ...]
    """What is found in the second only."""


class CellReport(Struct, frozen=True):
    """A cell of one report: what stands in it, what reads it, and what is said about it."""

    audit: Audit
    address: Address
    entry: Entry | None
    """None where this copy of the form has no such cell."""
    checks: tuple[CheckResult, ...]
    naming: tuple[Finding, ...]
    """Findings that name this very cell."""
    touching: tuple[Finding, ...]
    """Findings about sums that the cell enters."""


class Repair(Struct, frozen=True):
    """A finding and the only smallest set of edits that explains it."""

    finding: Finding
    suggestion: Suggestion

    @property
    def misreading(self) -> bool:
        """Whether the document may be right and the reading of it wrong."""
        return any(slip.misreading for slip in self.suggestion.slips)


class Corrections(Struct, frozen=True):
    """What a report would come to with the edits that are sure enough to be tried."""

    before: Audit
    repairs: tuple[Repair, ...]
    choices: tuple[Finding, ...]
    """Findings that several sets of edits would settle; none is applied."""
    after: Audit

    @property
    def left(self) -> tuple[Finding, ...]:
        """What would still be found, without the choices."""
        chosen = {finding.fingerprint for finding in self.choices}
        return tuple(each for each in self.after.findings if each.fingerprint not in chosen)

    @property
    def new(self) -> frozenset[str]:
        """Fingerprints of what would be found only after the edits."""
        known = {finding.fingerprint for finding in self.before.findings}
        return frozenset(each.fingerprint for each in self.after.findings) - known
