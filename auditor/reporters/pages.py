"""The pages of `audit explain`, `fix`, `diff` and `rules strength` for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.text import Text

from auditor.messages import FormTranslator
from auditor.model.finding import (
    Audit,
    CellReport,
    CheckResult,
    Corrections,
    Difference,
    Finding,
    Grade,
    Status,
)
from auditor.model.form import Address, Table
from auditor.model.report import Blank, Illegible, Match, Missing, Number
from auditor.model.strength import CellStrength, MistakeTally, Strength
from auditor.reporters import Style
from auditor.reporters.tables import corrected_rows, grades_of, shown
from auditor.reporters.terminal import TextPage, add_figures, draw_finding, plain_table
from auditor.reporters.view import FindingView, quoted, reason_in_words

_MARKS = {
    Status.FAIL: ("✗", "bold red"),
    Status.UNDETERMINED: ("?", "bold yellow"),
    Status.PASS: ("✓", "green"),
    Status.NOT_APPLICABLE: ("–", "dim"),
}
"""In the order in which they are told."""
_BESIDE = 150
"""From this width on, a row and its corrected version fit beside each other."""
_SIGNS = {Grade.LIKELY: ("▶{}◀", "bold"), Grade.POSSIBLE: ("▷{}◁", "italic")}
_PROTECTIONS = {
    "located": ("●", "green"),
    "detected": ("◐", "cyan"),
    "partly": ("○", "yellow"),
    "none": ("·", "bold red"),
}


# One cell: what stands there, what reads it, what is wrong.


def render_cell(cell: CellReport, style: Style) -> str:
    """All about a cell as a page of text."""
    say = FormTranslator(cell.audit.form, style.language)
    page = TextPage(say, style)
    page.line(_named(cell, say), "bold")
    page.add(Text(str(cell.address), style="dim"))
    page.line(_stands(cell, say), hang=2)
    if cell.entry is not None and cell.entry.origin is not None:
        place = say.at(cell.audit.report.source.name, cell.entry.origin)
        page.line(say("stands-at", place=place), "dim", hang=2)
    if cell.checks:
        states = Counter(each.outcome.status for each in cell.checks)
        counts = {status.value: states[status] for status in Status}
        page.heading(say("title-checks", count=len(cell.checks), **counts))
    else:
        page.heading(say("no-checks"))
    for each in sorted(cell.checks, key=lambda each: [*_MARKS].index(each.outcome.status)):
        _draw_check(page, each)
    if cell.naming:
        page.heading(say("title-naming", count=len(cell.naming)))
    for number, finding in enumerate(cell.naming, 1):
        draw_finding(page, FindingView(number, finding, cell.audit, say))
    if cell.touching:
        page.heading(say("title-touching", count=len(cell.touching)))
    page.bullets(say.of(finding.message) for finding in cell.touching)
    return page.text()


def _named(cell: CellReport, say: FormTranslator) -> str:
    """The cell in words; a figure of the text by what it is a figure of."""
    address, form = cell.address, cell.audit.form
    if address.row:
        return form.describe(address)
    if any(mention.key == address.column for mention in form.wordings.mentions):
        label = form.describe(address, say.language)
        return say("on-line", line=say("text-figure"), said=label)
    return str(address)


def _stands(cell: CellReport, say: FormTranslator) -> str:
    """What was read, and how it was found."""
    entry = cell.entry
    if entry is None:
        return say("cell-absent" if cell.address.row else "cell-unsaid")
    match entry.value:
        case Number() as number:
            said = say("cell-number", raw=entry.raw, value=number.plain)
        case Blank():
            said = say("cell-blank", raw=entry.raw or "")
        case Illegible(readings=readings) if readings:
            said = say("cell-may-be", readings=say.commas(readings))
        case Illegible():
            said = say("cell-illegible")
        case Missing():
            said = say("cell-missing")
    if entry.match is not Match.NONE and cell.address.row:
        said += say("cell-match", match=say(f"match-{entry.match.value}"))
    return said + (say("cell-recognised") if entry.recognised else "")


def _draw_check(page: TextPage, each: CheckResult) -> None:
    outcome, say = each.outcome, page.say
    mark, colour = _MARKS[outcome.status]
    status = _status(each, say)
    head = page.line(f"{mark} [{status}] {outcome.check.id}", hang=2)
    head.stylize(colour, 0, len(status) + 4)
    page = page.indented(2)
    page.line(say.of(outcome.check.rule.statement), "dim")
    page.lines(say.of(each.said))
    if outcome.prose_result is not None:
        page.lines(*(quoted(quote, say) for quote in outcome.prose_result.quotes))
    if each.conditional:
        page.tell("only-condition")
    if each.doubted:
        page.line(say("check-doubted"), "yellow")


def _status(each: CheckResult, say: FormTranslator) -> str:
    """Whether the check holds, and if that cannot be said, why."""
    outcome = each.outcome
    if outcome.status is Status.FAIL:
        return say("check-failed", severity=say(f"severity-{outcome.severity.value}"))
    if outcome.status is Status.PASS:
        return say("check-passed")
    status = say(f"status-{outcome.status.value}")
    if outcome.reason is None:
        return status
    return say("because-of", status=status, reason=reason_in_words(outcome.reason, say))


# Corrections: the rows that they would change, beside those of the original.


def render_corrections(found: Corrections, style: Style) -> str:
    """The corrections as a page of text.

    In a narrow terminal the corrected row stands below the original one, in a wide one beside it.
    """
    before, say = found.before, FormTranslator(found.before.form, style.language)
    page = TextPage(say, style)
    page.line(f"{before.report.source.name}  {say('title-fix')}", "bold")
    grades = grades_of(found)
    if not before.findings:
        page.tell("no-findings")
    elif not grades:
        page.tell("nothing-to-change")
    else:
        page.heading(say("title-corrected", count=len(grades)))
        for table in before.form.tables:
            if any(box.table == table.key for box in grades):
                _draw_corrected(page, found, table, grades)
        page.add(Text(say("fix-legend"), style="dim"))
        page.heading(say("title-changes"))
    for number, repair in enumerate(found.repairs, 1):
        (offer,) = FindingView(number, repair.finding, before, say).all_offers
        said = say.titled(f"{number}. {offer.grade}", offer.changes) + say.bracketed(offer.settles)
        page.line(said, hang=3)
        page.indented(3).lines(
            say("look-at-document") if repair.misreading else "",
            say("slip-is", slip=offer.why) if offer.why else "",
        )
    if found.choices:
        page.heading(say("title-choices", count=len(found.choices)))
    for finding in found.choices:
        _draw_choice(page, finding, before)
    _draw_left(page, found)
    return page.text()


def _draw_corrected(
    page: TextPage, found: Corrections, table: Table, grades: Mapping[Address, Grade]
) -> None:
    """The rows of one table that would be changed, as they are and as they would be."""
    say = page.say
    rows = corrected_rows(found, table)
    keys = {key for row in rows for key in row.columns}
    columns = [column for column in table.columns if column.key in keys]
    beside = page.width >= _BESIDE
    page.add(Text(say.title(table), style="bold"))
    drawn = plain_table()
    drawn.add_column("", width=22, overflow="fold")
    versions = [("before", found.before.report), ("after", found.after.report)]
    for version in ("before", "after") if beside else ("",):
        drawn.add_column(Text(say(f"head-{version}") if version else "", style="bold"))
        for column in columns:
            add_figures(drawn, column, 10)
    for row in rows:
        label = Text(table.name_of(row))
        sides = []
        for version, report in versions:
            boxes = [Address(table.key, row.key, column.key) for column in columns]
            figures = [_corrected(shown(report, box), grades.get(box)) for box in boxes]
            sides.append([Text(say(f"row-{version}"), style="dim"), *figures])
        if beside:
            drawn.add_row(label, *(part for side in sides for part in side))
        else:
            drawn.add_row(label, *map(Text("\n").join, zip(*sides, strict=True)))
    page.add(drawn, below=1)


def _corrected(said: str, grade: Grade | None) -> Text:
    sign, look = _SIGNS[grade] if grade else ("{}", "")
    return Text(sign.format(said), style=look)


def _draw_choice(page: TextPage, finding: Finding, audit: Audit) -> None:
    view = FindingView(0, finding, audit, page.say)
    page.bullets([view.message])
    page.indented(2).lines(view.choice)
    page = page.indented(4)
    page.bullets(offer.on_one_line for offer in view.all_offers)
    if finding.has_more:
        page.add(Text(page.say("more-sets")))


def _draw_left(page: TextPage, found: Corrections) -> None:
    """What the checks would say of the corrected figures."""
    say, after = page.say, found.after
    if found.left:
        page.heading(say("title-left", count=len(found.left)))
        for finding in found.left:
            severity = say(f"severity-{finding.severity.value}")
            is_new = finding.fingerprint in found.new
            said = f"[{severity}] {say.of(finding.message)}"
            page.bullets([said + (say.bracketed(say("is-new")) if is_new else "")])
    elif found.repairs and not found.choices:
        page.add(Text(""))
        page.tell("nothing-left")
    if not all(table.complete for table in after.coverage):
        page.line(say("verdict-not-audited"), "yellow")
    counts = say("counts", total=len(after.outcomes), **after.counts)
    page.line(say.titled(say("counts-after"), counts) if found.repairs else counts, "dim")


# Two versions: what differs.


def render_difference(found: Difference, style: Style) -> str:
    """What two versions of a report say otherwise, as a page of text."""
    say = FormTranslator(found.after.form, style.language)
    page = TextPage(say, style)
    names = [audit.report.source.name for audit in (found.before, found.after)]
    page.line(" → ".join(names), "bold")
    if found.before.report.identity != found.after.report.identity:
        page.line(say("diff-others"), "yellow")
    if found.changes:
        page.heading(say("title-differences", count=len(found.changes)))
        page.bullets(
            f"{found.after.form.describe(each.address, say.language)}: "
            f"{_of_version(each.before, say)} → {_of_version(each.after, say)}"
            for each in found.changes
        )
    else:
        page.tell("diff-same")
    if found.not_compared:
        page.heading(say("title-not-compared", count=len(found.not_compared)))
        page.lines(say.cells(found.after.report, found.not_compared))
    for title, findings in (("title-gone", found.gone), ("title-new", found.new)):
        if findings:
            page.heading(say(title, count=len(findings)))
            page.bullets(say.of(finding.message) for finding in findings)
    return page.text()


def _of_version(figures: Sequence[str], say: FormTranslator) -> str:
    return say.commas(figures) if figures else say("diff-blank")


# How strong rules are: a map of the form.


def render_strength(found: Strength, style: Style) -> str:
    """A page for a form: its map, the mistakes by kind, and what is wrong with the rules."""
    form, say = found.form, FormTranslator(found.form, style.language)
    page = TextPage(say, style)
    page.add(Text(f"{form.id}  {form.name.get(style.language, '')}", style="bold"))
    sizes = say.commas(say(f"size-{size}") for size, _ in found.scales)
    count = sum(reports for _, reports in found.scales)
    page.tell("strength-scales", count=count, sizes=sizes, seed=found.seed)
    if found.unmade:
        page.tell("strength-unmade", count=found.unmade)
    cells = {cell.address: cell for cell in found.cells}
    for table in form.tables:
        rows = (
            (row, [_glyph(cells.get(Address(table.key, row.key, c.key))) for c in table.columns])
            for row in table.rows
            if not row.instead_of
        )
        page.form_table(table, rows)
    page.add(Text(""))
    page.lines(*say("strength-legend").splitlines())
    page.add(Text(say("strength-kinds"), style="bold"), above=1)
    _draw_kinds(page, (*found.kinds, found.pairs))
    page.tell("kinds-legend")
    page.add(Text(""))
    for table in form.tables:
        own = [cells[box] for box in table.boxes() if box in cells]
        if own and all(cell.certain for cell in own):
            page.tell("strength-table-protected", table=say.title(table), count=len(own))
    _draw_unprotected(page, found)
    _draw_faults(page, found)
    return page.text()


def _glyph(cell: CellStrength | None) -> Text:
    if cell is None:
        return Text("")
    tally = cell.tally
    good = tally.located if cell.certain else tally.detected
    has_share = tally.trials and cell.protection != "none"
    share = f" {100 * good // tally.trials:3}" if has_share else "    "
    glyph, colour = _PROTECTIONS[cell.protection]
    return Text(glyph + share, style=colour)


def _draw_kinds(page: TextPage, tallies: Sequence[MistakeTally]) -> None:
    """How many mistakes of each kind there were, and the share of them that was caught."""
    shares = ("detected", "listed", "located", "likely")
    drawn = plain_table()
    drawn.add_column(page.say("head-kind"))
    for name in ("trials", *shares, "wrong"):
        drawn.add_column(page.say(f"head-{name}"), justify="right")
    for tally in tallies:
        counts = [getattr(tally, name) for name in shares]
        drawn.add_row(
            page.say(f"kind-{tally.kind}"),
            str(tally.trials),
            *(f"{100 * each / tally.trials:.0f}%" if tally.trials else "" for each in counts),
            Text(str(tally.wrong), style="bold red" if tally.wrong else ""),
        )
    page.add(drawn)


def _draw_unprotected(page: TextPage, found: Strength) -> None:
    """The cells that no rule protects, by table, named by their labels."""
    say = page.say
    if not found.unprotected:
        page.tell("strength-all-protected")
        return
    page.line(say("strength-unprotected", count=len(found.unprotected)), "bold red")
    for table in found.form.tables:
        own = [cell.address for cell in found.unprotected if cell.address.table == table.key]
        if own:
            listed = say.by_row(own, len(table.rows))
            page.line(f"  {say.title(table)}: {listed}", hang=4)


def _draw_faults(page: TextPage, found: Strength) -> None:
    """What is wrong with the rules themselves, and what was not weighed."""
    say = page.say
    for checks in found.conflicts:
        page.tell("strength-conflict", hang=2, checks=say.commas(checks))
    if found.forced:
        page.tell("strength-forced", hang=2)
    for box, value in found.forced:
        page.tell("forced-cell", hang=2, cell=found.form.describe(box), value=value)
    if not found.conflicts and not found.forced:
        page.tell("strength-forced-none", hang=2)
    if found.idle:
        page.tell("strength-idle", hang=2, checks=say.commas(found.idle))
    if found.needless:
        page.tell("strength-needless", hang=2)
    for each in found.needless:
        code = "needless-proved" if each.proved else "needless-seen"
        page.tell(code, hang=2, rule=each.rule_id)
    if found.silent:
        page.tell("strength-silent", hang=2, rules=say.commas(found.silent))
    if found.aside:
        rules = say.commas(found.aside)
        page.tell("strength-aside", hang=2, count=len(found.aside), rules=rules)
    if found.unsolved:
        page.tell("strength-unsolved", hang=2)
    page.add(Text(""))
