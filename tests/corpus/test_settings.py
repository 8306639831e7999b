"""One configuration holds for a corpus; what cannot hold for one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli import main
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
