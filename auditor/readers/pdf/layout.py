"""The marks of each page in; grids and paragraphs in reading order out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from auditor.model.source import Cell, Grid, Origin, Paragraph
from auditor.readers.pdf.aligned import Aligned, Written, aligned
from auditor.readers.pdf.lattice import Lattice, lattices
from auditor.readers.pdf.lines import TextLine, cell_text, figures_wrap, text_lines
from auditor.readers.pdf.marks import Char, Marks, Rule
from auditor.readers.pdf.stitch import stitched

Block = Paragraph | Grid
_MARGIN = 0.12
"""Share of the page's height in which running heads and page numbers stand."""
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"[-\u2014\u2013\u2500\u00b7\s]*\d{1,4}[-\u2014\u2013\u2500\u00b7\s]*")
_PAGE_OF = re.compile(r"\d{1,4}\s*[/\uff0f]\s*\d{1,4}")
_BARE = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_column = attrgetter("column")


class Laid(NamedTuple):
    """One page with its tables and the lines around them."""

    number: int
    height: float
    lines: Sequence[TextLine]
    grids: Sequence[tuple[float, Grid]]
    """Each table with its top."""
    recognised: bool = False
    """Read from a picture."""
    across: Sequence[Rule] = ()
    """The horizontal rules of the page."""


def laid_out(number: int, marks: Marks, tables: Sequence[Lattice] | None = None) -> Laid:
    """A page's characters put into lines and tables; its rules say which, where nothing else."""
    if tables is None:
        tables = lattices(marks.across, marks.down)
    return Laid(number, marks.height, *_page(number, marks, tables), across=marks.across)


def blocks_of(pages: Sequence[Laid]) -> list[Block]:
    """All pages' blocks, each page from top to bottom, without heads, feet and page numbers."""
    running = _running(pages)
    numbers = _numbers(pages)
    placed: dict[int, list[tuple[float, Block]]] = {page.number: [*page.grids] for page in pages}
    kept: list[Written] = []
    for page in pages:
        lines = page.lines
        edges = {min(lines, key=_height), max(lines, key=_height)} if lines else set()
        for line in sorted(lines, key=lambda line: line.bbox[1]):
            if _is_running(line, page, running, line in edges) or (page.number, line) in numbers:
                continue
            if page.recognised:  # figures that no rules hold in place are not read from pictures
                text = _paragraph(page.number, line, recognised=True)
                placed[page.number].append((line.bbox[1], text))
            else:
                kept.append(Written(page.number, line, _band(line, page)))
    rows = aligned(kept)
    for index, (number, line, _) in enumerate(kept):
        if index not in rows:
            placed[number].append((line.bbox[1], _paragraph(number, line)))
        elif (row := rows[index]) is not None:
            placed[number].append((line.bbox[1], _row(number, line, row)))
    found: list[Block] = []
    for blocks in placed.values():
        found += [block for _, block in sorted(blocks, key=lambda item: item[0])]
    return stitched(found)


def _band(line: TextLine, page: Laid) -> tuple[float, float] | None:
    """The horizontal rules right above and below the end of a line."""
    ats = [rule.at for rule in page.across if rule.start - 1 < line.x1 < rule.end + 1]
    above = max((at for at in ats if at < line.cy), default=None)
    below = min((at for at in ats if at >= line.cy), default=None)
    return None if above is None or below is None else (round(above), round(below))


def _paragraph(number: int, line: TextLine, recognised: bool = False) -> Paragraph:
    return Paragraph(line.text, Origin(page=number, bbox=rounded(line.bbox)), recognised)


def _row(number: int, line: TextLine, found: Aligned) -> Grid:
    """A line of figures as a row of the columns it stands in."""
    top, bottom = line.bbox[1], found.bottom
    cells = []
    if found.label:
        ends = found.label[0].x0, found.label[-1].x1
        cells.append((" ".join(word.text for word in found.label), ends))
    for word in found.figures:
        cells.append((word.text, (word.x0, word.x1)))
    origin = Origin(page=number, bbox=rounded(line.bbox))
    row = tuple(
        Cell(text, 0, at, Origin(page=number, bbox=rounded((x0, top, x1, bottom))))
        for at, (text, (x0, x1)) in enumerate(cells)
    )
    return Grid((row,), origin)


def _page(
    number: int, marks: Marks, tables: Sequence[Lattice]
) -> tuple[list[TextLine], list[tuple[float, Grid]]]:
    """The lines outside tables, and the tables with their tops."""
    inside: list[dict[int, list[Char]]] = [{} for _ in tables]
    outside: list[Char] = []
    held = list(zip(tables, inside, strict=True))
    for char in marks.chars:
        for table, texts in held:
            region = table.at(char.cx, char.cy)
            if region >= 0:
                texts.setdefault(region, []).append(char)
                break
        else:
            outside.append(char)
    grids = []
    for table, texts in held:
        if texts:
            grids.append((table.ys[0], _grid(number, table, texts)))
    return text_lines(outside), grids


def _grid(number: int, table: Lattice, texts: dict[int, list[Char]]) -> Grid:
    rows: list[list[Cell]] = [[] for _ in table.owner]
    lines = [text_lines(texts[at]) if at in texts else [] for at in range(len(table.regions))]
    wrapping = _wrapping(table, lines) if any(len(inside) > 1 for inside in lines) else {}
    for (row, column, rowspan, colspan, box), inside in zip(table.regions, lines, strict=True):
        if len(inside) > 1:
            text = cell_text(inside, box[2] - box[0], wrapping[row, rowspan])
        else:
            text = inside[0].text if inside else ""
        origin = Origin(page=number, bbox=rounded(box))
        rows[row].append(Cell(text, row, column, origin, rowspan, colspan))
    whole = (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
    return Grid(
        tuple(tuple(sorted(row, key=_column)) for row in rows if row),
        Origin(page=number, bbox=rounded(whole)),
        ruled=True,
    )


def _wrapping(table: Lattice, lines: Sequence[list[TextLine]]) -> dict[tuple[int, int], bool]:
    """Whether figures wrap in the cells beside each other, by their row and how many they span."""
    beside: dict[tuple[int, int], list[tuple[list[TextLine], float]]] = {}
    for region, inside in zip(table.regions, lines, strict=True):
        width = region.box[2] - region.box[0]
        beside.setdefault((region.row, region.rowspan), []).append((inside, width))
    return {place: figures_wrap(cells) for place, cells in beside.items()}


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


def _numbers(pages: Sequence[Laid]) -> set[tuple[int, TextLine]]:
    """The lines that are bare numbers of pages: first or last of their page, and in step with those
    of other pages. A figure torn off its row by the end of a page stands there too."""
    found: list[tuple[int, TextLine, int]] = []
    for page in pages:
        lines = page.lines
        for line in {min(lines, key=_height), max(lines, key=_height)} if lines else ():
            if _in_margin(line, page) and _BARE.fullmatch(line.text):
                found.append((page.number, line, int(line.text) - page.number))
    steps = Counter(step for _, step in {(number, step) for number, _, step in found})
    return {(number, line) for number, line, step in found if steps[step] > 1 or len(pages) == 1}


def _is_running(line: TextLine, page: Laid, running: set[str], is_edge: bool) -> bool:
    """Whether a line belongs to the paper, not to the report."""
    if not _in_margin(line, page):
        return False
    if _shape(line) in running:
        return True
    if _BARE.fullmatch(line.text):
        return False
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
