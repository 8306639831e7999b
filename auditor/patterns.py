"""Patterns that are compiled when they are first needed: a run over one report needs half of them,
and compiling all takes longer than reading it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, AnyStr, cast

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
        method = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, method)
        return method


def lazy_pattern(
    text: AnyStr, flags: int = 0, needed: Collection[AnyStr] = ()
) -> re.Pattern[AnyStr]:
    """As `re.compile`, but compiled when it is first used, on a text that has one of the `needed`
    words: one of them stands in whatever the pattern finds."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags, needed))
