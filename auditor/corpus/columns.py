"""The figures of many reports as whole numbers in columns, one row of an array for each ref.

In: reports and their figures. Out: whether columns hold all that checks on figures ask of a report
(`is_columnar`), and what they hold of each figure (`cell_of`). `auditor.corpus.kernel` computes on
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.checks.evaluate import is_bare
from auditor.model.form import Form
from auditor.model.report import Below, NotApplicable, Number, Ref, Report, Unprinted, Value

_DECIMALS = 6
SCALE = 10**_DECIMALS
"""A figure in a column is so many times itself."""
_LARGEST_STEP = 9
"""As a power of ten."""
MOST = 2**62
"""Above what any sum of a row may come to."""

ABSENT, NUMBER, BLANK, ILLEGIBLE, MISSING = 0, 1, 2, 4, 8
STATES = {
    "absent": ABSENT,
    "number": NUMBER,
    "blank": BLANK,
    "illegible": ILLEGIBLE,
    "missing": MISSING,
}
"""As bits, so that those of several figures are told together; an absent one adds nothing."""

Integers = NDArray[np.int64]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


class FigureColumns(NamedTuple):
    """The figures of many reports; a row for each ref, a column for each report."""

    rows: Mapping[Ref, int]
    values: Integers
    """Times `SCALE`; 0 where no number was read."""
    states: Codes
    """By `STATES`."""
    decimals: NDArray[np.int8]
    """Printed behind the point; below zero where the last digits stand for tens or more."""
    bare: Flags
    """Whether the number is printed with nothing beside it."""
    agencies: Sequence[str | None]
    """Each name once."""
    agency: Places
    """By report, the place of its agency among those."""
    has_predecessor: Flags
    has_children: Flags

    def rearranged(self, rows: Mapping[Ref, int]) -> FigureColumns:
        """The figures of those refs, all of which it has."""
        at = [self.rows[ref] for ref in rows]
        return self._replace(
            rows=rows,
            values=self.values[at],
            states=self.states[at],
            decimals=self.decimals[at],
            bare=self.bare[at],
        )

    def at(self, reports: slice | Places) -> FigureColumns:
        """Some of the reports: with a slice, the same numbers and no copy of them."""
        return self._replace(
            values=self.values[:, reports],
            states=self.states[:, reports],
            decimals=self.decimals[:, reports],
            bare=self.bare[:, reports],
            agency=self.agency[reports],
            has_predecessor=self.has_predecessor[reports],
            has_children=self.has_children[reports],
        )


def empty_columns(rows: Mapping[Ref, int], agencies: Sequence[str | None]) -> FigureColumns:
    """Columns in which every figure is absent, for whoever fills them in."""
    shape = len(rows), len(agencies)
    names = {name: at for at, name in enumerate(dict.fromkeys(agencies))}
    return FigureColumns(
        rows,
        np.zeros(shape, np.int64),
        np.zeros(shape, np.uint8),
        np.zeros(shape, np.int8),
        np.zeros(shape, bool),
        tuple(names),
        np.array([names[each] for each in agencies], np.intp),
        np.zeros(len(agencies), bool),
        np.zeros(len(agencies), bool),
    )


def is_columnar(report: Report, form: Form) -> bool:
    """Whether columns hold all that the checks on figures ask of this report: not where a table
    of the form is lacking, or rows that may be left out are."""
    if report.assumed or any(row.counts for row in report.unknown_rows):
        return False
    lacks = {each.key for each in form.tables} - {box.table for box in report.entries}
    if lacks or any(form.left_out(report.entries)):
        return False
    return all(cell_of(each.value, each.raw) for each in report.entries.values())


class ColumnFigure(NamedTuple):
    """A figure as columns hold it."""

    state: int
    scaled: int = 0
    decimals: int = 0
    bare: bool = False


def cell_of(value: Value | None, raw: str | None) -> ColumnFigure | None:
    """What columns hold of a figure; None where they do not hold all that checks ask of it."""
    if isinstance(value, Below | NotApplicable | Unprinted):
        return None
    if not isinstance(value, Number):
        return ColumnFigure(STATES[value.state] if value else ABSENT)
    _, digits, exponent = value.step.normalize().as_tuple()
    scaled = value.value * SCALE
    if raw is None or digits != (1,) or not isinstance(exponent, int):
        return None
    if not -_DECIMALS <= exponent <= _LARGEST_STEP or abs(scaled) >= MOST:
        return None
    return (
        ColumnFigure(NUMBER, int(scaled), -exponent, is_bare(raw))
        if scaled == int(scaled)
        else None
    )
