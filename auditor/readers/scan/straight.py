"""A picture of a page in; the same upright, level and evenly lit, and the way back, out."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from auditor.model.noun import noun
from auditor.readers.scan.picture import Grey, Picture

_STEEPEST = 4.0
"""Degrees by which a sheet may lie askew."""
_LOOKED_AT = 1800
"""Pixels of the long side in which the slope is measured."""

Box = tuple[float, float, float, float]


@noun
class Tilt:
    """By how many degrees a page was turned to be level, and its size in points."""

    degrees: float
    width: float
    height: float

    def back(self, box: Box) -> Box:
        """A box on the level page, put where its centre stood on the page as it lay."""
        if not self.degrees:
            return box
        turn = math.radians(self.degrees)
        x = (box[0] + box[2] - self.width) / 2
        y = (box[1] + box[3] - self.height) / 2
        dx = x * math.cos(turn) - y * math.sin(turn) - x
        dy = x * math.sin(turn) + y * math.cos(turn) - y
        return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def evened(picture: Picture) -> Picture:
    """The picture with its paper white and its darkest ink black."""
    grey = picture.grey
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    reach = max(3, round(5 * picture.scale / 8) * 2 + 1)
    # The paper is what the lightest pixels around show; dark areas wider than this stay dark.
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), 5)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    shade = grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 1)
    paper_level = float(np.median(shade))
    dark = min(float(np.quantile(shade[::2, ::2], 0.005)), paper_level - 0.15)
    even = (shade - dark) / max(paper_level - dark, 0.05)
    return replace(picture, grey=(np.clip(even, 0, 1) * 255).astype(np.uint8))


def levelled(picture: Picture) -> tuple[Picture, Tilt]:
    """The picture turned so that its lines run level."""
    degrees = _slope(picture.grey)
    height, width = (side / picture.scale for side in picture.grey.shape)
    if degrees:
        picture = replace(picture, grey=_turned(picture.grey, degrees))
    return picture, Tilt(degrees, width, height)


def quarter_turned(picture: Picture, turns: int) -> Picture:
    """The picture turned clockwise by quarters."""
    return replace(picture, grey=np.ascontiguousarray(np.rot90(picture.grey, -turns)))


def _turned(grey: Grey, degrees: float) -> Grey:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(
        cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255),
        np.uint8,
    )


def _slope(grey: Grey) -> float:
    """The turn after which ink gathers in the fewest rows."""
    shrink = min(1.0, _LOOKED_AT / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ink = np.asarray(255 - small, np.uint8)
    angles = np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.25)
    best = max(angles, key=lambda angle: _sharpness(ink, float(angle)))
    for step in (0.05, 0.01):
        near = best + np.arange(-5, 6) * step
        best = max(near, key=lambda angle: _sharpness(ink, float(angle)))
    return float(best) if _sharpness(ink, float(best)) > 1.005 * _sharpness(ink, 0.0) else 0.0


def _sharpness(ink: npt.NDArray[np.uint8], degrees: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())
