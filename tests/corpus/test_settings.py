"""One configuration holds for a corpus; what cannot hold for one is refused."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from upath import UPath

from auditor.cli import main
from auditor.cli.config import KEYS
from auditor.corpus.store import Store
from auditor.corpus.views import StoreTables
from tests.support import EXAMPLES


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("clean.txt", "three-mistakes.txt"):
        (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    return folder


def run(source: Path, *more: str) -> Result:
    store = str(source.parent / "store")
    arguments = ["corpus", "run", str(source), "--store", store, "-j", "1", *more]
    return CliRunner().invoke(main, arguments, env={"AUDIT_LANG": "en"})


def severities(source: Path) -> dict[str, str]:
    """By rule, of what the store's findings are."""
    findings = StoreTables(Store(source.parent / "store")).findings()
    return dict(findings.select("rule", "severity").iter_rows())


def test_rules_severities_and_the_threshold_are_those_of_the_configuration(source: Path) -> None:
    assert run(source).exit_code == 1
    before = severities(source)
    assert "error" in before.values()
    ignored, *_ = sorted(before)
    (source / "audit.toml").write_text(f'ignore = ["{ignored}"]\n[severities]\n"*" = "warning"')
    result = run(source)
    assert result.exit_code == 0
    assert "settings file" in result.output
    after = severities(source)
    assert {*after.values()} == {"warning"}
    assert ignored not in after
    assert run(source, "--fail-on", "warning").exit_code == 1
    assert run(source, "--isolated").exit_code == 1
    assert severities(source) == before


@pytest.mark.parametrize("key", ["baseline", "waivers", "previous", "children"])
def test_what_is_for_single_reports_is_refused(source: Path, key: str) -> None:
    value = '"known.yaml"' if key in ("baseline", "waivers") else '["last"]'
    (source / "audit.toml").write_text(f"{key} = {value}")
    result = run(source)
    assert result.exit_code == 2
    assert f"the setting {key}" in result.output
    assert not (source.parent / "store").exists()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("audit.toml", '[[overrides]]\npaths = ["clean.txt"]\nfail_on = "info"'),
        ("below/audit.toml", 'fail_on = "info"'),
    ],
)
def test_several_configurations_are_refused(source: Path, file: str, text: str) -> None:
    (source / "below").mkdir()
    (source / "below" / "clean.txt").write_bytes((source / "clean.txt").read_bytes())
    (source / file).write_text(text)
    result = run(source)
    assert result.exit_code == 2
    assert "one configuration" in result.output
    assert run(source, "--isolated").exit_code == 1


def names(source: Path) -> list[str]:
    return sorted(StoreTables(Store(source.parent / "store")).documents["name"])


def archived(source: Path) -> None:
    with ZipFile(source / "two.zip", "w") as archive:
        archive.write(EXAMPLES / "clean.txt", "clean.txt")
        archive.write(EXAMPLES / "three-mistakes.txt", "drafts/three.txt")


def test_what_the_configuration_excludes_is_left_out_and_named(source: Path) -> None:
    archived(source)
    (source / "audit.toml").write_text('exclude = ["drafts/", "three-*"]')
    result = run(source)
    assert result.exit_code == 0
    assert names(source) == ["source/clean.txt", "source/two.zip/clean.txt"]
    assert "2 files that are excluded" in result.stderr
    assert "source/three-mistakes.txt" in result.stderr
    assert run(source, "--exclude", "two.zip").exit_code == 1
    assert names(source) == ["source/clean.txt", "source/three-mistakes.txt"]


def test_a_file_that_is_left_out_needs_not_have_the_same_settings(source: Path) -> None:
    (source / "below").mkdir()
    (source / "below" / "clean.txt").write_bytes((source / "clean.txt").read_bytes())
    (source / "below" / "audit.toml").write_text('fail_on = "info"\nexclude = ["*"]')
    assert run(source).exit_code == 1
    assert names(source) == ["source/clean.txt", "source/three-mistakes.txt"]


def test_where_everything_is_excluded_it_is_said(source: Path) -> None:
    result = run(source, "--exclude", "*")
    assert result.exit_code == 2
    assert "excluded" in result.output
    assert not (source.parent / "store").exists()


def test_patterns_are_relative_to_the_address_of_an_object_store(source: Path) -> None:
    archived(source)
    place = UPath("memory://excluded/in")
    try:
        for path in source.iterdir():
            (place / path.name).write_bytes(path.read_bytes())
            (place / "drafts" / path.name).write_bytes(path.read_bytes())
        store = str(source.parent / "store")
        arguments = ["corpus", "run", str(place), "--store", store, "-j", "1"]
        more = ["--exclude", "/drafts", "--exclude", "/two.zip/drafts"]
        result = CliRunner().invoke(main, [*arguments, *more], env={"AUDIT_LANG": "en"})
        assert result.exit_code == 1
        told = ["clean.txt", "three-mistakes.txt", "two.zip/clean.txt"]
        assert names(source) == [f"memory:///excluded/in/{each}" for each in told]
        assert "4 files that are excluded (--exclude): drafts/clean.txt" in result.stderr
        assert "two.zip/drafts/three.txt" in result.stderr
    finally:
        place.fs.rm("/excluded", recursive=True)


@pytest.mark.parametrize(
    ("setting", "code"),
    [('forms = ["us-foia-annual/*"]', "no-form"), ("limits = {text-bytes = 9}", "too-large")],
)
def test_forms_and_limits_of_the_configuration_hold(source: Path, setting: str, code: str) -> None:
    (source / "audit.toml").write_text(setting)
    assert run(source).exit_code == 3
    assert {*StoreTables(Store(source.parent / "store")).documents["code"]} == {code}


def test_every_setting_counts_or_is_refused_or_is_said_to_be_of_no_effect() -> None:
    refused = {"baseline", "waivers", "previous", "children"}
    counts = {"forms", "rules", "select", "ignore", "severities", "fail_on", "lang", "limits"}
    assert {*KEYS} == refused | counts | {"exclude", "docs"}


def test_files_of_one_name_are_all_there(source: Path) -> None:
    other = source.parent / "elsewhere" / "source"
    other.mkdir(parents=True)
    (other / "clean.txt").write_bytes((source / "three-mistakes.txt").read_bytes())
    (other / "three-mistakes.txt").write_bytes((source / "three-mistakes.txt").read_bytes())
    assert run(source, str(other)).exit_code == 1
    told = ["source/clean.txt", "source/clean.txt (2)", "source/three-mistakes.txt"]
    assert names(source) == told
