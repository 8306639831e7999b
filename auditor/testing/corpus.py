"""An invented corpus: agencies with histories, and mistakes of which it is known where they are.

Each year takes over what the year before carried forward, and its stocks are those of the year
before with what came and went, so that only what was planted is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from msgspec import Struct

from auditor.model.form import Address, Form
from auditor.testing import LAYOUTS, Figures, consistent_figures

_ROWS = ("new_received", "carried_over", "total_handled", "carried_forward")
_STOCKS = ("regulations", "normative_documents")


_OFFICES = ("水务局", "教育局", "财政局", "人力资源和社会保障局", "人民政府办公室")
_SYLLABLES = "青溪望舒云岭临川石渡东篱"


class InventedReport(Struct, frozen=True):
    """One report of the corpus."""

    name: str
    text: str
    agency: str
    year: int
    planted: Address | None
    """The box whose figure was made wrong, if any."""


def invented_corpus(
    forms: Mapping[int, Form],
    agencies: int,
    seed: int = 0,
    wrong: float = 0.2,
    layouts: Sequence[str] = ("rows with trailing pipes",),
) -> Iterator[InventedReport]:
    """The reports of so many agencies, year by year.

    `forms`: the form of each year, the first year first. `wrong`: the share of reports in which one
    figure of the summed tables is wrong.
    """
    for number in range(agencies):
        rng = Random(f"{seed} {number}")
        agency = _agency(number)
        last: Figures = {}
        for year, form in forms.items():
            figures = consistent_figures(form, rng, "medium")
            _carry_on(figures, last)
            last = dict(figures)
            planted = None
            if rng.random() < wrong:
                planted = Address("applications", rng.choice(_ROWS), "total")
                figures[planted] += rng.randint(1, 9)
            text = LAYOUTS[rng.choice(layouts)](form, figures, agency, year, rng)
            yield InventedReport(f"{agency}/{year}.txt", text, agency, year, planted)


def _agency(number: int) -> str:
    """Nobody's name, another for each number."""
    office = _OFFICES[number % len(_OFFICES)]
    place = "".join(_SYLLABLES[number // 12**power % 12] for power in range(4))
    return f"{place}县{office}"


def _carry_on(figures: Figures, last: Mapping[Address, Decimal]) -> None:
    """Makes the figures those of the year that follows."""
    new, over, handled, forward = (
        {box.column: box for box in figures if box.table == "applications" and box.row == row}
        for row in _ROWS
    )
    parts = [column for column in over if column != "total"] if last else []
    for column in parts:
        figures[over[column]] = last.get(forward[column], Decimal(0))
        short = figures[over[column]] - figures[handled[column]] - figures[forward[column]]
        figures[forward[column]] += max(short, Decimal(0))
        figures[new[column]] = max(-short, Decimal(0))
    for row in (new, over, forward) if parts else ():
        figures[row["total"]] = sum((figures[row[column]] for column in parts), Decimal(0))
    for kind in _STOCKS:
        stock, issued, repealed = (
            Address("disclosure", kind, column) for column in ("in_force", "issued", "repealed")
        )
        if stock in figures and stock in last:
            figures[repealed] = min(figures[repealed], last[stock] + figures[issued])
            figures[stock] = last[stock] + figures[issued] - figures[repealed]
