"""What stands on a page: characters and the edges of tables, and the lines that characters make.

Coordinates are points from the upper left corner of the page as it is read: text upright, whatever
the page's own turn.

An edge is a stroked line, or a filled shape so thin that it looks like one, straight along the
page's sides. White and nearly white ones are not to be seen and draw nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_uint, c_ulong, c_void_p, cast
from functools import partial
from itertools import pairwise, repeat
from operator import attrgetter
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.model.source import UNREAD
from auditor.readers.pdf import handle, plain

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_SAME_LINE = 0.45
"""Share of an em by which characters of one line may stand higher or lower."""
_GAP = 0.2
"""Share of an em from which on a gap between characters is a blank."""
_PADDING = 12.0
"""Points that both sides of a cell may keep free of text."""
_DIGITS = frozenset("0123456789")
_FIGURE = _DIGITS | {".", ","}
_SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_RAISED, _SMALLER, _NOTE_GAP = 0.2, 0.9, 0.6
"""Share of an em above others from which on a digit is none of theirs, of their size below which it
is none, and of an em that may be between a figure and the number of a note."""
_OVERLAP = 0.25
"""Share of an em by which characters that are printed on each other overlap."""
_reading_order = attrgetter("turn", "base", "x0")
_x0, _em, _base = attrgetter("x0"), attrgetter("em"), attrgetter("base")


class Char(NamedTuple):
    """One character. `x0`, `x1` and `base` are measured along its own line of writing."""

    text: str
    x0: float
    x1: float
    base: float
    em: float
    turn: int
    """Quarter turns against the page's upright text; `x0`, `x1`, `base` are in the turned frame."""
    cx: float
    cy: float
    """Its centre on the page."""


class Edge(NamedTuple):
    """A straight line that is drawn, or taken for one: `at` across, from `start` to `end` along."""

    at: float
    start: float
    end: float


class PageContent(NamedTuple):
    """All that one page has."""

    width: float
    height: float
    chars: tuple[Char, ...]
    horizontal: tuple[Edge, ...]
    """`at` is y."""
    vertical: tuple[Edge, ...]
    """`at` is x."""
    has_image: bool
    """A picture, or text that is not to be seen, stands where text should."""
    is_scan: bool
    """The text under the picture is invisible: some recogniser's, not the author's."""
    is_undrawn: bool = False
    """It has text, and none of it can be drawn: its fonts are neither in the file nor on this
    machine. As a picture the page would look blank."""


class Frame(NamedTuple):
    """A page box and by how many quarter turns clockwise it is turned to be read."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point in the file's coordinates stands on the page as it is read."""
        match self.turns % 4:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as it is read."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)


class Word(NamedTuple):
    """Characters of a line without a blank between them."""

    text: str
    x0: float
    x1: float


class TextLine(NamedTuple):
    """One line of writing."""

    text: str
    x0: float
    x1: float
    base: float
    em: float
    turn: int
    cx: float
    cy: float
    words: tuple[Word, ...] = ()

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Its box on the page; of a turned line only its centre is known."""
        if self.turn:
            half = self.em / 2
            return self.cx - half, self.cy - half, self.cx + half, self.cy + half
        return self.x0, self.base - 0.85 * self.em, self.x1, self.base + 0.15 * self.em


# A named tuple's own constructor takes longer than the tuple.
_word: Callable[[tuple[object, ...]], Word] = partial(tuple.__new__, Word)
_text_line: Callable[[tuple[object, ...]], TextLine] = partial(tuple.__new__, TextLine)


def text_lines(chars: Sequence[Char]) -> list[TextLine]:
    """The lines, from top to bottom; turned ones after upright ones."""
    if len(chars) == 1:
        return [_single_character_line(chars[0])]
    ordered = sorted(chars, key=_reading_order)
    if ordered and _is_one_line(ordered[0], ordered[-1]):
        return [_line(ordered)]
    groups: list[list[Char]] = []
    first_turn, first_base, first_em = -1, 0.0, 0.0
    for char in ordered:
        _, _, _, base, em, turn, _, _ = char
        widest = em if em > first_em else first_em
        if turn == first_turn and base - first_base < _SAME_LINE * widest:
            groups[-1].append(char)
        else:
            groups.append([char])
            first_turn, first_base, first_em = turn, base, em
    return [
        _line(group) if len(group) > 1 else _single_character_line(group[0]) for group in groups
    ]


def _is_one_line(first: Char, last: Char) -> bool:
    """Whether all characters from the first to the last in reading order stand on its line."""
    return first.turn == last.turn and last.base - first.base < _SAME_LINE * first.em


def _single_character_line(char: Char) -> TextLine:
    text, x0, x1, *_ = char
    return _text_line((*char, (_word((text, x0, x1)),)))


def _line(group: list[Char]) -> TextLine:
    if group[0].base != group[-1].base:
        group.sort(key=_x0)
    if len(set(map(_em, group))) > 1 or len(set(map(_base, group))) > 1:
        group = _with_notes(group)
    words: list[Word] = []
    text, start, end, lowest, largest, turn, cx, cy = group[0]
    em_before = largest
    is_overprinted = False
    for char, x0, x1, base, em, _, char_cx, char_cy in group[1:]:
        if x0 < end - _OVERLAP * em:
            is_overprinted = True
        if x0 - end > _GAP * (em if em < em_before else em_before):
            words.append(_word((text, start, end)))
            start, text = x0, char
        else:
            text += char
        if x1 > end:
            end = x1
        if base > lowest:
            lowest = base
        if em > largest:
            largest = em
        em_before = em
        cx += char_cx
        cy += char_cy
    if is_overprinted and (legible := _without_overprinted_digits(group)) != group:
        return _line(legible)
    words.append(_word((text, start, end)))
    if len(words) > 1:
        text = " ".join([word.text for word in words])
    x0, count = words[0].x0, len(group)
    return _text_line((text, x0, end, lowest, largest, turn, cx / count, cy / count, tuple(words)))


def _without_overprinted_digits(line: list[Char]) -> list[Char]:
    """The characters of a line, those digits unread on which others are printed: a label that runs
    over into the next cell mixes with the figure there."""
    found = list(line)
    for at, char in enumerate(line):
        for place in range(at + 1, len(line)):
            other = line[place]
            if other.x0 >= char.x1 - _OVERLAP * min(char.em, other.em):
                break
            for each in (at, place):
                if line[each].text.isdecimal():
                    found[each] = line[each]._replace(text=UNREAD)
    return found


def _with_notes(line: Sequence[Char]) -> list[Char]:
    """The characters of a line, those digits raised that stand above others beside them and are
    smaller, or touch them and are one of both: they are the number of a note, as in `12` with a
    raised `1`, or nobody can tell."""
    found = list(line)
    first, touches = 0, True
    for at in range(1, len(line) + 1):
        if at < len(line) and {line[at].text, line[first].text} <= _DIGITS:
            gap = (line[at].x0 - line[at - 1].x1) / line[at - 1].em
            if gap <= _NOTE_GAP:
                touches = touches and gap <= _GAP
                continue
        run = line[first:at]
        em, base = max(char.em for char in run), max(char.base for char in run)
        for place, char in enumerate(run, start=first):
            signs = (char.em < _SMALLER * em, base - char.base > _RAISED * em)
            if char.text in _DIGITS and (any(signs) if touches else all(signs)):
                found[place] = char._replace(text=_SUPERSCRIPTS[int(char.text)])
        first, touches = at, True
    return found


def cell_text(lines: Sequence[TextLine], width: float, is_wrapped: bool) -> str:
    """What stands in one cell. A figure goes on in the next line only where figures wrap here and
    the line was full, and not in smaller digits, as the number of a note: otherwise the two are two
    figures, and a blank parts them."""
    text = lines[0].text if lines else ""
    for above, line in pairwise(lines):
        left, right = above.text[-1], line.text[0]
        is_separate = False
        if left.isascii() and right.isascii() and (left.isalnum() or right.isalnum()):
            digit_width = (above.x1 - above.x0) / len(above.text)
            is_full = above.x1 - above.x0 + digit_width >= width - _PADDING
            is_figure = left in _FIGURE and right in _FIGURE and line.em >= _SMALLER * above.em
            is_separate = not (is_wrapped and is_full and is_figure)
        text += (" " if is_separate else "") + line.text
    return text


def figures_wrap(cells: Iterable[tuple[Sequence[TextLine], float]]) -> bool:
    """Whether figures that stand below each other in a row's cells may be one, given each cell's
    lines and width. Several rows printed without a rule between them look like figures that all
    wrap; they have as many labels, and no label fills its line."""
    figures, labels = [], []
    for lines, width in cells:
        if lines and all(map(_is_figure, lines)):
            figures.append(len(lines))
        elif lines:
            labels.append((lines, width))
    if len(figures) < 2 or min(figures) == 1:
        return True
    return bool(labels) and all(
        len(lines) < min(figures) or all(_is_full(line, width) for line in lines[:-1])
        for lines, width in labels
    )


def _is_full(line: TextLine, width: float) -> bool:
    return line.x1 - line.x0 + line.em >= width - _PADDING


def _is_figure(line: TextLine) -> bool:
    return set(line.text) <= _FIGURE


THIN = 2.6
"""A filled shape less than this many points across is an edge."""
_THICK = 6.0
"""A stroke wider than this is a bar, not an edge."""
LIGHT = 240
"""Least of red, green and blue from which on nothing is seen on white paper."""
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
        return alpha.value > 15 and min(red.value, green.value, blue.value) < LIGHT

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
