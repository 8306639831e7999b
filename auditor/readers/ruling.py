"""Cells with their spans in, a ruled grid out: what HTML, word processors and sheets share."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import InputError
from auditor.model.noun import noun
from auditor.model.source import Cell, Grid, Origin

MOST_BOXES = 200_000
"""Boxes of a document's tables, covered ones included; a report has about three hundred."""
MOST_COLUMNS = 1_000
"""As browsers cap `colspan`."""
LONGEST_HEADING = 40
_SENTENCE_ENDS = ("\u3002", "\uff1b", "\uff0c", "\uff01", "\uff1f")
"""Full stop, semicolon, comma and the like: a heading ends with none."""


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

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables = 0
        self.boxes = 0
        self._heading = ""

    def pass_by(self, paragraph: str) -> None:
        """Remember a paragraph that may be the heading of the next table."""
        if len(paragraph) <= LONGEST_HEADING and not paragraph.rstrip().endswith(_SENTENCE_ENDS):
            self._heading = paragraph.strip()

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
        return Grid(tuple(ruled), Origin(line=line, selector=self._table), ruled=True)

    @property
    def _table(self) -> str:
        under = f"{self._heading}, " if self._heading else ""
        return f"{under}table {self.tables}"

    def _origin(self, row: int, column: int, line: int | None) -> Origin:
        where = f"{self._table}, row {row + 1}, column {column + 1}"
        return Origin(line=line, selector=where)

    def _count(self, boxes: int) -> None:
        self.boxes += boxes
        if self.boxes > MOST_BOXES:
            raise too_large(self.name, f"its tables have more than {MOST_BOXES:,} cells")


def too_large(name: str, what: str) -> InputError:
    """The error for a document beyond a limit."""
    return InputError(
        "too-large",
        f"this document is not read: {what}",
        place=name,
        hint="give each report as a file of its own",
    )
