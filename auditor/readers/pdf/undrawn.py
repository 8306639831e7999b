"""The text objects of a page in pdfium, in; whether it leaves out what some of them say, out.

Of a font that is neither in the file nor on the machine pdfium knows how wide its characters are,
not how high. Written sideways they have no width then, and what has none it takes for blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref, c_float, c_void_p

import pypdfium2.raw as pdfium

from auditor.readers.pdf.calls import plain

_FEWEST = 20
"""Texts on a page of which no character is found, from which on they are no mere blanks."""
_HANDLE = (c_void_p,)
_bounds_of = plain(pdfium.FPDFPageObj_GetBounds)
_font_of = plain(pdfium.FPDFTextObj_GetFont, c_void_p, _HANDLE)
_is_embedded = plain(pdfium.FPDFFont_GetIsEmbedded, takes=_HANDLE)


def lacks_text(texts: Sequence[int], characters: int) -> bool:
    """Whether there is text on the page that cannot be had, given the addresses of its text objects
    and how many characters pdfium finds in them."""
    if characters == 0:
        return len(texts) >= _FEWEST
    fonts = list(map(_font_of, texts))
    lent = {font for font in set(fonts) if font and not _is_embedded(font)}
    if not lent:
        return False
    numbers = left, bottom, right, top = [c_float() for _ in range(4)]
    places = [byref(number) for number in numbers]
    suspects: set[int] = set()
    drawn: set[int] = set()
    for text, font in zip(texts, fonts, strict=True):
        if font in lent:
            _bounds_of(c_void_p(text), *places)
            if bottom.value != top.value:
                (suspects if left.value == right.value else drawn).add(font)
    # Blanks have no width either; but a font that the machine has draws more than blanks.
    return bool(suspects - drawn)
