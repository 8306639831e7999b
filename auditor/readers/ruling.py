"""Cells with their spans in, a ruled grid out: what HTML, word processors and sheets share."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model.noun import noun
from auditor.model.source import Cell, Grid, Origin
from auditor.readers.limits import DEFAULT, Limits

MOST_COLUMNS = 1_000
"""As browsers cap `colspan`."""


@noun
class Spanned:
    """A cell before its column is known."""

    text: str
    rowspan: int = 1
    """0 reaches to the last row."""
    colspan: int = 1
    line: int | None = None
    before: int = 0
    """Columns left out in front of it."""


class Ruler:
    """Rules the tables of one document and counts their boxes."""

    def __init__(self, name: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self.limits = limits
        self.tables = 0
        self.boxes = 0

    def grid(self, rows: Sequence[Sequence[Spanned]], line: int | None = None) -> Grid:
        """The grid with every cell at its first row and real column. Raises `InputError`."""
        self.tables += 1
        covered: dict[int, int] = {}  # column → rows below that a cell above still covers
        ruled: list[tuple[Cell, ...]] = []
        for number, spanned in enumerate(rows):
            cells: list[Cell] = []
            column = 0
            below = {at: left - 1 for at, left in covered.items() if left > 1}
            for cell in spanned:
                column += min(max(cell.before, 0), MOST_COLUMNS)
                while column in covered:
                    column += 1
                colspan = min(max(cell.colspan, 1), MOST_COLUMNS)
                rest = len(rows) - number
                rowspan = rest if cell.rowspan == 0 else min(max(cell.rowspan, 1), rest)
                self._count(colspan)
                cells.append(
                    Cell(
                        cell.text,
                        number,
                        column,
                        self._origin(number, column, cell.line),
                        rowspan,
                        colspan,
                    )
                )
                if rowspan > 1:
                    below.update(dict.fromkeys(range(column, column + colspan), rowspan - 1))
                column += colspan
            self._count(len(covered))
            covered = below
            ruled.append(tuple(cells))
        return Grid(tuple(ruled), Origin(line=line, selector=f"table {self.tables}"), ruled=True)

    def expect(self, cells: int) -> None:
        """Raises `InputError` for more cells than are read, before any time goes into them."""
        if cells > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)

    def _origin(self, row: int, column: int, line: int | None) -> Origin:
        where = f"table {self.tables}, row {row + 1}, column {column + 1}"
        return Origin(line=line, selector=where)

    def _count(self, boxes: int) -> None:
        self.boxes += boxes
        if self.boxes > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)
