"""`audit diff OLD NEW`: what two versions of one report say otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from auditor.cli import main
from tests.support import EXAMPLES, ROOT

_CLEAN = EXAMPLES / "clean.txt"


def _diff(old: Path, new: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["diff", str(old), str(new), "--lang", "en", *more])


def _json(old: Path, new: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_diff(old, new, "--format", "json").stdout)
    return found


def test_the_same_report_in_another_layout_differs_in_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(_CLEAN.read_text(encoding="utf-8").replace(" | ", "\t"), encoding="utf-8")
    done = _diff(_CLEAN, other)
    assert done.exit_code == 0
    assert "no figure that was read differs" in done.stdout


def test_figures_and_findings_that_differ_are_named(tmp_path: Path) -> None:
    wrong = EXAMPLES / "three-mistakes.txt"
    assert _diff(_CLEAN, wrong).exit_code == 1
    found = _json(_CLEAN, wrong)
    assert {each["address"]: (each["before"], each["after"]) for each in found["changes"]} == {
        "disclosure/licences/decisions": (["167"], ["167.5"]),
        "applications/unavailable_not_held/legal_service": (["1"], ["7"]),
        "disputes/review/total": (["4"], ["3"]),
    }
    assert (len(found["gone"]), len(found["new"])) == (0, 3)
    assert len(_json(wrong, _CLEAN)["gone"]) == 3


def test_a_figure_of_the_sentences_is_compared_too(tmp_path: Path) -> None:
    text = _CLEAN.read_text(encoding="utf-8")
    assert text.count("信息公开申请50件") == 1
    other = tmp_path / "other.txt"
    other.write_text(text.replace("信息公开申请50件", "信息公开申请55件"), encoding="utf-8")
    found = _json(_CLEAN, other)
    (change,) = found["changes"]
    assert (change["before"], change["after"]) == (["50"], ["55"])
    assert change["address"].startswith("text/")
    assert len(found["new"]) == 1


def test_what_was_not_read_is_neither_changed_nor_the_same() -> None:
    damaged = EXAMPLES / "damaged-layout.txt"
    found = _json(_CLEAN, damaged)
    assert not found["changes"]
    assert len(found["not_compared"]) > 10
    assert not found["gone"]
    done = _diff(_CLEAN, damaged)
    assert done.exit_code == 3
    assert "Not compared" in done.stdout


def test_reports_of_two_forms_are_not_compared() -> None:
    done = _diff(_CLEAN, ROOT / "docs" / "foia-report.txt")
    assert done.exit_code == 2
    assert "us-foia-annual/2008" in done.stderr
