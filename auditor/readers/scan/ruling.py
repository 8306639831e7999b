"""A level picture in; the rules drawn on it, in points, and where they lie, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from auditor.readers.pdf.marks import Rule
from auditor.readers.scan.picture import Grey, Picture

_LONG = 14.0
"""Points: shorter level strokes are parts of characters."""
_SHORT = 8.0
_SURE_LEVEL = 70.0
_SURE_UPRIGHT = 30.0
"""A stroke shorter than this is a rule only where it runs from one crossing rule to another."""
_TOUCH = 1.2
_GAP = 1.0
_THICKEST = 4.0
_INK = 110
"""Half black; rules of a pale print are as black as anything on an evened page."""


class Ruling(NamedTuple):
    """The rules of a page and a mask of them: 255 where one is drawn."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    mask: Grey


class _Stroke(NamedTuple):
    rule: Rule
    top: int
    left: int
    shape: Grey
    """Its pixels, in a window that begins at `top`, `left`."""

    @property
    def length(self) -> float:
        return self.rule.end - self.rule.start


def ruling_of(picture: Picture) -> Ruling:
    """The level and upright rules."""
    scale = picture.scale
    ink = np.asarray((picture.grey < 255 - _INK) * 255, np.uint8)
    level = _strokes(ink, scale, _LONG)
    upright = _strokes(np.ascontiguousarray(ink.T), scale, _SHORT)
    posts = [each for each in upright if each.length >= _SURE_UPRIGHT]
    beams = _running(level, _drawn(posts, ink.T.shape).T, _SURE_LEVEL, scale)
    across = _drawn(beams, ink.shape)
    posts = _running(upright, across.T, _SURE_UPRIGHT, scale)
    mask = across | _drawn(posts, ink.T.shape).T
    return Ruling(tuple(each.rule for each in beams), tuple(each.rule for each in posts), mask)


def _drawn(strokes: Sequence[_Stroke], size: tuple[int, ...]) -> Grey:
    canvas = np.zeros(size, np.uint8)
    for each in strokes:
        height, width = each.shape.shape
        canvas[each.top : each.top + height, each.left : each.left + width] |= each.shape
    return canvas


def _strokes(ink: Grey, scale: float, shortest: float) -> list[_Stroke]:
    """Level strokes at least so long; gaps that noise tears are closed, wavering is allowed."""
    gap = max(1, round(_GAP * scale))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8))
    thick = cv2.dilate(closed, np.ones((3, 1), np.uint8))
    length = max(3, round(shortest * scale))
    found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(found, connectivity=8)
    strokes = []
    for index in range(1, count):
        left, top, width, height, area = (int(part) for part in stats[index])
        if area / width - 2 > _THICKEST * scale:
            continue
        at = float(centres[index][1]) + 0.5
        rule = Rule(at / scale, left / scale, (left + width) / scale)
        shape = labels[top : top + height, left : left + width] == index
        strokes.append(_Stroke(rule, top, left, np.asarray(shape * 255, np.uint8)))
    return strokes


def _running(
    strokes: Sequence[_Stroke], crossing: Grey, sure: float, scale: float
) -> list[_Stroke]:
    """The strokes that are rules: long ones, and those from one crossing rule to another."""
    reach = max(1, round(_TOUCH * scale))
    near = cv2.dilate(np.ascontiguousarray(crossing), np.ones((2 * reach + 1,) * 2, np.uint8))
    kept = []
    for each in strokes:
        ends = np.flatnonzero((each.shape > 0).any(axis=0))[[0, -1]]
        touched = [
            near[each.top + int(np.flatnonzero(each.shape[:, end])[0]), each.left + end]
            for end in ends
        ]
        if each.length >= sure or all(touched):
            kept.append(each)
    return kept
