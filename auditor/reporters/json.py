"""Audits and readings as JSON: one document for all, or one line each, written as each is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from auditor.model.finding import Coverage, Failure, Finding, Outcome, Status
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Entry, Illegible, Missing, Number, Report, Value
from auditor.model.silenced import silenced_errors
from auditor.model.source import Notice, Origin
from auditor.reporters import Item, Judged, Reading, Style
from auditor.reporters.decided import recorded
from auditor.reporters.doubts import doubt_in_words
from auditor.reporters.offers import slip_in_words
from auditor.reporters.prosejson import coverage_of, figures_of
from auditor.reporters.told import marked, told_figures

SCHEMA_VERSION = 1


def render_json(items: Iterable[Item], style: Style) -> Iterator[str]:
    """One document: every report, then every document that failed."""
    reports: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for item in items:
        (failures if isinstance(item, Failure) else reports).append(_item(item, style))
    whole = {"schema_version": SCHEMA_VERSION, "reports": reports, "failures": failures}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def render_jsonl(items: Iterable[Item], style: Style) -> Iterator[str]:
    """A line for each report or failure, in the order given."""
    for item in items:
        line = {"schema_version": SCHEMA_VERSION, **_item(item, style)}
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _item(item: Item, style: Style) -> dict[str, Any]:
    match item:
        case Judged():
            return _judged(item, style)
        case Reading(form=form, report=report):
            return {
                **head_fields(report),
                "entries": entries_of(report, form),
                "prose": _prose(item.told, style),
                "prose_coverage": coverage_of(report),
                "prose_figures": figures_of(report, _origin),
                "notices": _notices(report.doubts, form, style),
                "unknown_rows": [
                    {
                        "text": row.text,
                        "table": row.table,
                        "between": list(row.between),
                        "figures": [format(figure, "f") for figure in row.figures],
                        "origin": _origin(row.origin) if row.origin else None,
                    }
                    for row in report.unknown_rows
                ],
                "leftovers": [
                    {"text": left.text, "origin": _origin(left.origin)} for left in report.leftovers
                ],
            }
        case Failure():
            return _failure(item)
        case _:
            assert_never(item)


def _judged(item: Judged, style: Style) -> dict[str, Any]:
    audit = item.audit
    entries = {"entries": entries_of(audit.report, audit.form)} if style.entries else {}
    return {
        **head_fields(audit.report),
        "verdict": item.verdict.value,
        "settings": _held(item),
        "counts": audit.counts,
        "dispositions": audit.dispositions,
        "findings": [finding_fields(finding, audit.form, style) for finding in audit.findings],
        "undetermined": [
            _unchecked(outcome)
            for outcome in audit.outcomes
            if outcome.status is Status.UNDETERMINED
        ],
        "notices": _notices(audit.notices, audit.form, style),
        "prose": _prose(audit.outcomes, style),
        "prose_coverage": coverage_of(audit.report),
        "receipts": [_receipt(receipt) for receipt in audit.coverage],
        "library_digest": audit.library_digest,
        **entries,
    }


def _held(item: Judged) -> dict[str, Any] | None:
    """The settings file that took effect; None where none did."""
    held = item.held
    if held is None:
        return None
    counts = {"silenced": held.silenced, "lowered": held.lowered}
    return {"file": held.file, **counts, "errors_silenced": silenced_errors(item.audit)}


def head_fields(report: Report) -> dict[str, Any]:
    """Which document, on which form, by whom."""
    source, identity = report.source, report.identity
    return {
        "source": {
            "name": source.name,
            "sha256": source.sha256,
            "media_type": source.media_type,
        },
        "form": report.form_id,
        "identity": {"agency": identity.agency, "year": identity.year},
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "source": {
            "name": failure.name,
            "sha256": failure.sha256,
            "media_type": failure.media_type,
        },
        "code": failure.code,
        "message": failure.message,
    }


def entries_of(report: Report, form: Form) -> list[dict[str, Any]]:
    """Every box in the form's order, then the figures that sentences state."""
    order = {
        box: index
        for index, box in enumerate(
            box for table in form.tables for row in table.rows for box in table.addresses(row)
        )
    }
    boxes = sorted(report.entries, key=lambda box: (order.get(box, len(order)), str(box)))
    return [
        *(entry_fields(report.entries[box]) for box in boxes),
        *map(entry_fields, report.stated.values()),
    ]


def entry_fields(entry: Entry) -> dict[str, Any]:
    """A cell as it was read."""
    value = format(entry.value.value, "f") if isinstance(entry.value, Number) else None
    readings = (
        {"readings": list(entry.value.readings)} if isinstance(entry.value, Illegible) else {}
    )
    return {
        "address": str(entry.address),
        "raw": entry.raw,
        "value": value,
        "state": state_of(entry.value),
        "origin": _origin(entry.origin),
        "match": entry.match.value,
        **({"recognised": True} if entry.recognised else {}),
        **readings,
    }


def state_of(value: Value) -> str:
    """How a value was read, in one word."""
    match value:
        case Number():
            return "number"
        case Blank():
            return "blank"
        case Illegible():
            return "illegible"
        case Missing():
            return "missing"
        case _:
            assert_never(value)


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    """The fields that this format has; None where the place is unknown."""
    if origin is None:
        return None
    fields = {
        "page": origin.page,
        "line": origin.line,
        "columns": list(origin.columns) if origin.columns else None,
        "bbox": list(origin.bbox) if origin.bbox else None,
        "selector": origin.selector,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _notices(notices: Iterable[Notice], form: Form, style: Style) -> list[dict[str, Any]]:
    return [
        {
            "code": notice.code,
            "message": doubt_in_words(notice, form, style.language),
            "addresses": listed(notice.addresses),
            "details": dict(notice.details),
            "origin": _origin(notice.origin),
        }
        for notice in notices
    ]


def finding_fields(finding: Finding, form: Form, style: Style) -> dict[str, Any]:
    """A finding with all it offers."""
    return {
        "rule": finding.rule_id,
        "severity": finding.severity.value,
        "declared_severity": (finding.declared or finding.severity).value,
        "disposition": recorded(finding.disposition) if finding.disposition else None,
        "certainty": finding.certainty.value,
        "message": finding.message.get(style.language) or finding.message["en"],
        "addresses": listed(finding.addresses),
        "primary": None if finding.primary is None else str(finding.primary),
        "expected": finding.expected,
        "actual": finding.actual,
        "origin": _origin(finding.origin),
        "checks": [outcome.check.id for outcome in finding.outcomes],
        "suggestions": [
            {
                "edits": [
                    {"address": str(edit.address), "from": edit.before, "to": edit.after}
                    for edit in suggestion.edits
                ],
                "settles": list(suggestion.settles),
                "grade": suggestion.grade.value,
                "slips": [
                    {
                        "code": slip.code,
                        "message": slip_in_words(slip, form, style.language),
                        "cells": listed(slip.cells),
                        "misreading": slip.misreading,
                    }
                    for slip in suggestion.slips
                ],
            }
            for suggestion in finding.suggestions
        ],
        "at_least": finding.min_cells or None,
        "more": finding.has_more,
        "fingerprint": finding.fingerprint,
        "quotes": [
            {"text": quote.text, "marks": [list(mark) for mark in quote.marks]}
            for quote in finding.quotes
        ],
    }


def _prose(outcomes: Iterable[Outcome], style: Style) -> list[dict[str, Any]]:
    """The figures that sentences state, and what each was matched with."""
    return [
        {
            "mention": prose_result.subject,
            "figure": prose_result.in_language(style.language).get("figure"),
            "status": outcome.status.value,
            "words": " / ".join(marked(quote) for quote in prose_result.quotes),
            "addresses": listed(dict.fromkeys(each.ref.address for each in outcome.operands)),
            "origin": _origin(prose_result.quotes[0].origin if prose_result.quotes else None),
        }
        for outcome, prose_result in told_figures(outcomes)
    ]


def _unchecked(outcome: Outcome) -> dict[str, Any]:
    return {
        "check": outcome.check.id,
        "reason": outcome.reason.value if outcome.reason else None,
        "addresses": listed(
            operand.ref.address
            for operand in outcome.operands
            if not isinstance(operand.value, Number)
        ),
    }


def _receipt(receipt: Coverage) -> dict[str, Any]:
    return {
        "table": receipt.table,
        "expected": receipt.expected,
        "numbers": receipt.numbers,
        "blank": receipt.blank,
        "illegible": receipt.illegible,
        "missing": receipt.missing,
        "complete": receipt.complete,
        "matches": dict(receipt.matches),
    }


def listed(addresses: Iterable[Address]) -> list[str]:
    """Addresses as they are written."""
    return [str(address) for address in addresses]
