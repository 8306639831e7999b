"""`--format` and `--output`: exit codes and standard error as ever, files whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.cli.files import BINARY
from auditor.reporters import READINGS, REPORTERS, Item, Reporter
from tests.kit.command import run
from tests.support import EXAMPLES, ROOT

EXIT = {"clean.txt": 0, "three-mistakes.txt": 1, "damaged-layout.txt": 3, "letter.txt": 3}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the examples and a letter."""
    monkeypatch.chdir(tmp_path)
    for path in EXAMPLES.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "letter.txt").write_text("A letter.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_the_exit_code_is_the_same_in_every_format(folder: Path, name: str) -> None:
    for document, code in EXIT.items():
        result = run("check", "--format", name, document)
        assert result.exit_code == code, (document, result.output)
        assert ("no-form" in result.stderr) == (name == "terminal" and document == "letter.txt")
        assert result.stdout_bytes or (name, document) in {
            ("terminal", "letter.txt"),  # told on standard error
            ("github", "clean.txt"),  # nothing to annotate
            ("concise", "clean.txt"),
        }


@pytest.mark.parametrize("name", sorted(set(REPORTERS) - set(READINGS) - {"csv"}))
def test_a_format_of_findings_is_none_of_readings(folder: Path, name: str) -> None:
    for option in (["--format", name], ["--output", f"{name}=a.out"]):
        result = run("read", *option, "clean.txt")
        assert result.exit_code == 2 and name in result.stderr
    assert run("check", "--output", "parquet=a.parquet", "clean.txt").exit_code == 2


def test_several_files_are_written_at_once_beside_standard_output(folder: Path) -> None:
    names = sorted(set(REPORTERS) - {"terminal"})
    wanted = [f"--output={name}=out.{name}" for name in names]
    result = run("check", *wanted, *EXIT)
    assert result.exit_code == 1
    assert "1. [ERROR]" in result.stdout and "letter.txt" in result.stderr
    for name in names:
        alone = run("check", "--format", name, *EXIT)
        assert (folder / f"out.{name}").read_bytes() == alone.stdout_bytes
    assert not list(folder.glob(".*"))


def test_a_page_in_a_file_names_the_documents_that_failed(folder: Path) -> None:
    result = run("check", "--format", "json", "--output", "terminal=page.txt", "letter.txt")
    assert result.exit_code == 3 and result.stderr == ""
    assert "no-form" in (folder / "page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("sarif", "--output is FORMAT=FILE"),
        ("sarif=", "--output is FORMAT=FILE"),
        ("serif=a.sarif", "unknown format: serif"),
        ("sarif=nowhere/a.sarif", "there is no such folder"),
        ("sarif=.", "it is no file"),
        ("sarif=/dev/null", "it is no file"),
        ("csv=clean.txt", "no output may replace it"),
        ("csv=link.txt", "no output may replace it"),
        ("csv=a.csv", "two outputs go to the same file"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_read(
    folder: Path, asked: str, words: str
) -> None:
    (folder / "link.txt").symlink_to("clean.txt")
    before = (folder / "clean.txt").read_bytes()
    other = "json=a.csv" if "two" in words else "json=other.json"
    result = run("check", "--output", other, "--output", asked, "clean.txt", "letter.txt")
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == "" and "letter" not in result.stderr
    assert (folder / "clean.txt").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == sorted([*EXIT, "link.txt"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0o500)
    result = run("check", "--output", "json=shut/a.json", "clean.txt")
    assert result.exit_code == 2 and "cannot write" in result.stderr


def test_a_file_stays_as_it_was_when_the_run_breaks_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "out.json").write_text("old", encoding="utf-8")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.cli.session.audit", interrupted)
    result = CliRunner().invoke(main, ["check", "--output", "json=out.json", "clean.txt"])
    assert result.exit_code != 0
    assert (folder / "out.json").read_text(encoding="utf-8") == "old"
    assert not list(folder.glob(".*"))


class Broken(Exception):
    """What no reporter should raise."""


class BrokenReporter(Reporter):
    def fragment(self, item: Item, number: int) -> None:
        raise Broken


def test_a_format_that_breaks_leaves_no_file_and_the_others_are_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.reporters.csv.CsvReporter", BrokenReporter)
    asked = ["-j", "1", "--output", "csv=a.csv", "--output", "json=b.json", "--format", "jsonl"]
    result = run("check", *asked, *EXIT)
    assert "csv could not be written (Broken" in result.stderr and "our fault" in result.stderr
    assert result.exit_code == 1  # what was found stands
    assert sorted(path.name for path in folder.iterdir()) == sorted([*EXIT, "b.json"])
    whole = json.loads((folder / "b.json").read_text(encoding="utf-8"))
    assert len(whole["reports"]) + len(whole["failures"]) == len(EXIT)
    assert len(result.stdout.splitlines()) == len(EXIT)
    assert run("check", "--output", "csv=a.csv", "clean.txt").exit_code == 3


def test_a_format_that_breaks_on_standard_output_keeps_no_file_from_being_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.reporters.csv.CsvReporter", BrokenReporter)
    result = run("check", "--format", "csv", "--output", "json=b.json", "clean.txt", "clean.txt")
    assert result.exit_code == 3 and "our fault" in result.stderr
    assert len(json.loads((folder / "b.json").read_text(encoding="utf-8"))["reports"]) == 2


def test_an_output_is_replaced_whole_and_through_a_link(folder: Path) -> None:
    (folder / "real.json").write_text("old", encoding="utf-8")
    (folder / "link.json").symlink_to("real.json")
    assert run("check", "--output", "json=link.json", "clean.txt").exit_code == 0
    assert (folder / "link.json").is_symlink()
    assert json.loads((folder / "real.json").read_text(encoding="utf-8"))["reports"]


@pytest.mark.parametrize("name", sorted(BINARY))
def test_what_is_no_text_is_not_shown_at_a_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    command = "read" if name == "parquet" else "check"
    monkeypatch.setattr("auditor.cli.files.is_at_terminal", lambda: True)
    result = run(command, "--format", name, "clean.txt")
    assert result.exit_code == 2
    assert f"--output {name}=FILE" in result.stderr


def test_a_missing_library_is_told_with_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for module in [name for name in sys.modules if name.startswith("auditor.reporters.xlsx")]:
        monkeypatch.delitem(sys.modules, module)
    result = run("check", "--output", "xlsx=a.xlsx", "clean.txt")
    assert result.exit_code == 2
    assert "pip install 'disclosure-audit[xlsx]'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (("check", "--format", "sarif"), {"rich.console", "xlsxwriter", "pandas"}),
        (("check", "--format", "json"), {"rich.console", "pandas"}),
        (("check",), {"auditor.reporters.json", "xlsxwriter", "pandas", "pyarrow"}),
        (("check", "--format", "xlsx"), {"pandas", "rich.console"}),
    ],
)
def test_a_format_imports_nothing_that_only_others_need(
    arguments: tuple[str, ...], unwanted: set[str]
) -> None:
    script = (
        "import sys\nfrom auditor.cli import main\n"
        f"main([*{arguments!r}, 'examples/clean.txt'], standalone_mode=False)\n"
        "sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, timeout=400
    )
    assert not unwanted & set(done.stderr.decode().splitlines())
