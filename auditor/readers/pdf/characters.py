"""A page's text in pdfium, in; its characters, upright and each once, out."""

from __future__ import annotations

import math
from collections import Counter
from ctypes import byref, c_double
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.marks import Char, Frame

LOST = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
_SLANT = 4.0
"""Degrees from upright beyond which text is a watermark."""
_TWICE = 0.15
"""Share of an em within which the same character again is the same one, drawn bold."""


class RawChar(NamedTuple):
    text: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    em: float
    quarter: int
    """Quarter turns counter-clockwise, in the file's coordinates."""


def raw_characters(textpage: Any) -> list[RawChar]:
    """The visible, unslanted characters of a page, in the file's coordinates and order."""
    found: list[RawChar] = []
    x, y = c_double(), c_double()
    box = pdfium.FS_RECTF()
    matrix = pdfium.FS_MATRIX()
    at_x, at_y, at_box, at_matrix = byref(x), byref(y), byref(box), byref(matrix)
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code < 32 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900 or code >= 0xF0000:
            if pdfium.FPDFText_IsGenerated(textpage, index) or code in (9, 10, 13):
                continue
            if code < 32 and not pdfium.FPDFText_HasUnicodeMapError(textpage, index):
                continue
            text = LOST
        else:
            text = chr(code) if not 0xD800 <= code < 0xE000 else LOST
            if text.isspace():
                continue
        if not (
            pdfium.FPDFText_GetCharOrigin(textpage, index, at_x, at_y)
            and pdfium.FPDFText_GetLooseCharBox(textpage, index, at_box)
            and pdfium.FPDFText_GetMatrix(textpage, index, at_matrix)
        ):
            continue
        degrees = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        quarter = round(degrees / 90)
        if abs(degrees - 90 * quarter) > _SLANT:
            continue
        em = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        if not 0.5 < em < 500:
            continue
        sides = (box.left, box.bottom, box.right, box.top)
        found.append(RawChar(text, x.value, y.value, sides, em, quarter % 4))
    return found


def upright(raw: list[RawChar]) -> int:
    """How many quarter turns clockwise make most of the text upright."""
    counts = Counter(char.quarter for char in raw)
    counts[0] += 1
    return counts.most_common(1)[0][0]


def characters(raw: list[RawChar], frame: Frame) -> list[Char]:
    """The characters on the page as it is read; what was drawn twice stands once."""
    found: list[Char] = []
    seen: dict[tuple[str, int], list[tuple[float, float]]] = {}
    frames = [frame._replace(turns=frame.turns + turn) for turn in range(4)]
    for char in raw:
        turn = (char.quarter - frame.turns) % 4
        own = frames[turn]
        x, base = own.point(char.x, char.y)
        left, bottom, right, top = char.box
        ends = own.point(left, bottom)[0], own.point(right, top)[0]
        x0, x1 = min(x, *ends), max(ends)
        if x - x0 > char.em:
            x0 = min(ends)
        if x1 <= x0:
            x1 = x0 + char.em / 2
        near = _TWICE * char.em
        line = round(base)
        if any(
            abs(x0 - other_x) < near and abs(base - other_base) < near
            for place in (line - 1, line, line + 1)
            for other_x, other_base in seen.get((char.text, place), ())
        ):
            continue
        seen.setdefault((char.text, line), []).append((x0, base))
        cx, cy = (x0 + x1) / 2, base - 0.35 * char.em
        if turn:
            cx, cy = frame.point((left + right) / 2, (bottom + top) / 2)
        found.append(Char(char.text, x0, x1, base, char.em, turn, cx, cy))
    return found
