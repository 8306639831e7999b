"""All about one cell, for people at a terminal: what stands there, what reads it, what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from auditor.messages import phrase
from auditor.model.finding import CellReport, CheckResult, Status
from auditor.model.report import Blank, Illegible, Match, Missing, Number
from auditor.reporters import Style
from auditor.reporters.terminal import bullets, heading, set_out, told_finding, wrapped
from auditor.reporters.view import FindingView
from auditor.reporters.words import at, in_language, quoted, reason_in_words

_MARKS = {
    Status.FAIL: ("✗", "bold red"),
    Status.UNDETERMINED: ("?", "bold yellow"),
    Status.PASS: ("✓", "green"),
    Status.NOT_APPLICABLE: ("–", "dim"),
}
"""In the order in which they are told."""
_INDENT = 2


def render_cell(account: CellReport, style: Style) -> str:
    """The account as a page of text."""
    return set_out(_parts(account, style), style)


def named(account: CellReport, language: str) -> str:
    """The cell in words; a figure of the text by what it is a figure of."""
    address, form = account.address, account.audit.form
    if address.row:
        return form.describe(address)
    labels = {mention.key: mention.label for mention in form.wordings.mentions}
    if address.column in labels:
        text, label = phrase("text-figure", language), in_language(labels[address.column], language)
        return phrase("on-line", language, line=text, said=label)
    return str(address)


def _parts(account: CellReport, style: Style) -> Iterator[RenderableType]:
    language, width = style.language, style.width
    yield wrapped(named(account, language), width, "bold")
    yield Text(str(account.address), style="dim")
    yield wrapped(_stands(account, language), width, hang=_INDENT)
    if account.entry is not None and account.entry.origin is not None:
        place = at(account.audit.report.source.name, account.entry.origin, language)
        yield wrapped(phrase("stands-at", language, place=place), width, "dim", hang=_INDENT)
    if not account.checks:
        yield heading(phrase("no-checks", language))
    else:
        states = Counter(each.outcome.status for each in account.checks)
        counts = {status.value: states[status] for status in Status}
        yield heading(phrase("title-checks", language, count=len(account.checks), **counts))
        for status in _MARKS:
            for each in account.checks:
                if each.outcome.status is status:
                    yield from _check(each, style)
    if account.naming:
        yield heading(phrase("title-naming", language, count=len(account.naming)))
    for number, finding in enumerate(account.naming, 1):
        yield from told_finding(FindingView(number, finding, account.audit, language), style)
    if account.touching:
        yield heading(phrase("title-touching", language, count=len(account.touching)))
    messages = (in_language(finding.message, language) for finding in account.touching)
    yield from bullets(messages, width)


def _stands(account: CellReport, language: str) -> str:
    """What was read, and how it was found."""
    entry = account.entry
    if entry is None:
        return phrase("cell-absent" if account.address.row else "cell-unsaid", language)
    match entry.value:
        case Number(value=value):
            said = phrase("cell-number", language, raw=entry.raw, value=format(value, "f"))
        case Blank():
            said = phrase("cell-blank", language, raw=entry.raw or "")
        case Illegible(readings=readings) if readings:
            listed = phrase("list-comma", language).join(readings)
            said = phrase("cell-may-be", language, readings=listed)
        case Illegible():
            said = phrase("cell-illegible", language)
        case Missing():
            said = phrase("cell-missing", language)
    if entry.match is not Match.NONE and account.address.row:
        match = phrase(f"match-{entry.match.value}", language)
        said += phrase("cell-match", language, match=match)
    return said + (phrase("cell-recognised", language) if entry.recognised else "")


def _check(each: CheckResult, style: Style) -> Iterator[RenderableType]:
    outcome, language, width = each.outcome, style.language, style.width
    rule = outcome.check.rule
    mark, colour = _MARKS[outcome.status]
    status = state_in_words(each, language)
    said = f"{mark} [{status}] {outcome.check.id}"
    head = wrapped(said, width, hang=_INDENT)
    head.stylize(colour, 0, len(status) + 4)
    yield head
    notes = [wrapped(in_language(rule.statement, language), width - _INDENT, "dim")]
    if words := in_language(each.said, language):
        notes.append(wrapped(words, width - _INDENT))
    if outcome.prose_result is not None:
        notes += [
            wrapped(quoted(q, language), width - _INDENT) for q in outcome.prose_result.quotes
        ]
    if each.conditional:
        notes.append(wrapped(phrase("only-condition", language), width - _INDENT))
    if each.doubted:
        notes.append(wrapped(phrase("check-doubted", language), width - _INDENT, "yellow"))
    for note in notes:
        yield Padding(note, (0, 0, 0, _INDENT))


def state_in_words(each: CheckResult, language: str) -> str:
    """Whether the check holds, and if that cannot be said, why."""
    outcome = each.outcome
    status = phrase(f"status-{outcome.status.value}", language)
    if outcome.status is Status.FAIL:
        told = outcome.prose_result.severity if outcome.prose_result else None
        severity = (told or outcome.check.rule.severity).value
        return phrase("check-failed", language, severity=phrase(f"severity-{severity}", language))
    if outcome.status is Status.PASS:
        return phrase("check-passed", language)
    if outcome.reason is None:
        return status
    reason = reason_in_words(outcome.reason, language)
    return phrase("because-of", language, status=status, reason=reason)
