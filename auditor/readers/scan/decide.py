"""A cell's lines as they were read twice, in; its text, and what else it may say, out.

A figure stands where both readings agree, the recogniser took it for a figure by itself, and its
digits look like the document's other digits. Otherwise it is one of several candidates, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.model.source import UNREAD
from auditor.readers.scan.engine import FIGURE_CHARACTERS
from auditor.readers.scan.glyphs import Looks, is_whole
from auditor.readers.scan.sight import Line, SeenCell

_LOOKALIKES = (
    frozenset(FIGURE_CHARACTERS)
    | frozenset("lIi|!oOQDCcUuzZsSBbqgGHJjtTrLYyAa()[]{}<>\\/'\"`~_=+*:;^?%&$#@ ")
    | frozenset("\u2013\u2018\u2019\u201c\u201d\u25cb\u25a1\u00b0\u00b7\u00ba\u03b8")
    # Full-width signs, the Chinese zero and one, and ideographs of as few strokes as a digit.
    | frozenset("\u3001\u3002\u3007\u300a\u300b\uff08\uff09\uff0c\uff0d\uff0e\uff0f\uff1a\uff1b")
    | frozenset(map(chr, (0x4E00, 0x4E28, 0x53E3, 0x5DE5, 0x65E5)))
)
"""What a recogniser makes of digits: in a cell of nothing else it may be a figure."""
_LONGEST = 16
_SURE, _SURER = 0.5, 0.95
_FLAT, _LEANING = 2.0, 0.3
"""Width by height of a dash, and the least of a slash."""
_MOST_CANDIDATES = 5
_MOST_DOUBTFUL, _FEW_DOUBTFUL = 0.15, 3
"""Share and count of a page's figures from which on the page is too poor."""

Claim = tuple[str, tuple[str, ...]]
"""A cell's text and its rivals."""


def is_figure_line(line: Line) -> bool:
    """Whether the ink may be a figure or a mark for none."""
    texts = line.first.text, line.second.text
    return all(_may_be_figure(text) for text in texts) or any(
        text and set(text) <= set(FIGURE_CHARACTERS) for text in texts
    )


def _may_be_figure(text: str) -> bool:
    return len(text) <= _LONGEST and set(text) <= _LOOKALIKES


def looks_of(cells: Iterable[SeenCell]) -> Looks:
    """How digits look in these cells, learnt from figures that both readings give."""
    return Looks(
        [
            (line.first.figure, line.shape)
            for cell in cells
            for line in cell.lines
            if line.first.text == line.second.text == line.first.figure
        ]
    )


def is_poor(cells: Iterable[SeenCell], looks: Looks) -> bool:
    """Whether so many figures are doubtful that agreement on the others proves little."""
    lines = [line for cell in cells for line in cell.lines if is_figure_line(line)]
    doubtful = sum(1 for line in lines if _is_doubtful(_figure(line, looks)))
    return doubtful > _MOST_DOUBTFUL * len(lines) and doubtful > _FEW_DOUBTFUL


def in_doubt(said: Claim) -> Claim:
    """The same text as a mere candidate, if it is a figure."""
    text, rivals = said
    return (text, rivals or (UNREAD,)) if _is_number(text) else said


def said_in(cell: SeenCell, looks: Looks) -> Claim:
    """What a cell says."""
    if not cell.lines:
        return "", ()
    if not all(is_figure_line(line) for line in cell.lines):
        return _words(cell.lines)
    said = [_figure(line, looks) for line in cell.lines]
    if len(said) == 1:
        return said[0]
    # A blank parts figures below each other: whether they are one is for the sums to say.
    texts = " ".join(text for text, _ in said)
    return texts, (UNREAD,) if any(rivals for _, rivals in said) else ()


def _is_doubtful(said: Claim) -> bool:
    return bool(said[1]) or said[0] == UNREAD


def _words(lines: Sequence[Line]) -> Claim:
    """Words as the surer reading has them; where the readings differ in a digit, no digit."""
    return "".join(line_text(line) for line in lines) or UNREAD, ()


def line_text(line: Line) -> str:
    """A line of words."""
    first, second = line.first, line.second
    better = first if first.least >= second.least else second
    if _digits(first.text) == _digits(second.text):
        return better.text
    return "".join(UNREAD if char.isdigit() else char for char in better.text)


def _figure(line: Line, looks: Looks) -> Claim:
    first, second = line.first, line.second
    text = first.figure
    if text == second.figure and _is_sure(line, is_whole(text, line.shape)):
        # A lone 0 is also read as a letter: then its looks must say that it is a 0.
        is_own_reading = text in (first.text, second.text)
        if is_own_reading and _is_mark(text, line):
            return text, ()
        is_known = is_own_reading or looks.knows(text)
        if is_known and _is_number(text) and looks.doubts(text, line.shape) is None:
            return text, ()
    heard = [text, second.figure, *first.rivals, *second.rivals]
    for figure in (text, second.figure):
        heard += (looks.doubts(figure, line.shape) or ()) if _is_number(figure) else ()
    candidates = [figure for figure in dict.fromkeys(heard) if _is_number(figure)]
    if not candidates:
        return UNREAD, ()
    candidates = candidates[:_MOST_CANDIDATES]
    return candidates[0], (*candidates[1:], UNREAD)


def _is_sure(line: Line, whole: bool) -> bool:
    """Whether neither reading hesitates. Where digits are torn or touch, their looks cannot be
    compared one by one, and the readings must be surer."""
    first, second = line.first, line.second
    least = min(first.least, second.least)
    if set(first.rivals) & set(second.rivals):
        return False
    return least >= _SURE if whole else least >= _SURER and not (first.rivals or second.rivals)


def _is_number(text: str) -> bool:
    """Whether the text is a number as a person would write it."""
    whole, point, decimals = text.partition(".")
    groups = whole.split(",")
    well_parted = len(groups) == 1 or all(len(group) == 3 for group in groups[1:])
    digits = "".join(groups)
    plain = digits.isdigit() and (len(digits) == 1 or digits[0] != "0") and well_parted
    return plain and (not point or decimals.isdigit())


def _is_mark(text: str, line: Line) -> bool:
    """Whether a mark for an empty cell has the shape of one: a 1 is read as a dash or slash too."""
    left, top, right, bottom = line.box
    ratio = (right - left) / max(bottom - top, 0.1)
    if text == "/":
        return ratio >= _LEANING
    return text in ("-", "\u2014") and ratio >= _FLAT


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
