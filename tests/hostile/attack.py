"""What an attack by the command line is: how it is tried, and the answer that it must get."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import EXAMPLES

SECONDS = 300
"""The longest that a command may take by the clock, also where others keep the machine busy; most
take less than two."""
GOOD = EXAMPLES / "clean.txt"
"""A report in which nothing is wrong: the neighbour of what is made to harm."""


class Answer(NamedTuple):
    """How a command ended."""

    code: int
    output: str
    """Standard output."""
    said: str
    """Standard error."""


class Attack(NamedTuple):
    """One way to harm by the command line, and what must come of it."""

    tried: Callable[[Path], Answer]
    """Fills an empty folder and runs the command there."""
    code: int
    """The exit code that it must end with."""
    says: str
    """What one of its outputs must have: the words of the table in docs/security.md."""


def audit(
    folder: Path, *arguments: str | bytes, env: dict[str, str] | None = None, **more: Any
) -> Answer:
    """`audit` with these arguments, run in the folder; more goes to `subprocess.run`."""
    done = subprocess.run(
        command(arguments),
        cwd=folder,
        env={**os.environ, "AUDIT_LANG": "en", **(env or {})},
        timeout=SECONDS,
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **more,
        },
    )
    return Answer(done.returncode, _text(done.stdout), _text(done.stderr))


def command(arguments: Sequence[str | bytes]) -> list[str | bytes]:
    """The installed program with these arguments, as people start it."""
    return [str(Path(sys.executable).with_name("audit")), *arguments]


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="backslashreplace")
