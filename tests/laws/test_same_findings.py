"""Law: in every format a report gives the same findings, byte for byte, but for the place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

import pytest

from auditor.model.finding import Verdict
from auditor.model.form import Address
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.reporters import Judged
from tests.kit import AGENCIES, BLANK_FOR_ZERO, LAYOUTS, consistent_figures
from tests.kit.looks import Look
from tests.kit.mistakes import with_mistakes
from tests.kit.office import word_document, workbook
from tests.kit.programs import MissingProgram, by_browser, by_office, by_weasyprint
from tests.kit.ruled import WEB_PAGES, web_page
from tests.kit.webprint import print_page
from tests.kit.word import print_document
from tests.pdfs import Style as Drawn
from tests.pdfs import pdf
from tests.support import form, library, reported

_OTHERWISE_PRINTED = BLANK_FOR_ZERO | {
    "full-width digits",  # findings quote figures as they are printed
    "aligned by spaces",  # figures are told by the sums, which are then no findings
    "last figure on the next line",  # a row of which a figure stands apart is not blamed
}
_YEAR = 2024


def _report(seed: int) -> tuple[Mapping[Address, Decimal], str, list[Address], object]:
    rng = Random(seed)
    figures = consistent_figures(form(), rng, "medium")
    changed, where = with_mistakes(form(), figures, rng)
    return changed, AGENCIES[seed % len(AGENCIES)], where, rng.getstate()


def _findings(content: bytes) -> str:
    judged = Judged(audit(Document("report", content), library()), Verdict.FINDINGS)
    (report,) = json.loads(reported("json", [judged]))["reports"]
    for finding in report["findings"]:
        del finding["origin"]
    return json.dumps(report["findings"], ensure_ascii=False, indent=1)


def _quick(seed: int) -> Iterator[tuple[str, bytes]]:
    figures, agency, _, state = _report(seed)
    rng = Random()

    def again() -> Random:
        rng.setstate(state)  # type: ignore[arg-type]
        return rng

    for name, layout in LAYOUTS.items():
        if name not in _OTHERWISE_PRINTED:
            yield name, layout(form(), figures, agency, _YEAR, again()).encode()
    for style in WEB_PAGES:
        if "blanks" not in style:
            yield style, web_page(style, form(), figures, agency, _YEAR, again())
    yield "DOCX", word_document(form(), figures, agency, _YEAR, again())
    yield "XLSX", workbook(form(), figures, agency, _YEAR, again())
    yield "XLSX, three sheets", workbook(form(), figures, agency, _YEAR, again(), sheets=True)
    yield "PDF, drawn", pdf(form(), figures, agency, _YEAR, again(), Drawn())


def _printed(seed: int) -> Iterator[tuple[str, bytes]]:
    figures, agency, _, state = _report(seed)
    rng = Random()
    rng.setstate(state)  # type: ignore[arg-type]
    page = print_page(form(), figures, agency, _YEAR, rng, Look(repeats=True, size=12))
    rng.setstate(state)  # type: ignore[arg-type]
    document = print_document(form(), figures, agency, _YEAR, rng, Look(repeats=True, size=12))
    yield "PDF, WeasyPrint", by_weasyprint(page)
    yield "PDF, Chromium", by_browser(page)
    yield "PDF, LibreOffice", by_office({"report": document})["report"]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_every_format_gives_the_same_findings(seed: int) -> None:
    (name, content), *others = _quick(seed)
    expected = _findings(content)
    _, _, where, _ = _report(seed)
    told = json.loads(expected)
    for box in where:
        assert any(str(box) in finding["addresses"] for finding in told), f"{box} in {name}"
    for name, content in others:
        assert _findings(content) == expected, name


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_programs_that_print_give_the_same_findings(seed: int) -> None:
    expected = _findings(next(_quick(seed))[1])
    try:
        for name, content in _printed(seed):
            assert _findings(content) == expected, name
    except MissingProgram as missing:
        if os.environ.get("AUDIT_PROGRAMS") == "required":
            raise
        pytest.skip(str(missing))
