"""What corrections would change, and what would be left, as JSON."""

from __future__ import annotations

import json
from typing import Any

from auditor.model.form import Address, Line, Table
from auditor.model.report import Report
from auditor.model.review import Corrections, Repair
from auditor.reporters import Style
from auditor.reporters.cells import shown
from auditor.reporters.corrections import grades_of, rows_of
from auditor.reporters.json import SCHEMA_VERSION, finding_fields, head_fields


def render_corrections_json(found: Corrections, style: Style) -> str:
    """One document: the changes, the rows before and after, the choices, and what is left."""
    before, after = found.before, found.after
    form, cells = before.form, grades_of(found)
    whole = {
        "schema_version": SCHEMA_VERSION,
        **head_fields(before.report),
        "changes": [_change(repair, found, style) for repair in found.repairs],
        "rows": [_row(found, table, row) for table in form.tables for row in rows_of(table, cells)],
        "choices": [finding_fields(each, form, style) for each in found.choices],
        "after": {
            "counts": after.counts,
            "findings": [
                {**finding_fields(each, form, style), "new": each.fingerprint in found.new}
                for each in after.findings
            ],
        },
        "library_digest": before.library_digest,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _change(repair: Repair, found: Corrections, style: Style) -> dict[str, Any]:
    told = finding_fields(repair.finding, found.before.form, style)
    (offer,) = told["suggestions"]
    return {
        **offer,
        "misreading": repair.misreading,
        "rule": told["rule"],
        "message": told["message"],
        "fingerprint": told["fingerprint"],
    }


def _row(found: Corrections, table: Table, row: Line) -> dict[str, Any]:
    return {
        "table": table.key,
        "row": row.key,
        "label": row.label,
        "columns": list(row.columns),
        "before": _figures(found.before.report, table.addresses(row)),
        "after": _figures(found.after.report, table.addresses(row)),
    }


def _figures(report: Report, boxes: tuple[Address, ...]) -> list[str]:
    """As a terminal shows them: `?` illegible, `·` missing, a blank as its printed mark."""
    return [shown(report, box) for box in boxes]
