"""Pages as they were seen in; tables and lines as every reader of pages lays them, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.model.source import UNREAD, Grid, Notice
from auditor.readers.limits import DEFAULT, Limits, grant
from auditor.readers.pdf.content import Char, TextLine, text_lines
from auditor.readers.pdf.pages import PageLayout, grid_of, listed, rounded
from auditor.readers.scan.digits import (
    DigitLooks,
    in_doubt,
    is_figure_line,
    is_poor,
    line_text,
    looks_of,
    said_in,
)
from auditor.readers.scan.images import PageImage
from auditor.readers.scan.recogniser import (
    RecognisedLine,
    RecognisedPage,
    RecognisedTable,
    look_at,
    within_memory,
)

SECONDS = 30.0
"""Of processor time that a page is granted; one full of text takes some ten."""
_FOOT = 0.1
"""Share of a page's height, above and below, where a figure alone is a page number."""


def lay(
    name: str, pictures: Iterable[PageImage], limits: Limits = DEFAULT
) -> tuple[list[PageLayout], list[Notice]]:
    """The pages of a document, and what is doubted about them. Raises `InputError`."""
    seen: list[RecognisedPage] = []
    for picture in pictures:
        if len(seen) == limits.scanned_pages:
            raise limits.exceeded("scanned_pages", name)
        grant(SECONDS)
        with within_memory():
            seen.append(look_at(picture))
    return _decided(seen)


def _decided(seen: Sequence[RecognisedPage]) -> tuple[list[PageLayout], list[Notice]]:
    """The pages, their digits compared with each other."""
    looks = looks_of(cell for page in seen for table in page.tables for cell in table.cells)
    pages = []
    loose = []
    poor = []
    for page in seen:
        is_page_poor = is_poor((cell for table in page.tables for cell in table.cells), looks)
        if is_page_poor:
            poor.append(page.number)
        lines, has_loose = _lines(page)
        if has_loose:
            loose.append(page.number)
        grids = [
            (table.lattice.ys[0], _grid(page, table, looks, is_page_poor))
            for table in page.tables
            if any(table.cells)
        ]
        pages.append(PageLayout(page.number, page.tilt.height, lines, grids, recognised=True))
    notices = [Notice("read-by-ocr", (("pages", listed([page.number for page in seen])),))]
    if poor:
        notices.append(Notice("poor-scan", (("pages", listed(poor)),)))
    if loose:
        notices.append(Notice("unruled-figures", (("pages", listed(loose)),)))
    return pages, notices


def _grid(
    page: RecognisedPage, table: RecognisedTable, looks: DigitLooks, is_page_poor: bool
) -> Grid:
    cells = [said_in(cell, looks) for cell in table.cells]
    if is_page_poor:
        cells = list(map(in_doubt, cells))
    return grid_of(page.number, table.lattice, cells, lambda box: rounded(page.tilt.back(box)))


def _lines(page: RecognisedPage) -> tuple[list[TextLine], bool]:
    """The lines around the tables, and whether figures stood among them as in a table.

    The detector overlooks single digits, so figures that no rules hold in place tell nothing: they
    are left out, and digits that end a line beside them are unread.
    """
    heights = page.tilt.height
    chars = []
    loose: list[RecognisedLine] = []
    for line in page.lines:
        if not is_figure_line(line):
            chars.append(_char(line, line_text(line)))
        elif _FOOT * heights < line.box[1] < (1 - _FOOT) * heights:
            loose.append(line)
        elif line.first.text == line.second.text:
            chars.append(_char(line, line.first.text))
    found = text_lines(chars)
    if loose:
        found = [_without_last_digits(line) for line in found]
    return [_moved_back(line, page) for line in found], bool(loose)


def _char(line: RecognisedLine, text: str) -> Char:
    """A piece of a line as if it were one character, so that pieces join as characters do."""
    left, top, right, bottom = line.box
    em = bottom - top
    base = bottom - 0.15 * em
    return Char(text, left, right, base, em, 0, (left + right) / 2, (top + bottom) / 2)


def _without_last_digits(line: TextLine) -> TextLine:
    words = line.text.rstrip("0123456789.,")
    return line if words == line.text else line._replace(text=words + UNREAD)


def _moved_back(line: TextLine, page: RecognisedPage) -> TextLine:
    """The line where it stood before the page was levelled."""
    left, top, right, bottom = line.bbox
    x, y, *_ = page.tilt.back((left, top, right, bottom))
    dx, dy = x - left, y - top
    return line._replace(
        x0=line.x0 + dx, x1=line.x1 + dx, base=line.base + dy, cx=line.cx + dx, cy=line.cy + dy
    )
