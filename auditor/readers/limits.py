"""The most that is read of one document, the time and memory that it may take, and the refusals;
and processes that are held to them.

A document beyond a limit is refused whole: half a report read is a report misread. Nearly all
limits count what is in the document, so that the same bytes come to the same answer on any machine.
`seconds` and `memory_bytes` bound what no count foresees, such as a pattern that takes the square
of a text's length (`within_budget`).

What may take any time and memory and cannot be stopped from within, such as pdfium (`call`) and
LibreOffice (`run`), works in a process of its own. `serve` is the other process of a call: the call
on standard input, what it returns on standard output.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from msgspec import Struct

from auditor import isolated
from auditor.errors import InputError
from auditor.messages import both
from auditor.patterns import lazy_pattern
from auditor.refusals import refusal


class Limits(Struct, frozen=True):
    """A report has ten pages and some three hundred cells: far more than that is another thing.

    What each limit counts is said by the message `counted-` and its name.
    """

    file_bytes: int = 100_000_000
    """A report with its pictures."""
    text_bytes: int = 5_000_000
    page_bytes: int = 20_000_000
    """A saved web page is some hundreds of kilobytes; pictures in it may make it megabytes."""
    parts: int = 5_000
    part_bytes: int = 30_000_000
    """The text of a report, unpacked, is a megabyte or two."""
    unpacked_bytes: int = 100_000_000
    """Of all parts of a container that are looked at."""
    pages: int = 300
    content_bytes: int = 64_000_000
    """What the pages of a PDF draw, and forms as often as they are drawn."""
    characters: int = 1_000_000
    drawings: int = 200_000
    """Rules drawn in a PDF."""
    cells: int = 200_000
    """Of all tables, covered ones included."""
    scanned_pages: int = 20
    """Each takes some ten seconds of the processor, and is granted more."""
    seconds: int = 10
    """For all of a document, beside what scanned pages are granted; most take a tenth of one."""
    memory_bytes: int = 1_000_000_000
    """Held at once; most documents take some ten million."""
    converter_bytes: int = 1_500_000_000
    """Held at once; reports take a quarter of it."""

    def exceeded(self, limit: str, name: str, granted: int = 0) -> InputError:
        """The error for a document beyond that limit and what it was granted in addition; it says
        how the limit is called."""
        counted = both(f"counted-{limit}")
        if granted:
            counted = both("counted-with-granted", counted=counted, granted=f"{granted:,}")
        own = {"seconds": "too-slow/limit", "memory_bytes": "too-much-memory/limit"}
        most = f"{getattr(self, limit) + granted:,}"
        called = limit.replace("_", "-")
        kind = own.get(limit, "too-large/limit")
        return refusal(kind, name, most=most, counted=counted, limit=called)


NAMES: Mapping[str, str] = {field.replace("_", "-"): field for field in Limits.__struct_fields__}
"""What people call a limit → its field."""
DEFAULT = Limits()


_LONG_TAG = lazy_pattern(rb"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*'){4000,}+""")
_WIDE_GAP = lazy_pattern(rb"<[^<]{4000}")
_BETWEEN_ATTRIBUTES = lazy_pattern(rb"""[\s/]+|"[^"]*"|'[^']*'""")
_MAX_MARKUP = 2_000_000
"""Tags and attributes: each takes some 200 bytes, and libxml2 parses all in one piece. A report has
some ten thousand."""
_MAX_ATTRIBUTES = 20_000
"""The time that libxml2 takes for an element grows with the square of its attributes."""


def bound_markup(content: bytes, name: str, is_xml: bool = False) -> None:
    """Raises `InputError` for markup that takes too much memory or time once it is parsed. In XML,
    no tag goes on beyond the next `<`."""
    if content.count(b"<") + content.count(b"=") > _MAX_MARKUP:
        raise refusal("too-large/markup", name, most=f"{_MAX_MARKUP:,}")
    if is_xml and not _WIDE_GAP.search(content):
        return
    for tag in _LONG_TAG.finditer(content):
        if sum(1 for _ in _BETWEEN_ATTRIBUTES.finditer(tag[0])) > _MAX_ATTRIBUTES:
            raise refusal("too-large/attributes", name)


_TICK = 0.1
"""Seconds of work between two looks."""
_STATM = "/proc/self/statm"
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


class _Spent(BaseException):
    """Raised wherever the work happens to be; nothing that handles errors may take it for one."""


class _Budget:
    """What is left for the document that is being read."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = float(limits.seconds)
        self.memory = limits.memory_bytes
        self.exceeded = ""
        """The limit that was reached."""
        self.is_over = False
        """Whether the work is done, or given up: there is nothing left to end."""
        self._started_at = _worked()
        self._held_before = _held()

    def left(self) -> float:
        return self.seconds - (_worked() - self._started_at)

    def look(self, number: int, frame: FrameType | None) -> None:
        """Once more at every tick: native code may swallow what is raised into it."""
        # The tick that came while the work's memory was given back strikes on the way out of
        # `within_budget`; raised there, it would leave the clock running.
        if self.is_over or (frame is not None and frame.f_code.co_filename == contextlib.__file__):
            return
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
        try:
            yield
        finally:
            # Giving back what the work held may take until the next tick, which strikes here.
            budget.is_over = True
    except _Spent:
        budget.is_over = True
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
        with open(_STATM, "rb", buffering=0) as found:
            return int(found.read().split()[1]) * _PAGE_SIZE
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


_ENDED_BY = {
    "SIGXCPU": "most-seconds",
    "SIGKILL": "most-seconds-or-memory",  # what ends it where a limit is passed
    "SIGABRT": "most-memory",  # how pdfium ends when it gets no memory
}
"""Signals that come of a limit, and of which; of any other a process crashed."""
_CLOCK_FACTOR = 10
"""Times the processor's seconds that may pass on the clock of a busy machine."""
_PAUSE = 0.1
_PROCESSES = Path("/proc")
_PARENT, _SESSION, _RESIDENT = 1, 3, 21
_TICKS = slice(11, 15)
"""Places in what the system says of a process, counted behind its name; the last are its work and
that of its children that have ended."""

_Result = TypeVar("_Result")


def call(function: Callable[..., _Result], *arguments: object, place: str) -> _Result:
    """`act(*arguments)`. Raises what it raises, and `InputError` when time or memory ran out, or
    when the process died of something else."""
    import pickle  # few documents need another process
    import subprocess

    seconds, memory = int(seconds_left()), memory_left()
    request = pickle.dumps((seconds, memory, function.__module__, function.__qualname__, arguments))
    try:
        done = subprocess.run(
            isolated.command(__name__, serve.__name__),
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_CLOCK_FACTOR * seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise _ended(place, "SIGXCPU", seconds, memory) from error
    if done.returncode:
        raise _ended(place, _cause(done.returncode), seconds, memory)
    returned, failure = pickle.loads(done.stdout)
    match failure:
        case MemoryError():
            raise _ended(place, "SIGABRT", seconds, memory) from failure
        case BaseException():
            raise failure
        case (code, message, hint, translations):
            raise InputError(code, message, place=place, hint=hint, translations=translations)
    result: _Result = returned
    return result


def serve() -> None:
    """Answers the one call on standard input, within the limits."""
    import pickle

    seconds, memory, module, name, arguments = pickle.load(sys.stdin.buffer)
    with suppress(ImportError):  # where there are none, the other process's clock ends it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    function: Any = getattr(import_module(module), name)
    answer: tuple[Any, Any]
    try:
        answer = function(*arguments), None
    except InputError as error:
        answer = None, (error.code, error.message, error.hint, dict(error.translations))
    except Exception as error:
        answer = None, _picklable(error)
    sys.stdout.buffer.write(pickle.dumps(answer))


def _picklable(error: Exception) -> Exception:
    """The error with its traceback as a note; by its words only, where it cannot be sent itself."""
    import pickle
    import traceback

    try:
        error.add_note("".join(traceback.format_exception(error)))
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _cause(code: int) -> str:
    """The signal that ended a process, or its exit code."""
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return str(code)


def _ended(place: str, cause: str, seconds: int, memory: int) -> InputError:
    if cause not in _ENDED_BY:
        how = both("ended-code", number=cause) if cause.lstrip("-").isdigit() else cause
        return refusal("crashed", place, cause=how)
    megabytes = f"{memory // 1_000_000:,}"
    most = both(_ENDED_BY[cause], seconds=seconds, megabytes=megabytes)
    return refusal("too-large/pdf", place, most=most)


class End(Enum):
    """How a program came to its end."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str], seconds: float, memory: int
) -> End:
    """Runs a program in a folder until it ends, or it and all that it started are stopped. Raises
    `OSError` where it cannot start.

    Memory is what the processes of its session hold at once, looked at ten times a second where the
    system tells it (Linux); a limit on addresses would stop programs that only map much. Elsewhere
    the time alone bounds it.
    """
    import subprocess

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
            if _memory_held(child.pid) > memory:
                return End.MEMORY
    finally:  # also when we are interrupted ourselves
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # where all of it ended by itself
                os.killpg(child.pid, signal.SIGKILL)
        elif child.poll() is None:
            child.kill()
        child.wait()


def _memory_held(session: int) -> int:
    """Bytes that the processes of a session hold in memory; 0 where the system does not tell."""
    held = (int(own[_RESIDENT]) for _, own in _processes() if int(own[_SESSION]) == session)
    return sum(held) * _PAGE_SIZE


def seconds_worked(pid: int) -> float | None:
    """Seconds that the processor worked for a process and those that it has started; None where the
    system does not tell (it does on Linux), or the process is gone."""
    parents, ticks = {}, {}
    for each, fields in _processes():
        parents[each], ticks[each] = int(fields[_PARENT]), sum(map(int, fields[_TICKS]))
    if pid not in ticks:
        return None
    found = [pid]
    for above in found:  # which grows
        found += [each for each, parent in parents.items() if parent == above]
    return sum(ticks[each] for each in found) / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, list[bytes]]]:
    """The number of each process, and what the system says of it behind its name."""
    for process in _PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended since
            yield int(process.parent.name), process.read_bytes().rpartition(b")")[2].split()
