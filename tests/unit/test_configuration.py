"""Settings: found upwards, each with where it came from, and nothing unknown passed over."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.cli.config import Layer, Settings, SourceKind, combine, load_configuration
from auditor.errors import DefinitionError
from auditor.findings.build import regrade
from auditor.model.check import Severity
from auditor.model.finding import ProseResult
from tests.kit.command import run as run_audit
from tests.support import EXAMPLES
from tests.unit.test_cli import WRONG, report
from tests.unit.test_conclude import audited, report_with

run = partial(run_audit, AUDIT_LANG="", LC_ALL="C")


def loaded(text: str, path: str | None = None, file: str = "audit.toml") -> Settings:
    configuration = load_configuration(text, file, "/work", ".")
    assert configuration is not None
    return combine(configuration.layers_for(path), configuration.file)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a good report, a wrong one and a folder with both."""
    monkeypatch.chdir(tmp_path)
    for where in (tmp_path, tmp_path / "2023"):
        where.mkdir(exist_ok=True)
        (where / "good.txt").write_text(report(), encoding="utf-8")
        (where / "wrong.txt").write_text(report(WRONG), encoding="utf-8")
    return tmp_path


def effective(*arguments: str, **environment: str) -> dict[str, tuple[object, str, str | None]]:
    result = run("config", "show", "--format", "json", *arguments, **environment)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["settings"]
    return {row["key"]: (row["value"], row["source"], row["place"]) for row in rows}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []", "selct: unknown key (did you mean 'select'?)"),
        ("select = 'x'", "select: Expected `array`, got `str`"),
        ("ignore = [1]", "ignore[0]: Expected `str`, got `int`"),
        ("fail_on = 'errors'", "fail_on: unknown value 'errors' (did you mean 'error'?)"),
        ("[severities]\nx = 'of'", "severities.x: unknown value 'of' (did you mean 'off'?)"),
        ("[limits]\npage = 3", "limits.page: unknown key (did you mean 'pages'?)"),
        ("[limits]\npages = true", "limits.pages: Expected `int`, got `bool`"),
        ("[limits]\npages = 0", "limits.pages: Expected `int` >= 1"),
        ("limits = 3", "limits: Expected `object`, got `int`"),
        ("rules = ['']", "rules[0]: Expected `str` of length >= 1"),
        ("overrides = 3", "overrides: Expected `array`, got `int`"),
        ("[[overrides]]\nselect = []", "overrides[0]: the key 'paths' is missing"),
        (
            "[[overrides]]\npaths = ['*']\nlang = 'zh'",
            "overrides[0].lang: the language holds for a whole run: set it outside the overrides",
        ),
        ("[[overrides]]\npaths = ['*']\nselekt = []", "overrides[0].selekt: unknown key"),
    ],
)
def test_what_cannot_be_taken_at_its_word_is_an_error_with_file_and_key(
    text: str, said: str
) -> None:
    with pytest.raises(DefinitionError) as raised:
        loaded(text)
    assert str(raised.value).startswith(f"audit.toml: {said}")


def test_broken_toml_is_an_error_with_its_line() -> None:
    with pytest.raises(DefinitionError) as raised:
        loaded("select = []\nignore = }\n")
    assert raised.value.place == "audit.toml:2"


def test_in_pyproject_only_the_tools_own_table_counts() -> None:
    assert load_configuration("[tool.ruff]\nx = 1", "pyproject.toml", "/w", ".") is None
    with pytest.raises(DefinitionError, match=r"tool\.audit\.fail-on: unknown key"):
        loaded("[tool.audit]\nfail-on = 'info'", file="pyproject.toml")
    found = loaded("[tool.audit]\nfail_on = 'info'\n[tool.x]\ny = 1", file="a/pyproject.toml")
    assert found.fail_on == "info"
    assert found.source("fail_on").place == "a/pyproject.toml: tool.audit.fail_on"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.audit]\nignore = ['applications-*']",
        "[ tool . 'audit' ]\nignore = ['applications-*']",
        "tool.audit.ignore = ['applications-*']",
        '["tool"."audit"]\nignore = ["applications-*"]',
        "[tool]\naudit.ignore = ['applications-*']",
        "[tool]\n[tool.other]\n[tool.audit]\nignore = ['applications-*']",
        "tool = {audit = {ignore = ['applications-*']}}",
    ],
)
def test_every_way_of_writing_the_table_is_seen(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text)
    assert run("check", "wrong.txt").exit_code == 0


def test_paths_are_relative_to_the_file() -> None:
    text = "rules = ['mine']\nbaseline = '../known.json'\nprevious = ['last', '/srv/x']"
    configuration = load_configuration(text, "up/audit.toml", "/work/up", "up")
    assert configuration is not None
    found = combine(configuration.layers_for(None))
    assert found.rules == ("up/mine",)
    assert found.baseline == "known.json"
    assert found.previous == ("up/last", "/srv/x")


def test_overrides_hold_for_paths_that_match_and_the_last_wins() -> None:
    text = """
fail_on = "error"
[severities]
"a-*" = "info"
[[overrides]]
paths = ["2019/"]
fail_on = "warning"
severities = {"a-b" = "off"}
[[overrides]]
paths = ["draft-*.txt", "2019/x/*.pdf"]
fail_on = "info"
"""
    assert loaded(text, "/work/report.txt").fail_on == "error"
    old = loaded(text, "/work/2019/sub/report.txt")
    assert old.fail_on == "warning"
    assert old.severities == {"a-*": "info", "a-b": "off"}
    assert old.source("fail_on").kind is SourceKind.OVERRIDE
    assert old.source("severities.a-*").kind is SourceKind.FILE
    assert old.source("severities.a-b").place == "audit.toml: overrides[0].severities.a-b"
    assert loaded(text, "/work/2019/draft-1.txt").fail_on == "info"
    assert loaded(text, "/work/2019/x/y.pdf").fail_on == "info"


def test_stronger_layers_win_and_limits_are_set_name_by_name() -> None:
    configuration = load_configuration(
        "fail_on = 'info'\n[limits]\npages = 9\ncells = 8", "audit.toml", "/work", "."
    )
    command = Layer(
        {"fail_on": "error", "limits": {"pages": 7}},
        {"fail_on": "--fail-on", "limits": "--limit"},
        SourceKind.COMMAND_LINE,
    )
    assert configuration is not None
    found = combine((*configuration.layers_for(None), command))
    assert (found.fail_on, found.limits) == ("error", {"cells": 8, "pages": 7})
    assert found.source("limits.pages").kind is SourceKind.COMMAND_LINE
    assert found.source("limits.cells").kind is SourceKind.FILE
    assert found.source("select").kind is SourceKind.DEFAULT


def test_the_nearest_file_above_the_report_holds_and_no_other(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.audit]\nignore = ['applications-*']\n")
    assert run("check", "wrong.txt").exit_code == 0
    assert run("check", "2023/wrong.txt").exit_code == 0
    (folder / "2023" / "audit.toml").write_text("fail_on = 'warning'\n")
    assert run("check", "2023/wrong.txt").exit_code == 1
    assert run("check", "wrong.txt").exit_code == 0


def test_each_report_of_one_run_has_its_own_settings(folder: Path) -> None:
    (folder / "audit.toml").write_text("[[overrides]]\npaths = ['2023/']\nignore = ['a*']\n")
    result = run("check", "--format", "json", ".")
    assert result.exit_code == 1
    found = {
        each["source"]["name"]: len(each["findings"])
        for each in json.loads(result.stdout)["reports"]
    }
    assert found["2023/wrong.txt"] == 0
    assert found["wrong.txt"] == 1


def test_standard_input_takes_the_settings_of_the_working_directory(folder: Path) -> None:
    (folder / "audit.toml").write_text("ignore = ['applications-*']\n")
    assert run("check", "-", given=report(WRONG)).exit_code == 0
    assert run("check", "--isolated", "-", given=report(WRONG)).exit_code == 1


def test_a_file_can_be_chosen_and_must_say_something(folder: Path) -> None:
    (folder / "other.toml").write_text("ignore = ['applications-*']\n")
    assert run("check", "--config", "other.toml", "wrong.txt").exit_code == 0
    missing = run("check", "--config", "nowhere.toml", "wrong.txt")
    assert missing.exit_code == 2
    assert "nowhere.toml" in missing.stderr
    (folder / "pyproject.toml").write_text("[project]\nname = 'audit'\n")
    assert run("check", "--config", "pyproject.toml", "wrong.txt").exit_code == 2


def test_of_two_files_in_one_folder_audit_toml_is_taken_and_that_is_said(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.audit]\nfail_on = 'info'\n")
    (folder / "audit.toml").write_text("lang = 'en'\nignore = ['applications-*']\n")
    result = run("check", ".")
    assert result.exit_code == 0
    assert result.stderr.count("audit.toml is taken, pyproject.toml is not") == 1


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(folder: Path) -> None:
    (folder / "audit.toml").write_text("lang = 'zh'\nfail_on = 'info'\n[limits]\npages = 5\n")
    assert "未发现问题" in run("check", "good.txt").stdout
    assert "nothing found" in run("check", "good.txt", AUDIT_LANG="en").stdout
    assert "未发现问题" in run("check", "--lang", "zh", "good.txt", AUDIT_LANG="en").stdout
    shown = effective("good.txt", "--limit", "cells=9", "--fail-on", "warning", AUDIT_LANG="en")
    assert shown["fail_on"] == ("warning", "command-line", "--fail-on")
    assert shown["lang"] == ("en", "environment", "AUDIT_LANG")
    assert shown["limits.pages"] == (5, "file", "audit.toml: limits.pages")
    assert shown["limits.cells"] == (9, "command-line", "--limit")
    assert shown["select"] == ([], "default", None)


def test_config_show_names_the_override_and_the_locale(folder: Path) -> None:
    (folder / "audit.toml").write_text("[[overrides]]\npaths = ['good*']\nwaivers = 'w.yaml'\n")
    assert effective("good.txt")["waivers"] == (
        "w.yaml",
        "override",
        "audit.toml: overrides[0].waivers",
    )
    assert effective("wrong.txt")["waivers"] == (None, "default", None)
    assert effective(".", LC_ALL="zh_CN.UTF-8")["lang"] == ("zh", "environment", "LC_ALL")
    said = run("config", "show", "good.txt")
    assert 'waivers = "w.yaml"' in said.stdout
    assert "audit.toml: overrides[0].waivers (override)" in said.stdout
    assert run("config", "show", "nowhere").exit_code == 2


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ignore = ['aplications-balance']", "did you mean 'applications-balance'?"),
        ("[severities]\napplications-balence = 'off'", "did you mean 'applications-balance'?"),
        ("forms = ['cn-goi-annual/2012']", "did you mean 'cn-goi-annual/20"),
        ("baseline = 'nowhere.json'", ""),
        ("waivers = 'nowhere.yaml'", ""),
    ],
)
def test_settings_that_name_nothing_exit_2_before_any_output(
    folder: Path, text: str, hint: str
) -> None:
    (folder / "2023" / "audit.toml").write_text(text)
    result = run("check", "good.txt", "2023/good.txt")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "2023/audit.toml" in result.stderr
    assert hint in result.stderr


def test_rules_of_the_configuration_are_found_beside_it(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "broken.yaml").write_text("- id: x\n  nonsense: 1\n")
    (folder / "audit.toml").write_text("rules = ['mine']\n")
    result = run("check", "2023/good.txt")
    assert result.exit_code == 2
    assert "mine/broken.yaml" in result.stderr


def test_a_form_that_is_not_among_those_configured_is_not_recognised(folder: Path) -> None:
    (folder / "audit.toml").write_text("forms = ['cn-goi-annual/2019']\n")
    assert run("check", "good.txt").exit_code == 3
    (folder / "audit.toml").write_text("forms = ['*/2021']\n")
    assert run("check", "good.txt").exit_code == 0
    assert run("read", "good.txt").exit_code == 0


def test_a_changed_severity_shows_in_findings_exit_code_and_json(folder: Path) -> None:
    (folder / "audit.toml").write_text("[severities]\n'applications-*' = 'warning'\n")
    result = run("check", "--format", "json", "wrong.txt")
    assert result.exit_code == 0
    (finding,) = json.loads(result.stdout)["reports"][0]["findings"]
    assert (finding["severity"], finding["declared_severity"]) == ("warning", "error")
    assert run("check", "--fail-on", "warning", "wrong.txt").exit_code == 1
    said = run("check", "--lang", "en", "wrong.txt").stdout
    assert "[WARNING]" in said
    assert "by the rules it is ERROR" in said


def test_a_rule_that_is_off_is_not_told_and_the_failure_is_still_counted(folder: Path) -> None:
    (folder / "audit.toml").write_text("[severities]\n'*' = 'info'\n'applications-*' = 'off'\n")
    result = run("check", "--format", "json", "wrong.txt")
    (judged,) = json.loads(result.stdout)["reports"]
    assert judged["findings"] == []
    assert judged["counts"]["fail"] > 0


def test_no_severity_makes_a_report_clean_that_was_not_audited(folder: Path) -> None:
    text = (EXAMPLES / "damaged-layout.txt").read_text(encoding="utf-8")
    (folder / "damaged.txt").write_text(text, encoding="utf-8")
    for level in ("info", "warning", "off"):
        (folder / "audit.toml").write_text(f"[severities]\n'*' = '{level}'\n")
        assert run("check", "damaged.txt").exit_code == 3


def test_a_failure_told_as_milder_than_its_rule_stays_as_mild() -> None:
    audit = audited(report_with({"applications/granted/natural_person": 9}))
    finding = audit.findings[0]
    rules = {each.check.rule.id for each in finding.outcomes}
    graded = regrade(audit, dict.fromkeys(rules, Severity.INFO)).findings[-1]
    assert (graded.severity, graded.declared) == (Severity.INFO, Severity.ERROR)
    one = regrade(audit, {finding.rule_id: Severity.INFO})
    assert len(rules) > 1
    assert one.findings[0].severity is Severity.ERROR, "its other failures are errors still"
    mild = tuple(
        replace(each, prose_result=ProseResult("x", severity=Severity.WARNING))
        for each in finding.outcomes
    )
    told = replace(finding, outcomes=mild, severity=Severity.WARNING)
    raised = regrade(replace(audit, findings=(told,)), dict.fromkeys(rules, Severity.ERROR))
    assert raised.findings[0].severity is Severity.WARNING
