"""A table of a report laid out as the form prints it: boxes with labels and figures, on a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from auditor.model.form import Address, Form, Line, Table
from auditor.model.noun import noun
from auditor.model.report import Report


@noun
class Box:
    """A rectangle of the grid; `row` and `column` count from 0."""

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


def label_columns(form: Form) -> int:
    """How many columns of the grid hold labels, in every table of the form alike."""
    return max(
        (
            len(table.ancestors(row)) + 1
            for table in form.tables
            if table.layout != "single"
            for row in table.rows
        ),
        default=1,
    )


def laid_out(table: Table, report: Report, labels: int) -> list[Box]:
    """The boxes of one table, `labels` columns of labels at its left."""
    rows = [row for row in table.rows if any(b in report.entries for b in table.addresses(row))]
    if table.layout == "single":
        return list(_side_by_side(table, rows, labels))
    boxes: list[Box] = []
    top = 0
    for columns, members in groupby(rows, key=lambda row: row.columns):
        block = list(members)
        boxes.append(Box(top, 0, 1, labels, heading=True))
        boxes += [
            Box(top, labels + at, 1, 1, table.column(key).label, heading=True)
            for at, key in enumerate(columns)
        ]
        boxes += _labels(table, block, top + 1, labels)
        boxes += [
            Box(top + 1 + line, labels + at, 1, 1, address=box)
            for line, row in enumerate(block)
            for at, box in enumerate(table.addresses(row))
        ]
        top += 1 + len(block)
    return boxes


def _labels(table: Table, rows: Sequence[Line], top: int, labels: int) -> Iterator[Box]:
    """Groups beside the rows they span, then each row's own label."""
    paths = [tuple(g for g in reversed(table.ancestors(row))) for row in rows]
    for depth in range(labels):
        for path, lines in groupby(range(len(rows)), key=lambda at: paths[at][: depth + 1]):
            spanned = list(lines)
            if len(path) > depth:
                text = path[depth].label
                yield Box(top + spanned[0], depth, len(spanned), 1, text)
    for line, (row, path) in enumerate(zip(rows, paths, strict=True)):
        yield Box(top + line, len(path), 1, labels - len(path), row.label)


def _side_by_side(table: Table, rows: Sequence[Line], labels: int) -> Iterator[Box]:
    """All figures on one line, under the labels of their rows and of the groups above them."""
    left = labels
    starts = []
    for row in rows:
        starts.append(left)
        left += len(row.columns)
    groups = [next(iter(table.ancestors(row)), None) for row in rows]
    tall = 1 if any(groups) else 0
    yield Box(0, 0, tall + 3, labels)
    for group, lines in groupby(range(len(rows)), key=lambda at: groups[at]):
        spanned = list(lines)
        if group is not None:
            width = sum(len(rows[at].columns) for at in spanned)
            yield Box(0, starts[spanned[0]], 1, width, group.label, heading=True)
    for start, row, group in zip(starts, rows, groups, strict=True):
        above = tall if group is not None else 0
        width = len(row.columns)
        yield Box(above, start, 1 + tall - above, width, row.label, heading=True)
        for at, box in enumerate(table.addresses(row)):
            label = table.column(box.column).label
            yield Box(tall + 1, start + at, 1, 1, label, heading=True)
            yield Box(tall + 2, start + at, 1, 1, address=box)
