"""A function and its arguments in; what it returns, computed in a process of its own, out.

For documents that may take any time and memory inside pdfium, which cannot be stopped from within.
`serve` is the other process: a call on standard input, the result on standard output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from auditor.errors import InputError

SECONDS = 30
MEMORY = 2_000_000_000
_PACKAGE = Path(__file__).resolve().parents[3]

_Result = TypeVar("_Result")


def apart(act: Callable[..., _Result], *arguments: object, place: str) -> _Result:
    """`act(*arguments)`. Raises what it raises, and `InputError` when time or memory ran out."""
    import pickle  # few documents need another process
    import subprocess

    call = pickle.dumps((act.__module__, act.__qualname__, arguments))
    paths = [str(_PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            input=call,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise InputError(
            "too-large",
            f"the PDF takes more than {SECONDS} seconds or {MEMORY // 1_000_000:,} MB to read",
            place=place,
            hint="print it to a new PDF, or give each report as a file of its own",
        ) from error
    returned, failure = pickle.loads(done.stdout)
    if failure is not None:
        code, message, hint = failure
        raise InputError(code, message, place=place, hint=hint)
    result: _Result = returned
    return result


def serve() -> None:
    """Answers the one call on standard input, within the limits."""
    import pickle

    _limit()
    module, name, arguments = pickle.load(sys.stdin.buffer)
    act: Any = getattr(import_module(module), name)
    try:
        answer: tuple[Any, Any] = act(*arguments), None
    except InputError as error:
        answer = None, (error.code, error.message, error.hint)
    sys.stdout.buffer.write(pickle.dumps(answer))


def _limit() -> None:
    try:
        import resource
    except ImportError:  # there only the other process's clock ends it
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
