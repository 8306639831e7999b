"""Settings beside a report decide what is told of it: every output says so, and none says clean."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from auditor.reporters import REPORTERS
from tests.kit.command import run
from tests.support import EXAMPLES, library

FILE = "inbox/audit.toml"
ALL = len({rule.id for rules in library().rules.values() for rule in rules})
"""Rules of both editions."""


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stranger's folder: a report with errors, and settings that silence all."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "wrong.txt").write_bytes((EXAMPLES / "three-mistakes.txt").read_bytes())
    (folder / "clean.txt").write_bytes((EXAMPLES / "clean.txt").read_bytes())
    (folder / "audit.toml").write_text('ignore = ["*"]\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_names_the_file_and_how_many_rules_it_silenced(inbox: Path, name: str) -> None:
    result = run("check", "--format", name, "inbox/wrong.txt")
    assert result.exit_code == 0
    shown = result.stdout_bytes
    if name == "xlsx":
        with ZipFile(BytesIO(shown)) as book:
            shown = book.read("xl/sharedStrings.xml")
    text = " ".join(shown.decode().split())
    assert FILE in text
    assert re.search(rf'{ALL} rules silenced|"silenced": ?{ALL}\b', text)
    assert "nothing found" not in text and '"clean"' not in text
    assert f"{FILE} took effect: {ALL} rules silenced" in result.stderr.splitlines()[-1]


def test_the_verdict_and_the_counts_are_in_the_json(inbox: Path) -> None:
    result = run("check", "--format", "json", "inbox")
    clean, wrong = json.loads(result.stdout)["reports"]
    settings = {"file": FILE, "silenced": ALL, "lowered": 0}
    assert (clean["verdict"], clean["settings"]) == ("clean", settings | {"errors_silenced": 0})
    assert (wrong["verdict"], wrong["settings"]) == ("silenced", settings | {"errors_silenced": 4})


def test_a_run_over_many_counts_what_was_silenced_and_quiet_says_it_too(inbox: Path) -> None:
    result = run("check", "inbox")
    assert "1 clean" in result.stderr and "1 with errors that settings silence" in result.stderr
    quiet = run("check", "--quiet", "inbox").stderr
    assert f"{ALL} rules silenced" in quiet and "for 2 documents" in quiet


@pytest.mark.parametrize(
    ("settings", "silenced", "lowered"),
    [
        ('[severities]\n"*" = "info"\n', 0, True),
        ('[severities]\n"*" = "off"\n', ALL, False),
        ('select = ["edition-year"]\n', True, False),
        ('[[overrides]]\npaths = ["wrong.txt"]\nignore = ["*"]\n', ALL, False),
    ],
)
def test_errors_are_silenced_in_more_than_one_way(
    inbox: Path, settings: str, silenced: int, lowered: int
) -> None:
    (inbox / "audit.toml").write_text(settings, encoding="utf-8")
    result = run("check", "--format", "json", "inbox/wrong.txt")
    (report,) = json.loads(result.stdout)["reports"]
    assert (result.exit_code, report["verdict"]) == (0, "silenced")
    held = report["settings"]
    assert held["silenced"] == silenced or (silenced is True and 0 < held["silenced"] < ALL)
    assert bool(held["lowered"]) == bool(lowered)
    assert held["errors_silenced"] > 0


def test_settings_that_silence_nothing_are_named_and_the_report_may_be_clean(inbox: Path) -> None:
    (inbox / "audit.toml").write_text('lang = "en"\n', encoding="utf-8")
    result = run("check", "inbox/clean.txt")
    assert result.exit_code == 0 and "nothing found" in result.stdout
    assert f"{FILE} took effect: 0 rules silenced" in " ".join(result.stdout.split())


def test_a_report_is_not_clean_where_the_command_line_silences_it(inbox: Path) -> None:
    result = run("check", "--isolated", "--ignore", "*", "--format", "json", "inbox/wrong.txt")
    (report,) = json.loads(result.stdout)["reports"]
    assert (report["verdict"], report["settings"]) == ("silenced", None)


def test_isolated_goes_without_them(inbox: Path) -> None:
    result = run("check", "--isolated", "--format", "json", "inbox/wrong.txt")
    (report,) = json.loads(result.stdout)["reports"]
    assert (result.exit_code, report["verdict"], report["settings"]) == (1, "findings", None)
    assert FILE not in result.stderr


def test_reading_names_the_file_too(inbox: Path) -> None:
    assert f"{FILE} took effect" in run("read", "inbox/wrong.txt").stderr
