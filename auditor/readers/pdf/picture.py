"""Bytes of a PDF, a page and boxes on it, in; a picture of the page with the boxes marked, out.

Drawn by pdfium through pdfplumber, in the coordinates of every `Origin`: points from the upper left
corner of the page as it is read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf.apart import apart
from auditor.readers.pdf.pages import pages_here
from auditor.readers.pdf.weigh import Weight, weigh

Box = tuple[float, float, float, float]
DOTS = 110
"""Dots to an inch: small print is legible and a page has some hundred kilobytes."""
_MOST_POINTS = 3_000.0
"""A page longer than this is drawn with fewer dots."""
_LINE = 2
_SHADE = 48


class Mark(NamedTuple):
    """A box to be marked: x0, top, x1, bottom."""

    bbox: Box
    colour: tuple[int, int, int] = (208, 32, 32)


def draw_page(
    document: Document, number: int, marks: Iterable[Mark] = (), limits: Limits = DEFAULT
) -> bytes:
    """The page of that number as PNG, each mark framed and shaded.

    Raises `InputError` for a page that is not there or a document that cannot be drawn.
    """
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    match weigh(document.content, limits.content_bytes):
        case Weight.LIGHT:
            return draw_here(document, number, tuple(marks), limits)
        case Weight.APART:
            return apart(draw_here, document, number, tuple(marks), limits, place=document.name)
        case Weight.TOO_LARGE:
            raise limits.exceeded("content_bytes", document.name)


def draw_here(document: Document, number: int, marks: tuple[Mark, ...], limits: Limits) -> bytes:
    """As `draw_page`, whatever time and memory it takes."""
    import pdfplumber
    from PIL import ImageDraw

    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with pdfplumber.open(BytesIO(document.content), pages=[number]) as opened:
            if not opened.pages:
                raise _undrawn(document, f"it has no page {number}")
            page = opened.pages[0]
            dots = DOTS * min(1.0, _MOST_POINTS / max(float(page.width), float(page.height)))
            image = page.to_image(resolution=dots).original.convert("RGB")
            turns = dict(pages_here(document, limits))[number].turns
            image = image.rotate(-90 * turns, expand=True)
    except InputError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        raise _undrawn(document, type(error).__name__) from error
    finally:
        logger.setLevel(level)
    pen = ImageDraw.Draw(image, "RGBA")
    scale = dots / 72
    for mark in marks:
        x0, top, x1, bottom = (side * scale for side in mark.bbox)
        pen.rectangle(
            (x0, top, x1, bottom), fill=(*mark.colour, _SHADE), outline=mark.colour, width=_LINE
        )
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _undrawn(document: Document, why: str) -> InputError:
    return InputError(
        "damaged",
        f"this PDF cannot be drawn: {why}",
        place=document.name,
        hint="open it in a viewer; export or download it again",
    )
