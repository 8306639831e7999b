"""Image files in; grey pictures of pages, upright paper taken for granted, out.

Places on a picture are told in points. A picture that says its resolution is measured by it; one
that does not, or says one that only screens have, is taken to be as long as a sheet of A4.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, ImageOps, ImageSequence

from auditor.errors import InputError
from auditor.model.noun import noun
from auditor.model.source import Document
from auditor.readers.pdf.render import MOST_PIXELS, Rendered

Grey = npt.NDArray[np.uint8]

DPI = 216
"""Dots per inch at which pages are looked at: three to a point."""
_FINEST = 2400
_COARSEST = 100
"""Below this the number is a screen's, not a scanner's."""
_LONG_SIDE = 842.0
MOST_PAGES = 100


@noun
class Picture:
    """A page as a picture: 0 is black, 255 white; `scale` pixels to a point."""

    number: int
    grey: Grey
    scale: float


def of_rendered(page: Rendered) -> Picture:
    """The picture of a page of a PDF."""
    grey = np.frombuffer(page.grey, np.uint8).reshape(page.height, page.width)
    return Picture(page.number, grey, page.width / page.points[0])


def pictures_of(document: Document) -> Iterator[Picture]:
    """Each page of an image file. Raises `InputError`: damaged, too large."""

    try:
        with warnings.catch_warnings(), _whole_pictures_only():
            # A picture beyond the limit is refused below by its size; what else Pillow warns of,
            # such as odd metadata, is no fault of the page.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(document.content), formats=("PNG", "JPEG", "TIFF")) as opened:
                count = getattr(opened, "n_frames", 1)
                if count > MOST_PAGES:
                    raise _too_large(document, f"{count:,} pages", f"{MOST_PAGES} pages")
                for index, frame in enumerate(ImageSequence.Iterator(opened)):
                    if frame.width * frame.height > MOST_PIXELS:
                        raise _too_large(
                            document,
                            f"{frame.width:,} by {frame.height:,} pixels",
                            f"{MOST_PIXELS:,} pixels",
                        )
                    upright = ImageOps.exif_transpose(frame)
                    grey = np.asarray(_on_white(upright).convert("L"), np.uint8)
                    yield _at_our_scale(index + 1, grey, frame.info.get("dpi"))
    except Image.DecompressionBombError as error:
        raise _too_large(document, "more pixels", f"{MOST_PIXELS:,} pixels") from error
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
        raise InputError(
            "damaged",
            "this picture is damaged and cannot be opened",
            place=document.name,
            hint="open it in a viewer; scan or download it again",
        ) from error


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
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen)
    return image


def _at_our_scale(number: int, grey: Grey, said: object) -> Picture:
    height, width = grey.shape
    dpi = _resolution(said) or max(height, width) / _LONG_SIDE * 72
    factor = DPI / dpi
    if factor != 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        if size[0] * size[1] > MOST_PIXELS:
            factor = 1.0
        else:
            way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            grey = np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
    return Picture(number, grey, dpi * factor / 72)


def _resolution(said: object) -> float | None:
    if not isinstance(said, tuple) or not said:
        return None
    try:
        dpi = float(said[0])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return dpi if _COARSEST <= dpi <= _FINEST else None


def _too_large(document: Document, has: str, limit: str) -> InputError:
    return InputError(
        "too-large",
        f"the picture has {has}; more than {limit} are not read",
        place=document.name,
        hint="give each report as a file of its own",
    )
