"""One hostile report through every format: nothing in it steers who shows it, or begins a line."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from auditor.cli.files import BINARY, READ_FORMATS
from auditor.escaping import escaped, in_one_line, visible, visible_throughout
from auditor.reporters import REPORTERS
from tests.kit import command
from tests.support import EXAMPLES

INJECTED = "INJECTED"
STEERING = "\x1b[2J\x1b]0;x\x07\x9b5n\u202e\u2067\u2028\x85\x00\x7f"
_IN_TEXT = STEERING.replace("\0", "")  # a text with it is no text
NAME = f"a{_IN_TEXT}\n{INJECTED},::error::\r{INJECTED}\t=2+2.txt"
_STEERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SHEETS = ("csv", "xlsx", "parquet")


def hostile_text() -> str:
    """A report with a finding whose cell, agency and sentence are full of what steers a screen."""
    content = (EXAMPLES / "three-mistakes.txt").read_text(encoding="utf-8")
    title, _, rest = content.partition("\n")
    for plain, hostile in (
        ("| 167.5 |", f"| 167.5{_IN_TEXT}\x0b{INJECTED} |"),
        ("| 7 |", f"| 7{_IN_TEXT} |"),
        ("新收政府信息公开申请50件", f"{_IN_TEXT}\x0b{INJECTED}新收政府信息公开申请51件{_IN_TEXT}"),
    ):
        assert plain in rest
        rest = rest.replace(plain, hostile)
    return f"{title}{_IN_TEXT}\r{INJECTED}\n{rest}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hostile report, one that is refused, and one whose name is no UTF-8."""
    made = tmp_path_factory.mktemp("hostile")
    (made / NAME).write_text(hostile_text(), encoding="utf-8")
    (made / f"refused{NAME}").write_bytes(b"")
    with open(os.path.join(os.fsencode(made), b"\xff\xfe\x1b[2J.txt"), "wb") as file:
        file.write((EXAMPLES / "clean.txt").read_bytes())
    with ZipFile(made / "packed.zip", "w") as packed:
        packed.writestr(f"b\x1b[2J\n{INJECTED}\u202e.txt", hostile_text())
    return made


def run(folder: Path, *arguments: str) -> tuple[bytes, bytes]:
    """The outputs of the program, as people start it."""
    done = subprocess.run(
        [Path(sys.executable).with_name("audit"), *arguments],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "AUDIT_LANG": "en"},
        timeout=400,
    )
    assert done.returncode in (0, 1, 3), done.stderr
    return done.stdout, done.stderr


def run_here(folder: Path, *arguments: str) -> tuple[bytes, bytes]:
    """The same in this process, which need not start."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        done = command.run(*arguments)
    assert done.exit_code in (0, 1, 3), done.stderr
    return done.stdout_bytes, done.stderr_bytes


def assert_harmless(content: bytes, colour: bool = False) -> None:
    text = content.decode()
    text = _COLOUR.sub("", text) if colour else text
    assert not (found := _STEERS.search(text)), repr(text[found.start() - 40 : found.end() + 9])
    assert not [line for line in text.split("\n") if line.lstrip(" │").startswith(INJECTED)]


CASES = [("check", name) for name in REPORTERS] + [("read", name) for name in READ_FORMATS]


@pytest.mark.parametrize(("asked", "name"), CASES)
def test_nothing_of_a_report_steers_or_begins_a_line(
    asked: str, name: str, folder: Path, tmp_path: Path
) -> None:
    if name in _SHEETS:
        pytest.importorskip("pandas")
    runs = run if name == "terminal" else run_here
    output, said = runs(folder, asked, ".", "--format", name, "--output", f"{name}={tmp_path}/o")
    assert_harmless(said)
    assert name in BINARY or INJECTED.encode() in output + said
    if name not in BINARY:
        assert ("\\u001b" if "json" in name or name == "sarif" else "[U+001B]") in output.decode()
        assert_harmless(output)
        assert_harmless((tmp_path / "o").read_bytes())


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif", "gitlab"])
def test_json_keeps_every_character(name: str, folder: Path) -> None:
    output, _ = run_here(folder, "check", ".", "--format", name)
    whole = output.decode()
    for text in whole.splitlines() if name == "jsonl" else [whole]:
        json.loads(text)


def test_json_escapes_mean_what_was_meant() -> None:
    text = json.dumps({"a": STEERING + "\U000e0041"}, ensure_ascii=False)
    assert json.loads(escaped(text)) == {"a": STEERING + "\U000e0041"}
    assert not _STEERS.search(escaped(text))


def test_no_cell_of_a_row_is_a_formula(folder: Path) -> None:
    for asked in ("check", "read"):
        output, _ = run_here(folder, asked, ".", "--format", "csv")
        rows = list(csv.reader(StringIO(output.decode("utf-8-sig"), newline="")))
        assert rows
        for row in rows:
            assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_a_path_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("audit"), "check", f"no\x1b[2J\n{INJECTED}"],
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 2
    assert_harmless(done.stderr)


@pytest.mark.parametrize("text", ["第一行\n\t第二行\r\n", "2024年", "café ☕ \U00020000"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert visible_throughout(text) == text


def test_what_steers_is_named() -> None:
    assert visible("1\x1b2\u202e3\r4\ud800") == "1[U+001B]2[U+202E]3[U+000D]4[U+D800]"
    assert in_one_line("a\nb\tc\u2029d") == "a[U+000A]b[U+0009]c[U+2029]d"
    assert visible_throughout("1\u200b2\xad") == "1[U+200B]2[U+00AD]"
