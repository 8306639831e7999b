"""How strong rules are, at a terminal: a map of the form, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Drawn
from rich.text import Text

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row
from auditor.model.form import Address
from auditor.model.strength import CellStrength, MistakeTally, Strength
from auditor.reporters import Style
from auditor.reporters.documents import COUNTS, protection
from auditor.reporters.terminal import form_table, plain_table, set_out, wrapped
from auditor.reporters.words import cell_labels, joined

_GLYPHS = {"located": "●", "detected": "◐", "partly": "○", "none": "·"}
_COLOURS = {"located": "green", "detected": "cyan", "partly": "yellow", "none": "bold red"}


def render_strength(found: Strength, style: Style) -> str:
    """A page for a form: its map, the mistakes by kind, and what is wrong with the rules."""
    return set_out(_parts(found, style), style)


def _parts(found: Strength, style: Style) -> Iterator[RenderableType]:
    form, language = found.form, style.language

    def said(code: str, **values: object) -> RenderableType:
        return wrapped(phrase(code, language, **values), style.width)

    yield Text(f"{form.id}  {form.name.get(language, '')}", style="bold")
    count = sum(reports for _, reports in found.scales)
    names = (phrase(f"size-{size}", language) for size, _ in found.scales)
    sizes = joined("list-comma", names, language)
    yield said("strength-scales", count=count, sizes=sizes, seed=found.seed)
    if found.unmade:
        yield said("strength-unmade", count=found.unmade)
    cells = {cell.address: cell for cell in found.cells}
    for table in form.tables:
        rows = (
            (row, [_glyph(cells.get(Address(table.key, row.key, c.key))) for c in table.columns])
            for row in table.rows
            if not row.instead_of
        )
        yield from form_table(table, rows, language)
    yield Text("")
    for line in phrase("strength-legend", language).splitlines():
        yield wrapped(line, style.width)
    yield Padding(Text(phrase("strength-kinds", language), style="bold"), (1, 0, 0, 0))
    yield _kinds((*found.kinds, found.pairs), language)
    yield said("kinds-legend")
    yield Text("")
    for table in form.tables:
        own = [cells[box] for box in table.boxes() if box in cells]
        if own and all(cell.certain for cell in own):
            title = table.title.get(language, table.key)
            yield said("strength-table-protected", table=title, count=len(own))
    yield from _unprotected(found, style)
    yield from _faults(found, style)


def _glyph(cell: CellStrength | None) -> Text:
    if cell is None:
        return Text("")
    kind, tally = protection(cell), cell.tally
    good = tally.located if cell.certain else tally.detected
    share = f" {100 * good // tally.trials:3}" if tally.trials and kind != "none" else "    "
    return Text(_GLYPHS[kind] + share, style=_COLOURS[kind])


def _kinds(tallies: Sequence[MistakeTally], language: str) -> Drawn:
    drawn = plain_table()
    drawn.add_column(phrase("head-kind", language))
    for name in COUNTS:
        drawn.add_column(phrase(f"head-{name}", language), justify="right")
    for tally in tallies:
        shares = [
            f"{100 * getattr(tally, name) / tally.trials:.0f}%" if tally.trials else ""
            for name in COUNTS[1:-1]
        ]
        drawn.add_row(
            phrase(f"kind-{tally.kind}", language),
            str(tally.trials),
            *shares,
            Text(str(tally.wrong), style="bold red" if tally.wrong else ""),
        )
    return drawn


def _unprotected(found: Strength, style: Style) -> Iterator[RenderableType]:
    """The cells that no rule protects, by table, named by their labels."""
    language, form = style.language, found.form
    if not found.unprotected:
        yield wrapped(phrase("strength-all-protected", language), style.width)
        return
    count = len(found.unprotected)
    yield wrapped(phrase("strength-unprotected", language, count=count), style.width, "bold red")
    for table in form.tables:
        own = [cell.address for cell in found.unprotected if cell.address.table == table.key]
        if own:
            title = table.title.get(language, table.key)
            listed = cells_by_row(cell_labels(form, own), len(table.rows), language)
            yield wrapped(f"  {title}: {listed}", style.width, hang=4)


def _faults(found: Strength, style: Style) -> Iterator[RenderableType]:
    """What is wrong with the rules themselves, and what was not weighed."""
    language = style.language

    def said(code: str, **values: object) -> RenderableType:
        return wrapped(phrase(code, language, **values), style.width, hang=2)

    comma = phrase("list-comma", language)
    for checks in found.conflicts:
        yield said("strength-conflict", checks=comma.join(checks))
    if found.forced:
        yield said("strength-forced")
        for box, value in found.forced:
            yield said("forced-cell", cell=found.form.describe(box), value=value)
    if not found.conflicts and not found.forced:
        yield said("strength-forced-none")
    if found.idle:
        yield said("strength-idle", checks=comma.join(found.idle))
    if found.needless:
        yield said("strength-needless")
        for each in found.needless:
            yield said("needless-proved" if each.proved else "needless-seen", rule=each.rule_id)
    if found.silent:
        yield said("strength-silent", rules=comma.join(found.silent))
    if found.aside:
        count = len(found.aside)
        yield said("strength-aside", count=count, rules=comma.join(found.aside))
    if found.unsolved:
        yield said("strength-unsolved")
    yield Text("")
