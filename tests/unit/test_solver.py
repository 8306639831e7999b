"""What the solver's library prints itself never reaches standard output."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from auditor.diagnosis import search
from auditor.pipeline import audit
from auditor.reporters import REPORTERS
from tests.kit import LAYOUTS, consistent_figures
from tests.support import form, library, text_document

SLIPS = 5


def asking() -> str:
    """A report with so many slips in two rows that the solver is asked for their causes; in more
    rows the columns would be in doubt, and nobody blamed."""
    figures = dict(consistent_figures(form(), Random(8), "medium"))
    rng = Random(8)
    table = form().table("applications")
    rows = rng.sample([row.key for row in table.rows], 2)
    for box in rng.sample([box for box in table.boxes() if box.row in rows], SLIPS):
        figures[box] += rng.randint(1, 90)
    return LAYOUTS["Markdown"](form(), figures, "青溪市水务局", 2023, Random(1))


def _jsonl(said: bytes) -> None:
    assert [json.loads(line) for line in said.splitlines()]


def _begins(*with_: bytes) -> Callable[[bytes], None]:
    def begins(said: bytes) -> None:
        assert said.lstrip().startswith(with_)

    return begins


def _csv(said: bytes) -> None:
    rows = list(csv.reader(io.StringIO(said.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


READ: dict[str, Callable[[bytes], object]] = {
    "terminal": _begins("╭".encode()),
    "json": json.loads,
    "html": _begins(b"<!DOCTYPE", b"<!doctype"),
    "jsonl": _jsonl,
    "sarif": json.loads,
    "junit": ElementTree.fromstring,
    "github": _begins(b"::"),
    "gitlab": json.loads,
    "markdown": _begins(b"#", b"**", b"<"),
    "xlsx": lambda said: ZipFile(io.BytesIO(said)).namelist(),
    "csv": _csv,
    "concise": _begins(b"report.md:"),
}


def test_the_report_asks_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    new_solver = search.new_solver

    def noted() -> tuple[object, object]:
        made.append(new_solver()[1])
        return new_solver()

    monkeypatch.setattr(search, "new_solver", noted)
    audit(text_document(asking()), library())
    assert made


AT_ONCE = ("json", "terminal", "xlsx")
"""A text whole at its end, one that goes out by and by, and bytes."""


@pytest.mark.parametrize(
    "name",
    [name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.thorough) for name in READ],
)
def test_every_format_is_whole_where_the_solver_was_asked(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text(asking(), encoding="utf-8")
    command = [sys.executable, "-m", "auditor", "check", str(path), "--isolated", "--lang", "zh"]
    done = subprocess.run([*command, "--format", name], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert b"HiGHS" not in done.stdout
    READ[name](done.stdout)


def test_every_format_is_looked_at() -> None:
    assert READ.keys() == REPORTERS.keys()


def test_what_native_code_prints_is_dropped_and_ours_is_kept(
    capfd: pytest.CaptureFixture[str],
) -> None:
    native = ctypes.CDLL(None)
    print("before", flush=True)
    native.printf(b"theirs, before\n")
    with search.native_output_dropped():
        native.printf(b"banner\n")
        os.write(search.STANDARD_OUTPUT, b"banner\n")
    print("after", flush=True)
    native.fflush(None)
    assert capfd.readouterr().out.split("\n") == ["before", "theirs, before", "after", ""]


def test_without_standard_output_the_solver_works_all_the_same() -> None:
    code = (
        "import os; os.close(1)\n"
        "from auditor.diagnosis.search import new_solver, run_solver\n"
        "module, solver = new_solver()\n"
        "assert run_solver(solver) == module.HighsModelStatus.kModelEmpty\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
