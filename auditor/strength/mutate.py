"""Makers of slips: consistent figures in, the same with one mistake of a known kind out.

Each maker is the other side of a model in `auditor.diagnosis.slips`, and is called as the slip is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from msgspec import Struct

from auditor.diagnosis.slips import beside
from auditor.model.form import Address, Form
from auditor.strength.figures import Figures, alone, written

Changes = Mapping[Address, Decimal | None]
"""What stands in boxes instead of their true figures; None where nothing stands."""


class Mutation(Struct, frozen=True):
    """One mistake."""

    kind: str
    """The code of the slip, or `any` for a figure that no slip explains."""
    changes: Changes

    @property
    def admissible(self) -> bool:
        """Whether every box holds what it may hold, so that only other figures can betray it."""
        return all(figure is not None and figure >= 0 for figure in self.changes.values())


class _Page(Struct, frozen=True):
    """A filled form, and where its figures stand."""

    form: Form
    figures: Figures

    def beside(self, box: Address) -> list[Address]:
        """The boxes around one."""
        return [other for other in beside(self.form, self.figures, box)]

    def sums(self, box: Address) -> Iterator[list[Address]]:
        """The parts of each sum that the box is the total of."""
        for constraint in self.form.table(box.table).sums:
            total = alone(constraint)
            along = constraint.each == "row"
            if total is None or total[0] != (box.column if along else box.row):
                continue
            parts = (
                box._replace(column=key) if along else box._replace(row=key) for key in total[1]
            )
            yield [part for part in parts if part in self.figures]


Maker = Callable[[_Page, Address, Random], Iterator[Changes]]
"""Page, box and a source of randomness → ways of making the slip there; none where it cannot be."""


def mutations(
    form: Form, figures: Figures, box: Address, rng: Random, kinds: Sequence[str] = ()
) -> Iterator[Mutation]:
    """One mistake of each kind that can be made in the box; kinds in random order, or as given."""
    page = _Page(form, figures)
    for kind in kinds or rng.sample(KINDS, len(KINDS)):
        ways = [way for way in MAKERS[kind](page, box, rng) if _differs(figures, way)]
        if ways:
            yield Mutation(kind, rng.choice(ways))


def _differs(figures: Figures, changes: Changes) -> bool:
    return all(figures[box] != after for box, after in changes.items())


def _digits(
    change: Callable[[str, Random], Iterator[str]],
) -> Maker:
    """A maker that writes the digits of the figure otherwise; a decimal point stays where it is."""

    def make(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
        whole, point, rest = written(page.figures[box]).partition(".")
        if not whole.isdecimal():
            return
        for digits in change(whole, rng):
            if digits == "0" or (digits and not digits.startswith("0")):
                yield {box: Decimal(digits + point + rest)}

    return make


def _digit_changed(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[:at] + rng.choice("0123456789") + digits[at + 1 :]


def _digit_dropped(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[:at] + digits[at + 1 :]


def _digit_doubled(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[: at + 1] + digits[at:]


def _digit_added(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits) + 1):
        near = digits[max(at - 1, 0) : at + 1]
        yield digits[:at] + rng.choice([d for d in "0123456789" if d not in near]) + digits[at:]


def _digits_swapped(digits: str, rng: Random) -> Iterator[str]:
    for at in range(len(digits) - 1):
        yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def _sign(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: -page.figures[box]}


def _unit(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: page.figures[box] * 10000}


def _blank(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: None}


def _copied(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if page.figures[other]:
            yield {box: page.figures[other]}


def _neighbour(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if not page.figures[other]:
            yield {box: Decimal(0), other: page.figures[box]}


def _cells_swapped(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    for other in page.beside(box):
        if page.figures[other] and page.figures[box]:
            yield {box: page.figures[other], other: page.figures[box]}


def _row_shifted(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    """The row from this box on stands one column to the right; what falls out was zero."""
    columns = page.form.table(box.table).row(box.row).columns
    line = [box._replace(column=key) for key in columns[columns.index(box.column) :]]
    figures = [page.figures[each] for each in line]
    for end in range(3, len(line) + 1):
        if not figures[end - 1]:
            moved = [Decimal(0), *figures[: end - 1]]
            changes = {
                each: after
                for each, before, after in zip(line, figures, moved, strict=False)
                if before != after
            }
            if len(changes) > 2:
                yield changes


def _part_left_out(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    for parts in page.sums(box):
        yield from ({box: page.figures[box] - page.figures[part]} for part in parts)


def _part_twice(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    for parts in page.sums(box):
        yield from ({box: page.figures[box] + page.figures[part]} for part in parts)


def _other_total(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    """The total of the row or column beside."""
    if any(page.sums(box)):
        for other in page.beside(box):
            if any(page.sums(other)) and page.figures[other]:
                yield {box: page.figures[other]}


def _total_stale(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    """A part was corrected, and the total was not."""
    for parts in page.sums(box):
        for part in parts:
            if page.figures[part] >= 2:
                yield {box: page.figures[box] - rng.randint(1, int(page.figures[part]) - 1)}


def _any(page: _Page, box: Address, rng: Random) -> Iterator[Changes]:
    yield {box: Decimal(rng.randint(0, 2 * int(abs(page.figures[box])) + 10))}


MAKERS: Mapping[str, Maker] = {
    "slip-digit-changed": _digits(_digit_changed),
    "slip-digit-dropped": _digits(_digit_dropped),
    "slip-digit-doubled": _digits(_digit_doubled),
    "slip-digit-added": _digits(_digit_added),
    "slip-digits-swapped": _digits(_digits_swapped),
    "slip-sign": _sign,
    "slip-unit": _unit,
    "slip-blank": _blank,
    "slip-copied": _copied,
    "slip-neighbour": _neighbour,
    "slip-cells-swapped": _cells_swapped,
    "slip-row-shifted": _row_shifted,
    "slip-part-left-out": _part_left_out,
    "slip-part-twice": _part_twice,
    "slip-other-total": _other_total,
    "slip-total-stale": _total_stale,
    "any": _any,
}
"""By kind. Last year's figure takes last year's report, and torn numbers are the reader's slips."""
KINDS = tuple(MAKERS)
ONE_CELL = tuple(
    kind
    for kind in KINDS
    if kind not in ("slip-neighbour", "slip-cells-swapped", "slip-row-shifted", "slip-blank")
)
"""The kinds that leave one box with a wrong figure."""
