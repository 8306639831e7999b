"""One box of a report as it is shown, and which boxes a finding blames."""

from __future__ import annotations

from auditor.model.finding import Finding
from auditor.model.form import Address
from auditor.model.report import Blank, Illegible, Missing, Number, Report

_MARKED_AT_MOST = 6
"""A sum of so few cells, none of which stands out, has them all marked."""


def shown(report: Report, address: Address) -> str:
    """A box as it stands: `?` illegible, `·` missing, a blank as its printed mark."""
    entry = report.entries.get(address)
    if entry is None:
        return ""
    match entry.value:
        case Number(value=value):
            return format(value, "f")
        case Blank():
            return (entry.raw or "").strip()
        case Illegible():
            return "?"
        case Missing():
            return "·"


def at_fault(finding: Finding) -> frozenset[Address]:
    """The cells to be changed, else the one at issue, else all of a short sum."""
    if len(finding.suggestions) == 1:
        return frozenset(edit.address for edit in finding.suggestions[0].edits)
    if finding.primary is not None:
        return frozenset((finding.primary,))
    if len(finding.addresses) <= _MARKED_AT_MOST:
        return frozenset(finding.addresses)
    return frozenset()
