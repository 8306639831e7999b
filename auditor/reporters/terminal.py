"""Audits and readings for people at a terminal: complete, what is left out is counted."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.panel import Panel
from rich.table import Table as Drawn
from rich.text import Text

from auditor.model.check import Severity
from auditor.model.finding import Status, Verdict
from auditor.model.form import Address
from auditor.reporters import Item, Judged, Reporter
from auditor.reporters.tables import at_fault, excerpts, rows_in, shown
from auditor.reporters.text import TextPage, grid, plain_table, set_out, wrapped
from auditor.reporters.view import FindingView, NoticeView, ReasonView, View, quoted

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_VERDICTS = {
    Verdict.CLEAN: "green",
    Verdict.SILENCED: "yellow",
    Verdict.FINDINGS: "red",
    Verdict.NOT_AUDITED: "yellow",
}


class TerminalReporter(Reporter):
    """Each item as a page of text, as soon as it is done."""

    def report(self, item: Item) -> None:
        view = View(item, self.language)
        if view.failure:
            why = f"{view.verdict}: {view.failure.message} [{view.failure.code}]"
            text = set_out([wrapped(f"{view.name}: {why}", self.style.width, "red")], self.style)
        else:
            page = TextPage(view.say, self.style)
            if isinstance(item, Judged):
                _draw_audit(page, view, item.verdict)
            else:
                _draw_reading(page, view)
            text = page.text()
        self.write(text)


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
    title = Text(view.say("title-report"))
    page.add(Panel(Group(*lines), title=title, border_style=colour, expand=True))


# A finding.


def draw_finding(page: TextPage, finding: FindingView) -> None:
    """A finding with all that is known of it."""
    start = f"{finding.number}. "
    head = page.line(f"{start}[{finding.tag}] {finding.message}", hang=3, above=1)
    head.stylize(_COLOURS[finding.severity], len(start), len(start) + len(finding.tag) + 2)
    page, say = page.indented(3), finding.say
    page.line(finding.rule_line, "dim")
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
        for row in part.rows:
            drawn.add_row(Text(row.label), *map(cell, part.boxes(row)))
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
