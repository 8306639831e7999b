"""The time and memory that one document may take, whatever reads or judges it.

Counts of what is in a document (`limits`) bound nearly all of them; this bounds the rest, such as a
pattern that takes the square of a text's length. Time is that of the processor, our children's
included, so that a busy machine refuses nothing; memory is what the process holds in addition to
what it held before. Looked at ten times in a second of work, where the system has such a clock and
the main thread does the work; elsewhere the counts alone hold.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from auditor.errors import InputError
from auditor.readers.limits import DEFAULT, Limits

_TICK = 0.1
"""Seconds of work between two looks."""
_HELD = Path("/proc/self/statm")


class _Spent(BaseException):
    """Raised wherever the work happens to be; nothing that handles errors may take it for one."""


class _Budget:
    """What is left for the document that is being read."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = float(limits.seconds)
        self.begun = _worked()
        self.held = _held()
        self.memory = limits.memory_bytes
        self.limit = ""
        """The limit that was reached."""

    def left(self) -> float:
        return self.seconds - (_worked() - self.begun)

    def look(self, number: int, frame: FrameType | None) -> None:
        """Once more at every tick: native code may swallow what is raised into it."""
        if self.left() <= 0:
            self.limit = "seconds"
        elif _held() - self.held > self.memory:
            self.limit = "memory_bytes"
        if self.limit:
            raise _Spent


_open: _Budget | None = None


@contextmanager
def within_budget(limits: Limits, name: str) -> Iterator[None]:
    """What is done inside for one document ends with its budget; inside another, with that one's.

    Raises `InputError` for a document that takes more.
    """
    global _open
    if _open is not None:
        yield
        return
    _open = budget = _Budget(limits)
    before = _started(budget)
    try:
        yield
    except _Spent:
        granted = int(budget.seconds) - limits.seconds if budget.limit == "seconds" else 0
        raise limits.exceeded(budget.limit, name, granted) from None
    except MemoryError as error:
        raise InputError(
            "out-of-memory",
            "this machine has too little free memory to read it",
            place=name,
            hint="close other programs, or read it on a machine with more memory",
        ) from error
    finally:
        _open = None
        _stopped(before)


def seconds_left() -> float:
    """Of processor time, for the document that is being read; at least what lets a child start."""
    return max(1.0, _open.left() if _open is not None else float(DEFAULT.seconds))


def memory_left() -> int:
    """Bytes that a child process may hold for the document that is being read."""
    return _open.memory if _open is not None else DEFAULT.memory_bytes


def grant(seconds: float) -> None:
    """More time for the document that is being read, for work that was counted and takes long."""
    if _open is not None:
        _open.seconds += seconds


def _worked() -> float:
    """Seconds that the processor worked for us and for the children that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        return int(_HELD.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _started(budget: _Budget) -> Any:
    """The handler that was there before; None where nothing ticks."""
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        return None
    before = signal.signal(signal.SIGPROF, budget.look)
    signal.setitimer(signal.ITIMER_PROF, _TICK, _TICK)
    return before if before is not None else signal.SIG_DFL


def _stopped(before: Any) -> None:
    if before is not None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
