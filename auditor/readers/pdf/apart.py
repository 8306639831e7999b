"""A function and its arguments in; what it returns, computed in a process of its own, out.

For documents that may take any time and memory inside pdfium, which cannot be stopped from within.
`serve` is the other process: a call on standard input, the result on standard output.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, TypeVar

from auditor import isolated
from auditor.errors import InputError
from auditor.readers.budget import memory_left, seconds_left

_ENDED_BY = {
    "SIGXCPU": "{seconds} seconds",
    "SIGKILL": "{seconds} seconds or {megabytes:,} MB",  # the last word of both limits
    "SIGABRT": "{megabytes:,} MB",  # how pdfium ends when it gets no memory
}
"""Signals that come of a limit, and of which; of any other a process crashed."""
_PATIENCE = 10
"""Times the processor's seconds that may pass on the clock of a busy machine."""

_Result = TypeVar("_Result")


def apart(act: Callable[..., _Result], *arguments: object, place: str) -> _Result:
    """`act(*arguments)`. Raises what it raises, and `InputError` when time or memory ran out, or
    when the process died of something else."""
    import pickle  # few documents need another process
    import subprocess

    seconds, memory = int(seconds_left()), memory_left()
    call = pickle.dumps((seconds, memory, act.__module__, act.__qualname__, arguments))
    try:
        done = subprocess.run(
            isolated.command(__name__, serve.__name__),
            input=call,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE * seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise _died(place, "SIGXCPU", seconds, memory) from error
    if done.returncode:
        raise _died(place, _how(done.returncode), seconds, memory)
    returned, failure = pickle.loads(done.stdout)
    match failure:
        case MemoryError():
            raise _died(place, "SIGABRT", seconds, memory) from failure
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
    _limit(seconds, memory)
    act: Any = getattr(import_module(module), name)
    answer: tuple[Any, Any]
    try:
        answer = act(*arguments), None
    except InputError as error:
        answer = None, (error.code, error.message, error.hint)
    except Exception as error:
        answer = None, _sendable(error)
    sys.stdout.buffer.write(pickle.dumps(answer))


def _sendable(error: Exception) -> Exception:
    """The error with its traceback as a note; by its words only, where it cannot be sent itself."""
    import pickle
    import traceback

    try:
        error.add_note("".join(traceback.format_exception(error)))
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _how(code: int) -> str:
    """The signal that ended a process, or its exit code."""
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _died(place: str, how: str, seconds: int, memory: int) -> InputError:
    if how not in _ENDED_BY:
        return InputError(
            "crashed",
            f"the process that read this PDF died ({how}), and of no limit",
            place=place,
            hint="print it to a new PDF; and please report it as SECURITY.md says",
        )
    limit = _ENDED_BY[how].format(seconds=seconds, megabytes=memory // 1_000_000)
    return InputError(
        "too-large",
        f"the PDF takes more than {limit} to read",
        place=place,
        hint="print it to a new PDF, or give each report as a file of its own; or raise the "
        "limits seconds and memory-bytes, which is --limit on the command line",
    )


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # there only the other process's clock ends it
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
