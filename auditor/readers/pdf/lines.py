"""Characters in; the lines they were written in, as text with places, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from auditor.readers.pdf.marks import Char

_SAME_LINE = 0.45
"""Share of an em by which characters of one line may stand higher or lower."""
_GAP = 0.2
"""Share of an em from which on a gap between characters is a blank."""
_PADDING = 12.0
"""Points that both sides of a cell may keep free of text."""
_FIGURE = frozenset("0123456789.,")


_reading_order = attrgetter("turn", "base", "x0")
_x0, _cx, _cy = attrgetter("x0"), attrgetter("cx"), attrgetter("cy")


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


def text_lines(chars: Iterable[Char]) -> list[TextLine]:
    """The lines, from top to bottom; turned ones after upright ones."""
    groups: list[list[Char]] = []
    first_turn, first_base, first_em = -1, 0.0, 0.0
    for char in sorted(chars, key=_reading_order):
        _, _, _, base, em, turn, _, _ = char
        widest = em if em > first_em else first_em
        if turn == first_turn and base - first_base < _SAME_LINE * widest:
            groups[-1].append(char)
        else:
            groups.append([char])
            first_turn, first_base, first_em = turn, base, em
    return [_line(group) for group in groups]


def _line(group: list[Char]) -> TextLine:
    if len(group) == 1:
        text, x0, x1, base, em, turn, cx, cy = group[0]
        return TextLine(text, x0, x1, base, em, turn, cx, cy, (Word(text, x0, x1),))
    group.sort(key=_x0)
    words: list[Word] = []
    text, start, end, lowest, em_before, turn, _, _ = group[0]
    largest = em_before
    for char, x0, x1, base, em, _, _, _ in group[1:]:
        if x0 - end > _GAP * (em if em < em_before else em_before):
            words.append(Word(text, start, end))
            start, text = x0, ""
        text += char
        if x1 > end:
            end = x1
        if base > lowest:
            lowest = base
        if em > largest:
            largest = em
        em_before = em
    words.append(Word(text, start, end))
    count = len(group)
    return TextLine(
        " ".join([word.text for word in words]),
        group[0].x0,
        end,
        lowest,
        largest,
        turn,
        sum(map(_cx, group)) / count,
        sum(map(_cy, group)) / count,
        tuple(words),
    )


def cell_text(lines: Sequence[TextLine], width: float, is_wrapped: bool) -> str:
    """What stands in one cell. A figure goes on in the next line only where figures wrap here and
    the line was full: otherwise the two are two figures, and a blank parts them."""
    text = lines[0].text if lines else ""
    for above, line in pairwise(lines):
        left, right = above.text[-1], line.text[0]
        parted = False
        if left.isascii() and right.isascii() and (left.isalnum() or right.isalnum()):
            digit = (above.x1 - above.x0) / len(above.text)
            is_full = above.x1 - above.x0 + digit >= width - _PADDING
            parted = not (is_wrapped and is_full and left in _FIGURE and right in _FIGURE)
        text += (" " if parted else "") + line.text
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
