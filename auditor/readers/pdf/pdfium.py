"""How pdfium is called: a document opened, a page drawn, a function without conversions.

Nothing else opens pdfium documents. Its binding converts every argument and result, which for the
small questions that pdfium is asked about each character takes longer than the answer: those are
asked by functions made `plain`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import PYFUNCTYPE, byref, c_int, c_void_p, cast
from typing import Any

import pypdfium2.raw as pdfium
from msgspec import Struct

from auditor.model.source import Document
from auditor.readers.limits import refusal

MAX_PIXELS = 60_000_000
"""A page of A3 at 400 dpi has 31 million."""


NO_PAGES = "it has no pages that can be found"


class RenderedPage(Struct, frozen=True):
    """One page: rows of grey bytes, 0 black and 255 white, and how large it is in points."""

    number: int
    width: int
    height: int
    grey: bytes
    points: tuple[float, float]


def plain(function: Any, returns: Any = c_int, takes: Any = None) -> Any:
    """The same function: `returns` an `int` where nothing else is said, and given exactly what C
    expects, by `ctypes` objects, where `takes` does not say what to make of the arguments.

    Other threads wait while it runs, as handing over to them takes longer than the answer too."""
    found = PYFUNCTYPE(returns)(cast(function, c_void_p).value or 0)
    if takes is not None:
        found.argtypes = takes
    return found


def handle(thing: Any) -> Any:
    """A page, or whatever pdfium gave, made ready once for all the calls it is an argument of."""
    return c_void_p.from_param(cast(thing, c_void_p).value)


@contextmanager
def opened(document: Document, with_form: bool = False) -> Iterator[tuple[Any, Any]]:
    """The document and its form, None where it has none or none is asked for. Raises `InputError`:
    damaged, encrypted."""
    buffer = ctypes.create_string_buffer(document.content, len(document.content))
    found = pdfium.FPDF_LoadMemDocument64(buffer, len(document.content), None)
    if not found:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise refusal("encrypted/pdf", document.name)
        raise refusal("damaged/pdf", document.name, what=NO_PAGES)
    form = None
    try:
        if with_form and pdfium.FPDF_GetFormType(found) != pdfium.FORMTYPE_NONE:
            how = pdfium.FPDF_FORMFILLINFO(version=2)
            form = pdfium.FPDFDOC_InitFormFillEnvironment(found, byref(how))
        yield found, form
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDF_CloseDocument(found)


def load_page(document: Document, found: Any, index: int) -> Any:
    """A page, from 0. Raises `InputError` for one that cannot be loaded."""
    page = pdfium.FPDF_LoadPage(found, index)
    if not page:
        raise refusal("damaged/pdf", document.name, what=f"page {index + 1} cannot be loaded")
    return page


def render(document: Document, numbers: Sequence[int], dpi: float) -> Iterator[RenderedPage]:
    """The pages with these numbers, from 1, as a person sees them. Raises `InputError` for a page
    too large to draw."""
    with opened(document) as (found, _):
        for number in numbers:
            yield _render(document, found, number, dpi)


def rendered(document: Document, numbers: Sequence[int], dpi: float) -> list[RenderedPage]:
    """As `render`, all at once."""
    return list(render(document, numbers, dpi))


def _render(document: Document, found: Any, number: int, dpi: float) -> RenderedPage:
    page = load_page(document, found, number - 1)
    try:
        points = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        width, height = (max(1, round(side * dpi / 72)) for side in points)
        if width * height > MAX_PIXELS:
            sizes = {"width": points[0], "height": points[1], "most": MAX_PIXELS, "dpi": dpi}
            raise refusal("too-large/pdf-page", document.name, number=number, **sizes)
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
    return RenderedPage(number, width, height, rows, points)
