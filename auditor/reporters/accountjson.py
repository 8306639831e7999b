"""All about one cell as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from auditor.model.check import Linear
from auditor.model.finding import Operand
from auditor.model.report import Number
from auditor.model.review import CellReport, CheckResult
from auditor.reporters import Style
from auditor.reporters.json import (
    SCHEMA_VERSION,
    entry_fields,
    finding_fields,
    head_fields,
    state_of,
)


def render_cell_json(account: CellReport, style: Style) -> str:
    """One document: the cell, every check that reads it, every finding about it."""
    audit, address = account.audit, account.address
    labelled = audit.form.describe(address) if address.row else str(address)
    whole = {
        "schema_version": SCHEMA_VERSION,
        **head_fields(audit.report),
        "address": str(address),
        "label": labelled,
        "entry": entry_fields(account.entry) if account.entry else None,
        "checks": [_check(each, style) for each in account.checks],
        "naming": [finding_fields(each, audit.form, style) for each in account.naming],
        "touching": [finding_fields(each, audit.form, style) for each in account.touching],
        "library_digest": audit.library_digest,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _check(each: CheckResult, style: Style) -> dict[str, Any]:
    outcome = each.outcome
    rule, predicate = outcome.check.rule, outcome.check.predicate
    severity = outcome.prose_result.severity if outcome.prose_result else None
    linear = predicate if isinstance(predicate, Linear) else None
    return {
        "check": outcome.check.id,
        "rule": rule.id,
        "statement": rule.statement.get(style.language) or rule.statement["en"],
        "severity": (severity or rule.severity).value,
        "status": outcome.status.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "message": each.said.get(style.language) or each.said["en"],
        "condition_only": each.conditional,
        "doubted": each.doubted,
        "operands": [_operand(operand) for operand in outcome.operands],
        "relation": linear.relation.value if linear else None,
        "constant": _plain(linear.constant) if linear else None,
        "residual": format(outcome.residual, "f")
        if linear and outcome.residual is not None
        else None,
        "quotes": [
            {"text": quote.text, "marks": [list(mark) for mark in quote.marks]}
            for quote in (outcome.prose_result.quotes if outcome.prose_result else ())
        ],
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _operand(operand: Operand) -> dict[str, Any]:
    value = operand.value
    return {
        "address": str(operand.ref.address),
        "lag": operand.ref.lag,
        "coefficient": operand.coefficient,
        "value": _plain(value.value) if isinstance(value, Number) else None,
        "state": state_of(value),
    }
