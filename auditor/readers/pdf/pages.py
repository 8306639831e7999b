"""The content of each page in; grids and paragraphs in reading order out.

Characters go into the tables that edges draw, the others into lines and aligned rows. Heads, feet
and page numbers are left out, and rows that the end of a page tears in two are made whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from auditor.model.source import UNREAD, Cell, Grid, Origin, Paragraph
from auditor.readers.grid import Row, is_numbered
from auditor.readers.pdf.content import (
    Box,
    Char,
    Edge,
    PageContent,
    TextLine,
    cell_text,
    figures_wrap,
    text_lines,
)
from auditor.readers.pdf.tables import AlignedRow, Lattice, LooseLine, aligned, lattices

Block = Paragraph | Grid
_MARGIN = 0.12
"""Share of the page's height in which running heads and page numbers stand."""
_MIN_PAGES = 3
_NUMBER = re.compile(r"[-\u2014\u2013\u2500\u00b7\s]*\d{1,4}[-\u2014\u2013\u2500\u00b7\s]*")
_PAGE_OF = re.compile(r"\d{1,4}\s*[/\uff0f]\s*\d{1,4}")
_BARE = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_column = attrgetter("column")
_SAME_SIDE = 3.0
"""Points by which the sides of one column may differ from page to page."""
_FIGURE_SIGNS = frozenset("0123456789., ")
_MAX_HEADER_ROWS = 6
_MIDDLE = 0.2
"""Share of an em by which a line that strikes a digit may miss its middle."""
_OVER_SIDE = 0.1
"""Share of an em by which text may run over the side of its cell."""
_TOUCHES = 0.5
"""Share of an em from the side within which figures are doubted where others run over it."""
_ROOM = 1.2
"""Ems that a digit and what a cell keeps free at its sides may take."""
_NARROWEST = 6.0
"""Points: an empty last cell that is no wider is cut off by the side of a column or page; one
between others is what parts their frames."""
_MIN_LABEL = 4
"""Letters from which on a cell is a label."""
_MIN_NUMBERED = 3
"""Rows whose labels are numbered, for one that is not to be the rest of another's."""


class CellText(NamedTuple):
    """What a cell says; of one read from a picture also what it may say instead."""

    text: str
    recognised: bool = False
    alternatives: tuple[str, ...] = ()


# A named tuple's own constructor takes longer than the tuple.
_cell_text: Callable[[tuple[object, ...]], CellText] = partial(tuple.__new__, CellText)


class PageLayout(NamedTuple):
    """One page with its tables and the lines around them."""

    number: int
    height: float
    lines: Sequence[TextLine]
    grids: Sequence[tuple[float, Grid]]
    """Each table with its top."""
    recognised: bool = False
    """Read from a picture."""
    horizontal: Sequence[Edge] = ()
    """The horizontal edges of the page."""


def page_layout(
    number: int, content: PageContent, tables: Sequence[Lattice] | None = None
) -> PageLayout:
    """A page's characters put into lines and tables; its rules say which, where nothing else."""
    if tables is None:
        tables = lattices(content.horizontal, content.vertical)
    return PageLayout(
        number, content.height, *_page(number, content, tables), horizontal=content.horizontal
    )


def blocks_of(pages: Sequence[PageLayout]) -> list[Block]:
    """All pages' blocks, each page from top to bottom, without heads, feet and page numbers."""
    running = _running(pages)
    numbers = _numbers(pages)
    placed: dict[int, list[tuple[float, Block]]] = {page.number: [*page.grids] for page in pages}
    loose: list[LooseLine] = []
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
                loose.append(LooseLine(page.number, line, _rules_around(line, page)))
    rows = aligned(loose)
    for index, (number, line, _) in enumerate(loose):
        if index not in rows:
            placed[number].append((line.bbox[1], _paragraph(number, line)))
        elif (row := rows[index]) is not None:
            placed[number].append((line.bbox[1], _row(number, line, row)))
    found: list[Block] = []
    for blocks in placed.values():
        found += [block for _, block in sorted(blocks, key=lambda item: item[0])]
    return _with_wraps_settled(join_torn_rows(found))


def _with_wraps_settled(blocks: list[Block]) -> list[Block]:
    """The blocks, the figures that are wrapped in their cells without a doubt, unless a cell of the
    document surely has several: as last year's stand below this year's."""
    grids = [block for block in blocks if isinstance(block, Grid)]
    cells = [cell for grid in grids for row in grid.rows for cell in row]
    has_wraps = any(cell.alternatives and not cell.recognised for cell in cells)
    if not has_wraps or any(map(_has_several, cells)):
        return blocks

    def settled(cell: Cell) -> Cell:
        return cell if cell.recognised or not cell.alternatives else replace(cell, alternatives=())

    return [
        replace(block, rows=tuple(tuple(map(settled, row)) for row in block.rows))
        if isinstance(block, Grid)
        else block
        for block in blocks
    ]


def _has_several(cell: Cell) -> bool:
    """Whether a cell surely holds several figures."""
    letters = sum(map(str.isalpha, cell.text))
    return letters < _MIN_LABEL and len(_FIGURES.findall(cell.text)) > 1


def _rules_around(line: TextLine, page: PageLayout) -> tuple[float, float] | None:
    """The horizontal rules right above and below the end of a line."""
    ats = [rule.at for rule in page.horizontal if rule.start - 1 < line.x1 < rule.end + 1]
    above = max((at for at in ats if at < line.cy), default=None)
    below = min((at for at in ats if at >= line.cy), default=None)
    return None if above is None or below is None else (round(above), round(below))


def _paragraph(number: int, line: TextLine, recognised: bool = False) -> Paragraph:
    return Paragraph(line.text, Origin(page=number, bbox=rounded(line.bbox)), recognised)


def _row(number: int, line: TextLine, found: AlignedRow) -> Grid:
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
    number: int, content: PageContent, tables: Sequence[Lattice]
) -> tuple[list[TextLine], list[tuple[float, Grid]]]:
    """The lines outside tables, and the tables with their tops."""
    inside: list[dict[int, list[Char]]] = [{} for _ in tables]
    outside: list[Char] = []
    placed_chars = list(zip(tables, inside, strict=True))
    for char in content.chars:
        for table, texts in placed_chars:
            region = table.at(char.cx, char.cy)
            if region >= 0:
                texts.setdefault(region, []).append(char)
                break
        else:
            outside.append(char)
    grids = []
    for table, texts in placed_chars:
        if texts:
            grid = grid_of(number, table, _texts(table, texts, content), rounded)
            grids.append((table.ys[0], grid))
    return text_lines(outside), grids


def _texts(table: Lattice, chars: dict[int, list[Char]], content: PageContent) -> list[CellText]:
    """What stands in each region of a page's table, given the characters in it."""
    lines = [text_lines(chars[at]) if at in chars else [] for at in range(len(table.regions))]
    wrapping = _wrapping(table, lines) if any(len(inside) > 1 for inside in lines) else {}
    found: list[CellText] = []
    for (row, _, rowspan, _, box), inside in zip(table.regions, lines, strict=True):
        if len(inside) > 1:
            text = cell_text(inside, box[2] - box[0], wrapping[row, rowspan])
        else:
            text = inside[0].text if inside else ""
        found.append(_cell_text((text, False, ())))
    for at, inside in enumerate(lines if wrapping else ()):
        parts = [line.text for line in inside]
        if len(parts) > 1 and found[at].text == "".join(parts) and found[at].text.isdecimal():
            found[at] = CellText(found[at].text, alternatives=tuple(parts))
    for at, region in enumerate(table.regions):
        is_cut = table.xs[-1] - region.box[0] < _NARROWEST
        if (is_cut or at in table.open_regions) and not found[at].text:
            found[at] = CellText(UNREAD)
    placed = [(at, line) for at, inside in enumerate(lines) for line in inside]
    boxes = [region.box for region in table.regions]
    is_overrun = any(
        line.text.isdecimal() and _runs_over(line, boxes[at], _OVER_SIDE) for at, line in placed
    )
    for at, line in placed:
        if _runs_over(line, boxes[at], -_TOUCHES if is_overrun else _OVER_SIDE) or (
            content.is_cut_off and _fills(line, boxes[at])
        ):
            found[at] = CellText(_DIGITS.sub(UNREAD, found[at].text))
    struck = [edge for edge in content.horizontal if _is_within(edge, table)]
    for at, inside_region in chars.items():
        if any(_strikes(edge, char) for edge in struck for char in inside_region):
            found[at] = CellText(UNREAD)
    return found


def _runs_over(line: TextLine, box: Box, share: float) -> bool:
    """Whether a line that ends or begins with a digit runs over that side of its cell by a share
    of an em: where the figure goes on it is cut off, or printed on what is beside it."""
    left, _, right, _ = box
    most = share * line.em
    return not line.turn and (
        (line.x1 > right + most and _is_digit(line.text[-1]))
        or (line.x0 < left - most and _is_digit(line.text[0]))
    )


def _fills(line: TextLine, box: Box) -> bool:
    """Whether a line that ends with a digit leaves no room for another in its cell."""
    return _is_digit(line.text[-1]) and box[2] - box[0] - (line.x1 - line.x0) < _ROOM * line.em


def _is_digit(char: str) -> bool:
    return char.isdecimal() or char == UNREAD


def _is_within(edge: Edge, table: Lattice) -> bool:
    """Whether an edge lies in a table and is none of its rules, which reach over a column; one that
    begins beside a rule looks as if it parted rows."""
    if not table.ys[0] < edge.at < table.ys[-1] or edge.end - edge.start < _SAME_SIDE:
        return False
    xs = table.xs
    first = bisect_left(xs, edge.start - 1)
    return first == len(xs) - 1 or edge.end < xs[min(first + 1, len(xs) - 1)] - 1


def _strikes(edge: Edge, char: Char) -> bool:
    """Whether a line goes through the middle of a digit, as through what a reviser deleted."""
    return (
        char.text.isdecimal()
        and abs(char.cy - edge.at) < _MIDDLE * char.em
        and edge.start <= char.cx <= edge.end
    )


def grid_of(
    number: int, table: Lattice, cells: Iterable[CellText], placed: Callable[[Box], Box]
) -> Grid:
    """The grid of a page's table, given what each region says and where a box stood on the page."""
    rows: list[list[Cell]] = [[] for _ in table.owner]
    for region, (text, recognised, alternatives) in zip(table.regions, cells, strict=True):
        row, column, rowspan, colspan, box = region
        origin = Origin(page=number, bbox=placed(box))
        cell = Cell(text, row, column, origin, rowspan, colspan, recognised, alternatives)
        rows[row].append(cell)
    outline = placed((table.xs[0], table.ys[0], table.xs[-1], table.ys[-1]))
    return Grid(
        tuple(tuple(sorted(row, key=_column)) for row in rows if row),
        Origin(page=number, bbox=outline),
        ruled=True,
    )


def _wrapping(table: Lattice, lines: Sequence[list[TextLine]]) -> dict[tuple[int, int], bool]:
    """Whether figures wrap in the cells beside each other, by their row and how many they span."""
    beside: dict[tuple[int, int], list[tuple[list[TextLine], float]]] = {}
    for region, inside in zip(table.regions, lines, strict=True):
        width = region.box[2] - region.box[0]
        beside.setdefault((region.row, region.rowspan), []).append((inside, width))
    return {place: figures_wrap(cells) for place, cells in beside.items()}


def _in_margin(line: TextLine, page: PageLayout) -> bool:
    return not _MARGIN * page.height < line.cy < (1 - _MARGIN) * page.height


def _running(pages: Sequence[PageLayout]) -> set[str]:
    """What stands in the margin of most pages, but for its digits."""
    if len(pages) < _MIN_PAGES:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_digitless(line) for line in page.lines if _in_margin(line, page)})
    return {
        shape
        for shape, count in counts.items()
        if count * 2 > len(pages) and any(char.isalpha() for char in shape)
    }


def _numbers(pages: Sequence[PageLayout]) -> set[tuple[int, TextLine]]:
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


def _is_running(line: TextLine, page: PageLayout, running: set[str], is_edge: bool) -> bool:
    """Whether a line belongs to the paper, not to the report."""
    if not _in_margin(line, page):
        return False
    if _digitless(line) in running:
        return True
    if _BARE.fullmatch(line.text):
        return False
    return is_edge and bool(_NUMBER.fullmatch(line.text) or _PAGE_OF.fullmatch(line.text))


def _height(line: TextLine) -> float:
    return line.cy


def _digitless(line: TextLine) -> str:
    return _DIGITS.sub("#", line.text.replace(" ", ""))


def rounded(box: Box) -> Box:
    """A box to the tenth of a point."""
    x0, top, x1, bottom = box
    return round(x0, 1), round(top, 1), round(x1, 1), round(bottom, 1)


def listed(numbers: Sequence[int]) -> str:
    """Page numbers with runs drawn together."""
    runs = groupby(enumerate(numbers), lambda each: each[1] - each[0])
    found = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)


class _TornRow(NamedTuple):
    """Both parts of a torn row, cell by cell; a cell that only one page has stands alone."""

    pairs: list[tuple[Cell | None, Cell | None]]
    is_label_above: bool


def join_torn_rows(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each torn row whole, where its label is.

    Word processors and browsers let a row go on over the page's end: of some cells all is above, of
    others all is below, and a figure that wraps may stand on both pages. A row is torn where one of
    its parts has no label, or where the label below goes on with the one above: every other is
    numbered. Of two rows that have labels of their own nothing is joined."""
    found: list[Block] = []
    first: Grid | None = None
    """The part of the table above that may have its header."""
    for block in blocks:
        above = found[-1] if found else None
        if not isinstance(block, Grid):
            found.append(block)
            continue
        if not (isinstance(above, Grid) and _follows(above, block)):
            first = block
            found.append(block)
            continue
        header = _repeated(first or above, block)
        parts = _parts(above, block, header)
        if parts is not None:
            upper, lower = _merged_rows(above, block, header, parts)
            found[-1:] = [upper] if upper.rows else []
            block = lower
        if block.rows:
            found.append(block)
    return found


def _follows(above: Grid, below: Grid) -> bool:
    last, first = above.origin.page, below.origin.page
    return last is not None and first == last + 1


def _repeated(first: Grid, below: Grid) -> int:
    """How many rows at the top of a page print the table's header again."""
    count = 0
    for one, other in zip(first.rows, below.rows[:_MAX_HEADER_ROWS], strict=False):
        if [cell.text for cell in one] != [cell.text for cell in other]:
            break
        if any(_is_figure(cell) for cell in one):
            break
        count += 1
    return count if count < len(below.rows) else 0


def _parts(above: Grid, below: Grid, header: int) -> _TornRow | None:
    """The last row above and the first below as parts of one row; None when they are two rows."""
    upper, lower = above.rows[-1], below.rows[header]
    edge = min(_first_figure(above), _first_figure(below))
    over, under = _is_labelled(upper, edge), _is_labelled(lower, edge)
    if over is None and under is None:
        # A table without labels: figures under figures are figures torn in two.
        if not all(_is_figure(cell) for cell in (*upper, *lower) if cell.text):
            return None
        over = True
    elif over is None:
        over = True
    is_amid = _is_torn_amid_figures(upper, lower)
    label_continues = bool(over and under) and (
        is_amid or _label_continues(above, below, header, edge)
    )
    if over == under and not label_continues:
        return None
    pairs: list[tuple[Cell | None, Cell | None]] = []
    rest = list(lower)
    for cell in upper:
        other = next((one for one in rest if _same_column(cell, one)), None)
        if other is not None:
            rest.remove(other)
        pairs.append((cell, other))
    pairs += [(None, cell) for cell in rest]
    if not any(bool(one and one.text) and _left(one) >= edge for pair in pairs for one in pair):
        return None
    if label_continues and not (is_amid or _completes_row(pairs, edge)):
        return None
    labels = (_row_label(upper, edge), _row_label(lower, edge))
    for one, other in pairs:
        alone = one or other
        if label_continues and (one, other) == labels:
            continue
        if one and other and one.text and other.text:
            # Labels of groups are torn as well, by no fault of the row's.
            is_group = _left(one) < edge - _SAME_SIDE
            if not is_group and not (_is_figure(one) and _is_figure(other)):
                return None
        elif None in (one, other) and alone and alone.text and _left(alone) >= edge:
            return None
    return _TornRow(pairs, bool(over))


def _label_continues(above: Grid, below: Grid, header: int, edge: float) -> bool:
    """Whether the first label below is the rest of the last one above: no number begins it, as one
    begins every other."""
    lower = below.rows[header]
    rows = (row for row in (*above.rows, *below.rows[header:]) if row is not lower)
    labels = [_row_label(row, edge) for row in rows if any(map(_is_figure, row))]
    texts = [label.text for label in labels if label is not None and label.text]
    rest = _row_label(lower, edge)
    return (
        len(texts) >= _MIN_NUMBERED
        and rest is not None
        and all(map(is_numbered, texts))
        and not is_numbered(rest.text)
    )


def _is_torn_amid_figures(upper: Row, lower: Row) -> bool:
    """Whether a figure ends at the mark between its thousands, or begins with it."""
    return any(cell.text.endswith(",") for cell in upper if _is_figure(cell)) or any(
        cell.text.startswith(",") for cell in lower if _is_figure(cell)
    )


def _completes_row(pairs: Sequence[tuple[Cell | None, Cell | None]], edge: float) -> bool:
    """Whether one row's figures would be whole: some stand on one page alone, and all those that
    the page below has go on with figures above, or none does."""
    figures = [(one, other) for one, other in pairs if one and other and _left(one) >= edge]
    alone = [bool(one.text) for one, other in figures if bool(one.text) != bool(other.text)]
    return bool(alone) and (all(alone) or not any(alone))


def _merged_alternatives(parts: Sequence[Cell]) -> tuple[str, ...]:
    """What a cell of those parts may also say: put together from doubtful ones, anything."""
    if len(parts) == 1:
        return parts[0].alternatives
    return (UNREAD,) if any(part.alternatives for part in parts) else ()


def _merged_rows(above: Grid, below: Grid, header: int, parts: _TornRow) -> tuple[Grid, Grid]:
    """Both pages' grids with the whole row in one of them."""
    # Where one part has a figure and the other none, there is one row, and one figure in each cell.
    is_one = any(
        one and other and _is_figure(one) != _is_figure(other) and not (one.text and other.text)
        for one, other in parts.pairs
    ) or _is_torn_amid_figures(above.rows[-1], below.rows[header])
    merged: list[Cell] = []
    unmatched: list[Cell] = []
    for one, other in parts.pairs:
        target, other_part = (one, other) if parts.is_label_above else (other, one)
        if target is None:
            if other_part is not None and other_part.text:
                unmatched.append(other_part)
            continue
        texts = [cell.text for cell in (one, other) if cell is not None and cell.text]
        source = other_part if other_part and other_part.text and not target.text else target
        is_figure = all(char in _FIGURE_SIGNS for text in texts for char in text)
        text = (" " if is_figure else "").join(dict.fromkeys(texts) if not is_figure else texts)
        doubt = _merged_alternatives([each for each in (one, other) if each and each.text])
        if is_one and is_figure and " " in text:
            text, doubt = text.replace(" ", ""), doubt or tuple(texts)
        merged.append(
            replace(
                target,
                text=text,
                origin=source.origin,
                recognised=any(cell.recognised for cell in (one, other) if cell is not None),
                alternatives=doubt,
            )
        )
    if parts.is_label_above:
        upper = replace(above, rows=(*above.rows[:-1], tuple(merged)))
        rows = below.rows[header + 1 :]
        if unmatched:
            rows = ((*unmatched, *rows[0]), *rows[1:]) if rows else (tuple(unmatched),)
        # A repeated header with nothing under it is no table.
        return upper, replace(below, rows=(*below.rows[:header], *rows) if rows else ())
    lower = (*below.rows[:header], (*unmatched, *merged), *below.rows[header + 1 :])
    return replace(above, rows=above.rows[:-1]), replace(below, rows=lower)


def _first_figure(grid: Grid) -> float:
    """The left side of the leftmost column with figures alone."""
    found = [_left(cell) for row in grid.rows for cell in row if _is_figure(cell)]
    return min(found, default=float("inf"))


def _is_labelled(row: Row, edge: float) -> bool | None:
    """Whether the last cell in front of the figures has words; None where there is no such cell."""
    label = _row_label(row, edge)
    return None if label is None else bool(label.text)


def _row_label(row: Row, edge: float) -> Cell | None:
    """The last cell in front of the figures."""
    return next((cell for cell in reversed(row) if _left(cell) < edge - _SAME_SIDE), None)


def _is_figure(cell: Cell) -> bool:
    return bool(cell.text) and set(cell.text) <= _FIGURE_SIGNS


def _left(cell: Cell | None) -> float:
    return cell.origin.bbox[0] if cell is not None and cell.origin.bbox else 0.0


def _same_column(one: Cell, other: Cell) -> bool:
    a, b = one.origin.bbox, other.origin.bbox
    return a is not None and b is not None and all(abs(a[i] - b[i]) < _SAME_SIDE for i in (0, 2))
