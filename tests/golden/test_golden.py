"""The examples print what is kept in this folder; `make golden` rewrites it."""

from __future__ import annotations

import pytest

from auditor.findings import verdict_of
from auditor.model.finding import Verdict
from auditor.pipeline import audit
from auditor.reporters import REPORTERS
from tests.golden import slips
from tests.golden.cases import (
    BATCHES,
    CASES,
    CHINESE_README,
    EXPECTED_EXIT,
    FOLDER,
    FORMATS,
    asked_codes,
    batch_output,
    command_of,
    golden_file,
    in_chinese,
    output,
    printed,
)
from tests.golden.rewrite import BLOCK, COLUMNS, READMES, columns
from tests.support import ROOT, library, text_document


@pytest.mark.parametrize(("example", "ending"), CASES)
def test_an_example_prints_what_is_kept(example: str, ending: str) -> None:
    code, text = printed(example, ending)
    assert text == golden_file(example, ending).read_text(encoding="utf-8")
    if not ending.startswith("read"):
        assert code == EXPECTED_EXIT[example]


@pytest.mark.parametrize("name", slips.SLIPS)
def test_a_slip_is_told_as_is_kept(name: str) -> None:
    assert slips.check_output(name, "en") == slips.golden_file(name).read_text(encoding="utf-8")


COMMANDS = [command_of(*case) for case in CASES] + [*BATCHES.values()]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_chinese_is_told_by_the_same_messages(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = asked_codes(lambda: output(*command), monkeypatch)
    chinese = asked_codes(lambda: output(*in_chinese(command)), monkeypatch)
    assert english["en"] == chinese["zh"]
    assert english["zh"] == chinese["en"]


@pytest.mark.parametrize("name", slips.SLIPS)
def test_a_slip_is_told_in_chinese_by_the_same_messages(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = asked_codes(lambda: slips.check_output(name, "en"), monkeypatch)
    chinese = asked_codes(lambda: slips.check_output(name, "zh"), monkeypatch)
    assert english["en"] == chinese["zh"] and english["zh"] == chinese["en"]
    assert english["en"]


def test_what_the_chinese_readme_shows_is_kept() -> None:
    shown = output(*CHINESE_README)[1].decode()
    assert shown == golden_file("three-mistakes", "zh.txt").read_text(encoding="utf-8")


def test_no_output_is_kept_that_nothing_is_compared_with() -> None:
    names = {golden_file(*case).name for case in CASES} | {*BATCHES, "three-mistakes.zh.txt"}
    assert {path.name for path in FOLDER.glob("*.*") if path.suffix != ".py"} == names
    names = {slips.golden_file(name).name for name in slips.SLIPS}
    assert {path.name for path in slips.FOLDER.iterdir()} == names


def test_the_report_in_which_slips_are_made_has_none() -> None:
    for year in (slips.YEAR - 1, slips.YEAR):
        found = audit(text_document(slips.text({}, year)), library())
        assert found.findings == ()
        assert verdict_of(found) is Verdict.CLEAN


@pytest.mark.parametrize("name", sorted(READMES))
def test_the_readme_shows_the_real_output(name: str) -> None:
    shown = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert shown == [golden_file("three-mistakes", READMES[name]).read_text(encoding="utf-8")]


def test_the_same_bytes_give_the_same_output_twice() -> None:
    assert printed("three-mistakes", "json") == printed("three-mistakes", "json")


def test_every_format_is_kept() -> None:
    assert set(FORMATS) | {"terminal", "json"} == set(REPORTERS)


@pytest.mark.parametrize("name", sorted(BATCHES))
def test_a_batch_in_every_format_is_as_kept(name: str) -> None:
    code, content = batch_output(name)
    assert content == (FOLDER / name).read_bytes()
    assert code == (1 if name.startswith("batch") else 0)


def test_the_documentation_lists_the_columns_of_the_schema() -> None:
    text = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    assert COLUMNS.findall(text) == [columns()]
