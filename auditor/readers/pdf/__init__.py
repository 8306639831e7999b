"""PDF in; grids of ruled tables and lines of text, with page and box, out.

`pages` asks pdfium for characters and drawings, `lattice` rebuilds tables from rules alone,
`layout` puts the characters into them. Text order in the file plays no part.
"""

from __future__ import annotations

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf.layout import blocks_of
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
    lost = [number for number, marks in pages if marks.chars or marks.has_image]
    kept = {number for number, _ in usable}
    lost = [number for number in lost if number not in kept]
    if not any(marks.chars for _, marks in usable):
        raise InputError(
            "no-text",
            "no page has text that can be read: pictures of pages, or fonts that do not say "
            "which characters they draw",
            place=document.name,
            hint="export the PDF from the word processor again, or read it with OCR first",
        )
    notices = []
    if lost:
        notices.append(Notice("no-text-layer", (("pages", _listed(lost)),)))
    return Extract(tuple(blocks_of(usable)), tuple(notices))


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


def _listed(numbers: list[int]) -> str:
    """Page numbers with runs drawn together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
