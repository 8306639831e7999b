"""The streams and the folder that a process is given: made usable, or refused with a clear line.

A stream may be closed or full, and the folder may be gone; none of that is a finding (1).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from auditor.messages import phrase
from auditor.visible import visible


class Unusable(click.ClickException):
    """What this process was given cannot be used."""

    exit_code = 2


def say(text: str) -> None:
    """A line to standard error, in which nothing of a stranger's steers the terminal."""
    click.echo(visible(text), err=True)


def prepare_streams(language: str) -> None:
    """Make both outputs able to carry any character, whatever the locale says.

    Raises `Unusable` for a closed standard output, and for a current folder that is gone.
    """
    _fill_gaps()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        raise Unusable(phrase("cli-no-output", language))
    try:
        os.getcwd()
    except OSError:
        raise Unusable(phrase("cli-no-folder", language)) from None


def unusable(error: OSError, language: str) -> Unusable:
    """The refusal for what the system says; nothing more is written to standard output."""
    _discard_output()
    why = error.strerror or type(error).__name__
    named = f"{error.filename}: " if isinstance(error.filename, str) else ""
    return Unusable(phrase("cli-system", language, why=named + why))


def unwritable(error: OSError, language: str) -> Unusable:
    """The refusal for a standard output that takes nothing more."""
    _discard_output()
    why = error.strerror or type(error).__name__
    return Unusable(phrase("cli-output-lost", language, why=why))


def _fill_gaps() -> None:
    """Where a standard stream is closed, its number is taken: no file that is opened gets it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _discard_output() -> None:
    """What is left in the buffer goes nowhere, or Python would try again at its end and fail."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
