"""Tables set with one cell on every line, as web pages are copied."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from auditor.testing.pages import Printed, Section


def blank(figures: tuple[str, ...], mark: str = "") -> tuple[str, ...]:
    """Zeros left empty, but never the last figure, nor one that stands alone."""
    body = tuple(mark if f == "0" and len(figures) > 1 else f for f in figures[:-1])
    return (*body, *figures[-1:])


def _cells(row: Printed) -> list[str]:
    return [*row.said, *row.figures]


def cell_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in _cells(row):
            yield cell
            yield from [""] * rng.randint(1, 2)


def slash_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in (*row.said, *(figure if figure != "0" else "/" for figure in row.figures)):
            yield cell
            yield ""


def cell_and_pipe_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in _cells(row):
            yield from (cell, "|")


def cell_then_pipe(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield from (f"{cell} |" for cell in _cells(row))
        if rng.random() < 0.3:
            yield "|" * rng.choice((2, 4))


def pipe_then_cells(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield "| "
        yield from (f" {cell}  | " for cell in _cells(row))


def pipe_label_then_cells(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        first, *others = _cells(row)
        yield f"| {first}"
        yield "|"
        for cell in others:
            yield from (cell, "|")


def bare_pipe_blanks(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield from (f"{label} |" for label in row.said)
        yield from (f"{figure} |" if figure else "|" for figure in blank(row.figures))
