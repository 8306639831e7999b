"""How strong rules are: a map of the form at a terminal, readable without colour, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Drawn
from rich.text import Text

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row
from auditor.model.form import Address, Form, Table
from auditor.model.strength import CellStrength, Strength, Tally
from auditor.reporters import Style
from auditor.reporters.tables import grid
from auditor.reporters.terminal import set_out
from auditor.reporters.wrap import wrapped

SCHEMA_VERSION = 1
_GLYPHS = {"located": "●", "detected": "◐", "partly": "○", "none": "·"}
_COLOURS = {"located": "green", "detected": "cyan", "partly": "yellow", "none": "bold red"}
_COUNTS = ("trials", "detected", "listed", "located", "likely", "wrong")


def render_json(found: Iterable[Strength], style: Style) -> Iterator[str]:
    """One document over all forms."""
    whole = {"schema_version": SCHEMA_VERSION, "forms": [_form(each) for each in found]}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _form(found: Strength) -> dict[str, Any]:
    return {
        "form": found.form.id,
        "seed": found.seed,
        "reports": dict(found.scales),
        "reports_not_made": found.unmade,
        "kinds": [{"kind": tally.kind, **_counts(tally)} for tally in found.kinds],
        "pairs": _counts(found.pairs),
        "cells": [
            {
                "address": str(cell.address),
                "label": found.form.describe(cell.address),
                "protection": protection(cell),
                **_counts(cell.tally),
            }
            for cell in found.cells
        ],
        "unprotected": [str(cell.address) for cell in found.unprotected],
        "needless": [{"rule": each.rule_id, "proved": each.proved} for each in found.needless],
        "silent": list(found.silent),
        "not_weighed": list(found.aside),
        "forced": [{"address": str(box), "value": value} for box, value in found.forced],
        "idle": list(found.idle),
        "contradictions": [list(each) for each in found.conflicts],
        "complete": not found.unsolved,
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in _COUNTS}


def protection(cell: CellStrength) -> str:
    """What the rules do for a cell: `located`, `detected`, `partly` or `none`."""
    if cell.certain:
        return "located" if cell.unique else "detected"
    return "partly" if cell.protected else "none"


def render_terminal(found: Iterable[Strength], style: Style) -> Iterator[str]:
    """A page for each form: its map, the mistakes by kind, and what is wrong with the rules."""
    for each in found:
        yield set_out(_parts(each, style), style)


def _parts(found: Strength, style: Style) -> Iterator[RenderableType]:
    form, language = found.form, style.language

    def said(code: str, **values: object) -> RenderableType:
        return wrapped(phrase(code, language, **values), style.width)

    yield Text(f"{form.id}  {form.name.get(language, '')}", style="bold")
    count = sum(reports for _, reports in found.scales)
    comma = phrase("list-comma", language)
    sizes = comma.join(phrase(f"size-{size}", language) for size, _ in found.scales)
    yield said("strength-scales", count=count, sizes=sizes, seed=found.seed)
    if found.unmade:
        yield said("strength-unmade", count=found.unmade)
    cells = {cell.address: cell for cell in found.cells}
    for table in form.tables:
        yield Padding(Text(table.title.get(language, table.key), style="bold"), (1, 0, 0, 0))
        yield _map(table, cells)
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


def _map(table: Table, cells: dict[Address, CellStrength]) -> Drawn:
    drawn = grid(table.columns, wide=table.layout == "rows" and len(table.columns) > 5)
    above: tuple[str, ...] = ()
    for row in table.rows:
        if row.instead_of:
            continue
        groups = tuple(g.label for g in reversed(table.ancestors(row)) if g.parent)
        if groups and groups != above:
            drawn.add_row(Text("·".join(groups), style="dim"))
        above = groups
        boxes = (Address(table.key, row.key, column.key) for column in table.columns)
        drawn.add_row(Text(row.label), *(_glyph(cells.get(box)) for box in boxes))
    return drawn


def _glyph(cell: CellStrength | None) -> Text:
    if cell is None:
        return Text("")
    kind, tally = protection(cell), cell.tally
    good = tally.located if cell.certain else tally.detected
    share = f" {100 * good // tally.trials:3}" if tally.trials and kind != "none" else "    "
    return Text(_GLYPHS[kind] + share, style=_COLOURS[kind])


def _kinds(tallies: Sequence[Tally], language: str) -> Drawn:
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    drawn.add_column(phrase("head-kind", language))
    for name in _COUNTS:
        drawn.add_column(phrase(f"head-{name}", language), justify="right")
    for tally in tallies:
        shares = [
            f"{100 * getattr(tally, name) / tally.trials:.0f}%" if tally.trials else ""
            for name in _COUNTS[1:-1]
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
            listed = cells_by_row(_labels(form, table, own), len(table.rows), language)
            yield wrapped(f"  {title}: {listed}", style.width, hang=4)


def _labels(form: Form, table: Table, boxes: Iterable[Address]) -> Iterator[tuple[str, str, int]]:
    for box in boxes:
        row, _, column = form.describe(box).rpartition(" × ")
        yield row, column, len(table.row(box.row).columns)


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
