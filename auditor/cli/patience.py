"""A long run seen from outside: how far it is, and how it ends when it is interrupted.

The first interrupt lets the reports in hand be finished and the output be closed; the second ends
the run at once. Progress goes to standard error, and only where a person looks at it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from auditor.cli.signals import INTERRUPTED


class Patience:
    """How far a run is, and whether it is to go on."""

    def __init__(self, total: int, shown: bool, said: Callable[[], None]) -> None:
        """`said` tells the person that the interrupt was heard; `shown` draws a bar."""
        self.stopped = False
        self.code = INTERRUPTED
        """The exit code, if the run was stopped."""
        self.total = total
        self.done = 0
        self._said = said
        self._bar = _bar(total) if shown and total > 1 and _is_watched() else None

    def ran_on(self) -> bool:
        """Whether nothing has stopped the run."""
        return not self.stopped

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Draws the bar, and hears interrupts, while it lasts."""
        before: Any = None
        # Outside the main thread, whoever embeds the command hears the interrupts.
        with suppress(ValueError):
            before = signal.signal(signal.SIGINT, self._interrupted)
        if self._bar is not None:
            self._bar.start()
        try:
            yield
        finally:
            if self._bar is not None:
                self._bar.stop()
            if before is not None:
                signal.signal(signal.SIGINT, before)

    def step(self) -> None:
        """One more document is done."""
        self.done += 1
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0])

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Takes the bar off the screen while something else is written to it."""
        if self._bar is None or not sys.stdout.isatty():
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
        self._said()


def _is_watched() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def _bar(total: int) -> Any:
    from rich.console import Console  # one report is done before a bar could be drawn
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", total=total)
    return bar
