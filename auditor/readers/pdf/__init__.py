"""PDF in; grids of ruled tables and lines of text, with page and box, out.

`pages` asks pdfium for characters and drawings, `lattice` rebuilds tables from rules alone,
`layout` puts the characters into them. Text order in the file plays no part. Pages without usable
text are read as pictures where the extra `ocr` is installed.
"""

from __future__ import annotations

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers import scan
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf.layout import blocks_of, laid_out, listed
from auditor.readers.pdf.marks import Marks
from auditor.readers.pdf.pages import read_pages

_FEWEST = 20
"""Fewer characters than this on a page say nothing about its fonts."""
_LEAST_CHINESE = 0.1


def read_pdf(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What stands in a PDF. Raises `InputError`: empty, damaged, encrypted, too large, no text."""
    if not document.content.strip():
        raise InputError(
            "empty", "the file has no content", place=document.name, hint="check the export"
        )
    pages = read_pages(document, limits)
    usable = [(number, marks) for number, marks in pages if _is_usable(marks)]
    kept = {number for number, _ in usable}
    undrawn = [number for number, marks in pages if marks.is_undrawn]
    lost = [
        number
        for number, marks in pages
        if number not in kept and (marks.chars or marks.has_image) and not marks.is_undrawn
    ]
    laid = [laid_out(number, marks) for number, marks in usable]
    notices: list[Notice] = []
    if lost and scan.is_installed():
        recognised, notices = scan.read_pages_as_pictures(document, lost, limits)
        laid = sorted([*laid, *recognised], key=lambda page: page.number)
        lost = []
    if not any(page.lines or page.grids for page in laid):
        raise InputError(
            "no-text",
            "no page has text that can be read: pictures of pages, or fonts that do not say "
            "which characters they draw",
            place=document.name,
            hint="export the PDF from the word processor again"
            if scan.is_installed()
            else f"export the PDF from the word processor again, or {scan.HINT}",
        )
    if undrawn:
        notices.append(Notice("undrawn-text", (("pages", listed(undrawn)),)))
    if lost:
        notices.append(Notice("no-text-layer", (("pages", listed(lost)), ("command", scan.HINT))))
    return Extract(tuple(blocks_of(laid)), tuple(notices))


def _is_usable(marks: Marks) -> bool:
    """Whether a page's characters are what a person sees. A page without any has nothing to lose,
    unless it has a picture."""
    if marks.is_scan:
        return False
    if not marks.chars:
        return not marks.has_image
    if len(marks.chars) < _FEWEST:
        return True
    chinese = sum(1 for char in marks.chars if "\u2e80" <= char.text <= "\uffef")
    return chinese >= _LEAST_CHINESE * len(marks.chars)
