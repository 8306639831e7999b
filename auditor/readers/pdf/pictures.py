"""Pages as pictures for a person, turned as they were read: boxes of origins stand on them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2.raw as pdfium
from msgspec import Struct
from PIL import Image

from auditor.model.source import Document
from auditor.readers.limits import call
from auditor.readers.pdf import load_page, opened, render
from auditor.readers.pdf.glyphs import raw_characters, upright

_SHADES = 16


class PagePicture(Struct, frozen=True):
    """One page as a PNG, and how large it is in points."""

    number: int
    png: bytes
    points: tuple[float, float]


def pictures(document: Document, numbers: Sequence[int], dpi: float) -> list[PagePicture]:
    """The pages with these numbers, from 1. Raises `InputError` for a page too large to draw, and
    where drawing takes more time or memory than is left: pdfium cannot be stopped, and draws in a
    process of its own."""
    return call(_pictures, document, numbers, dpi, place=document.name)


def _pictures(document: Document, numbers: Sequence[int], dpi: float) -> list[PagePicture]:
    made = []
    for page in render(document, numbers, dpi):
        drawn = Image.frombytes("L", (page.width, page.height), page.grey)
        turns = _turns(document, page.number)
        points = page.points if turns % 2 == 0 else page.points[::-1]
        png = BytesIO()
        turned = drawn.rotate(-90 * turns, expand=True)
        turned.quantize(_SHADES).save(png, "PNG", optimize=True)
        made.append(PagePicture(page.number, png.getvalue(), points))
    return made


def _turns(document: Document, number: int) -> int:
    """Quarter turns clockwise that make most of its text upright, once /Rotate has turned it."""
    with opened(document) as (found, _):
        page = load_page(document, found, number - 1)
        textpage = pdfium.FPDFText_LoadPage(page)
        try:
            turns = upright(raw_characters(textpage)) if textpage else 0
            rotation: int = max(pdfium.FPDFPage_GetRotation(page), 0)
            return (turns - rotation) % 4
        finally:
            if textpage:
                pdfium.FPDFText_ClosePage(textpage)
            pdfium.FPDF_ClosePage(page)
