"""Audits and readings as JSON: one document for all, or one line each, written as each is done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, assert_never

from auditor.model.disposition import Disposition
from auditor.model.finding import Coverage, Failure, Finding, Outcome, Status, silenced_errors
from auditor.model.form import Address, Form
from auditor.model.prose import Quote
from auditor.model.report import Blank, Entry, Illegible, Missing, Number, Report, Value
from auditor.model.source import Notice, Origin
from auditor.reporters import Item, Judged, Reading, Reporter, Style
from auditor.reporters.words import (
    claims_of,
    in_language,
    marked,
    notice_in_words,
    slip_in_words,
)

SCHEMA_VERSION = 1
Json = dict[str, Any]


def document(fields: Json) -> str:
    """A whole document."""
    whole = {"schema_version": SCHEMA_VERSION, **fields}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


class JsonReporter(Reporter):
    """One document: every report, then every document that failed."""

    def start(self) -> None:
        self._reports: list[Json] = []
        self._failures: list[Json] = []

    def report(self, item: Item) -> None:
        into = self._failures if isinstance(item, Failure) else self._reports
        into.append(item_fields(item, self.style))

    def finish(self) -> None:
        self.write(document({"reports": self._reports, "failures": self._failures}))


class JsonLinesReporter(Reporter):
    """A line for each report or failure, in the order given, as soon as it is done."""

    def report(self, item: Item) -> None:
        line = {"schema_version": SCHEMA_VERSION, **item_fields(item, self.style)}
        self.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def item_fields(item: Item, style: Style) -> Json:
    """All that JSON tells of an audit, a reading or a failure."""
    match item:
        case Judged():
            return _judged(item, style)
        case Reading():
            return _read(item, style)
        case Failure():
            source = {"name": item.name, "sha256": item.sha256, "media_type": item.media_type}
            return {"source": source, "code": item.code, "message": item.message}
        case _:
            assert_never(item)


def _read(item: Reading, style: Style) -> Json:
    report = item.report
    return {
        **head_fields(report),
        "entries": [*map(entry_fields, entries_in_order(report, item.form))],
        "prose": _claims(item.told, style),
        "prose_coverage": prose_coverage(report),
        "prose_figures": _figures(report),
        "notices": _notices(report.doubts, item.form, style),
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


def _judged(item: Judged, style: Style) -> Json:
    audit = item.audit
    entries = {}
    if style.entries:
        ordered = entries_in_order(audit.report, audit.form)
        entries = {"entries": [*map(entry_fields, ordered)]}
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
        "prose": _claims(audit.outcomes, style),
        "prose_coverage": prose_coverage(audit.report),
        "receipts": [_coverage(each) for each in audit.coverage],
        "library_digest": audit.library_digest,
        **entries,
    }


def _held(item: Judged) -> Json | None:
    """The settings file that took effect; None where none did."""
    held = item.held
    if held is None:
        return None
    counts = {"silenced": held.silenced, "lowered": held.lowered}
    return {"file": held.file, **counts, "errors_silenced": silenced_errors(item.audit)}


def head_fields(report: Report) -> Json:
    """Which document, on which form, by whom."""
    source, identity = report.source, report.identity
    return {
        "source": {"name": source.name, "sha256": source.sha256, "media_type": source.media_type},
        "form": report.form_id,
        "identity": {"agency": identity.agency, "year": identity.year},
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
    readings = {"readings": list(value.readings)} if isinstance(value, Illegible) else {}
    return {
        "address": str(entry.address),
        "raw": entry.raw,
        **value_fields(value),
        "origin": _origin(entry.origin),
        "match": entry.match.value,
        **({"recognised": True} if entry.recognised else {}),
        **readings,
    }


def value_fields(value: Value) -> Json:
    """A value in plain decimal notation, and in one word how it was read."""
    match value:
        case Number():
            return {"value": format(value.value, "f"), "state": "number"}
        case Blank():
            return {"value": None, "state": "blank"}
        case Illegible():
            return {"value": None, "state": "illegible"}
        case Missing():
            return {"value": None, "state": "missing"}
        case _:
            assert_never(value)


def _origin(origin: Origin | None) -> Json | None:
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


def _notices(notices: Iterable[Notice], form: Form, style: Style) -> list[Json]:
    return [
        {
            "code": notice.code,
            "message": notice_in_words(notice, form, style.language),
            "addresses": listed(notice.addresses),
            "details": dict(notice.details),
            "origin": _origin(notice.origin),
        }
        for notice in notices
    ]


def finding_fields(finding: Finding, form: Form, style: Style) -> Json:
    """A finding with all it offers."""
    return {
        "rule": finding.rule_id,
        "severity": finding.severity.value,
        "declared_severity": (finding.declared or finding.severity).value,
        "disposition": recorded(finding.disposition) if finding.disposition else None,
        "certainty": finding.certainty.value,
        "message": in_language(finding.message, style.language),
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
        "quotes": quote_fields(finding.quotes),
    }


def recorded(settled: Disposition) -> dict[str, str]:
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


def quote_fields(quotes: Iterable[Quote]) -> list[Json]:
    """Sentences with the stretches that are marked in them."""
    return [{"text": each.text, "marks": [list(mark) for mark in each.marks]} for each in quotes]


def _claims(outcomes: tuple[Outcome, ...], style: Style) -> list[Json]:
    """The figures that sentences state, and what each was matched with."""
    return [
        {
            "mention": found.subject,
            "figure": found.in_language(style.language).get("figure"),
            "status": outcome.status.value,
            "words": " / ".join(map(marked, found.quotes)),
            "addresses": listed(dict.fromkeys(each.ref.address for each in outcome.operands)),
            "origin": _origin(found.quotes[0].origin if found.quotes else None),
        }
        for outcome, found in claims_of(outcomes)
    ]


def prose_coverage(report: Report) -> Json:
    """How many counts of the text were matched, set apart and why, and not understood."""
    counts = report.prose.coverage() if report.prose else {}
    reasons = {key.partition(":")[2]: count for key, count in counts.items() if ":" in key}
    states = {key: count for key, count in counts.items() if ":" not in key}
    return {**states, "reasons": reasons}


def _figures(report: Report) -> list[Json]:
    """Every count of the text, the sentence that it stands in, and what became of it."""
    prose = report.prose
    return [
        {
            "sentence": prose.sentences[each.sentence].text,
            "mark": [each.start, each.end],
            "state": each.state,
            "why": each.why or None,
            "origin": _origin(prose.sentences[each.sentence].origin),
        }
        for each in (prose.counted if prose else ())
        if prose is not None
    ]


def _unchecked(outcome: Outcome) -> Json:
    return {
        "check": outcome.check.id,
        "reason": outcome.reason.value if outcome.reason else None,
        "addresses": listed(
            operand.ref.address
            for operand in outcome.operands
            if not isinstance(operand.value, Number)
        ),
    }


def _coverage(coverage: Coverage) -> Json:
    return {
        "table": coverage.table,
        "expected": coverage.expected,
        "numbers": coverage.numbers,
        "blank": coverage.blank,
        "illegible": coverage.illegible,
        "missing": coverage.missing,
        "complete": coverage.complete,
        "matches": dict(coverage.matches),
    }


def listed(addresses: Iterable[Address]) -> list[str]:
    """Addresses as they are written."""
    return [str(address) for address in addresses]
