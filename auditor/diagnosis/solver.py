"""The solver, HiGHS, made ready and run: nothing that it prints reaches standard output.

The library writes to file descriptor 1 itself (its version 1.16 as soon as a solver is made), where
`sys.stdout` does not see it, and a report printed there would no longer be JSON. Everything that
makes or runs a solver goes through this module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

STANDARD_OUTPUT = 1


def new_solver() -> tuple[Any, Any]:
    """The module `highspy` and a solver that keeps quiet, gives the same each time, and uses one
    processor. Raises `ImportError` where it is not installed."""
    with native_output_dropped():
        import highspy

        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            solver.setOptionValue(option, value)
    return highspy, solver


def run(solver: Any) -> Any:
    """Runs it and gives the status of its model."""
    with native_output_dropped():
        solver.run()
    return solver.getModelStatus()


@contextmanager
def native_output_dropped() -> Iterator[None]:
    """While it lasts, whatever is written to file descriptor 1 goes nowhere.

    It holds for the whole process: another thread must not print meanwhile.
    """
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:  # there is no standard output
        yield
        return
    _flush()  # what others left in C's buffer is theirs
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_OUTPUT)
    os.close(nowhere)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)


def _flush() -> None:
    """Empties the buffers of C's own streams, which would else come out later."""
    with suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes  # only for what asks the solver

        ctypes.CDLL(None).fflush(None)
