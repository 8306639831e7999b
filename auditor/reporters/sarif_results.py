"""One finding as a SARIF result: where it stands, on paper and on the form, what may mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from auditor.model.check import Severity
from auditor.model.disposition import DispositionKind
from auditor.model.finding import Audit, Finding, Grade, Suggestion
from auditor.model.form import Address, Form
from auditor.model.report import Number, Report, Source
from auditor.model.source import Origin
from auditor.reporters.decided import decided, disposed, recorded
from auditor.reporters.flat import offered, spoken
from auditor.reporters.offers import changes, why
from auditor.reporters.places import columns_of, line_of

Json = dict[str, Any]
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
ROOT = "%SRCROOT%"
"""Stands for the folder that names of files are relative to."""
_FINGERPRINT = "auditFinding/v1"


def result(finding: Finding, audit: Audit, language: str) -> Json:
    """The result; the index of its rule is still to come."""
    report, form = audit.report, audit.form
    said = [
        spoken(finding.message, language),
        *decided(finding, language),
        offered(finding, form, language),
    ]
    offers = [(each, _fix(each, report, form, language)) for each in finding.suggestions]
    properties: Json = {
        "severity": finding.severity.value,
        "declared": finding.declared.value if finding.declared else None,
        "disposition": recorded(finding.disposition) if finding.disposition else None,
        "certainty": finding.certainty.value,
        "messages": dict(finding.message),
        "addresses": [str(address) for address in finding.addresses],
        "checks": [outcome.check.id for outcome in finding.outcomes],
        "expected": finding.expected,
        "actual": finding.actual,
        "suggestions": [_offer(offer, form, language) for offer, fix in offers if fix is None],
        "quotes": [each.text for each in finding.quotes],
    }
    related = [
        {"id": number, **location(report, form, report.entries[box].origin, (box,))}
        for number, box in enumerate(_prose_result(finding, report), start=1)
    ]
    primary = (finding.primary,) if finding.primary else ()
    fixes = [fix for _, fix in offers if fix is not None]
    return {
        "ruleId": finding.rule_id,
        "level": LEVELS[finding.severity],
        "kind": "fail",
        "message": {"text": "\n".join(each for each in said if each)},
        "locations": [location(report, form, finding.origin, primary)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        **({"fixes": fixes} if fixes else {}),
        **_standing(finding, audit, language),
        "properties": {name: each for name, each in properties.items() if each not in (None, [])},
    }


def _standing(finding: Finding, audit: Audit, language: str) -> Json:
    """How a finding stands to the baseline and to what people said of it.

    One of which people said something is neither known nor new by that: the baseline was not asked.
    """
    settled = finding.disposition
    if settled is not None and settled.kind is not DispositionKind.KNOWN:
        return {
            "suppressions": [
                {
                    "kind": "external",
                    "status": "accepted",
                    "justification": disposed(settled, language),
                }
            ]
        }
    if not audit.compared:
        return {}
    return {"baselineState": "new" if settled is None else "unchanged"}


def _prose_result(finding: Finding, report: Report) -> list[Address]:
    """The other cells that the broken checks read, but for zeros and blanks, which say little."""
    found = []
    for box in finding.addresses:
        entry = report.entries.get(box)
        if entry is None or entry.origin is None or box == finding.primary:
            continue
        if not isinstance(entry.value, Number) or entry.value.value:
            found.append(box)
    return found


def _offer(offer: Suggestion, form: Form, language: str) -> Json:
    return {
        "text": changes(offer, form, language),
        "edits": [
            {"address": str(edit.address), "from": edit.before, "to": edit.after}
            for edit in offer.edits
        ],
        "settles": list(offer.settles),
        "grade": offer.grade.value,
        "why": why(offer, form, language),
    }


def _fix(offer: Suggestion, report: Report, form: Form, language: str) -> Json | None:
    """The suggestion as a change of the file, where its every character is known; else None.

    Only what is likely is one, and never where the reading may be at fault and not the document.
    """
    if offer.grade is not Grade.LIKELY or any(slip.misreading for slip in offer.slips):
        return None
    replacements = []
    for edit in offer.edits:
        entry = report.entries.get(edit.address)
        columns = columns_of(report.source, entry.origin) if entry else None
        if entry is None or columns is None or not entry.raw or entry.raw.strip() != edit.before:
            return None
        if columns[1] - columns[0] + 1 != len(edit.before):
            return None
        replacements.append(
            {
                "deletedRegion": _region(report.source, entry.origin),
                "insertedContent": {"text": edit.after},
            }
        )
    change = {
        "artifactLocation": artifact_at(report.source.name),
        "replacements": replacements,
    }
    return {
        "description": {"text": changes(offer, form, language)},
        "artifactChanges": [change],
        "properties": _offer(offer, form, language),
    }


def artifact_at(name: str) -> Json:
    """The file, relative to where the command was run."""
    return {"uri": quote(name, safe="/"), "uriBaseId": ROOT}


def location(report: Report, form: Form, origin: Origin | None, cells: Iterable[Address]) -> Json:
    """Where in the file, as far as it has lines, and where on the form."""
    physical: Json = {"artifactLocation": artifact_at(report.source.name)}
    if region := _region(report.source, origin):
        physical["region"] = region
    place: Json = {"physicalLocation": physical}
    logical: list[Json] = [
        {"name": form.describe(box), "fullyQualifiedName": str(box), "kind": "cell"}
        for box in cells
    ]
    properties: Json = {}
    if origin is not None:
        if origin.page is not None:
            logical.append({"name": str(origin.page), "kind": "page"})
            properties["page"] = origin.page
        if origin.bbox is not None:
            properties["bbox"] = list(origin.bbox)
        if origin.selector is not None:
            logical.append({"name": origin.selector, "kind": "selector"})
            properties["selector"] = origin.selector
    if logical:
        place["logicalLocations"] = logical
    if properties:
        place["properties"] = properties
    return place


def _region(source: Source, origin: Origin | None) -> Json:
    """Line and columns, the last of which SARIF does not count in; empty without lines."""
    line, columns = line_of(source, origin), columns_of(source, origin)
    if line is None:
        return {}
    if columns is None:
        return {"startLine": line}
    return {
        "startLine": line,
        "startColumn": columns[0],
        "endLine": line,
        "endColumn": columns[1] + 1,
    }
