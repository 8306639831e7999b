"""Extract in, Tape out: all text in reading order, as one string that knows where it stood."""

from __future__ import annotations

from bisect import bisect_right

from auditor.forms.folding import Folding
from auditor.model.noun import noun
from auditor.model.source import Cell, Extract, Grid, Origin, Paragraph

LINE = "\n"
CELL = "\t"


@noun
class Unit:
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


@noun
class Tape:
    """`text` is folded; `LINE` and `CELL` stand between units. `core` is `text` without blanks and
    punctuation, and `at[i]` is the place of its character i in `text`."""

    text: str
    units: tuple[Unit, ...]
    starts: tuple[int, ...]
    core: str
    at: tuple[int, ...]

    def unit_at(self, position: int) -> Unit:
        """The unit in which a character stands."""
        return self.units[bisect_right(self.starts, position) - 1]

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
    units: list[Unit] = []
    parts: list[str] = []
    position = 0
    row = 0

    def add(block: Cell | Paragraph, column: int) -> None:
        nonlocal position
        raw = block.text
        folded = folding.fold(raw)
        if LINE in folded or CELL in folded:
            folded = folded.replace(LINE, " ").replace(CELL, " ")
        separator = "" if not parts else CELL if column else LINE
        parts.append(separator + folded)
        position += len(separator)
        is_cell = isinstance(block, Cell)
        said = block.rivals if isinstance(block, Cell) else ()
        rivals = tuple(folding.fold(rival) for rival in said)
        units.append(
            Unit(position, raw, block.origin, row, column, is_cell, block.recognised, rivals)
        )
        position += len(folded)

    for block in extract.blocks:
        if isinstance(block, Grid):
            for cells in block.rows:
                for index, cell in enumerate(cells):
                    add(cell, index)
                row += 1
        else:
            add(block, 0)
            row += 1
    text = "".join(parts)
    at = tuple(index for index, char in enumerate(text) if char.isalnum())
    core = "".join([text[index] for index in at])
    return Tape(text, tuple(units), tuple(unit.start for unit in units), core, at)
