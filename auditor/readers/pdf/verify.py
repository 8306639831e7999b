"""PDF and page numbers in; the same pages as pdfplumber reads them, out, to confirm the first
reading.

The second reader is pdfminer's own parse of the file and pdfplumber's table finder. Nothing that
the first one takes from pdfium, neither a character nor an edge, plays a part; only how characters
in one place make a line, and which edges touch, is shared. What it cannot place it leaves out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, pairwise
from typing import Any, NamedTuple

from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.utils.pdfinternals import decode_text, resolve

from auditor.errors import InputError
from auditor.messages import both
from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf import within_cost
from auditor.readers.pdf.annotations import FormField, with_fields
from auditor.readers.pdf.content import Box, Edge, Frame, PageContent
from auditor.readers.pdf.glyphs import (
    LARGEST,
    SMALLEST,
    UNMAPPED,
    RawChar,
    characters,
    quarter_turns,
    upright,
)
from auditor.readers.pdf.interpreter import DrawnChar, DrawnShape, Resources, drawn_on
from auditor.readers.pdf.pages import blocks_of, page_layout
from auditor.readers.pdf.table_finder import MIN_LENGTH, merged, tables
from auditor.readers.pdf.tables import Lattice, LatticeCell, connected
from auditor.readers.pdf.tokens import FileObjects
from auditor.refusals import refusal

_MOST = {"pages": 40, "characters": 60_000, "rules": 20_000}
"""pdfplumber is several times as slow, so it is given less to do."""
_UNSEEN = 0b100010
"""Flags of what is hidden or not to be viewed."""


class PageAgain(NamedTuple):
    """A page, and how much stands on it."""

    number: int
    content: PageContent
    tables: list[Lattice]
    characters: int
    rules: int


def read_pdf_again(
    document: Document,
    numbers: Collection[int] = (),
    limits: Limits = DEFAULT,
    known: dict[int, PageAgain] | None = None,
) -> Extract:
    """What stands on the pages of those numbers, or on all. Pages `known` are not read anew, those
    that are read become known. Raises `InputError`: as `read_pdf`, and when the pages are too full,
    or such as pdfplumber cannot read."""
    known = {} if known is None else known
    missing = [number for number in numbers if number not in known]
    before = list(known.values())
    seen = {
        "pages": len(before),
        "characters": sum(page.characters for page in before),
        "rules": sum(page.rules for page in before),
    }
    try:
        read = within_cost(read_again_here, document, limits, missing, seen)
    except InputError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        reason = type(error).__name__
        raise refusal("second-reader", document.name, reason=reason) from error
    known |= {page.number: page for page in read}
    pages = [known[number] for number in sorted(known) if not numbers or number in numbers]
    layouts = [page_layout(page.number, page.content, page.tables) for page in pages]
    return Extract(tuple(blocks_of(layouts)))


def read_again_here(
    document: Document, limits: Limits, numbers: Collection[int], seen: dict[str, int]
) -> list[PageAgain]:
    """Characters and tables of those pages, or of all, whatever time and memory it takes. `seen` is
    how much was read before."""
    found = []
    with _silent():
        resources = Resources()
        wanted: Any = [
            Page(None, each, number)  # type: ignore[arg-type]  # of the file only pages are asked
            for number, each in enumerate(PDFPage.create_pages(FileObjects(document.content)), 1)
            if not numbers or number in numbers
        ]
        _count(document, seen, "pages", len(wanted))
        for page in wanted:
            chars, shapes = drawn_on(page.page_obj, resources)
            rules = sum(len(each.points) for each in shapes) // 2
            _count(document, seen, "characters", len(chars))
            _count(document, seen, "rules", rules)
            content, tables_there = _page(page, chars, shapes)
            found.append(PageAgain(page.page_number, content, tables_there, len(chars), rules))
    return found


def _count(document: Document, seen: dict[str, int], counted: str, more: int) -> None:
    seen[counted] += more
    if seen[counted] > _MOST[counted]:
        raise refusal(
            "too-large/second-reader",
            document.name,
            count=f"{seen[counted]:,}",
            counted=both(f"counted-{counted}"),
            most=f"{_MOST[counted]:,}",
        )


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


def _page(
    page: Any, chars: Sequence[Any], shapes: Sequence[Any]
) -> tuple[PageContent, list[Lattice]]:
    # From the lower left corner of what is seen of the page, as pdfium measures.
    left, top, right, bottom = (float(side) for side in page.bbox)
    frame = Frame(left, 0, right, bottom - top, 0)
    raw = with_fields(list(_characters(page, chars)), _fields(page, bottom), frame, frame)
    frame = frame._replace(turns=upright(raw))
    horizontal, vertical = (
        [edge for edge in edges if edge.end - edge.start >= MIN_LENGTH]
        for edges in _edges(page, shapes)
    )
    across, down = _table_outlines(merged(horizontal), merged(vertical))
    found = []
    for cells in tables(merged([*horizontal, *across]), merged([*vertical, *down])):
        corners = [
            (frame.point(x0, bottom - y0), frame.point(x1, bottom - y1)) for x0, y0, x1, y1 in cells
        ]
        found.append(
            _lattice(
                [
                    (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
                    for (ax, ay), (bx, by) in corners
                ]
            )
        )
    content = PageContent(*frame.size, tuple(characters(raw, frame)), (), (), False, False)
    return content, sorted(found, key=lambda table: (table.ys[0], table.xs[0]))


def _edges(page: Any, shapes: Sequence[DrawnShape]) -> tuple[list[Edge], list[Edge]]:
    """The horizontal and the vertical edges of all lines, boxes and curves in this order, as
    pdfplumber has them."""
    found: dict[str, tuple[list[Edge], list[Edge]]] = {
        kind: ([], []) for kind in ("line", "rect", "curve")
    }
    x, y = page.mediabox[:2]
    for kind, (left, low, right, high), points in shapes:
        horizontal, vertical = found[kind]
        if kind == "curve":
            for (x0, y0), (x1, y1) in pairwise([page.point2coord(point) for point in points]):
                if x0 == x1:
                    vertical.append(Edge(x0, min(y0, y1), max(y0, y1)))
                elif y0 == y1:
                    horizontal.append(Edge(y0, min(x0, x1), max(x0, x1)))
            continue
        top, bottom = (page.height - high) + y, (page.height - low) + y
        x0, x1 = left + x, right + x
        if kind == "rect":
            horizontal += Edge(top, x0, x1), Edge(bottom, x0, x1)
            vertical += Edge(x0, top, bottom), Edge(x1, top, bottom)
        elif top == bottom:
            horizontal.append(Edge(top, x0, x1))
        else:
            vertical.append(Edge(x0, top, bottom))
    across, down = zip(*found.values(), strict=True)
    return list(chain(*across)), list(chain(*down))


def _characters(page: Any, chars: Sequence[DrawnChar]) -> Iterator[RawChar]:
    """As pdfium's characters: without blanks and slanted ones."""
    shift, y0 = page.mediabox[:2]
    bottom, height = float(page.bbox[3]), page.height
    for text, a, b, x, y, x0, char_low, x1, char_high, em in chars:
        if not text or text.isspace():
            continue
        quarter = 0 if b == 0 and a > 0 else quarter_turns(a, b)
        if quarter is None or not SMALLEST < em < LARGEST:
            continue
        high, low = (bottom - ((height - side) + y0) for side in (char_high, char_low))
        left, right = x0 + shift, x1 + shift
        if len(text) == 1:
            yield _raw_char((text, x, y, left, low, right, high, em, quarter))
            continue
        if text.startswith("(cid:"):
            text = UNMAPPED
        width = (right - left) / len(text)
        for index, each in enumerate(text):  # a ligature is several characters in one box
            start = index * width
            sides = left + start, low, left + start + width, high
            yield RawChar(each, x + start, y, *sides, em, quarter)


# A named tuple's own constructor takes longer than the tuple.
_raw_char: Callable[[tuple[object, ...]], RawChar] = partial(tuple.__new__, RawChar)


def _fields(page: Any, bottom: float) -> Iterator[FormField]:
    """What form fields and text boxes are said to hold, whatever they look like."""
    x0, y0, x1, y1 = map(float, page.mediabox)
    frame = Frame(x0, y0, x1, y1, page.rotation // 90)
    for reference in resolve(page.page_obj.annots) or ():
        annotation = resolve(reference)
        if int(resolve(annotation.get("F", 0))) & _UNSEEN:
            continue
        subtype = getattr(resolve(annotation.get("Subtype")), "name", "")
        value = resolve(annotation.get("Contents")) if subtype == "FreeText" else None
        if subtype == "Widget":
            parent = resolve(annotation.get("Parent")) or {}
            kind = getattr(resolve(annotation.get("FT", parent.get("FT"))), "name", "")
            if kind in {"Tx", "Ch"}:
                value = resolve(annotation.get("V", parent.get("V")))
        if isinstance(value, bytes) and value:
            x0, y0, x1, y1 = (float(resolve(side)) for side in resolve(annotation["Rect"]))
            (ax, ay), (bx, by) = frame.point(x0, y0), frame.point(x1, y1)
            (left, right), (low, high) = sorted((ax, bx)), sorted((bottom - ay, bottom - by))
            yield FormField(left, low, right, high, decode_text(value))


def _table_outlines(
    horizontal: Sequence[Edge], vertical: Sequence[Edge]
) -> tuple[list[Edge], list[Edge]]:
    """The outlines of tables, which a page's end or a style without outer borders leaves open."""
    across, down = [], []
    for rows, columns in connected(horizontal, vertical):
        if len(columns) < 2 or not rows:
            continue
        xs = [x for edge in rows for x in edge[1:]] + [edge.at for edge in columns]
        ys = [y for edge in columns for y in edge[1:]] + [edge.at for edge in rows]
        across += [Edge(y, min(xs), max(xs)) for y in (min(ys), max(ys))]
        down += [Edge(x, min(ys), max(ys)) for x in (min(xs), max(xs))]
    return across, down


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
