"""Which outputs are kept: for every example, what each command prints, whole in English.

Chinese is held by the codes of its messages (`asked_codes`): the same are asked for, so that what
is printed differs by the two catalogues alone, in which every change is seen as such.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import auditor.messages
from auditor.cli import main
from tests.support import EXAMPLES, ROOT

FOLDER = Path(__file__).resolve().parent

COMMANDS = {
    "en.txt": ("check", "--lang", "en", "--no-color"),
    "en.html": ("check", "--lang", "en", "--format", "html"),
    "json": ("check", "--lang", "en", "--format", "json"),
    "read.en.txt": ("read", "--lang", "en", "--no-color"),
    "read.json": ("read", "--lang", "en", "--format", "json"),
    "fix.en.txt": ("fix", "--dry-run", "--lang", "en", "--no-color"),
    "fix.json": ("fix", "--dry-run", "--lang", "en", "--format", "json"),
    "explain.en.txt": ("explain", "--lang", "en", "--no-color"),
    "explain.json": ("explain", "--lang", "en", "--format", "json"),
}
ADDRESS = "applications/unavailable_not_held/legal_service"
"""The cell that is explained."""
BATCH = ("examples", "LICENSE")
"""A folder of reports, one of which lacks a row, and a file that is none."""
FORMATS = {
    "sarif": "sarif",
    "junit": "junit.xml",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "markdown": "md",
    "csv": "csv",
    "concise": "concise.txt",
    "jsonl": "jsonl",
    "xlsx": "xlsx.txt",
    "html": "html",
}
"""How the files are called that keep the batch in each format, but for those kept above."""
_LONG = frozenset({"sarif", "junit"})
"""Formats that have every check of every report: the one in which all holds is left out of them."""
_LESS = ("examples/damaged-layout.txt", "examples/three-mistakes.txt", "LICENSE")
BATCHES = {
    f"batch.en.{ending}": (
        *("check", "--lang", "en", "--format", name),
        *(_LESS if name in _LONG else BATCH),
    )
    for name, ending in FORMATS.items()
} | {
    "three-mistakes.read.en.csv": (
        *("read", "--lang", "en", "--format", "csv", "examples/three-mistakes.txt"),
    )
}
CHINESE_README = ("check", "--lang", "zh", "--no-color", "examples/three-mistakes.txt")
"""The one output that is also kept whole in Chinese, since the README shows it."""
EXPECTED_EXIT = {"clean": 0, "three-mistakes": 1, "damaged-layout": 3}

CASES = [
    (example, ending)
    for example in sorted(path.stem for path in EXAMPLES.glob("*.txt"))
    for ending in COMMANDS
    if example == "three-mistakes"
    or not (ending == "en.html" or (example == "clean" and ending in ("read.json", "explain.json")))
]


def command_of(example: str, ending: str) -> tuple[str, ...]:
    """The command whose output on an example is kept."""
    about = [ADDRESS] if ending.startswith("explain") else []
    return (*COMMANDS[ending], f"examples/{example}.txt", *about)


def printed(example: str, ending: str) -> tuple[int, str]:
    """Exit code and standard output of a command on an example."""
    code, content = output(*command_of(example, ending))
    return code, content.decode()


def in_chinese(command: tuple[str, ...]) -> tuple[str, ...]:
    """The same command in the other language."""
    at = command.index("--lang") + 1
    return (*command[:at], "zh", *command[at + 1 :])


class _Noted(dict[str, str]):
    """Messages of a language that note which of them are asked for."""

    def __init__(self, messages: Mapping[str, str], asked: Counter[str]) -> None:
        super().__init__(messages)
        self._asked = asked

    def get(self, code: str, default: object = None) -> str:
        self._asked[code] += 1
        return self[code]


def asked_codes(
    run: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Counter[str]]:
    """By language, the codes of the messages that a run asks for, and how often; all are there."""
    asked: dict[str, Counter[str]] = {"zh": Counter(), "en": Counter()}
    noted = {each: _Noted(auditor.messages.messages(each), asked[each]) for each in asked}
    with monkeypatch.context() as patched:
        patched.setattr("auditor.messages.messages", noted.__getitem__)
        run()
    return asked


def output(*arguments: str) -> tuple[int, bytes]:
    """Exit code and standard output of a command, run from the project's root."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        result = CliRunner().invoke(main, list(arguments))
    finally:
        os.chdir(before)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout_bytes


def batch_output(name: str) -> tuple[int, bytes]:
    """As `output`, of one of `BATCHES`; a workbook is told cell by cell."""
    code, content = output(*BATCHES[name])
    return code, workbook_text(content).encode() if name.endswith("xlsx.txt") else content


def workbook_text(workbook: bytes) -> str:
    """What stands in a workbook: every cell with its colour, its comment and where it leads."""
    lines = []
    for sheet in openpyxl.load_workbook(BytesIO(workbook)):
        lines.append(f"== {sheet.title}")
        lines += [f"merged {each}" for each in sorted(map(str, sheet.merged_cells.ranges))]
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value is None:
                continue
            said = [cell.coordinate, repr(cell.value)]
            if cell.fill.fill_type:
                said.append(f"#{cell.fill.fgColor.rgb[2:]}")
            if cell.hyperlink:
                said.append(f"→ {cell.hyperlink.location}")
            if cell.comment:
                said.append(f"({cell.comment.text!r})")
            lines.append(" ".join(said))
    return "\n".join(lines) + "\n"


def golden_file(example: str, ending: str) -> Path:
    """The file that keeps this output."""
    return FOLDER / f"{example}.{ending}"
