"""An invented report as a web page meant for print, in a `Look`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape
from random import Random

from auditor.model.form import Address, Form
from auditor.testing import Section, page
from tests.kit.looks import Look
from tests.kit.ruled import Box, ruled

_RULES = {
    "solid": "td {border: 1px solid}",
    "dashed": "td {border: 1px dashed}",
    "dotted": "td {border: 1px dotted}",
    "double": "td {border: 3px double}",
    "apart": "table {border-collapse: separate; border-spacing: 2px} td {border: 1px solid}",
    "open": "td {border: 1px solid} table {border-style: hidden}",
    "rows": "td {border: solid; border-width: 1px 0}",
    "none": "",
}
_GROUPS = {
    "": "",
    "vertical": ".group {writing-mode: vertical-rl; margin: auto}",
    "rotated": ".group {transform: rotate(-90deg); white-space: nowrap}",
}


def print_page(
    form: Form,
    figures: Mapping[Address, Decimal],
    agency: str,
    year: int,
    rng: Random,
    look: Look,
) -> bytes:
    """The report as HTML with a style sheet for print."""
    made = page(form, figures, agency, year, rng)
    parts = [f"<h1>{escape(made.title)}</h1>", *(f"<p>{escape(said)}</p>" for said in made.opening)]
    parts.append(f"<div style='height: {look.above}pt'></div>")
    for section in made.sections:
        parts += [f"<h2>{escape(section.heading)}</h2>", _table(section, look)]
    parts += [f"<p>{escape(said)}</p>" for said in made.closing]
    head = f"<meta charset=utf-8><title>{escape(made.title)}</title><style>{_style(look)}</style>"
    return f"<!DOCTYPE html><html lang=zh-CN>{head}<body>{''.join(parts)}</body></html>".encode()


def _style(look: Look) -> str:
    width, height = look.page
    return "\n".join(
        [
            f"@page {{size: {width}pt {height}pt; margin: 50pt}}",
            f"body {{font: 10.5pt '{look.font}'; margin: 0}}",
            "h1, h2 {font-size: 14pt}",
            "table {border-collapse: collapse; width: 100%; table-layout: fixed}",
            f"td {{font-size: {look.size}pt; padding: {2 if look.narrow else 4}px;"
            " text-align: center; word-break: break-all}",
            "p {text-indent: 2em; margin: 6pt 0}",
            _RULES[look.rules],
            _GROUPS[look.groups],
            "" if look.splits else "tr {break-inside: avoid}",
            "td {font-weight: bold; text-shadow: .3px 0 #000}" if look.bold else "",
        ]
    )


def _table(section: Section, look: Look) -> str:
    shares = look.widths(section)
    columns = "".join(f"<col style='width: {100 * s / sum(shares):.3f}%'>" for s in shares)
    rows = ["".join(_cell(box, look, section) for box in row) for row in ruled(section)]
    lines = [f"<tr>{row}</tr>" for row in rows]
    first = next(i for i, row in enumerate(section.rows) if row.figures)
    if not look.repeats or len({row.columns for row in section.table.rows}) > 1:
        first = 0
    return (
        f"<table><colgroup>{columns}</colgroup><thead>{''.join(lines[:first])}</thead>"
        f"<tbody>{''.join(lines[first:])}</tbody></table>"
    )


def _cell(box: Box, look: Look, section: Section) -> str:
    words = escape(look.shown(box))
    if box.rowspan > 1 and box.row > 2 and section.table.groups and look.groups:
        words = f"<div class=group>{words}</div>"
    return f"<td rowspan={box.rowspan} colspan={box.colspan}>{words}</td>"
