"""Patterns that are compiled when they are first needed, and what they are compiled to, kept: a run
over one report needs half of them, and compiling even those takes as long as reading it.

Python keeps no compiled pattern. What `re` makes of one, before it hands it to its matcher, is a
list of numbers; those are kept beside the bytecode, for this very version of Python only. See
docs/decisions/0012.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Collection
from contextlib import suppress
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, AnyStr, cast

from auditor.pickled import beside_bytecode, read_pickle, stamp, write_pickle

_MOST_KEPT = 400
"""Patterns; a run over a report of one form needs a tenth of them."""
_MOST_COMPILED = 1000
_Key = tuple[Any, int]
_Code = tuple[bytes, int, int, dict[str, int]]
"""The numbers, the flags, the count of groups, and their numbers by name."""
_new: set[_Key] = set()
"""What this process compiled and no earlier one kept, by text and flags."""


def _path() -> Path | None:
    is_known = sys.implementation.name == "cpython"
    return beside_bytecode(__spec__) if is_known else None


@cache
def _kept() -> dict[_Key, _Code]:
    """What earlier processes compiled patterns to."""
    path = _path()
    return (read_pickle(path, stamp([sys.version])) if path else None) or {}


def keep() -> None:
    """Keep for the next process what this one compiled; where nothing can be kept is no error."""
    path, kept = _path(), _kept()
    if path is None or sys.dont_write_bytecode:
        return
    if not _new or len(kept) + len(_new) > _MOST_KEPT:
        return
    made = {key: _code_of(*key) for key in _new}
    with suppress(OSError):
        write_pickle(path, stamp([sys.version]), kept | made)


def _code_of(text: Any, flags: int) -> _Code:
    parser, compiler = import_module("re._parser"), import_module("re._compiler")
    code = array("I", compiler._code(parser.parse(text, flags), flags)).tobytes()
    pattern = re.compile(text, flags)
    return code, pattern.flags, pattern.groups, dict(pattern.groupindex)


@lru_cache(_MOST_COMPILED)
def compiled(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but kept from run to run: for what is the same in many reports."""
    key = text, int(flags)
    known = _kept().get(key)
    if known is None:
        pattern = re.compile(text, flags)
        _new.add(key)
        return pattern
    code, all_flags, count, numbers = known
    names: list[str | None] = [None] * (count + 1)
    for name, number in numbers.items():
        names[number] = name
    numbered = memoryview(code).cast("I").tolist()
    matcher = import_module("_sre")
    made: re.Pattern[AnyStr] = matcher.compile(
        text, all_flags, numbered, count, numbers, tuple(names)
    )
    return made


_NOTHING: dict[Any, Any] = {str: re.compile("(?!)"), bytes: re.compile(b"(?!)")}
"""What finds nothing, anywhere."""


class _Uncompiled:
    """Stands for a pattern, and does what that one does."""

    def __init__(self, text: Any, flags: int, needed: Collection[Any]) -> None:
        self._text, self._flags, self._needed = text, flags, needed
        self._seen: Any = None
        """The text that was last looked through from a place on: that is asked place by place."""
        self._is_needed = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not self._needed:
            return self._ready(name)
        needed, nothing = self._needed, getattr(_NOTHING[type(self._text)], name)

        def do(*given: Any) -> Any:
            text = given[name == "sub"]
            if len(given) == 1 or name == "sub":
                is_needed = any(word in text for word in needed)
            else:
                if text is not self._seen:
                    self._seen, self._is_needed = text, any(word in text for word in needed)
                is_needed = self._is_needed
            if is_needed:
                return self._ready(name)(*given)
            return text if name == "sub" else nothing(text[:0])

        setattr(self, name, do)
        return do

    def _ready(self, name: str) -> Any:
        """The method of the compiled pattern, which is found at once from now on."""
        method = getattr(compiled(self._text, self._flags), name)
        setattr(self, name, method)
        return method


def lazy_pattern(
    text: AnyStr, flags: int = 0, needed: Collection[AnyStr] = ()
) -> re.Pattern[AnyStr]:
    """As `re.compile`, but compiled when it is first used, on a text that has one of the `needed`
    words: one of them stands in whatever the pattern finds."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags, needed))
