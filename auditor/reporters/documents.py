"""The JSON documents of `audit explain`, `audit fix` and `audit rules strength`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from auditor.model.check import Linear
from auditor.model.finding import CellReport, CheckResult, Corrections, Repair
from auditor.model.form import Form
from auditor.model.strength import CellStrength, MistakeTally, Strength
from auditor.reporters import Style
from auditor.reporters.json import (
    Json,
    document,
    entry_fields,
    finding_fields,
    head_fields,
    quote_fields,
    value_fields,
)
from auditor.reporters.tables import corrected_rows, shown
from auditor.reporters.words import in_language

COUNTS = ("trials", "detected", "listed", "located", "likely", "wrong")
"""What is counted of mistakes made on purpose."""


def cell_document(account: CellReport, style: Style) -> str:
    """A cell, every check that reads it, every finding about it."""
    audit, address = account.audit, account.address
    fields = {
        **head_fields(audit.report),
        "address": str(address),
        "label": audit.form.describe(address) if address.row else str(address),
        "entry": entry_fields(account.entry) if account.entry else None,
        "checks": [_check(each, style) for each in account.checks],
        "naming": [finding_fields(each, audit.form, style) for each in account.naming],
        "touching": [finding_fields(each, audit.form, style) for each in account.touching],
        "library_digest": audit.library_digest,
    }
    return document(fields)


def _check(each: CheckResult, style: Style) -> Json:
    outcome, rule = each.outcome, each.outcome.check.rule
    predicate, found = outcome.check.predicate, outcome.prose_result
    linear = predicate if isinstance(predicate, Linear) else None
    return {
        "check": outcome.check.id,
        "rule": rule.id,
        "statement": in_language(rule.statement, style.language),
        "severity": ((found.severity if found else None) or rule.severity).value,
        "status": outcome.status.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "message": in_language(each.said, style.language),
        "condition_only": each.conditional,
        "doubted": each.doubted,
        "operands": [
            {
                "address": str(operand.ref.address),
                "lag": operand.ref.lag,
                "coefficient": operand.coefficient,
                **value_fields(operand.value),
            }
            for operand in outcome.operands
        ],
        "relation": linear.relation.value if linear else None,
        "constant": _plain(linear.constant) if linear else None,
        "residual": _plain(outcome.residual) if linear else None,
        "quotes": quote_fields(found.quotes if found else ()),
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def corrections_document(found: Corrections, style: Style) -> str:
    """The changes, the rows before and after, the choices, and what is left."""
    before, after, form = found.before, found.after, found.before.form
    rows = [(table, row) for table in form.tables for row in corrected_rows(found, table)]
    fields = {
        **head_fields(before.report),
        "changes": [_change(repair, form, style) for repair in found.repairs],
        "rows": [
            {
                "table": table.key,
                "row": row.key,
                "label": row.label,
                "columns": list(row.columns),
                "before": [shown(before.report, box) for box in table.addresses(row)],
                "after": [shown(after.report, box) for box in table.addresses(row)],
            }
            for table, row in rows
        ],
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
    return document(fields)


def _change(repair: Repair, form: Form, style: Style) -> Json:
    told = finding_fields(repair.finding, form, style)
    (offer,) = told["suggestions"]
    about = {name: told[name] for name in ("rule", "message", "fingerprint")}
    return {**offer, "misreading": repair.misreading, **about}


def strength_document(found: Iterable[Strength]) -> str:
    """How strong the rules of each form are."""
    return document({"forms": [_strength(each) for each in found]})


def _strength(found: Strength) -> Json:
    return {
        "form": found.form.id,
        "seed": found.seed,
        "reports": dict(found.scales),
        "reports_not_made": found.unmade,
        "kinds": [{"kind": tally.kind, **_counts(tally)} for tally in found.kinds],
        "pairs": _counts(found.pairs),
        "cells": [
            {
                "address": str(cell.address),
                "label": found.form.describe(cell.address),
                "protection": protection(cell),
                **_counts(cell.tally),
            }
            for cell in found.cells
        ],
        "unprotected": [str(cell.address) for cell in found.unprotected],
        "needless": [{"rule": each.rule_id, "proved": each.proved} for each in found.needless],
        "silent": list(found.silent),
        "not_weighed": list(found.aside),
        "forced": [{"address": str(box), "value": value} for box, value in found.forced],
        "idle": list(found.idle),
        "contradictions": [list(each) for each in found.conflicts],
        "complete": not found.unsolved,
    }


def _counts(tally: MistakeTally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in COUNTS}


def protection(cell: CellStrength) -> str:
    """What the rules do for a cell: `located`, `detected`, `partly` or `none`."""
    if cell.certain:
        return "located" if cell.unique else "detected"
    return "partly" if cell.protected else "none"
