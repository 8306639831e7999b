"""Cells as read in; those whose digits do not look like the document's other digits, out.

A recogniser errs on single shapes. A document prints its digits in one or two types, so each is
compared with all others that were read as this digit, and as any other: a broken 5 that was read as
3 still looks more like the 5s. This check knows nothing of the recogniser.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise, product
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from auditor.model.noun import noun
from auditor.readers.scan.cells import Paper, Window

_HEIGHT, _WIDTH = 24, 20
_FEWEST = 3
"""Fewer samples of a digit than this say little about its looks."""
_CLEARER = -0.02
"""By how much a digit may look more like another one."""
_USUAL_ADVANCES = (0.55, 0.62, 0.68, 0.74)
"""Of the height of a digit, from one to the next, in most types."""
_USUAL_WIDTH = 0.5
_DARK = 150
_FAINT = 50
_NARROWEST = 0.12
"""Of the height: what is narrower is a point, or a grain."""
_OFF = 0.45
"""Of an advance, by which a figure may be wider or narrower than its digits."""

Glyph = npt.NDArray[np.float32]


@noun
class Shape:
    """What a figure's ink looks like."""

    width: float
    """Of all its ink, in heights of a digit."""
    lefts: tuple[float, ...]
    glyphs: tuple[Glyph, ...]
    """Pieces that are parted by white columns."""


def shape_of(paper: Paper, window: Window) -> Shape:
    """The shape of a line of figures: its pieces are parted by columns without ink."""
    left, top, right, bottom = window
    height = max(bottom - top, 1)
    dark = (paper.sharp[top:bottom, left:right] < _DARK).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], dark.astype(np.int8), [0]))))
    least = _NARROWEST * height
    parted = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    parted = [(start, end) for start, end in parted if end - start >= least]
    # Thin strokes are paler than the darkest: a digit reaches to the middle of the gaps around it.
    cuts = [0, *((one[1] + other[0]) // 2 for one, other in pairwise(parted)), right - left]
    spans = [(left + start, left + end) for start, end in pairwise(cuts)] if parted else []
    return Shape(
        (right - left) / height,
        tuple(start / height for start, _ in parted),
        tuple(_glyph(paper, start, end, top, bottom) for start, end in spans),
    )


def _glyph(paper: Paper, left: int, right: int, top: int, bottom: int) -> Glyph:
    """The ink between these columns, in a frame as high as the line; its width is kept."""
    ink = 255 - paper.soft[top:bottom, left:right].astype(np.float32)
    inked = np.flatnonzero((ink > _FAINT).any(axis=0))
    if inked.size:
        ink = ink[:, inked[0] : inked[-1] + 1]
    wide = max(1, min(_WIDTH, round(ink.shape[1] * _HEIGHT / max(bottom - top, 1))))
    frame = np.zeros((_HEIGHT, _WIDTH), np.float32)
    start = (_WIDTH - wide) // 2
    frame[:, start : start + wide] = cv2.resize(ink, (wide, _HEIGHT), interpolation=cv2.INTER_AREA)
    frame -= frame.mean()
    size = float(np.linalg.norm(frame))
    return frame / size if size else frame


class Looks:
    """How digits look in one document, learnt from figures as they were read."""

    def __init__(self, figures: Sequence[tuple[str, Shape]]) -> None:
        sums: dict[str, Glyph] = {}
        self.counts: dict[str, int] = defaultdict(int)
        advances: list[float] = []
        widths: list[float] = []
        for text, shape in figures:
            for digit, glyph in _paired(text, shape):
                sums[digit] = sums[digit] + glyph if digit in sums else glyph.copy()
                self.counts[digit] += 1
            if text.isdigit() and len(text) == len(shape.glyphs) > 1:
                advances.append((shape.lefts[-1] - shape.lefts[0]) / (len(text) - 1))
                widths.append(shape.width - advances[-1] * (len(text) - 1))
        self.sums = sums
        enough = len(advances) >= _FEWEST
        self.advances = (median(advances),) if enough else _USUAL_ADVANCES
        self.width = median(widths) if enough else _USUAL_WIDTH

    def doubts(self, text: str, shape: Shape) -> tuple[str, ...] | None:
        """None where the figure looks as it was read; otherwise what it looks like, if anything."""
        digits = _digits(text)
        if not digits:
            return None
        pairs = _paired(text, shape)
        if not pairs:
            points = len(text) - len(digits)
            fits = any(
                abs(shape.width - self.width - advance * (len(digits) - 1 + points / 2))
                < _OFF * advance
                for advance in self.advances
            )
            return None if fits else ()
        others = [list(digits)]
        doubted = False
        for place, (digit, glyph) in enumerate(pairs):
            scores = {
                known: self._likeness(known, glyph, known == digit)
                for known, count in self.counts.items()
                if count - (known == digit) >= _FEWEST
            }
            own = scores.pop(digit, None)
            best = max(scores, key=scores.__getitem__, default=None)
            if own is None or best is None:
                continue
            if scores[best] > own - _CLEARER:
                doubted = True
                others.append([*digits[:place], best, *digits[place + 1 :]])
        if not doubted:
            return None
        return tuple(_like(text, other) for other in others[1:])

    def knows(self, text: str) -> bool:
        """Whether the document shows enough of each digit for `doubts` to tell."""
        return all(self.counts[digit] > _FEWEST for digit in _digits(text))

    def _likeness(self, digit: str, glyph: Glyph, is_own: bool) -> float:
        """Correlation with the mean of the others read so, a pixel up or down, left or right."""
        total = self.sums[digit] - glyph if is_own else self.sums[digit]
        size = float(np.linalg.norm(total))
        if not size:
            return 0.0
        moved = (np.roll(total, shift, (0, 1)) for shift in product((-1, 0, 1), repeat=2))
        return max(float((each * glyph).sum()) for each in moved) / size


def is_whole(text: str, shape: Shape) -> bool:
    """Whether each digit of the text has a piece of ink of its own."""
    return bool(_paired(text, shape))


def _paired(text: str, shape: Shape) -> list[tuple[str, Glyph]]:
    """Each digit with its piece of ink; none where there are more or fewer pieces. A point has a
    piece of its own where it is large enough to be one."""
    for characters in (text, _digits(text)):
        if len(characters) == len(shape.glyphs):
            pairs = zip(characters, shape.glyphs, strict=True)
            return [(character, glyph) for character, glyph in pairs if character.isdigit()]
    return []


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _like(text: str, digits: Sequence[str]) -> str:
    """The text with its digits replaced in order."""
    rest = iter(digits)
    return "".join(next(rest) if char.isdigit() else char for char in text)
