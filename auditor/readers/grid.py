"""Words and cells with their spans in, the blocks of an extract out: what web pages and word
processors share.

A cell is left unread where its place or its text is in doubt: where a row has a cell too many,
where fewer figures than labels stand in one row, and where a figure may be the mark or the number
of a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from unicodedata import category, numeric

from msgspec import Struct
from msgspec.structs import replace

from auditor import cjk
from auditor.model.source import UNREAD, Cell, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.limits import Limits

Row = tuple[Cell, ...]

LONE_MARK = "\udc01"
"""Before raised text that comes first in a cell, until all of the cell is read, and where it is
alone there all of the document; half of a surrogate, which the text of no document can hold."""

_MAX_COLUMNS = 1_000
"""As browsers cap `colspan`."""
_ENUMERATED = re.compile(
    rf"\s*[(（{cjk.ORDINAL}]?\s*[{cjk.NUMERALS}]{{1,3}}\s*[)）、.．{cjk.DIVISIONS}]"
)
"""How headings of Chinese official papers begin."""
_MAX_HEADING = 50
_SHOWN_OF_HEADING = 30
_FIGURE = re.compile(r"[-−－]?[0-9０-９][0-9０-９.,]*|[-/—／－]+")
"""A figure, or a sign for none."""
_DIGITS = re.compile(r"\d[\d.,]*")
_MIN_FIGURES = 2
"""Cells of figures in a row, for their lines to be rows."""
_MAX_SURPLUS = 2
"""Rows with more cells too many are of another table."""
_MAX_BLANKS = 20
_BRACKETED = re.compile(r"\s*(?:[(（\[〔【]\s*\d{1,2}\s*[)）\]〕】]|[①-⑳])\s*")
"""As labels and notes are numbered."""
_MARK = re.compile(
    r"\s*[\[(（〔【①-⑳]?\s*"
    rf"(?:[*＊†‡※#{cjk.NOTE}①-⑳]{{0,3}}\d{{0,2}}|[a-z])"
    r"\s*[\])）〕】]?\s*"
)
"""The mark of a note: a number, a letter or signs, perhaps in brackets."""
_LEADING_MARK = re.compile(rf"\s*{LONE_MARK}(\S*)\s*")


class SpannedCell(Struct):
    """A cell before its column is known."""

    lines: tuple[str, ...]
    rowspan: int = 1
    """0 reaches to the last row."""
    colspan: int = 1
    line: int | None = None
    before: int = 0
    """Columns left out in front of it."""


class ExtractBuilder:
    """Gathers the blocks of one document in reading order, and counts what is left out of it."""

    def __init__(self, name: str, limits: Limits, omitted: Sequence[str] = ()) -> None:
        self.name = name
        self.limits = limits
        self.blocks: list[Paragraph | Grid] = []
        self.omitted = dict.fromkeys(omitted, 0)
        """By the code of a notice, how often it was so."""
        self._boxes = self._tables = self._paragraphs = 0
        self._heading = ""

    def paragraph(self, text: str, line: int | None = None, is_heading: bool = False) -> None:
        """Adds each line of a paragraph that has any words. Where it is a heading, the tables after
        it are named by it."""
        heading = " ".join(text.split())
        is_short = 0 < len(heading) <= _MAX_HEADING and "。" not in heading
        if is_short and (is_heading or _ENUMERATED.match(heading)):
            cut = "…" if len(heading) > _SHOWN_OF_HEADING else ""
            self._heading = f"{heading[:_SHOWN_OF_HEADING]}{cut}, "
        for words in text.replace(LONE_MARK, "").split("\n"):
            if words.strip():
                self._paragraphs += 1
                origin = Origin(line=line, selector=f"paragraph {self._paragraphs}")
                self.blocks.append(Paragraph(words, origin))

    def raised(self, text: str, before: str) -> str:
        """What is read of raised text behind some words: nothing where it is the mark of a
        footnote. A mark after a figure (`12` with a raised `1`) is not one of its digits, and after
        a label not a figure; one that comes first in its cell is told by `LONE_MARK`."""
        if not may_be_mark(text):
            return f" {text} "
        if not _LEADING_MARK.sub("", before).strip():
            return f" {LONE_MARK}{''.join(text.split())} "
        self.omitted["raised-marks"] += 1
        return ""

    def cell_lines(self, lines: Iterable[str]) -> list[str]:
        """The lines of a cell that have words. A mark before them is of a note, as one behind them
        is, but a bare number (a raised `1` before `12`) may be a digit of them: it is unread.
        `LONE_MARK` stays where nothing else is in the cell."""
        found = [line for line in lines if line]
        marks = [mark for line in found for mark in _LEADING_MARK.findall(line)]
        if not marks or (len(marks) == 1 and not any(_LEADING_MARK.sub("", x) for x in found)):
            return found
        self.omitted["raised-marks"] += sum(not mark.isdecimal() for mark in marks)
        lines = (_LEADING_MARK.sub(_doubted, line).strip() for line in found)
        return [line for line in lines if line]

    def table(
        self, rows: Sequence[Sequence[SpannedCell]], line: int | None = None, is_ruled: bool = True
    ) -> None:
        """Adds the grid with every cell at its first row and real column. Raises `InputError`."""
        rows = _split_stacked_rows(rows)
        self._tables += 1
        table = f"{self._heading}table {self._tables}"
        covered: dict[int, int] = {}  # column → rows below that a cell above still covers
        placed: list[Row] = []
        for number, spanned in enumerate(rows):
            cells: list[Cell] = []
            column = 0
            below = {at: left - 1 for at, left in covered.items() if left > 1}
            for cell in spanned:
                column += min(max(cell.before, 0), _MAX_COLUMNS)
                while column in covered:
                    column += 1
                colspan = min(max(cell.colspan, 1), _MAX_COLUMNS)
                rest = len(rows) - number
                rowspan = rest if cell.rowspan == 0 else min(max(cell.rowspan, 1), rest)
                self.count(colspan)
                selector = f"{table}, row {number + 1}, column {column + 1}"
                origin = Origin(line=cell.line, selector=selector)
                text, able = " ".join(cell.lines), figures_in_lines(cell.lines)
                cells.append(
                    Cell(text, number, column, origin, rowspan, colspan, alternatives=able)
                )
                if rowspan > 1:
                    below.update(dict.fromkeys(range(column, column + colspan), rowspan - 1))
                column += colspan
            self.count(len(covered))
            covered = below
            placed.append(tuple(cells))
        read = without_note_numbers(_without_surplus(placed)) if is_ruled else tuple(placed)
        self.blocks.append(Grid(read, Origin(line=line, selector=table), is_ruled))

    def count(self, boxes: int) -> None:
        """Raises `InputError` for more cells than are read."""
        self._boxes += boxes
        self.expect(self._boxes)

    def expect(self, cells: int) -> None:
        """As `count`, before any time goes into them."""
        if cells > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)

    def extract(self, notices: Iterable[Notice] = ()) -> Extract:
        """All that was gathered, without marks that stand alone in cells; notices of what is left
        out come first."""
        blocks = self._without_marks() if "raised-marks" in self.omitted else self.blocks
        counted = [Notice(code, (("count", str(n)),)) for code, n in self.omitted.items() if n]
        return Extract(tuple(blocks), (*counted, *notices))

    def _without_marks(self) -> list[Paragraph | Grid]:
        """The blocks without the marks that stand alone in cells. They are unread where the
        document has no other marks, and figures where more figures are raised than not: then that
        is how they are set."""
        grids = [block for block in self.blocks if isinstance(block, Grid)]
        texts = [cell.text for grid in grids for row in grid.rows for cell in row]
        alone = sum(LONE_MARK in text for text in texts)
        if not alone:
            return self.blocks
        are_figures = alone > sum(text.strip().isdecimal() for text in texts)
        has_marks = self.omitted["raised-marks"] > 0

        def decided(cell: Cell) -> Cell:
            if LONE_MARK not in cell.text:
                return cell
            figure = cell.text.replace(LONE_MARK, "")
            return replace(cell, text=figure if are_figures else "" if has_marks else UNREAD)

        if has_marks and not are_figures:
            self.omitted["raised-marks"] += alone
        return [
            replace(block, rows=tuple(tuple(map(decided, row)) for row in block.rows))
            if isinstance(block, Grid)
            else block
            for block in self.blocks
        ]


def _without_surplus(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, those that reach beyond the headings by a cell too many with as many as the others
    have; all as they are where most rows do, or nothing heads the columns."""
    by_row = [_figures_of(row) for row in rows]
    ends = [row[-1].column + row[-1].colspan if row else 0 for row in rows]
    heads = (end for row, end in zip(rows, ends, strict=True) if _is_heading(row))
    width = max(heads, default=max(ends, default=0))
    inside = [
        len(figures) for figures, end in zip(by_row, ends, strict=True) if figures and end <= width
    ]
    most = max(inside, default=0) if 2 * len(inside) > sum(map(bool, by_row)) else 0
    return tuple(
        (*row[: len(row) - len(figures)], *_without_blanks(figures, most))
        if end > width and most and 0 < len(figures) - most <= _MAX_SURPLUS
        else row
        for row, figures, end in zip(rows, by_row, ends, strict=True)
    )


def without_note_numbers(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with numbers in brackets behind a label unread, as those are numbers of notes; a
    column of them numbers the rows and stays."""
    by_row = [_figures_of(row) for row in rows]
    bracketed = Counter(
        c.column for figures in by_row for c in figures if _BRACKETED.fullmatch(c.text)
    )
    seen = Counter(cell.column for figures in by_row for cell in figures)
    doubted = {column for column, count in bracketed.items() if 2 * count < max(seen[column], 3)}

    def checked(cell: Cell) -> Cell:
        is_doubted = cell.column in doubted and _BRACKETED.fullmatch(cell.text)
        return replace(cell, text=UNREAD) if is_doubted else cell

    return tuple(
        (*row[: len(row) - len(figures)], *map(checked, figures))
        for row, figures in zip(rows, by_row, strict=True)
    )


def _is_heading(row: Row) -> bool:
    return len(row) > 1 and all(any(map(str.isalpha, cell.text)) for cell in row)


def _figures_of(row: Row) -> Row:
    """The cells behind the last one with words; none where no cell has any."""
    words = [at for at, cell in enumerate(row) if any(map(str.isalpha, cell.text))]
    return row[words[-1] + 1 :] if words else ()


def _without_blanks(cells: Row, width: int) -> Iterator[Cell]:
    """So many cells: those without some of the blank ones. What is not the same whichever they are
    is unread, and so is all where there are not enough: a figure is never the one too many."""
    blanks = [at for at, cell in enumerate(cells) if not cell.text.strip()]
    surplus = len(cells) - width
    choices = list(combinations(blanks, surplus)) if len(blanks) <= _MAX_BLANKS else []
    kept = [[cell for at, cell in enumerate(cells) if at not in choice] for choice in choices]
    for at in range(width):
        texts = {each[at].text for each in kept}
        cell = kept[0][at] if kept else cells[at]
        placed = replace(cell, column=cells[0].column + at)
        yield placed if len(texts) == 1 else replace(placed, text=UNREAD)


def _split_stacked_rows(rows: Sequence[Sequence[SpannedCell]]) -> list[list[SpannedCell]]:
    """The rows, those that are several written under each other in one taken apart.

    Editors of web pages and word processors leave one cell where the form has several: numbered
    labels one to a line, and beside them in every cell as many figures, a line each. Where there
    are fewer figures than labels it cannot be told whose they are, and none is read.
    """
    found: list[list[SpannedCell]] = []
    for row in rows:
        at = _label_of_stacked_row(row)
        if at is None:
            found.append(_with_unread_figures(row))
            continue
        more = len(row[at].lines) - 1
        for number, above in enumerate(found):
            for place, cell in enumerate(above):
                if number + cell.rowspan > len(found):
                    above[place] = replace(cell, rowspan=cell.rowspan + more)
        first = [replace(cell, rowspan=cell.rowspan and cell.rowspan + more) for cell in row[:at]]
        for number in range(more + 1):
            parts = [replace(cell, lines=cell.lines[number : number + 1]) for cell in row[at:]]
            found.append([*first, *parts] if not number else parts)
    return found


def _label_of_stacked_row(row: Sequence[SpannedCell]) -> int | None:
    """Where in a stacked row its labels stand; None for any other row."""
    if not row or len(row[-1].lines) < 2:
        return None
    count = len(row[-1].lines)
    at = len(row)
    while at and len(row[at - 1].lines) == count and all(map(_FIGURE.fullmatch, row[at - 1].lines)):
        at -= 1
    if not at or len(row) - at < _MIN_FIGURES or any(cell.rowspan > 1 for cell in row[at - 1 :]):
        return None
    return at - 1 if len(row[at - 1].lines) == count and _are_labels(row[at - 1].lines) else None


def _are_labels(lines: Sequence[str]) -> bool:
    """Whether each line is a label of its own: all are numbered, and in the same manner."""
    if len(lines) < 2:
        return False
    styles = set(map(_numbering_style, lines))
    return len(styles) == 1 and "" not in styles


def _with_unread_figures(row: Sequence[SpannedCell]) -> list[SpannedCell]:
    """The row without the figures that stand behind several labels."""
    at = next((at for at, cell in enumerate(row) if _are_labels(cell.lines)), len(row))
    figures = (
        replace(cell, lines=tuple(_DIGITS.sub(UNREAD, line) for line in cell.lines))
        for cell in row[at + 1 :]
    )
    return [*row[: at + 1], *figures]


def is_numbered(label: str) -> bool:
    """Whether a label begins with its number, as in `1.` or in brackets."""
    return bool(_numbering_style(label))


def _numbering_style(label: str) -> str:
    """How a label is numbered: the kinds of the signs about its number, or nothing."""
    text = label.lstrip()
    opens = bool(text) and category(text[0]) == "Ps"
    signs = text[opens:]
    rest = signs.lstrip("".join({sign for sign in signs[:4] if numeric(sign, None) is not None}))
    closes = category(rest[:1] or " ")
    return "(" * opens + closes if rest != signs and closes in ("Po", "Pe") else ""


def figures_in_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """What a cell may say that has several lines of digits: a figure that is broken, or one of
    several under each other, such as last year's below this year's. Nothing for any other cell."""
    if len(lines) < _MIN_FIGURES or not all(map(_DIGITS.fullmatch, lines)):
        return ()
    return "".join(lines), *lines


def _doubted(mark: re.Match[str]) -> str:
    return UNREAD if mark[1].isdecimal() else ""


def may_be_mark(raised: str) -> bool:
    """Whether raised text has the form of a footnote's mark."""
    return bool(raised.strip()) and _MARK.fullmatch(raised) is not None
