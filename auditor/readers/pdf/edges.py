"""A page's drawings in pdfium in; the straight horizontal and vertical edges that they show, out.

An edge is a stroked line, or a filled shape so thin that it looks like one. White and nearly white
ones are not to be seen and draw nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_uint, c_ulong, c_void_p, cast
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.content import Box, Edge, Frame
from auditor.readers.pdf.pdfium import handle, plain

THIN = 2.6
"""A filled shape less than this many points across is an edge."""
_THICK = 6.0
"""A stroke wider than this is a bar, not an edge."""
_LIGHT = 240
_MAX_DEPTH = 8
_MAX_OBJECTS = 60_000
"""More drawings than this on a page are a map, not a form."""
_MAX_POINTS = 500_000
"""Of a page's paths together."""
_MAX_SEGMENTS = 5_000
"""More segments than this in one path are an illustration."""

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_TOO_MANY = -1
_HANDLE = (c_void_p,)
_kind = plain(pdfium.FPDFPageObj_GetType, takes=_HANDLE)
_of_page = plain(pdfium.FPDFPage_GetObject, c_void_p)
_of_form = plain(pdfium.FPDFFormObj_GetObject, c_void_p, (c_void_p, c_ulong))
_count_in_form = plain(pdfium.FPDFFormObj_CountObjects)
_count_segments = plain(pdfium.FPDFPath_CountSegments)
_draw_mode = plain(pdfium.FPDFPath_GetDrawMode)
_fill_colour = plain(pdfium.FPDFPageObj_GetFillColor)
_stroke_colour = plain(pdfium.FPDFPageObj_GetStrokeColor)
_stroke_width = plain(pdfium.FPDFPageObj_GetStrokeWidth)
_matrix_of = plain(pdfium.FPDFPageObj_GetMatrix)
_bounds_of = plain(pdfium.FPDFPageObj_GetBounds)
_segment = plain(pdfium.FPDFPath_GetPathSegment, c_void_p)
_segment_kind = plain(pdfium.FPDFPathSegment_GetType)
_segment_point = plain(pdfium.FPDFPathSegment_GetPoint)
_segment_close = plain(pdfium.FPDFPathSegment_GetClose)
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawings(NamedTuple):
    """What a page's objects come to."""

    horizontal: list[Edge]
    vertical: list[Edge]
    pictures: list[Box]
    """Left, bottom, right, top of each image, in the file's coordinates."""
    texts: list[int]
    """The addresses of the objects that are text, whatever they say."""
    is_overfull: bool = False
    """More drawings than are looked at."""


def drawings_of(page: Any, frame: Frame, own_objects: int) -> Drawings:
    """The edges, images and texts of the first `own_objects` objects of a page."""
    objects = _ObjectReader()
    found = Drawings([], [], [], objects.texts)
    point = frame.point
    if frame.turns % 4 == 0:
        edge, upper = frame.left, frame.top

        def point(x: float, y: float) -> Point:
            return x - edge, upper - y

    for thing, kind, matrix in _objects(page, own_objects, objects):
        if kind == _TOO_MANY or objects.points > _MAX_POINTS:
            return found._replace(is_overfull=True)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(objects.bounds(thing))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            for (x0, y0), (x1, y1) in objects.edges_of(thing, matrix):
                ax, ay = point(x0, y0)
                bx, by = point(x1, y1)
                wide, high = abs(bx - ax), abs(by - ay)
                if high < THIN:
                    found.horizontal.append(Edge((ay + by) / 2, min(ax, bx), max(ax, bx)))
                if wide < THIN:
                    found.vertical.append(Edge((ax + bx) / 2, min(ay, by), max(ay, by)))
    return found


def _objects(
    page: Any, own_objects: int, objects: _ObjectReader
) -> Iterator[tuple[c_void_p, int, Matrix]]:
    """Objects but text, those in forms with the form's matrix; `_TOO_MANY` and no more where there
    are more than are looked at."""
    pending = [(cast(page, c_void_p), own_objects, _of_page, _SAME, 0)]
    seen = 0
    while pending:
        holder, count, get, matrix, depth = pending.pop()
        seen += max(count, 0)
        if seen > _MAX_OBJECTS:
            yield holder, _TOO_MANY, _SAME
            return
        places = list(map(get, repeat(handle(holder)), range(count)))
        for place, kind in zip(places, map(_kind, places), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                objects.texts.append(place)
                continue
            thing = c_void_p(place)
            if kind != pdfium.FPDF_PAGEOBJ_FORM:
                yield thing, kind, matrix
            elif depth < _MAX_DEPTH:
                inner = _multiplied(objects.matrix(thing), matrix)
                pending.append((thing, _count_in_form(thing), _of_form, inner, depth + 1))


class _ObjectReader:
    """Asks pdfium about objects; holds the places where its answers are put."""

    def __init__(self) -> None:
        self.points = 0
        self.texts: list[int] = []
        self.numbers = [c_float() for _ in range(4)]
        self.counts = [c_uint() for _ in range(4)]
        self.found_matrix = pdfium.FS_MATRIX()
        self.at_numbers = [byref(number) for number in self.numbers]
        self.at_counts = [byref(count) for count in self.counts]
        self.at_matrix = byref(self.found_matrix)

    def edges_of(self, path: c_void_p, outer: Matrix) -> Iterator[tuple[Point, Point]]:
        """Both ends of each straight line, or two opposite corners of each thin shape."""
        count = _count_segments(path)
        self.points += max(count, 0)
        if not 0 < count <= _MAX_SEGMENTS:
            return
        fill, stroke = self.counts[:2]
        _draw_mode(path, *self.at_counts[:2])
        fills, strokes = bool(fill.value), bool(stroke.value)
        is_filled = fills and self._is_visible(path, _fill_colour)
        is_stroked = strokes and self._is_visible(path, _stroke_colour)
        if not (is_filled or is_stroked):
            return
        matrix = self.matrix(path)
        if outer is not _SAME:
            matrix = _multiplied(matrix, outer)
        if is_stroked:
            width = self.numbers[0]
            _stroke_width(path, self.at_numbers[0])
            if width.value * max(map(abs, matrix[:4])) > _THICK:
                is_stroked = False
        outline_candidate: Box | None = None
        for points in self._parts(path, count, matrix):
            if is_stroked and not is_filled:
                yield from pairwise(points)
                continue
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = min(xs), min(ys), max(xs), max(ys)
            if is_filled and min(box[2] - box[0], box[3] - box[1]) < THIN:
                yield box[:2], box[2:]
            elif is_stroked:
                yield from pairwise(points)
            elif outline_candidate and (frame := _outline(outline_candidate, box)):
                x0, y0, x1, y1 = frame
                yield from pairwise([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
                outline_candidate = None
            else:
                outline_candidate = box

    def _parts(self, path: c_void_p, count: int, matrix: Matrix) -> Iterator[list[Point]]:
        """The corner points of each part of a path without curves."""
        a, b, c, d, e, f = matrix
        x, y = self.numbers[:2]
        at_x, at_y = self.at_numbers[:2]
        points: list[Point] = []
        curved = False
        for index in range(count):
            segment = c_void_p(_segment(path, index))
            kind = _segment_kind(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and not curved:
                    yield points
                points, curved = [], False
            elif kind != pdfium.FPDF_SEGMENT_LINETO:
                curved = True
            _segment_point(segment, at_x, at_y)
            across, up = x.value, y.value
            points.append((a * across + c * up + e, b * across + d * up + f))
            if _segment_close(segment):
                points.append(points[0])
        if len(points) > 1 and not curved:
            yield points

    def _is_visible(self, path: c_void_p, colour_of: Any) -> bool:
        if not colour_of(path, *self.at_counts):
            return True
        red, green, blue, alpha = self.counts
        return alpha.value > 15 and min(red.value, green.value, blue.value) < _LIGHT

    def matrix(self, thing: c_void_p) -> Matrix:
        """The matrix of a path or form."""
        found = self.found_matrix
        if not _matrix_of(thing, self.at_matrix):
            return _SAME
        return found.a, found.b, found.c, found.d, found.e, found.f

    def bounds(self, thing: c_void_p) -> Box:
        """Left, bottom, right, top."""
        _bounds_of(thing, *self.at_numbers)
        left, bottom, right, top = (number.value for number in self.numbers)
        return left, bottom, right, top


def _outline(one: Box, other: Box) -> Box | None:
    """The outer of two boxes, where what is filled between them is as thin as a rule."""
    outer, inner = (one, other) if one[0] <= other[0] else (other, one)
    gaps = inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]
    return outer if all(-0.1 <= gap < THIN for gap in gaps) else None


def _multiplied(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
