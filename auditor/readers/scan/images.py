"""Image files in; grey images of pages, upright, level and evenly lit, and what is drawn on them,
out: the edges, and the ink between.

Places on an image are told in points. One that says its resolution is measured by it; one that does
not, or says one that only screens have, is taken to be as long as a sheet of A4.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageFile, ImageOps, ImageSequence

from auditor.model.source import Document
from auditor.readers.pdf import MAX_PIXELS, RenderedPage
from auditor.readers.pdf.content import Box, Edge
from auditor.refusals import refusal

Grey = npt.NDArray[np.uint8]

DPI = 216
"""Dots per inch at which pages are looked at: three to a point."""
_MAX_DPI, _MIN_DPI = 2400, 100
"""Below this the number is a screen's, not a scanner's."""
_LONG_SIDE = 842.0
_MAX_PAGES = 100
_MAX_SKEW = 4.0
"""Degrees by which a sheet may lie askew."""
_SKEW_SIDE = 1800
"""Pixels of the long side in which the slope is measured."""


class PageImage(Struct, frozen=True):
    """A page as a picture: 0 is black, 255 white; `scale` pixels to a point."""

    number: int
    grey: Grey
    scale: float


def of_rendered(page: RenderedPage) -> PageImage:
    """The picture of a page of a PDF."""
    grey = np.frombuffer(page.grey, np.uint8).reshape(page.height, page.width)
    return PageImage(page.number, grey, page.width / page.points[0])


def pages_of(document: Document) -> Iterator[PageImage]:
    """Each page of an image file. Raises `InputError`: damaged, too large."""

    try:
        with warnings.catch_warnings(), _whole_pictures_only():
            # A picture beyond the limit is refused below by its size; what else Pillow warns of,
            # such as odd metadata, is no fault of the page.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(document.content), formats=("PNG", "JPEG", "TIFF")) as opened:
                count = getattr(opened, "n_frames", 1)
                if count > _MAX_PAGES:
                    counts = {"count": f"{count:,}", "most": str(_MAX_PAGES)}
                    raise refusal("too-large/picture-pages", document.name, **counts)
                for index, frame in enumerate(ImageSequence.Iterator(opened)):
                    if frame.width * frame.height > MAX_PIXELS:
                        raise refusal(
                            "too-large/picture-size",
                            document.name,
                            width=f"{frame.width:,}",
                            height=f"{frame.height:,}",
                            most=f"{MAX_PIXELS:,}",
                        )
                    upright = ImageOps.exif_transpose(frame)
                    grey = np.asarray(_on_white(upright).convert("L"), np.uint8)
                    yield _at_our_scale(index + 1, grey, frame.info.get("dpi"))
    except Image.DecompressionBombError as error:
        raise refusal("too-large/picture", document.name, most=f"{MAX_PIXELS:,}") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        TypeError,
        IndexError,
        ZeroDivisionError,
        OverflowError,
        AttributeError,
    ) as error:
        # Pillow's decoders say in many ways that the bytes are not what they promise.
        raise refusal("damaged/picture", document.name) from error


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """Has Pillow refuse a picture that is cut off, even where another library of the process has
    told it to fill such with grey."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _on_white(image: Image.Image) -> Image.Image:

    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        values = np.asarray(image, np.float64)
        top = values.max() or 1.0
        return Image.fromarray((values / top * 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        opaque = image.convert("RGBA")
        paper = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(paper, opaque)
    return image


def _at_our_scale(number: int, grey: Grey, declared: object) -> PageImage:
    height, width = grey.shape
    dpi = _resolution(declared) or max(height, width) / _LONG_SIDE * 72
    factor = DPI / dpi
    if factor != 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        if size[0] * size[1] > MAX_PIXELS:
            factor = 1.0
        else:
            way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            grey = np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
    return PageImage(number, grey, dpi * factor / 72)


def _resolution(declared: object) -> float | None:
    if not isinstance(declared, tuple) or not declared:
        return None
    try:
        dpi = float(declared[0])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return dpi if _MIN_DPI <= dpi <= _MAX_DPI else None


class Skew(Struct, frozen=True):
    """By how many degrees a page was turned to be level, and its size in points."""

    degrees: float
    width: float
    height: float

    def back(self, box: Box) -> Box:
        """A box on the level page, put where its centre stood on the page as it lay."""
        if not self.degrees:
            return box
        turn = math.radians(self.degrees)
        x = (box[0] + box[2] - self.width) / 2
        y = (box[1] + box[3] - self.height) / 2
        dx = x * math.cos(turn) - y * math.sin(turn) - x
        dy = x * math.sin(turn) + y * math.cos(turn) - y
        return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def normalised(picture: PageImage) -> PageImage:
    """The picture with its paper white and its darkest ink black."""
    grey = picture.grey
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    reach = max(3, round(5 * picture.scale / 8) * 2 + 1)
    # The paper is what the lightest pixels around show; dark areas wider than this stay dark.
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), 5)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    shade = grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 1)
    paper_level = float(np.median(shade))
    dark = min(float(np.quantile(shade[::2, ::2], 0.005)), paper_level - 0.15)
    even = (shade - dark) / max(paper_level - dark, 0.05)
    return replace(picture, grey=(np.clip(even, 0, 1) * 255).astype(np.uint8))


def deskewed(picture: PageImage) -> tuple[PageImage, Skew]:
    """The picture turned so that its lines run level."""
    degrees = _skew_of(picture.grey)
    height, width = (side / picture.scale for side in picture.grey.shape)
    if degrees:
        picture = replace(picture, grey=_turned(picture.grey, degrees))
    return picture, Skew(degrees, width, height)


def quarter_turned(picture: PageImage, turns: int) -> PageImage:
    """The picture turned clockwise by quarters."""
    return replace(picture, grey=np.ascontiguousarray(np.rot90(picture.grey, -turns)))


def _turned(grey: Grey, degrees: float) -> Grey:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(
        cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255),
        np.uint8,
    )


def _skew_of(grey: Grey) -> float:
    """The turn after which ink gathers in the fewest rows."""
    shrink = min(1.0, _SKEW_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ink = np.asarray(255 - small, np.uint8)
    angles = np.arange(-_MAX_SKEW, _MAX_SKEW + 0.01, 0.25)
    best = max(angles, key=lambda angle: _row_contrast(ink, float(angle)))
    for step in (0.05, 0.01):
        near = best + np.arange(-5, 6) * step
        best = max(near, key=lambda angle: _row_contrast(ink, float(angle)))
    return float(best) if _row_contrast(ink, float(best)) > 1.005 * _row_contrast(ink, 0.0) else 0.0


def _row_contrast(ink: npt.NDArray[np.uint8], degrees: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())


Window = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
Glyph = npt.NDArray[np.float32]

_FAINT = 205
"""Of a softened picture: darker than this is ink, if only a trace."""
_SPECK = 1.5
"""Points: what is smaller in both directions is dirt, or a stop without its figure."""
_EDGE = 1.5
"""Points within which ink along a cell's side is the rule's."""
_LINE_GAP = 1.0
"""Points that part lines of writing."""
_LOW, _HIGH = 0.6, 2.0
_LONG = 14.0
"""Points: shorter level strokes are parts of characters."""
_SHORT = 8.0
_SURE_LEVEL = 70.0
_SURE_UPRIGHT = 30.0
"""A stroke shorter than this is a rule only where it runs from one crossing rule to another."""
_TOUCH = 1.2
_GAP = 1.0
_THICKEST = 4.0
_INK = 110
"""Half black; rules of a pale print are as black as anything on an evened page."""
_HEIGHT, _WIDTH = 24, 20
"""Pixels of the frame in which a digit is compared."""
_DARK = 150
_PALE = 50
_NARROWEST = 0.12
"""Of the height: what is narrower is a point, or a grain."""


class DrawnEdges(NamedTuple):
    """The rules of a page and a mask of them: 255 where one is drawn."""

    horizontal: tuple[Edge, ...]
    vertical: tuple[Edge, ...]
    mask: Grey


class _Stroke(NamedTuple):
    rule: Edge
    top: int
    left: int
    shape: Grey
    """Its pixels, in a window that begins at `top`, `left`."""

    @property
    def length(self) -> float:
        return self.rule.end - self.rule.start


def edges_of(picture: PageImage) -> DrawnEdges:
    """The level and upright rules."""
    scale = picture.scale
    ink = np.asarray((picture.grey < 255 - _INK) * 255, np.uint8)
    level = _strokes(ink, scale, _LONG)
    upright = _strokes(np.ascontiguousarray(ink.T), scale, _SHORT)
    uprights = [each for each in upright if each.length >= _SURE_UPRIGHT]
    levels = _rules_among(level, _drawn(uprights, ink.T.shape).T, _SURE_LEVEL, scale)
    across = _drawn(levels, ink.shape)
    uprights = _rules_among(upright, across.T, _SURE_UPRIGHT, scale)
    mask = across | _drawn(uprights, ink.T.shape).T
    horizontal, vertical = (tuple(each.rule for each in found) for found in (levels, uprights))
    return DrawnEdges(horizontal, vertical, mask)


def _drawn(strokes: Sequence[_Stroke], size: tuple[int, ...]) -> Grey:
    canvas = np.zeros(size, np.uint8)
    for each in strokes:
        height, width = each.shape.shape
        canvas[each.top : each.top + height, each.left : each.left + width] |= each.shape
    return canvas


def _strokes(ink: Grey, scale: float, shortest: float) -> list[_Stroke]:
    """Level strokes at least so long; gaps that noise tears are closed, wavering is allowed."""
    gap = max(1, round(_GAP * scale))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8))
    thick = cv2.dilate(closed, np.ones((3, 1), np.uint8))
    length = max(3, round(shortest * scale))
    found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(found, connectivity=8)
    strokes = []
    for index in range(1, count):
        left, top, width, height, area = (int(part) for part in stats[index])
        if area / width - 2 > _THICKEST * scale:
            continue
        at = float(centres[index][1]) + 0.5
        rule = Edge(at / scale, left / scale, (left + width) / scale)
        shape = labels[top : top + height, left : left + width] == index
        strokes.append(_Stroke(rule, top, left, np.asarray(shape * 255, np.uint8)))
    return strokes


def _rules_among(
    strokes: Sequence[_Stroke], crossing: Grey, sure_length: float, scale: float
) -> list[_Stroke]:
    """The strokes that are rules: long ones, and those from one crossing rule to another."""
    reach = max(1, round(_TOUCH * scale))
    near = cv2.dilate(np.ascontiguousarray(crossing), np.ones((2 * reach + 1,) * 2, np.uint8))
    kept = []
    for each in strokes:
        ends = np.flatnonzero((each.shape > 0).any(axis=0))[[0, -1]]
        touched = [
            near[each.top + int(np.flatnonzero(each.shape[:, end])[0]), each.left + end]
            for end in ends
        ]
        if each.length >= sure_length or all(touched):
            kept.append(each)
    return kept


class RuleFreeImage:
    """A level picture without its rules, as it is and softened."""

    def __init__(self, picture: PageImage, rules: Grey) -> None:
        self.scale = picture.scale
        grown = cv2.dilate(rules, np.ones((3, 3), np.uint8))
        self.sharp = np.where(grown > 0, np.uint8(255), picture.grey)
        self.soft = np.asarray(cv2.GaussianBlur(self.sharp, (0, 0), 0.35 * self.scale), np.uint8)

    def ink_lines(self, box: Box) -> tuple[Window, ...]:
        """Each line of writing in a box given in points; none where the box is blank."""
        left, top, right, bottom = (round(side * self.scale) for side in box)
        left, top = max(left, 0), max(top, 0)
        faint = np.asarray((self.soft[top:bottom, left:right] < _FAINT) * 255, np.uint8)
        if not faint.size:
            return ()
        count, _, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
        speck, edge = _SPECK * self.scale, _EDGE * self.scale
        height, width = faint.shape
        pieces: list[Window] = []
        for x, y, wide, high, _ in stats[1:count].tolist():
            if max(wide, high) < speck:
                continue
            is_rest_of_rule = (
                x + wide <= edge or x >= width - edge or y + high <= edge or y >= height - edge
            )
            if not is_rest_of_rule:
                pieces.append((left + x, top + y, left + x + wide, top + y + high))
        return tuple(_lines(pieces, _LINE_GAP * self.scale))

    def crop(self, window: Window, margin: float, softened: bool = False) -> Grey:
        """The picture in a window and a margin around it, as a share of its height; white beyond
        the window's neighbourhood, so that a neighbour's ink does not show."""
        left, top, right, bottom = window
        pad = max(2, round((bottom - top) * margin))
        source = self.soft if softened else self.sharp
        inside = source[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1]
        return np.asarray(
            cv2.copyMakeBorder(inside, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=255),
            np.uint8,
        )


def _lines(pieces: Sequence[Window], gap: float) -> list[Window]:
    """Pieces of ink grouped to lines. A stroke that broke off its figure is no line of its own: it
    is lower than a line, and both together are hardly higher than one."""
    found: list[Window] = []
    for piece in sorted(pieces, key=lambda piece: piece[1]):
        if found and piece[1] - found[-1][3] <= gap:
            found[-1] = _around((found[-1], piece))
        else:
            found.append(piece)
    place = 0
    while place + 1 < len(found):
        both = _around(found[place : place + 2])
        low, high = sorted(line[3] - line[1] for line in found[place : place + 2])
        if low < _LOW * high and both[3] - both[1] < _HIGH * high:
            found[place : place + 2] = [both]
        else:
            place += 1
    return found


def _around(pieces: Sequence[Window]) -> Window:
    return (
        min(piece[0] for piece in pieces),
        min(piece[1] for piece in pieces),
        max(piece[2] for piece in pieces),
        max(piece[3] for piece in pieces),
    )


class InkShape(Struct, frozen=True):
    """What a figure's ink looks like."""

    width: float
    """Of all its ink, in heights of a digit."""
    lefts: tuple[float, ...]
    glyphs: tuple[Glyph, ...]
    """Pieces that are parted by white columns."""


def shape_of(image: RuleFreeImage, window: Window) -> InkShape:
    """The shape of a line of figures: its pieces are parted by columns without ink."""
    left, top, right, bottom = window
    height = max(bottom - top, 1)
    dark = (image.sharp[top:bottom, left:right] < _DARK).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], dark.astype(np.int8), [0]))))
    narrowest = _NARROWEST * height
    parted = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    parted = [(start, end) for start, end in parted if end - start >= narrowest]
    # Thin strokes are paler than the darkest: a digit reaches to the middle of the gaps around it.
    cuts = [0, *((one[1] + other[0]) // 2 for one, other in pairwise(parted)), right - left]
    spans = [(left + start, left + end) for start, end in pairwise(cuts)] if parted else []
    return InkShape(
        (right - left) / height,
        tuple(start / height for start, _ in parted),
        tuple(_glyph(image, start, end, top, bottom) for start, end in spans),
    )


def _glyph(image: RuleFreeImage, left: int, right: int, top: int, bottom: int) -> Glyph:
    """The ink between these columns, in a frame as high as the line; its width is kept."""
    ink = 255 - image.soft[top:bottom, left:right].astype(np.float32)
    ink_lines = np.flatnonzero((ink > _PALE).any(axis=0))
    if ink_lines.size:
        ink = ink[:, ink_lines[0] : ink_lines[-1] + 1]
    wide = max(1, min(_WIDTH, round(ink.shape[1] * _HEIGHT / max(bottom - top, 1))))
    frame = np.zeros((_HEIGHT, _WIDTH), np.float32)
    start = (_WIDTH - wide) // 2
    frame[:, start : start + wide] = cv2.resize(ink, (wide, _HEIGHT), interpolation=cv2.INTER_AREA)
    frame -= frame.mean()
    size = float(np.linalg.norm(frame))
    return frame / size if size else frame
