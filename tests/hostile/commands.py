"""Folders, settings, streams and signals made to harm, each tried by a command of its own.

A line here is a line of the table in docs/security.md, after `python -m tests.hostile.table`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.hostile.attack import GOOD, Answer, Attack, audit


def _module_beside(folder: Path) -> Answer:
    """A module of the standard library's name, beside the report that is checked."""
    shutil.copy(GOOD, folder / "report.txt")
    (folder / "json.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    return audit(folder, "check", "report.txt")


COMMANDS: dict[str, Attack] = {
    "folder: a `json.py` beside the report": Attack(_module_beside, 0, "0 fail"),
}
"""`part: what it is` -> how it is tried, and what must come of it."""
