"""An audit in; the edits that are sure enough to be tried, and the report after them, out.

A finding's edits are tried where they are the only smallest set that explains it. Nothing is
written anywhere: a corrected report is a value to be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from auditor.model.finding import Audit, Edit, Finding
from auditor.model.form import Address
from auditor.model.report import Entry, Number, Report
from auditor.model.review import Repair


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
    exponent = after.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
    return replace(entry, raw=edit.after, value=Number(after, step))
