"""Suggestions in words: what to change, what it settles, and how the slip may have come about."""

from __future__ import annotations

from auditor.messages import phrase
from auditor.messages.lists import changes_by_row
from auditor.model.finding import Finding, Slip, Suggestion
from auditor.model.form import Address, Form


def changes(suggestion: Suggestion, form: Form, language: str) -> str:
    """The edits: `cell: before → after`; of several, those of one row together."""
    told = [
        (named(form, each.address, language), each.before, each.after) for each in suggestion.edits
    ]
    if len(told) > 1:
        return changes_by_row(told, "change-in-row", language)
    ((cell, before, after),) = told
    before = before or phrase("blank", language)
    return phrase("change", language, cell=cell, before=before, after=after)


def settled(suggestion: Suggestion, finding: Finding, language: str) -> str:
    """What the edits settle: all that the finding tells of, or else the checks by name."""
    own = {outcome.check.id for outcome in finding.outcomes}
    if own == set(suggestion.settles):
        code = "settles-all" if len(own) > 1 else "settles-it"
        return phrase(code, language, count=len(own))
    checks = phrase("list-comma", language).join(suggestion.settles)
    return phrase("settles", language, count=len(suggestion.settles), checks=checks)


def named(form: Form, address: Address, language: str) -> str:
    """A cell by its labels; a figure that a sentence states as such."""
    said = form.describe(address, language)
    return said if address.row else phrase("in-text", language, what=said)


def slip_in_words(slip: Slip, form: Form, language: str) -> str:
    """How the figure may have come to be wrong."""
    cells = phrase("list-comma", language).join(form.describe(cell) for cell in slip.cells)
    return phrase(slip.code, language, cells=cells)


def why(suggestion: Suggestion, form: Form, language: str) -> str:
    """All the slips that explain a suggestion; empty when none is known.

    Where each edit has a slip of its own, it is told which is whose.
    """
    said = [slip_in_words(slip, form, language) for slip in suggestion.slips]
    if len(said) == len(suggestion.edits) and len(set(said)) > 1:
        cells = [named(form, edit.address, language) for edit in suggestion.edits]
        if len({cell.rpartition(" × ")[0] for cell in cells}) == 1:
            cells = [cell.rpartition(" × ")[2] for cell in cells]
        colon = phrase("colon", language)
        said = [cell + colon + slip for cell, slip in zip(cells, said, strict=True)]
    return phrase("list-semicolon", language).join(dict.fromkeys(said))


def choice(finding: Finding, language: str) -> str:
    """The line above several suggestions: that only one of them is meant."""
    count = len(finding.suggestions)
    if len(finding.outcomes) == 1:
        return phrase("one-of", language, count=count)
    return phrase("one-of-sets", language, count=count, failures=len(finding.outcomes))


def limits(finding: Finding, language: str) -> str:
    """What the search left open; empty when nothing."""
    if finding.min_cells == 1:
        return phrase("no-offer", language)
    if finding.min_cells:
        return phrase("at-least", language, cells=finding.min_cells)
    return phrase("more-sets", language) if finding.has_more and finding.suggestions else ""
