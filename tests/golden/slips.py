"""Reports in which one slip was made, and what `audit check` says of each, in `slip_outputs/`.

All are one invented report, whose sums hold, with a few of its boxes written otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from auditor.cli import main
from auditor.model.form import Address
from tests.kit import LAYOUTS
from tests.support import form

FOLDER = Path(__file__).resolve().parent / "slip_outputs"

_AGENCY = "云岭区住房和城乡建设局"
YEAR = 2023
_FORM = form("cn-goi-annual/2021")
_BLANK = Decimal(987654321)
"""Stands for a box with a stroke, until the text is made."""

_APPLICANTS = ("natural_person", "business", "research", "public_welfare", "legal_service", "other")
_RESULTS = {
    "granted": (61, 8, 0, 1, 2, 0),
    "partly_granted": (12, 3, 0, 0, 0, 0),
    "denied_third_party": (5, 1, 0, 0, 0, 0),
    "denied_internal_affairs": (2, 0, 0, 0, 0, 0),
    "denied_enforcement_file": (14, 0, 0, 0, 0, 0),
    "unavailable_not_held": (27, 2, 0, 0, 3, 0),
    "unavailable_needs_creation": (6, 0, 0, 0, 0, 0),
    "declined_petition": (8, 0, 0, 0, 0, 0),
    "declined_repeat": (3, 0, 0, 0, 0, 0),
    "other_no_correction": (4, 1, 0, 0, 0, 0),
}
"""By row, for the six kinds of applicants; all other results are zero."""
_CARRIED_OVER = (9, 1, 0, 0, 0, 0)
_CARRIED_FORWARD = (11, 0, 0, 0, 1, 0)
_OTHERS = {
    "disclosure/normative_documents/issued": "2",
    "disclosure/normative_documents/in_force": "14",
    "disclosure/licences/decisions": "316",
    "disclosure/penalties/decisions": "21",
    "disclosure/fees/amount": "42.75",
    "disputes/review/upheld": "3",
    "disputes/review/other": "1",
    "disputes/review/total": "4",
}


@dataclass(frozen=True)
class Slip:
    """What is written instead, by box; None for a stroke."""

    boxes: Mapping[str, str | None]
    last_year: Mapping[str, str] = field(default_factory=dict)
    """The figures of last year's report that differ; empty where it is not given."""


SLIPS = {
    "digits-swapped": Slip({"applications/granted/natural_person": "16"}),
    "digit-dropped": Slip({"applications/denied_enforcement_file/natural_person": "4"}),
    "digit-doubled": Slip({"applications/partly_granted/natural_person": "122"}),
    "digit-changed": Slip({"applications/unavailable_not_held/business": "7"}),
    "neighbouring-box": Slip(
        {"applications/granted/business": "0", "applications/granted/research": "8"}
    ),
    "boxes-swapped": Slip(
        {
            "applications/unavailable_not_held/natural_person": "2",
            "applications/unavailable_not_held/business": "27",
        }
    ),
    "row-shifted": Slip(
        {
            f"applications/granted/{column}": figure
            for column, figure in zip(_APPLICANTS, ("0", "61", "8", "0", "1", "2"), strict=True)
        }
    ),
    "total-not-updated": Slip({"applications/total_handled/natural_person": "125"}),
    "part-left-out": Slip({"applications/total_handled/natural_person": "115"}),
    "sum-of-one-direction": Slip({"disputes/review/total": "3"}),
    "copied-from-neighbour": Slip({"applications/partly_granted/business": "12"}),
    "yuan-for-ten-thousand": Slip(
        {"disclosure/fees/amount": "427500"}, {"disclosure/fees/amount": "39.1"}
    ),
    "minus-sign": Slip({"applications/declined_petition/natural_person": "-8"}),
    "blank-for-a-number": Slip({"applications/unavailable_not_held/legal_service": None}),
    "carried-over-from-last-year": Slip(
        {"applications/new_received/natural_person": "97"},
        {"applications/new_received/natural_person": "97"},
    ),
    "two-slips-in-a-row": Slip(
        {
            "applications/granted/natural_person": "16",
            "applications/granted/business": "80",
        }
    ),
    "two-slips-apart": Slip(
        {
            "applications/granted/natural_person": "16",
            "applications/unavailable_not_held/business": "7",
        }
    ),
    "number-split": Slip(
        {
            "applications/denied_enforcement_file/natural_person": "1",
            "applications/denied_enforcement_file/business": "4",
        }
    ),
    "numbers-merged": Slip(
        {
            "applications/unavailable_not_held/natural_person": "272",
            "applications/unavailable_not_held/business": "0",
        }
    ),
}


@cache
def figures(year: int) -> dict[Address, Decimal]:
    """The invented report's figures, or last year's; every sum holds, within and across years."""
    found = {box: Decimal(0) for table in _FORM.tables for box in table.boxes()}
    this = year == YEAR
    before, left = (_CARRIED_OVER, _CARRIED_FORWARD) if this else ((0,) * 6, _CARRIED_OVER)
    handled = tuple(map(sum, zip(*_RESULTS.values(), strict=True)))
    new = tuple(due + more - less for due, more, less in zip(handled, left, before, strict=True))
    rows = {
        **_RESULTS,
        "total_handled": handled,
        "new_received": new,
        "carried_over": before,
        "carried_forward": left,
    }
    for row, counts in rows.items():
        for column, count in zip((*_APPLICANTS, "total"), (*counts, sum(counts)), strict=True):
            found[Address("applications", row, column)] = Decimal(count)
    found |= {Address.parse(box): Decimal(figure) for box, figure in _OTHERS.items()}
    found[Address("disclosure", "normative_documents", "in_force")] -= 0 if this else 2
    return found


def text(changes: Mapping[str, str | None], year: int = YEAR) -> str:
    """The report as plain text, a printed line for every row."""
    changed = {
        Address.parse(box): _BLANK if figure is None else Decimal(figure)
        for box, figure in changes.items()
    }
    layout = LAYOUTS["rows with pipes between"]
    return layout(_FORM, figures(year) | changed, _AGENCY, year, Random(5)).replace(
        str(_BLANK), "/"
    )


def check_output(name: str, language: str) -> str:
    """What `audit check` prints of the report with that slip, in one language."""
    slip = SLIPS[name]
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        Path(folder, f"{name}.txt").write_text(text(slip.boxes), encoding="utf-8")
        options = ["--lang", language, "--no-color", "--quiet"]
        if slip.last_year:
            last = text(slip.last_year, YEAR - 1)
            Path(folder, "last-year.txt").write_text(last, encoding="utf-8")
            options += ["--previous", "last-year.txt"]
        os.chdir(folder)
        try:
            result = CliRunner().invoke(main, ["check", *options, f"{name}.txt"])
        finally:
            os.chdir(before)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def golden_file(name: str) -> Path:
    """The golden file of that slip, in English."""
    return FOLDER / f"{name}.en.txt"
