"""What a reviewer asks of one report: all about a cell, and what corrections would come to."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.address import Address, Words
from auditor.model.finding import Audit, Finding, Outcome, Suggestion
from auditor.model.report import Entry


class CheckResult(Struct, frozen=True):
    """One check that reads a cell, and what it found."""

    outcome: Outcome
    said: Words
    """With its figures."""
    conditional: bool = False
    """Whether the cell stands in the check's condition only."""
    doubted: bool = False
    """Whether it fails, and the form's own arithmetic rules that out."""


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
        told = {finding.fingerprint for finding in self.choices}
        return tuple(each for each in self.after.findings if each.fingerprint not in told)

    @property
    def new(self) -> frozenset[str]:
        """Fingerprints of what would be found only after the edits."""
        known = {finding.fingerprint for finding in self.before.findings}
        return frozenset(each.fingerprint for each in self.after.findings) - known
