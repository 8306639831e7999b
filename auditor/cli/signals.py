"""Signals that end a process in; an exception that unwinds it, and its exit code, out.

Whoever holds something half done, a file that is being written or a child, lets go of it in the
usual `finally`. The code is 128 and the signal's number, as shells give it, from the first moment
on; a signal that the parent had ignored (as nohup does) stays ignored.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

import click

from auditor.cli.settings import language_of
from auditor.messages import phrase

INTERRUPTED = 130
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_USUAL = (signal.SIG_DFL, signal.default_int_handler)


class Ended(BaseException):
    """The process was told to end; `code` is what it exits with."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def unwind_on_signals() -> None:
    """From now on a signal that would end this process raises `Ended` in its main thread."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in _USUAL:
            with suppress(ValueError):  # not the main thread: whoever embeds us hears them
                signal.signal(number, _end)


def say_ended() -> None:
    """To standard error, that it was ended before it was done."""
    with suppress(OSError):
        click.echo(phrase("cli-ended", language_of(None, os.environ)), err=True)


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended(number)
