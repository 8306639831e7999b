"""A page's text in pdfium, in; its characters, upright and each once, out.

Most of the time that a page takes would go into calls, so each is made once a character and as
plainly as ctypes can, and the answers are taken together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from ctypes import byref, c_double, c_float, c_uint
from functools import cache, partial
from itertools import compress, repeat
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
_base, _em = attrgetter("base"), attrgetter("em")
_unicode = plain(pdfium.FPDFText_GetUnicode, c_uint)
_origin = plain(pdfium.FPDFText_GetCharOrigin)
_loose_box = plain(pdfium.FPDFText_GetLooseCharBox)
_matrix = plain(pdfium.FPDFText_GetMatrix)
_font_size = plain(pdfium.FPDFText_GetFontSize, c_double)


_STRETCH = 512
"""Characters that are asked about together."""


class _Answers:
    """Room for the answers about one stretch of characters; `at_x` and so on say where in it the
    answer about each goes."""

    def __init__(self) -> None:
        origins = (c_double * (2 * _STRETCH))()
        boxes = (c_float * (4 * _STRETCH))()
        matrices = (c_float * (6 * _STRETCH))()
        places = range(_STRETCH)
        self.at_x = [byref(origins, 16 * place) for place in places]
        self.at_y = [byref(origins, 16 * place + 8) for place in places]
        self.at_box = [byref(boxes, 16 * place) for place in places]
        self.at_matrix = [byref(matrices, 24 * place) for place in places]
        self.origins = memoryview(origins).cast("B").cast("d")
        self.boxes = memoryview(boxes).cast("B").cast("f")
        self.matrices = memoryview(matrices).cast("B").cast("f")

    def about(
        self, textpage: Any, texts: Sequence[str], indices: Sequence[int]
    ) -> Iterable[tuple[Any, ...]]:
        """Text, x, y, left, bottom, right, top, the first four of the matrix, and the font's size
        of each character of which pdfium knows them all."""
        pages, count = repeat(textpage), len(indices)
        known = list(map(_origin, pages, indices, self.at_x, self.at_y))
        known += map(_loose_box, pages, indices, self.at_box)
        known += map(_matrix, pages, indices, self.at_matrix)
        sizes = map(_font_size, pages, indices)
        at = self.origins[: 2 * count].tolist()
        box = self.boxes[: 4 * count].tolist()
        matrix = self.matrices[: 6 * count].tolist()
        found = zip(
            texts,
            at[::2], at[1::2],
            box[::4], box[3::4], box[2::4], box[1::4],
            matrix[::6], matrix[1::6], matrix[2::6], matrix[3::6],
            sizes,
            strict=True,
        )  # fmt: skip
        if all(known):
            return found
        three = zip(known[:count], known[count : 2 * count], known[2 * count :], strict=True)
        return compress(found, map(all, three))


_answers = cache(_Answers)


def raw_characters(textpage: Any) -> list[RawChar]:
    """The visible, unslanted characters of a page, in the file's coordinates and order."""
    found: list[RawChar] = []
    answers = _answers()
    count = pdfium.FPDFText_CountChars(textpage)
    last_x = last_y = math.nan
    for first in range(0, count, _STRETCH):
        texts, indices = _texts(textpage, range(first, min(first + _STRETCH, count)))
        for text, x, y, left, bottom, right, top, a, b, c, d, em in answers.about(
            textpage, texts, indices
        ):
            if b == 0 and a > 0 and c == 0:
                quarter = 0
                em *= abs(d)
            else:
                degrees = math.degrees(math.atan2(b, a)) % 360
                quarter = round(degrees / 90)
                if abs(degrees - 90 * quarter) > _SLANT:
                    continue
                quarter %= 4
                em *= math.hypot(c, d)
            if not _SMALLEST < em < _LARGEST:
                continue
            if x == last_x and y == last_y and not quarter:
                # Of text in place of what is drawn (/ActualText) only the boxes are spread.
                x = left
            else:
                last_x, last_y = x, y
            found.append(_raw_char((text, x, y, left, bottom, right, top, em, quarter)))
    return found


def _texts(textpage: Any, indices: Sequence[int]) -> tuple[list[str], list[int]]:
    """Those of a page's characters that are not blank, and their numbers."""
    texts: list[str] = []
    kept: list[int] = []
    for index, code in zip(indices, map(_unicode, repeat(textpage), indices), strict=True):
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
        texts.append(text)
        kept.append(index)
    return texts, kept


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
    turns = frame.turns
    frames = [frame._replace(turns=turns + turn) for turn in range(4)]
    straight = turns % 4 == 0
    edge, upper = frame.left, frame.top
    for text, x, y, left, bottom, right, top, em, quarter in raw:
        turn = (quarter - turns) % 4
        if straight and not quarter:
            x -= edge
            base = upper - y
            start, x1 = left - edge, right - edge
        else:
            own = frames[turn]
            x, base = own.point(x, y)
            start, x1 = sorted((own.point(left, bottom)[0], own.point(right, top)[0]))
        # A box may be as tight as its ink; what stands before the ink belongs to the character.
        x0 = x if start - em < x < start else start
        if x1 <= x0:
            x1 = x0 + em / 2
        if turn:
            cx, cy = frame.point((left + right) / 2, (bottom + top) / 2)
        else:
            cx, cy = (x0 + x1) / 2, base - 0.35 * em
        found.append(_char((text, x0, x1, base, em, turn, cx, cy)))
    return _once(found)


def _once(chars: list[Char]) -> list[Char]:
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
    found: set[str] = set()
    rightmost: dict[tuple[str, int], float] = {}
    for text, x0, _, base, em, *_ in chars:
        key = text, lines[base]
        most = rightmost.get(key)
        if most is None or x0 - most >= _TWICE * em:
            rightmost[key] = x0
        else:
            found.add(text)
    return found


def _among(places: Iterable[tuple[float, float]], x: float, base: float, near: float) -> bool:
    for other_x, other_base in places:
        if abs(x - other_x) < near and abs(base - other_base) < near:
            return True
    return False
