"""A page's drawings in pdfium, in; its straight horizontal and vertical rules out.

A rule is a stroked line, or a filled shape so thin that it looks like one. White and nearly white
ones are not to be seen and draw nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

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

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
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
    for number, (thing, kind, matrix) in enumerate(_objects(page)):
        if number >= MOST_OBJECTS:
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
    """Objects in drawing order, those in forms with the form's matrix."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _unfolded(pdfium.FPDFPage_GetObject(page, index), _SAME, 0)


def _unfolded(thing: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind != pdfium.FPDF_PAGEOBJ_FORM:
        yield thing, kind, matrix
        return
    if depth >= _DEEPEST:
        return
    inner = _times(_matrix(thing), matrix)
    for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
        yield from _unfolded(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)


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
    before: Box | None = None
    for points in _subpaths(path, count, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if is_filled and min(box[2] - box[0], box[3] - box[1]) < THIN:
            yield box[:2], box[2:]
        elif is_stroked:
            yield from pairwise(points)
        elif is_filled and before and (frame := _frame(before, box)):
            x0, y0, x1, y1 = frame
            yield from pairwise([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
            before = None
        else:
            before = box


def _frame(one: Box, other: Box) -> Box | None:
    """The outer of two boxes, where what is filled between them is as thin as a rule."""
    outer, inner = (one, other) if one[0] <= other[0] else (other, one)
    gaps = inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]
    return outer if all(-0.1 <= gap < THIN for gap in gaps) else None


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
