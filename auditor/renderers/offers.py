"""Suggestions in words: what to change, what it settles, and how the slip may have come about."""

from __future__ import annotations

from auditor.model.finding import Finding, Slip, Suggestion
from auditor.model.form import Form
from auditor.wording import phrase


def changes(suggestion: Suggestion, form: Form, language: str) -> str:
    """The edits: `cell: before → after`."""
    return phrase("list-semicolon", language).join(
        phrase(
            "change",
            language,
            cell=form.describe(edit.address),
            before=edit.before or phrase("blank", language),
            after=edit.after,
        )
        for edit in suggestion.edits
    )


def slip_in_words(slip: Slip, form: Form, language: str) -> str:
    """How the figure may have come to be wrong."""
    cells = phrase("list-comma", language).join(form.describe(cell) for cell in slip.cells)
    return phrase(slip.code, language, cells=cells)


def why(suggestion: Suggestion, form: Form, language: str) -> str:
    """All the slips that explain a suggestion; empty when none is known."""
    said = dict.fromkeys(slip_in_words(slip, form, language) for slip in suggestion.slips)
    return phrase("list-semicolon", language).join(said)


def choice(finding: Finding, language: str) -> str:
    """The line above several suggestions: that only one of them is meant."""
    count = len(finding.suggestions)
    if len(finding.outcomes) == 1:
        return phrase("one-of", language, count=count)
    return phrase("one-of-sets", language, count=count, failures=len(finding.outcomes))


def limits(finding: Finding, language: str) -> str:
    """What the search left open; empty when nothing."""
    if finding.least == 1:
        return phrase("no-offer", language)
    if finding.least:
        return phrase("at-least", language, cells=finding.least)
    return phrase("more-sets", language) if finding.more and finding.suggestions else ""
