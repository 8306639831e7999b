"""Consistent figures of a chosen size, with or without one error of the author; one report of them.

In: a form and a source of randomness. Out: a `Case`: what is printed, and which cell is in error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form, Table
from auditor.strength.trials import Figures, alone
from auditor.testing import AGENCIES, Page, Section, page
from tests.damage.small import FORM_ID, small_page

_DOZENS = (1, 2, 3, 7, 10, 11, 12, 20, 21, 35, 48, 60, 99, 100, 101, 130)
_ROUND = (10, 100, 1000, 10000, 12000, 100000)

Count = Callable[[Random], int]


def _few(rng: Random) -> int:
    return rng.choice((1, 1, 2, 3, 5, 12)) if rng.random() < 0.12 else 0


def _dozens(rng: Random) -> int:
    return rng.choice(_DOZENS) if rng.random() < 0.6 else 0


def _big(rng: Random) -> int:
    if rng.random() < 0.2:
        return 0
    return rng.choice(_ROUND) if rng.random() < 0.45 else _any(rng)


def _any(rng: Random) -> int:
    digits = rng.randint(1, 6)
    return rng.randint(10 ** (digits - 1), 10**digits - 1)


SIZES: Mapping[str, Count] = {"few": _few, "dozens": _dozens, "big": _big, "any": _any}
"""Mostly zeros; counts of a county; round and long ones; one to six digits, totals of seven."""


MARKS = ("/", "-", "—")
"""What authors write for zero."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a report states: the figures that are printed, be they right or wrong."""

    form: Form
    figures: Figures
    agency: str
    year: int
    planted: Address | None = None
    """The cell that the author got wrong."""
    mark: str = "0"
    """What stands in the tables for zero."""

    def page(self, rng: Random) -> Page:
        """The report before it is set."""
        make = small_page if self.form.id == FORM_ID else page
        made = make(self.form, self.figures, self.agency, self.year, rng)
        if self.mark == "0":
            return made
        return replace(made, sections=tuple(self._marked(each) for each in made.sections))

    def _marked(self, section: Section) -> Section:
        rows = [
            replace(row, figures=tuple(self.mark if each == "0" else each for each in row.figures))
            for row in section.rows
        ]
        return replace(section, rows=tuple(rows))


def invent(form: Form, years: tuple[int, int], rng: Random, size: str, with_error: bool) -> Case:
    """One report of an invented agency."""
    count = SIZES[size]
    figures: Figures = {}
    for table in form.tables:
        filled = _summed(table, rng, count) if table.sums else _free(table, rng, count)
        figures.update(filled)
    mark = rng.choice(MARKS) if rng.random() < 0.2 else "0"
    case = Case(form, figures, rng.choice(AGENCIES), rng.randint(*years), mark=mark)
    return _mistaken(case, rng) if with_error else case


def _free(table: Table, rng: Random, count: Count) -> Figures:
    found: Figures = {}
    for row in (row for row in table.rows if not row.instead_of):
        for key in row.columns:
            found[Address(table.key, row.key, key)] = Decimal(count(rng))
    return found


def _summed(table: Table, rng: Random, count: Count) -> Figures:
    """Free cells first, then whatever the sums determine."""
    down = [each for each in table.sums if each.each == "column"]
    across = [sides for each in table.sums if each.each == "row" and (sides := alone(each))]
    totals = [sides for each in down if (sides := alone(each))]
    balances = [each for each in down if not alone(each)]
    determined = {key for key, _ in totals} | {key for each in balances for key in each.left}
    rows = [row.key for row in table.rows if not row.instead_of]
    cells: dict[tuple[str, str], int] = {}
    for column in (each.key for each in table.columns if each.key not in dict(across)):
        cells |= {(row, column): count(rng) for row in rows if row not in determined}
        for key, parts in totals:
            cells[key, column] = sum(cells.get((part, column), 0) for part in parts)
        for balance in balances:
            whole = sum(cells.get((part, column), 0) for part in balance.right)
            first, *others = balance.left
            for key in others:
                cells[key, column] = rng.randint(0, whole) if rng.random() < 0.4 else 0
                whole -= cells[key, column]
            cells[first, column] = whole
    for key, parts in across:
        for row in rows:
            cells[row, key] = sum(cells[row, part] for part in parts)
    return {Address(table.key, *at): Decimal(figure) for at, figure in cells.items()}


def _mistaken(case: Case, rng: Random) -> Case:
    """The report with one cell changed that enters a sum."""
    summed = [table for table in case.form.tables if table.sums]
    boxes = [box for table in summed for box in table.boxes() if box in case.figures]
    nonzero = [box for box in boxes if case.figures[box]] or boxes
    box = rng.choice(nonzero if rng.random() < 0.8 else boxes)
    changed = _slipped(case.figures[box], rng)
    return replace(case, figures={**case.figures, box: changed}, planted=box)


def _slipped(figure: Decimal, rng: Random) -> Decimal:
    """Another figure, as people write one for it; none that begins with it: where that is wrapped,
    the piece that is left adds up, and nobody can tell it from a report without an error."""
    digits = f"{figure:f}"
    at = rng.randrange(len(digits))
    other = rng.choice([d for d in "123456789" if d != digits[at]])
    swapped = digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
    slips = (
        figure + rng.randint(1, 9),
        Decimal(digits[:at] + other + digits[at + 1 :]),
        Decimal(swapped),
        Decimal(digits[:-1] or "0"),
        Decimal(0),
    )
    able = [slip for slip in slips if not f"{slip:f}".startswith(digits) or not figure]
    return rng.choice([slip for slip in able if slip != figure] or [figure + 1])
