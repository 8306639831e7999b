"""Which outputs are kept: for every example, what each command prints."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from auditor.cli import main
from tests.support import EXAMPLES, ROOT

FOLDER = Path(__file__).resolve().parent

COMMANDS = {
    "zh.txt": ("check", "--lang", "zh", "--no-color"),
    "en.txt": ("check", "--lang", "en", "--no-color"),
    "zh.html": ("check", "--lang", "zh", "--format", "html"),
    "en.html": ("check", "--lang", "en", "--format", "html"),
    "json": ("check", "--lang", "en", "--format", "json"),
    "read.zh.txt": ("read", "--lang", "zh", "--no-color"),
    "read.json": ("read", "--lang", "en", "--format", "json"),
    "fix.zh.txt": ("fix", "--dry-run", "--lang", "zh", "--no-color"),
    "fix.en.txt": ("fix", "--dry-run", "--lang", "en", "--no-color"),
    "fix.json": ("fix", "--dry-run", "--lang", "en", "--format", "json"),
    "explain.zh.txt": ("explain", "--lang", "zh", "--no-color"),
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
    "jsonl": "jsonl",
    "xlsx": "xlsx.txt",
    "html": "html",
}
"""How the files are called that keep the batch in each format, but for those kept above."""
BATCHES = {
    f"batch.{language}.{ending}": ("check", "--lang", language, "--format", name, *BATCH)
    for name, ending in FORMATS.items()
    for language in ("zh", "en")
} | {
    f"three-mistakes.read.{language}.csv": (
        *("read", "--lang", language, "--format", "csv", "examples/three-mistakes.txt"),
    )
    for language in ("zh", "en")
}
EXPECTED_EXIT = {"clean": 0, "three-mistakes": 1, "damaged-layout": 3}

CASES = [
    (example, ending)
    for example in sorted(path.stem for path in EXAMPLES.glob("*.txt"))
    for ending in COMMANDS
    if example == "three-mistakes" or not ending.endswith("html")
]


def printed(example: str, ending: str) -> tuple[int, str]:
    """Exit code and standard output of a command on an example."""
    about = [ADDRESS] if ending.startswith("explain") else []
    code, content = output(*COMMANDS[ending], f"examples/{example}.txt", *about)
    return code, content.decode()


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


def batched(name: str) -> tuple[int, bytes]:
    """As `output`, of one of `BATCHES`; a workbook is told cell by cell."""
    code, content = output(*BATCHES[name])
    return code, told(content).encode() if name.endswith("xlsx.txt") else content


def told(workbook: bytes) -> str:
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


def kept(example: str, ending: str) -> Path:
    """The file that keeps this output."""
    return FOLDER / f"{example}.{ending}"
