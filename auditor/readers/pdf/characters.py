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
from itertools import compress, islice, repeat
from operator import attrgetter, eq, mul
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.calls import handle, plain
from auditor.readers.pdf.marks import Char, Frame
from auditor.readers.pdf.twice import once

LOST = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
_SLANT = 4.0
"""Degrees from upright beyond which text is a watermark."""
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
    ) -> list[Sequence[Any]]:
        """Text, x, y, left, bottom, right, top, the first four of the matrix, and the font's size
        of the characters of which pdfium knows them all: a list of each."""
        pages, count = repeat(handle(textpage)), len(indices)
        known = list(map(_origin, pages, indices, self.at_x, self.at_y))
        known += map(_loose_box, pages, indices, self.at_box)
        known += map(_matrix, pages, indices, self.at_matrix)
        sizes = list(map(_font_size, pages, indices))
        at = self.origins[: 2 * count].tolist()
        box = self.boxes[: 4 * count].tolist()
        matrix = self.matrices[: 6 * count].tolist()
        found = [
            texts,
            at[::2], at[1::2],
            box[::4], box[3::4], box[2::4], box[1::4],
            matrix[::6], matrix[1::6], matrix[2::6], matrix[3::6],
            sizes,
        ]  # fmt: skip
        if all(known):
            return found
        three = zip(known[:count], known[count : 2 * count], known[2 * count :], strict=True)
        wholly = list(map(all, three))
        return [list(compress(column, wholly)) for column in found]


_answers = cache(_Answers)


def raw_characters(textpage: Any) -> list[RawChar]:
    """The visible, unslanted characters of a page, in the file's coordinates and order."""
    found: list[RawChar] = []
    answers = _answers()
    count = pdfium.FPDFText_CountChars(textpage)
    last = math.nan, math.nan
    for first in range(0, count, _STRETCH):
        texts, indices = _texts(textpage, range(first, min(first + _STRETCH, count)))
        columns = answers.about(textpage, texts, indices)
        _, xs, ys, *sides, a, b, c, d, sizes = columns
        ems = list(map(mul, sizes, map(abs, d)))
        places = [last, *zip(xs, ys, strict=True)]
        # Nearly all text is upright and in places of its own; it is taken as it comes.
        if (
            any(b) or any(c)
            or not all([each > 0 for each in set(a)])
            or not all([_SMALLEST < em < _LARGEST for em in set(ems)])
            or any(map(eq, places, islice(places, 1, None)))
        ):  # fmt: skip
            last = _one_by_one(columns, last, found)
        else:
            found += map(_raw_char, zip(texts, xs, ys, *sides, ems, repeat(0)))
            last = places[-1]
    return found


def _one_by_one(
    columns: Sequence[Sequence[Any]], last: tuple[float, float], found: list[RawChar]
) -> tuple[float, float]:
    """Adds what can be seen of characters of any kind, and says where the last one stands: `last`
    is where the one before them does."""
    for text, x, y, left, bottom, right, top, a, b, c, d, em in zip(*columns, strict=True):
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
        if (x, y) == last and not quarter:
            # Of text in place of what is drawn (/ActualText) only the boxes are spread.
            x = left
        else:
            last = x, y
        found.append(_raw_char((text, x, y, left, bottom, right, top, em, quarter)))
    return last


class _Texts(dict[int, str]):
    """What a code says: nothing for a blank, `_ASK` for one of which pdfium is to be asked more."""

    def __missing__(self, code: int) -> str:
        if code not in _BREAKS and (
            code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code >= 0xF0000
        ):
            return _ASK
        text = chr(code)
        self[code] = text = "" if text.isspace() else text
        return text


_BREAKS = frozenset((9, 10, 13))
_ASK = "\0"
_text_of = _Texts().__getitem__


def _texts(textpage: Any, indices: Sequence[int]) -> tuple[list[str], list[int]]:
    """Those of a page's characters that are not blank, and their numbers."""
    codes = list(map(_unicode, repeat(handle(textpage)), indices))
    texts = list(map(_text_of, codes))
    if _ASK in texts:
        for place, text in enumerate(texts):
            if text == _ASK:
                texts[place] = _asked(textpage, indices[place], codes[place])
    return list(filter(None, texts)), list(compress(indices, texts))


def _asked(textpage: Any, index: int, code: int) -> str:
    """Nothing, or what stands for a character of which the file does not say what it is."""
    if pdfium.FPDFText_IsGenerated(textpage, index):
        return ""
    return "" if code < 32 and not pdfium.FPDFText_HasUnicodeMapError(textpage, index) else LOST


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
        if straight and not quarter:
            turn = 0
            x -= edge
            base = upper - y
            start, x1 = left - edge, right - edge
        else:
            turn = (quarter - turns) % 4
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
    return once(found)
