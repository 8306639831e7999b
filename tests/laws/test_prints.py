"""Law: a report printed to PDF by the programs that offices use is read right, or declared unread.

The programs are LibreOffice and Chromium; where they are not installed these tests are skipped,
unless `AUDIT_PROGRAMS=required`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache

import pypdfium2
import pytest

from auditor.errors import InputError
from auditor.model.report import Blank, Number
from auditor.model.source import Document
from auditor.pipeline import read_report
from tests.kit.looks import LOOKS
from tests.kit.prints import PRINTERS, Print, prints
from tests.kit.programs import MissingProgram
from tests.support import form, library

LEAST_RIGHT = 0.99
FORMS = (
    (form("cn-goi-annual/2021"), 2024),
    (form("cn-goi-annual/2021"), 2022),
    (form("cn-goi-annual/2019"), 2020),
)


FEW = ("plain", "no outer rules", "no rules", "rotated labels", "blanks, no vertical rules")
"""Looks that differ most in what a reader goes by; `make thorough` prints every one."""
LEAST_RIGHT_OF_FEW = 0.97
"""Blank boxes without vertical rules, of which fewer are read, are one of five here."""


@cache
def printed(printer: str, looks: tuple[str, ...]) -> Sequence[Print]:
    """Reports printed by a program; skips the test where it is missing and may be."""
    try:
        return prints(printer, FORMS, (0,), looks)
    except MissingProgram as missing:
        if os.environ.get("AUDIT_PROGRAMS") == "required":
            raise
        pytest.skip(str(missing))


def judged(each: Print) -> tuple[int, list[str]]:
    """How many boxes were read right, and what was read wrong; the rest is declared unread."""
    try:
        found, report = read_report(Document(each.name, each.content), library())
    except InputError:
        return 0, []
    assert found.id == each.form.id
    assert (report.identity.agency, report.identity.year) == (each.agency, each.year)
    right, wrong = 0, []
    for box, figure in each.figures.items():
        match report.entries[box].value:
            case Number(value=value) if value != figure:
                wrong.append(f"{each.name}: {box} is {figure}, read as {value}")
            case Number():
                right += 1
            case Blank() if figure == 0 and each.blanks:
                right += 1
            case Blank():
                wrong.append(f"{each.name}: {box} is {figure}, read as blank")
    return right, wrong


@pytest.mark.slow
@pytest.mark.parametrize("looks", [FEW, pytest.param(tuple(LOOKS), marks=pytest.mark.thorough)])
@pytest.mark.parametrize("printer", PRINTERS)
def test_every_print_is_read_right_or_declared_unread(printer: str, looks: tuple[str, ...]) -> None:
    made = printed(printer, looks)
    results = [judged(each) for each in made]
    assert [said for _, wrong in results for said in wrong] == []
    boxes = sum(len(each.figures) for each in made)
    least = LEAST_RIGHT_OF_FEW if looks == FEW else LEAST_RIGHT
    assert sum(right for right, _ in results) >= least * boxes


@pytest.mark.slow
def test_the_box_of_a_figure_holds_the_figure() -> None:
    """Text that is cropped from the page at the box is what was read there."""
    for each in printed("WeasyPrint", FEW[:3]):
        _, report = read_report(Document(each.name, each.content), library())
        document = pypdfium2.PdfDocument(each.content)
        pages = [page.get_textpage() for page in document]
        heights = [page.get_height() for page in document]
        for box, entry in report.entries.items():
            if not isinstance(entry.value, Number):
                continue
            place = entry.origin
            assert place is not None and place.page is not None and place.bbox is not None, box
            x0, top, x1, bottom = place.bbox
            height = heights[place.page - 1]
            said = pages[place.page - 1].get_text_bounded(x0, height - bottom, x1, height - top)
            figure = (entry.raw or "").replace(" ", "")
            assert figure in re.sub(r"\s", "", said), f"{each.name}: {box} at {place}"
