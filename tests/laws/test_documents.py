"""Law: one report gives the same figures in every file format that agencies hold it in."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest

from auditor.model.report import Blank, Number
from auditor.model.source import Document
from auditor.pipeline import read_report
from tests.kit import AGENCIES, consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.support import FORM_IDS, YEARS, form, library

QUICK, MANY = 2, 40
"""Reports for each way of making one and form: after the second none took a branch of the readers
that was new; the others are for the figures, of which each box has forty."""

_WAYS = ("styles", "roles", "classes")


def _in_boxes(way: str, *arguments: Any) -> bytes:
    """A page whose tables are made of `div`s."""
    page = web_page("a plain page", *arguments).decode()
    row, cell = {
        "styles": ('style="display:table-row"', 'style="display: table-cell"'),
        "roles": ("role=row", "role=cell"),
        "classes": ('class="tr-line"', 'class="td w15"'),
    }[way]
    if way != "roles":  # only screen readers are told of spans
        page = re.sub(r' (?:row|col)span="?\d+"?', "", page)
    page = re.sub(r"<td([^>]*)>", rf"<div {cell}\1>", page.replace("<tr>", f"<div {row}>"))
    page = page.replace("rowspan", "aria-rowspan").replace("colspan", "aria-colspan")
    return re.sub(r"</(?:td|tr|table)>", "</div>", page.replace("<table", "<div")).encode()


_MAKERS: dict[str, Callable[..., bytes]] = {
    **{style: partial(web_page, style) for style in WEB_PAGES},
    **{f"a page of boxes, by {way}": partial(_in_boxes, way) for way in _WAYS},
    "a word processor's document": word_document,
    "a word processor's document with blanks for zero": partial(word_document, blanks=True),
    "a workbook with one sheet": workbook,
    "a workbook with a sheet for each table": partial(workbook, sheets=True),
    "a workbook with blanks for zero": partial(workbook, blanks=True),
}


def _read_right(name: str, form_id: str, seeds: range) -> None:
    for seed in seeds:
        rng = Random(zlib.crc32(f"{name} {form_id} {seed}".encode()))
        figures = consistent_figures(form(form_id), rng)
        agency, year = rng.choice(AGENCIES), rng.randint(*YEARS[form_id])
        content = _MAKERS[name](form(form_id), figures, agency, year, rng)
        recognised, report = read_report(Document("report", content), library())
        assert recognised.id == form_id
        assert (report.identity.agency, report.identity.year) == (agency, year)
        wrong = []
        for box, figure in figures.items():
            entry = report.entries[box]
            match entry.value:
                case Number(value=value) if value == figure:
                    assert entry.origin is not None and entry.origin.selector
                case Blank() if figure == 0 and "blanks" in name:
                    pass
                case _:
                    wrong.append(f"{box} is {figure}, read as {entry.value}")
        assert wrong == [], f"seed {seed}"


@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(_MAKERS))
def test_every_cell_of_a_document_is_read_right(name: str, form_id: str) -> None:
    _read_right(name, form_id, range(QUICK))


@pytest.mark.thorough
@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(_MAKERS))
def test_every_cell_of_many_documents_is_read_right(name: str, form_id: str) -> None:
    _read_right(name, form_id, range(QUICK, MANY))
