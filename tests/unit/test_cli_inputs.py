"""Which files are taken: what is excluded or stands beside reports, and what a pipe is called."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import Result

from tests.kit.command import run
from tests.unit.test_cli import WRONG, report


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Reports, an older one in a folder, and what stands beside reports."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports" / "old").mkdir(parents=True)
    for name in ("good.txt", "draft-1.txt", "draft-2.txt", "old/draft-0.txt"):
        content = report() if name == "good.txt" else report(WRONG)
        (tmp_path / "reports" / name).write_text(content, encoding="utf-8")
    (tmp_path / "reports" / "README.md").write_text("What these are.", encoding="utf-8")
    (tmp_path / "reports" / "values.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "reports" / "seal.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def names(result: Result) -> list[str]:
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    assert found["failures"] == []
    return [each["source"]["name"].removeprefix("reports/") for each in found["reports"]]


def check(*arguments: str, given: bytes | None = None) -> Result:
    return run("check", "--format", "json", *arguments, given=given)


def test_what_stands_beside_reports_is_passed_over_and_named(folder: Path) -> None:
    result = check("reports")
    assert names(result) == ["draft-1.txt", "draft-2.txt", "good.txt", "old/draft-0.txt"]
    assert "skipped 3 files in reports that stand beside reports and are none: " in result.stderr
    assert "README.md, seal.png, values.csv; give their paths" in result.stderr


def test_where_there_is_nothing_else_tables_and_pictures_are_the_reports(folder: Path) -> None:
    for path in (folder / "reports").glob("*.txt"):
        path.unlink()
    for path in (folder / "reports").glob("old/*.txt"):
        path.unlink()
    failed = json.loads(check("reports").stdout)["failures"]
    assert [each["source"]["name"] for each in failed] == ["reports/seal.png", "reports/values.csv"]


def test_what_is_named_is_audited_whatever_it_is(folder: Path) -> None:
    result = check("reports/README.md", "reports/good.txt")
    assert result.exit_code == 3
    assert [each["code"] for each in json.loads(result.stdout)["failures"]] == ["no-form"]


def test_in_an_archive_it_is_the_same(folder: Path) -> None:
    with zipfile.ZipFile("all.zip", "w") as packed:
        for path in sorted((folder / "reports").rglob("*.*")):
            packed.write(path, path.relative_to(folder / "reports"))
    result = check("all.zip", "--exclude", "draft-*", "--exclude", "!draft-2.txt")
    assert [name.removeprefix("all.zip/") for name in names(result)] == ["draft-2.txt", "good.txt"]
    assert "skipped 3 files in all.zip that stand beside reports" in result.stderr
    assert "left out 2 files that are excluded (--exclude): all.zip/draft-1.txt" in result.stderr


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (["draft-*"], ["good.txt"]),
        (["/reports/draft-*"], ["good.txt", "old/draft-0.txt"]),
        (["old/"], ["draft-1.txt", "draft-2.txt", "good.txt"]),
        (["**/old/*", "draft-*", "!draft-2.txt"], ["draft-2.txt", "good.txt"]),
    ],
)
def test_excluded_files_are_left_out_as_git_does_and_counted(
    folder: Path, patterns: list[str], left: list[str]
) -> None:
    options = [part for each in patterns for part in ("--exclude", each)]
    result = check(*options, "reports")
    assert names(result) == left
    assert f"left out {4 - len(left)} files that are excluded (--exclude)" in result.stderr


def test_patterns_of_a_file_are_relative_to_it_and_the_command_line_wins(folder: Path) -> None:
    settings = folder / "reports" / "audit.toml"
    settings.write_text('exclude = ["/draft-*"]\n', encoding="utf-8")
    result = check("reports")
    assert names(result) == ["good.txt", "old/draft-0.txt"]
    assert "excluded (reports/audit.toml: exclude): reports/draft-1.txt" in result.stderr
    assert names(check("reports", "--exclude", "old")) == ["draft-1.txt", "draft-2.txt", "good.txt"]


def test_a_named_file_is_left_out_only_where_that_is_asked_for(folder: Path) -> None:
    paths = ("reports/draft-1.txt", "--exclude", "draft-*")
    assert names(check(*paths)) == ["draft-1.txt"]
    left = check("--force-exclude", *paths)
    assert (left.exit_code, left.stdout) == (0, "")
    assert "left out 1 files that are excluded" in left.stderr


def test_a_folder_of_which_all_is_excluded_is_wrong_usage(folder: Path) -> None:
    result = check("reports", "--exclude", "*")
    assert result.exit_code == 2
    assert "every file is excluded" in result.stderr


def test_standard_input_goes_by_a_name_and_has_the_settings_of_its_place(folder: Path) -> None:
    settings = folder / "reports" / "audit.toml"
    settings.write_text('ignore = ["applications-*"]\n', encoding="utf-8")
    given = report(WRONG).encode()
    plain = check("-", given=given)
    assert (plain.exit_code, names(plain)) == (1, ["-"])
    named = check("-", "--stdin-filename", "reports/new.txt", given=given)
    (found,) = json.loads(named.stdout)["reports"]
    assert found["source"]["name"] == "reports/new.txt"
    assert found["settings"]["file"] == "reports/audit.toml"
