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
    numbers = left, bottom, right, top = [c_float() for _ in range(4)]
    places = [byref(number) for number in numbers]
    flat: list[int] = []
    high: list[int] = []
    for text in texts:
        _bounds_of(c_void_p(text), *places)
        if bottom.value != top.value:
            (flat if left.value == right.value else high).append(text)
    if not flat:
        return False
    # Blanks are flat too, in whatever font; but a font that the machine has draws more than blanks.
    suspects = {font for font in map(_font_of, flat) if not _is_embedded(font)}
    return bool(suspects.difference(map(_font_of, high)))
