"""The rows and columns that a finding speaks of: which are shown, and which cells are marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model.check import Linear
from auditor.model.finding import Finding
from auditor.model.form import Address, Form, Line, Table
from auditor.model.noun import noun
from auditor.model.report import Blank, Number, Report
from auditor.reporters.cells import at_fault


@noun
class Excerpt:
    """A part of one table."""

    table: Table
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    left_out: int
    """Rows that the finding speaks of too, in which every cell concerned is zero or blank."""


def excerpts(finding: Finding, report: Report, form: Form) -> Iterator[Excerpt]:
    """What to show of each table in which the finding has a sum."""
    marked = at_fault(finding)
    for table in form.tables:
        involved = [box for box in finding.addresses if box.table == table.key and box.row]
        if not involved or not any(_is_sum(finding, box) for box in involved):
            continue
        keys = {box.column for box in involved}
        columns = tuple(column for column in table.columns if column.key in keys)
        rows = [row for row in table.rows if any(box.row == row.key for box in involved)]
        told = rows
        if len(rows) > 1:
            told = [row for row in rows if _prose_result(row, table, involved, marked, report)]
        yield Excerpt(table, columns, tuple(told), len(rows) - len(told))


def _is_sum(finding: Finding, box: Address) -> bool:
    return any(
        isinstance(outcome.check.predicate, Linear)
        and any(operand.ref.address == box for operand in outcome.operands)
        for outcome in finding.outcomes
    )


def _prose_result(
    row: Line,
    table: Table,
    involved: Sequence[Address],
    marked: frozenset[Address],
    report: Report,
) -> bool:
    for box in table.addresses(row):
        if box in marked:
            return True
        entry = report.entries.get(box)
        if box not in involved or entry is None or isinstance(entry.value, Blank):
            continue
        if not isinstance(entry.value, Number) or entry.value.value != 0:
            return True
    return False
