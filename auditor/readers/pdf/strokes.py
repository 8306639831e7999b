"""A page's drawings in pdfium, in; its straight horizontal and vertical rules out.

A rule is a stroked line, or a filled shape so thin that it looks like one. White and nearly white
ones are not to be seen and draw nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint, c_ulong, c_void_p, cast
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.calls import plain
from auditor.readers.pdf.marks import Frame, Rule

THIN = 2.6
"""A filled shape less than this many points across is a rule."""
_THICK = 6.0
"""A stroke wider than this is a bar, not a rule."""
_LIGHT = 240
_DEEPEST = 8
MOST_OBJECTS = 60_000
"""More drawings than this on a page are a map, not a form."""
MOST_SEGMENTS = 5_000
"""More segments than this in one path are an illustration."""

Matrix = tuple[float, float, float, float, float, float]
_Thing = pdfium.FPDF_PAGEOBJECT
_TOO_MANY = -1
_kind = plain(pdfium.FPDFPageObj_GetType, takes=(c_void_p,))
_of_page = plain(pdfium.FPDFPage_GetObject, c_void_p, (c_void_p, c_int))
_of_form = plain(pdfium.FPDFFormObj_GetObject, c_void_p, (c_void_p, c_ulong))
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawn(NamedTuple):
    """What a page's objects come to."""

    across: list[Rule]
    down: list[Rule]
    pictures: list[tuple[float, float, float, float]]
    """Left, bottom, right, top of each image, in the file's coordinates."""
    is_overfull: bool
    """More drawings than are looked at."""


def drawn(page: Any, frame: Frame) -> Drawn:
    """The rules and images of a page."""
    found = Drawn([], [], [], False)
    for thing, kind, matrix in _objects(page):
        if kind == _TOO_MANY:
            return found._replace(is_overfull=True)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(_bounds(thing))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            for (x0, y0), (x1, y1) in _rules_of(thing, matrix):
                ax, ay = frame.point(x0, y0)
                bx, by = frame.point(x1, y1)
                wide, high = abs(bx - ax), abs(by - ay)
                if high < THIN:
                    found.across.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
                if wide < THIN:
                    found.down.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))
    return found


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """Objects but text, those in forms with the form's matrix; `_TOO_MANY` and no
    more where there are more than are looked at."""
    waiting = [(page, pdfium.FPDFPage_CountObjects(page), _of_page, _SAME, 0)]
    seen = 0
    while waiting:
        holder, count, get, matrix, depth = waiting.pop()
        for index in range(count):
            thing = get(holder, index)
            kind = _kind(thing)
            seen += 1
            if seen > MOST_OBJECTS:
                yield None, _TOO_MANY, _SAME
                return
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                if depth < _DEEPEST:
                    own = c_void_p(thing)
                    inner = _times(_matrix(own), matrix)
                    number = pdfium.FPDFFormObj_CountObjects(cast(own, _Thing))
                    waiting.append((own, number, _of_form, inner, depth + 1))
            elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
                yield cast(thing, _Thing), kind, matrix


def _rules_of(
    path: Any, outer: Matrix
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Both ends of each straight line, or two opposite corners of each thin shape, of a path."""
    count = pdfium.FPDFPath_CountSegments(path)
    if not 0 < count <= MOST_SEGMENTS:
        return
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    is_filled = bool(fill.value) and _is_seen(path, pdfium.FPDFPageObj_GetFillColor)
    is_stroked = bool(stroke.value) and _is_seen(path, pdfium.FPDFPageObj_GetStrokeColor)
    if not (is_filled or is_stroked):
        return
    matrix = _times(_matrix(path), outer)
    if is_stroked:
        width = c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(path, byref(width))
        if width.value * max(abs(part) for part in matrix[:4]) > _THICK:
            is_stroked = False
    for points in _subpaths(path, count, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if is_filled and min(max(xs) - min(xs), max(ys) - min(ys)) < THIN:
            yield (min(xs), min(ys)), (max(xs), max(ys))
        elif is_stroked:
            yield from pairwise(points)


def _subpaths(path: Any, count: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corner points of each part of a path without curves."""
    a, b, c, d, e, f = matrix
    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        elif kind != pdfium.FPDF_SEGMENT_LINETO:
            curved = True
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        yield points


def _is_seen(path: Any, colour_of: Any) -> bool:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not colour_of(path, byref(red), byref(green), byref(blue), byref(alpha)):
        return True
    return alpha.value > 15 and min(red.value, green.value, blue.value) < _LIGHT


def _matrix(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, byref(found)):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _bounds(thing: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value
