"""The examples print what is kept in this folder; `make golden` rewrites it."""

from __future__ import annotations

import pytest

from auditor.findings.receipts import verdict_of
from auditor.model.finding import Verdict
from auditor.pipeline import audit
from auditor.reporters import REPORTERS
from tests.golden import slips
from tests.golden.cases import (
    BATCHES,
    CASES,
    EXPECTED_EXIT,
    FOLDER,
    FORMATS,
    batched,
    kept,
    printed,
)
from tests.golden.rewrite import BLOCK, COLUMNS, READMES, columns
from tests.support import ROOT, library, text_document


@pytest.mark.parametrize(("example", "ending"), CASES)
def test_an_example_prints_what_is_kept(example: str, ending: str) -> None:
    code, text = printed(example, ending)
    assert text == kept(example, ending).read_text(encoding="utf-8")
    if not ending.startswith("read"):
        assert code == EXPECTED_EXIT[example]


@pytest.mark.parametrize("language", slips.LANGUAGES)
@pytest.mark.parametrize("name", slips.SLIPS)
def test_a_slip_is_told_as_is_kept(name: str, language: str) -> None:
    assert slips.told(name, language) == slips.kept(name, language).read_text(encoding="utf-8")


def test_the_report_in_which_slips_are_made_has_none() -> None:
    for year in (slips.YEAR - 1, slips.YEAR):
        found = audit(text_document(slips.text({}, year)), library())
        assert found.findings == ()
        assert verdict_of(found) is Verdict.CLEAN


@pytest.mark.parametrize("name", sorted(READMES))
def test_the_readme_shows_the_real_output(name: str) -> None:
    shown = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert shown == [kept("three-mistakes", READMES[name]).read_text(encoding="utf-8")]


def test_the_same_bytes_give_the_same_output_twice() -> None:
    assert printed("three-mistakes", "json") == printed("three-mistakes", "json")


def test_every_format_is_kept() -> None:
    assert set(FORMATS) | {"terminal", "json"} == set(REPORTERS)


@pytest.mark.parametrize("name", sorted(BATCHES))
def test_a_batch_in_every_format_is_as_kept(name: str) -> None:
    code, content = batched(name)
    assert content == (FOLDER / name).read_bytes()
    assert code == (1 if name.startswith("batch") else 0)


def test_the_documentation_lists_the_columns_of_the_schema() -> None:
    text = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    assert COLUMNS.findall(text) == [columns()]
