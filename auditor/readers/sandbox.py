"""A function or a program in; what comes of it, run in a process of its own within bounds, out.

For what may take any time and memory and cannot be stopped from within, such as pdfium (`call`) and
LibreOffice (`run`). `serve` is the other process of a call: the call on standard input, what it
returns on standard output.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from auditor import isolated
from auditor.errors import InputError
from auditor.readers.limits import memory_left, refusal, seconds_left

_ENDED_BY = {
    "SIGXCPU": "{seconds} seconds",
    "SIGKILL": "{seconds} seconds or {megabytes:,} MB",  # what ends it where a limit is passed
    "SIGABRT": "{megabytes:,} MB",  # how pdfium ends when it gets no memory
}
"""Signals that come of a limit, and of which; of any other a process crashed."""
_CLOCK_FACTOR = 10
"""Times the processor's seconds that may pass on the clock of a busy machine."""
_PAUSE = 0.1
_PROCESSES = Path("/proc")
_SESSION, _RESIDENT = 3, 21
"""Places in what the system says of a process, counted behind its name."""

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
        case (code, message, hint):
            raise InputError(code, message, place=place, hint=hint)
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
        answer = None, (error.code, error.message, error.hint)
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
    return f"exit code {code}"


def _ended(place: str, cause: str, seconds: int, memory: int) -> InputError:
    if cause not in _ENDED_BY:
        return refusal("crashed", place, cause=cause)
    most = _ENDED_BY[cause].format(seconds=seconds, megabytes=memory // 1_000_000)
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
            if _held(child.pid) > memory:
                return End.MEMORY
    finally:  # also when we are interrupted ourselves
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # where all of it ended by itself
                os.killpg(child.pid, signal.SIGKILL)
        elif child.poll() is None:
            child.kill()
        child.wait()


def _held(session: int) -> int:
    """Bytes that the processes of a session hold in memory; 0 where the system does not tell."""
    pages = 0
    for process in _PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = process.read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(fields[_SESSION]) == session:
            pages += int(fields[_RESIDENT])
    return pages * os.sysconf("SC_PAGE_SIZE") if pages else 0
