"""Pages as they were seen in; tables and lines as every reader of pages lays them, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.model.source import UNREAD, Grid, Notice
from auditor.readers.limits import DEFAULT, Limits, grant
from auditor.readers.pdf.content import Char, TextLine, text_lines
from auditor.readers.pdf.pages import PageLayout, grid_of, listed, rounded
from auditor.readers.scan.digits import (
    DigitShapes,
    as_candidate,
    cell_text,
    is_figure_line,
    is_poor_page,
    line_text,
    shapes_of,
)
from auditor.readers.scan.images import PageImage
from auditor.readers.scan.recogniser import (
    RecognisedLine,
    RecognisedPage,
    RecognisedTable,
    recognise_page,
    within_memory,
)

SECONDS = 30.0
"""Of processor time that a page is granted; one full of text takes some ten."""
_PAGE_MARGIN = 0.1
"""Share of a page's height, above and below, where a figure alone is a page number."""


def recognised_pages(
    name: str, pictures: Iterable[PageImage], limits: Limits = DEFAULT
) -> tuple[list[PageLayout], list[Notice]]:
    """The pages of a document, and what is doubted about them. Raises `InputError`."""
    recognised: list[RecognisedPage] = []
    for picture in pictures:
        if len(recognised) == limits.scanned_pages:
            raise limits.exceeded("scanned_pages", name)
        grant(SECONDS)
        with within_memory():
            recognised.append(recognise_page(picture))
    return _layouts(recognised)


def _layouts(recognised: Sequence[RecognisedPage]) -> tuple[list[PageLayout], list[Notice]]:
    """The pages, their digits compared with each other."""
    shapes = shapes_of(cell for page in recognised for table in page.tables for cell in table.cells)
    pages = []
    unruled = []
    poor_pages = []
    for page in recognised:
        is_page_poor = is_poor_page((cell for table in page.tables for cell in table.cells), shapes)
        if is_page_poor:
            poor_pages.append(page.number)
        lines, has_loose = _lines(page)
        if has_loose:
            unruled.append(page.number)
        grids = [
            (table.lattice.ys[0], _grid(page, table, shapes, is_page_poor))
            for table in page.tables
            if any(table.cells)
        ]
        pages.append(PageLayout(page.number, page.skew.height, lines, grids, recognised=True))
    notices = [Notice("read-by-ocr", (("pages", listed([page.number for page in recognised])),))]
    if poor_pages:
        notices.append(Notice("poor-scan", (("pages", listed(poor_pages)),)))
    if unruled:
        notices.append(Notice("unruled-figures", (("pages", listed(unruled)),)))
    return pages, notices


def _grid(
    page: RecognisedPage, table: RecognisedTable, shapes: DigitShapes, is_page_poor: bool
) -> Grid:
    cells = [cell_text(cell, shapes) for cell in table.cells]
    if is_page_poor:
        cells = list(map(as_candidate, cells))
    return grid_of(page.number, table.lattice, cells, lambda box: rounded(page.skew.back(box)))


def _lines(page: RecognisedPage) -> tuple[list[TextLine], bool]:
    """The lines around the tables, and whether figures stood among them as in a table.

    The detector overlooks single digits, so figures that no rules hold in place tell nothing: they
    are left out, and digits that end a line beside them are unread.
    """
    heights = page.skew.height
    chars = []
    unruled: list[RecognisedLine] = []
    for line in page.lines:
        if not is_figure_line(line):
            chars.append(_char(line, line_text(line)))
        elif _PAGE_MARGIN * heights < line.box[1] < (1 - _PAGE_MARGIN) * heights:
            unruled.append(line)
        elif line.first.text == line.second.text:
            chars.append(_char(line, line.first.text))
    found = text_lines(chars)
    if unruled:
        found = [_without_last_digits(line) for line in found]
    return [_unskewed(line, page) for line in found], bool(unruled)


def _char(line: RecognisedLine, text: str) -> Char:
    """A piece of a line as if it were one character, so that pieces join as characters do."""
    left, top, right, bottom = line.box
    em = bottom - top
    base = bottom - 0.15 * em
    return Char(text, left, right, base, em, 0, (left + right) / 2, (top + bottom) / 2)


def _without_last_digits(line: TextLine) -> TextLine:
    words = line.text.rstrip("0123456789.,")
    return line if words == line.text else line._replace(text=words + UNREAD)


def _unskewed(line: TextLine, page: RecognisedPage) -> TextLine:
    """The line where it stood before the page was levelled."""
    left, top, right, bottom = line.bbox
    x, y, *_ = page.skew.back((left, top, right, bottom))
    dx, dy = x - left, y - top
    return line._replace(
        x0=line.x0 + dx, x1=line.x1 + dx, base=line.base + dy, cx=line.cx + dx, cy=line.cy + dy
    )
