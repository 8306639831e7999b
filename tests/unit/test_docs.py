"""What the pages on settings and on living with findings show is what the program does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.cli.config import KEYS, load_configuration
from auditor.decisions.files import read_waivers
from auditor.model.finding import DispositionKind
from tests.support import ROOT
from tests.unit.test_cli import WRONG, report
from tests.unit.test_decisions import WARNED

PAGES = ("configuration", "living-with-findings", "configuration.zh", "living-with-findings.zh")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [block for language, block in _BLOCK.findall(text) if language == kind]


def commands(page: str) -> Iterator[tuple[list[str], str]]:
    """Every command of a page, in order, with what it is said to print."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, printed = part.partition("\n")
            yield shlex.split(line), printed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with what the pages speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.txt").write_text(report(WRONG), encoding="utf-8")
    (tmp_path / "draft-1.txt").write_text(report(), encoding="utf-8")
    warned = report(WARNED).replace("青溪市水务局", "石渡镇人民政府")
    (tmp_path / "warned.txt").write_text(warned, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_commands_print_what_it_shows(page: str, folder: Path) -> None:
    for block in blocks(page, "toml"):
        (folder / "audit.toml").write_text(block, encoding="utf-8")
    ran = 0
    for (program, *arguments), printed in commands(page):
        assert program == "audit"
        language = "zh" if page.endswith(".zh") else "en"
        result = CliRunner().invoke(main, arguments, env={"AUDIT_LANG": language})
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code == (1 if re.search("1 new:|新增 1 个", printed) else 0), (
            result.output
        )
        shown = ".*".join(map(re.escape, printed.split("...\n"))) if printed.strip() else ".*"
        assert re.fullmatch(shown, result.stdout, re.DOTALL), result.stdout
        ran += 1
    assert ran >= 1


@pytest.mark.parametrize("page", ["configuration", "configuration.zh"])
def test_the_settings_shown_are_all_there_are_and_can_be_used(page: str, folder: Path) -> None:
    (text,) = blocks(page, "toml")
    configuration = load_configuration(text, "audit.toml", str(folder), ".")
    assert configuration is not None
    assert {*configuration.layer.values} == {*KEYS} - {"select"}
    (folder / "audit.toml").write_text(text, encoding="utf-8")
    for name in ("house-rules", "last-year", "counties"):
        (folder / name).mkdir()
    for name in ("last-year", "counties"):
        (folder / name / "report.txt").write_text(report(), encoding="utf-8")
    (folder / "known.json").write_text('{"schema_version": 1, "findings": []}', encoding="utf-8")
    (folder / "accepted.yaml").write_text("waivers: []\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "draft-1.txt"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("page", ["living-with-findings", "living-with-findings.zh"])
def test_the_waiver_and_the_answer_shown_can_be_read(page: str) -> None:
    found = [
        item for block in blocks(page, "yaml") for item in read_waivers(block, "accepted.yaml")
    ]
    assert [item.kind for item in found] == [DispositionKind.WAIVED, DispositionKind.ANSWERED]
