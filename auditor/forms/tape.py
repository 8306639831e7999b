"""Extract in, Tape out: all text in reading order, as one string that knows where it stood."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import compress

from msgspec import Struct

from auditor.forms.folding import Folding
from auditor.forms.pagemarks import without_page_marks
from auditor.model.source import Cell, Extract, Grid, Origin, Paragraph

LINE = "\n"
CELL = "\t"


class TextSpan(Struct, frozen=True):
    """One paragraph or cell on the tape."""

    start: int
    raw: str
    origin: Origin
    row: int
    """Number of the printed line or grid row it stands in."""
    column: int
    """Count of cells before it on that row; 0 for paragraphs."""
    is_cell: bool
    recognised: bool = False
    rivals: tuple[str, ...] = ()
    """Folded; see `Cell.rivals`."""
    place: int | None = None
    """The column it stands in, where ruled lines say so."""


class Tape(Struct, frozen=True):
    """`text` is folded; `LINE` and `CELL` stand between units. `core` is `text` without blanks and
    punctuation, and `at[i]` is the place of its character i in `text`."""

    text: str
    units: tuple[TextSpan, ...]
    starts: tuple[int, ...]
    core: str
    at: tuple[int, ...]

    def unit_at(self, position: int) -> TextSpan:
        """The unit in which a character stands."""
        return self.units[bisect_right(self.starts, position) - 1]

    def row_start(self, position: int) -> int:
        """Where the printed line or grid row of a character begins."""
        place = bisect_right(self.starts, position) - 1
        row = self.units[place].row
        while place and self.units[place - 1].row == row:
            place -= 1
        return self.units[place].start

    def beside(self, unit: TextSpan) -> Iterator[str]:
        """The folded text of the other cells on a cell's row."""
        place = bisect_right(self.starts, unit.start) - 1
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(self.units) and self.units[at].row == unit.row:
                other = self.units[at]
                yield self.text[other.start : other.start + len(other.raw)]
                at += step

    def origin(self, start: int, end: int) -> Origin:
        """Where the characters `start`..`end` stood, by their first line."""
        unit = self.unit_at(start)
        first = start - unit.start
        last = min(end - unit.start, len(unit.raw))
        if unit.origin.line is None or unit.origin.columns is None:
            return unit.origin
        lead = len(unit.raw) - len(unit.raw.lstrip())
        base = unit.origin.columns[0] - lead
        columns = (base + first, base + last - 1)
        whole = unit.origin
        return Origin(whole.page, whole.line, columns, whole.bbox, whole.selector)

    def raw(self, start: int, end: int) -> str:
        """What was printed at `start`..`end`, within one unit."""
        unit = self.unit_at(start)
        return unit.raw[start - unit.start : end - unit.start]


def lay(extract: Extract, folding: Folding) -> Tape:
    """The tape of an extract. Line breaks inside a cell or paragraph become blanks."""
    blocks = list(_placed(extract))
    whole = folding.fold("".join([block.text for block, *_ in blocks]))
    whole = whole.replace(LINE, " ").replace(CELL, " ")
    units: list[TextSpan] = []
    parts: list[str] = []
    position = taken = 0
    for block, row, column, is_ruled in blocks:
        raw, is_cell = block.text, isinstance(block, Cell)
        said = block.rivals if isinstance(block, Cell) else ()
        if units:
            parts.append(CELL if column else LINE)
            position += 1
        units.append(
            TextSpan(
                position,
                raw,
                block.origin,
                row,
                column,
                is_cell,
                block.recognised,
                tuple(map(folding.fold, said)) if said else (),
                block.column if is_ruled and isinstance(block, Cell) else None,
            )
        )
        parts.append(whole[taken : taken + len(raw)])
        taken += len(raw)
        position += len(raw)
    text = without_page_marks("".join(parts))
    in_core = list(map(str.isalnum, text))
    core, at = "".join(compress(text, in_core)), tuple(compress(range(len(text)), in_core))
    return Tape(text, tuple(units), tuple([unit.start for unit in units]), core, at)


def _placed(extract: Extract) -> Iterator[tuple[Cell | Paragraph, int, int, bool]]:
    """Every cell and paragraph with its row and column, as `TextSpan` has them, and whether
    lines rule it in."""
    row = 0
    for block in extract.blocks:
        if isinstance(block, Grid):
            for cells in block.rows:
                for column, cell in enumerate(cells):
                    yield cell, row, column, block.ruled
                row += 1
        else:
            yield block, row, 0, False
            row += 1
