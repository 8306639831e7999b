"""Damages that keep every character of a section: what the law composes.

Each takes a table's lines and gives them back with line ends, lines or parts of cells elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from auditor.testing import Section
from tests.damage.body import (
    Body,
    Cell,
    Damage,
    Line,
    adds_up,
    figures,
    filled,
    header,
    is_crossed,
    labels,
    some,
    whole_rows,
)


def _each(body: Body, at: list[int], change: Callable[[Line], Body]) -> Body:
    """The lines, those at `at` replaced by what `change` makes of them."""
    chosen = set(at)
    return [
        new
        for where, line in enumerate(body)
        for new in (change(line) if where in chosen else [line])
    ]


def break_lines(body: Body, rng: Random, section: Section) -> Body:
    """Lines end between two of their cells."""

    def broken(line: Line) -> Body:
        if len(line) < 2:
            return [line]
        at = rng.randrange(1, len(line))
        return [line[:at], line[at:]]

    return _each(body, some(filled(body), rng), broken)


def figures_below(body: Body, rng: Random, section: Section) -> Body:
    """Figures stand on a line of their own below their label, or above it."""
    below = rng.random() < 0.6

    def apart(line: Line) -> Body:
        both = [part for part in (labels(line), figures(line)) if part]
        return both if below else both[::-1]

    return _each(body, some(whole_rows(body), rng), apart)


def last_below(body: Body, rng: Random, section: Section) -> Body:
    """The last figure falls to a line of its own, or to the front of the next."""
    found = list(body)
    for at in reversed(some(whole_rows(body), rng)):
        line = found[at]
        if len(figures(line)) < 2:
            continue
        found[at] = line[:-1]
        if rng.random() < 0.6 or at + 1 == len(found):
            found.insert(at + 1, line[-1:])
        else:
            found[at + 1] = line[-1:] + found[at + 1]
    return found


def join_lines(body: Body, rng: Random, section: Section) -> Body:
    """Lines run on into the next."""
    found = list(body)
    for at in reversed(some(range(len(body) - 1), rng)):
        found[at : at + 2] = [found[at] + found[at + 1]]
    return found


def split_figures(body: Body, rng: Random, section: Section) -> Body:
    """A figure is torn in two within its line."""

    def torn(line: Line) -> Body:
        return [_torn(line, rng)]

    return _each(body, some(filled(body), rng), torn)


def _torn(line: Line, rng: Random) -> Line:
    long = [at for at, cell in enumerate(line) if cell.figure and len(cell.text) > 1]
    if not long:
        return line
    at = rng.choice(long)
    cut = rng.randrange(1, len(line[at].text))
    halves = (Cell(line[at].text[:cut], True), Cell(line[at].text[cut:], True))
    return (*line[:at], *halves, *line[at + 1 :])


def split_figures_over_lines(body: Body, rng: Random, section: Section) -> Body:
    """A line ends within a figure."""

    def torn(line: Line) -> Body:
        long = [at for at, cell in enumerate(line) if cell.figure and len(cell.text) > 1]
        if not long:
            return [line]
        at = rng.choice(long)
        cut = rng.randrange(1, len(line[at].text))
        head, tail = Cell(line[at].text[:cut], True), Cell(line[at].text[cut:], True)
        return [(*line[:at], head), (tail, *line[at + 1 :])]

    return _each(body, some(filled(body), rng), torn)


def join_figures(body: Body, rng: Random, section: Section) -> Body:
    """Two neighbouring figures run into one another."""

    def glued(line: Line) -> Body:
        own = [cell.figure and cell.text[-1:].isdigit() for cell in line]
        pairs = [at for at in range(len(line) - 1) if own[at] and own[at + 1]]
        if not pairs:
            return [line]
        at = rng.choice(pairs)
        return [(*line[:at], Cell(line[at].text + line[at + 1].text, True), *line[at + 2 :])]

    return _each(body, some(filled(body), rng), glued)


def glue_and_split(body: Body, rng: Random, section: Section) -> Body:
    """In one row two figures run into one another and another is torn: sums alone show it."""
    if not section.table.sums:
        return body
    chosen = some(filled(body), rng)

    def torn_and_glued(line: Line) -> Body:
        torn = _torn(line, rng)
        if torn == line:
            return [line]
        both = join_figures([torn], rng, section)
        return [line] if is_crossed(section) and adds_up(both[0]) else both

    return _each(body, chosen, torn_and_glued)


def split_labels(body: Body, rng: Random, section: Section) -> Body:
    """A blank stands within a label."""

    def spaced(line: Line) -> Body:
        return [tuple(part for cell in line for part in _halves(cell, rng))]

    return _each(body, some(range(len(body)), rng), spaced)


def _halves(cell: Cell, rng: Random) -> Line:
    if cell.figure or len(cell.text) < 5 or rng.random() < 0.3:
        return (cell,)
    at = rng.randrange(2, len(cell.text) - 1)
    return (Cell(cell.text[:at]), Cell(cell.text[at:]))


def labels_over_lines(body: Body, rng: Random, section: Section) -> Body:
    """A label goes on below: its figures stand beside its first line, its second, or between."""
    place = rng.choice(("first", "second", "between", "any"))

    def wrapped(line: Line) -> Body:
        where = rng.choice(("first", "second", "between")) if place == "any" else place
        *above, label = labels(line)
        if len(label.text) < 6:
            return [line]
        cut = rng.randrange(3, len(label.text) - 1)
        head, tail = (*above, Cell(label.text[:cut])), (Cell(label.text[cut:]),)
        if where == "first":
            return [head + figures(line), tail]
        if where == "second":
            return [head, tail + figures(line)]
        return [head, figures(line), tail]

    return _each(body, some(whole_rows(body), rng), wrapped)


def move_lines(body: Body, rng: Random, section: Section) -> Body:
    """Whole rows stand elsewhere among the others."""
    found = list(body)
    for _ in range(rng.choice((1, 2, 5))):
        places = whole_rows(found)
        if len(places) > 1:
            line = found.pop(rng.choice(places))
            found.insert(rng.choice(places[:-1]), line)
    return found


def figures_off_by_one(body: Body, rng: Random, section: Section) -> Body:
    """For some rows figures stand a line above or below the label that they belong to."""
    places = whole_rows(body)
    if len(places) < 3:
        return body
    first = rng.randrange(len(places) - 2)
    taken = places[first : first + rng.choice((2, 3, 6, 12))]
    if taken[-1] - taken[0] + 1 != len(taken):
        return body
    said, numbers = [labels(body[at]) for at in taken], [figures(body[at]) for at in taken]
    lines: Body
    match rng.choice(("swapped", "ahead", "behind")):
        case "swapped":
            lines = [*said[:2], *numbers[1::-1], *_in_turn(said[2:], numbers[2:])]
        case "ahead":
            lines = _in_turn(numbers, said)
        case _:
            lines = [said[0], *_in_turn(said[1:], numbers[:-1]), numbers[-1]]
    return [*body[: taken[0]], *lines, *body[taken[-1] + 1 :]]


def _in_turn(first: Sequence[Line], second: Sequence[Line]) -> Body:
    return [line for pair in zip(first, second, strict=True) for line in pair]


def blocks(body: Body, rng: Random, section: Section) -> Body:
    """The labels of some rows stand together, and their figures, by row or by column."""
    places = whole_rows(body)
    if len(places) < 2:
        return body
    count = rng.choice((2, 3, 5, len(places), len(places)))
    first = rng.randrange(max(1, len(places) - count + 1))
    taken = places[first : first + count]
    rows = [body[at] for at in taken]
    said: Body = [(cell,) for row in rows for cell in labels(row)]
    numbers = [figures(row) for row in rows]
    lines: Body
    match rng.choice(("lines", "cells", "columns", "columns")):
        case "lines":
            lines = numbers
        case "cells":
            lines = [(cell,) for row in numbers for cell in row]
        case _:
            wide = max(map(len, numbers))
            lines = [(row[at],) for at in range(wide) for row in numbers if at < len(row)]
    both = lines + said if rng.random() < 0.4 else said + lines
    kept = set(taken)
    rest = [line for at, line in enumerate(body) if at not in kept and at > taken[0]]
    return [*body[: taken[0]], *both, *rest]


def permute_columns(body: Body, rng: Random, section: Section) -> Body:
    """Columns stand in another order, and the header says so."""
    size = len(section.table.columns)
    return _ordered(body, section, rng.sample(range(size), size)) if is_crossed(section) else body


def total_first(body: Body, rng: Random, section: Section) -> Body:
    """The total stands before its parts, and the header says so."""
    last = len(section.table.columns) - 1
    return _ordered(body, section, [last, *range(last)]) if is_crossed(section) else body


def _ordered(body: Body, section: Section, order: list[int]) -> Body:
    heads = [Cell(column.label) for column in section.table.columns]
    if len(body) > 1 and set(body[1]) == set(heads):
        heads = list(body[1])  # another order was given before
    found: Body = [body[0][:1], tuple(heads[at] for at in order)]
    for line in body[len(header(body)) :]:
        numbers = figures(line)
        if len(numbers) == len(order):
            line = labels(line) + tuple(numbers[at] for at in order)
        found.append(line)
    return found


def index_numbers(body: Body, rng: Random, section: Section) -> Body:
    """Rows are numbered in front of their labels, at times under a heading."""
    found: Body = []
    number = rng.choice((1, 1, 1, 3, 101))
    headed = rng.random() < 0.5
    for line in body:
        if figures(line):
            line = (Cell(str(number)), *line)
            number += 1
        elif headed and len(line) > 1:
            line = (Cell("序号"), *line)
        found.append(line)
    return found


def wrap_below(body: Body, rng: Random, section: Section) -> Body:
    """Narrow columns: what does not fit of each figure stands on the next line."""
    width = rng.choice((1, 2, 3, 4, 4, 5))

    def wrapped(line: Line) -> Body:
        rows: Body = [
            tuple(
                Cell(cell.text[at : at + width], True) for cell in figures(line) if cell.text[at:]
            )
            for at in range(0, max((len(cell.text) for cell in figures(line)), default=1), width)
        ]
        return [labels(line) + rows[0], *rows[1:]]

    return _each(body, some(filled(body), rng, len(body)), wrapped)


def wrap_around(body: Body, rng: Random, section: Section) -> Body:
    """Narrow columns: heads of long figures above the label's line, tails below it."""
    width = rng.choice((1, 2, 3, 4))

    def wrapped(line: Line) -> Body:
        numbers = figures(line)
        heads = tuple(Cell(c.text[:width], True) for c in numbers if len(c.text) > width)
        tails = tuple(Cell(c.text[width:], True) for c in numbers if len(c.text) > width)
        short = tuple(c for c in numbers if len(c.text) <= width)
        return [part for part in (heads, labels(line) + short, tails) if part]

    return _each(body, some(filled(body), rng, len(body)), wrapped)


def wrap_both(body: Body, rng: Random, section: Section) -> Body:
    """Narrow columns: the label goes on below too, tails of figures stand behind its rest."""
    width, long = rng.choice((1, 2, 3, 4)), rng.choice((6, 10, 15))

    def wrapped(line: Line) -> Body:
        numbers = figures(line)
        *above, label = labels(line) or (Cell(""),)
        heads = tuple(Cell(c.text[:width], True) for c in numbers)
        tails = tuple(Cell(c.text[width:], True) for c in numbers if len(c.text) > width)
        head = (Cell(label.text[:long]),) if label.text else ()
        rest = (Cell(label.text[long:]),) if label.text[long:] else ()
        return [part for part in ((*above, *head, *heads), rest + tails) if part]

    return _each(body, some(filled(body), rng, len(body)), wrapped)


def glue_to_labels(body: Body, rng: Random, section: Section) -> Body:
    """The first figure of a row runs into the label."""

    def glued(line: Line) -> Body:
        *above, label = labels(line)
        first, *others = figures(line)
        return [(*above, Cell(label.text + first.text), *others)]

    return _each(body, some(whole_rows(body), rng), glued)


def upside_down(body: Body, rng: Random, section: Section) -> Body:
    """The rows stand from last to first."""
    at = len(header(body))
    return [*body[:at], *body[at:][::-1]] if is_crossed(section) else body


MOVES: dict[str, Damage] = {
    "break lines": break_lines,
    "figures above or below": figures_below,
    "last figure below": last_below,
    "join lines": join_lines,
    "split figures": split_figures,
    "split figures over lines": split_figures_over_lines,
    "join figures": join_figures,
    "glue and split": glue_and_split,
    "split labels": split_labels,
    "labels over lines": labels_over_lines,
    "move rows": move_lines,
    "upside down": upside_down,
    "glued to labels": glue_to_labels,
    "figures off by one": figures_off_by_one,
    "blocks": blocks,
    "permuted columns": permute_columns,
    "total first": total_first,
    "index numbers": index_numbers,
    "wrapped below": wrap_below,
    "wrapped around the label": wrap_around,
    "wrapped with the label": wrap_both,
}
