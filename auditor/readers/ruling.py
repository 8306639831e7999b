"""Cells with their spans in, a ruled grid out: what HTML, word processors and sheets share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.model.noun import noun
from auditor.model.source import Cell, Grid, Origin
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.misfits import without_brackets, without_surplus

MOST_COLUMNS = 1_000
"""As browsers cap `colspan`."""
_ENUMERATED = re.compile(
    r"\s*[(\uff08\u7b2c]?\s*"
    r"[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3}\s*"
    r"[)\uff09\u3001.\uff0e\u7ae0\u8282\u90e8]"
)
"""How headings of Chinese official papers begin: a Chinese number and a mark, chapter or part."""
_LONGEST_HEADING = 50
_SHOWN_OF_HEADING = 30


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
    lines: tuple[str, ...] = ()
    """Its text line by line, where it has more than one."""


class Ruler:
    """Rules the tables of one document and counts their boxes."""

    def __init__(self, name: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self.limits = limits
        self.tables = 0
        self.boxes = 0
        self._heading = ""

    def under(self, paragraph: str, is_heading: bool = False) -> None:
        """Note a paragraph: where it is a heading, the tables after it are told by it."""
        said = " ".join(paragraph.split())
        is_short = 0 < len(said) <= _LONGEST_HEADING and "\u3002" not in said
        if is_short and (is_heading or _ENUMERATED.match(said)):
            cut = len(said) > _SHOWN_OF_HEADING
            self._heading = said[:_SHOWN_OF_HEADING] + ("\u2026" if cut else "") + ", "

    def grid(
        self, rows: Sequence[Sequence[Spanned]], line: int | None = None, is_ruled: bool = True
    ) -> Grid:
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
        kept = without_brackets(without_surplus(ruled)) if is_ruled else tuple(ruled)
        return Grid(kept, Origin(line=line, selector=self._table), is_ruled)

    def expect(self, cells: int) -> None:
        """Raises `InputError` for more cells than are read, before any time goes into them."""
        if cells > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)

    def _origin(self, row: int, column: int, line: int | None) -> Origin:
        return Origin(line=line, selector=f"{self._table}, row {row + 1}, column {column + 1}")

    @property
    def _table(self) -> str:
        return f"{self._heading}table {self.tables}"

    def _count(self, boxes: int) -> None:
        self.boxes += boxes
        if self.boxes > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)
