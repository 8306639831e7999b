"""Whole reports as text that has lost something: a reader may leave a cell unread, never wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form
from auditor.testing import Layout, Section, is_single, joined, page, whole, wrap


def _glued(
    form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> str:
    """Every boundary between cells is gone; now and then a space survives."""

    def setter(section: Section, rng: Random) -> Iterable[str]:
        for row in section.rows:
            gaps = [" " if rng.random() < 0.02 else "" for _ in row.figures]
            yield "".join([*row.said, *(f + g for f, g in zip(row.figures, gaps, strict=True))])

    return "".join(joined(page(form, figures, agency, year, rng), setter, rng).split("\n")) + "\n"


def _figures_first(section: Section, rng: Random) -> Iterable[str]:
    """Column blocks: the figures of some rows, one to a line, stand before their labels."""
    held: list[str] = []
    for row in section.rows:
        if row.figures and rng.random() < 0.3:
            yield from (line for figure in row.figures for line in (figure, ""))
            held += [*row.said]
            continue
        yield from held
        held = []
        yield " ".join([*row.said, *row.figures])
    yield from held


def _column_blocks(section: Section, rng: Random) -> Iterable[str]:
    """Labels of some rows together, and their figures together on either side, one to a line."""
    rows = list(section.rows)
    while rows:
        taken = rng.choice((1, 1, 2, 2, 3, 4, 6))
        block, rows = rows[:taken], rows[taken:]
        labels = [label for row in block for label in row.said]
        figures = [figure for row in block for figure in row.figures]
        yield from figures + labels if rng.random() < 0.5 else labels + figures


def _apart_and_swapped(section: Section, rng: Random) -> Iterable[str]:
    """All labels in one block and all figures in another, where two lines have changed places."""
    rows = [row for row in section.rows if row.figures]
    yield from (label for row in section.rows if not row.figures for label in row.said)
    yield from (label for row in rows for label in row.said)
    lines = [" ".join(row.figures) for row in rows]
    if len(lines) > 1:
        at = rng.randrange(len(lines) - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    yield from lines


def _columns_lost(section: Section, rng: Random) -> Iterable[str]:
    """A table as wide as the page was: columns on the right are gone, except in a few rows."""
    for row in section.rows:
        figures = row.figures
        if len(figures) == 7 and rng.random() < 0.9:
            figures = figures[:4]
        yield "\t".join([*row.labels, *figures]) + "\t"


def _total_lost(section: Section, rng: Random) -> Iterable[str]:
    """The last column is gone throughout."""
    for row in section.rows:
        figures = row.figures[:-1] if len(row.figures) == 7 else row.figures
        yield " | ".join([*row.said, *figures]) + " |"


def _cells_too_many(section: Section, rng: Random) -> Iterable[str]:
    """Table four has one or two zeros more than boxes, left by a merged header."""
    for row in section.rows:
        figures = list(row.figures)
        if is_single(section) and figures:
            for _ in range(rng.randint(1, 2)):
                figures.insert(rng.randint(0, len(figures)), "0")
        yield "\t".join([*row.labels, *figures])


def _block_lost(section: Section, rng: Random) -> Iterable[str]:
    """The first block of table four is empty and its last cell is gone."""
    for row in section.rows:
        figures = row.figures
        if is_single(section) and figures:
            figures = ("", "", "", "", "", *figures[5:], *([""] if rng.random() < 0.5 else []))
            figures = figures[: -rng.randint(0, 1) or None]
        yield "\t".join([*row.labels, *figures])


def _blanks_vanish(section: Section, rng: Random) -> Iterable[str]:
    """One cell to a line, and empty cells leave nothing but some blank lines."""
    for row in section.rows:
        yield from (line for label in row.said for line in (label, ""))
        for figure in row.figures:
            if figure == "0" and rng.random() < 0.6:
                yield from [""] * rng.randint(0, 2)
            else:
                yield from (figure, "")


def _page_numbers(section: Section, rng: Random) -> Iterable[str]:
    """One cell to a line, with page numbers among the cells."""
    number = rng.randint(2, 6)
    for row in section.rows:
        for cell in (*row.said, *row.figures):
            yield from (cell, "")
            if rng.random() < 0.03:
                yield rng.choice(("- {} -", "—{}—", "-{}-", "第{}页", "{}")).format(number)
                yield ""
                number += 1


def _label_a_row_above(section: Section, rng: Random) -> Iterable[str]:
    """Some labels stand one row above their figures, beside empty cells."""
    for row in section.rows:
        if len(row.figures) == 7 and rng.random() < 0.2:
            yield "\t".join([*row.labels, *[""] * 7])
            yield "\t" + "\t".join(row.figures)
            yield ""
        else:
            yield "\t".join([*row.labels, *row.figures])


def _label_goes_on_below(section: Section, rng: Random) -> Iterable[str]:
    """Long labels are torn: the rest stands in a row of empty cells after a page break."""
    for row in section.rows:
        label = row.said[-1] if row.said else ""
        if len(label) > 20 and row.figures:
            first, *others = wrap(label, 17)
            yield "\t".join([*row.labels[:-1], first, *row.figures])
            yield ""
            yield "\t".join([*[""] * (len(row.labels) - 1), "".join(others), *[""] * 7])
        else:
            yield "\t".join([*row.labels, *row.figures])


def _question_marks(section: Section, rng: Random) -> Iterable[str]:
    """Blanks that could not be encoded have become question marks."""
    for row in section.rows:
        yield from (f"{label} |" for label in row.said)
        yield from (f"{'? ' if rng.random() < 0.3 else ''}{figure} |" for figure in row.figures)


def _subtotals(section: Section, rng: Random) -> Iterable[str]:
    """An eighth column in table three: all organisations together, before the total."""
    for row in section.rows:
        figures = row.figures
        if len(figures) == 7:
            organisations = sum(int(figure) for figure in figures[1:6])
            figures = (*figures[:6], str(organisations), figures[6])
        yield " | ".join([*row.said, *figures]) + " |"


def _rows_lost(section: Section, rng: Random) -> Iterable[str]:
    """Some rows are not there at all."""
    for row in section.rows:
        if not row.figures or rng.random() > 0.1:
            yield " | ".join([*row.said, *row.figures]) + " |"


def _cut_short(
    form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> str:
    """The text ends after some line of its second half: a figure cut in two cannot be told."""
    lines = joined(page(form, figures, agency, year, rng), _cut_rows, rng).splitlines(True)
    return "".join(lines[: rng.randint(len(lines) // 2, len(lines))])


def _cut_rows(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield " ".join([*row.said, *row.figures])


DAMAGED: dict[str, Layout] = {
    "figures glued together": _glued,
    "figures before their labels": whole(_figures_first),
    "labels and figures in blocks": whole(_column_blocks),
    "labels apart from figures, two lines swapped": whole(_apart_and_swapped),
    "columns lost on the right": whole(_columns_lost),
    "total column lost": whole(_total_lost),
    "more cells than boxes in table four": whole(_cells_too_many),
    "first block of table four lost": whole(_block_lost),
    "blank cells vanish": whole(_blanks_vanish, "\n\n"),
    "page numbers among the cells": whole(_page_numbers, "\n\n"),
    "label a row above its figures": whole(_label_a_row_above),
    "label goes on after a page break": whole(_label_goes_on_below),
    "question marks for blanks": whole(_question_marks),
    "a column of subtotals": whole(_subtotals),
    "rows lost": whole(_rows_lost),
    "cut short": _cut_short,
}
