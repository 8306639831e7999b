"""PDF in; the blocks of all its pages, or the content of each (`read_pages`), out.

Pages without usable text are read as pictures where the extra `ocr` is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref
from typing import Any

import pypdfium2.raw as pdfium

from auditor.model.source import Document, Extract, Notice
from auditor.readers import scan
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf import load_page, may_have_layers, opened, within_cost
from auditor.readers.pdf.annotations import FormField, annotations_of, hide, with_fields
from auditor.readers.pdf.content import Drawings, Frame, PageContent, drawings_of
from auditor.readers.pdf.drawn import (
    Drawn,
    changed_by,
    drawn,
    with_marked_digits,
    with_undrawn_digits,
)
from auditor.readers.pdf.glyphs import (
    characters,
    lacks_text,
    raw_characters,
    upright,
)
from auditor.readers.pdf.pages import blocks_of, listed, page_layout
from auditor.readers.pdf.visibility import with_unseen_digits
from auditor.refusals import refusal

_MIN_CHARACTERS = 20
"""Fewer characters than this on a page are no measure of its fonts."""
_MIN_CHINESE = 0.1
_IS_PICTURED, _IS_PICTURE = 0.05, 0.7
"""Share of a page that pictures cover."""


def read_pdf(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What stands in a PDF. Raises `InputError`: empty, damaged, encrypted, too large, no text."""
    if not document.content.strip():
        raise refusal("empty/file", document.name)
    pages = read_pages(document, limits)
    usable = {number: content for number, content in pages if _is_usable(content)}
    undrawn = [number for number, content in pages if content.is_undrawn]
    unreadable = [
        number
        for number, content in pages
        if number not in usable and (content.chars or content.has_image) and not content.is_undrawn
    ]
    layouts = [page_layout(number, content) for number, content in usable.items()]
    notices: list[Notice] = []
    if unreadable and scan.is_installed():
        recognised, notices = scan.read_pages_as_pictures(document, unreadable, limits)
        layouts = sorted([*layouts, *recognised], key=lambda page: page.number)
        unreadable = []
    if not any(page.lines or page.grids for page in layouts):
        kind = "no-text" if scan.is_installed() else "no-text/needs-ocr"
        raise refusal(kind, document.name, command=scan.HINT)
    if undrawn:
        notices.append(Notice("undrawn-text", (("pages", listed(undrawn)),)))
    if unreadable:
        notices.append(
            Notice("no-text-layer", (("pages", listed(unreadable)), ("command", scan.HINT)))
        )
    return Extract(tuple(blocks_of(layouts)), tuple(notices))


def _is_usable(content: PageContent) -> bool:
    """Whether a page's characters are what a person sees. A page without any has nothing to lose,
    unless it has a picture."""
    if content.is_scan:
        return False
    if not content.chars:
        return not content.has_image
    if len(content.chars) < _MIN_CHARACTERS:
        return True
    chinese = sum(1 for char in content.chars if "\u2e80" <= char.text <= "\uffef")
    return chinese >= _MIN_CHINESE * len(content.chars)


def read_pages(document: Document, limits: Limits = DEFAULT) -> list[tuple[int, PageContent]]:
    """Each page's number, from 1, and content. Raises `InputError`."""
    return within_cost(read_pages_here, document, limits)


def read_pages_here(document: Document, limits: Limits = DEFAULT) -> list[tuple[int, PageContent]]:
    """As `read_pages`, whatever time and memory it takes."""
    with opened(document, with_form=True) as (found, form):
        return _pages(document, found, form, limits)


def _pages(
    document: Document, opened_document: Any, form: Any, limits: Limits
) -> list[tuple[int, PageContent]]:
    count = pdfium.FPDF_GetPageCount(opened_document)
    if count == 0:
        raise refusal("damaged/pdf-pages", document.name)
    if count > limits.pages:
        raise limits.exceeded("pages", document.name)
    has_layers = may_have_layers(document.content)
    found: list[tuple[int, PageContent]] = []
    characters_seen = edges_seen = 0
    for index in range(count):
        page = load_page(document, opened_document, index)
        try:
            over = annotations_of(page, form)
            marked = changed_by(page, over.marks)
            own_objects = pdfium.FPDFPage_CountObjects(page)
            if over.are_shown:
                hide(page, over.beside)  # what is behind text would lie over it
                flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                if flattened == pdfium.FLATTEN_SUCCESS:
                    pdfium.FPDF_ClosePage(page)
                    page = load_page(document, opened_document, index)
            shown = drawn(page) if has_layers else None
            left = limits.characters - characters_seen
            content, is_overfull = _content(
                opened_document, page, left, over.fields, own_objects, shown, marked
            )
        finally:
            pdfium.FPDF_ClosePage(page)
        if content is None:
            raise limits.exceeded("characters", document.name)
        characters_seen += len(content.chars)
        edges_seen += len(content.horizontal) + len(content.vertical)
        if is_overfull or edges_seen > limits.drawings:
            raise limits.exceeded("drawings", document.name)
        found.append((index + 1, content))
    return found


def _content(
    document: Any,
    page: Any,
    left: int,
    fields: Sequence[FormField],
    own_objects: int,
    shown: Drawn | None,
    marked: Drawn | None,
) -> tuple[PageContent | None, bool]:
    """The content of a page, None when it has more characters than `left`; and whether it has more
    drawings than are looked at. The edges are those of its first `own_objects`: what follows are
    fields, and their borders part no cells."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    given = frame = Frame(box.left, box.bottom, box.right, box.top, 0)
    rotation = pdfium.FPDFPage_GetRotation(page)
    if rotation > 0:
        given = frame._replace(turns=rotation)
        frame = _upright(page, given)
    textpage = pdfium.FPDFText_LoadPage(page)
    try:
        count = pdfium.FPDFText_CountChars(textpage) if textpage else 0
        if count > left:
            return None, False
        raw = raw_characters(textpage) if textpage else []
        is_written = bool(raw)
        raw = with_undrawn_digits(raw, shown, frame) if shown else raw
        raw = with_marked_digits(raw, marked, frame) if marked else raw
        raw = with_fields(raw, fields, given, frame)
        frame = frame._replace(turns=upright(raw))
        drawings = drawings_of(page, frame, own_objects)
        raw, is_cut_off = with_unseen_digits(document, page, textpage, raw, drawings)
        width, height = frame.size
        picture_share = _picture_share(drawings, width * height)
        is_scan = is_written and picture_share > _IS_PICTURE and _has_invisible_text(textpage)
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
    content = PageContent(
        width,
        height,
        tuple(characters(raw, frame)),
        tuple(drawings.horizontal),
        tuple(drawings.vertical),
        has_image=picture_share > _IS_PICTURED,
        is_scan=is_scan,
        is_undrawn=lacks_text(drawings.texts, count),
        is_cut_off=is_cut_off,
    )
    return content, drawings.is_overfull


def _upright(page: Any, frame: Frame) -> Frame:
    """Turns all that is drawn on the page as its /Rotate says. Otherwise pdfium leaves out sideways
    text of which it has no outlines, as of fonts that are neither embedded nor installed."""
    width, height = frame.size
    e, f = frame.point(0, 0)
    (ax, ay), (cx, cy) = frame.point(1, 0), frame.point(0, 1)
    matrix = ax - e, f - ay, cx - e, f - cy, e, height - f
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        pdfium.FPDFPageObj_Transform(pdfium.FPDFPage_GetObject(page, index), *matrix)
    return Frame(0, 0, width, height, 0)


def _has_invisible_text(textpage: Any) -> bool:
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


def _picture_share(drawings: Drawings, area: float) -> float:
    pictures = (fill.box for fill in drawings.fills if fill.image)
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in pictures)
    return min(covered / area, 1.0) if area > 0 else 0.0
