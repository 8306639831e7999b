"""Audits and readings for people at a terminal: complete, and readable without colour.

Nothing is cut without saying how much: what does not fit is wrapped, what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table as Drawn
from rich.text import Text

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Failure, Status, Verdict
from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import Report
from auditor.reporters import Item, Judged, Reporter, Style
from auditor.reporters.tables import at_fault, excerpts, rows_in, shown
from auditor.reporters.view import FindingView, Ground, NoticeView, View
from auditor.reporters.words import bracketed, joined, marked_sentences, quoted, titled
from auditor.visible import visible

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_VERDICTS = {
    Verdict.CLEAN: "green",
    Verdict.SILENCED: "yellow",
    Verdict.FINDINGS: "red",
    Verdict.NOT_AUDITED: "yellow",
}
_INDENT = 3
_NARROW, _LABEL = 6, 26
_NEVER_FIRST = frozenset("，。、；：！？）】》”’％,.;:!?)]}")
_NEVER_LAST = frozenset("（【《“‘([{")
_WIDE = "\u2e80"
"""From here on, characters are Chinese or stand beside them."""


class TerminalReporter(Reporter):
    """Each item as a page of text, as soon as it is done."""

    def report(self, item: Item) -> None:
        self.write(set_out(_page(item, self.style), self.style))


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


def _page(item: Item, style: Style) -> Iterator[RenderableType]:
    if isinstance(item, Failure):
        said = phrase("title-failure", style.language)
        failed = f"{item.name}: {said}: {item.message} [{item.code}]"
        yield wrapped(failed, style.width, "red")
    else:
        view = View(item, style.language)
        yield from _judged(view, item, style) if isinstance(item, Judged) else _read(view, style)


def _read(view: View, style: Style) -> Iterator[RenderableType]:
    language = style.language
    yield _panel(view, Text(phrase("title-reading", language)), "blue")
    yield from _tables(view.report, view.form, language)
    yield Text(phrase("legend", language), style="dim")
    yield from _claims(view, style)
    if sentences := [*marked_sentences(view.report.prose, view.form, language)]:
        yield heading(phrase("title-sentences", language))
        yield Text(phrase("sentences-legend", language), style="dim")
        yield from bullets(sentences, style.width)
        yield from _lines(style, view.prose_coverage)
    yield from _doubts(view, style)
    yield from _leftovers(view, style)


def _judged(view: View, item: Judged, style: Style) -> Iterator[RenderableType]:
    audit, language = item.audit, style.language
    colour = _VERDICTS[item.verdict]
    verdict = Text(view.verdict)
    verdict.stylize("bold " + colour)
    yield _panel(view, verdict, colour)
    for notice in view.unfinished:
        yield Padding(_notice(notice, style), (1, 0, 0, 0))
    if view.findings:
        yield heading(phrase("title-findings", language, count=len(view.findings)))
    else:
        yield from _lines(style, phrase("no-findings", language))
    for finding in view.findings:
        yield from told_finding(finding, style)
    if view.untold:
        yield from _lines(style, phrase("failures-untold", language, count=view.untold))
    if style.detail >= 0:
        yield from _undetermined(view, style)
        yield from _not_applicable(view, style)
        yield from _doubts(view, style)
        yield heading(phrase("title-receipts", language))
        yield _coverage(view)
        yield from _claims(view, style) if style.detail > 0 else _claims_counted(view, style)
        yield from _lines(style, view.prose_coverage)
        yield from _leftovers(view, style)
    if any(audit.dispositions.values()):
        yield from _lines(style, phrase("disposition-counts", language, **audit.dispositions))
    counts = audit.counts
    said = phrase("counts", language, total=sum(counts.values()), **counts)
    for line in filter(None, (said, view.held)):
        yield wrapped(line, style.width, "bold")


def _lines(style: Style, *texts: str) -> Iterator[RenderableType]:
    return (wrapped(text, style.width) for text in texts if text)


def bullets(texts: Iterable[str], width: int) -> Iterator[RenderableType]:
    """The texts as items of a list."""
    return (wrapped("- " + text, width, hang=2) for text in texts)


def _panel(view: View, verdict: Text, colour: str) -> RenderableType:
    lines = [
        Text(f"{view.agency}  {view.year}", style="bold"),
        Text(view.form_name),
        Text(view.name, style="dim"),
        verdict,
    ]
    title = Text(phrase("title-report", view.language))
    return Panel(Group(*lines), title=title, border_style=colour, expand=True)


def heading(text: str) -> RenderableType:
    """The title of a part."""
    return Padding(Text(f"── {text} ──", style="bold"), (1, 0, 0, 0))


# A finding.


def told_finding(finding: FindingView, style: Style) -> Iterator[RenderableType]:
    """A finding with all that is known of it."""
    start = f"{finding.number}. "
    head = wrapped(f"{start}[{finding.tag}] {finding.message}", style.width, hang=_INDENT)
    head.stylize(_COLOURS[finding.severity], len(start), len(start) + len(finding.tag) + 2)
    yield Padding(head, (1, 0, 0, 0))
    notes = _about(finding, style.width - _INDENT)
    yield Padding(Group(*notes), (0, 0, 0, _INDENT))


def _about(finding: FindingView, width: int) -> Iterator[RenderableType]:
    language = finding.language
    yield wrapped(finding.rule_line, width, "dim")
    for line in finding.decided:
        yield wrapped(line, width, "bold")
    for quote in finding.finding.quotes:
        yield wrapped(quoted(quote, language), width)
    yield from _excerpt(finding)
    if finding.origin is not None:
        yield wrapped(phrase("stands-at", language, place=finding.place), width, "dim")
    if finding.choice:
        yield wrapped(finding.choice, width)
        for text in (
            *(offer.on_one_line(language) for offer in finding.offers),
            finding.more_offers,
        ):
            if text:
                yield wrapped("  - " + text, width, hang=4)
    else:
        for offer in finding.offers:
            said = titled(offer.grade, offer.changes, language)
            head = wrapped(said + bracketed(offer.settles, language), width)
            head.stylize("bold green", 0, len(offer.grade))
            yield head
            if offer.why:
                yield wrapped(phrase("slip-is", language, slip=offer.why), width)
    for said in filter(None, (finding.limits, finding.advice_line)):
        yield wrapped(said, width)
    if finding.warning:
        yield wrapped(finding.warning, width, "yellow")


def _excerpt(finding: FindingView) -> Iterator[RenderableType]:
    """The rows and columns that a finding speaks of, the cells at fault marked `▶5◀`.

    Rows in which every cell concerned is zero or blank are left out and counted.
    """
    wrong, involved = at_fault(finding.finding), finding.finding.addresses
    report, form = finding.audit.report, finding.audit.form

    def cell(box: Address) -> Text:
        said = shown(report, box)
        if box in wrong:
            return Text(f"▶{said}◀", style="bold red")
        return Text(said, style="" if box in involved else "dim")

    for part in excerpts(finding.finding, report, form):
        drawn = _grid(part.columns, wide=len(part.columns) > 3)
        for row in part.rows:
            drawn.add_row(Text(row.label), *map(cell, part.boxes(row)))
        yield Padding(drawn, (0, 0, 0, 1))
        if part.left_out:
            said = phrase("rows-left-out", finding.language, count=part.left_out)
            yield Text(said, style="dim")


# What was not checked, and how much was read.


def _undetermined(view: View, style: Style) -> Iterator[RenderableType]:
    """The undetermined checks by reason, with the cells that stood in the way."""
    count = len(view.with_status(Status.UNDETERMINED))
    if count or view.unread:
        yield heading(phrase("title-unchecked", view.language, count=count))
        yield from _grounds(view.grounds(Status.UNDETERMINED), style)
    if view.unread:
        said = phrase("unread-cells", view.language, list=view.unread)
        yield from bullets([said], style.width)


def _not_applicable(view: View, style: Style) -> Iterator[RenderableType]:
    """The checks that do not apply: counted by reason, or listed where all is asked for."""
    grounds = [*view.grounds(Status.NOT_APPLICABLE)]
    if not grounds:
        return
    count = sum(ground.count for ground in grounds)
    yield heading(phrase("title-not-applicable", view.language, count=count))
    if style.detail > 0:
        yield from _grounds(grounds, style)
        return
    counts = (f"{ground.reason} {ground.count}" for ground in grounds)
    yield from _lines(style, joined("list-semicolon", counts, view.language))


def _grounds(grounds: Iterable[Ground], style: Style) -> Iterator[RenderableType]:
    language = style.language
    for ground in grounds:
        yield Text(f"- {ground.reason}{bracketed(ground.count, language)}")
        lines = []
        for rule, checks, about in ground.rules:
            said = f"{rule.id} × {checks}" if checks > 1 else rule.id
            lines.append(titled(said, about, language) if about else said)
        if ground.blanks:
            lines.append(titled(phrase("blank", language), ground.blanks, language))
        for line in lines:
            yield wrapped("    " + line, style.width, hang=6)


def _doubts(view: View, style: Style) -> Iterator[RenderableType]:
    doubts = view.doubts(all_notices=style.detail > 0)
    if doubts:
        yield heading(phrase("title-notices", style.language))
    for notice in doubts:
        yield _notice(notice, style)


def _notice(notice: NoticeView, style: Style) -> RenderableType:
    said = titled(notice.said, notice.cells, style.language) if notice.cells else notice.said
    said += f"  {notice.place}" if notice.place else ""
    return wrapped("- " + said, style.width, hang=2)


def _claims(view: View, style: Style) -> Iterator[RenderableType]:
    if lines := view.claim_lines:
        yield heading(phrase("title-told", style.language, count=len(lines)))
        yield from bullets(lines, style.width)


def _claims_counted(view: View, style: Style) -> Iterator[RenderableType]:
    if claims := view.claims:
        counts = {
            status.value: sum(outcome.status is status for outcome, _, _ in claims)
            for status in Status
        }
        yield from _lines(style, phrase("told-counts", style.language, **counts))


def _leftovers(view: View, style: Style) -> Iterator[RenderableType]:
    if left := view.report.leftovers:
        listed = joined("list-comma", (f"“{each.text}”" for each in left), style.language)
        said = phrase("leftover-texts", style.language, count=len(left), list=listed)
        yield wrapped(said, style.width, hang=2)


def _coverage(view: View) -> RenderableType:
    """How much of each table was read, and how its rows were found."""
    drawn = plain_table()
    drawn.add_column(phrase("head-table", view.language), ratio=3, overflow="fold")
    for head in ("read", "numbers", "blank", "illegible", "missing"):
        title = phrase(f"head-{head}", view.language)
        drawn.add_column(title, justify="right", no_wrap=True)
    drawn.add_column(phrase("head-anchored", view.language), ratio=2, overflow="fold")
    for each in view.coverage:
        drawn.add_row(
            Text(each.title),
            Text(f"{each.read}/{each.expected}", style="" if each.complete else "bold yellow"),
            *map(str, (each.numbers, each.blank, each.illegible, each.missing)),
            Text(each.ways),
        )
    return drawn


# Tables.


def plain_table() -> Drawn:
    """An empty table without lines."""
    return Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")


def _grid(columns: Sequence[Line], wide: bool) -> Drawn:
    """An empty table with those columns beside the labels of its rows."""
    drawn = plain_table()
    drawn.add_column(
        "",
        no_wrap=wide,
        overflow="ellipsis" if wide else "fold",
        width=_LABEL if wide else None,
        min_width=14,
    )
    for column in columns:
        drawn.add_column(
            Text(column.label),
            justify="right",
            min_width=_NARROW,
            max_width=10 if wide else 12,
            overflow="fold",
        )
    return drawn


def form_table(
    table: Table, rows: Iterable[tuple[Line, Sequence[str | Text]]], language: str
) -> Iterator[RenderableType]:
    """A table of the form, each row given with its cells, under its title."""
    yield Padding(Text(table.title.get(language, table.key), style="bold"), (1, 0, 0, 0))
    drawn = _grid(table.columns, wide=table.layout == "rows" and len(table.columns) > 5)
    above: tuple[str, ...] = ()
    for row, cells in rows:
        groups = tuple(group.label for group in reversed(table.ancestors(row)) if group.parent)
        if groups and groups != above:
            drawn.add_row(Text("·".join(groups), style="dim"))
        above = groups
        drawn.add_row(Text(row.label), *cells)
    yield drawn


def _tables(report: Report, form: Form, language: str) -> Iterator[RenderableType]:
    """Every table of the report, with a line for each of its rows."""
    for table in form.tables:
        keys = [column.key for column in table.columns]
        rows = (
            (row, [shown(report, Address(table.key, row.key, key)) for key in keys])
            for row in rows_in(table, report)
        )
        yield from form_table(table, rows, language)
    loose = [box for box in report.entries if not box.row]
    if loose:
        drawn = Drawn(box=None, pad_edge=False, show_header=False)
        for box in loose:
            drawn.add_row(Text(form.describe(box)), shown(report, box))
        yield Padding(drawn, (1, 0, 0, 0))


# Text in a width of cells: Chinese breaks between characters, Latin at blanks.


def wrapped(text: str, width: int, style: str = "", hang: int = 0) -> Text:
    """The text in lines of at most `width` cells, those after the first indented by `hang`;
    nothing is lost or added but line breaks and that indent."""
    return Text("\n".join(_broken(text, width, " " * hang)), style=style)


def _broken(text: str, width: int, indent: str) -> Iterator[str]:
    line, used = "", 0
    for piece in _unbroken(text):
        size = cell_len(piece)
        if used + cell_len(piece.rstrip()) > width and line.strip():
            yield line.rstrip()
            line, used = indent, len(indent)
            piece = piece.lstrip()
            size = cell_len(piece)
        while used + size > width and size > width - len(indent):
            head = _head(piece, width - used)
            yield line + head
            piece = piece[len(head) :]
            line, used, size = indent, len(indent), cell_len(piece)
        line, used = line + piece, used + size
    yield line.rstrip()


def _unbroken(text: str) -> Iterator[str]:
    """Pieces between which a line may break: marks stay with the character they belong to."""
    held = ""
    for character in text.replace("\n", " "):
        if held and _may_break(held[-1], character):
            yield held
            held = ""
        held += character
    if held:
        yield held


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after.isspace():
        return False
    return before.isspace() or before >= _WIDE or after >= _WIDE


def _head(piece: str, width: int) -> str:
    """As much of a piece as fits, at least one character."""
    size = 0
    for index, character in enumerate(piece):
        size += cell_len(character)
        if size > width and index:
            return piece[:index]
    return piece
