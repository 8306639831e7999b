"""What programs made is kept on disk, for every worker and the next run: they start in seconds.

In: what decides the output, and how it is made. Out: the output, from `build/printed` if it is
there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

FOLDER = Path(__file__).resolve().parents[2] / "build" / "printed"


def kept(program: str, content: bytes, make: Callable[[], bytes], *options: object) -> bytes:
    """What the program makes of the content; another version of the program makes it anew."""
    told = os.stat(program)
    key = hashlib.sha256(f"{program} {told.st_size} {told.st_mtime_ns} {options}".encode())
    key.update(content)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / key.hexdigest()
    with FileLock(f"{path}.lock"):
        if not path.exists():
            made = make()
            part = path.with_suffix(".part")
            part.write_bytes(made)
            part.replace(path)
    return path.read_bytes()
