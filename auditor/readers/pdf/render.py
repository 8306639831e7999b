"""Bytes of a PDF in; grey pictures of some of its pages, as a person sees them, out."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2.raw as pdfium

from auditor.errors import InputError
from auditor.model.noun import noun
from auditor.model.source import Document

MOST_PIXELS = 60_000_000
"""A page of A3 at 400 dpi has 31 million."""


@noun
class Rendered:
    """One page: rows of grey bytes, 0 black and 255 white, and how large it is in points."""

    number: int
    width: int
    height: int
    grey: bytes
    points: tuple[float, float]


def render(document: Document, numbers: Sequence[int], dpi: float) -> Iterator[Rendered]:
    """The pages with these numbers, from 1. Raises `InputError` for a page too large to draw."""
    buffer = ctypes.create_string_buffer(document.content, len(document.content))
    opened = pdfium.FPDF_LoadMemDocument64(buffer, len(document.content), None)
    if not opened:
        raise InputError(
            "damaged",
            "this PDF is damaged: its pages cannot be drawn",
            place=document.name,
            hint="open it in a viewer; export or download it again",
        )
    try:
        for number in numbers:
            yield _render(document, opened, number, dpi)
    finally:
        pdfium.FPDF_CloseDocument(opened)


def rendered(document: Document, numbers: Sequence[int], dpi: float) -> list[Rendered]:
    """As `render`, all at once."""
    return list(render(document, numbers, dpi))


def _render(document: Document, opened: object, number: int, dpi: float) -> Rendered:
    page = pdfium.FPDF_LoadPage(opened, number - 1)
    try:
        points = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        width, height = (max(1, round(side * dpi / 72)) for side in points)
        if width * height > MOST_PIXELS:
            raise InputError(
                "too-large",
                f"page {number} is {points[0]:.0f} by {points[1]:.0f} points; more than "
                f"{MOST_PIXELS:,} pixels at {dpi:.0f} dpi are not read",
                place=document.name,
                hint="give each report as a file of its own",
            )
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            start = pdfium.FPDFBitmap_GetBuffer(bitmap)
            rows = ctypes.string_at(start, stride * height)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    finally:
        pdfium.FPDF_ClosePage(page)
    if stride != width:
        rows = b"".join(rows[at : at + width] for at in range(0, stride * height, stride))
    return Rendered(number, width, height, rows, points)
