"""A form's tables as they are printed, with what was read in their boxes and how it is marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from auditor.model.form import Address, Form, Group, Line, Table
from auditor.model.noun import noun
from auditor.model.report import Illegible, Match, Missing, Report
from auditor.reporters.cells import shown

_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}
_LONGEST = 60
"""Characters of what an unread box may say."""


@noun
class Mark:
    """A finding that points at a box."""

    number: int
    alone: bool
    """False where the box is one of several that may be at fault."""


@noun
class Box:
    """What one cell of a printed table shows."""

    address: Address
    text: str
    anchor: str
    """The id it has on the page; empty where nothing leads to it."""
    marks: tuple[Mark, ...] = ()
    unread: str = ""
    """`illegible` or `missing`; empty where it was read."""
    readings: str = ""
    """What an illegible box may say."""
    unsure: bool = False
    """Whether it was found by a torn label, by position or by inference."""
    concerned: bool = True
    """In an excerpt, whether the finding speaks of it."""
    after: str | None = None
    """In an excerpt, what should stand there instead."""

    @property
    def alone(self) -> bool:
        """Whether some finding says that this very box is at fault."""
        return any(mark.alone for mark in self.marks)


@noun
class Heading:
    """A printed label and the lines that it spans."""

    text: str
    rowspan: int
    colspan: int
    outermost: bool = False
    """Whether it is the first of several levels: printed upright, as on the form."""


@noun
class SheetRow:
    """A printed line: the labels that begin on it, then its boxes."""

    headings: tuple[Heading, ...]
    boxes: tuple[Box | None, ...]
    """None where the form has no box."""


@noun
class Sheet:
    """Lines under one header."""

    head: tuple[tuple[Heading, ...], ...]
    corner: int
    """Columns of labels, over which the header is empty."""
    rows: tuple[SheetRow, ...]
    spans: tuple[int, ...]
    """Columns by the label above them; empty where none spans several."""


@noun
class Printed:
    """One table of the form."""

    title: str
    sheets: tuple[Sheet, ...]
    """More than one where its rows have different columns; none where the table was not found."""
    unread: int
    first_unread: str = ""
    """The id of the first box that was not read."""


def printed_tables(
    report: Report, form: Form, marks: Mapping[Address, Sequence[Mark]], language: str, prefix: str
) -> Iterator[Printed]:
    """Every table of the form, with the boxes that this report has."""
    for place, table in enumerate(form.tables):
        boxes = {
            Address(table.key, row.key, column): f"{prefix}c{place}-{i}-{j}"
            for i, row in enumerate(table.rows)
            for j, column in enumerate(row.columns)
        }
        made = {
            address: _box(report, address, anchor, marks.get(address, ()))
            for address, anchor in boxes.items()
            if address in report.entries
        }
        rows = [row for row in table.rows if any(a in made for a in table.addresses(row))]
        yield Printed(
            table.title.get(language, table.key),
            tuple(_sheets(table, rows, made)),
            sum(bool(box.unread) for box in made.values()) if made else len(table.boxes()),
            next((box.anchor for box in made.values() if box.unread), ""),
        )


def boxes_of(table: Printed) -> Iterator[Box]:
    """The boxes of a table in printed order."""
    for sheet in table.sheets:
        for row in sheet.rows:
            yield from (box for box in row.boxes if box is not None)


def _box(report: Report, address: Address, anchor: str, marks: Sequence[Mark]) -> Box:
    entry = report.entries[address]
    unread = readings = ""
    if isinstance(entry.value, Illegible):
        unread, readings = "illegible", " / ".join(entry.value.readings)
    elif isinstance(entry.value, Missing):
        unread = "missing"
    return Box(
        address=address,
        text=shown(report, address),
        anchor=anchor if marks or unread else "",
        marks=tuple(marks),
        unread=unread,
        readings=readings if len(readings) <= _LONGEST else readings[:_LONGEST] + "\u2026",
        unsure=entry.match in _UNSURE and not unread,
    )


def _sheets(table: Table, rows: Sequence[Line], made: Mapping[Address, Box]) -> Iterator[Sheet]:
    if table.layout == "single" and rows:
        yield _side_by_side(table, rows, made)
        return
    for keys, own in groupby(rows, key=lambda row: row.columns):
        yield sheet(table, tuple(own), tuple(table.column(key) for key in keys), made)


def sheet(
    table: Table, rows: Sequence[Line], columns: Sequence[Line], made: Mapping[Address, Box]
) -> Sheet:
    """Some rows and columns of a table, under the labels of the groups that they stand in."""
    across, down = _labels(table, columns), _labels(table, rows)
    deep = max(len(_above(table, line)) for line in columns) + 1
    wide = max(len(_above(table, line)) for line in rows) + 1
    head: list[list[Heading]] = [[] for _ in range(deep)]
    for labels in across:
        for label in labels:
            depth = 1 if label.is_group else deep - label.level
            head[label.level].append(Heading(label.text, depth, label.extent))
    lines = []
    for row, labels in zip(rows, down, strict=True):
        headings = (
            Heading(
                label.text,
                label.extent,
                1 if label.is_group else wide - label.level,
                outermost=label.is_group and label.level == 0 and wide > 2,
            )
            for label in labels
        )
        boxes = (made.get(Address(table.key, row.key, column.key)) for column in columns)
        lines.append(SheetRow(tuple(headings), tuple(boxes)))
    return Sheet(tuple(map(tuple, head)), wide, tuple(lines), ())


@noun
class _Label:
    """A label as it is met going along the lines."""

    text: str
    level: int
    extent: int
    is_group: bool


def _labels(table: Table, lines: Sequence[Line]) -> list[list[_Label]]:
    """The labels that begin on each line: of the groups that begin with it, then its own."""
    above = [_above(table, line) for line in lines]
    found: list[list[_Label]] = []
    for i, (line, groups) in enumerate(zip(lines, above, strict=True)):
        begun = []
        for level, group in enumerate(groups):
            path = groups[: level + 1]
            if i and above[i - 1][: level + 1] == path:
                continue
            extent = 1
            while i + extent < len(lines) and above[i + extent][: level + 1] == path:
                extent += 1
            begun.append(_Label(group.label, level, extent, True))
        found.append([*begun, _Label(line.label, len(groups), 1, False)])
    return found


def _above(table: Table, line: Line) -> tuple[Group, ...]:
    return tuple(reversed(table.ancestors(line)))


def _side_by_side(table: Table, rows: Sequence[Line], made: Mapping[Address, Box]) -> Sheet:
    """A table that is printed on one line: its rows stand beside each other."""
    spans = tuple(len(row.columns) for row in rows)
    over = tuple(Heading(row.label, 1, span) for row, span in zip(rows, spans, strict=True))
    under = tuple(Heading(table.column(key).label, 1, 1) for row in rows for key in row.columns)
    boxes = tuple(made.get(address) for row in rows for address in table.addresses(row))
    return Sheet((over, under), 0, (SheetRow((), boxes),), spans)
