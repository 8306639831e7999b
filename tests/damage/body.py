"""A table as lines of cells, and how such lines are written.

In: a section of an invented report. Out: its header and rows as `Line`s, which damages rearrange,
and the text that a `Style` makes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple

from auditor.testing import Section, is_single


class Cell(NamedTuple):
    """A label, or a figure or part of one."""

    text: str
    figure: bool = False


Line = tuple[Cell, ...]
Body = list[Line]
Damage = Callable[[Body, Random, Section], Body]
Style = Callable[[Body], Iterable[str]]


def body_of(section: Section) -> Body:
    """The table's header and rows, a line each."""
    lines = [
        (*map(Cell, row.said), *(Cell(figure, True) for figure in row.figures))
        for row in section.rows
    ]
    return [line for line in lines if line]


def labels(line: Line) -> Line:
    """The cells of a line that are no figures."""
    return tuple(cell for cell in line if not cell.figure)


def figures(line: Line) -> Line:
    """The cells of a line that are figures."""
    return tuple(cell for cell in line if cell.figure)


def filled(body: Body) -> list[int]:
    """Where lines with figures stand."""
    return [at for at, line in enumerate(body) if figures(line)]


def whole_rows(body: Body) -> list[int]:
    """Where lines stand that have a label and then nothing but figures."""
    return [
        at
        for at, line in enumerate(body)
        if labels(line) and figures(line) and line == labels(line) + figures(line)
    ]


def header(body: Body) -> Body:
    """The lines above the first row."""
    return body[: min(filled(body), default=len(body))]


def some(places: Sequence[int], rng: Random, least: int = 1) -> list[int]:
    """One, a few or all of these places, in order."""
    if not places:
        return []
    count = rng.choice((least, least, 2, 4, len(places)))
    return sorted(rng.sample(list(places), min(count, len(places))))


def adds_up(line: Line) -> bool:
    """Whether the last figure is the sum of the others."""
    numbers = [int(cell.text) if cell.text.isdigit() else 0 for cell in figures(line)]
    return not numbers or sum(numbers[:-1]) == numbers[-1]


def is_crossed(section: Section) -> bool:
    """Whether the table has groups of rows and sums both ways, as table three."""
    return bool(section.table.groups) and not is_single(section)


def between(separator: str, end: str = "") -> Style:
    """A line each, its cells separated."""

    def style(body: Body) -> Iterable[str]:
        for line in body:
            yield separator.join(cell.text for cell in line) + end

    return style


def a_line_each(blank: int) -> Style:
    """Every cell on a line of its own."""

    def style(body: Body) -> Iterable[str]:
        for line in body:
            for cell in line:
                yield cell.text
                yield from [""] * blank

    return style


def in_columns(body: Body) -> Iterable[str]:
    """Labels to the left, figures right-aligned below one another."""
    for line in body:
        said = " ".join(cell.text for cell in labels(line))
        yield (
            said
            + " " * max(1, 80 - 2 * len(said))
            + "".join(f" {cell.text:>8}" for cell in figures(line))
        )


STYLES: dict[str, Style] = {
    "spaces": between(" "),
    "wide spaces": between("    "),
    "tabs": between("\t"),
    "pipes": between(" | ", " |"),
    "columns": in_columns,
    "cells": a_line_each(0),
    "cells apart": a_line_each(1),
}
