"""A level picture and the boxes of its cells in; which of them hold ink, and crops of it, out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from auditor.readers.scan.picture import Grey, Picture

Window = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

_FAINT = 205
"""Of a softened picture: darker than this is ink, if only a trace."""
_SPECK = 1.5
"""Points: what is smaller in both directions is dirt, or a stop without its figure."""
_EDGE = 1.5
"""Points within which ink along a cell's side is the rule's."""
_LINE_GAP = 1.0
"""Points that part lines of writing."""
_LOW, _HIGH = 0.6, 2.0


class Paper:
    """A level picture without its rules, as it is and softened."""

    def __init__(self, picture: Picture, rules: Grey) -> None:
        self.scale = picture.scale
        grown = cv2.dilate(rules, np.ones((3, 3), np.uint8))
        self.sharp = np.where(grown > 0, np.uint8(255), picture.grey)
        self.soft = np.asarray(cv2.GaussianBlur(self.sharp, (0, 0), 0.35 * self.scale), np.uint8)

    def inked(self, box: tuple[float, float, float, float]) -> tuple[Window, ...]:
        """Each line of writing in a box given in points; none where the box is blank."""
        left, top, right, bottom = (round(side * self.scale) for side in box)
        left, top = max(left, 0), max(top, 0)
        faint = np.asarray((self.soft[top:bottom, left:right] < _FAINT) * 255, np.uint8)
        if not faint.size:
            return ()
        count, _, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
        speck, edge = _SPECK * self.scale, _EDGE * self.scale
        height, width = faint.shape
        pieces: list[Window] = []
        for x, y, wide, high, _ in stats[1:count].tolist():
            if max(wide, high) < speck:
                continue
            is_rest_of_rule = (
                x + wide <= edge or x >= width - edge or y + high <= edge or y >= height - edge
            )
            if not is_rest_of_rule:
                pieces.append((left + x, top + y, left + x + wide, top + y + high))
        return tuple(_lines(pieces, _LINE_GAP * self.scale))

    def crop(self, window: Window, margin: float, softened: bool = False) -> Grey:
        """The picture in a window and a margin around it, as a share of its height; white beyond
        the window's neighbourhood, so that a neighbour's ink does not show."""
        left, top, right, bottom = window
        pad = max(2, round((bottom - top) * margin))
        seen = self.soft if softened else self.sharp
        inside = seen[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1]
        return np.asarray(
            cv2.copyMakeBorder(inside, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=255),
            np.uint8,
        )


def _lines(pieces: Sequence[Window], gap: float) -> list[Window]:
    """Pieces of ink grouped to lines. A stroke that broke off its figure is no line of its own: it
    is lower than a line, and both together are hardly higher than one."""
    found: list[Window] = []
    for piece in sorted(pieces, key=lambda piece: piece[1]):
        if found and piece[1] - found[-1][3] <= gap:
            found[-1] = _around((found[-1], piece))
        else:
            found.append(piece)
    place = 0
    while place + 1 < len(found):
        both = _around(found[place : place + 2])
        low, high = sorted(line[3] - line[1] for line in found[place : place + 2])
        if low < _LOW * high and both[3] - both[1] < _HIGH * high:
            found[place : place + 2] = [both]
        else:
            place += 1
    return found


def _around(pieces: Sequence[Window]) -> Window:
    return (
        min(piece[0] for piece in pieces),
        min(piece[1] for piece in pieces),
        max(piece[2] for piece in pieces),
        max(piece[3] for piece in pieces),
    )
