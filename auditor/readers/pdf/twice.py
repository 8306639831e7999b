"""A page's characters in; the same without those that are drawn twice, out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from auditor.readers.pdf.marks import Char

_TWICE = 0.15
"""Share of an em within which the same character again is the same one, drawn bold."""
_STRIP = 8.0
"""Points of a line that are searched together for a character drawn before."""
_FARTHEST = 1e9
_base, _em = attrgetter("base"), attrgetter("em")


def once(chars: list[Char]) -> list[Char]:
    """The characters without those that were drawn there before."""
    doubtful = _doubtful(chars)
    if not doubtful:
        return chars
    found: list[Char] = []
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for char in chars:
        text, x0, _, base, em, *_ = char
        if text in doubtful:
            near = _TWICE * em
            line = round(base)
            at = min(_FARTHEST, max(-_FARTHEST, x0))
            strips = range(int((at - near) // _STRIP), int((at + near) // _STRIP) + 1)
            if any(
                _among(seen[key], x0, base, near)
                for strip in strips
                for key in ((text, line, strip), (text, line - 1, strip), (text, line + 1, strip))
                if key in seen
            ):
                continue
            seen.setdefault((text, line, int(at // _STRIP)), []).append((x0, base))
        found.append(char)
    return found


def _doubtful(chars: Sequence[Char]) -> set[str]:
    """The characters of which one may be drawn twice: on some line it does not stand to the right
    of where it stood before."""
    widest = _TWICE * max(map(_em, chars), default=0.0)
    lines: dict[float, int] = {}
    before = -math.inf
    for number, base in enumerate(sorted(set(map(_base, chars)))):
        lines[base] = number if base - before >= widest else lines[before]
        before = base
    turned = _turned_back(chars, lines)
    found: set[str] = set()
    rightmost: dict[tuple[str, int], float] = {}
    for text, x0, _, base, em, *_ in chars if turned else ():
        key = text, lines[base]
        if key[1] not in turned:
            continue
        most = rightmost.get(key)
        if most is None or x0 - most >= _TWICE * em:
            rightmost[key] = x0
        else:
            found.add(text)
    return found


def _turned_back(chars: Iterable[Char], lines: Mapping[float, int]) -> set[int]:
    """The lines on which some character, whichever, does not stand to the right of all before."""
    found: set[int] = set()
    rightmost: dict[int, float] = {}
    at, line, most = math.nan, -1, -math.inf
    for _, x0, _, base, em, _, _, _ in chars:
        if base != at:
            rightmost[line] = most
            at, line = base, lines[base]
            most = rightmost.get(line, -math.inf)
        if x0 - most >= _TWICE * em:
            most = x0
        else:
            found.add(line)
    return found


def _among(places: Iterable[tuple[float, float]], x: float, base: float, near: float) -> bool:
    for other_x, other_base in places:
        if abs(x - other_x) < near and abs(base - other_base) < near:
            return True
    return False
