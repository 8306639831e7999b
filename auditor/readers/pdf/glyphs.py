"""A page in pdfium in; its characters, upright and each once, out.

Most of the time that a page takes would go into calls, so each is made once a character and as
plainly as ctypes can, and the answers are taken together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from ctypes import byref, c_double, c_float, c_uint, c_void_p
from functools import cache, partial
from itertools import compress, islice, repeat
from operator import attrgetter, eq, mul
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf import handle, plain
from auditor.readers.pdf.content import Box, Char, Frame

UNMAPPED = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
_SLANT = 4.0
"""Degrees from upright beyond which text is a watermark."""
SMALLEST, LARGEST = 0.5, 500.0
"""Points between which an em must be to be seen."""
_SIDE = 0.08
"""Share of an em at each side of a digit without ink."""
_HEIGHT = 0.65
"""Share of an em that a digit is high."""
_SAME_PLACE = 0.15
"""Share of an em within which the same character again is the same one, drawn bold."""
_STRIP = 8.0
"""Points of a line that are searched together for a character drawn before."""
_FARTHEST = 1e9
_BATCH = 512
"""Characters that are asked about together."""
_BREAKS = frozenset((9, 10, 13))
_UNKNOWN = "\0"
_MIN_TEXTS = 20
"""Texts on a page of which no character is found, from which on they are no mere blanks."""
_HANDLE = (c_void_p,)
_bounds_of = plain(pdfium.FPDFPageObj_GetBounds)
_font_of = plain(pdfium.FPDFTextObj_GetFont, c_void_p, _HANDLE)
_is_embedded = plain(pdfium.FPDFFont_GetIsEmbedded, takes=_HANDLE)


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
_cx = attrgetter("cx")
_EDGE = 24.0
"""Points from a side of the page within which text is looked at more closely."""
_base, _em, _quarter = attrgetter("base"), attrgetter("em"), attrgetter("quarter")
_unicode = plain(pdfium.FPDFText_GetUnicode, c_uint)
_origin = plain(pdfium.FPDFText_GetCharOrigin)
_loose_box = plain(pdfium.FPDFText_GetLooseCharBox)
_matrix = plain(pdfium.FPDFText_GetMatrix)
_font_size = plain(pdfium.FPDFText_GetFontSize, c_double)


class _Buffers:
    """Room for the answers about one stretch of characters; `at_x` and so on say where in it the
    answer about each goes."""

    def __init__(self) -> None:
        origins = (c_double * (2 * _BATCH))()
        boxes = (c_float * (4 * _BATCH))()
        matrices = (c_float * (6 * _BATCH))()
        places = range(_BATCH)
        self.at_x = [byref(origins, 16 * place) for place in places]
        self.at_y = [byref(origins, 16 * place + 8) for place in places]
        self.at_box = [byref(boxes, 16 * place) for place in places]
        self.at_matrix = [byref(matrices, 24 * place) for place in places]
        self.origins = memoryview(origins).cast("B").cast("d")
        self.boxes = memoryview(boxes).cast("B").cast("f")
        self.matrices = memoryview(matrices).cast("B").cast("f")

    def query(
        self, textpage: Any, texts: Sequence[str], indices: Sequence[int]
    ) -> list[Sequence[Any]]:
        """Text, x, y, left, bottom, right, top, the first four of the matrix, and the font's size
        of the characters of which pdfium knows them all: a list of each."""
        pages, count = repeat(handle(textpage)), len(indices)
        are_known = list(map(_origin, pages, indices, self.at_x, self.at_y))
        are_known += map(_loose_box, pages, indices, self.at_box)
        are_known += map(_matrix, pages, indices, self.at_matrix)
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
        if all(are_known):
            return found
        three = zip(
            are_known[:count], are_known[count : 2 * count], are_known[2 * count :], strict=True
        )
        is_complete = list(map(all, three))
        return [list(compress(column, is_complete)) for column in found]


_buffers = cache(_Buffers)


def raw_characters(textpage: Any) -> list[RawChar]:
    """The visible, unslanted characters of a page, in the file's coordinates and order."""
    found: list[RawChar] = []
    answers = _buffers()
    count = pdfium.FPDFText_CountChars(textpage)
    last = math.nan, math.nan
    for first in range(0, count, _BATCH):
        texts, indices = _texts(textpage, range(first, min(first + _BATCH, count)))
        columns = answers.query(textpage, texts, indices)
        _, xs, ys, *sides, a, b, c, d, sizes = columns
        ems = list(map(mul, sizes, map(abs, d)))
        places = [last, *zip(xs, ys, strict=True)]
        # Nearly all text is upright and in places of its own; it is taken as it comes.
        if (
            any(b) or any(c)
            or not all([each > 0 for each in set(a)])
            or not all([SMALLEST < em < LARGEST for em in set(ems)])
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
            turned = quarter_turns(a, b)
            if turned is None:
                continue
            quarter = turned
            em *= math.hypot(c, d)
        if not SMALLEST < em < LARGEST:
            continue
        if (x, y) == last and not quarter:
            # Of text in place of what is drawn (/ActualText) only the boxes are spread.
            x = left
        else:
            last = x, y
        found.append(_raw_char((text, x, y, left, bottom, right, top, em, quarter)))
    return last


def quarter_turns(a: float, b: float) -> int | None:
    """By how many quarters text with this matrix is turned, counter-clockwise; None for slanted
    text, which is a watermark."""
    degrees = math.degrees(math.atan2(b, a)) % 360
    quarter = round(degrees / 90)
    return quarter % 4 if abs(degrees - 90 * quarter) <= _SLANT else None


class _Texts(dict[int, str]):
    """What a code says: nothing for a blank, `_UNKNOWN` where pdfium is to be asked more."""

    def __missing__(self, code: int) -> str:
        if code not in _BREAKS and (
            code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code >= 0xF0000
        ):
            return _UNKNOWN
        text = chr(code)
        self[code] = text = "" if text.isspace() else text
        return text


_text_of = _Texts().__getitem__


def _texts(textpage: Any, indices: Sequence[int]) -> tuple[list[str], list[int]]:
    """Those of a page's characters that are not blank, and their numbers."""
    codes = list(map(_unicode, repeat(handle(textpage)), indices))
    texts = list(map(_text_of, codes))
    if _UNKNOWN in texts:
        for place, text in enumerate(texts):
            if text == _UNKNOWN:
                texts[place] = _unmapped_text(textpage, indices[place], codes[place])
    return list(filter(None, texts)), list(compress(indices, texts))


def _unmapped_text(textpage: Any, index: int, code: int) -> str:
    """Nothing, or what stands for a character of which the file does not say what it is."""
    if pdfium.FPDFText_IsGenerated(textpage, index):
        return ""
    return "" if code < 32 and not pdfium.FPDFText_HasUnicodeMapError(textpage, index) else UNMAPPED


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
    return _deduplicated(_cut_off(found, frame.size[0]))


def _cut_off(chars: list[Char], width: float) -> list[Char]:
    """The characters, digits unread that touch a side of the page: tables that are too wide go on
    beyond it, and what stands there is not in the text."""
    if not chars or (min(map(_cx, chars)) > _EDGE and max(map(_cx, chars)) < width - _EDGE):
        return chars
    return [
        char._replace(text=UNMAPPED)
        if char.text.isdecimal() and not char.em < char.cx < width - char.em
        else char
        for char in chars
    ]


def _deduplicated(chars: list[Char]) -> list[Char]:
    """The characters without those that were drawn there before."""
    doubtful = _possible_repeats(chars)
    if not doubtful:
        return chars
    found: list[Char] = []
    char_frame: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for char in chars:
        text, x0, _, base, em, *_ = char
        if text in doubtful:
            near = _SAME_PLACE * em
            line = round(base)
            at = min(_FARTHEST, max(-_FARTHEST, x0))
            strips = range(int((at - near) // _STRIP), int((at + near) // _STRIP) + 1)
            if any(
                _has_near(char_frame[key], x0, base, near)
                for strip in strips
                for key in ((text, line, strip), (text, line - 1, strip), (text, line + 1, strip))
                if key in char_frame
            ):
                continue
            char_frame.setdefault((text, line, int(at // _STRIP)), []).append((x0, base))
        found.append(char)
    return found


def _possible_repeats(chars: Sequence[Char]) -> set[str]:
    """The characters of which one may be drawn twice: on some line it does not stand to the right
    of where it stood before."""
    widest = _SAME_PLACE * max(map(_em, chars), default=0.0)
    lines: dict[float, int] = {}
    before = -math.inf
    for number, base in enumerate(sorted(set(map(_base, chars)))):
        lines[base] = number if base - before >= widest else lines[before]
        before = base
    turned = _lines_with_steps_back(chars, lines)
    found: set[str] = set()
    rightmost: dict[tuple[str, int], float] = {}
    for text, x0, _, base, em, *_ in chars if turned else ():
        key = text, lines[base]
        if key[1] not in turned:
            continue
        most = rightmost.get(key)
        if most is None or x0 - most >= _SAME_PLACE * em:
            rightmost[key] = x0
        else:
            found.add(text)
    return found


def _lines_with_steps_back(chars: Iterable[Char], lines: Mapping[float, int]) -> set[int]:
    """The lines on which some character, whichever, does not stand to the right of all before."""
    found: set[int] = set()
    rightmost: dict[int, float] = {}
    at, line, most = math.nan, -1, -math.inf
    for _, x0, _, base, em, _, _, _ in chars:
        if base != at:
            rightmost[line] = most
            at, line = base, lines[base]
            most = rightmost.get(line, -math.inf)
        if x0 - most >= _SAME_PLACE * em:
            most = x0
        else:
            found.add(line)
    return found


def _has_near(places: Iterable[tuple[float, float]], x: float, base: float, near: float) -> bool:
    for other_x, other_base in places:
        if abs(x - other_x) < near and abs(base - other_base) < near:
            return True
    return False


def ink_of(char: RawChar) -> Box:
    """The box of a digit's ink."""
    margin = _SIDE * char.em
    if char.quarter:
        return char.left + margin, char.bottom + margin, char.right - margin, char.top - margin
    return char.left + margin, char.y + margin, char.right - margin, char.y + _HEIGHT * char.em


def lacks_text(texts: Sequence[int], characters: int) -> bool:
    """Whether there is text on the page that cannot be had, given the addresses of its text objects
    and how many characters pdfium finds in them.

    Of a font that is neither in the file nor on the machine pdfium knows how wide its characters
    are, not how high. Written sideways they have no width then, and what has none it takes for
    blank."""
    if characters == 0:
        return len(texts) >= _MIN_TEXTS
    fonts = list(map(_font_of, texts))
    substituted = {font for font in set(fonts) if font and not _is_embedded(font)}
    if not substituted:
        return False
    numbers = left, bottom, right, top = [c_float() for _ in range(4)]
    places = [byref(number) for number in numbers]
    suspects: set[int] = set()
    drawn: set[int] = set()
    for text, font in zip(texts, fonts, strict=True):
        if font in substituted:
            _bounds_of(c_void_p(text), *places)
            if bottom.value != top.value:
                (suspects if left.value == right.value else drawn).add(font)
    # Blanks have no width either; but a font that the machine has draws more than blanks.
    return bool(suspects - drawn)
