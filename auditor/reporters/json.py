"""Audits and readings as JSON: one document for all, or one line each, written as each is done;
and the documents of `audit explain`, `audit fix` and `audit rules strength`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, assert_never

from msgspec.structs import asdict

from auditor.messages import FormTranslator
from auditor.model.check import Linear, Place
from auditor.model.finding import (
    CellReport,
    CheckResult,
    Corrections,
    Difference,
    Disposition,
    Failure,
    Finding,
    Outcome,
    Status,
    Suggestion,
    silenced_errors,
)
from auditor.model.form import Address, Form
from auditor.model.prose import Quote
from auditor.model.report import (
    Below,
    Blank,
    Entry,
    Illegible,
    Missing,
    NotApplicable,
    Number,
    Report,
    Value,
)
from auditor.model.source import Notice, Origin
from auditor.model.strength import MistakeTally, Strength
from auditor.reporters import Item, Judged, Reading, Reporter, Style
from auditor.reporters.spool import JsonArray, Spool, json_text, write_json
from auditor.reporters.tables import corrected_rows, shown
from auditor.reporters.view import claims_of, marked_words

SCHEMA_VERSION = 1
Json = dict[str, Any]


def plain_data(value: object) -> Any:
    """The value as JSON has it: numbers in plain notation, addresses as they are written."""
    match value:
        case dict():
            return {key: plain_data(each) for key, each in value.items()}
        case Address() | Place() | date():
            return str(value)
        case list() | tuple():
            return [plain_data(each) for each in value]
        case Decimal():
            return format(value, "f")
        case Enum():
            return value.value
        case Origin():  # the fields that this format has
            return {key: each for key, each in asdict(value).items() if each is not None}
        case Quote():
            return picked(value, "text", "marks")
        case _:
            return value


def picked(value: object, *names: str) -> Json:
    """Those attributes of a value, as JSON has them."""
    return {name: plain_data(getattr(value, name)) for name in names}


def document(fields: Json) -> str:
    """A whole document."""
    whole = {"schema_version": SCHEMA_VERSION, **plain_data(fields)}
    return json_text(whole) + "\n"


class JsonReporter(Reporter):
    """One document: every report, then every document that failed."""

    def start(self) -> None:
        self._reports, self._failures = Spool(), Spool()

    def fragment(self, item: Item, number: int) -> tuple[bool, str]:
        """Whether it is a failure, and its object."""
        text = json_text(plain_data(item_fields(item, self.style)))
        return isinstance(item, Failure), text

    def add(self, fragment: tuple[bool, str]) -> None:
        is_failure, text = fragment
        (self._failures if is_failure else self._reports).add(text)

    def finish(self) -> None:
        whole = {"reports": JsonArray(self._reports), "failures": JsonArray(self._failures)}
        write_json({"schema_version": SCHEMA_VERSION, **whole}, self.write)


class JsonLinesReporter(Reporter):
    """A line for each report or failure, in the order given, as soon as it is done."""

    def fragment(self, item: Item, number: int) -> str:
        line = {"schema_version": SCHEMA_VERSION, **plain_data(item_fields(item, self.style))}
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def item_fields(item: Item, style: Style) -> Json:
    """All that JSON tells of an audit, a reading or a failure."""
    match item:
        case Judged():
            return _judged(item, style)
        case Reading():
            return _read(item, style)
        case Failure():
            source = picked(item, "name", "sha256", "media_type")
            return {"source": source, **picked(item, "code", "message")}
        case _:
            assert_never(item)


def _read(item: Reading, style: Style) -> Json:
    report, say = item.report, FormTranslator(item.form, style.language)
    prose = report.prose
    return {
        **head_fields(report),
        "entries": [*map(entry_fields, entries_in_order(report, item.form))],
        "prose": _claims(item.outcomes, style),
        "prose_coverage": prose_coverage(report),
        "prose_figures": [
            {
                "sentence": prose.sentences[each.sentence].text,
                "mark": [each.start, each.end],
                "state": each.state,
                "why": each.why or None,
                "origin": prose.sentences[each.sentence].origin,
            }
            for each in (prose.counted if prose else ())
            if prose is not None
        ],
        "notices": [_notice(each, say) for each in report.doubts],
        "unknown_rows": [
            picked(row, "text", "table", "between", "figures", "origin")
            for row in report.unknown_rows
        ],
        "leftovers": [picked(left, "text", "origin") for left in report.leftovers],
    }


def _judged(item: Judged, style: Style) -> Json:
    audit, applied = item.audit, item.settings
    report, say = audit.report, FormTranslator(audit.form, style.language)
    entries = entries_in_order(report, audit.form) if style.entries else ()
    settings = applied and {**asdict(applied), "errors_silenced": silenced_errors(audit)}
    parts = ("table", "expected", "numbers", "blank", "illegible", "missing", "complete", "matches")
    return {
        **head_fields(report),
        "verdict": item.verdict,
        "settings": settings,
        "counts": audit.counts,
        "dispositions": audit.dispositions,
        "findings": [finding_fields(finding, say) for finding in audit.findings],
        "undetermined": [
            {
                "check": outcome.check.id,
                "reason": outcome.reason,
                "addresses": [
                    operand.ref.address
                    for operand in outcome.operands
                    if not isinstance(operand.value, Number)
                ],
            }
            for outcome in audit.outcomes
            if outcome.status is Status.UNDETERMINED
        ],
        "notices": [_notice(each, say) for each in audit.notices],
        "prose": _claims(audit.outcomes, style),
        "prose_coverage": prose_coverage(report),
        "receipts": [picked(each, *parts) for each in audit.coverage],
        "library_digest": audit.library_digest,
        **({"entries": [*map(entry_fields, entries)]} if style.entries else {}),
    }


def head_fields(report: Report) -> Json:
    """Which document, on which form, by whom."""
    return {
        "source": asdict(report.source),
        "form": report.form_id,
        "identity": asdict(report.identity),
    }


def entries_in_order(report: Report, form: Form) -> list[Entry]:
    """Every box in the form's order, then the figures that sentences state."""
    boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
    order = {box: index for index, box in enumerate(boxes)}
    found = sorted(report.entries, key=lambda box: (order.get(box, len(order)), str(box)))
    return [*(report.entries[box] for box in found), *report.stated.values()]


def entry_fields(entry: Entry) -> Json:
    """A cell as it was read."""
    value = entry.value
    return {
        **picked(entry, "address", "raw"),
        **value_fields(value),
        **picked(entry, "origin", "match"),
        **({"recognised": True} if entry.recognised else {}),
        **(picked(value, "readings") if isinstance(value, Illegible) else {}),
    }


def value_fields(value: Value) -> Json:
    """A value, and in one word how it was read."""
    match value:
        case Number():
            return {"value": value.plain, "state": value.state}
        case NotApplicable():
            return {"value": None, "state": value.state, "not_applicable": True}
        case Below(limit=limit):
            return {"value": None, "state": value.state, "below": format(limit, "f")}
        case Blank() | Illegible() | Missing():
            return {"value": None, "state": value.state}
        case _:
            assert_never(value)


def _notice(notice: Notice, say: FormTranslator) -> Json:
    return {
        "code": notice.code,
        "message": say.notice(notice),
        "addresses": notice.addresses,
        "details": dict(notice.details),
        "origin": notice.origin,
    }


def finding_fields(finding: Finding, say: FormTranslator) -> Json:
    """A finding with all it offers."""
    settled = finding.disposition
    return {
        "rule": finding.rule_id,
        "severity": finding.severity,
        "declared_severity": finding.declared or finding.severity,
        "disposition": disposition_fields(settled) if settled else None,
        "certainty": finding.certainty,
        "message": say.of(finding.message),
        **picked(finding, "addresses", "primary", "expected", "actual", "origin"),
        "checks": [outcome.check.id for outcome in finding.outcomes],
        "suggestions": [_suggestion(each, say) for each in finding.suggestions],
        "at_least": finding.min_cells or None,
        "more": finding.has_more,
        **picked(finding, "fingerprint", "quotes"),
    }


def _suggestion(suggestion: Suggestion, say: FormTranslator) -> Json:
    return {
        "edits": edit_fields(suggestion),
        **picked(suggestion, "settles", "grade"),
        "slips": [
            {
                "code": slip.code,
                "message": say.slip(slip),
                **picked(slip, "cells", "misreading"),
            }
            for slip in suggestion.slips
        ],
    }


def edit_fields(suggestion: Suggestion) -> list[Json]:
    """The edits: which cell, what is printed there, and what to print instead."""
    return [
        {"address": str(edit.address), "from": edit.before, "to": edit.after}
        for edit in suggestion.edits
    ]


def disposition_fields(settled: Disposition) -> dict[str, str]:
    """A disposition as data; what it does not have is left out."""
    fields = {
        "kind": settled.kind.value,
        "reason": settled.reason,
        "by": settled.by,
        "date": settled.given,
        "expires": settled.expires,
        "place": settled.place,
    }
    return {key: str(value) for key, value in fields.items() if value is not None}


def _claims(outcomes: Iterable[Outcome], style: Style) -> list[Json]:
    """The figures that sentences state, and what each was matched with."""
    return [
        {
            "mention": found.subject,
            "figure": found.in_language(style.language).get("figure"),
            "status": outcome.status,
            "words": " / ".join(map(marked_words, found.quotes)),
            "addresses": list(dict.fromkeys(each.ref.address for each in outcome.operands)),
            "origin": found.quotes[0].origin if found.quotes else None,
        }
        for outcome, found in claims_of(outcomes)
    ]


def prose_coverage(report: Report) -> Json:
    """How many counts of the text were matched, set apart and why, and not understood."""
    counts = report.prose.coverage() if report.prose else {}
    reasons = {key.partition(":")[2]: count for key, count in counts.items() if ":" in key}
    states = {key: count for key, count in counts.items() if ":" not in key}
    return {**states, "reasons": reasons}


# The documents of other commands.


def cell_document(cell: CellReport, style: Style) -> str:
    """A cell, every check that reads it, every finding about it."""
    audit, address = cell.audit, cell.address
    say = FormTranslator(audit.form, style.language)
    return document(
        {
            **head_fields(audit.report),
            "address": address,
            "label": audit.form.describe(address) if address.row else str(address),
            "entry": entry_fields(cell.entry) if cell.entry else None,
            "checks": [_check(each, say) for each in cell.checks],
            "naming": [finding_fields(each, say) for each in cell.naming],
            "touching": [finding_fields(each, say) for each in cell.touching],
            "library_digest": audit.library_digest,
        }
    )


def _check(each: CheckResult, say: FormTranslator) -> Json:
    outcome, rule = each.outcome, each.outcome.check.rule
    predicate, found = outcome.check.predicate, outcome.prose_result
    linear = predicate if isinstance(predicate, Linear) else None
    return {
        "check": outcome.check.id,
        "rule": rule.id,
        "statement": say.of(rule.statement),
        **picked(outcome, "severity", "status", "reason"),
        "message": say.of(each.said),
        "condition_only": each.conditional,
        "doubted": each.doubted,
        "operands": [
            {
                **picked(operand.ref, "address", "lag"),
                "coefficient": operand.coefficient,
                **value_fields(operand.value),
            }
            for operand in outcome.operands
        ],
        "relation": linear and linear.relation,
        "constant": linear and linear.constant,
        "residual": outcome.residual,
        "quotes": found.quotes if found else (),
    }


def corrections_document(found: Corrections, style: Style) -> str:
    """The changes, the rows before and after, the choices, and what is left."""
    before, after, form = found.before, found.after, found.before.form
    say = FormTranslator(form, style.language)
    changes = []
    for repair in found.repairs:
        about = finding_fields(repair.finding, say)
        (offer,) = about["suggestions"]
        about = {name: about[name] for name in ("rule", "message", "fingerprint")}
        changes.append({**offer, "misreading": repair.misreading, **about})
    return document(
        {
            **head_fields(before.report),
            "changes": changes,
            "rows": [
                {
                    "table": table.key,
                    "row": row.key,
                    **picked(row, "label", "columns"),
                    "before": [shown(before.report, box) for box in table.addresses(row)],
                    "after": [shown(after.report, box) for box in table.addresses(row)],
                }
                for table in form.tables
                for row in corrected_rows(found, table)
            ],
            "choices": [finding_fields(each, say) for each in found.choices],
            "after": {
                "counts": after.counts,
                "findings": [
                    {**finding_fields(each, say), "new": each.fingerprint in found.new}
                    for each in after.findings
                ],
            },
            "library_digest": before.library_digest,
        }
    )


def difference_document(found: Difference, style: Style) -> str:
    """Figures and findings that differ, and the boxes that could not be compared."""
    say = FormTranslator(found.after.form, style.language)
    return document(
        {
            "before": head_fields(found.before.report),
            "after": head_fields(found.after.report),
            "changes": [
                {
                    "address": each.address,
                    "label": found.after.form.describe(each.address, style.language),
                    "before": each.before,
                    "after": each.after,
                }
                for each in found.changes
            ],
            "not_compared": found.not_compared,
            "gone": [finding_fields(each, say) for each in found.gone],
            "new": [finding_fields(each, say) for each in found.new],
            "library_digest": found.after.library_digest,
        }
    )


def strength_document(found: Iterable[Strength]) -> str:
    """How strong the rules of each form are."""
    return document({"forms": [_strength(each) for each in found]})


def _strength(found: Strength) -> Json:
    return {
        "form": found.form.id,
        "seed": found.seed,
        "reports": dict(found.scales),
        "reports_not_made": found.unmade,
        "kinds": [asdict(tally) for tally in found.kinds],
        "pairs": _counts(found.pairs),
        "cells": [
            {
                "address": cell.address,
                "label": found.form.describe(cell.address),
                "protection": cell.protection,
                **_counts(cell.tally),
            }
            for cell in found.cells
        ],
        "unprotected": [cell.address for cell in found.unprotected],
        "needless": [{"rule": each.rule_id, "proved": each.proved} for each in found.needless],
        "silent": found.silent,
        "not_weighed": found.aside,
        "forced": [{"address": box, "value": value} for box, value in found.forced],
        "idle": found.idle,
        "contradictions": found.conflicts,
        "complete": not found.unsolved,
    }


def _counts(tally: MistakeTally) -> Json:
    return {name: count for name, count in asdict(tally).items() if name != "kind"}
