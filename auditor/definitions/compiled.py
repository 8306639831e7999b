"""What the packaged rules come to, so that a run need not read YAML: forms, rules, and words.

A wheel brings it, made when the wheel was built; a checkout keeps it where Python keeps bytecode,
or else in the user's cache folder. See docs/decisions/0012. A pickle can run code, as bytecode can:
whoever can write in the first two places can as well change the package, and the third is taken
only where nobody but the user can write.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from auditor import __version__, pickled
from auditor.model.check import Rulebook
from auditor.model.form import Form
from auditor.model.wordings import Wordings
from auditor.pickled import is_ours, read_pickle, users_cache, write_pickle
from auditor.prose import lexer_of
from auditor.prose.lexer import Lexer

_PACKAGE = Path(__file__).parent.parent
_BUILT = "library.pickle"
"""Its name in the wheel, beside the rules."""
_MAKERS = (
    *(
        "cjk.py",
        "errors.py",
        "extras.py",
        "patterns.py",
        "pickled.py",
        "regular.py",
        "source_text.py",
    ),
    "yamlsource.py",
    *("checks", "definitions", "layout", "model", "prose"),
)
_INSTALLING = 60
"""Seconds within which the files of a package are written; a file changed later was edited."""


class Compiled(Struct, frozen=True):
    """What definitions come to."""

    forms: tuple[Form, ...]
    """Ordered by id."""
    rulebooks: Mapping[str, Rulebook]
    """By form id."""
    lexers: Mapping[str, Lexer]
    """By the id of a form that says how sentences speak of it."""
    digest: str
    """Of the definitions."""


class Packed(Mapping[str, Any]):
    """Values kept one by one, each unpacked when first asked for: a run is over one edition."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._packed = {key: pickle.dumps(value, protocol=5) for key, value in values.items()}
        self._known: dict[str, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"_packed": self._packed, "_known": {}}

    def __getitem__(self, key: str) -> Any:
        if key not in self._known:
            self._known[key] = pickle.loads(self._packed[key])
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def _made() -> Compiled:
    """What the package's own definitions come to, quick to load; with the words of sentences, which
    take longest to make."""
    from auditor.definitions import PackagedTexts, digest_of
    from auditor.definitions.assembly import assemble  # it brings YAML and every kind of rule

    texts = PackagedTexts()
    assembled, rulebooks = assemble(texts)
    known: dict[Any, Any] = {}
    forms = _shared(assembled, known)
    return Compiled(
        forms,
        Packed({form_id: _shared(book, known) for form_id, book in rulebooks.items()}),
        Packed({form.id: lexer_of(form) for form in forms if form.wordings != Wordings()}),
        digest_of(texts),
    )


def _shared(value: Any, known: dict[Any, Any]) -> Any:
    """The value, of which equal parts are one and the same: a pickle has them once, and loads in
    half the time."""
    if type(value) is str:
        return known.setdefault(value, value)
    if isinstance(value, Decimal):
        return known.setdefault((Decimal, str(value)), value)
    if isinstance(value, Struct):
        fields = value.__struct_fields__
        parts = [_shared(getattr(value, field), known) for field in fields]
        made: Any = type(value)(**dict(zip(fields, parts, strict=True)))
    elif isinstance(value, dict):
        parts = [_shared(part, known) for pair in value.items() for part in pair]
        made = dict(zip(parts[::2], parts[1::2], strict=True))
    elif isinstance(value, tuple):
        parts = [_shared(each, known) for each in value]
        made = tuple(parts) if type(value) is tuple else type(value)(*parts)
    else:
        return value
    # Parts are one already, and stay: what was made of them has them.
    return known.setdefault((type(value), *map(id, parts)), made)


def own_rules(package: Path = _PACKAGE) -> Path:
    """`auditor/_rules` in an installed package, `rules` beside the package in a checkout."""
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def built(package: Path = _PACKAGE) -> Compiled | None:
    """What the wheel brought; None in a checkout, and where a file that it was made of has another
    size or was changed since."""
    path = package / "_rules" / _BUILT
    try:
        installed = path.stat().st_mtime
        files = [*_made_of(package, path.parent)]
    except OSError:
        return None
    if any(found.st_mtime > installed + _INSTALLING for _, found in files):
        return None
    known: Compiled | None = recall(
        _stamp(f"{name}:{found.st_size}" for name, found in files), path
    )
    return known


def build(package: Path, rules: Path, path: Path) -> None:
    """Write what `built` finds once it is installed; for what builds the wheel."""
    files = _made_of(package, rules)
    write_pickle(path, _stamp(f"{name}:{found.st_size}" for name, found in files), _made())


def kept() -> Compiled:
    """Where no wheel brought it: as an earlier run kept it, else made, and kept for the next."""
    stamp = stamp_of()
    known: Compiled | None = recall(stamp) if stamp else None
    if known is None:
        known = _made()
        if stamp:
            keep(stamp, known)
    return known


def stamp_of(package: Path = _PACKAGE) -> bytes:
    """What the rules and the code that reads them are known by; empty where there is no source.

    Over sizes and times. A file that is put back with the time of another version, as archives do,
    tells it by when it was put there.
    """
    try:
        files = [*_made_of(package, own_rules(package))]
    except OSError:
        return b""
    return _stamp(
        f"{name}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}" for name, found in files
    )


def _made_of(package: Path, rules: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every rule and every module that makes something of it, by a name that is the same wherever
    the package is."""
    for maker in _MAKERS:
        path = os.path.join(package, maker)
        yield from _files(path, maker, ".py") if "." not in maker else [(maker, os.stat(path))]
    yield from _files(os.fspath(rules), "rules", ".yaml")


def _files(folder: str, shown: str, ending: str) -> Iterator[tuple[str, os.stat_result]]:
    """Every such file below the folder; by name, for order's sake."""
    # Not Path.rglob: a hundred files on every run.
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        name = f"{shown}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry.path, name, ending)
        elif name.endswith(ending):
            yield name, entry.stat()


def _stamp(files: Iterable[str]) -> bytes:
    """A digest of the version and of what the files are told by."""
    return pickled.stamp((__version__, *files))


def beside_bytecode() -> Path | None:
    """Where it is kept; None where Python keeps no bytecode of this package."""
    return None if sys.dont_write_bytecode else pickled.beside_bytecode(__spec__)


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
    path = beside_bytecode()
    if path is not None:
        yield path
        if os.access(path.parent, os.W_OK):
            return
    with suppress(OSError, RuntimeError):  # without a home there is no cache folder
        yield in_users_cache()
