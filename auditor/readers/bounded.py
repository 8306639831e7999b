"""A command in; whether it ended within a time and a memory, with all that it started, out.

Memory is what the processes of its session hold at once, looked at ten times a second where the
system tells it (Linux); a limit on addresses would stop programs that only map much. Elsewhere
the time alone bounds it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path

_PAUSE = 0.1
_PROCESSES = Path("/proc")
_SESSION, _RESIDENT = 3, 21
"""Places in what the system says of a process, counted behind its name."""


class End(Enum):
    """How a command came to its end."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str], seconds: float, memory: int
) -> End:
    """Runs it in a folder; what it says is of no use to anybody. Raises `OSError`: no start."""
    # A session of its own: LibreOffice's program is a script round the one that does the work.
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + seconds
        while True:
            with suppress(subprocess.TimeoutExpired):
                child.wait(min(_PAUSE, max(end - time.monotonic(), 0)))
                return End.DONE
            if time.monotonic() >= end:
                return End.TIME
            if held(child.pid) > memory:
                return End.MEMORY
    finally:
        _stop(child)


def held(session: int) -> int:
    """Bytes that the processes of a session hold in memory; 0 where the system does not tell."""
    pages = 0
    for process in _PROCESSES.glob("[0-9]*/stat"):
        try:
            said = process.read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(said[_SESSION]) == session:
            pages += int(said[_RESIDENT])
    return pages * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, also when we are interrupted ourselves."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # where all of it ended by itself
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()
