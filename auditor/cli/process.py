"""The process that a command runs in: its streams, signals, language, progress and defects.

A stream may be closed or full, and the folder may be gone; none of that is a finding (1). A signal
unwinds whoever holds something half done, a file that is being written or a child. Whatever is
raised and is no `InputError` or `DefinitionError` is a defect of ours, and is told as such.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

import click

from auditor.escaping import visible
from auditor.messages import known, phrase

INTERRUPTED = 130
INTERNAL_ERROR = "internal-error"
_PACKAGE = Path(__file__).resolve().parents[1]
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_USUAL = (signal.SIG_DFL, signal.default_int_handler)


def language_of(asked: str | None, environment: Mapping[str, str]) -> str:
    """The language asked for, else that of the locale: `zh` where it is Chinese, else `en`."""
    if asked:
        return asked
    for name in ("AUDIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if said := environment.get(name):
            return "zh" if said.lower().startswith("zh") else "en"
    return "en"


def in_colour(refused: bool) -> bool:
    """Whether to colour: only where nobody refused it, and only for a terminal, or where
    FORCE_COLOR asks for it."""
    if refused or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


_LINKING = frozenset({"iTerm.app", "WezTerm", "vscode", "Hyper", "ghostty", "Tabby", "rio"})
_LINKING_TERMS = ("kitty", "alacritty", "foot", "ghostty", "wezterm")
_VTE_WITH_LINKS = 5000


def has_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is known to take links (OSC 8); others show them as rubbish."""
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _LINKING
        or any(name in environment.get("TERM", "") for name in _LINKING_TERMS)
        or bool(environment.get("WT_SESSION") or environment.get("KONSOLE_VERSION"))
        or (vte.isdigit() and int(vte) >= _VTE_WITH_LINKS)
    )


def width_of_output() -> int:
    """Columns to fill: the terminal's own, or 80 where the output goes to a file."""
    if not sys.stdout.isatty():
        return 80
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except OSError:
        return 80


def reason_of(error: OSError, language: str) -> str:
    """What the system says is wrong, in words."""
    code = f"system-{errno.errorcode.get(error.errno or 0, '').lower()}"
    return phrase(code, language) if known(code) else error.strerror or type(error).__name__


class Unusable(click.ClickException):
    """What this process was given cannot be used."""

    exit_code = 2


_drawn: list[Progress] = []
"""The progress whose bar is on the screen; nothing is written over it."""


def say(text: str) -> None:
    """A line to standard error, in which nothing of a stranger's steers the terminal."""
    with _drawn[0].out_of_the_way(True) if _drawn else nullcontext():
        click.echo(visible(text), err=True)


def summary_of(verdicts: Mapping[str, int], language: str) -> str:
    """What many documents come to, in a line: how many by verdict, and by `failed`."""
    counts = {each: verdicts.get(each, 0) for each in ("findings", "clean", "failed")}
    open_, total = verdicts.get("not-audited", 0), sum(verdicts.values())
    said = phrase("cli-summary", language, total=total, not_audited=open_, **counts)
    for each in ("below", "settled", "silenced"):  # most runs have none
        if count := verdicts.get(each, 0):
            said += phrase(f"cli-summary-{each}", language, count=count)
    return said


def prepare_streams(language: str) -> None:
    """Make both outputs able to carry any character, whatever the locale says.

    Where a standard stream is closed, its number is taken first: no file that is opened gets it.
    Raises `Unusable` for a closed standard output, and for a current folder that is gone.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
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
    why = reason_of(error, language)
    named = f"{error.filename}: " if isinstance(error.filename, str) else ""
    return Unusable(phrase("cli-system", language, why=named + why))


def unwritable(error: OSError, language: str) -> Unusable:
    """The refusal for a standard output that takes nothing more."""
    _discard_output()
    why = reason_of(error, language)
    return Unusable(phrase("cli-output-lost", language, why=why))


def _discard_output() -> None:
    """What is left in the buffer goes nowhere, or Python would try again at its end and fail."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Ended(BaseException):
    """The process was told to end; `code` is what it exits with, 128 and the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


_endings: list[int] = []
"""Signals that told this process to end. Python drops what a handler raises while something is
being finalised, and the run would go on."""


def unwind_on_signals() -> None:
    """From now on a signal that would end this process raises `Ended` in its main thread.

    A signal that the parent had ignored (as nohup does) stays ignored.
    """

    def end(number: int, frame: FrameType | None) -> None:
        _endings.append(number)
        raise Ended(number)

    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in _USUAL:
            with suppress(ValueError):  # not the main thread: whoever embeds us hears them
                signal.signal(number, end)


def say_ended() -> None:
    """To standard error, that it was ended before it was done."""
    with suppress(OSError):
        click.echo(phrase("cli-ended", language_of(None, os.environ)), err=True)


def describe_defect(error: BaseException, code: str, language: str, **values: object) -> str:
    """The phrase with the error's kind and place; where AUDIT_TRACEBACK is set, a traceback too.

    A library that is not installed is no defect: an installation from before an update lacks it.
    """
    import traceback  # few runs fail

    if os.environ.get("AUDIT_TRACEBACK"):
        traceback.print_exception(error)
    library = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if library and library != __name__.partition(".")[0]:
        return phrase("cli-missing-module", language, name=library)
    return phrase(code, language, kind=type(error).__name__, place=_place(error), **values)


def _place(error: BaseException) -> str:
    """The innermost line of this package, such as `readers/docx.py:88`; the same on any machine."""
    place, step = "?", error.__traceback__
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            place = f"{file.relative_to(_PACKAGE).as_posix()}:{step.tb_lineno}"
        step = step.tb_next
    return place


class Progress:
    """How far a run is, and whether it is to go on.

    The first interrupt lets the reports in hand be finished and the output be closed; the second
    ends the run at once. A bar goes to standard error, and only where a person looks at it.
    """

    def __init__(self, total: int, shown: bool, stopping: str) -> None:
        """`stopping` tells the person that an interrupt was heard; `shown` draws a bar."""
        self.stopped = False
        self.code = INTERRUPTED
        """The exit code, if the run was stopped."""
        self.total = total
        self.done = 0
        self._stopping = stopping
        self._bar: Any = None
        if shown and total > 1 and _is_watched():
            self._bar = click.progressbar(length=total, file=sys.stderr, show_pos=True)

    def goes_on(self) -> bool:
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
            _drawn.append(self)
            self._draw()
        try:
            yield
        finally:
            _drawn.clear()
            self._erase()
            if before is not None:
                signal.signal(signal.SIGINT, before)

    def step(self) -> None:
        """One more document is done. Raises `Ended` where that was dropped when it was raised."""
        if _endings:
            raise Ended(_endings[0])
        self.done += 1
        if self._bar is not None:
            self._bar.update(1)

    @contextmanager
    def out_of_the_way(self, to_errors: bool = False) -> Iterator[None]:
        """The bar is off the screen while something else is written to it: to standard output, or
        `to_errors`. It is drawn again below that, which ends with a line."""
        is_in_the_way = self in _drawn and (to_errors or sys.stdout.isatty())
        if is_in_the_way:
            self._erase()
        yield
        if is_in_the_way and self.done < self.total:
            self._draw()

    def _draw(self) -> None:
        if self._bar is not None:
            self._bar._last_line = None  # it draws what has changed only
            self._bar.render_progress()

    def _erase(self) -> None:
        if self._bar is not None:
            click.echo("\r\x1b[2K\x1b[?25h", err=True, nl=False)  # the line, and the cursor again

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
        say(self._stopping)


def _is_watched() -> bool:
    is_there = sys.stderr is not None and sys.stderr.isatty()  # None where it was closed
    return is_there and os.environ.get("TERM") not in ("dumb", "unknown")
