"""What stands on a page: characters and the edges of tables, and the lines that characters make.

Coordinates are points from the upper left corner of the page as it is read: text upright, whatever
the page's own turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_SAME_LINE = 0.45
"""Share of an em by which characters of one line may stand higher or lower."""
_GAP = 0.2
"""Share of an em from which on a gap between characters is a blank."""
_PADDING = 12.0
"""Points that both sides of a cell may keep free of text."""
_FIGURE = frozenset("0123456789.,")
_reading_order = attrgetter("turn", "base", "x0")
_x0 = attrgetter("x0")


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
    words: list[Word] = []
    text, start, end, lowest, largest, turn, cx, cy = group[0]
    em_before = largest
    for char, x0, x1, base, em, _, char_cx, char_cy in group[1:]:
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
    words.append(_word((text, start, end)))
    if len(words) > 1:
        text = " ".join([word.text for word in words])
    x0, count = words[0].x0, len(group)
    return _text_line((text, x0, end, lowest, largest, turn, cx / count, cy / count, tuple(words)))


def cell_text(lines: Sequence[TextLine], width: float, is_wrapped: bool) -> str:
    """What stands in one cell. A figure goes on in the next line only where figures wrap here and
    the line was full: otherwise the two are two figures, and a blank parts them."""
    text = lines[0].text if lines else ""
    for above, line in pairwise(lines):
        left, right = above.text[-1], line.text[0]
        is_separate = False
        if left.isascii() and right.isascii() and (left.isalnum() or right.isalnum()):
            digit_width = (above.x1 - above.x0) / len(above.text)
            is_full = above.x1 - above.x0 + digit_width >= width - _PADDING
            is_separate = not (is_wrapped and is_full and left in _FIGURE and right in _FIGURE)
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
