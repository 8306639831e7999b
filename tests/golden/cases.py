"""Which outputs are kept: for every example, what each command prints."""

from __future__ import annotations

import os
from pathlib import Path

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
}
EXPECTED_EXIT = {"clean": 0, "three-mistakes": 1, "damaged-layout": 3}

CASES = [
    (example, ending)
    for example in sorted(path.stem for path in EXAMPLES.glob("*.txt"))
    for ending in COMMANDS
    if example == "three-mistakes" or not ending.endswith("html")
]


def printed(example: str, ending: str) -> tuple[int, str]:
    """Exit code and standard output of a command on an example, run from the project's root."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        result = CliRunner().invoke(main, [*COMMANDS[ending], f"examples/{example}.txt"])
    finally:
        os.chdir(before)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def kept(example: str, ending: str) -> Path:
    """The file that keeps this output."""
    return FOLDER / f"{example}.{ending}"
