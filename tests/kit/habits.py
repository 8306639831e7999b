"""Habits of authors that go with any layout: marks for zero, and how headings are numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form
from auditor.testing import (
    Layout,
    Section,
    Setter,
    aligned,
    blank_cells,
    cell_and_pipe_lines,
    cell_lines,
    spaces,
    whole,
)

_CHINESE = "一二三四五六"
_NUMBERS = ("{}、", "{}. ", "（{}）", "0{}、", "{} ", "表 {} ")


def marked(setter: Setter, mark: str) -> Setter:
    """`setter` with a mark for every zero."""

    def marking(section: Section, rng: Random) -> Iterable[str]:
        rows = tuple(
            replace(row, figures=tuple(mark if each == "0" else each for each in row.figures))
            for row in section.rows
        )
        return setter(replace(section, rows=rows), rng)

    return marking


def numbered(layout: Layout) -> Layout:
    """`layout` with digits for the numbers of its headings."""

    def numbering(
        form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
    ) -> str:
        said = layout(form, figures, agency, year, rng)
        style = rng.choice(_NUMBERS)
        headings = {table.headings[0] for table in form.tables} | set(form.after)
        for line in said.split("\n"):
            place = _CHINESE.find(line[:1]) if line[1:2] == "、" else -1
            if place >= 0 and line[2:] in headings:
                said = said.replace(f"\n{line}\n", f"\n{style.format(place + 1)}{line[2:]}\n", 1)
        return said

    return numbering


def twice(layout: Layout) -> Layout:
    """`layout` and once more the same, as a web page and the text of its attachment."""

    def repeating(
        form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
    ) -> str:
        said = layout(form, figures, agency, year, rng)
        from_table_two = said[said.index(f"二、{form.tables[0].headings[0]}\n") :]
        return said + "附件：\n\n" + rng.choice((said, from_table_two))

    return repeating


def _html_tables(section: Section, rng: Random) -> Iterable[str]:
    """What converters write into Markdown where cells are merged; now and then on one line."""
    apart = "\n" if rng.random() < 0.5 else ""
    lines = ["<table>"]
    for row in section.rows:
        cells = [f"<td>{cell}</td>" for cell in (*row.said, *row.figures)]
        lines.append(f"<tr>{apart}{apart.join(cells)}</tr>")
    yield apart.join([*lines, "</table>"])


def _named_blanks(section: Section, rng: Random) -> Iterable[str]:
    """Pipes with HTML between them: blanks by name, line breaks, bold labels."""
    for index, row in enumerate(section.rows):
        labels = [
            f"**{label.replace('（', '<br>（')}**" if label else "&nbsp;" for label in row.labels
        ]
        figures = [figure if figure != "0" else "&nbsp;" for figure in row.figures]
        yield "| " + " | ".join([*labels, *figures]) + " |"
        if not index:
            yield "|" + " --- |" * (len(labels) + len(figures))


HABITS: dict[str, Layout] = {
    "dashes for zero between spaces": whole(marked(spaces, "-")),
    "dashes for zero, aligned": whole(marked(aligned, "-")),
    "words for zero between spaces": whole(marked(spaces, "无")),
    "HTML tables in Markdown": whole(_html_tables, "\n\n", "## {}"),
    "HTML for zero in Markdown": whole(_named_blanks, "\n\n", "## {}"),
    "everything twice": twice(whole(spaces)),
    "everything twice, one cell to a line": twice(whole(cell_lines)),
    "headings numbered in digits": numbered(whole(spaces)),
    "headings numbered in digits, one cell to a line": numbered(whole(cell_lines)),
    "headings numbered in digits, empty cells": numbered(whole(marked(blank_cells, ""))),
    "headings numbered in digits, pipes alone": numbered(whole(marked(cell_and_pipe_lines, ""))),
}

HABITS_OF_BLANKS = frozenset(name for name in HABITS if "zero" in name or "empty" in name) | {
    "headings numbered in digits, pipes alone"
}
