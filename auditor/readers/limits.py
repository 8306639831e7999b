"""The most that is read of one document, the time and memory that it may take, and the refusals.

A document beyond a limit is refused whole: half a report read is a report misread. Nearly all
limits count what is in the document, so that the same bytes come to the same answer on any machine.
`seconds` and `memory_bytes` bound what no count foresees, such as a pattern that takes the square
of a text's length (`within_budget`).
"""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, get_args, get_type_hints

from msgspec import Struct

from auditor.errors import InputError


class Limits(Struct, frozen=True):
    """A report has ten pages and some three hundred cells: far more than that is another thing.

    Beside each limit stands what it counts.
    """

    file_bytes: Annotated[int, "bytes"] = 100_000_000
    """A report with its pictures."""
    text_bytes: Annotated[int, "bytes of plain text"] = 5_000_000
    page_bytes: Annotated[int, "bytes of web page"] = 20_000_000
    """A saved web page is some hundreds of kilobytes; pictures in it may make it megabytes."""
    parts: Annotated[int, "parts"] = 5_000
    part_bytes: Annotated[int, "bytes in a part, once unpacked"] = 30_000_000
    """The text of a report, unpacked, is a megabyte or two."""
    unpacked_bytes: Annotated[int, "bytes once unpacked"] = 100_000_000
    """Of all parts of a container that are looked at."""
    pages: Annotated[int, "pages"] = 300
    content_bytes: Annotated[int, "bytes to draw, once unpacked"] = 64_000_000
    """What the pages of a PDF draw, and forms as often as they are drawn."""
    characters: Annotated[int, "characters"] = 1_000_000
    drawings: Annotated[int, "drawings"] = 200_000
    """Rules drawn in a PDF."""
    cells: Annotated[int, "cells in its tables"] = 200_000
    """Of all tables, covered ones included."""
    scanned_pages: Annotated[int, "pages that are pictures"] = 20
    """Each takes some ten seconds of the processor, and is granted more."""
    seconds: Annotated[int, "seconds of processor time"] = 10
    """For all of a document, beside what scanned pages are granted; most take a tenth of one."""
    memory_bytes: Annotated[int, "bytes of memory"] = 1_000_000_000
    """Held at once; most documents take some ten million."""
    converter_bytes: Annotated[int, "bytes of memory in LibreOffice"] = 1_500_000_000
    """Held at once; reports take a quarter of it."""

    def exceeded(self, limit: str, name: str, granted: int = 0) -> InputError:
        """The error for a document beyond that limit and what it was granted in addition; it says
        how the limit is called."""
        counted = _counted()[limit]
        if granted:
            counted += f", {granted:,} of them for its pages that are pictures"
        code = {"seconds": "too-slow", "memory_bytes": "too-much-memory"}.get(limit, "too-large")
        most = f"{getattr(self, limit) + granted:,}"
        called = limit.replace("_", "-")
        return refusal(f"{code}/limit", name, most=most, counted=counted, limit=called)


NAMES: Mapping[str, str] = {field.replace("_", "-"): field for field in Limits.__struct_fields__}
"""What people call a limit → its field."""
DEFAULT = Limits()


def _counted() -> dict[str, str]:
    """What each limit counts."""
    hints = get_type_hints(Limits, include_extras=True)
    return {limit: get_args(hints[limit])[1] for limit in Limits.__struct_fields__}


def refusal(kind: str, name: str, **values: object) -> InputError:
    """The error for a document that is not read: `kind` is its code, and after a slash what tells
    it from others with this code, as `refusals.json` has them."""
    refusals = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))
    message, hint = (text.format_map(values) for text in refusals[kind])
    return InputError(kind.partition("/")[0], message, place=name, hint=hint)


_LONG_TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*'){4000,}+""")
_BETWEEN_ATTRIBUTES = re.compile(rb"""[\s/]+|"[^"]*"|'[^']*'""")
_MAX_MARKUP = 2_000_000
"""Tags and attributes: each takes some 200 bytes, and libxml2 parses all in one piece. A report has
some ten thousand."""
_MAX_ATTRIBUTES = 20_000
"""The time that libxml2 takes for an element grows with the square of its attributes."""


def bound_markup(content: bytes, name: str) -> None:
    """Raises `InputError` for markup that takes too much memory or time once it is parsed."""
    if content.count(b"<") + content.count(b"=") > _MAX_MARKUP:
        what = f"it has more than {_MAX_MARKUP:,} tags and attributes"
        raise refusal("too-large", name, what=what)
    for tag in _LONG_TAG.finditer(content):
        if sum(1 for _ in _BETWEEN_ATTRIBUTES.finditer(tag[0])) > _MAX_ATTRIBUTES:
            what = "an element of it has attributes without number"
            raise refusal("too-large", name, what=what)


_TICK = 0.1
"""Seconds of work between two looks."""
_STATM = Path("/proc/self/statm")


class _Spent(BaseException):
    """Raised wherever the work happens to be; nothing that handles errors may take it for one."""


class _Budget:
    """What is left for the document that is being read."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = float(limits.seconds)
        self.memory = limits.memory_bytes
        self.exceeded = ""
        """The limit that was reached."""
        self._started_at = _worked()
        self._held_before = _held()

    def left(self) -> float:
        return self.seconds - (_worked() - self._started_at)

    def look(self, number: int, frame: FrameType | None) -> None:
        """Once more at every tick: native code may swallow what is raised into it."""
        if self.left() <= 0:
            self.exceeded = "seconds"
        elif _held() - self._held_before > self.memory:
            self.exceeded = "memory_bytes"
        if self.exceeded:
            raise _Spent


_current: _Budget | None = None


@contextmanager
def within_budget(limits: Limits, name: str) -> Iterator[None]:
    """What is done inside for one document ends with its budget; inside another, with that one's.
    Raises `InputError` for a document that takes more.

    Time is that of the processor, our children's included, so that a busy machine refuses nothing;
    memory is what the process holds in addition to what it held before. Looked at ten times in a
    second of work, where the system has such a clock and the main thread does the work; elsewhere
    the counts alone hold.
    """
    global _current
    if _current is not None:
        yield
        return
    _current = budget = _Budget(limits)
    before = _ticking(budget)
    try:
        yield
    except _Spent:
        granted = int(budget.seconds) - limits.seconds if budget.exceeded == "seconds" else 0
        raise limits.exceeded(budget.exceeded, name, granted) from None
    except MemoryError as error:
        raise refusal("out-of-memory", name) from error
    finally:
        _current = None
        if before is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def seconds_left() -> float:
    """Of processor time, for the document that is being read; at least what lets a child start."""
    return max(1.0, _current.left() if _current is not None else float(DEFAULT.seconds))


def memory_left() -> int:
    """Bytes that a child process may hold for the document that is being read."""
    return _current.memory if _current is not None else DEFAULT.memory_bytes


def grant(seconds: float) -> None:
    """More time for the document that is being read, for work that was counted and takes long."""
    if _current is not None:
        _current.seconds += seconds


def _worked() -> float:
    """Seconds that the processor worked for us and for the children that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _ticking(budget: _Budget) -> Any:
    """Starts the clock; the handler that was there before, None where nothing ticks."""
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        return None
    before = signal.signal(signal.SIGPROF, budget.look)
    signal.setitimer(signal.ITIMER_PROF, _TICK, _TICK)
    return before if before is not None else signal.SIG_DFL
