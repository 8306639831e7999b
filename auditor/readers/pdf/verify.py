"""PDF and page numbers in; the same pages as pdfplumber reads them, out, to confirm the first
reading.

The second reader is pdfminer's own parse of the file and pdfplumber's table finder. Nothing that
the first one takes from pdfium, neither a character nor an edge, plays a part; only how characters
in one place make a line is shared. What it cannot place it leaves out.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits, refusal
from auditor.readers.pdf.content import Box, Frame, PageContent
from auditor.readers.pdf.cost import within_cost
from auditor.readers.pdf.document import read_pages
from auditor.readers.pdf.glyphs import (
    LOST,
    FormField,
    RawChar,
    characters,
    upright,
    with_fields,
)
from auditor.readers.pdf.pages import blocks_of, laid_out
from auditor.readers.pdf.tables import Lattice, LatticeCell

_MAX_PAGES = 40
_MAX_CHARACTERS = 60_000
_MAX_EDGES = 20_000
"""pdfplumber is some ten times as slow, so it is given less to do."""
_SLANT = 4.0
_UNSEEN = 0b100010
"""Flags of what is hidden or not to be viewed."""
_TOUCH = 3.0
"""Points within which rules belong to one table, as in pdfplumber's own settings."""


def read_pdf_again(
    document: Document, numbers: Collection[int] = (), limits: Limits = DEFAULT
) -> Extract:
    """What stands on the pages of those numbers, or on all. Raises `InputError`: as `read_pdf`, and
    when the pages are too full, or such as pdfplumber cannot read."""
    first = [
        (number, content)
        for number, content in read_pages(document, limits)
        if not numbers or number in numbers
    ]
    _bound(document, [content for _, content in first])
    numbers = [number for number, _ in first]
    try:
        read = within_cost(read_again_here, document, limits, numbers)
    except InputError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        reason = type(error).__name__
        raise refusal("second-reader", document.name, reason=reason) from error
    tables = {number: found for number, _, found in read}
    return Extract(
        tuple(blocks_of([laid_out(number, content, tables[number]) for number, content, _ in read]))
    )


def _bound(document: Document, pages: Sequence[PageContent]) -> None:
    for count, most, name in (
        (len(pages), _MAX_PAGES, "pages"),
        (sum(len(page.chars) for page in pages), _MAX_CHARACTERS, "characters"),
        (sum(len(page.horizontal) + len(page.vertical) for page in pages), _MAX_EDGES, "rules"),
    ):
        if count > most:
            given = {"count": count, "counted": name, "most": most}
            raise refusal("too-large/second-reader", document.name, **given)


def read_again_here(
    document: Document, limits: Limits, numbers: Sequence[int]
) -> list[tuple[int, PageContent, list[Lattice]]]:
    """Characters and tables of those pages, whatever time and memory it takes."""
    import pdfplumber  # heavy, and needed only where something is in doubt

    found = []
    with _silent(), pdfplumber.open(BytesIO(document.content), pages=list(numbers)) as opened:
        for page in opened.pages:
            found.append((page.page_number, *_page(page)))
            page.close()
    return found


@contextmanager
def _silent() -> Iterator[None]:
    """Keeps to itself what pdfminer says of fonts and colours: the first reader had its say."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _page(page: Any) -> tuple[PageContent, list[Lattice]]:
    # Boxes are measured from the upper left corner of what is seen of the page.
    left, top, right, bottom = (float(side) for side in page.bbox)
    height = bottom - top
    frame = Frame(0, 0, right - left, height, 0)
    raw = list(_characters(page.chars, left, top, float(page.height)))
    raw = with_fields(raw, _fields(page, left, top, height), frame, frame)
    frame = frame._replace(turns=upright(raw))
    tables = [
        [_placed(cell, left, top, height, frame) for cell in table.cells]
        for table in page.find_tables({"explicit_horizontal_lines": [], **_closed(page)})
    ]
    width, height = frame.size
    content = PageContent(width, height, tuple(characters(raw, frame)), (), (), False, False)
    found = [_lattice(cells) for cells in tables]
    return content, sorted(found, key=lambda table: (table.ys[0], table.xs[0]))


def _characters(chars: Sequence[Any], left: float, top: float, height: float) -> Iterator[RawChar]:
    """As pdfium's characters: from the lower left corner, without blanks and slanted ones."""
    for char in chars:
        text = char["text"]
        if not text or text.isspace():
            continue
        if text.startswith("(cid:"):
            text = LOST
        a, b, _, _, e, f = char["matrix"]
        degrees = math.degrees(math.atan2(b, a)) % 360
        quarter = round(degrees / 90)
        if abs(degrees - 90 * quarter) > _SLANT:
            continue
        em = char["size"]
        if not 0.5 < em < 500:
            continue
        x0, x1 = char["x0"] - left, char["x1"] - left
        low, high = height + top - char["bottom"], height + top - char["top"]
        # A ligature is several characters in one box.
        for index, each in enumerate(text):
            at = x0 + (x1 - x0) * index / len(text)
            end = x0 + (x1 - x0) * (index + 1) / len(text)
            yield RawChar(each, e - left + at - x0, f, at, low, end, high, em, quarter % 4)


def _fields(page: Any, left: float, top: float, height: float) -> Iterator[FormField]:
    """What form fields and text boxes are said to hold, whatever they look like."""
    from pdfplumber.utils.pdfinternals import decode_text, resolve

    x0, y0, x1, y1 = map(float, page.mediabox)
    frame = Frame(x0, y0, x1, y1, page.rotation // 90)
    for given in resolve(page.page_obj.annots) or ():
        words = resolve(given)
        if int(resolve(words.get("F", 0))) & _UNSEEN:
            continue
        subtype = getattr(resolve(words.get("Subtype")), "name", "")
        value = resolve(words.get("Contents")) if subtype == "FreeText" else None
        if subtype == "Widget":
            parent = resolve(words.get("Parent")) or {}
            kind = getattr(resolve(words.get("FT", parent.get("FT"))), "name", "")
            if kind in {"Tx", "Ch"}:
                value = resolve(words.get("V", parent.get("V")))
        if isinstance(value, bytes) and value:
            x0, y0, x1, y1 = (float(resolve(side)) for side in resolve(words["Rect"]))
            (ax, ay), (bx, by) = frame.point(x0, y0), frame.point(x1, y1)
            upper, lower = sorted((height + top - ay, height + top - by), reverse=True)
            yield FormField(
                min(ax, bx) - left, lower, max(ax, bx) - left, upper, decode_text(value)
            )


def _closed(page: Any) -> dict[str, list[Any]]:
    """The outlines of tables, which a page's end or a style without outer borders leaves open."""
    edges = page.debug_tablefinder().edges
    groups: list[tuple[Box, int, int]] = []
    for edge in edges:
        box = (
            edge["x0"] - _TOUCH, edge["top"] - _TOUCH, edge["x1"] + _TOUCH, edge["bottom"] + _TOUCH
        )  # fmt: skip
        is_down = edge["orientation"] == "v"
        down, across = int(is_down), int(not is_down)
        apart = []
        for other, other_down, other_across in groups:
            if _overlap(box, other):
                box = (
                    min(box[0], other[0]), min(box[1], other[1]),
                    max(box[2], other[2]), max(box[3], other[3]),
                )  # fmt: skip
                down, across = down + other_down, across + other_across
            else:
                apart.append((other, other_down, other_across))
        groups = [*apart, (box, down, across)]
    lines_across, lines_down = [], []
    for (x0, top, x1, bottom), down, across in groups:
        if down < 2 or not across:
            continue
        x0, top, x1, bottom = x0 + _TOUCH, top + _TOUCH, x1 - _TOUCH, bottom - _TOUCH
        lines_across += [_line(x0, y, x1, y) for y in (top, bottom)]
        lines_down += [_line(x, top, x, bottom) for x in (x0, x1)]
    return {"explicit_horizontal_lines": lines_across, "explicit_vertical_lines": lines_down}


def _overlap(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _line(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    return {
        **{"object_type": "line", "x0": x0, "x1": x1, "top": top, "bottom": bottom},
        **{"width": x1 - x0, "height": bottom - top, "doctop": top},
    }


def _placed(cell: Box, left: float, top: float, height: float, frame: Frame) -> Box:
    """A cell on the page as it is read."""
    ax, ay = frame.point(cell[0] - left, height + top - cell[1])
    bx, by = frame.point(cell[2] - left, height + top - cell[3])
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _lattice(cells: Sequence[Box]) -> Lattice:
    """A table from its cells; what lies between them belongs to none."""
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    owner = [[-1] * (len(xs) - 1) for _ in ys[1:]]
    regions: list[LatticeCell] = []
    for box in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        left, right = xs.index(box[0]), xs.index(box[2])
        top, bottom = ys.index(box[1]), ys.index(box[3])
        for row in range(top, bottom):
            for column in range(left, right):
                owner[row][column] = len(regions)
        regions.append(LatticeCell(top, left, bottom - top, right - left, box))
    return Lattice(tuple(xs), tuple(ys), tuple(map(tuple, owner)), tuple(regions))
