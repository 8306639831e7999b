"""A Python process of our own: the command that starts one, which imports nothing from a stranger.

Python looks for modules in the current folder first, and that is where the reports lie: a file
`pickle.py` beside one would be run. A child looks where this process does, and nowhere else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = str(Path(__file__).resolve().parents[1])


def command(module: str, function: str) -> list[str]:
    """The command line of a process that calls the function without arguments."""
    flags = ["-I", "-B"] if sys.dont_write_bytecode else ["-I"]
    start = (
        f"import sys; sys.path[:] = {[_PACKAGE, *trusted_paths()]!r}; "
        f"from {module} import {function}; {function}()"
    )
    return [sys.executable, *flags, "-c", start]


def trusted_paths() -> list[str]:
    """Where this process looks for modules, but for the current folder.

    That one is there when Python was started by `python -m auditor`, or with an empty part in
    PYTHONPATH; it stays only where this package itself is in it.
    """
    try:
        here = os.path.realpath(os.curdir)
    except OSError:  # a folder that was deleted
        here = ""
    paths = [path for path in sys.path if os.path.isabs(path)]
    return [path for path in paths if path == _PACKAGE or os.path.realpath(path) != here]
