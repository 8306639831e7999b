"""`audit explain` and `audit fix`: exit codes, what is told of a cell, that nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from auditor.pipeline import audit, correct
from auditor.reporters import Style
from auditor.reporters.pages import render_corrections
from tests.golden import slips
from tests.kit.command import run
from tests.support import EXAMPLES, ROOT, library, text_document

MISTAKES = "examples/three-mistakes.txt"
WRONG = "applications/unavailable_not_held/legal_service"


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def explained(address: str, report: str = MISTAKES, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run("explain", report, address, "--format", "json", *options).stdout
    )
    return found


def checks_on(address: str) -> dict[str, dict[str, Any]]:
    return {each["check"]: each for each in explained(address)["checks"]}


@pytest.mark.parametrize(
    ("report", "address", "code"),
    [
        (MISTAKES, WRONG, 1),
        (MISTAKES, "applications/carried_over/other", 0),
        (MISTAKES, "disclosure/licences/decisions", 1),
        (MISTAKES, "text/received", 0),
        # Nothing in the text says so, and so nothing was compared.
        (MISTAKES, "text/handled", 3),
        # It was read, but another cell of its column was not.
        ("examples/damaged-layout.txt", "applications/granted/business", 3),
        # A row that this copy of the form does not print.
        (MISTAKES, "applications/other_handling/total", 3),
    ],
)
def test_the_exit_code_says_whether_the_checks_on_the_cell_hold(
    report: str, address: str, code: int
) -> None:
    assert run("explain", report, address).exit_code == code


def test_a_document_that_is_no_report_exits_3() -> None:
    result = run("explain", "-", WRONG, given="A letter.\n")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "no-form" in result.stderr


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("applications/granted/totle", "applications/granted/total"),
        ("aplications/granted/total", "applications/granted/total"),
        ("text/recieved", "text/received"),
    ],
)
def test_an_unknown_address_exits_2_with_the_nearest_and_how_to_list_them(
    said: str, near: str
) -> None:
    result = run("explain", MISTAKES, said)
    assert result.exit_code == 2
    assert f"did you mean {near}?" in result.stderr
    assert "audit read --format json" in result.stderr


@pytest.mark.parametrize(
    "command", [["explain", "examples", WRONG], ["fix", "examples", "--dry-run"]]
)
def test_a_folder_of_several_reports_exits_2(command: list[str]) -> None:
    result = run(*command)
    assert result.exit_code == 2
    assert "one report is needed" in result.stderr


def test_every_check_that_reads_the_cell_is_told_with_its_operands() -> None:
    checks = checks_on(WRONG)
    assert set(checks) == {
        "applications-column-total[legal_service]",
        "applications-row-total[unavailable_not_held]",
        "applications-count[unavailable_not_held/legal_service]",
        "applications-written[unavailable_not_held/legal_service]",
        "applications-blank",
    }
    row = checks["applications-row-total[unavailable_not_held]"]
    assert (row["status"], row["residual"]) == ("fail", "-6")
    operands = {each["address"].rpartition("/")[2]: each for each in row["operands"]}
    assert operands["legal_service"]["value"] == "7"
    assert operands["total"] == {
        "address": "applications/unavailable_not_held/total",
        "lag": 0,
        "coefficient": 1,
        "value": "10",
        "state": "number",
    }
    assert len(operands) == 7
    (story,) = explained(WRONG)["naming"]
    assert story["suggestions"][0]["edits"][0]["to"] == "1"
    assert story["suggestions"][0]["slips"][0]["code"] == "slip-digit-changed"


def test_the_cell_itself_is_spelled_though_it_is_zero() -> None:
    checks = {
        each["check"]: each for each in explained("applications/declined_reissue/other")["checks"]
    }
    assert (
        "5.要求行政机关确认或重新出具已获取信息 0"
        in (checks["applications-column-total[other]"]["message"])
    )


def test_the_sentences_matched_with_a_cell_are_told() -> None:
    checks = {
        each["check"]: each for each in explained("applications/new_received/total")["checks"]
    }
    (quote,) = checks["prose-received[received]"]["quotes"]
    assert "新收政府信息公开申请50件" in quote["text"]
    stated = explained("text/received")
    assert [each["check"] for each in stated["checks"]] == ["prose-received[received]"]
    assert stated["entry"]["value"] == "50"


def test_a_check_that_has_the_cell_in_its_condition_only_says_so() -> None:
    checks = checks_on("applications/other_misc/total")
    assert not checks["applications-other-share[total]"]["condition_only"]
    about = explained("disputes/review/upheld")["checks"]
    only = {each["check"] for each in about if each["condition_only"]}
    assert only == {"disputes-suit-without-review"}


def test_findings_about_a_sum_that_the_cell_enters_are_told_apart() -> None:
    found = explained("applications/unavailable_not_held/total")
    assert found["naming"] == []
    assert [each["primary"] for each in found["touching"]] == [WRONG]


def test_last_year_is_compared_where_it_is_given(tmp_path: Path) -> None:
    this, last = tmp_path / "this.txt", tmp_path / "last.txt"
    this.write_text(slips.text({}), encoding="utf-8")
    last.write_text(slips.text({}, slips.YEAR - 1), encoding="utf-8")
    address = "applications/carried_over/total"
    alone = {each["check"]: each["status"] for each in explained(address, str(this))["checks"]}
    given = explained(address, str(this), "--previous", str(last))["checks"]
    both = {each["check"]: each["status"] for each in given}
    assert alone["applications-carried-over[total]"] == "not_applicable"
    assert both["applications-carried-over[total]"] == "pass"


def fixed(report: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("fix", report, "--dry-run", "--format", "json").stdout)
    return found


def test_without_a_dry_run_nothing_is_done_and_it_is_said_how() -> None:
    result = run("fix", MISTAKES)
    assert result.exit_code == 2
    assert "--dry-run" in result.stderr


def test_the_document_is_not_touched(tmp_path: Path) -> None:
    copy = tmp_path / "report.txt"
    copy.write_bytes((EXAMPLES / "three-mistakes.txt").read_bytes())
    before = copy.read_bytes(), copy.stat().st_mtime_ns
    assert run("fix", str(copy), "--dry-run").exit_code == 1
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [copy]


def test_only_what_is_the_one_smallest_explanation_is_changed() -> None:
    found = fixed(MISTAKES)
    (change,) = found["changes"]
    assert change["edits"] == [{"address": WRONG, "from": "7", "to": "1"}]
    assert change["grade"] == "likely"
    (row,) = found["rows"]
    column = row["columns"].index("legal_service")
    assert (row["before"][column], row["after"][column]) == ("7", "1")
    (choice,) = found["choices"]
    assert len(choice["suggestions"]) == 4
    after = found["after"]
    assert after["counts"]["fail"] == 2
    assert {each["rule"] for each in after["findings"]} == {
        "disclosure-count",
        "disputes-row-total",
    }
    assert not any(each["new"] for each in after["findings"])


def test_a_report_without_findings_has_nothing_to_change() -> None:
    result = run("fix", "examples/clean.txt", "--dry-run", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["changes"] == []


def test_what_was_not_read_is_not_passed_over_in_silence() -> None:
    result = run("fix", "examples/damaged-layout.txt", "--dry-run")
    assert result.exit_code == 3
    assert "not audited" in result.stdout


def test_a_possible_change_is_marked_apart_from_a_likely_one(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(slips.text(slips.SLIPS["numbers-merged"].boxes), encoding="utf-8")
    out = run("fix", str(report), "--dry-run").stdout
    assert "▷27◁" in out
    assert "▶" not in out.replace("▶5◀", "")
    assert "look at the document first" in out
    report.write_text(slips.text(slips.SLIPS["digits-swapped"].boxes), encoding="utf-8")
    assert "▶61◀" in run("fix", str(report), "--dry-run").stdout


def test_a_blank_is_filled_where_sums_determine_it(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(slips.text(slips.SLIPS["blank-for-a-number"].boxes), encoding="utf-8")
    found = fixed(str(report))
    assert found["changes"][0]["edits"][0]["to"] == "3"
    assert found["after"]["findings"] == []
    assert found["after"]["counts"]["undetermined"] == 0


@pytest.mark.parametrize(
    "name",
    [
        name if number % 4 == 0 else pytest.param(name, marks=pytest.mark.thorough)
        for number, name in enumerate(slips.SLIPS)
    ],
)
def test_no_line_is_wider_than_80_columns(name: str) -> None:
    found = correct(audit(text_document(slips.text(slips.SLIPS[name].boxes)), library()), library())
    for language in ("zh", "en"):
        lines = render_corrections(found, Style(language, width=80)).splitlines()
        assert max(cell_len(line) for line in lines) <= 80


def test_in_a_wide_terminal_the_corrected_row_stands_beside_the_original() -> None:
    found = audit(text_document(slips.text(slips.SLIPS["digits-swapped"].boxes)), library())
    told = correct(found, library())
    narrow = render_corrections(told, Style("en", width=80)).splitlines()
    wide = render_corrections(told, Style("en", width=170)).splitlines()
    assert any("▶16◀" in line and "▶61◀" in line for line in wide)
    assert not any("▶16◀" in line and "▶61◀" in line for line in narrow)
