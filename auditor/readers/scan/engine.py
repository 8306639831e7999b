"""Pictures of lines in; what the recogniser reads in them, and what else it might be, out.

The recogniser is rapidocr with the models of its wheel: nothing is fetched. Its detector finds
lines on a page; the reading of a line is decoded here, so that a second choice is known where the
first was close.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from os import cpu_count
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from auditor.model.noun import noun
from auditor.readers.scan.picture import Grey

_HEIGHT = 48
"""Rows of pixels that the recogniser looks at."""
_NARROWEST = 64
_WIDEST = 2400
_BATCH = 1536
"""Columns of pixels recognised at once: long lines in large batches thrash the memory."""
_MOST_THREADS = 4
_CLOSE = 0.03
"""A second choice less likely than this is none."""
_MOST_RIVALS = 4
_OUT_OF_MEMORY = "bad_alloc", "Insufficient memory", "OutOfMemory"
FIGURE_CHARACTERS = "0123456789.,-/\u2014"
Likely = npt.NDArray[np.float32]


@noun
class Read:
    """One line as it was read."""

    text: str
    least: float
    """How sure the recogniser is of the character of which it is least sure, 0 to 1."""
    figure: str = ""
    """The same where only figures and marks are admitted."""
    rivals: tuple[str, ...] = ()
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


def detect(grey: Grey, longest: int = 2000) -> list[tuple[float, float, float, float]]:
    """The boxes of the lines on a page: x0, top, x1, bottom in pixels. A page larger than `longest`
    is looked at in that size."""
    engine = _engine()
    shrink = min(1.0, longest / max(grey.shape))
    seen = (
        grey
        if shrink == 1
        else cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    )
    boxes, _ = engine.text_det(cv2.cvtColor(seen, cv2.COLOR_GRAY2BGR))
    found = []
    for box in [] if boxes is None else boxes:
        xs, ys = box[:, 0] / shrink, box[:, 1] / shrink
        found.append((float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())))
    return found


def recognise(crops: Sequence[Grey]) -> list[Read]:
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

    def run(batch: list[int]) -> list[Read]:
        wide = max(_NARROWEST, *(widths[index] for index in batch))
        tensor = np.zeros((len(batch), 3, _HEIGHT, wide), np.float32)
        for place, index in enumerate(batch):
            seen = cv2.resize(crops[index], (widths[index], _HEIGHT))
            tensor[place, :, :, : widths[index]] = seen.astype(np.float32) / 127.5 - 1
        return [_decoded(likely) for likely in session(tensor)[0]]

    session = _engine().text_rec.session
    found: list[Read] = [Read("", 0.0)] * len(crops)
    # Threads of our own: the runtime's wait for each other in loops that starve a busy machine.
    with ThreadPoolExecutor(min(_MOST_THREADS, cpu_count() or 1)) as pool:
        for batch, reads in zip(batches, pool.map(run, batches), strict=True):
            for index, read in zip(batch, reads, strict=True):
                found[index] = read
    return found


def _width(crop: Grey) -> int:
    height, width = crop.shape[:2]
    return int(min(_WIDEST, max(8, round(width * _HEIGHT / height))))


def _decoded(likely: Likely) -> Read:
    characters = _characters()
    text = "".join(characters[choice] for choice, _ in _path(likely))
    least = min((sure for _, sure in _path(likely)), default=0.0)
    among = _figure_choices()
    narrow = likely[:, among]
    path = _path(narrow)
    figure = [characters[among[choice]] for choice, _ in path]
    rivals: list[tuple[float, str]] = []
    for place, step in enumerate(_peaks(narrow)):
        for choice in np.argsort(narrow[step])[-3:]:
            if choice != path[place][0] and narrow[step, choice] > _CLOSE:
                other = characters[among[choice]] if choice else ""
                text_there = "".join([*figure[:place], other, *figure[place + 1 :]])
                rivals.append((float(narrow[step, choice]), text_there))
    rivals.sort(reverse=True)
    close = tuple(dict.fromkeys(other for _, other in rivals[:_MOST_RIVALS] if other))
    return Read(text, least, "".join(figure), close)


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
