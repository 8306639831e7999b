"""What the packaged rules come to, so that a run need not read YAML: its forms and compiled rules.

A wheel brings it, made when the wheel was built; a checkout keeps it where Python keeps bytecode,
or else in the user's cache folder. See docs/decisions/0012. A pickle can run code, as bytecode can:
whoever can write in the first two places can as well change the package, and the third is taken
only where nobody but the user can write.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.pickled import is_ours, read_pickle, users_cache, write_pickle

_PACKAGE = Path(__file__).parent.parent
_BUILT = "library.pickle"
"""Its name in the wheel, beside the rules."""
_MAKERS = (
    *("cjk.py", "errors.py", "extras.py", "pickled.py", "regular.py", "source_text.py"),
    "yamlsource.py",
    *("checks", "definitions", "layout", "model"),
)
_INSTALLING = 60
"""Seconds within which the files of a package are written; a file changed later was edited."""


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


def own_rules(package: Path = _PACKAGE) -> Path:
    """`auditor/_rules` in an installed package, `rules` beside the package in a checkout."""
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def built(package: Path = _PACKAGE) -> Any:
    """The forms, rulebooks and digest that the wheel brought; None in a checkout, and where a file
    that they were made of has another size or was changed since."""
    path = package / "_rules" / _BUILT
    try:
        installed = path.stat().st_mtime
        files = [*_made_of(package, path.parent)]
    except OSError:
        return None
    if any(found.st_mtime > installed + _INSTALLING for _, found in files):
        return None
    return recall(_sizes(files), path)


def build(package: Path, rules: Path, path: Path) -> None:
    """Write what `built` finds once it is installed; for what builds the wheel."""
    from auditor.definitions import PackagedTexts, digest_of
    from auditor.definitions.assembly import assemble

    texts = PackagedTexts()
    forms, rulebooks = assemble(texts)
    parts = forms, Packed(rulebooks), digest_of(texts)
    write_pickle(path, _sizes(_made_of(package, rules)), parts)


def _made_of(package: Path, rules: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every rule and every module that makes something of it, by a name that is the same wherever
    the package is."""
    for name, folder, ending in (
        *((maker, package / maker, ".py") for maker in _MAKERS),
        ("rules", rules, ".yaml"),
    ):
        for path in _files(os.fspath(folder), ending):
            yield name + path[len(os.fspath(folder)) :].replace(os.sep, "/"), os.stat(path)


def _sizes(files: Iterable[tuple[str, os.stat_result]]) -> bytes:
    """A digest of the version, the files' names and their sizes."""
    listed = "".join(f"{name}:{found.st_size};" for name, found in files)
    return hashlib.sha256(f"{__version__} {listed}".encode()).digest()


def stamp_of(digest: str, package: Path = _PACKAGE) -> bytes:
    """Over the digest of the rules and the code that reads them; empty where there is no source.

    Over contents, since in a checkout files come and go with the times of other versions.
    """
    seen = hashlib.sha256(f"{__version__} {digest}".encode())
    for name in _MAKERS:
        for module in _files(os.path.join(package, name), ".py"):
            try:
                with open(module, "rb", buffering=0) as source:
                    code = source.read()
            except OSError:
                return b""
            seen.update(b"%d:" % len(code) + code)
    return seen.digest()


def _files(path: str, ending: str) -> list[str]:
    """The file, or every such file below the folder; by name, for order's sake."""
    # os.walk and not Path.rglob, open and not Path.read_bytes: a hundred files on every run.
    if path.endswith(ending):
        return [path]
    return sorted(
        os.path.join(folder, file)
        for folder, _, files in os.walk(path)
        for file in files
        if file.endswith(ending)
    )


def beside_bytecode() -> Path | None:
    """Where it is kept; None where Python keeps no bytecode of this package."""
    cached = __spec__.cached if __spec__ and not sys.dont_write_bytecode else None
    return Path(cached).with_suffix(".pickle") if cached else None


def in_users_cache() -> Path:
    """Where it is kept when that folder refuses."""
    return users_cache() / f"library-{sys.implementation.cache_tag}.pickle"


def recall(stamp: bytes, *paths: Path) -> Any:
    """What was kept under the stamp; None when there is none."""
    trusted = paths or (beside_bytecode(),)
    for path in paths or _places():
        if path in trusted or is_ours(path):
            made = read_pickle(path, stamp)
            if made is not None:
                return made
    return None


def keep(stamp: bytes, made: Any, *paths: Path) -> None:
    """Keep what was made for the next run in the first folder that takes it; none is no error."""
    for path in paths or _places():
        with suppress(OSError):
            return write_pickle(path, stamp, made)


def _places() -> Iterator[Path]:
    """Where it may be kept, in the order in which to look."""
    if path := beside_bytecode():
        yield path
    with suppress(OSError, RuntimeError):  # without a home there is no cache folder
        yield in_users_cache()
