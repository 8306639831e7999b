"""Image files in; grey images of pages, upright, level and evenly lit, and the way back, out.

Places on an image are told in points. One that says its resolution is measured by it; one that does
not, or says one that only screens have, is taken to be as long as a sheet of A4.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageFile, ImageOps, ImageSequence

from auditor.model.source import Document
from auditor.readers.limits import refusal
from auditor.readers.pdf.content import Box
from auditor.readers.pdf.pdfium import MAX_PIXELS, RenderedPage

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
                    raise refusal(
                        "too-large/picture",
                        document.name,
                        has=f"{count:,} pages",
                        most=f"{_MAX_PAGES} pages",
                    )
                for index, frame in enumerate(ImageSequence.Iterator(opened)):
                    if frame.width * frame.height > MAX_PIXELS:
                        raise refusal(
                            "too-large/picture",
                            document.name,
                            has=f"{frame.width:,} by {frame.height:,} pixels",
                            most=f"{MAX_PIXELS:,} pixels",
                        )
                    upright = ImageOps.exif_transpose(frame)
                    grey = np.asarray(_on_white(upright).convert("L"), np.uint8)
                    yield _at_our_scale(index + 1, grey, frame.info.get("dpi"))
    except Image.DecompressionBombError as error:
        raise refusal(
            "too-large/picture", document.name, has="more pixels", most=f"{MAX_PIXELS:,} pixels"
        ) from error
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
