"""A story that names the cells at fault in; the message that says so, and what says so, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from auditor.findings import explain
from auditor.messages import phrase
from auditor.messages.lists import changes_by_row
from auditor.messages.places import place
from auditor.model.check import Linear, Relation
from auditor.model.finding import Edit, Explanation, Operand, Outcome, Reason
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Number, Ref, Report
from auditor.model.source import Origin

_BRIEF, _FEW = 6, 2
"""Sums of more operands, and more of them not zero, are not spelled where many are told of."""


def pointing(report: Report, form: Form, story: Explanation, at: Edit, language: str) -> str:
    """What the cells are and should be, which failures that explains, and what the sums come to.

    What may be our own misreading says so before anything else.
    """
    (offer, *_), outcomes = story.suggestions, story.outcomes
    edits = [edit for edit in offer.edits if edit.address.row]
    single = len(edits) == 1
    said = _due(report, form, at, language) if single else _all_due(edits, form, language)
    if len(outcomes) > 1:
        code = "one-explains" if single else "cells-explain"
        if any(slip.code == "slip-row-shifted" for slip in offer.slips):
            code = "shift-explains"
        lead = phrase(code, language, cells=len(edits), count=len(outcomes))
        said = lead + phrase("colon", language) + said
    said = caution(report, story, language) + said
    first, *others = outcomes
    about = first.check.subject
    own = single and about is not None and about.address == at.address
    claims = [_verdict_on(first, form, language)] if own else []
    claims += [_brief(each, form, language) for each in (others if own else outcomes)]
    said += phrase("because", language, claims=phrase("list-semicolon", language).join(claims))
    return said + "".join(_restated(form, edit, language) for edit in offer.edits)


def _restated(form: Form, edit: Edit, language: str) -> str:
    """That a sentence repeats the figure, and has to change with it; nothing for a cell."""
    if edit.address.row:
        return ""
    what = form.describe(edit.address, language)
    return phrase("restate", language, what=what, before=edit.before, after=edit.after)


def caution(report: Report, story: Explanation, language: str) -> str:
    """Where to look first, if some suggestion is that we misread; else nothing."""
    for offer in story.suggestions:
        if any(slip.misreading for slip in offer.slips):
            where = _place_of(report.entries[offer.edits[0].address].origin, language)
            return phrase("look-first", language, place=where)
    return ""


def _due(report: Report, form: Form, edit: Edit, language: str) -> str:
    return phrase(
        "is-should-be",
        language,
        cell=explain.describe_ref(form, Ref(edit.address), language),
        actual=printed(report, edit.address) or phrase("blank", language),
        expected=edit.after,
    )


def _all_due(edits: Sequence[Edit], form: Form, language: str) -> str:
    told = [(form.describe(each.address), each.before, each.after) for each in edits]
    return changes_by_row(told, "due-in-row", language)


def _brief(outcome: Outcome, form: Form, language: str) -> str:
    """As `claim`, but of a sum of many figures only how many there are and what they come to:
    for a message about several sums, beside a table that shows them."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or not outcome.operands:
        return explain.statement_of(outcome, language)
    both = explain.sides(outcome, linear)
    if both.subject is None or explain.all_zero(both) or not _is_long(both.right):
        return explain.claim(outcome, form, language)
    return phrase(
        "subject-parts",
        language,
        cell=explain.describe_ref(form, both.subject.ref, language),
        actual=explain.shown(both.subject, language),
        count=len(both.right),
        total=explain.plain(both.right_total),
        difference=explain.plain(both.difference),
    )


def _verdict_on(outcome: Outcome, form: Form, language: str) -> str:
    """The sum that says what its subject should be: `a 2 + b 4 = 6, off by 1`."""
    linear = outcome.check.predicate
    assert isinstance(linear, Linear)
    both = explain.sides(outcome, linear)
    if explain.all_zero(both):
        return phrase("parts-zero", language, count=len(both.right))
    if _is_long(both.right):
        said = phrase("parts-alone", language, count=len(both.right))
    else:
        name = explain.namer(form, [each.ref for each in outcome.operands], language)
        said = explain.spell(both.right, name, both.constant, language)
    return phrase(
        "sum-says",
        language,
        sum=said,
        total=explain.plain(both.right_total),
        difference=explain.plain(both.difference),
    )


def _is_long(operands: Sequence[Operand]) -> bool:
    return len(operands) > _BRIEF and len(explain.nonzero(operands)) > _FEW


def _place_of(origin: Origin | None, language: str) -> str:
    """Where in the document to look: page and line, as far as the format has them, or its own way
    to say it."""
    told = (
        [
            phrase(f"look-{name}", language, **{name: value})
            for name, value in (("page", origin.page), ("line", origin.line))
            if value is not None
        ]
        if origin
        else []
    )
    if origin and origin.selector is not None:
        told.append(place(origin.selector, language))
    return phrase("list-comma", language).join(told) or phrase("look-here", language)


def only_if_filled(outcomes: Iterable[Outcome], report: Report, form: Form, language: str) -> str:
    """That sums hold only with a figure in a blank box, and which one where that can be told;
    nothing where that is not what ails them."""
    wanting = [outcome for outcome in outcomes if outcome.reason is Reason.BLANK]
    dues = {
        (operand.ref, _amount_wanting(outcome, operand)): None
        for outcome in wanting
        for operand in outcome.operands
        if _would_help(outcome, operand)
    }
    if not dues:
        return ""
    ((ref, due), *others) = dues
    parts = all(outcome.check.subject == ref for outcome in wanting)
    either = phrase("fill-or-parts" if parts else "fill-or-total", language)
    if due is not None and not others:
        cell = explain.describe_ref(form, ref, language)
        said = phrase("only-if-filled", language, cell=cell, due=explain.plain(due))
        return said + either
    boxes: dict[tuple[str, int], list[Address]] = {}
    for each in dict.fromkeys(ref for ref, _ in dues):
        boxes.setdefault((each.address.table, each.lag), []).append(each.address)
    listed = [
        explain.list_cells(report, form, own, language)
        + (phrase("last-year", language) if lag else "")
        for (_, lag), own in boxes.items()
    ]
    cells = phrase("list-semicolon", language).join(listed)
    return phrase("only-if-some-filled", language, cells=cells) + either


def _would_help(outcome: Outcome, operand: Operand) -> bool:
    """Whether a figure in the box, which is blank, brings both sides nearer to each other."""
    excess = outcome.residual
    blank = isinstance(operand.value, Blank)
    return blank and excess is not None and excess * operand.coefficient < 0


def _amount_wanting(outcome: Outcome, blank: Operand) -> Decimal | None:
    """The figure with which an equation holds, its other blanks being zero; None where several
    would do."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return None
    if outcome.residual is None or abs(blank.coefficient) != 1 or linear.tolerance:
        return None
    return -outcome.residual * blank.coefficient


def printed(report: Report, address: Address) -> str | None:
    """A cell's figure as a plain number, or as printed where it is none; None when blank."""
    entry = report.entries.get(address)
    if entry is None:
        return None
    if isinstance(entry.value, Number):
        return explain.plain(entry.value.value)
    return entry.raw or None
