"""An image of a page in; its tables with each cell's ink read twice, and other lines, out.

The recogniser is rapidocr with the models of its wheel: nothing is fetched. Its detector finds
lines on a page; the reading of a line is decoded here, so that a second choice is known where the
first was close.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain
from os import cpu_count
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from auditor.readers.pdf.content import Box
from auditor.readers.pdf.tables import Lattice, lattices
from auditor.readers.scan.images import (
    Grey,
    InkShape,
    PageImage,
    RuleFreeImage,
    Skew,
    Window,
    deskewed,
    edges_of,
    normalised,
    quarter_turned,
    shape_of,
)

_HEIGHT = 48
"""Rows of pixels that the recogniser looks at."""
_MIN_WIDTH = 64
_MAX_WIDTH = 2400
_BATCH = 1536
"""Columns of pixels recognised at once: long lines in large batches thrash the memory."""
_MAX_THREADS = 4
_CLOSE = 0.03
"""A second choice less likely than this is none."""
_MAX_ALTERNATIVES = 4
_OUT_OF_MEMORY = "bad_alloc", "Insufficient memory", "OutOfMemory"
FIGURE_CHARACTERS = "0123456789.,-/\u2014"
Likely = npt.NDArray[np.float32]
_MARGIN = 0.25
"""Of a line's height, white that is left around it."""
_SHORT_TEXT = 5
_LONG_BOX = 2.5
"""By how much a box is longer than wide, or higher, to tell which way its line runs."""
_FEWEST_LINES, _MOST_LINES = 4, 10
_SURE, _BETTER = 0.6, 0.1
_PADDING = 20
"""Rows of white left around what is shown to the detector."""
_DETECTOR_HEIGHT = 800
"""The detector enlarges whatever is lower."""
_ORIENTATION_SIDE = 1000
"""Pixels in which a page's way up is told."""


class RecognisedText(Struct, frozen=True):
    """One line as it was read."""

    text: str
    confidence: float
    """How sure the recogniser is of the character of which it is least sure, 0 to 1."""
    figure: str = ""
    """The same where only figures and marks are admitted."""
    alternatives: tuple[str, ...] = ()
    """`figure` with one character replaced by a close second choice."""


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


@contextmanager
def within_memory() -> Iterator[None]:
    """Has the runtime and OpenCV say as Python does, by `MemoryError`, that there is no more."""
    try:
        yield
    except Exception as error:  # neither has a kind of its own for this
        if any(sign in str(error) for sign in _OUT_OF_MEMORY):
            raise MemoryError from error
        raise


@cache
def _characters() -> list[str]:
    return list(_engine().text_rec.postprocess_op.character)


def detect(grey: Grey, longest: int = 2000) -> list[Box]:
    """The boxes of the lines on a page: x0, top, x1, bottom in pixels. A page larger than `longest`
    is looked at in that size."""
    engine = _engine()
    shrink = min(1.0, longest / max(grey.shape))
    resized = (
        grey
        if shrink == 1
        else cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    )
    boxes, _ = engine.text_det(cv2.cvtColor(resized, cv2.COLOR_GRAY2BGR))
    found = []
    for box in [] if boxes is None else boxes:
        xs, ys = box[:, 0] / shrink, box[:, 1] / shrink
        found.append((float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())))
    return found


def recognise(crops: Sequence[Grey]) -> list[RecognisedText]:
    """Each crop read as one line of text."""
    widths = [_width(crop) for crop in crops]
    order = sorted(range(len(crops)), key=widths.__getitem__)
    batches: list[list[int]] = []
    for index in order:
        last = batches[-1] if batches else []
        if last and (len(last) + 1) * widths[index] <= _BATCH:
            last.append(index)
        else:
            batches.append([index])

    def run(batch: list[int]) -> list[RecognisedText]:
        wide = max(_MIN_WIDTH, *(widths[index] for index in batch))
        tensor = np.zeros((len(batch), 3, _HEIGHT, wide), np.float32)
        for place, index in enumerate(batch):
            resized = cv2.resize(crops[index], (widths[index], _HEIGHT))
            tensor[place, :, :, : widths[index]] = resized.astype(np.float32) / 127.5 - 1
        return [_decoded(likely) for likely in session(tensor)[0]]

    session = _engine().text_rec.session
    found: list[RecognisedText] = [RecognisedText("", 0.0)] * len(crops)
    # Threads of our own: the runtime's wait for each other in loops that starve a busy machine.
    with ThreadPoolExecutor(min(_MAX_THREADS, cpu_count() or 1)) as pool:
        for batch, reads in zip(batches, pool.map(run, batches), strict=True):
            for index, read in zip(batch, reads, strict=True):
                found[index] = read
    return found


def _width(crop: Grey) -> int:
    height, width = crop.shape[:2]
    return int(min(_MAX_WIDTH, max(8, round(width * _HEIGHT / height))))


def _decoded(likely: Likely) -> RecognisedText:
    characters = _characters()
    text = "".join(characters[choice] for choice, _ in _path(likely))
    confidence = min((sure for _, sure in _path(likely)), default=0.0)
    allowed = _figure_choices()
    figures_only = likely[:, allowed]
    path = _path(figures_only)
    figure = [characters[allowed[choice]] for choice, _ in path]
    alternatives: list[tuple[float, str]] = []
    for place, step in enumerate(_peaks(figures_only)):
        for choice in np.argsort(figures_only[step])[-3:]:
            if choice != path[place][0] and figures_only[step, choice] > _CLOSE:
                other = characters[allowed[choice]] if choice else ""
                text_there = "".join([*figure[:place], other, *figure[place + 1 :]])
                alternatives.append((float(figures_only[step, choice]), text_there))
    alternatives.sort(reverse=True)
    close = tuple(dict.fromkeys(other for _, other in alternatives[:_MAX_ALTERNATIVES] if other))
    return RecognisedText(text, confidence, "".join(figure), close)


def _peaks(likely: Likely) -> list[int]:
    """The step at which each character of the best path is surest, as CTC is decoded: repeats and
    blanks left out. A character's edges are shared with the blank around it."""
    best = likely.argmax(axis=1)
    peaks: list[int] = []
    for step, choice in enumerate(best):
        if not choice:
            continue
        if step and best[step - 1] == choice:
            if likely[step, choice] > likely[peaks[-1], choice]:
                peaks[-1] = step
        else:
            peaks.append(step)
    return peaks


def _path(likely: Likely) -> list[tuple[int, float]]:
    return [
        (choice := int(likely[step].argmax()), float(likely[step, choice]))
        for step in _peaks(likely)
    ]


@cache
def _figure_choices() -> list[int]:
    """CTC's blank, and the characters of figures and marks."""
    index = {character: place for place, character in enumerate(_characters())}
    return [0, *(index[character] for character in FIGURE_CHARACTERS if character in index)]


class RecognisedLine(NamedTuple):
    """One line of writing, read from the picture as it is and from a softened one."""

    box: Box
    """In points of the levelled page."""
    first: RecognisedText
    second: RecognisedText
    shape: InkShape


RecognisedCell = tuple[RecognisedLine, ...]
"""The lines of a cell; none where it has no ink."""


class RecognisedTable(NamedTuple):
    """One ruled table, and what stands in each of its regions."""

    lattice: Lattice
    cells: tuple[RecognisedCell, ...]


class RecognisedPage(NamedTuple):
    """One page before anything is decided."""

    number: int
    skew: Skew
    tables: tuple[RecognisedTable, ...]
    lines: tuple[RecognisedLine, ...]
    """Outside tables."""


def recognise_page(picture: PageImage) -> RecognisedPage:
    """The page upright and level, and what the recogniser sees on it."""
    even = normalised(picture)
    page, skew = deskewed(even)
    if turns := _turns(page):
        page, skew = deskewed(quarter_turned(even, turns))
    drawn = edges_of(page)
    found = lattices(drawn.horizontal, drawn.vertical)
    image = RuleFreeImage(page, drawn.mask)
    inside = [[image.ink_lines(region.box) for region in lattice.regions] for lattice in found]
    outside = _outside(page, found)
    windows = [*chain.from_iterable(chain.from_iterable(inside)), *outside]
    lines = iter(_read(image, windows))
    tables = tuple(
        RecognisedTable(lattice, tuple(tuple(next(lines) for _ in own) for own in cells))
        for lattice, cells in zip(found, inside, strict=True)
    )
    return RecognisedPage(picture.number, skew, tables, tuple(lines))


def _read(image: RuleFreeImage, windows: Sequence[Window]) -> list[RecognisedLine]:
    """Each window's line, read twice where it is short or has a digit: longer words are never taken
    for a figure, and the form's labels are known."""
    sharp = recognise([image.crop(window, _MARGIN) for window in windows])
    again = [index for index, read in enumerate(sharp) if _needs_second_reading(read.text)]
    softened = [image.crop(windows[index], _MARGIN, softened=True) for index in again]
    soft = dict(zip(again, recognise(softened), strict=True))
    lines = []
    for index, (window, first) in enumerate(zip(windows, sharp, strict=True)):
        left, top, right, bottom = (side / image.scale for side in window)
        second = soft.get(index, first)
        lines.append(
            RecognisedLine((left, top, right, bottom), first, second, shape_of(image, window))
        )
    return lines


def _needs_second_reading(text: str) -> bool:
    return len(text) <= _SHORT_TEXT or any(char.isdigit() for char in text)


def _outside(picture: PageImage, tables: Sequence[Lattice]) -> list[Window]:
    """The lines that the detector finds where no table is."""
    grey = picture.grey.copy()
    height, width = grey.shape
    for table in tables:
        left, right = (round(x * picture.scale) for x in (table.xs[0] - 2, table.xs[-1] + 2))
        top, bottom = (round(y * picture.scale) for y in (table.ys[0] - 2, table.ys[-1] + 2))
        grey[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 255
    ink_lines = np.flatnonzero((grey < 128).any(axis=1))
    if not ink_lines.size:
        return []
    # Only what is not white, drawn together: the detector's time goes by the size of the picture.
    bands = [
        (max(0, start - _PADDING), min(height, end + _PADDING))
        for start, end in _bands(ink_lines, 4 * _PADDING)
    ]
    kept = np.concatenate([np.arange(start, end) for start, end in bands])
    sheet = grey[kept]
    missing = _DETECTOR_HEIGHT - len(sheet)
    if missing > 0:
        sheet = np.pad(sheet, ((0, missing), (0, 0)), constant_values=255)
    found = []
    for box in detect(np.ascontiguousarray(sheet)):
        left, right = max(0, int(box[0])), min(width, round(box[2]))
        upper, lower = max(0, int(box[1])), min(len(kept) - 1, round(box[3]))
        if right - left > 3 and lower - upper > 3 and kept[lower] - kept[upper] == lower - upper:
            found.append((left, int(kept[upper]), right, int(kept[lower])))
    return found


def _bands(ink_lines: npt.NDArray[np.int64], gap: int) -> list[tuple[int, int]]:
    """Runs of rows with ink, parted where so many rows have none."""
    breaks = np.flatnonzero(np.diff(ink_lines) > gap)
    starts = [int(ink_lines[0]), *(int(ink_lines[place + 1]) for place in breaks)]
    ends = [*(int(ink_lines[place]) for place in breaks), int(ink_lines[-1])]
    return list(zip(starts, ends, strict=True))


def _turns(picture: PageImage) -> int:
    """Quarters by which the page must be turned clockwise to be read: none, unless its lines read
    better so."""
    boxes = detect(picture.grey, _ORIENTATION_SIDE)
    long = [box for box in boxes if _ratio(box) > _LONG_BOX or _ratio(box) < 1 / _LONG_BOX]
    sideways = sum(_ratio(box) > _LONG_BOX for box in long) * 2 > len(long)
    largest = sorted(long, key=lambda box: -max(box[2] - box[0], box[3] - box[1]))[:_MOST_LINES]
    crops = [
        np.ascontiguousarray(picture.grey[int(top) : round(bottom), int(left) : round(right)])
        for left, top, right, bottom in largest
        if round(bottom) > int(top) and round(right) > int(left)
    ]
    if len(crops) < _FEWEST_LINES:
        return 0
    sure = {0: _mean_confidence(crops, 0)}
    if sure[0] < _SURE:
        sure |= {turns: _mean_confidence(crops, turns) for turns in ((1, 3) if sideways else (2,))}
    best = max(sure, key=sure.__getitem__)
    return best if sure[best] > sure[0] + _BETTER else 0


def _mean_confidence(crops: Sequence[Grey], turns: int) -> float:
    """How well the crops read when turned clockwise by so many quarters."""
    turned = [np.ascontiguousarray(np.rot90(crop, -turns)) for crop in crops]
    return sum(read.confidence for read in recognise(turned)) / len(crops)


def _ratio(box: Box) -> float:
    return (box[3] - box[1]) / max(box[2] - box[0], 1.0)
