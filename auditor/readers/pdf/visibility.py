"""A page's characters and what is painted on it in; the characters, those digits unread that nobody
can see whole, out.

A digit is not seen whole where a clip path cuts it off, something is painted over it, or it has the
colour of what is behind it. Beside others it looks like no digit of their figure, so none is left
out: the figure is unread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from ctypes import byref, c_double, c_void_p, cast, string_at
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf import handle, plain
from auditor.readers.pdf.content import (
    EVERYWHERE,
    LIGHT,
    PAGE,
    TRANSPARENT,
    Box,
    Colour,
    Drawings,
    Fill,
    ObjectReader,
    clip_of,
    count_clips,
)
from auditor.readers.pdf.glyphs import UNMAPPED, RawChar, ink_of

_WHITE: Colour = (255, 255, 255)
_SAME_COLOUR = 255 - LIGHT
"""Most that a colour may differ from what is behind it, and not be seen."""
_LONGEST = 20
"""Characters that a figure may have at each side of one of them."""
_MAX_COMPARED = 4_000_000
"""Areas times characters, from which on no digit is looked at."""
_FIGURE_SIGNS = frozenset("0123456789.,")
_GAP = 0.2
"""Share of an em that may be between the characters of a figure."""
_UNPAINTED = frozenset((pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP))
_HANDLE = (c_void_p,)
_origin = plain(pdfium.FPDFText_GetCharOrigin)
_text_object = plain(pdfium.FPDFText_GetTextObject, c_void_p)
_render_mode = plain(pdfium.FPDFTextObj_GetTextRenderMode, takes=_HANDLE)
_fill_colour = plain(pdfium.FPDFPageObj_GetFillColor, takes=_HANDLE)


class _Text(NamedTuple):
    """How a text is painted of which some digit may not be seen."""

    colour: Colour | None
    """None where it leaves no ink."""
    visible: Box
    behind: Sequence[Fill]
    over: Sequence[Fill]


def with_unseen_digits(
    document: Any, page: Any, textpage: Any, raw: list[RawChar], drawings: Drawings
) -> tuple[list[RawChar], bool]:
    """The characters, with those digits unread that cannot be seen whole; and whether a clip path
    cuts off any."""
    if len(drawings.fills) * (len(raw) + len(drawings.texts)) > _MAX_COMPARED:
        return [
            char._replace(text=UNMAPPED) if char.text.isdecimal() else char for char in raw
        ], True
    texts = _doubtful_texts(raw, drawings)
    if not texts:
        return raw, False
    by_origin: dict[tuple[float, float], list[_Text]] = {}
    x, y = c_double(), c_double()
    pages, at_x, at_y = handle(textpage), byref(x), byref(y)
    count = pdfium.FPDFText_CountChars(textpage)
    for index, address in enumerate(map(_text_object, repeat(pages), range(count))):
        if (text := texts.get(address)) is not None:
            _origin(pages, index, at_x, at_y)
            by_origin.setdefault((x.value, y.value), []).append(text)
    unseen: set[int] = set()
    rooms: set[float] = set()
    pictures = _Pictures(document, page)
    is_cut_off = False
    for place, char in enumerate(raw):
        for text in by_origin.get((char.x, char.y), ()):
            is_cut = not _holds(text.visible, ink_of(char))
            is_cut_off = is_cut_off or is_cut
            if not char.text.isdecimal():
                continue
            start, end = _figure_sides(raw, place)
            left, _, right, _ = text.visible
            least, most = sorted((abs(start - left), abs(end - right)))
            if is_cut or (least < char.right - char.left and most < char.em):
                rooms.add(round(right - start, 1))
            elif not _is_unseen(pictures, ink_of(char), text):
                continue
            unseen.add(place)
    # Programs neither write characters that are cut off whole, nor the clip path of what is left:
    # a figure is doubted that fills as much room as another has that is cut off.
    ordered = sorted(rooms)
    for place, char in enumerate(raw if rooms else ()):
        if char.text.isdecimal():
            start, end = _figure_sides(raw, place)
            width = char.right - char.left
            least = bisect_right(ordered, end - start - width)
            if least < len(ordered) and ordered[least] < end - start + width:
                unseen.add(place)
    # What is cut off may lie over the cell beside, and leave the rest of its figure in its own.
    for step in (1, -1):
        for place in sorted(unseen, reverse=step < 0):
            while place + step not in unseen and _is_one_figure(raw, place, place + step):
                place += step
                unseen.add(place)
    found = [
        char._replace(text=UNMAPPED) if place in unseen and char.text.isdecimal() else char
        for place, char in enumerate(raw)
    ]
    return found, is_cut_off


def _is_one_figure(raw: Sequence[RawChar], one: int, other: int) -> bool:
    """Whether two characters that are drawn after each other belong to one figure."""
    if not 0 <= other < len(raw) or raw[other].text not in _FIGURE_SIGNS:
        return False
    first, last = (raw[place] for place in sorted((one, other)))
    return first.y == last.y and abs(last.left - first.right) < _GAP * first.em


def _figure_sides(raw: Sequence[RawChar], place: int) -> tuple[float, float]:
    """Where the figure of a digit begins and ends."""
    first = last = place
    while place - first < _LONGEST and _is_one_figure(raw, first, first - 1):
        first -= 1
    while last - place < _LONGEST and _is_one_figure(raw, last, last + 1):
        last += 1
    return raw[first].left, raw[last].right


def _doubtful_texts(raw: Sequence[RawChar], drawings: Drawings) -> dict[int, _Text]:
    """By its address, each text of which some digit may not be seen."""
    texts, fills, objects = drawings.texts, drawings.fills, ObjectReader()
    paints = [objects.paint(text, _fill_colour) for text in texts]
    grounds = {_WHITE, *(fill.colour for fill in fills if fill.colour)}
    is_same = {
        paint: paint[3] <= TRANSPARENT or any(_is_same(paint, ground) for ground in grounds)
        for paint in set(paints)
    }
    modes = list(map(_render_mode, texts))
    clips = list(map(count_clips, map(clip_of, texts)))
    last_covered = max((fill.texts_before for fill in fills), default=0)
    is_any_clipped = max(clips, default=0) > 0 or drawings.within
    if not (last_covered or is_any_clipped or any(is_same.values()) or _UNPAINTED & {*modes}):
        return {}
    # Such as lie beside all text cover none and are behind none.
    extent = _extent(raw) if raw else EVERYWHERE
    fills = [fill for fill in drawings.fills if _meets(fill.box, extent)]
    painted = [fill.texts_before for fill in fills]
    found: dict[int, _Text] = {}
    for index, (text, paint, mode, clip) in enumerate(
        zip(texts, paints, modes, clips, strict=True)
    ):
        form = drawings.within.get(text, PAGE)
        visible = objects.visible(text, form) if clip > 0 else form.visible
        is_unpainted = mode in _UNPAINTED
        before = bisect_right(painted, index)
        is_cut = visible is not EVERYWHERE and not _holds(visible, extent)
        if is_unpainted or is_same[paint] or before < len(fills) or is_cut:
            colour = None if is_unpainted or paint[3] <= TRANSPARENT else paint[:3]
            found[text] = _Text(colour, visible, fills[:before], fills[before:])
    return found


def _is_unseen(pictures: _Pictures, ink: Box, text: _Text) -> bool:
    """Whether a digit with this ink is behind something, or has the colour of what is behind it."""
    if text.colour is None:
        return True
    if any(_meets(fill.box, ink) and pictures.hides(fill, ink) for fill in text.over):
        return True
    for fill in reversed(text.behind):
        if _meets(fill.box, ink):
            if fill.colour is None or _is_same(text.colour, fill.colour):
                return True
            if _holds(fill.box, ink):
                return False
    return _is_same(text.colour, _WHITE)


class _Pictures(dict[int, tuple[bytes, int, int] | None]):
    """By its address, how opaque each place of an image on a page is, in rows from the top, with
    how many there are and how many a row has; None for one that hides all behind it."""

    def __init__(self, document: Any, page: Any) -> None:
        super().__init__()
        self._of = document, page

    def __missing__(self, image: int) -> tuple[bytes, int, int] | None:
        self[image] = found = self._opacity(cast(image, pdfium.FPDF_PAGEOBJECT))
        return found

    def _opacity(self, image: Any) -> tuple[bytes, int, int] | None:
        bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(*self._of, image)
        if not bitmap:
            return None
        try:
            if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
                return None
            height, stride = (
                pdfium.FPDFBitmap_GetHeight(bitmap),
                pdfium.FPDFBitmap_GetStride(bitmap),
            )
            content = string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
            return content[3::4], height, stride // 4
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def hides(self, fill: Fill, ink: Box) -> bool:
        """Whether something is painted in an area over a digit: of stamps and watermarks, which are
        pictures, most is clear."""
        picture = self[fill.image] if fill.image else None
        if picture is None:
            return True
        opaque, height, width = picture
        left, low, right, high = fill.box
        across, down = width / (right - left), height / (high - low)
        first, last = (max(int((side - left) * across), 0) for side in (ink[0], ink[2]))
        upper, lower = (max(int((high - side) * down), 0) for side in (ink[3], ink[1]))
        rows = (
            opaque[row * width + first : row * width + last]
            for row in range(upper, min(lower, height))
        )
        return any(max(row, default=0) > TRANSPARENT for row in rows)


def _extent(raw: Iterable[RawChar]) -> Box:
    """The box around all characters."""
    _, _, _, lefts, lows, rights, highs, *_ = zip(*raw, strict=True)
    return min(lefts), min(lows), max(rights), max(highs)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0] and outer[1] <= inner[1]
        and inner[2] <= outer[2] and inner[3] <= outer[3]
    )  # fmt: skip


def _meets(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_same(one: Sequence[int], other: Colour) -> bool:
    """Whether two colours cannot be told apart."""
    return all(abs(a - b) <= _SAME_COLOUR for a, b in zip(one, other, strict=False))
