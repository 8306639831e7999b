"""A line for each finding, counts of rules, and links to what explains a rule."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor import __version__
from tests.kit.command import run
from tests.support import EXAMPLES

WRONG = str(EXAMPLES / "three-mistakes.txt")


def test_each_finding_is_a_line_with_its_place_severity_and_rule() -> None:
    result = run("check", "--format", "concise", WRONG)
    lines = [
        re.fullmatch(r"(\S+) (\w+) ([a-z-]+) (.+)", each) for each in result.stdout.splitlines()
    ]
    told = [each.group(1).rpartition("/")[2:] + each.group(2, 3) for each in lines if each]
    assert len(told) == len(lines)
    assert told == [
        ("three-mistakes.txt:17:8", "error", "disclosure-count"),
        ("three-mistakes.txt:41:44", "error", "applications-column-total"),
        ("three-mistakes.txt:58:17", "error", "disputes-row-total"),
    ]


def test_a_clean_report_is_no_line_and_one_that_was_not_read_is() -> None:
    assert run("check", "--format", "concise", str(EXAMPLES / "clean.txt")).stdout == ""
    result = run("check", "--format", "concise", str(EXAMPLES / "damaged-layout.txt"))
    assert result.exit_code == 3
    assert re.search(r"damaged-layout\.txt error not-audited ", result.stdout)


def test_statistics_tell_how_often_each_rule_was_broken() -> None:
    result = run("check", "--statistics", WRONG, WRONG)
    assert result.exit_code == 1
    assert [line.split()[:5] for line in result.stdout.splitlines()] == [
        ["2", "error", rule, "in", "2"]
        for rule in ("applications-column-total", "disclosure-count", "disputes-row-total")
    ]
    assert "Nothing found" in run("check", "--statistics", str(EXAMPLES / "clean.txt")).stdout
    assert run("check", "--statistics", "--format", "json", WRONG).exit_code == 2


def test_the_version_has_a_short_option() -> None:
    assert run("-V").stdout == run("--version").stdout == f"audit, version {__version__}\n"


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_can_be_forced_and_its_refusal_wins(
    environment: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert ("\x1b[" in run("check", WRONG, **environment).stdout) is is_coloured
    assert "\x1b[" not in run("check", "--no-color", WRONG, **environment).stdout


def test_rules_lead_to_the_site_where_its_address_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://docs.example.org/audit/rules/disclosure.html#disclosure-count"
    site = {"AUDIT_DOCS": "https://docs.example.org/audit/"}
    found = json.loads(run("check", "--format", "sarif", WRONG, **site).stdout)
    rules = {each["id"]: each for each in found["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["disclosure-count"]["helpUri"] == address
    plain = json.loads(run("check", "--format", "sarif", WRONG).stdout)
    assert "helpUri" not in plain["runs"][0]["tool"]["driver"]["rules"][0]
    for name in ("TERM_PROGRAM", "WT_SESSION", "KONSOLE_VERSION", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    colour = {"FORCE_COLOR": "1", "TERM": "xterm", **site}
    assert address not in run("check", WRONG, **colour).stdout
    assert f";{address}\x1b\\" in run("check", WRONG, **colour, VTE_VERSION="6003").stdout
