"""Reports beside others of their run: the same agency and year twice, and none of last year."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result

from auditor.reporters import READINGS, REPORTERS
from tests.kit.command import run
from tests.unit.test_cli import WRONG, report
from tests.unit.test_decisions import WARNED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two versions of one report, a copy of the second, and a report of another agency."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draft.txt").write_text(report(WRONG), encoding="utf-8")
    (tmp_path / "final.txt").write_text(report(), encoding="utf-8")
    (tmp_path / "final copy.txt").write_text(report(), encoding="utf-8")
    other = report().replace("青溪市水务局", "石渡镇人民政府")
    (tmp_path / "other.txt").write_text(other, encoding="utf-8")
    return tmp_path


def check(*arguments: str, command: str = "check") -> Result:
    result = run(command, "--lang", "en", *arguments)
    assert result.exit_code in (0, 1), result.output
    return result


def said(name: str, result: Result) -> str:
    if name == "xlsx":
        sheets = openpyxl.load_workbook(BytesIO(result.stdout_bytes)).worksheets
        return "\n".join(str(c.value) for s in sheets for row in s.iter_rows() for c in row)
    return " ".join(result.stdout.replace("&#10;", "\n").split())


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_tells_of_the_same_agency_and_year_twice(name: str, folder: Path) -> None:
    result = check("--format", name, "draft.txt", "final.txt", "other.txt")
    text = said(name, result)
    assert text.count("another report of the same agency and year") == 1
    assert "in this run, draft.txt" in text
    assert "2 files are reports of the same agency and year: draft.txt, final.txt" in result.stderr


@pytest.mark.parametrize("name", READINGS)
def test_reports_that_are_only_read_tell_it_too(name: str, folder: Path) -> None:
    text = said(name, check("--format", name, "draft.txt", "final.txt", command="read"))
    assert text.count("another report of the same agency and year") == 1


def test_the_same_file_is_told_as_such_and_another_agency_is_nothing(folder: Path) -> None:
    result = check("--format", "json", "final.txt", "final copy.txt", "other.txt")
    first, copy, other = json.loads(result.stdout)["reports"]
    assert [each["code"] for each in copy["notices"]] == ["same-file"]
    assert copy["notices"][0]["details"] == {"other": "final.txt"}
    assert first["notices"] == other["notices"] == []


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_tells_that_none_given_is_last_years(name: str, folder: Path) -> None:
    result = check("--format", name, "--previous", "other.txt", "final.txt")
    assert "we found no report of this agency for the year before" in said(name, result)
    assert "--previous: for 1 of 1 reports none of those given is last year's" in result.stderr


def test_last_years_report_that_is_found_is_told_as_nothing(folder: Path) -> None:
    last = report().replace("2023", "2022")
    Path("last.txt").write_text(last, encoding="utf-8")
    result = check("--format", "json", "--previous", "last.txt", "final.txt")
    assert json.loads(result.stdout)["reports"][0]["notices"] == []
    assert "--previous" not in result.stderr


def test_the_summary_of_a_workbook_has_agency_and_year_in_columns(folder: Path) -> None:
    result = check("--format", "xlsx", "final.txt", "other.txt")
    sheet = openpyxl.load_workbook(BytesIO(result.stdout_bytes)).worksheets[0]
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    places = [head.index(name) for name in ("agency", "year")]
    assert [[row[at] for at in places] for row in rows] == [
        ["青溪市水务局", 2023],
        ["石渡镇人民政府", 2023],
    ]


def test_one_run_has_one_verdict_in_every_format(folder: Path) -> None:
    warned = report(WARNED).replace("青溪市水务局", "白石县农业农村局")
    Path("warned.txt").write_text(warned, encoding="utf-8")
    paths = ("draft.txt", "other.txt", "warned.txt")
    verdicts = ["findings", "clean", "below"]
    found = json.loads(check("--format", "json", *paths).stdout)["reports"]
    assert [each["verdict"] for each in found] == verdicts
    lines = check("--format", "jsonl", *paths).stdout.splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == verdicts
    terminal = check(*paths)
    assert "3 documents: 1 with problems, 1 clean, 0 not audited, 0 unreadable, 1 to look at" in (
        terminal.stderr
    )
    assert terminal.stdout.count("nothing that must be corrected; 1 to look at") == 1
    batch = check("--quiet", *paths).stdout.splitlines()[1:4]
    assert [line.split("  ")[0].strip() for line in batch] == ["problems", "to look at", "clean"]
    page = check("--format", "html", *paths).stdout
    for verdict in verdicts:
        assert page.count(f'data-verdict="{verdict}"') == 1
    markdown = check("--format", "markdown", *paths).stdout
    assert markdown.count("| nothing that must be corrected; 1 to look at |") == 1
    workbook = check("--format", "xlsx", *paths)
    sheet = openpyxl.load_workbook(BytesIO(workbook.stdout_bytes)).worksheets[0]
    told = [sheet.cell(row, 4).value for row in (2, 3, 4)]
    assert told == [
        "problems found",
        "nothing found",
        "nothing that must be corrected; 1 to look at",
    ]
