"""Consistent figures as tests draw them, and what was read of them."""

from __future__ import annotations

from decimal import Decimal

from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import Number, Report
from auditor.strength.trials import Figures, as_report, consistent_figures, written

__all__ = [
    "AGENCIES",
    "Figures",
    "as_report",
    "boxes",
    "consistent_figures",
    "figures_of",
    "rows_of",
    "written",
]

AGENCIES = (
    "青溪市水务局",
    "望舒县人民政府办公室",
    "云岭区住房和城乡建设局",
    "临川新区管理委员会",
    "石渡镇人民政府",
    "东篱省文化和旅游厅",
)
"""Nobody's names."""


def figures_of(report: Report) -> dict[Address, Decimal | None]:
    """What was read as a number, by box; None for boxes in any other state."""
    return {
        box: entry.value.value if isinstance(entry.value, Number) else None
        for box, entry in report.entries.items()
    }


def boxes(form: Form, *tables: str) -> list[Address]:
    """The boxes of the named tables, in printed order."""
    return [box for key in tables for box in form.table(key).boxes()]


def rows_of(table: Table) -> list[Line]:
    """The rows that are printed."""
    return [row for row in table.rows if not row.instead_of]
