"""Law: reading a rendered report returns its figures; where text was lost, it never invents any."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest

from auditor.errors import InputError
from auditor.model.form import Address
from auditor.model.report import Blank, Number, Report
from auditor.pipeline import read_report
from auditor.testing import Layout
from tests.kit import AGENCIES, BLANK_FOR_ZERO, DAMAGED, LAYOUTS, consistent_figures
from tests.support import FORM_IDS, YEARS, form, library, text_document

QUICK, MANY = 3, 47
"""Reports for each intact layout and form: after the first none took a branch of the readers that
was new; the others are for the figures, of which each box has fifty in every layout."""
QUICK_DAMAGED, MANY_DAMAGED = 2, 27
"""Reports for each damaged layout and form: these take longer to read."""


def _sample(
    layout: Layout, name: str, form_id: str, seed: int
) -> tuple[str, dict[Address, Decimal]]:
    rng = Random(zlib.crc32(f"{name} {form_id} {seed}".encode()))
    figures = consistent_figures(form(form_id), rng)
    agency, year = rng.choice(AGENCIES), rng.randint(*YEARS[form_id])
    return layout(form(form_id), figures, agency, year, rng), figures


def _tally(report: Report, figures: Mapping[Address, Decimal], blank_is_zero: bool) -> Counter[str]:
    """Boxes by how they were read: right, unread or wrong. `wrong` is followed by the box."""
    found: Counter[str] = Counter()
    for box, figure in figures.items():
        entry = report.entries.get(box)
        match entry.value if entry else None:
            case Number(value=value) if value == figure:
                found["right"] += 1
            case Number(value=value):
                found[f"wrong: {box} is {figure}, read as {value}"] += 1
            case Blank() if blank_is_zero and figure == 0:
                found["right"] += 1
            case _:
                found["unread"] += 1
    return found


def _read_right(name: str, form_id: str, seeds: range) -> None:
    for seed in seeds:
        text, figures = _sample(LAYOUTS[name], name, form_id, seed)
        recognised, report = read_report(text_document(text), library())
        assert recognised.id == form_id, f"seed {seed}"
        tally = _tally(report, figures, name in BLANK_FOR_ZERO)
        assert tally == Counter(right=len(figures)), f"seed {seed}: {tally}"


def _never_wrong(name: str, form_id: str, seeds: range) -> None:
    total: Counter[str] = Counter()
    for seed in seeds:
        text, figures = _sample(DAMAGED[name], name, form_id, seed)
        try:
            _, report = read_report(text_document(text), library())
        except InputError:
            total["unread"] += len(figures)
            continue
        tally = _tally(report, figures, blank_is_zero=True)
        wrong = [said for said in tally if said.startswith("wrong")]
        assert not wrong, f"seed {seed}: {wrong}"
        total += tally
    print(f"{name}, {form_id}: {total['right'] / max(total.total(), 1):.0%} of cells read")


@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_cell_of_an_intact_layout_is_read_right(name: str, form_id: str) -> None:
    _read_right(name, form_id, range(QUICK))


@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(DAMAGED))
def test_no_cell_of_a_damaged_layout_is_read_wrong(name: str, form_id: str) -> None:
    _never_wrong(name, form_id, range(QUICK_DAMAGED))


@pytest.mark.thorough
@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_cell_of_many_intact_reports_is_read_right(name: str, form_id: str) -> None:
    _read_right(name, form_id, range(QUICK, QUICK + MANY))


@pytest.mark.thorough
@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(DAMAGED))
def test_no_cell_of_many_damaged_reports_is_read_wrong(name: str, form_id: str) -> None:
    _never_wrong(name, form_id, range(QUICK_DAMAGED, QUICK_DAMAGED + MANY_DAMAGED))
