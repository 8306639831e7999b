"""Invented reports as PDF, drawn cell by cell, in the styles of word processors and browsers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from auditor.model.form import Address, Form
from auditor.testing import Page, Section, blank, page

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0


@dataclass(frozen=True)
class Style:
    """How a report is set."""

    size: float = 8
    margin: float = 50
    filled: bool = False
    """Rules are thin filled rectangles."""
    open_breaks: bool = False
    """No rule closes a table at the end of a page."""
    open_sides: bool = False
    """No rules at the left and right of a table."""
    ruled: bool = True
    bold: bool = False
    """Every string is drawn twice."""
    blanks: bool = False
    """Zeros are left empty."""
    turned: bool = False
    """Pages are /Rotate 90."""
    watermark: bool = False
    bottom: float = 60
    """Where a page ends: larger, and tables are split in other places."""
    password: str = ""
    font: str = FONT
    fields: bool = False
    """Figures stand in form fields."""
    drawn: Mapping[str, str] = field(default_factory=dict)
    """Strings in place of which others are drawn."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """Strings that the file says are others than it draws (/ActualText)."""


@dataclass(frozen=True)
class Box:
    row: int
    column: int
    rows: int
    columns: int
    text: str


def pdf(
    form: Form,
    figures: Mapping[Address, Decimal],
    agency: str,
    year: int,
    rng: Random,
    style: Style,
) -> bytes:
    """The report in one style."""
    setter = _Setter(style)
    setter.report(page(form, figures, agency, year, rng))
    return setter.finished()


def boxes(section: Section, blanks: bool) -> tuple[list[float], list[Box]]:
    """Shares of the width that the columns have, and the cells."""
    rows = section.rows
    if section.table.layout == "single":
        return [1.0] * 15, list(_single(section, blanks))
    deepest = max(len(row.labels) for row in rows if row.figures)
    most = max(len(row.figures) for row in rows)
    widths = [3.0, *[2.0] * most] if deepest == 1 else [0.8, 1.8, 6.8, *[1.0] * most]
    return widths, list(_ruled(section, blanks, deepest, most))


def _shown(figures: tuple[str, ...], blanks: bool) -> tuple[str, ...]:
    return blank(figures) if blanks else figures


def _ruled(section: Section, blanks: bool, deepest: int, most: int) -> Iterator[Box]:
    open_boxes: dict[int, Box] = {}
    header = 0
    for number, row in enumerate(section.rows):
        if not row.figures and deepest > 1:
            if header == 0:
                yield Box(number, 0, 3, deepest, row.labels[0])
                yield Box(number, deepest, 1, most, row.labels[1])
            elif header == 1:
                first, middle, last = row.labels
                yield Box(number, deepest, 2, 1, first)
                yield Box(number, deepest + 1, 1, most - 2, middle)
                yield Box(number, deepest + most - 1, 2, 1, last)
            else:
                for index, label in enumerate(row.labels):
                    yield Box(number, deepest + 1 + index, 1, 1, label)
            header += 1
            continue
        cells = [*row.labels, *_shown(row.figures, blanks)]
        if deepest == 1:
            for index, text in enumerate(cells):
                is_last = index + 1 == len(cells)
                yield Box(number, index, 1, 1 + most - index if is_last else 1, text)
            continue
        for column in range(deepest):
            if column < len(row.labels) and not row.labels[column]:
                box = open_boxes[column]
                open_boxes[column] = replace(box, rows=box.rows + 1)
            elif column in open_boxes:
                yield open_boxes.pop(column)
        for column, label in enumerate(row.labels):
            if not label:
                continue
            is_last = column + 1 == len(row.labels)
            box = Box(number, column, 1, deepest - column if is_last else 1, label)
            if is_last:
                yield box
            else:
                open_boxes[column] = box
        for index, text in enumerate(_shown(row.figures, blanks)):
            yield Box(number, deepest + index, 1, 1, text)
    yield from open_boxes.values()


def _single(section: Section, blanks: bool) -> Iterator[Box]:
    top, middle, bottom, figures = section.rows
    yield Box(0, 0, 1, 5, top.labels[0])
    yield Box(0, 5, 1, 10, top.labels[1])
    for index, label in enumerate(middle.labels):
        if index < 5:
            yield Box(1, index, 2, 1, label)
        else:
            yield Box(1, 5 * (index - 4), 1, 5, label)
    for index, label in enumerate(bottom.labels):
        yield Box(2, 5 + index, 1, 1, label)
    for index, text in enumerate(_shown(figures.figures, blanks)):
        yield Box(3, index, 1, 1, text)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    lines, line = [], ""
    for char in text:
        if line and pdfmetrics.stringWidth(line + char, FONT, size) > width:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


class _Setter:
    def __init__(self, style: Style) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.style = style
        self.size = (HEIGHT, WIDTH) if style.turned else (WIDTH, HEIGHT)
        self.out = BytesIO()
        encrypt = StandardEncryption(style.password) if style.password else None
        self.canvas: Any = Canvas(self.out, pagesize=self.size, invariant=True, encrypt=encrypt)
        self.number = 0
        self.y = 0.0
        self._begin()

    def _begin(self) -> None:
        self.number += 1
        if self.style.turned:
            self.canvas.setPageRotation(90)
            self.canvas.translate(WIDTH, 0)
            self.canvas.rotate(90)
        if self.style.watermark:
            self.canvas.saveState()
            self.canvas.translate(200, 300)
            self.canvas.rotate(40)
            self.canvas.setFont(FONT, 30)
            self.canvas.drawString(0, 0, "青溪办公2024内部资料0000")
            self.canvas.restoreState()
        self.canvas.setFont(FONT, 9)
        self.canvas.drawCentredString(self.size[0] / 2, 30, f"- {self.number} -")
        self.canvas.drawString(self.style.margin, self.size[1] - 30, "青溪市政务公开")
        self.y = self.size[1] - 60

    def _turn(self) -> None:
        self.canvas.showPage()
        self._begin()

    def finished(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()

    def report(self, made: Page) -> None:
        for text in (made.title, *made.opening):
            self._prose(text)
        for section in made.sections:
            self._prose(section.heading)
            self._table(section)
        for text in made.closing:
            self._prose(text)

    def _text(self, x: float, y: float, text: str) -> None:
        self.canvas.setFont(FONT, self.style.size)
        text = self.style.drawn.get(text, text)
        spoken = self.style.spoken.get(text)
        if spoken is not None:
            self.canvas._code.append(f"/Span <</ActualText ({spoken})>> BDC")
        self.canvas.drawString(x, y, text)
        if spoken is not None:
            self.canvas._code.append("EMC")
        if self.style.bold:
            self.canvas.drawString(x + 0.25, y, text)

    def _prose(self, text: str) -> None:
        size, margin = self.style.size, self.style.margin
        for line in _wrapped(text, self.size[0] - 2 * margin, size):
            if self.y - size < self.style.bottom:
                self._turn()
            self.y -= size * 1.6
            self._text(margin, self.y, line)

    def _table(self, section: Section) -> None:
        shares, cells = boxes(section, self.style.blanks)
        inner = self.size[0] - 2 * self.style.margin
        xs = [self.style.margin]
        for share in shares:
            xs.append(xs[-1] + inner * share / sum(shares))
        step = self.style.size + 2
        heights = [step + 4] * len(section.rows)
        for box in cells:
            lines = self._lines(box, xs)
            need = len(lines) * step + 4 - sum(heights[box.row : box.row + box.rows])
            if need > 0:
                heights[box.row + box.rows - 1] += need
        first = 0
        self.y -= 6
        waiting = {index: self._lines(box, xs) for index, box in enumerate(cells)}
        while first < len(heights):
            last, height = first, 0.0
            while last < len(heights) and self.y - height - heights[last] >= self.style.bottom:
                height += heights[last]
                last += 1
            if last == first:
                self._turn()
                continue
            ys = [self.y]
            for row in range(first, last):
                ys.append(ys[-1] - heights[row])
            is_end = last == len(heights)
            for index, box in enumerate(cells):
                top, end = max(box.row, first), min(box.row + box.rows, last)
                if top < end:
                    sides = xs[box.column], xs[box.column + box.columns]
                    edges = ys[top - first], ys[end - first]
                    room = int((edges[0] - edges[1] - 3) // step)
                    lines, rest = waiting[index][:room], waiting[index][room:]
                    waiting[index] = rest
                    self._cell(lines, sides, edges)
                    self._rules(sides, edges, (top, end), (first, last, is_end), xs)
            self.y = ys[-1]
            first = last
            if not is_end:
                self._turn()

    def _lines(self, box: Box, xs: Sequence[float]) -> list[str]:
        width = xs[box.column + box.columns] - xs[box.column] - 4
        return _wrapped(box.text, width, self.style.size)

    def _cell(
        self, lines: Sequence[str], sides: tuple[float, float], edges: tuple[float, float]
    ) -> None:
        step = self.style.size + 2
        y = (edges[0] + edges[1]) / 2 + len(lines) * step / 2 - self.style.size
        if self.style.fields and len(lines) == 1 and lines[0].replace(".", "").isdigit():
            self.canvas.acroForm.textfield(
                value=lines[0],
                x=sides[0] + 1.5,
                y=edges[1] + 1.5,
                width=sides[1] - sides[0] - 3,
                height=edges[0] - edges[1] - 3,
                fontSize=self.style.size,
                borderWidth=0.5,
            )
            return
        for line in lines:
            width = pdfmetrics.stringWidth(line, FONT, self.style.size)
            self._text((sides[0] + sides[1] - width) / 2, y, line)
            y -= step

    def _rules(
        self,
        sides: tuple[float, float],
        edges: tuple[float, float],
        rows: tuple[int, int],
        segment: tuple[int, int, bool],
        xs: Sequence[float],
    ) -> None:
        style = self.style
        if not style.ruled:
            return
        (left, right), (top, bottom) = sides, edges
        first, last, is_end = segment
        if not (style.open_breaks and rows[0] == first and first > 0):
            self._rule(left, top, right, top)
        if not (style.open_breaks and rows[1] == last and not is_end):
            self._rule(left, bottom, right, bottom)
        if not (style.open_sides and left == xs[0]):
            self._rule(left, top, left, bottom)
        if not (style.open_sides and right == xs[-1]):
            self._rule(right, top, right, bottom)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.style.filled:
            self.canvas.rect(x0, y1, x1 - x0 + 0.5, y0 - y1 + 0.5, stroke=0, fill=1)
        else:
            self.canvas.setLineWidth(0.5)
            self.canvas.line(x0, y0, x1, y1)
