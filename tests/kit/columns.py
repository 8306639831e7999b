"""Facts of single reports in, the columns that a kernel evaluates out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditor.corpus.columns import FigureColumns, Flags, cell_of, empty_columns
from auditor.corpus.kernel import Kernel
from auditor.model.report import CHILDREN, Facts, Number


def columns_of(many: Sequence[Facts], kernel: Kernel) -> tuple[FigureColumns, Flags]:
    """The figures of reports, and for each report whether columns hold them."""
    columns = empty_columns(kernel.rows, [facts.agency for facts in many])
    holds = np.ones(len(many), bool)
    for at, facts in enumerate(many):
        columns.has_predecessor[at] = facts.has_predecessor
        columns.has_children[at] = facts.has_children
        holds[at] = not (facts.assumed or facts.beside_unknown)
        if facts.tables is not None:
            holds[at] &= facts.tables >= {ref.address.table for ref in kernel.rows}
        for ref, row in kernel.rows.items():
            value, raw = facts.values.get(ref), facts.raw.get(ref)
            if ref.lag == CHILDREN and isinstance(value, Number):
                value, raw = Number(value.value), "0"  # nothing asks how a sum is written
            cell = cell_of(value, raw)
            if cell is None or abs(cell.scaled) > kernel.most:
                holds[at] = False
                continue
            columns.states[row, at], columns.values[row, at] = cell.state, cell.scaled
            columns.decimals[row, at], columns.bare[row, at] = cell.decimals, cell.bare
    return columns, holds
