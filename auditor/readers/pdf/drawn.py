"""A page in pdfium in; which digits leave no ink when it is drawn, or are drawn over by marks, out.

What a file says in its text may be in a layer that is not shown, and readers put marks over what
they read. How both look is for programs that draw pages to say, and pdfium is asked: it takes as
long as reading the page, so only where there are layers or marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf import grey_of
from auditor.readers.pdf.annotations import hide
from auditor.readers.pdf.content import Frame
from auditor.readers.pdf.glyphs import UNMAPPED, RawChar, ink_of

_SCALE = 3.0
"""Pixels a point: 216 dpi."""
_MAX_SIDE = 6_000
"""Pixels of a page's longer side."""
_CONTRAST = 24
"""Least difference between shades, of 255, that is seen."""


class Drawn(NamedTuple):
    """A page as so many pixels, or what marks change of it."""

    width: int
    height: int
    shades: bytes
    """In rows from the top."""

    def shades_of(self, char: RawChar, frame: Frame) -> set[int]:
        """The shades where a digit's ink is, on a page of that frame."""
        left, low, right, high = ink_of(char)
        across = self.width / max(frame.right - frame.left, 1.0)
        down = self.height / max(frame.top - frame.bottom, 1.0)
        first, last = ((x - frame.left) * across for x in (left, right))
        upper, lower = ((frame.top - y) * down for y in (high, low))
        columns = range(self.width)[max(round(first), 0) : max(round(last), 0)]
        rows = range(self.height)[max(round(upper), 0) : max(round(lower), 0)]
        found = set[int]()
        for row in rows:
            start = row * self.width
            found.update(self.shades[start + columns.start : start + columns.stop])
        return found


def drawn(page: Any) -> Drawn:
    """The page as it is seen."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_SCALE, _MAX_SIDE / max(width, height, 1.0))
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    return Drawn(across, down, grey_of(page, across, down))


def changed_by(page: Any, marks: Sequence[int]) -> Drawn | None:
    """What the annotations at these places change of what is seen of the page, 0 where nothing;
    None where they change nothing at all. They are hidden then."""
    if not marks:
        return None
    marked = drawn(page)
    hide(page, marks)
    plain = drawn(page)
    one, other = (int.from_bytes(each.shades, "big") for each in (marked, plain))
    changes = (one ^ other).to_bytes(len(plain.shades), "big")
    return plain._replace(shades=changes) if one != other else None


def with_undrawn_digits(raw: Sequence[RawChar], page: Drawn, frame: Frame) -> list[RawChar]:
    """The characters, those digits unread that leave no ink."""
    found = list(raw)
    for place, char in enumerate(raw):
        if char.text.isdecimal():
            shades = page.shades_of(char, frame)
            if not shades or max(shades) - min(shades) < _CONTRAST:
                found[place] = char._replace(text=UNMAPPED)
    return found


def with_marked_digits(raw: Sequence[RawChar], changes: Drawn, frame: Frame) -> list[RawChar]:
    """The characters, those digits unread that a mark is drawn over."""
    return [
        char._replace(text=UNMAPPED)
        if char.text.isdecimal() and any(changes.shades_of(char, frame))
        else char
        for char in raw
    ]
