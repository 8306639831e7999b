"""Law: a report that copying and typing spoiled further is never read wrong, only less of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from auditor.errors import InputError
from auditor.model.check import Severity
from auditor.model.report import Number
from auditor.pipeline import audit, read_report
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.spoils import SPOILS
from tests.support import FORM_IDS, YEARS, form, library, text_document
from tests.test_real_reports import REPORTS

QUICK, MANY = 2, 40
"""Reports for each spoil and form, spoiled once and twice."""
TEXTS = [path for path in REPORTS if path.suffix == ".txt"]


Truth = Mapping[str, set[Decimal | None]]


def _wrong(text: str, truth: Truth) -> list[str]:
    try:
        _, report = read_report(text_document(text), library())
    except InputError:
        return []
    read = {
        str(box): e.value.value for box, e in report.entries.items() if isinstance(e.value, Number)
    }
    return [
        f"{box}: {read[box]}"
        for box, said in truth.items()
        if box in read and read[box] not in said
    ]


def _spoiled(name: str, form_id: str, seed: int, times: int) -> tuple[str, Truth]:
    rng = Random(zlib.crc32(f"{name} {form_id} {seed}".encode()))
    figures = consistent_figures(form(form_id), rng)
    layout = LAYOUTS[rng.choice(sorted(LAYOUTS))]
    text = layout(form(form_id), figures, rng.choice(AGENCIES), rng.randint(*YEARS[form_id]), rng)
    for spoil in (name, *rng.choices(sorted(SPOILS), k=times - 1)):
        text = SPOILS[spoil](text, rng)
    return text, {str(box): {figure} for box, figure in figures.items()}


@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(SPOILS))
def test_no_cell_of_a_spoiled_report_is_read_wrong(name: str, form_id: str) -> None:
    for seed in range(QUICK):
        text, truth = _spoiled(name, form_id, seed, times=1)
        assert not _wrong(text, truth), f"seed {seed}"


@pytest.mark.thorough
@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("name", sorted(SPOILS))
def test_no_cell_of_a_report_spoiled_twice_is_read_wrong(name: str, form_id: str) -> None:
    for seed in range(QUICK, MANY):
        text, truth = _spoiled(name, form_id, seed, times=2)
        assert not _wrong(text, truth), f"seed {seed}"


@pytest.mark.skipif(not TEXTS, reason="no real reports here; AUDIT_REAL_REPORTS names a folder")
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_real_report_that_is_spoiled_further_is_not_read_wrong(path: Path, seed: int) -> None:
    cells = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))["cells"]
    truth = {box: {each and Decimal(each) for each in said} for box, said in cells.items()}
    text = path.read_text(encoding="utf-8")
    for name, spoil in SPOILS.items():
        spoiled = spoil(text, Random(zlib.crc32(f"{path.name} {name} {seed}".encode())))
        assert not _wrong(spoiled, truth), name


@pytest.mark.parametrize("name", sorted(set(SPOILS) - {"a cell emptied"}))
def test_what_spoiled_a_consistent_report_is_not_called_the_authors_error(name: str) -> None:
    """A layout doubt is never an error; a cell that was emptied is one of the author's."""
    for seed in range(QUICK):
        text, _ = _spoiled(name, FORM_IDS[-1], seed, times=1)
        try:
            found = audit(text_document(text), library()).findings
        except InputError:
            continue
        assert not [each.rule_id for each in found if each.severity is Severity.ERROR], (
            f"seed {seed}"
        )
