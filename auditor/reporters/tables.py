"""A form's tables as they are printed: which labels and boxes stand where, and what is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from auditor.model.check import Filled, Linear, Ratio
from auditor.model.finding import Corrections, Finding, Grade
from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import Below, Blank, Illegible, Missing, Number, Report

_MARKED_AT_MOST = 6
"""A sum of so few cells, none of which stands out, has them all marked."""


def shown(report: Report, address: Address) -> str:
    """A box as it stands: `?` illegible, `·` missing, a blank as its printed mark."""
    entry = report.entries.get(address)
    if entry is None:
        return ""
    match entry.value:
        case Number() as number:
            return number.plain
        case Blank():
            return (entry.raw or "").strip()
        case Below(readings=readings):
            return readings[0]
        case Illegible():
            return "?"
        case Missing():
            return "·"


def rows_in(table: Table, report: Report) -> list[Line]:
    """The rows of a table that this copy has."""
    return [row for row in table.rows if any(b in report.entries for b in table.addresses(row))]


def corrected_rows(found: Corrections, table: Table) -> list[Line]:
    """The rows of a table in which corrections would change a cell."""
    keys = {box.row for box in grades_of(found) if box.table == table.key}
    return [row for row in table.rows if row.key in keys]


def grades_of(found: Corrections) -> dict[Address, Grade]:
    """How sure the change of each cell is."""
    return {
        edit.address: repair.suggestion.grade
        for repair in found.repairs
        for edit in repair.suggestion.edits
    }


# Cells that a finding is about.


def at_fault(finding: Finding) -> frozenset[Address]:
    """The cells to be changed, else the one at issue, else all of a short sum."""
    if len(finding.suggestions) == 1:
        return frozenset(edit.address for edit in finding.suggestions[0].edits)
    if finding.primary is not None:
        return frozenset((finding.primary,))
    if len(finding.addresses) <= _MARKED_AT_MOST:
        return frozenset(finding.addresses)
    return frozenset()


def blamed(finding: Finding) -> dict[Address, bool]:
    """Every cell that may be at fault, with whether it is at fault itself, not one of several."""
    offered = {edit.address for offer in finding.suggestions for edit in offer.edits}
    blank = {
        operand.ref.address
        for outcome in finding.outcomes
        for operand in outcome.operands
        if isinstance(outcome.check.predicate, Filled)
        and outcome.check.predicate.wanted
        and isinstance(operand.value, Blank)
    }
    cells = offered or at_fault(finding) | blank
    alone = len(finding.suggestions) == 1 or (not offered and len(cells) == 1)
    return {cell: alone or cell in blank for cell in cells}


class Excerpt(Struct, frozen=True):
    """The part of one table that a finding speaks of."""

    table: Table
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    labels: tuple[str, ...]
    """Of each row, with the groups that it stands in."""
    left_out: int
    """Rows that the finding speaks of too, in which every cell concerned is zero or blank."""

    def boxes(self, row: Line) -> list[Address]:
        """The boxes of one of its rows."""
        return [Address(self.table.key, row.key, column.key) for column in self.columns]


def excerpts(finding: Finding, report: Report, form: Form) -> Iterator[Excerpt]:
    """What to show of each table in which the finding has a sum."""
    for table in form.tables:
        involved = {box for box in finding.addresses if box.table == table.key and box.row}
        if not any(_is_in_sum(finding, box) for box in involved):
            continue
        keys = {box.column for box in involved}
        columns = tuple(column for column in table.columns if column.key in keys)
        rows = [row for row in table.rows if any(box.row == row.key for box in involved)]
        listed = rows
        if len(rows) > 1:
            boxes = at_fault(finding) | {box for box in involved if _is_significant(report, box)}
            listed = [row for row in rows if not boxes.isdisjoint(table.addresses(row))]
        labels = tuple(table.name_of(row) for row in listed)
        yield Excerpt(table, columns, tuple(listed), labels, len(rows) - len(listed))


def _is_in_sum(finding: Finding, box: Address) -> bool:
    return any(
        isinstance(outcome.check.predicate, Linear | Ratio)
        and any(operand.ref.address == box for operand in outcome.operands)
        for outcome in finding.outcomes
    )


def _is_significant(report: Report, box: Address) -> bool:
    """Whether something stands there that is neither blank nor zero."""
    entry = report.entries.get(box)
    if entry is None or isinstance(entry.value, Blank):
        return False
    return not isinstance(entry.value, Number) or entry.value.value != 0


# Tables laid out.


class Box(Struct, frozen=True):
    """A rectangle of a printed table; `row` and `column` count from 0, labels included."""

    row: int
    column: int
    height: int
    width: int
    text: str = ""
    """The label; empty for a figure."""
    address: Address | None = None
    """The figure that stands in it; None for a label."""
    heading: bool = False
    """Whether it is a label above figures, not beside them."""
    outermost: bool = False
    """Whether it is the first of several levels of labels beside a row: printed upright."""


class Block(Struct, frozen=True):
    """Rows of a table under one header. The labels beside the rows take the first columns."""

    head: tuple[tuple[Box, ...], ...]
    rows: tuple[tuple[Box, ...], ...]
    """Of each row the labels that begin on it, then its boxes."""
    labels: int
    """Columns of labels."""
    spans: tuple[int, ...] = ()
    """Columns by the label above them; empty where none spans several."""

    @property
    def height(self) -> int:
        """How many printed lines it takes."""
        return len(self.head) + len(self.rows)


def label_columns(form: Form) -> int:
    """How many columns hold labels in the widest table of the form."""
    tables = (table for table in form.tables if table.layout != "single" and table.rows)
    return max((_depth(table, table.rows) for table in tables), default=1)


def blocks_of(table: Table, report: Report, labels: int | None = None) -> Iterator[Block]:
    """The table as it is printed; nothing where none of its rows was found.

    `labels`: so many columns of labels, in place of as many as the table needs.
    """
    rows = rows_in(table, report)
    if table.layout == "single":
        if rows:
            yield _side_by_side(table, rows, labels or 0)
        return
    for keys, own in groupby(rows, key=lambda row: row.columns):
        block = list(own)
        columns = [table.column(key) for key in keys]
        yield _block(table, block, columns, labels or _depth(table, block))


def _block(table: Table, rows: Sequence[Line], columns: Sequence[Line], wide: int) -> Block:
    head = _head(table, columns, range(wide, wide + len(columns) + 1))
    lines: list[list[Box]] = [[] for _ in rows]
    for at, label in _labels(table, rows):
        width = 1 if label.is_group else wide - label.level
        upright = label.is_group and label.level == 0 and wide > 2
        place = (len(head) + at, label.level, label.extent, width)
        lines[at].append(Box(*place, label.text, outermost=upright))
    for at, row in enumerate(rows):
        addresses = (Address(table.key, row.key, column.key) for column in columns)
        lines[at] += [
            Box(len(head) + at, wide + i, 1, 1, address=box) for i, box in enumerate(addresses)
        ]
    return Block(tuple(map(tuple, head)), tuple(map(tuple, lines)), wide)


def _side_by_side(table: Table, rows: Sequence[Line], wide: int) -> Block:
    """A table that is printed on one line: its rows stand beside each other."""
    spans = tuple(len(row.columns) for row in rows)
    head = _head(table, rows, [wide + sum(spans[:at]) for at in range(len(rows) + 1)])
    deep = len(head)
    under = [table.column(key).label for row in rows for key in row.columns]
    head.append([Box(deep, wide + i, 1, 1, text, heading=True) for i, text in enumerate(under)])
    boxes = [address for row in rows for address in table.addresses(row)]
    line = tuple(Box(deep + 1, wide + i, 1, 1, address=box) for i, box in enumerate(boxes))
    return Block(tuple(map(tuple, head)), (line,), wide, spans)


def _head(table: Table, lines: Sequence[Line], starts: Sequence[int]) -> list[list[Box]]:
    """The labels above figures, level by level: each line's begins at its start, the last of which
    is where all of them end."""
    deep = _depth(table, lines)
    head: list[list[Box]] = [[] for _ in range(deep)]
    for at, label in _labels(table, lines):
        height = 1 if label.is_group else deep - label.level
        width = starts[at + label.extent] - starts[at]
        place = (label.level, starts[at], height, width)
        head[label.level].append(Box(*place, label.text, heading=True))
    return head


def _depth(table: Table, lines: Sequence[Line]) -> int:
    """How many labels stand one behind the other at most: of the groups, and a line's own."""
    return max(len(table.ancestors(line)) for line in lines) + 1


class _Label(Struct, frozen=True):
    """A label as it is met going along the lines."""

    text: str
    level: int
    extent: int
    is_group: bool


def _labels(table: Table, lines: Sequence[Line]) -> Iterator[tuple[int, _Label]]:
    """The labels, each with the number of the line on which it begins: of the groups that begin
    with a line, then its own."""
    above = [tuple(reversed(table.ancestors(line))) for line in lines]
    for at, (line, groups) in enumerate(zip(lines, above, strict=True)):
        for level, group in enumerate(groups):
            path = groups[: level + 1]
            if at and above[at - 1][: level + 1] == path:
                continue
            extent = 1
            while at + extent < len(lines) and above[at + extent][: level + 1] == path:
                extent += 1
            yield at, _Label(group.label, level, extent, True)
        yield at, _Label(line.label, len(groups), 1, False)
