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
    is_cut_off: bool = False
    """Of some text a clip path lets only a part be seen."""


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
_COVERING = 128
"""How opaque an area is, to 255, that what is behind it may not be seen."""
_MAX_AREAS = 50
"""Boxes of one path that are looked at one by one."""
_MAX_CLIP_SEGMENTS = 1_000
"""More segments than these let nothing be seen."""
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
_is_transparent = plain(pdfium.FPDFPageObj_HasTransparency)
clip_of = plain(pdfium.FPDFPageObj_GetClipPath, c_void_p, _HANDLE)
count_clips = plain(pdfium.FPDFClipPath_CountPaths, takes=_HANDLE)
_count_clip_segments = plain(pdfium.FPDFClipPath_CountPathSegments)
_clip_segment = plain(pdfium.FPDFClipPath_GetPathSegment, c_void_p)
_segment = plain(pdfium.FPDFPath_GetPathSegment, c_void_p)
_segment_kind = plain(pdfium.FPDFPathSegment_GetType)
_segment_point = plain(pdfium.FPDFPathSegment_GetPoint)
_segment_close = plain(pdfium.FPDFPathSegment_GetClose)
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


Colour = tuple[int, int, int]
"""Red, green and blue, to 255."""
Paint = tuple[int, int, int, int]
"""The same, and how opaque it is."""
PATTERN: Paint = (0, 0, 0, 255)
"""Taken for what is painted in no colour."""
TRANSPARENT = 15
"""Most opaque that nothing is seen of."""


class Fill(NamedTuple):
    """An area that is painted over; in the file's coordinates: left, bottom, right, top."""

    box: Box
    colour: Colour | None
    """None where the area is no plain box of one colour: within its sides anything may be seen."""
    texts_before: int
    """How many of the page's texts are painted before it."""
    image: int = 0
    """The address of the image that it is."""


class FormObject(NamedTuple):
    """A drawing within the page: how it is placed, what of it can be seen, and in how many."""

    matrix: Matrix
    visible: Box
    depth: int


EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
PAGE = FormObject(_SAME, EVERYWHERE, 0)


class Drawings(NamedTuple):
    """What a page's objects come to."""

    horizontal: list[Edge]
    vertical: list[Edge]
    fills: list[Fill]
    """In the order in which they are painted, images among them."""
    texts: list[int]
    """The addresses of the objects that are text, whatever they say, in the order of painting."""
    within: dict[int, FormObject]
    """The form that a text is part of, where it is."""
    is_overfull: bool = False
    """More drawings than are looked at."""


def drawings_of(page: Any, frame: Frame, own_objects: int) -> Drawings:
    """The areas and texts of a page, and the edges of its first `own_objects` objects: what follows
    are fields and stamps, and their borders part no cells."""
    objects = ObjectReader()
    found = Drawings([], [], objects.fills, objects.texts, objects.within)
    point = frame.point
    if frame.turns % 4 == 0:
        edge, upper = frame.left, frame.top

        def point(x: float, y: float) -> Point:
            return x - edge, upper - y

    for thing, kind, form in _objects(page, own_objects, objects):
        if kind == _TOO_MANY or objects.points > _MAX_POINTS:
            return found._replace(is_overfull=True)
        for (x0, y0), (x1, y1) in objects.drawn(thing, kind, form):
            ax, ay = point(x0, y0)
            bx, by = point(x1, y1)
            wide, high = abs(bx - ax), abs(by - ay)
            if high < THIN:
                found.horizontal.append(Edge((ay + by) / 2, min(ax, bx), max(ax, bx)))
            if wide < THIN:
                found.vertical.append(Edge((ax + bx) / 2, min(ay, by), max(ay, by)))
    count = pdfium.FPDFPage_CountObjects(page)
    for thing, kind, form in _objects(page, count, objects, first=own_objects):
        if kind == _TOO_MANY or objects.points > _MAX_POINTS:
            return found._replace(is_overfull=True)
        for _ in objects.drawn(thing, kind, form):
            pass
    return found


def _objects(
    holder: Any,
    count: int,
    objects: ObjectReader,
    get: Any = _of_page,
    form: FormObject = PAGE,
    first: int = 0,
) -> Iterator[tuple[c_void_p, int, FormObject]]:
    """Objects but text, in the order of painting, from that place on up to the count, each with the
    form that it is part of; `_TOO_MANY` and no more where there are more than are looked at."""
    objects.seen += max(count - first, 0)
    if objects.seen > _MAX_OBJECTS:
        yield cast(holder, c_void_p), _TOO_MANY, form
        return
    places = list(map(get, repeat(handle(holder)), range(first, count)))
    for place, kind in zip(places, map(_kind, places), strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            objects.texts.append(place)
            if form is not PAGE:
                objects.within[place] = form
            continue
        thing = c_void_p(place)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, kind, form
        elif form.depth < _MAX_DEPTH:
            inner = FormObject(
                _multiplied(objects.matrix(thing), form.matrix),
                objects.visible(thing, form),
                form.depth + 1,
            )
            yield from _objects(thing, _count_in_form(thing), objects, _of_form, inner)


class ObjectReader:
    """Asks pdfium about objects; holds the places where its answers are put."""

    def __init__(self) -> None:
        self.points = self.seen = 0
        self.texts: list[int] = []
        self.within: dict[int, FormObject] = {}
        self.fills: list[Fill] = []
        self.numbers = [c_float() for _ in range(4)]
        self.counts = [c_uint() for _ in range(4)]
        self.found_matrix = pdfium.FS_MATRIX()
        self.at_numbers = [byref(number) for number in self.numbers]
        self.at_counts = [byref(count) for count in self.counts]
        self.at_matrix = byref(self.found_matrix)

    def drawn(self, thing: c_void_p, kind: int, form: FormObject) -> Iterable[tuple[Point, Point]]:
        """As `edges_of`, none for what is no path; areas are added to the others."""
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            return self.edges_of(thing, form)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.add_fill(thing, self.placed_bounds(thing, form), form, image=thing.value or 0)
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            self.add_fill(thing, self.placed_bounds(thing, form), form)
        return ()

    def edges_of(self, path: c_void_p, form: FormObject) -> Iterator[tuple[Point, Point]]:
        """Both ends of each straight line, or two opposite corners of each thin shape. Areas that
        the path fills are added to the others."""
        count = _count_segments(path)
        self.points += max(count, 0)
        if not 0 < count <= _MAX_SEGMENTS:
            return
        fill, stroke = self.counts[:2]
        _draw_mode(path, *self.at_counts[:2])
        fills, strokes = bool(fill.value), bool(stroke.value)
        paint = self.paint(path, _fill_colour) if fills else (0, 0, 0, 0)
        is_filled = fills and _is_visible(paint)
        is_stroked = strokes and _is_visible(self.paint(path, _stroke_colour))
        if not (fills or is_stroked):
            return
        matrix = self.matrix(path)
        if form is not PAGE:
            matrix = _multiplied(matrix, form.matrix)
        if is_stroked:
            width = self.numbers[0]
            _stroke_width(path, self.at_numbers[0])
            if width.value * max(map(abs, matrix[:4])) > _THICK:
                is_stroked = False
        areas: list[tuple[Box, bool]] = []
        self.is_curved = False
        outline_candidate: Box | None = None
        for points in self._parts(path, count, matrix):
            if is_stroked and not fills:
                yield from pairwise(points)
                continue
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = min(xs), min(ys), max(xs), max(ys)
            is_thin = min(box[2] - box[0], box[3] - box[1]) < THIN
            if fills and not is_thin:
                areas.append((box, len(set(xs)) == 2 == len(set(ys))))
            if is_filled and is_thin:
                yield box[:2], box[2:]
            elif is_stroked:
                yield from pairwise(points)
            elif not is_filled:
                continue
            elif outline_candidate and (frame := _outline(outline_candidate, box)):
                x0, y0, x1, y1 = frame
                yield from pairwise([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
                outline_candidate = None
            else:
                outline_candidate = box
        if fills and (areas or self.is_curved):
            red, green, blue, alpha = paint
            is_clear = bool(_is_transparent(path))
            # What blends, as a marker does, leaves what is behind it to be seen.
            if alpha >= _COVERING and not (is_clear and alpha == 255):
                colour = None if is_clear or paint is PATTERN else (red, green, blue)
                self._add_areas(path, areas, form, colour)

    def _add_areas(
        self,
        path: c_void_p,
        areas: Sequence[tuple[Box, bool]],
        form: FormObject,
        colour: Colour | None,
    ) -> None:
        if self.is_curved or len(areas) > _MAX_AREAS:
            self.add_fill(path, self.placed_bounds(path, form), form)
            return
        for box, is_box in areas:
            # Of a box in a box the path may fill what is between the two.
            if not any(_holds(box, other) or _holds(other, box) for other, _ in areas):
                self.add_fill(path, box, form, colour if is_box else None)

    def add_fill(
        self,
        thing: c_void_p,
        box: Box,
        form: FormObject,
        colour: Colour | None = None,
        image: int = 0,
    ) -> None:
        """Adds an area, as far as it can be seen."""
        left, low, right, high = self.visible(thing, form)
        x0, y0, x1, y1 = box
        seen = max(x0, left), max(y0, low), min(x1, right), min(y1, high)
        if seen[0] < seen[2] and seen[1] < seen[3]:
            self.fills.append(Fill(seen, colour, len(self.texts), image))

    def visible(self, thing: Any, form: FormObject = PAGE) -> Box:
        """The box within which its clip paths let an object be seen."""
        clip = handle(clip_of(thing))
        x0, y0, x1, y1 = form.visible
        paths = count_clips(clip)
        for index in range(paths):
            count = _count_clip_segments(clip, index)
            if paths * count > _MAX_CLIP_SEGMENTS:
                return 0.0, 0.0, 0.0, 0.0
            # All corners of a box are between its first and its third.
            places = (0, 2) if count in (4, 5) else range(max(count, 0))
            points = [self._point(_clip_segment(clip, index, place)) for place in places]
            if not points:
                continue
            if form is not PAGE:
                points = [_transformed(point, form.matrix) for point in points]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            x0, y0, x1, y1 = max(x0, min(xs)), max(y0, min(ys)), min(x1, max(xs)), min(y1, max(ys))
        return x0, y0, x1, y1

    def _point(self, segment: int) -> Point:
        x, y = self.numbers[:2]
        _segment_point(c_void_p(segment), *self.at_numbers[:2])
        return x.value, y.value

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
                curved = self.is_curved = True
            _segment_point(segment, at_x, at_y)
            across, up = x.value, y.value
            points.append((a * across + c * up + e, b * across + d * up + f))
            if _segment_close(segment):
                points.append(points[0])
        if len(points) > 1 and not curved:
            yield points

    def paint(self, thing: Any, colour_of: Any) -> Paint:
        """How an object is painted."""
        if not colour_of(thing, *self.at_counts):
            return PATTERN
        red, green, blue, alpha = self.counts
        return red.value, green.value, blue.value, alpha.value

    def matrix(self, thing: c_void_p) -> Matrix:
        """The matrix of a path or form."""
        found = self.found_matrix
        if not _matrix_of(thing, self.at_matrix):
            return _SAME
        return found.a, found.b, found.c, found.d, found.e, found.f

    def placed_bounds(self, thing: c_void_p, form: FormObject) -> Box:
        """Left, bottom, right, top of an object."""
        _bounds_of(thing, *self.at_numbers)
        left, bottom, right, top = (number.value for number in self.numbers)
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        xs, ys = zip(*(_transformed(corner, form.matrix) for corner in corners), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def _is_visible(paint: Paint) -> bool:
    """Whether it can be seen on white paper."""
    return paint[3] > TRANSPARENT and min(paint[:3]) < LIGHT


def _holds(outer: Box, inner: Box) -> bool:
    return outer != inner and (
        outer[0] <= inner[0] and outer[1] <= inner[1]
        and inner[2] <= outer[2] and inner[3] <= outer[3]
    )  # fmt: skip


def _outline(one: Box, other: Box) -> Box | None:
    """The outer of two boxes, where what is filled between them is as thin as a rule."""
    outer, inner = (one, other) if one[0] <= other[0] else (other, one)
    gaps = inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]
    return outer if all(-0.1 <= gap < THIN for gap in gaps) else None


def _transformed(point: Point, matrix: Matrix) -> Point:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _multiplied(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
