"""Bytes of a PDF in; the marks of every page out. The only module that opens pdfium documents."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import byref
from typing import Any

import pypdfium2.raw as pdfium

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf.apart import apart
from auditor.readers.pdf.characters import characters, raw_characters, upright
from auditor.readers.pdf.fields import Field, fields_of, with_fields
from auditor.readers.pdf.marks import Frame, Marks
from auditor.readers.pdf.strokes import Drawn, drawn
from auditor.readers.pdf.undrawn import lacks_text
from auditor.readers.pdf.weigh import Weight, weigh

_MOST_OF_THE_PAGE = 0.7


def read_pages(document: Document, limits: Limits = DEFAULT) -> list[tuple[int, Marks]]:
    """Each page's number, from 1, and marks. Raises `InputError`."""
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    match weigh(document.content, limits.content_bytes):
        case Weight.LIGHT:
            return pages_here(document, limits)
        case Weight.APART:
            return apart(pages_here, document, limits, place=document.name)
        case Weight.TOO_LARGE:
            raise limits.exceeded("content_bytes", document.name)


def pages_here(document: Document, limits: Limits = DEFAULT) -> list[tuple[int, Marks]]:
    """As `read_pages`, whatever time and memory it takes."""
    buffer = ctypes.create_string_buffer(document.content, len(document.content))
    opened = pdfium.FPDF_LoadMemDocument64(buffer, len(document.content), None)
    if not opened:
        raise _refused(document, pdfium.FPDF_GetLastError())
    form = None
    try:
        if pdfium.FPDF_GetFormType(opened) != pdfium.FORMTYPE_NONE:
            how = pdfium.FPDF_FORMFILLINFO(version=2)
            form = pdfium.FPDFDOC_InitFormFillEnvironment(opened, byref(how))
        return _pages(document, opened, form, limits)
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDF_CloseDocument(opened)


def _pages(document: Document, opened: Any, form: Any, limits: Limits) -> list[tuple[int, Marks]]:
    count = pdfium.FPDF_GetPageCount(opened)
    if count == 0:
        raise _damaged(document)
    if count > limits.pages:
        raise limits.exceeded("pages", document.name)
    found: list[tuple[int, Marks]] = []
    characters_seen = rules_seen = 0
    for index in range(count):
        page = _load(document, opened, index)
        try:
            fields = fields_of(page, form)
            own = pdfium.FPDFPage_CountObjects(page)
            if fields is not None:
                flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                if flattened == pdfium.FLATTEN_SUCCESS:
                    pdfium.FPDF_ClosePage(page)
                    page = _load(document, opened, index)
            most = limits.characters - characters_seen
            marks, is_overfull = _marks(page, most, fields or (), own)
        finally:
            pdfium.FPDF_ClosePage(page)
        if marks is None:
            raise limits.exceeded("characters", document.name)
        characters_seen += len(marks.chars)
        rules_seen += len(marks.across) + len(marks.down)
        if is_overfull or rules_seen > limits.drawings:
            raise limits.exceeded("drawings", document.name)
        found.append((index + 1, marks))
    return found


def _load(document: Document, opened: Any, index: int) -> Any:
    page = pdfium.FPDF_LoadPage(opened, index)
    if not page:
        raise _damaged(document, f"page {index + 1} cannot be loaded")
    return page


def _marks(page: Any, most: int, fields: Sequence[Field], own: int) -> tuple[Marks | None, bool]:
    """The marks of a page; None when it has more characters than `most`. The rules are those of its
    first `own` objects: what follows are fields, and their borders part no cells."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    given = frame = Frame(box.left, box.bottom, box.right, box.top, 0)
    rotation = pdfium.FPDFPage_GetRotation(page)
    if rotation > 0:
        given = frame._replace(turns=rotation)
        frame = _turned(page, given)
    textpage = pdfium.FPDFText_LoadPage(page)
    try:
        count = pdfium.FPDFText_CountChars(textpage) if textpage else 0
        if count > most:
            return None, False
        raw = raw_characters(textpage) if textpage else []
        is_written = bool(raw)
        raw = with_fields(raw, fields, given, frame)
        frame = frame._replace(turns=upright(raw))
        things = drawn(page, frame, own)
        width, height = frame.size
        pictured = _share_pictured(things, width * height)
        is_scan = is_written and pictured > _MOST_OF_THE_PAGE and _is_unseen(textpage)
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
    marks = Marks(
        width,
        height,
        tuple(characters(raw, frame)),
        tuple(things.across),
        tuple(things.down),
        pictured > 0.05,
        is_scan,
        frame.turns,
        is_undrawn=lacks_text(things.texts, count),
    )
    return marks, things.is_overfull


def _turned(page: Any, frame: Frame) -> Frame:
    """Turns all that is drawn on the page as its /Rotate says. Otherwise pdfium leaves out sideways
    text of which it has no outlines, as of fonts that are neither embedded nor installed."""
    width, height = frame.size
    e, f = frame.point(0, 0)
    (ax, ay), (cx, cy) = frame.point(1, 0), frame.point(0, 1)
    matrix = ax - e, f - ay, cx - e, f - cy, e, height - f
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        pdfium.FPDFPageObj_Transform(pdfium.FPDFPage_GetObject(page, index), *matrix)
    return Frame(0, 0, width, height, 0)


def _is_unseen(textpage: Any) -> bool:
    """Whether the text is drawn in the mode that leaves no ink."""
    count = pdfium.FPDFText_CountChars(textpage)
    seen = unseen = 0
    for index in range(0, count, max(1, count // 20)):
        thing = pdfium.FPDFText_GetTextObject(textpage, index)
        if thing:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
            unseen += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            seen += mode != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    return unseen > seen


def _share_pictured(things: Drawn, area: float) -> float:
    covered = sum(max(r - l, 0) * max(t - b, 0) for l, b, r, t in things.pictures)  # noqa: E741
    return min(covered / area, 1.0) if area > 0 else 0.0


def _refused(document: Document, error: int) -> InputError:
    if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return InputError(
            "encrypted",
            "this PDF can only be opened with a password",
            place=document.name,
            hint="save it without a password and try again",
        )
    return _damaged(document)


def _damaged(document: Document, why: str = "it has no pages that can be found") -> InputError:
    return InputError(
        "damaged",
        f"this PDF is damaged: {why}",
        place=document.name,
        hint="open it in a viewer; export or download it again",
    )
