"""Audits and readings for people at a terminal: complete, and readable without colour.

Nothing is cut without saying how much: what does not fit is wrapped, what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import assert_never

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.text import Text

from auditor.messages import phrase
from auditor.model.check import Rule, Severity
from auditor.model.finding import (
    ENGINE_DOUBT,
    UNFINISHED,
    Audit,
    Certainty,
    Failure,
    Finding,
    Outcome,
    Status,
    Verdict,
)
from auditor.model.form import Form, Words
from auditor.model.report import Report
from auditor.model.source import Notice
from auditor.reporters import Item, Judged, Reading, Style
from auditor.reporters.decided import came_to, decided, tagged
from auditor.reporters.doubts import ASSURING, doubt_in_words
from auditor.reporters.grounds import listed_cells
from auditor.reporters.held import held_in_words
from auditor.reporters.offers import changes, choice, limits, settled, why
from auditor.reporters.places import at
from auditor.reporters.quotes import quoted
from auditor.reporters.tables import excerpt, receipts_table, report_tables
from auditor.reporters.told import counted, coverage_line, marked_sentences, told_lines
from auditor.reporters.unchecked import not_applicable, unchecked
from auditor.reporters.wrap import wrapped
from auditor.visible import visible

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_INDENT = 3
_OFFERS = 6
"""So many of several possible changes are listed; JSON has them all."""
_VERDICTS = {
    Verdict.CLEAN: "green",
    Verdict.SILENCED: "yellow",
    Verdict.FINDINGS: "red",
    Verdict.NOT_AUDITED: "yellow",
}


def render_terminal(items: Iterable[Item], style: Style) -> Iterator[str]:
    """Each item as a page of text, as soon as it is done."""
    for item in items:
        yield set_out(_parts(item, style), style)


def set_out(parts: Iterable[RenderableType], style: Style) -> str:
    """The parts below one another, in the width and the colours of the style."""
    console = Console(
        file=StringIO(),
        width=style.width,
        force_terminal=style.colour,
        no_color=not style.colour,
        color_system="standard" if style.colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        for part in parts:
            console.print(_Visible(part))
    return "\n".join(line.rstrip() for line in captured.get().split("\n"))


class _Visible:
    """A part with the text in it made visible: its colours have the only escape sequences."""

    def __init__(self, part: RenderableType) -> None:
        self._part = part

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._part, options):
            yield Segment(visible(segment.text), segment.style, segment.control)


def _parts(item: Item, style: Style) -> Iterator[RenderableType]:
    match item:
        case Judged():
            yield from _judged(item, style)
        case Reading(form=form, report=report):
            title = phrase("title-reading", style.language)
            yield panel(report, form, Text(title), "blue", style)
            yield from report_tables(report, form, style.language)
            yield Text(phrase("legend", style.language), style="dim")
            yield from _told(item.told, style)
            yield from _sentences(report, form, style)
            yield from _notices(report.doubts, report, form, style)
            yield from _leftovers(report, style)
        case Failure():
            said = phrase("title-failure", style.language)
            failed = f"{item.name}: {said}: {item.message} [{item.code}]"
            yield wrapped(failed, style.width, "red")
        case _:
            assert_never(item)


def _judged(item: Judged, style: Style) -> Iterator[RenderableType]:
    audit, language = item.audit, style.language
    said = phrase(f"verdict-{came_to(item)}", language, count=len(audit.findings))
    verdict = Text(said)
    verdict.stylize("bold " + _VERDICTS[item.verdict])
    yield panel(audit.report, audit.form, verdict, _VERDICTS[item.verdict], style)
    for notice in audit.notices:
        if notice.code in UNFINISHED:
            yield Padding(_notice(notice, audit.report, audit.form, style), (1, 0, 0, 0))
    if audit.findings:
        yield heading(phrase("title-findings", language, count=len(audit.findings)))
    else:
        yield wrapped(phrase("no-findings", language), style.width)
    for number, finding in enumerate(audit.findings, start=1):
        yield from told_finding(number, finding, audit, style)
    told = sum(len(finding.outcomes) for finding in audit.findings)
    doubted = sum(notice.code == ENGINE_DOUBT for notice in audit.notices)
    if untold := audit.counts[Status.FAIL.value] - told - doubted:
        yield wrapped(phrase("failures-untold", language, count=untold), style.width)
    if style.detail >= 0:
        yield from unchecked(audit, language, style.width)
        yield from not_applicable(audit, language, style.width, each=style.detail > 0)
        later = tuple(each for each in audit.notices if each.code not in UNFINISHED)
        yield from _notices(later, audit.report, audit.form, style)
        yield heading(phrase("title-receipts", language))
        yield receipts_table(audit, language)
        if style.detail > 0:
            yield from _told(audit.outcomes, style)
        else:
            yield from _told_counts(audit, style)
        yield from _coverage(audit.report, style)
        yield from _leftovers(audit.report, style)
    if any(audit.dispositions.values()):
        yield wrapped(phrase("disposition-counts", language, **audit.dispositions), style.width)
    counts = audit.counts
    said = phrase("counts", language, total=sum(counts.values()), **counts)
    yield wrapped(said, style.width, "bold")
    if said := held_in_words(item, language):
        yield wrapped(said, style.width, "bold")


def _told(outcomes: tuple[Outcome, ...], style: Style) -> Iterator[RenderableType]:
    lines = list(told_lines(outcomes, style.language))
    if lines:
        yield heading(phrase("title-told", style.language, count=len(lines)))
        for line in lines:
            yield wrapped("- " + line, style.width, hang=2)


def _told_counts(audit: Audit, style: Style) -> Iterator[RenderableType]:
    counts = counted(audit.outcomes)
    if any(counts.values()):
        values = {status.value: count for status, count in counts.items()}
        yield wrapped(phrase("told-counts", style.language, **values), style.width)


def _coverage(report: Report, style: Style) -> Iterator[RenderableType]:
    if said := coverage_line(report.prose, style.language):
        yield wrapped(said, style.width)


def _sentences(report: Report, form: Form, style: Style) -> Iterator[RenderableType]:
    lines = [*marked_sentences(report.prose, form, style.language)]
    if lines:
        yield heading(phrase("title-sentences", style.language))
        yield Text(phrase("sentences-legend", style.language), style="dim")
        for line in lines:
            yield wrapped("- " + line, style.width, hang=2)
        yield from _coverage(report, style)


def panel(report: Report, form: Form, verdict: Text, colour: str, style: Style) -> RenderableType:
    language, identity = style.language, report.identity
    agency = identity.agency or phrase("unknown-agency", language)
    year = (
        phrase("year", language, year=identity.year)
        if identity.year
        else phrase("unknown-year", language)
    )
    lines = [
        Text(f"{agency}  {year}", style="bold"),
        Text(form.name.get(language, form.id)),
        Text(report.source.name, style="dim"),
        verdict,
    ]
    title = Text(phrase("title-report", language))
    return Panel(Group(*lines), title=title, border_style=colour, expand=True)


def heading(text: str) -> RenderableType:
    """The title of a part."""
    return Padding(Text(f"── {text} ──", style="bold"), (1, 0, 0, 0))


def told_finding(
    number: int, finding: Finding, audit: Audit, style: Style
) -> Iterator[RenderableType]:
    """A finding with all that is known of it."""
    language = style.language
    rule = finding.outcomes[0].check.rule
    tag = tagged(finding, language)
    start = f"{number}. "
    said = f"{start}[{tag}] {in_language(finding.message, language)}"
    head = wrapped(said, style.width, hang=_INDENT)
    head.stylize(_COLOURS[finding.severity], len(start), len(start) + len(tag) + 2)
    yield Padding(head, (1, 0, 0, 0))
    notes = list(_about(finding, rule, audit, style))
    yield Padding(Group(*notes), (0, 0, 0, _INDENT))


def _about(finding: Finding, rule: Rule, audit: Audit, style: Style) -> Iterator[RenderableType]:
    report, form, language, width = audit.report, audit.form, style.language, style.width - _INDENT
    said = phrase(
        "rule-is", language, rule=rule.id, statement=in_language(rule.statement, language)
    )
    yield wrapped(said, width, "dim")
    for line in decided(finding, language):
        yield wrapped(line, width, "bold")
    for quote in finding.quotes:
        yield wrapped(quoted(quote, language), width)
    yield from excerpt(finding, report, form, language)
    if finding.origin is not None:
        where = at(report.source.name, finding.origin, language)
        yield wrapped(phrase("stands-at", language, place=where), width, "dim")
    yield from _suggestions(finding, form, language, width)
    if rule.advice:
        yield wrapped(
            phrase("advice-is", language, advice=in_language(rule.advice, language)), width
        )
    if finding.certainty is Certainty.LIKELY:
        yield wrapped(phrase("certainty-likely", language), width, "yellow")


def _suggestions(
    finding: Finding, form: Form, language: str, width: int
) -> Iterator[RenderableType]:
    offers = finding.suggestions
    if len(offers) > 1:
        yield wrapped(choice(finding, language), width)
        for offer in offers[:_OFFERS]:
            said = "  - " + changes(offer, form, language)
            if slip := why(offer, form, language):
                said += phrase("in-brackets", language, text=slip)
            yield wrapped(said, width, hang=4)
        if (left := len(offers) - _OFFERS) > 0:
            yield wrapped("  - " + phrase("and-more", language, count=left), width, hang=4)
    for offer in offers if len(offers) == 1 else ():
        settles = settled(offer, finding, language)
        grade = phrase(f"grade-{offer.grade.value}", language)
        said = grade + phrase("colon", language) + changes(offer, form, language)
        text = wrapped(said + phrase("in-brackets", language, text=settles), width)
        text.stylize("bold green", 0, len(grade))
        yield text
        if slip := why(offer, form, language):
            yield wrapped(phrase("slip-is", language, slip=slip), width)
    if open_ := limits(finding, language):
        yield wrapped(open_, width)


def _notices(
    notices: tuple[Notice, ...], report: Report, form: Form, style: Style
) -> Iterator[RenderableType]:
    if style.detail <= 0:
        notices = tuple(notice for notice in notices if notice.code not in ASSURING)
    if not notices:
        return
    yield heading(phrase("title-notices", style.language))
    for notice in notices:
        yield _notice(notice, report, form, style)


def _notice(notice: Notice, report: Report, form: Form, style: Style) -> Text:
    said = f"- {doubt_in_words(notice, form, style.language)}"
    if notice.addresses:
        said += phrase("colon", style.language)
        said += listed_cells(form, report, notice.addresses, style.language)
    if notice.origin is not None:
        said += f"  {at(report.source.name, notice.origin, style.language)}"
    return wrapped(said, style.width, hang=2)


def _leftovers(report: Report, style: Style) -> Iterator[RenderableType]:
    if not report.leftovers:
        return
    comma = phrase("list-comma", style.language)
    listed = comma.join(f"“{left.text}”" for left in report.leftovers)
    count = len(report.leftovers)
    said = phrase("leftover-texts", style.language, count=count, list=listed)
    yield wrapped(said, style.width, hang=2)


def in_language(words: Words, language: str) -> str:
    """The words in that language, English where it has none."""
    return words.get(language) or words.get("en", "")
