"""A form's tables as they are printed: which labels and boxes stand where, and what is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from auditor.model.check import Filled, Linear
from auditor.model.finding import Corrections, Finding, Grade
from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import Blank, Illegible, Missing, Number, Report

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
        case Illegible():
            return "?"
        case Missing():
            return "·"


def rows_in(table: Table, report: Report) -> list[Line]:
    """The rows of a table that this copy has."""
    return [row for row in table.rows if any(b in report.entries for b in table.addresses(row))]


def row_label(form: Form, table: Table, row: Line) -> str:
    """A row by its label and those of the groups that tell it from others."""
    return form.describe(table.addresses(row)[0]).rpartition(" × ")[0]


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
        kept = rows
        if len(rows) > 1:
            weighty = at_fault(finding) | {box for box in involved if _has_weight(report, box)}
            kept = [row for row in rows if not weighty.isdisjoint(table.addresses(row))]
        labels = tuple(row_label(form, table, row) for row in kept)
        yield Excerpt(table, columns, tuple(kept), labels, len(rows) - len(kept))


def _is_in_sum(finding: Finding, box: Address) -> bool:
    return any(
        isinstance(outcome.check.predicate, Linear)
        and any(operand.ref.address == box for operand in outcome.operands)
        for outcome in finding.outcomes
    )


def _has_weight(report: Report, box: Address) -> bool:
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
    return max(
        (
            len(table.ancestors(row)) + 1
            for table in form.tables
            if table.layout != "single"
            for row in table.rows
        ),
        default=1,
    )


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
        wide = labels or max(len(table.ancestors(row)) for row in block) + 1
        yield _block(table, block, [table.column(key) for key in keys], wide)


def _block(table: Table, rows: Sequence[Line], columns: Sequence[Line], wide: int) -> Block:
    deep = max(len(table.ancestors(line)) for line in columns) + 1
    head: list[list[Box]] = [[] for _ in range(deep)]
    for at, label in ((at, each) for at, own in _labels(table, columns) for each in own):
        height = 1 if label.is_group else deep - label.level
        place = (label.level, wide + at, height, label.extent)
        head[label.level].append(Box(*place, label.text, heading=True))
    lines = []
    for (at, labels), row in zip(_labels(table, rows), rows, strict=True):
        top = deep + at
        line = [
            Box(
                *(top, label.level, label.extent, 1 if label.is_group else wide - label.level),
                label.text,
                outermost=label.is_group and label.level == 0 and wide > 2,
            )
            for label in labels
        ]
        boxes = [Address(table.key, row.key, column.key) for column in columns]
        line += [Box(top, wide + i, 1, 1, address=box) for i, box in enumerate(boxes)]
        lines.append(tuple(line))
    return Block(tuple(map(tuple, head)), tuple(lines), wide)


def _side_by_side(table: Table, rows: Sequence[Line], wide: int) -> Block:
    """A table that is printed on one line: its rows stand beside each other."""
    spans = tuple(len(row.columns) for row in rows)
    starts = [wide + sum(spans[:at]) for at in range(len(rows) + 1)]
    deep = max(len(table.ancestors(row)) for row in rows) + 1
    head: list[list[Box]] = [[] for _ in range(deep + 1)]
    for at, label in ((at, each) for at, own in _labels(table, rows) for each in own):
        height = 1 if label.is_group else deep - label.level
        width = starts[at + label.extent] - starts[at]
        head[label.level].append(
            Box(label.level, starts[at], height, width, label.text, heading=True)
        )
    under = [table.column(key).label for row in rows for key in row.columns]
    head[deep] = [Box(deep, wide + i, 1, 1, text, heading=True) for i, text in enumerate(under)]
    boxes = [address for row in rows for address in table.addresses(row)]
    line = tuple(Box(deep + 1, wide + i, 1, 1, address=box) for i, box in enumerate(boxes))
    return Block(tuple(map(tuple, head)), (line,), wide, spans)


class _Label(Struct, frozen=True):
    """A label as it is met going along the lines."""

    text: str
    level: int
    extent: int
    is_group: bool


def _labels(table: Table, lines: Sequence[Line]) -> Iterator[tuple[int, list[_Label]]]:
    """Each line's number and the labels that begin on it: of the groups that begin with it, then
    its own."""
    above = [tuple(reversed(table.ancestors(line))) for line in lines]
    for at, (line, groups) in enumerate(zip(lines, above, strict=True)):
        begun = []
        for level, group in enumerate(groups):
            path = groups[: level + 1]
            if at and above[at - 1][: level + 1] == path:
                continue
            extent = 1
            while at + extent < len(lines) and above[at + extent][: level + 1] == path:
                extent += 1
            begun.append(_Label(group.label, level, extent, True))
        yield at, [*begun, _Label(line.label, len(groups), 1, False)]
