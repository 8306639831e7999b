"""Characters in; the lines they were written in, as text with places, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from auditor.readers.pdf.marks import Char

_SAME_LINE = 0.45
"""Share of an em by which characters of one line may stand higher or lower."""
_GAP = 0.2
"""Share of an em from which on a gap between characters is a blank."""
_PADDING = 12.0
"""Points that both sides of a cell may keep free of text."""
_FIGURE = frozenset("0123456789.,")


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
    for char in sorted(chars, key=lambda char: (char.turn, char.base, char.x0)):
        last = groups[-1][0] if groups else None
        if (
            last is not None
            and last.turn == char.turn
            and char.base - last.base < _SAME_LINE * max(char.em, last.em)
        ):
            groups[-1].append(char)
        else:
            groups.append([char])
    return [_line(group) for group in groups]


def _line(group: list[Char]) -> TextLine:
    group.sort(key=lambda char: char.x0)
    words: list[Word] = []
    start, end, text = group[0].x0, group[0].x1, group[0].text
    for before, char in pairwise(group):
        if char.x0 - end > _GAP * min(char.em, before.em):
            words.append(Word(text, start, end))
            start, text = char.x0, ""
        text += char.text
        end = max(end, char.x1)
    words.append(Word(text, start, end))
    count = len(group)
    return TextLine(
        " ".join(word.text for word in words),
        group[0].x0,
        end,
        max(char.base for char in group),
        max(char.em for char in group),
        group[0].turn,
        sum(char.cx for char in group) / count,
        sum(char.cy for char in group) / count,
        tuple(words),
    )


def cell_text(lines: Sequence[TextLine], width: float, is_wrapped: bool) -> str:
    """What stands in one cell. A figure goes on in the next line only where figures wrap here and
    the line was full: otherwise the two are two figures, and a blank parts them."""
    if not lines:
        return ""
    text = lines[0].text
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
