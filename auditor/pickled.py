"""Values kept from run to run: a pickle behind a stamp of what it was made of.

A pickle can run code when it is loaded, so one is loaded only from where nobody else can write. A
digest of the pickle follows the stamp, so that a torn file is as none.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from auditor.extras import DISTRIBUTION

_HEAD = 64
"""Bytes of the two digests in front of a pickle."""


def stamp(parts: Iterable[str]) -> bytes:
    """A digest of the texts that tell what a pickle was made of."""
    return hashlib.sha256("\n".join(parts).encode()).digest()


def beside_bytecode(spec: ModuleSpec | None) -> Path | None:
    """Where a module keeps a pickle; None where it has no bytecode. Whether Python writes any is
    `sys.dont_write_bytecode`."""
    cached = spec.cached if spec else None
    return Path(cached).with_suffix(".pickle") if cached else None


def users_cache() -> Path:
    """The folder for what may be made anew at any time. Raises `RuntimeError` without a home."""
    from platformdirs import user_cache_path  # few runs come here

    return user_cache_path(DISTRIBUTION)


def is_ours(path: Path) -> bool:
    """Whether there is such a file, and nobody but the user can have written it."""
    try:
        found = [os.stat(each, follow_symlinks=False) for each in (path, path.parent)]
    except OSError:
        return False
    if os.name != "posix":
        return True  # the profile of a user is the user's
    return all(each.st_uid == os.getuid() and not each.st_mode & 0o022 for each in found)


def read_pickle(path: Path, stamp: bytes) -> Any:
    """What was written under the stamp; None when there is none, or another."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = memoryview(content)[_HEAD:]
    if content[:_HEAD] != stamp + hashlib.sha256(body).digest():
        return None
    return pickle.loads(body)


def write_pickle(path: Path, stamp: bytes, value: Any) -> None:
    """Write it whole or not at all, in a folder for the user alone if there is none. Raises
    `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = pickle.dumps(value, protocol=5)
    unfinished = path.with_suffix(f".{os.getpid()}")  # whoever reads meanwhile sees no half of it
    try:
        unfinished.touch(0o644)  # whatever the user lets a group write elsewhere
        unfinished.write_bytes(stamp + hashlib.sha256(body).digest() + body)
        os.replace(unfinished, path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
