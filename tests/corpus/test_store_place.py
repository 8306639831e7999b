"""A store that is named from the current folder is the same as by its whole path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command import run
from tests.support import EXAMPLES


def test_a_store_in_the_current_folder_is_run_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_bytes((EXAMPLES / "clean.txt").read_bytes())
    for place in ("store", "store", str(tmp_path / "store")):
        result = run("corpus", "run", "report.txt", "--store", place)
        assert result.exit_code == 0, result.stderr
        assert "1 documents: 0 with problems, 1 clean" in result.stdout


def test_pages_of_reports_without_any_warning_are_written(tmp_path: Path) -> None:
    store, pages = tmp_path / "store", tmp_path / "pages"
    wrong = str(EXAMPLES / "three-mistakes.txt")
    assert run("corpus", "run", wrong, "--store", store).exit_code == 1
    assert run("corpus", "export", "--store", store, "--html", pages).exit_code == 0
    assert "three-mistakes.txt" in (pages / "index.html").read_text(encoding="utf-8")
