"""A page's text in pdfium, in; its characters, upright and each once, out.

Most of the time that a page takes would go into calls, so each is made once a character and as
plainly as ctypes can.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from ctypes import byref, c_double, c_uint
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.calls import plain
from auditor.readers.pdf.marks import Char, Frame

LOST = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
_SLANT = 4.0
"""Degrees from upright beyond which text is a watermark."""
_TWICE = 0.15
"""Share of an em within which the same character again is the same one, drawn bold."""
_STRIP = 8.0
"""Points of a line that are searched together for a character drawn before."""
_FARTHEST = 1e9
_SMALLEST, _LARGEST = 0.5, 500.0
"""Points between which an em must be to be seen."""


class RawChar(NamedTuple):
    """A character in the file's coordinates: x to the right, y upwards."""

    text: str
    x: float
    y: float
    """Where it starts, on its line of writing."""
    left: float
    bottom: float
    right: float
    top: float
    em: float
    quarter: int
    """Quarter turns counter-clockwise."""


# A named tuple's own constructor takes longer than the tuple.
_raw_char: Callable[[tuple[object, ...]], RawChar] = partial(tuple.__new__, RawChar)
_char: Callable[[tuple[object, ...]], Char] = partial(tuple.__new__, Char)
_quarter = attrgetter("quarter")
_unicode = plain(pdfium.FPDFText_GetUnicode, c_uint)
_origin = plain(pdfium.FPDFText_GetCharOrigin)
_loose_box = plain(pdfium.FPDFText_GetLooseCharBox)
_matrix = plain(pdfium.FPDFText_GetMatrix)
_font_size = plain(pdfium.FPDFText_GetFontSize, c_double)


def raw_characters(textpage: Any) -> list[RawChar]:
    """The visible, unslanted characters of a page, in the file's coordinates and order."""
    found: list[RawChar] = []
    x, y = c_double(), c_double()
    box = pdfium.FS_RECTF()
    matrix = pdfium.FS_MATRIX()
    at_x, at_y, at_box, at_matrix = byref(x), byref(y), byref(box), byref(matrix)
    last = (math.nan, math.nan)
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = _unicode(textpage, index)
        if code < 0x7F:
            if code == 32 or (code < 32 and not _is_lost(textpage, index, code)):
                continue
            text = chr(code) if code > 32 else LOST
        else:
            text = chr(code) if code < 0x110000 else LOST
            if 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code >= 0xF0000:
                if pdfium.FPDFText_IsGenerated(textpage, index):
                    continue
                text = LOST
            elif text.isspace():
                continue
        if not (
            _origin(textpage, index, at_x, at_y)
            and _loose_box(textpage, index, at_box)
            and _matrix(textpage, index, at_matrix)
        ):
            continue
        a, b = matrix.a, matrix.b
        em = _font_size(textpage, index)
        if b == 0 and a > 0 and matrix.c == 0:
            quarter = 0
            em *= abs(matrix.d)
        else:
            degrees = math.degrees(math.atan2(b, a)) % 360
            quarter = round(degrees / 90)
            if abs(degrees - 90 * quarter) > _SLANT:
                continue
            quarter %= 4
            em *= math.hypot(matrix.c, matrix.d)
        if not _SMALLEST < em < _LARGEST:
            continue
        start = x.value, y.value
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if start == last and not quarter:
            # Of text in place of what is drawn (/ActualText) only the boxes are spread.
            found.append(_raw_char((text, left, start[1], left, bottom, right, top, em, 0)))
        else:
            found.append(_raw_char((text, *start, left, bottom, right, top, em, quarter)))
            last = start
    return found


def _is_lost(textpage: Any, index: int, code: int) -> bool:
    """Whether a control character stands for one of which the file does not say what it is."""
    if code in (9, 10, 13) or pdfium.FPDFText_IsGenerated(textpage, index):
        return False
    return bool(pdfium.FPDFText_HasUnicodeMapError(textpage, index))


def upright(raw: Iterable[RawChar]) -> int:
    """How many quarter turns clockwise make most of the text upright."""
    counts: Counter[int] = Counter(map(_quarter, raw))
    counts[0] += 1
    return counts.most_common(1)[0][0]


def characters(raw: Sequence[RawChar], frame: Frame) -> list[Char]:
    """The characters on the page as it is read; what was drawn twice stands once."""
    found: list[Char] = []
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    turns = frame.turns
    frames = [frame._replace(turns=turns + turn) for turn in range(4)]
    straight = turns % 4 == 0
    for char in raw:
        text, x, y, left, bottom, right, top, em, quarter = char
        turn = (quarter - turns) % 4
        if straight and not quarter:
            x -= frame.left
            base = frame.top - y
            start, x1 = left - frame.left, right - frame.left
        else:
            own = frames[turn]
            x, base = own.point(x, y)
            start, x1 = sorted((own.point(left, bottom)[0], own.point(right, top)[0]))
        # A box may be as tight as its ink; what stands before the ink belongs to the character.
        x0 = x if start - em < x < start else start
        if x1 <= x0:
            x1 = x0 + em / 2
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
        if turn:
            cx, cy = frame.point((left + right) / 2, (bottom + top) / 2)
        else:
            cx, cy = (x0 + x1) / 2, base - 0.35 * em
        found.append(_char((text, x0, x1, base, em, turn, cx, cy)))
    return found


def _among(places: Iterable[tuple[float, float]], x: float, base: float, near: float) -> bool:
    for other_x, other_base in places:
        if abs(x - other_x) < near and abs(base - other_base) < near:
            return True
    return False
