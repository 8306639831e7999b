"""Audits and readings for people at a terminal: complete, what is left out is counted.

A page of text (`TextPage`) is parts below one another, in the terminal's width, readable without
colour. Nothing is cut without saying how much: what does not fit is wrapped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import (
    Console,
    ConsoleOptions,
    Group,
    OverflowMethod,
    RenderableType,
    RenderResult,
)
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table as Drawn
from rich.text import Text

from auditor.escaping import visible
from auditor.messages import FormTranslator, Translator
from auditor.model.check import Severity
from auditor.model.finding import Status, Verdict
from auditor.model.form import Address, Line, Table
from auditor.reporters import Item, Judged, Reporter, Style, Write
from auditor.reporters.tables import at_fault, excerpts, rows_in, shown
from auditor.reporters.view import FindingView, NoticeView, ReasonView, View, quoted

_LABEL = 26
_NEVER_FIRST = frozenset("，。、；：！？）】》”’％,.;:!?)]}")
_NEVER_LAST = frozenset("（【《“‘([{")
_WIDE = "\u2e80"
"""From here on, characters are Chinese or stand beside them."""


class TextPage:
    """The page while it is put together; what is said is said by `say`."""

    def __init__(self, say: FormTranslator, style: Style) -> None:
        self.say = say
        self.style = style
        self.width = style.width
        self._parts: list[RenderableType] = []
        self._left = 0

    def indented(self, left: int) -> TextPage:
        """The same page, on which all that is added stands so many cells to the right."""
        page = TextPage(self.say, self.style)
        page.width, page._parts, page._left = self.width - left, self._parts, self._left + left
        return page

    def add(self, part: RenderableType, above: int = 0, below: int = 0, left: int = 0) -> None:
        """A part with so many empty lines and cells around it."""
        around = (above, 0, below, left + self._left)
        self._parts.append(Padding(part, around) if any(around) else part)

    def line(self, text: str, look: str = "", hang: int = 0, above: int = 0) -> Text:
        """A text in lines, those after the first indented by `hang`; returned to be coloured."""
        drawn = wrapped(text, self.width, look, hang)
        self.add(drawn, above=above)
        return drawn

    def lines(self, *texts: str) -> None:
        """A line for each of the texts that are not empty."""
        for text in filter(None, texts):
            self.line(text)

    def tell(self, code: str, hang: int = 0, **values: object) -> None:
        """A message."""
        self.line(self.say(code, **values), hang=hang)

    def heading(self, text: str) -> None:
        """The title of a part."""
        self.add(Text(f"── {text} ──", style="bold"), above=1)

    def bullets(self, texts: Iterable[str]) -> None:
        """The texts as items of a list."""
        for text in texts:
            self.line("- " + text, hang=2)

    def form_table(self, table: Table, rows: Iterable[tuple[Line, Sequence[str | Text]]]) -> None:
        """A table of the form, each row given with its cells, under its title."""
        self.add(Text(self.say.title(table), style="bold"), above=1)
        drawn = grid(table.columns, wide=table.layout == "rows" and len(table.columns) > 5)
        above: tuple[str, ...] = ()
        for row, cells in rows:
            groups = tuple(group.label for group in reversed(table.ancestors(row)) if group.parent)
            if groups and groups != above:
                drawn.add_row(Text("·".join(groups), style="dim"))
            above = groups
            drawn.add_row(Text(row.label), *cells)
        self.add(drawn)

    def text(self) -> str:
        """The whole page."""
        return set_out(self._parts, self.style)


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


def plain_table() -> Drawn:
    """An empty table without lines."""
    return Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")


def grid(columns: Sequence[Line], wide: bool) -> Drawn:
    """An empty table with those columns beside the labels of its rows."""
    drawn = plain_table()
    overflow: OverflowMethod = "ellipsis" if wide else "fold"
    width = _LABEL if wide else None
    drawn.add_column("", no_wrap=wide, overflow=overflow, width=width, min_width=14)
    for column in columns:
        add_figures(drawn, column, 10 if wide else 12)
    return drawn


def add_figures(drawn: Drawn, column: Line, width: int) -> None:
    """A column of figures under its label."""
    label = Text(column.label)
    drawn.add_column(label, justify="right", min_width=6, max_width=width, overflow="fold")


# Text in a width of cells: Chinese breaks between characters, Latin at blanks.


def wrapped(text: str, width: int, style: str = "", hang: int = 0) -> Text:
    """The text in lines of at most `width` cells, those after the first indented by `hang`;
    nothing is lost or added but line breaks and that indent."""
    lines = "\n".join(_broken(text, width, " " * hang))
    return Text(lines, style=style, no_wrap=True, overflow="ignore")


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
    piece = ""
    for character in text.replace("\n", " "):
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


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


_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_VERDICTS = {
    Verdict.FINDINGS: "red",
    Verdict.NOT_AUDITED: "yellow",
    Verdict.SILENCED: "yellow",
    Verdict.BELOW: "cyan",
    Verdict.SETTLED: "green",
    Verdict.CLEAN: "green",
}


_WORST = (*Verdict,)


class TerminalReporter(Reporter):
    """Each item as a page, as soon as it is done; of a batch, a line for each at the end."""

    def __init__(self, style: Style, write: Write) -> None:
        super().__init__(style, write)
        self._batch: list[_BatchLine] = []

    def finish(self) -> None:
        if self._batch:
            self.write(_batch_table(self._batch, self.say, self.style))

    def fragment(self, item: Item, number: int) -> str | _BatchLine:
        if self.style.is_batch and isinstance(item, Judged):
            return _batch_line(item)
        view = View(item, self.language_of(item))
        if view.failure:
            why = f"{view.verdict}: {view.failure.message} [{view.failure.code}]"
            return set_out([wrapped(f"{view.name}: {why}", self.style.width, "red")], self.style)
        page = TextPage(view.say, self.style)
        if isinstance(item, Judged):
            _draw_audit(page, view, item.verdict)
        else:
            _draw_reading(page, view)
        return page.text()

    def add(self, fragment: str | _BatchLine) -> None:
        if isinstance(fragment, str):
            self.write(fragment)
        else:
            self._batch.append(fragment)


class _BatchLine(NamedTuple):
    """What is told of one report of many; they are ordered as they are to be looked at."""

    rank: int
    """Of its verdict, from the worst on."""
    errors: int
    warnings: int
    unread: int
    name: str
    agency: str
    year: str


def _batch_line(item: Judged) -> _BatchLine:
    audit = item.audit
    told = Counter(each.severity for each in audit.findings if each.disposition is None)
    identity = audit.report.identity
    return _BatchLine(
        _WORST.index(item.verdict),
        told[Severity.ERROR],
        told[Severity.WARNING],
        sum(each.illegible + each.missing for each in audit.coverage),
        audit.report.source.name,
        identity.agency or "",
        str(identity.year or ""),
    )


def _batch_table(lines: Iterable[_BatchLine], say: Translator, style: Style) -> str:
    """A line for each report, the worst first."""
    drawn = plain_table()
    drawn.add_column(say("column-verdict"), no_wrap=True)
    for key in ("errors", "warnings", "unread"):
        drawn.add_column(say(f"batch-{key}"), justify="right", no_wrap=True)
    for key in ("column-year", "column-agency", "column-report"):
        drawn.add_column(say(key), overflow="fold")
    for line in sorted(
        lines, key=lambda each: (each.rank, -each.errors, -each.warnings, -each.unread)
    ):
        colour = _VERDICTS[_WORST[line.rank]]
        counts = (line.errors, line.warnings, line.unread)
        said = (str(count) if count else "" for count in counts)
        verdict = Text(say(f"batch-{_WORST[line.rank].value}"), style=colour)
        drawn.add_row(verdict, *said, line.year, line.agency, line.name)
    return set_out([drawn, Text(say("batch-more"), style="dim")], style)


def _draw_reading(page: TextPage, view: View) -> None:
    say = view.say
    _panel(page, view, Text(say("title-reading")), "blue")
    for table in view.form.tables:
        keys = [column.key for column in table.columns]
        rows = (
            (row, [shown(view.report, Address(table.key, row.key, key)) for key in keys])
            for row in rows_in(table, view.report)
        )
        page.form_table(table, rows)
    drawn = Drawn(box=None, pad_edge=False, show_header=False)
    for box in (box for box in view.report.entries if not box.row):
        drawn.add_row(Text(view.form.describe(box)), shown(view.report, box))
    if drawn.rows:
        page.add(drawn, above=1)
    page.add(Text(say("legend"), style="dim"))
    _claims(page, view)
    if sentences := [*view.marked_sentences]:
        page.heading(say("title-sentences"))
        page.add(Text(say("sentences-legend"), style="dim"))
        page.bullets(sentences)
        page.lines(view.prose_coverage)
    _doubts(page, view)
    _leftovers(page, view)


def _draw_audit(page: TextPage, view: View, verdict: Verdict) -> None:
    audit, say, detail = view.audit, view.say, page.style.detail
    title = Text(view.verdict)
    title.stylize("bold " + _VERDICTS[verdict])
    _panel(page, view, title, _VERDICTS[verdict])
    for notice in view.unfinished:
        _notice(page, notice, above=1)
    if view.findings:
        page.heading(say("title-findings", count=len(view.findings)))
    else:
        page.tell("no-findings")
    for finding in view.findings:
        draw_finding(page, finding)
    if view.unreported:
        page.tell("failures-not-reported", count=view.unreported)
    if detail >= 0:
        _undetermined(page, view)
        _not_applicable(page, view)
        _doubts(page, view)
        page.heading(say("title-receipts"))
        _coverage(page, view)
        if detail > 0:
            _claims(page, view)
        elif view.claims:
            states = [outcome.status for outcome, _, _ in view.claims]
            page.tell("claim-counts", **{each.value: states.count(each) for each in Status})
        page.lines(view.prose_coverage)
        _leftovers(page, view)
    if any(audit.dispositions.values()):
        page.tell("disposition-counts", **audit.dispositions)
    counts = audit.counts
    for line in filter(None, (say("counts", total=sum(counts.values()), **counts), view.settings)):
        page.line(line, "bold")


def _panel(page: TextPage, view: View, verdict: Text, colour: str) -> None:
    lines = [
        Text(f"{view.agency}  {view.year}", style="bold"),
        Text(view.form_name),
        Text(view.name, style="dim"),
        verdict,
    ]
    title = Text(view.heading)
    page.add(Panel(Group(*lines), title=title, border_style=colour, expand=True))


# A finding.


def draw_finding(page: TextPage, finding: FindingView) -> None:
    """A finding with all that is known of it."""
    start = f"{finding.number}. "
    head = page.line(f"{start}[{finding.tag}] {finding.message}", hang=3, above=1)
    head.stylize(_COLOURS[finding.severity], len(start), len(start) + len(finding.tag) + 2)
    page, say = page.indented(3), finding.say
    told = page.line(finding.rule_line, "dim")
    if page.style.links and (address := page.style.address_of(finding.rule)):
        start_of_id = told.plain.find(finding.rule.id)
        told.stylize(f"link {address}", start_of_id, start_of_id + len(finding.rule.id))
    for line in finding.decided:
        page.line(line, "bold")
    page.lines(*(quoted(quote, say) for quote in finding.finding.quotes))
    _excerpts(page, finding)
    if finding.origin is not None:
        page.line(say("stands-at", place=finding.place), "dim")
    if finding.choice:
        page.line(finding.choice)
        listed = (*(offer.on_one_line for offer in finding.offers), finding.more_offers)
        for text in filter(None, listed):
            page.line("  - " + text, hang=4)
    else:
        for offer in finding.offers:
            said = say.titled(offer.grade, offer.changes) + say.bracketed(offer.settles)
            page.line(said).stylize("bold green", 0, len(offer.grade))
            page.lines(say("slip-is", slip=offer.why) if offer.why else "")
    page.lines(finding.limits, finding.advice_line)
    if finding.warning:
        page.line(finding.warning, "yellow")


def _excerpts(page: TextPage, finding: FindingView) -> None:
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
        drawn = grid(part.columns, wide=len(part.columns) > 3)
        labels = [row.label for row in part.rows]
        for row in part.rows:
            name = row.label if labels.count(row.label) == 1 else part.table.name_of(row)
            drawn.add_row(Text(name), *map(cell, part.boxes(row)))
        page.add(drawn, left=1)
        if part.left_out:
            page.add(Text(page.say("rows-left-out", count=part.left_out), style="dim"))


# What was not checked, and how much was read.


def _undetermined(page: TextPage, view: View) -> None:
    """The undetermined checks by reason, with the cells that stood in the way."""
    count = len(view.with_status(Status.UNDETERMINED))
    if count or view.unread:
        page.heading(view.say("title-unchecked", count=count))
        _reasons(page, view.reasons(Status.UNDETERMINED))
    if view.unread:
        page.bullets([view.say("unread-cells", list=view.unread)])


def _not_applicable(page: TextPage, view: View) -> None:
    """The checks that do not apply: counted by reason, or listed where all is asked for."""
    reasons = [*view.reasons(Status.NOT_APPLICABLE)]
    if not reasons:
        return
    page.heading(view.say("title-not-applicable", count=sum(each.count for each in reasons)))
    if page.style.detail > 0:
        _reasons(page, reasons)
    else:
        page.line(view.say.semicolons(f"{each.reason} {each.count}" for each in reasons))


def _reasons(page: TextPage, reasons: Iterable[ReasonView]) -> None:
    say = page.say
    for each in reasons:
        page.add(Text(f"- {each.reason}{say.bracketed(each.count)}"))
        lines = []
        for rule, checks, about in each.rules:
            said = f"{rule.id} × {checks}" if checks > 1 else rule.id
            lines.append(say.titled(said, about) if about else said)
        if each.blanks:
            lines.append(say.titled(say("blank"), each.blanks))
        for line in lines:
            page.line("    " + line, hang=6)


def _doubts(page: TextPage, view: View) -> None:
    doubts = view.doubts(all_notices=page.style.detail > 0)
    if doubts:
        page.heading(page.say("title-notices"))
    for notice in doubts:
        _notice(page, notice)


def _notice(page: TextPage, notice: NoticeView, above: int = 0) -> None:
    said = page.say.titled(notice.said, notice.cells) if notice.cells else notice.said
    said += f"  {notice.place}" if notice.place else ""
    page.line("- " + said, hang=2, above=above)


def _claims(page: TextPage, view: View) -> None:
    if lines := view.claim_lines:
        page.heading(page.say("title-claims", count=len(lines)))
        page.bullets(lines)


def _leftovers(page: TextPage, view: View) -> None:
    if left := view.report.leftovers:
        listed = page.say.commas(f"“{each.text}”" for each in left)
        page.tell("leftover-texts", hang=2, count=len(left), list=listed)


def _coverage(page: TextPage, view: View) -> None:
    """How much of each table was read, and how its rows were found."""
    drawn = plain_table()
    drawn.add_column(view.say("head-table"), ratio=3, overflow="fold")
    for head in ("read", "numbers", "blank", "illegible", "missing"):
        drawn.add_column(view.say(f"head-{head}"), justify="right", no_wrap=True)
    drawn.add_column(view.say("head-anchored"), ratio=2, overflow="fold")
    for title, table, ways in view.coverage:
        drawn.add_row(
            Text(title),
            Text(f"{table.read}/{table.expected}", style="" if table.complete else "bold yellow"),
            *map(str, (table.numbers, table.blank, table.illegible, table.missing)),
            Text(ways),
        )
    page.add(drawn)
