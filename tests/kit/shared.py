"""What takes seconds to build is built by one worker of a run, and the others find it.

In: a name and how a folder of it is filled. Out: the folder, filled.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def built_once(
    temporary: pytest.TempPathFactory, name: str, build: Callable[[Path], object]
) -> Path:
    """The folder of this run that `build` has filled; a worker that comes later waits for it."""
    base = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # a worker's own folder lies in that of the run
    folder = base / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            part = folder.with_suffix(".part")
            part.mkdir(exist_ok=True)
            build(part)
            part.rename(folder)
    return folder
