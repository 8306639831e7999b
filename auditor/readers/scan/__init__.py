"""Pictures of pages in; the grids, lines and doubts that any other document gives, out.

`images` opens and levels them, and finds the edges from which the PDF reader makes tables, and the
ink between, `recogniser` reads it twice, `pages` compares digits with each other, says what stands
in a cell, and lays it out. A cell without ink is blank; ink that cannot be told is
unread, never blank. Figures that stand in no ruled table are not read.

Places are points from the page's upper left corner, text upright: for a PDF its own points, for a
picture its pixels by the resolution it says (see `images`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec

from auditor.extras import install_command
from auditor.model.source import Document, Extract, Notice
from auditor.readers.limits import DEFAULT, Limits, call
from auditor.readers.pdf import Cost, RenderedPage, estimate_cost, render, rendered
from auditor.readers.pdf.pages import PageLayout, blocks_of
from auditor.refusals import refusal

HINT = install_command("ocr")


def is_installed() -> bool:
    """Whether the extra `ocr` is there; loads nothing of it."""
    return all(find_spec(name) for name in ("rapidocr_onnxruntime", "cv2", "numpy", "PIL"))


def read_image(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What stands in a picture, or in all pages of one. Raises `InputError`."""
    if not is_installed():
        raise refusal("needs-ocr", document.name, command=HINT)
    from auditor.readers.scan.images import pages_of
    from auditor.readers.scan.pages import recognised_pages

    pages, notices = recognised_pages(document.name, pages_of(document), limits)
    blocks = blocks_of(pages)
    if not blocks:
        raise refusal("no-text/picture", document.name)
    return Extract(tuple(blocks), tuple(notices))


def read_pages_as_pictures(
    document: Document, numbers: Sequence[int], limits: Limits = DEFAULT
) -> tuple[list[PageLayout], list[Notice]]:
    """Pages of a PDF, from 1, and our doubts about them. Raises `InputError`."""
    from auditor.readers.scan.images import DPI, of_rendered
    from auditor.readers.scan.pages import recognised_pages

    if len(numbers) > limits.scanned_pages:
        raise limits.exceeded("scanned_pages", document.name)
    drawn: Iterable[RenderedPage] = render(document, numbers, DPI)
    if estimate_cost(document.content, limits.content_bytes) is not Cost.LOW:
        drawn = _rendered_in_sandbox(document, numbers, DPI)
    return recognised_pages(document.name, (of_rendered(page) for page in drawn), limits)


def _rendered_in_sandbox(
    document: Document, numbers: Iterable[int], dpi: float
) -> Iterator[RenderedPage]:
    """One page at a time: all of them at once would fill the memory."""
    for number in numbers:
        yield from call(rendered, document, [number], dpi, place=document.name)
