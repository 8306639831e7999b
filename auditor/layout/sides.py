"""Cells of a table that is printed in halves side by side, as income and expenditure are, or with
numbers of lines beside its labels, in; one half under the other, without those numbers, out.

Where no cells say which is which, the rows are put in the order in which they are printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from auditor.layout.labels import LabelMatch
from auditor.model.form import Form, Table
from auditor.model.source import Cell, Extract, Grid, Paragraph
from auditor.source_text import Folding, normalize

_FEWEST = 2
"""Labels of a side in one column of cells, from which on that is where the side begins."""


def stacked(extract: Extract, form: Form, folding: Folding) -> Extract:
    """The extract with the sides of each table one under the other, and without the columns that
    are skipped; as far as they are in cells."""
    tables = [table for table in form.tables if table.sides]
    skipped = {_core(each, folding) for table in form.tables for each in table.skipped}
    if not tables and not skipped:
        return extract
    headings = {
        _core(wording, folding)
        for table in form.tables
        for column in table.columns
        if table.skipped
        for wording in (column.label, *column.aliases)
    }
    captions = {_core(each, folding) for table in form.tables for each in table.captions}
    blocks: list[Paragraph | Grid] = []
    width, columns = 0, frozenset[int]()
    for block in extract.blocks:
        if not isinstance(block, Grid):
            blocks.append(block)
            continue
        heads, before = _heads(block, skipped, folding), width
        width = max((cell.column for row in block.rows for cell in row), default=0)
        if heads or width != before:
            columns = frozenset(heads)
        elif columns and not any(
            _core(cell.text, folding) in headings for row in block.rows for cell in row
        ):  # the next page of a table, without its headings
            heads = dict.fromkeys(columns, -1)
        whole = _without_columns(block, heads)
        cuts = _cuts(block, tables, folding)
        for half in _halves(whole, cuts) if cuts else (whole,):
            blocks.append(_without_numbers(half, captions, folding))
    return replace(extract, blocks=tuple(blocks))


def _heads(grid: Grid, skipped: Collection[str], folding: Folding) -> dict[int, int]:
    """The columns with one of these headings, and the row in which it stands."""
    heads: dict[int, int] = {}
    for at, row in enumerate(grid.rows):
        for cell in row:
            if _core(cell.text, folding) in skipped:
                heads.setdefault(cell.column, at)
    return heads


def _without_columns(grid: Grid, heads: Mapping[int, int]) -> Grid:
    """The grid without the columns whose headings stand in these rows; what stands above, such as
    the unit of all figures, is no part of them. Where headings stand over labels, cells have lost
    their columns, and all of them stay."""
    lettered = {
        cell.column
        for at, row in enumerate(grid.rows)
        for cell in row
        if at > heads.get(cell.column, len(grid.rows)) and any(map(str.isalpha, cell.text))
    }
    columns = heads.keys() - lettered
    if not columns:
        return grid
    rows = (
        tuple(cell for cell in row if cell.colspan > 1 or cell.column not in columns)
        for row in grid.rows
    )
    return replace(grid, rows=tuple(row for row in rows if row))


def _without_numbers(grid: Grid, captions: Collection[str], folding: Folding) -> Grid:
    """The grid without the rows that number its columns, behind a caption of the form."""

    def numbers_columns(row: Sequence[Cell]) -> bool:
        cores = [core for cell in row if (core := _core(cell.text, folding))]
        numbers = [int(core) for core in cores[1:] if core.isdecimal()]
        return (
            len(cores) > 1
            and cores[0] in captions
            and len(numbers) == len(cores) - 1
            and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        )

    return replace(grid, rows=tuple(row for row in grid.rows if not numbers_columns(row)))


def _cuts(grid: Grid, tables: Sequence[Table], folding: Folding) -> tuple[int, ...]:
    """The columns in which the sides of a table begin in a grid; none where they do not."""
    texts = [(normalize(folding.fold(cell.text)), cell.column) for row in grid.rows for cell in row]
    for table in tables:
        starts: list[int] = []
        for side in table.sides:
            own = {_core(row.label, folding) for row in table.rows_of(side)}
            others = {
                _core(row.label, folding) for row in table.rows if row not in table.rows_of(side)
            }
            columns = Counter(column for core, column in texts if core in own - others)
            column, count = next(iter(columns.most_common(1)), (-1, 0))
            if count >= _FEWEST:
                starts.append(column)
        if len(starts) == len(table.sides) and starts == sorted(set(starts)):
            return tuple(starts)
    return ()


def _core(label: str, folding: Folding) -> str:
    return normalize(folding.fold(label))


def _halves(grid: Grid, starts: Sequence[int]) -> Iterator[Grid]:
    for start, end in zip((0, *starts[1:]), (*starts[1:], None), strict=True):
        rows = (
            tuple(
                cell for cell in row if start <= cell.column and (end is None or cell.column < end)
            )
            for row in grid.rows
        )
        yield replace(grid, rows=tuple(row for row in rows if row))


def in_printed_order(table: Table, labels: Sequence[LabelMatch]) -> Table:
    """The table with the rows of its sides in the order in which their labels are printed."""
    if not table.sides:
        return table
    places: dict[str, list[int]] = {}
    for label in labels:
        for sense in label.rows(table.key):
            places.setdefault(sense.key, []).append(label.start)
    sides = [list(table.rows_of(side)) for side in table.sides]
    rows = [row for row in table.rows if all(row not in side for side in sides)]
    last = -1
    while any(sides):
        heads = [side for side in sides if side]
        places_of_heads = [
            (next((at for at in places.get(side[0].key, ()) if at > last), -1), number)
            for number, side in enumerate(heads)
        ]
        at, number = min(places_of_heads)
        rows.append(heads[number].pop(0))
        last = max(last, at)
    return replace(table, rows=tuple(rows))
