"""PDF and page numbers in; the same pages as pdfplumber reads them, out, to confirm the first
reading.

The second reader is pdfminer's own parse of the file and pdfplumber's table finder. Nothing that
the first one takes from pdfium, neither a character nor an edge, plays a part; only how characters
in one place make a line, and which edges touch, is shared. What it cannot place it leaves out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple

from auditor.errors import InputError
from auditor.messages import both
from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf import within_cost
from auditor.readers.pdf.content import Box, Edge, Frame, PageContent
from auditor.readers.pdf.glyphs import (
    LARGEST,
    SMALLEST,
    UNMAPPED,
    FormField,
    RawChar,
    characters,
    quarter_turns,
    upright,
    with_fields,
)
from auditor.readers.pdf.pages import blocks_of, page_layout
from auditor.readers.pdf.tables import Lattice, LatticeCell, connected
from auditor.refusals import refusal

_MOST = {"pages": 40, "characters": 60_000, "rules": 20_000}
"""pdfplumber is several times as slow, so it is given less to do."""
_UNSEEN = 0b100010
"""Flags of what is hidden or not to be viewed."""


def read_pdf_again(
    document: Document, numbers: Collection[int] = (), limits: Limits = DEFAULT
) -> Extract:
    """What stands on the pages of those numbers, or on all. Raises `InputError`: as `read_pdf`, and
    when the pages are too full, or such as pdfplumber cannot read."""
    try:
        read = within_cost(read_again_here, document, limits, numbers)
    except InputError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        reason = type(error).__name__
        raise refusal("second-reader", document.name, reason=reason) from error
    return Extract(
        tuple(blocks_of([page_layout(number, content, tables) for number, content, tables in read]))
    )


def read_again_here(
    document: Document, limits: Limits, numbers: Collection[int]
) -> list[tuple[int, PageContent, list[Lattice]]]:
    """Characters and tables of those pages, whatever time and memory it takes."""
    # Heavy, and needed only where something is in doubt.
    import pdfplumber
    from pdfminer.layout import LTChar, LTCurve

    from auditor.readers.pdf.interpreter import drawn_on

    found = []
    seen = dict.fromkeys(_MOST, 0)
    wanted = list(numbers) or None
    with _silent(), pdfplumber.open(BytesIO(document.content), pages=wanted) as opened:
        _count(document, seen, "pages", len(opened.pages))
        for page in opened.pages:
            drawn = list(drawn_on(page.page_obj, opened.rsrcmgr))
            chars = [each for each in drawn if isinstance(each, LTChar)]
            shapes = [each for each in drawn if isinstance(each, LTCurve)]
            _count(document, seen, "characters", len(chars))
            _count(document, seen, "rules", sum(len(each.pts) for each in shapes) // 2)
            found.append((page.page_number, *_page(page, chars, shapes)))
            page.close()
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
    from pdfplumber.table import TableFinder

    # From the lower left corner of what is seen of the page, as pdfium measures.
    left, top, right, bottom = (float(side) for side in page.bbox)
    frame = Frame(left, 0, right, bottom - top, 0)
    raw = with_fields(list(_characters(page, chars)), _fields(page, bottom), frame, frame)
    frame = frame._replace(turns=upright(raw))
    ruled: Any = _Ruled(page.bbox, _edges(page, shapes))
    settings = {"explicit_horizontal_lines": [], **_table_outlines(ruled)}
    found = []
    for table in TableFinder(ruled, settings).tables:
        corners = [
            (frame.point(x0, bottom - y0), frame.point(x1, bottom - y1))
            for x0, y0, x1, y1 in table.cells
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


class _Ruled(NamedTuple):
    """What pdfplumber asks of a page in order to find its tables."""

    bbox: tuple[float, float, float, float]
    edges: list[dict[str, Any]]


def _edges(page: Any, shapes: Sequence[Any]) -> list[dict[str, Any]]:
    """The edges of all lines, boxes and curves in this order, as pdfplumber has them."""
    from pdfminer.layout import LTLine, LTRect
    from pdfplumber.utils.geometry import obj_to_edges

    found: dict[str, list[dict[str, Any]]] = {"line": [], "rect": [], "curve": []}
    x, y = page.mediabox[:2]
    for shape in shapes:
        kind = {LTLine: "line", LTRect: "rect"}.get(type(shape), "curve")
        top, bottom = ((page.height - side) + y for side in (shape.y1, shape.y0))
        drawn = {
            **{"object_type": kind, "x0": shape.x0 + x, "x1": shape.x1 + x},
            **{"y0": shape.y0, "y1": shape.y1, "top": top, "bottom": bottom, "doctop": top},
            **{"width": shape.width, "height": shape.height},
            "pts": [page.point2coord(point) for point in shape.pts] if kind == "curve" else (),
        }
        found[kind] += obj_to_edges(drawn)
    return [edge for edges in found.values() for edge in edges]


def _characters(page: Any, chars: Sequence[Any]) -> Iterator[RawChar]:
    """As pdfium's characters: without blanks and slanted ones."""
    shift, y0 = page.mediabox[:2]
    bottom = float(page.bbox[3])
    for char in chars:
        text = char.get_text()
        if not text or text.isspace():
            continue
        if text.startswith("(cid:"):
            text = UNMAPPED
        a, b, _, _, x, y = char.matrix
        quarter, em = quarter_turns(a, b), char.size
        if quarter is None or not SMALLEST < em < LARGEST:
            continue
        high, low = (bottom - ((page.height - side) + y0) for side in (char.y1, char.y0))
        left = char.x0 + shift
        width = (char.x1 + shift - left) / len(text)
        for index, each in enumerate(text):  # a ligature is several characters in one box
            start = index * width
            sides = left + start, low, left + start + width, high
            yield RawChar(each, x + start, y, *sides, em, quarter)


def _fields(page: Any, bottom: float) -> Iterator[FormField]:
    """What form fields and text boxes are said to hold, whatever they look like."""
    from pdfplumber.utils.pdfinternals import decode_text, resolve

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


def _table_outlines(page: _Ruled) -> dict[str, list[Any]]:
    """The outlines of tables, which a page's end or a style without outer borders leaves open."""
    from pdfplumber.table import TableSettings, merge_edges
    from pdfplumber.utils.geometry import filter_edges

    usual = TableSettings()
    long = [
        edge
        for orientation in "vh"
        for edge in filter_edges(
            page.edges, orientation, min_length=usual.edge_min_length_prefilter
        )
    ]
    edges = merge_edges(
        long,
        usual.snap_x_tolerance,
        usual.snap_y_tolerance,
        usual.join_x_tolerance,
        usual.join_y_tolerance,
    )
    edges = filter_edges(edges, min_length=usual.edge_min_length)
    across = [Edge(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h"]
    down = [Edge(e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v"]
    lines_across, lines_down = [], []
    for rows, columns in connected(across, down):
        if len(columns) < 2 or not rows:
            continue
        xs = [x for edge in rows for x in edge[1:]] + [edge.at for edge in columns]
        ys = [y for edge in columns for y in edge[1:]] + [edge.at for edge in rows]
        lines_across += [_line(min(xs), y, max(xs), y) for y in (min(ys), max(ys))]
        lines_down += [_line(x, min(ys), x, max(ys)) for x in (min(xs), max(xs))]
    return {"explicit_horizontal_lines": lines_across, "explicit_vertical_lines": lines_down}


def _line(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    return {
        **{"object_type": "line", "x0": x0, "x1": x1, "top": top, "bottom": bottom},
        **{"width": x1 - x0, "height": bottom - top, "doctop": top},
    }


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
