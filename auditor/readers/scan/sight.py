"""A picture of a page in; its tables with each cell's ink read twice, and other lines, out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from auditor.readers.pdf.lattice import Lattice, Region, lattices
from auditor.readers.scan import engine
from auditor.readers.scan.cells import Paper, Window
from auditor.readers.scan.glyphs import Shape, shape_of
from auditor.readers.scan.picture import Grey, Picture
from auditor.readers.scan.ruling import ruling_of
from auditor.readers.scan.straight import Box, Tilt, evened, levelled, quarter_turned

_MARGIN = 0.25
"""Of a line's height, white that is left around it."""
_SHORT = 5
_LONG = 2.5
"""By how much a box is longer than wide, or higher, to tell which way its line runs."""
_FEWEST_LINES, _MOST_LINES = 4, 10
_SURE, _BETTER = 0.6, 0.1
_AROUND = 20
"""Rows of white left around what is shown to the detector."""
_LEAST_HEIGHT = 800
"""The detector enlarges whatever is lower."""
_GLANCE = 1000
"""Pixels in which a page's way up is told."""


class Line(NamedTuple):
    """One line of writing, read from the picture as it is and from a softened one."""

    box: Box
    """In points of the levelled page."""
    first: engine.Read
    second: engine.Read
    shape: Shape


class SeenCell(NamedTuple):
    """One cell; without lines where it has no ink."""

    region: Region
    lines: tuple[Line, ...]


class SeenTable(NamedTuple):
    """One ruled table."""

    lattice: Lattice
    cells: tuple[SeenCell, ...]


class Seen(NamedTuple):
    """One page before anything is decided."""

    number: int
    tilt: Tilt
    tables: tuple[SeenTable, ...]
    lines: tuple[Line, ...]
    """Outside tables."""


def look_at(picture: Picture) -> Seen:
    """The page upright and level, and what the recogniser sees on it."""
    even = evened(picture)
    page, tilt = levelled(even)
    if turns := _turns(page):
        page, tilt = levelled(quarter_turned(even, turns))
    ruling = ruling_of(page)
    found = lattices(ruling.across, ruling.down)
    paper = Paper(page, ruling.mask)
    inside = [[paper.inked(region.box) for region in lattice.regions] for lattice in found]
    outside = _outside(page, found)
    windows = [*chain.from_iterable(chain.from_iterable(inside)), *outside]
    lines = iter(_read(paper, windows))
    tables = tuple(
        SeenTable(
            lattice,
            tuple(
                SeenCell(region, tuple(next(lines) for _ in own))
                for region, own in zip(lattice.regions, cells, strict=True)
            ),
        )
        for lattice, cells in zip(found, inside, strict=True)
    )
    return Seen(picture.number, tilt, tables, tuple(lines))


def _read(paper: Paper, windows: Sequence[Window]) -> list[Line]:
    """Each window's line, read twice where it is short or has a digit: longer words are never taken
    for a figure, and the form's labels are known."""
    sharp = engine.recognise([paper.crop(window, _MARGIN) for window in windows])
    again = [index for index, read in enumerate(sharp) if _may_matter(read.text)]
    softened = [paper.crop(windows[index], _MARGIN, softened=True) for index in again]
    soft = dict(zip(again, engine.recognise(softened), strict=True))
    lines = []
    for index, (window, first) in enumerate(zip(windows, sharp, strict=True)):
        left, top, right, bottom = (side / paper.scale for side in window)
        second = soft.get(index, first)
        lines.append(Line((left, top, right, bottom), first, second, shape_of(paper, window)))
    return lines


def _may_matter(text: str) -> bool:
    return len(text) <= _SHORT or any(char.isdigit() for char in text)


def _outside(picture: Picture, tables: Sequence[Lattice]) -> list[Window]:
    """The lines that the detector finds where no table is."""
    grey = picture.grey.copy()
    height, width = grey.shape
    for table in tables:
        left, right = (round(x * picture.scale) for x in (table.xs[0] - 2, table.xs[-1] + 2))
        top, bottom = (round(y * picture.scale) for y in (table.ys[0] - 2, table.ys[-1] + 2))
        grey[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 255
    inked = np.flatnonzero((grey < 128).any(axis=1))
    if not inked.size:
        return []
    # Only what is not white, drawn together: the detector's time goes by the size of the picture.
    bands = [
        (max(0, start - _AROUND), min(height, end + _AROUND))
        for start, end in _bands(inked, 4 * _AROUND)
    ]
    kept = np.concatenate([np.arange(start, end) for start, end in bands])
    sheet = grey[kept]
    missing = _LEAST_HEIGHT - len(sheet)
    if missing > 0:
        sheet = np.pad(sheet, ((0, missing), (0, 0)), constant_values=255)
    found = []
    for box in engine.detect(np.ascontiguousarray(sheet)):
        left, right = max(0, int(box[0])), min(width, round(box[2]))
        upper, lower = max(0, int(box[1])), min(len(kept) - 1, round(box[3]))
        if right - left > 3 and lower - upper > 3 and kept[lower] - kept[upper] == lower - upper:
            found.append((left, int(kept[upper]), right, int(kept[lower])))
    return found


def _bands(inked: npt.NDArray[np.int64], gap: int) -> list[tuple[int, int]]:
    """Runs of rows with ink, parted where so many rows have none."""
    breaks = np.flatnonzero(np.diff(inked) > gap)
    starts = [int(inked[0]), *(int(inked[place + 1]) for place in breaks)]
    ends = [*(int(inked[place]) for place in breaks), int(inked[-1])]
    return list(zip(starts, ends, strict=True))


def _turns(picture: Picture) -> int:
    """Quarters by which the page must be turned clockwise to be read: none, unless its lines read
    better so."""
    boxes = engine.detect(picture.grey, _GLANCE)
    long = [box for box in boxes if _ratio(box) > _LONG or _ratio(box) < 1 / _LONG]
    sideways = sum(_ratio(box) > _LONG for box in long) * 2 > len(long)
    largest = sorted(long, key=lambda box: -max(box[2] - box[0], box[3] - box[1]))[:_MOST_LINES]
    crops = [
        np.ascontiguousarray(picture.grey[int(top) : round(bottom), int(left) : round(right)])
        for left, top, right, bottom in largest
        if round(bottom) > int(top) and round(right) > int(left)
    ]
    if len(crops) < _FEWEST_LINES:
        return 0
    sure = {0: _sureness(crops, 0)}
    if sure[0] < _SURE:
        sure |= {turns: _sureness(crops, turns) for turns in ((1, 3) if sideways else (2,))}
    best = max(sure, key=sure.__getitem__)
    return best if sure[best] > sure[0] + _BETTER else 0


def _sureness(crops: Sequence[Grey], turns: int) -> float:
    """How well the crops read when turned clockwise by so many quarters."""
    turned = [np.ascontiguousarray(np.rot90(crop, -turns)) for crop in crops]
    return sum(read.least for read in engine.recognise(turned)) / len(crops)


def _ratio(box: Box) -> float:
    return (box[3] - box[1]) / max(box[2] - box[0], 1.0)
