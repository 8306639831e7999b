"""The command: exit codes, where output goes, and that bad input never ends in a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

import click
import pytest

import auditor
from auditor.cli import COMMANDS, main
from auditor.cli.process import language_of
from auditor.model.form import Address
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.command import run as run_audit
from tests.support import ROOT, form

FORM = form("cn-goi-annual/2021")


def report(changes: Mapping[str, int] | None = None) -> str:
    """A report of zeros in plain text, but for the given figures."""
    figures = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}
    balanced = ("new_received", "granted", "total_handled")
    for row in balanced:
        for column in ("natural_person", "total"):
            figures[Address("applications", row, column)] = Decimal(2)
    figures |= {Address.parse(box): Decimal(count) for box, count in (changes or {}).items()}
    return LAYOUTS["rows with pipes between"](FORM, figures, "青溪市水务局", 2023, Random(1))


WRONG = {"applications/granted/natural_person": 3}


run = partial(run_audit, AUDIT_LANG="zh")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a good report and a wrong one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.txt").write_text(report(), encoding="utf-8")
    (tmp_path / "wrong.txt").write_text(report(WRONG), encoding="utf-8")
    return tmp_path


def test_a_report_without_errors_exits_0(folder: Path) -> None:
    result = run("check", "good.txt")
    assert result.exit_code == 0, result.output
    assert "未发现问题" in result.stdout


def test_a_finding_exits_1_and_is_written_to_standard_output(folder: Path) -> None:
    result = run("check", "wrong.txt")
    assert result.exit_code == 1
    assert "（一）予以公开 × 自然人 为 3，应为 2" in result.stdout
    assert result.stderr == ""


def test_a_wrong_report_is_found_through_standard_input() -> None:
    result = run("check", "--format", "json", "-", given=report(WRONG))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["reports"][0]["source"]["name"] == "-"


def test_a_document_that_is_no_report_exits_3_and_says_why_on_standard_error() -> None:
    result = run("check", "-", given="A letter.\n")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "no-form" in result.stderr


def test_findings_win_over_a_document_that_was_not_read(folder: Path) -> None:
    (folder / "letter.txt").write_text("A letter.\n", encoding="utf-8")
    result = run("check", "--format", "json", ".")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [each["source"]["name"] for each in document["reports"]] == ["good.txt", "wrong.txt"]
    assert [each["source"]["name"] for each in document["failures"]] == ["letter.txt"]


def test_a_lower_threshold_makes_a_warning_count(folder: Path) -> None:
    text = report({"disclosure/regulations/issued": 1, "disclosure/regulations/in_force": 1})
    (folder / "warned.txt").write_text(
        text.replace("青溪市水务局", "石渡镇人民政府"), encoding="utf-8"
    )
    assert run("check", "warned.txt").exit_code == 0
    assert run("check", "--fail-on", "warning", "warned.txt").exit_code == 1


def test_rules_can_be_selected_and_ignored_by_pattern(folder: Path) -> None:
    assert run("check", "--select", "disputes-*", "wrong.txt").exit_code == 0
    assert run("check", "--ignore", "applications-*", "wrong.txt").exit_code == 0
    assert run("check", "--select", "applications-row-total", "wrong.txt").exit_code == 1


def test_an_unknown_rule_exits_2_with_the_nearest_name(folder: Path) -> None:
    result = run("check", "--ignore", "aplications-balance", "good.txt")
    assert result.exit_code == 2
    assert "applications-balance" in result.stderr


@pytest.mark.parametrize("arguments", [["check", "nowhere.txt"], ["check"], ["read", "empty"]])
def test_wrong_usage_exits_2(folder: Path, arguments: list[str]) -> None:
    (folder / "empty").mkdir()
    assert run(*arguments).exit_code == 2


def test_a_broken_rule_exits_2_with_its_file_and_line(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "broken.yaml").write_text("- id: x\n  nonsense: [\n", encoding="utf-8")
    result = run("check", "--rules", "mine", "good.txt")
    assert result.exit_code == 2
    assert "mine/broken.yaml:" in result.stderr


def test_what_a_folder_holds_besides_reports_is_counted(folder: Path) -> None:
    (folder / "photo.gif").write_bytes(b"GIF89a")
    result = run("check", "--format", "jsonl", ".")
    assert "跳过 1 个" in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_a_name_never_gives_away_an_absolute_path(folder: Path) -> None:
    result = run("read", "--format", "json", str(folder / "good.txt"))
    assert json.loads(result.stdout)["reports"][0]["source"]["name"] == "good.txt"
    assert str(folder) not in run("check", str(folder)).output


def test_reading_judges_nothing(folder: Path) -> None:
    result = run("read", "wrong.txt")
    assert result.exit_code == 0
    assert "（七）总计" in result.stdout
    assert "规则" not in result.stdout


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02" * 50, b"%PDF-1.7\n", b"\xff\xfe\x00", b"PK\x03\x04"]
)
def test_bytes_that_are_no_text_exit_3(content: bytes) -> None:
    assert run("check", "--format", "json", "-", given=content).exit_code == 3


def test_the_same_bytes_give_the_same_output(folder: Path) -> None:
    for name in ("terminal", "json", "jsonl"):
        first, second = (run("check", "--format", name, ".").stdout for _ in range(2))
        assert first == second


def test_a_rule_is_explained_with_its_basis_its_place_and_its_tests() -> None:
    result = run("rules", "explain", "applications-balance")
    assert result.exit_code == 0
    for part in (
        "国办公开办函",
        "applications.yaml:",
        "applications-balance[total]",
        "pass",
        "fail",
    ):
        assert part in result.stdout


def test_rules_are_listed_and_tested() -> None:
    assert "applications-balance" in run("rules", "list").stdout
    assert run("rules", "test").exit_code == 0


def test_an_unknown_rule_cannot_be_explained() -> None:
    assert run("rules", "explain", "aplications-balance").exit_code == 2


def test_the_version_is_that_of_the_package() -> None:
    assert auditor.__version__ in run("--version").stdout


def test_the_language_is_the_one_asked_for_else_that_of_the_locale() -> None:
    assert language_of("en", {"AUDIT_LANG": "zh"}) == "en"
    assert language_of(None, {"AUDIT_LANG": "zh", "LC_ALL": "en_US.UTF-8"}) == "zh"
    assert language_of(None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}) == "en"
    assert language_of(None, {"LANG": "zh_TW.UTF-8"}) == "zh"
    assert language_of(None, {}) == "en"


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout


def test_importing_the_package_imports_none_of_its_parts() -> None:
    said = python(
        "import sys, auditor; print([m for m in sys.modules if m.startswith('auditor.')])"
    )
    assert said.strip() == "[]"


def test_the_command_imports_no_rich_before_a_terminal_page_is_drawn() -> None:
    code = "import sys, auditor.cli.check, auditor.reporters.json; print('rich' in sys.modules)"
    assert python(code).strip() == "False"


def test_a_command_is_imported_only_when_it_is_asked_for() -> None:
    asked = "import sys, auditor.cli; print([m for m in {0} if m in sys.modules])"
    homes = {home.partition(":")[0] for home in COMMANDS.values()}
    assert python(asked.format(sorted({*homes, "auditor.definitions"}))).strip() == "[]"


def test_every_command_goes_by_the_name_under_which_it_is_listed() -> None:
    ctx = click.Context(main)
    found = [main.get_command(ctx, name) for name in main.list_commands(ctx)]
    assert [command.name for command in found if command] == list(COMMANDS)


def test_every_public_name_can_be_imported() -> None:
    assert sorted(auditor.__all__) == list(auditor.__all__)
    assert all(getattr(auditor, name) is not None for name in auditor.__all__)


def test_a_reader_that_closes_the_pipe_sees_no_traceback(folder: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m auditor check {folder}/good.txt {folder}/wrong.txt | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1


def test_an_output_that_cannot_carry_chinese_is_made_to(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "check", "--lang", "zh", str(folder / "good.txt")],
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert "未发现问题" in done.stdout.decode("utf-8")


def test_last_years_report_is_used_where_agency_and_year_fit(tmp_path: Path) -> None:
    paths = {}
    for year in (2022, 2023, 2024):
        rng = Random(year)
        figures = consistent_figures(FORM, rng)
        paths[year] = tmp_path / f"{year}.txt"
        paths[year].write_text(next(iter(LAYOUTS.values()))(FORM, figures, AGENCIES[0], year, rng))
    command = ["check", str(paths[2024]), "--format", "json", "--previous"]
    with_it = json.loads(run(*command, paths[2023]).stdout)
    compared = {item["rule"] for item in with_it["reports"][0]["findings"]}
    assert "applications-carried-over" in compared
    unfit = json.loads(run(*command, paths[2022]).stdout)
    assert "applications-carried-over" not in {
        item["rule"] for item in unfit["reports"][0]["findings"]
    }
    assert "no-predecessor-given" in {item["code"] for item in unfit["reports"][0]["notices"]}


def test_a_report_of_last_year_that_cannot_be_read_is_a_wrong_argument(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text("x")
    bad.write_bytes(b"%PDF-1.7 nothing")
    result = run("check", good, "--previous", bad)
    assert result.exit_code == 2
    assert "bad.pdf" in result.stderr
