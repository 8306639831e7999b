"""What the packaged rules come to, kept beside the bytecode until anything it was made of changes.

As Python keeps the bytecode of a module; see docs/decisions/0012. The stamp goes over the texts of
the rules and of every module that makes something of them, so that what is kept is never stale; it
stands in front, with a digest of what follows, so that a torn file is not read.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor import __version__

_PACKAGE = Path(__file__).parent.parent
_MAKERS = (
    *("cjk.py", "errors.py", "regular.py", "source_text.py", "yamlsource.py"),
    *("checks", "definitions", "layout", "model"),
)
_HEAD = 64
"""Bytes of the two digests."""


def stamp_of(digest: str, package: Path = _PACKAGE) -> bytes:
    """Over the digest of the rules and the code that reads them; empty where there is no source."""
    seen = hashlib.sha256(f"{__version__} {digest}".encode())
    for name in _MAKERS:
        for module in _modules(os.path.join(package, name)):
            try:
                with open(module, "rb", buffering=0) as source:
                    code = source.read()
            except OSError:
                return b""
            seen.update(b"%d:" % len(code) + code)
    return seen.digest()


def _modules(path: str) -> list[str]:
    """The module, or every module of the package, at the path; by name, for order's sake."""
    # os.walk and not Path.rglob, open and not Path.read_bytes: a hundred files on every run.
    if path.endswith(".py"):
        return [path]
    return sorted(
        os.path.join(folder, file)
        for folder, _, files in os.walk(path)
        for file in files
        if file.endswith(".py")
    )


def beside_bytecode() -> Path | None:
    """Where it is kept; None where Python keeps no bytecode of this package."""
    cached = __spec__.cached if __spec__ else None
    return Path(cached).with_suffix(".pickle") if cached else None


class Packed(Mapping[str, Any]):
    """Values kept one by one, each unpacked when first asked for: a run is over one edition."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._packed = {key: pickle.dumps(value, protocol=5) for key, value in values.items()}
        self._known: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._known:
            self._known[key] = pickle.loads(self._packed[key])
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def recall(stamp: bytes, path: Path | None = None) -> Any:
    """What was kept under the stamp; None when there is none.

    A pickle can run code, as bytecode can: whoever can write here can as well change the package.
    """
    path = path or beside_bytecode()
    if path is None:
        return None
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    body = memoryview(kept)[_HEAD:]
    if kept[:_HEAD] != stamp + hashlib.sha256(body).digest():
        return None
    return pickle.loads(body)


def keep(stamp: bytes, made: Any, path: Path | None = None) -> None:
    """Keep what was made, where Python may keep bytecode; a folder that refuses is no error."""
    path = path or beside_bytecode()
    if path is None or sys.dont_write_bytecode:
        return
    body = pickle.dumps(made, protocol=5)
    unfinished = path.with_suffix(f".{os.getpid()}")  # whoever reads meanwhile sees no half of it
    try:
        unfinished.write_bytes(stamp + hashlib.sha256(body).digest() + body)
        os.replace(unfinished, path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
