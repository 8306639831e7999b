"""Recognised pages in; tables and lines as every reader of pages lays them, out: what each cell
says, and what else it may say.

A figure stands where both readings agree, the recogniser took it for a figure by itself, and its
digits look like the document's other digits. Otherwise it is one of several candidates, or none. A
recogniser errs on single shapes, while a document prints its digits in one or two types: so each is
compared with all others that were read as this digit, and as any other. A broken 5 that was read as
3 still looks more like the 5s. This comparison (`DigitShapes`) knows nothing of the recogniser.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from statistics import median

import numpy as np

from auditor import cjk
from auditor.model.source import UNREAD, Grid, Notice
from auditor.readers.limits import DEFAULT, Limits, grant
from auditor.readers.pdf.content import Char, TextLine, text_lines
from auditor.readers.pdf.pages import CellText, PageLayout, grid_of, listed, rounded
from auditor.readers.scan.images import Glyph, InkShape, PageImage
from auditor.readers.scan.recogniser import (
    FIGURE_CHARACTERS,
    RecognisedCell,
    RecognisedLine,
    RecognisedPage,
    RecognisedTable,
    recognise_page,
    within_memory,
)

_CONFUSABLE = (
    frozenset(FIGURE_CHARACTERS)
    | frozenset("lIi|!oOQDCcUuzZsSBbqgGHJjtTrLYyAa()[]{}<>\\/'\"`~_=+*:;^?%&$#@ ")
    | frozenset("–‘’“”○□°·ºθ、。〇《》（），－．／：；" + cjk.STROKES)
)
"""What a recogniser makes of digits: in a cell of nothing else it may be a figure."""
_MAX_LENGTH = 16
_SURE, _SURER = 0.5, 0.95
_FLAT, _LEANING = 2.0, 0.3
"""Width by height of a dash, and the least of a slash."""
_MAX_CANDIDATES = 5
_MAX_SHARE, _MAX_COUNT = 0.15, 3
"""Share and count of a page's figures from which on the page is too poor."""

_MIN_SAMPLES = 3
"""Fewer samples of a digit than this say little about its looks."""
_LEAD = -0.02
"""By how much a digit may look more like another one."""
_USUAL_ADVANCES = (0.55, 0.62, 0.68, 0.74)
"""Of the height of a digit, from one to the next, in most types."""
_USUAL_WIDTH = 0.5
_WIDTH_TOLERANCE = 0.45
"""Of an advance, by which a figure may be wider or narrower than its digits."""


def is_figure_line(line: RecognisedLine) -> bool:
    """Whether the ink may be a figure or a mark for none."""
    texts = line.first.text, line.second.text
    return all(_may_be_figure(text) for text in texts) or any(
        text and set(text) <= set(FIGURE_CHARACTERS) for text in texts
    )


def _may_be_figure(text: str) -> bool:
    return len(text) <= _MAX_LENGTH and set(text) <= _CONFUSABLE


def shapes_of(cells: Iterable[RecognisedCell]) -> DigitShapes:
    """How digits look in these cells, learnt from figures that both readings give."""
    return DigitShapes(
        [
            (line.first.figure, line.shape)
            for cell in cells
            for line in cell
            if line.first.text == line.second.text == line.first.figure
        ]
    )


def is_poor_page(cells: Iterable[RecognisedCell], shapes: DigitShapes) -> bool:
    """Whether so many figures are doubtful that agreement on the others proves little."""
    lines = [line for cell in cells for line in cell if is_figure_line(line)]
    doubtful = sum(1 for line in lines if _is_doubtful(_figure(line, shapes)))
    return doubtful > _MAX_SHARE * len(lines) and doubtful > _MAX_COUNT


def as_candidate(cell: CellText) -> CellText:
    """The same text as a mere candidate, if it is a figure."""
    return (
        cell._replace(alternatives=cell.alternatives or (UNREAD,))
        if _is_number(cell.text)
        else cell
    )


def cell_text(cell: RecognisedCell, shapes: DigitShapes) -> CellText:
    """What a cell says."""
    if not cell:
        return _cell("")
    if not all(is_figure_line(line) for line in cell):
        return _words(cell)
    figures = [_figure(line, shapes) for line in cell]
    if len(figures) == 1:
        return figures[0]
    # A blank parts figures below each other: whether they are one is for the sums to say.
    alternatives = (UNREAD,) if any(figure.alternatives for figure in figures) else ()
    return _cell(" ".join(figure.text for figure in figures), *alternatives)


def _is_doubtful(cell: CellText) -> bool:
    return bool(cell.alternatives) or cell.text == UNREAD


def _cell(text: str, *alternatives: str) -> CellText:
    return CellText(text, recognised=True, alternatives=alternatives)


def _words(lines: Sequence[RecognisedLine]) -> CellText:
    """Words as the surer reading has them; where the readings differ in a digit, no digit."""
    return _cell("".join(line_text(line) for line in lines) or UNREAD)


def line_text(line: RecognisedLine) -> str:
    """A line of words."""
    first, second = line.first, line.second
    better = first if first.confidence >= second.confidence else second
    if _digits(first.text) == _digits(second.text):
        return better.text
    return "".join(UNREAD if char.isdigit() else char for char in better.text)


def _figure(line: RecognisedLine, shapes: DigitShapes) -> CellText:
    first, second = line.first, line.second
    text = first.figure
    if text == second.figure and _is_sure(line, is_whole(text, line.shape)):
        # A lone 0 is also read as a letter: then its looks must say that it is a 0.
        is_own_reading = text in (first.text, second.text)
        if is_own_reading and _is_mark(text, line):
            return _cell(text)
        is_known = is_own_reading or shapes.knows(text)
        if is_known and _is_number(text) and shapes.contradictions(text, line.shape) is None:
            return _cell(text)
    readings = [text, second.figure, *first.alternatives, *second.alternatives]
    for figure in (text, second.figure):
        readings += (shapes.contradictions(figure, line.shape) or ()) if _is_number(figure) else ()
    candidates = [figure for figure in dict.fromkeys(readings) if _is_number(figure)]
    return _cell(*candidates[:_MAX_CANDIDATES], UNREAD) if candidates else _cell(UNREAD)


def _is_sure(line: RecognisedLine, whole: bool) -> bool:
    """Whether neither reading hesitates. Where digits are torn or touch, their looks cannot be
    compared one by one, and the readings must be surer."""
    first, second = line.first, line.second
    confidence = min(first.confidence, second.confidence)
    if set(first.alternatives) & set(second.alternatives):
        return False
    return (
        confidence >= _SURE
        if whole
        else confidence >= _SURER and not (first.alternatives or second.alternatives)
    )


def _is_number(text: str) -> bool:
    """Whether the text is a number as a person would write it."""
    whole, point, decimals = text.partition(".")
    groups = whole.split(",")
    well_parted = len(groups) == 1 or all(len(group) == 3 for group in groups[1:])
    digits = "".join(groups)
    plain = digits.isdigit() and (len(digits) == 1 or digits[0] != "0") and well_parted
    return plain and (not point or decimals.isdigit())


def _is_mark(text: str, line: RecognisedLine) -> bool:
    """Whether a mark for an empty cell has the shape of one: a 1 is read as a dash or slash too."""
    left, top, right, bottom = line.box
    ratio = (right - left) / max(bottom - top, 0.1)
    if text == "/":
        return ratio >= _LEANING
    return text in ("-", "\u2014") and ratio >= _FLAT


class DigitShapes:
    """How digits look in one document, learnt from figures as they were read."""

    def __init__(self, figures: Sequence[tuple[str, InkShape]]) -> None:
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
        enough = len(advances) >= _MIN_SAMPLES
        self.advances = (median(advances),) if enough else _USUAL_ADVANCES
        self.width = median(widths) if enough else _USUAL_WIDTH

    def contradictions(self, text: str, shape: InkShape) -> tuple[str, ...] | None:
        """None where the figure looks as it was read; otherwise what it looks like, if anything."""
        digits = _digits(text)
        if not digits:
            return None
        pairs = _paired(text, shape)
        if not pairs:
            points = len(text) - len(digits)
            fits = any(
                abs(shape.width - self.width - advance * (len(digits) - 1 + points / 2))
                < _WIDTH_TOLERANCE * advance
                for advance in self.advances
            )
            return None if fits else ()
        others = [list(digits)]
        doubted = False
        for place, (digit, glyph) in enumerate(pairs):
            scores = {
                known: self._likeness(known, glyph, known == digit)
                for known, count in self.counts.items()
                if count - (known == digit) >= _MIN_SAMPLES
            }
            own = scores.pop(digit, None)
            best = max(scores, key=scores.__getitem__, default=None)
            if own is None or best is None:
                continue
            if scores[best] > own - _LEAD:
                doubted = True
                others.append([*digits[:place], best, *digits[place + 1 :]])
        if not doubted:
            return None
        return tuple(_with_digits(text, other) for other in others[1:])

    def knows(self, text: str) -> bool:
        """Whether the document shows enough of each digit for `contradictions` to tell."""
        return all(self.counts[digit] > _MIN_SAMPLES for digit in _digits(text))

    def _likeness(self, digit: str, glyph: Glyph, is_own: bool) -> float:
        """Correlation with the mean of the others read so, a pixel up or down, left or right."""
        total = self.sums[digit] - glyph if is_own else self.sums[digit]
        size = float(np.linalg.norm(total))
        if not size:
            return 0.0
        moved = (np.roll(total, shift, (0, 1)) for shift in product((-1, 0, 1), repeat=2))
        return max(float((each * glyph).sum()) for each in moved) / size


def is_whole(text: str, shape: InkShape) -> bool:
    """Whether each digit of the text has a piece of ink of its own."""
    return bool(_paired(text, shape))


def _paired(text: str, shape: InkShape) -> list[tuple[str, Glyph]]:
    """Each digit with its piece of ink; none where there are more or fewer pieces. A point has a
    piece of its own where it is large enough to be one."""
    for characters in (text, _digits(text)):
        if len(characters) == len(shape.glyphs):
            pairs = zip(characters, shape.glyphs, strict=True)
            return [(character, glyph) for character, glyph in pairs if character.isdigit()]
    return []


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _with_digits(text: str, digits: Sequence[str]) -> str:
    """The text with its digits replaced in order."""
    rest = iter(digits)
    return "".join(next(rest) if char.isdigit() else char for char in text)


SECONDS = 30.0
"""Of processor time that a page is granted; one full of text takes some ten."""
_PAGE_MARGIN = 0.1
"""Share of a page's height, above and below, where a figure alone is a page number."""


def recognised_pages(
    name: str, pictures: Iterable[PageImage], limits: Limits = DEFAULT
) -> tuple[list[PageLayout], list[Notice]]:
    """The pages of a document, and what is doubted about them. Raises `InputError`."""
    recognised: list[RecognisedPage] = []
    for picture in pictures:
        if len(recognised) == limits.scanned_pages:
            raise limits.exceeded("scanned_pages", name)
        grant(SECONDS)
        with within_memory():
            recognised.append(recognise_page(picture))
    return _layouts(recognised)


def _layouts(recognised: Sequence[RecognisedPage]) -> tuple[list[PageLayout], list[Notice]]:
    """The pages, their digits compared with each other."""
    shapes = shapes_of(cell for page in recognised for table in page.tables for cell in table.cells)
    pages = []
    unruled = []
    poor_pages = []
    for page in recognised:
        is_page_poor = is_poor_page((cell for table in page.tables for cell in table.cells), shapes)
        if is_page_poor:
            poor_pages.append(page.number)
        lines, has_loose = _lines(page)
        if has_loose:
            unruled.append(page.number)
        grids = [
            (table.lattice.ys[0], _grid(page, table, shapes, is_page_poor))
            for table in page.tables
            if any(table.cells)
        ]
        pages.append(PageLayout(page.number, page.skew.height, lines, grids, recognised=True))
    notices = [Notice("read-by-ocr", (("pages", listed([page.number for page in recognised])),))]
    if poor_pages:
        notices.append(Notice("poor-scan", (("pages", listed(poor_pages)),)))
    if unruled:
        notices.append(Notice("unruled-figures", (("pages", listed(unruled)),)))
    return pages, notices


def _grid(
    page: RecognisedPage, table: RecognisedTable, shapes: DigitShapes, is_page_poor: bool
) -> Grid:
    cells = [cell_text(cell, shapes) for cell in table.cells]
    if is_page_poor:
        cells = list(map(as_candidate, cells))
    return grid_of(page.number, table.lattice, cells, lambda box: rounded(page.skew.back(box)))


def _lines(page: RecognisedPage) -> tuple[list[TextLine], bool]:
    """The lines around the tables, and whether figures stood among them as in a table.

    The detector overlooks single digits, so figures that no rules hold in place tell nothing: they
    are left out, and digits that end a line beside them are unread.
    """
    heights = page.skew.height
    chars = []
    unruled: list[RecognisedLine] = []
    for line in page.lines:
        if not is_figure_line(line):
            chars.append(_char(line, line_text(line)))
        elif _PAGE_MARGIN * heights < line.box[1] < (1 - _PAGE_MARGIN) * heights:
            unruled.append(line)
        elif line.first.text == line.second.text:
            chars.append(_char(line, line.first.text))
    found = text_lines(chars)
    if unruled:
        found = [_without_last_digits(line) for line in found]
    return [_unskewed(line, page) for line in found], bool(unruled)


def _char(line: RecognisedLine, text: str) -> Char:
    """A piece of a line as if it were one character, so that pieces join as characters do."""
    left, top, right, bottom = line.box
    em = bottom - top
    base = bottom - 0.15 * em
    return Char(text, left, right, base, em, 0, (left + right) / 2, (top + bottom) / 2)


def _without_last_digits(line: TextLine) -> TextLine:
    words = line.text.rstrip("0123456789.,")
    return line if words == line.text else line._replace(text=words + UNREAD)


def _unskewed(line: TextLine, page: RecognisedPage) -> TextLine:
    """The line where it stood before the page was levelled."""
    left, top, right, bottom = line.bbox
    x, y, *_ = page.skew.back((left, top, right, bottom))
    dx, dy = x - left, y - top
    return line._replace(
        x0=line.x0 + dx, x1=line.x1 + dx, base=line.base + dy, cx=line.cx + dx, cy=line.cy + dy
    )
