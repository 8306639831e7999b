"""The marks of each page in; grids and paragraphs in reading order out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from auditor.model.source import Cell, Grid, Origin, Paragraph
from auditor.readers.pdf.lattice import Lattice, lattices
from auditor.readers.pdf.lines import TextLine, cell_text, figures_wrap, text_lines
from auditor.readers.pdf.marks import Char, Marks
from auditor.readers.pdf.stitch import stitched

Block = Paragraph | Grid
_MARGIN = 0.12
"""Share of the page's height in which running heads and page numbers stand."""
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"[-\u2014\u2013\u2500\u00b7\s]*\d{1,4}[-\u2014\u2013\u2500\u00b7\s]*")
_PAGE_OF = re.compile(r"\d{1,4}\s*[/\uff0f]\s*\d{1,4}")
_DIGITS = re.compile(r"\d+")


class Laid(NamedTuple):
    """One page with its tables and the lines around them."""

    number: int
    height: float
    lines: Sequence[TextLine]
    grids: Sequence[tuple[float, Grid]]
    """Each table with its top."""
    recognised: bool = False
    """Read from a picture."""


def laid_out(number: int, marks: Marks) -> Laid:
    """A page's characters put into lines and tables."""
    return Laid(number, marks.height, *_page(number, marks))


def blocks_of(pages: Sequence[Laid]) -> list[Block]:
    """All pages' blocks, each page from top to bottom, without heads, feet and page numbers."""
    running = _running(pages)
    found: list[Block] = []
    for page in pages:
        placed: list[tuple[float, Block]] = [(top, grid) for top, grid in page.grids]
        lines = page.lines
        edges = {min(lines, key=_height), max(lines, key=_height)} if lines else set()
        for line in lines:
            if not _is_running(line, page, running, line in edges):
                origin = Origin(page=page.number, bbox=rounded(line.bbox))
                text = Paragraph(line.text, origin, recognised=page.recognised)
                placed.append((line.bbox[1], text))
        placed.sort(key=lambda item: item[0])
        found += [block for _, block in placed]
    return stitched(found)


def _page(number: int, marks: Marks) -> tuple[list[TextLine], list[tuple[float, Grid]]]:
    """The lines outside tables, and the tables with their tops."""
    tables = lattices(marks.across, marks.down)
    inside: list[dict[int, list[Char]]] = [{} for _ in tables]
    outside: list[Char] = []
    for char in marks.chars:
        for index, table in enumerate(tables):
            region = table.at(char.cx, char.cy)
            if region >= 0:
                inside[index].setdefault(region, []).append(char)
                break
        else:
            outside.append(char)
    grids = []
    for table, texts in zip(tables, inside, strict=True):
        if texts:
            grids.append((table.ys[0], _grid(number, table, texts)))
    return text_lines(outside), grids


def _grid(number: int, table: Lattice, texts: dict[int, list[Char]]) -> Grid:
    rows: list[list[Cell]] = [[] for _ in table.owner]
    lines = [text_lines(texts.get(index, ())) for index in range(len(table.regions))]
    beside: dict[tuple[int, int], list[list[TextLine]]] = {}
    for region, inside in zip(table.regions, lines, strict=True):
        beside.setdefault((region.row, region.rowspan), []).append(inside)
    for region, inside in zip(table.regions, lines, strict=True):
        wraps = figures_wrap(beside[region.row, region.rowspan])
        text = cell_text(inside, region.box[2] - region.box[0], wraps)
        origin = Origin(page=number, bbox=rounded(region.box))
        rows[region.row].append(
            Cell(text, region.row, region.column, origin, region.rowspan, region.colspan)
        )
    box = (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
    return Grid(
        tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in rows if row),
        Origin(page=number, bbox=rounded(box)),
        ruled=True,
    )


def _in_margin(line: TextLine, page: Laid) -> bool:
    return not _MARGIN * page.height < line.cy < (1 - _MARGIN) * page.height


def _running(pages: Sequence[Laid]) -> set[str]:
    """What stands in the margin of most pages, but for its digits."""
    if len(pages) < _FEWEST_PAGES:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(line) for line in page.lines if _in_margin(line, page)})
    return {
        shape
        for shape, count in counts.items()
        if count * 2 > len(pages) and any(char.isalpha() for char in shape)
    }


def _is_running(line: TextLine, page: Laid, running: set[str], is_edge: bool) -> bool:
    """Whether a line belongs to the paper, not to the report. A number alone is a page number only
    as the first or last line of its page: figures stand without labels too."""
    if not _in_margin(line, page):
        return False
    if _shape(line) in running:
        return True
    return is_edge and bool(_NUMBER.fullmatch(line.text) or _PAGE_OF.fullmatch(line.text))


def _height(line: TextLine) -> float:
    return line.cy


def _shape(line: TextLine) -> str:
    return _DIGITS.sub("#", line.text.replace(" ", ""))


def rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A box to the tenth of a point."""
    x0, top, x1, bottom = box
    return round(x0, 1), round(top, 1), round(x1, 1), round(bottom, 1)


def listed(numbers: Sequence[int]) -> str:
    """Page numbers with runs drawn together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
