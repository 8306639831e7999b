"""Audits as SARIF 2.1.0, one run for all reports: findings as results, doubts as notifications.

What was not audited is no result, since it is nothing that the author did: it is a notification of
the run, which then did not succeed, so that a file without results never looks clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from auditor import __version__
from auditor.messages import LANGUAGES, Translator
from auditor.model.check import Rule, Severity
from auditor.model.finding import DispositionKind, Grade, Status
from auditor.model.form import Address
from auditor.model.report import Number, Source
from auditor.model.source import Notice, Origin
from auditor.reporters import Item, Reporter
from auditor.reporters.json import (
    Json,
    disposition_fields,
    edit_fields,
    picked,
    plain_data,
    prose_coverage,
)
from auditor.reporters.spool import JsonArray, Spool, json_text, write_json
from auditor.reporters.view import (
    BESIDE_OTHERS,
    COVERAGE,
    UNDETERMINED,
    FindingView,
    OfferView,
    Remark,
    View,
    columns_of,
    line_of,
    rules_of,
)

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"
"""Stands for the folder that names of files are relative to."""
_FINGERPRINT = "auditFinding/v1"


class _SarifFragment(NamedTuple):
    """What a report brings to the run."""

    rules: tuple[Rule, ...]
    artifact: str
    results: list[tuple[str, bool, str]]
    """Of each the rule, whether it says that it is suppressed, and the object."""
    notifications: list[tuple[str, str]]
    """Of each the code, and the object."""
    is_successful: bool


class SarifReporter(Reporter):
    """One document with one run, when all reports are done; no report is kept."""

    def start(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._artifacts: dict[str, None] = {}
        self._results, self._notifications = Spool(), Spool()
        self._kinds: list[tuple[str, bool]] = []
        """Of each result its rule, and whether it says that it is suppressed."""
        self._codes: list[str] = []
        """Of each notification."""
        self._successful = True

    def fragment(self, item: Item, number: int) -> _SarifFragment:
        view = View(item, self.language_of(item))
        source = view.failure or view.report.source
        artifact = _artifact(source.name, source.sha256, source.media_type)
        results = [_result(finding, view) for finding in view.findings]
        # What is to be said of it beside others is among its notices.
        remarks = [each for each in view.remarks if each.kind != BESIDE_OTHERS]
        notices = () if view.failure else view.audit.notices
        return _SarifFragment(
            rules_of(view.outcomes),
            json_text(artifact),
            [
                (each["ruleId"], "suppressions" in each, json_text(plain_data(each)))
                for each in results
            ],
            [
                *(_remark(each, view) for each in remarks),
                *(_notice(each, view) for each in notices),
            ],
            all(each.severity is not Severity.ERROR for each in remarks),
        )

    def add(self, fragment: _SarifFragment) -> None:
        for rule in fragment.rules:
            self._rules.setdefault(rule.id, rule)
        self._artifacts[fragment.artifact] = None
        for rule_id, is_suppressed, result in fragment.results:
            self._kinds.append((rule_id, is_suppressed))
            self._results.add(result)
        for code, notification in fragment.notifications:
            self._codes.append(code)
            self._notifications.add(notification)
        self._successful &= fragment.is_successful

    def finish(self) -> None:
        whole = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [self._run()]}
        write_json(whole, self.write)

    def _run(self) -> Json:
        """The run, its rules in the order of their ids."""
        order = sorted(self._rules)
        rules = [self._rules[rule] for rule in order]
        codes = sorted(set(self._codes))
        root = {"text": self.say("working-directory")}
        return {
            "tool": {
                "driver": {
                    "name": "audit",
                    "semanticVersion": __version__,
                    "language": self.language,
                    "rules": [
                        plain_data(_rule(rule, self.language, self.style.address_of(rule)))
                        for rule in rules
                    ],
                    "notifications": [{"id": code} for code in codes],
                }
            },
            "language": self.language,
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {_ROOT: {"description": root}},
            "invocations": [
                {
                    "executionSuccessful": self._successful,
                    "toolExecutionNotifications": JsonArray(self._coded(codes)),
                }
            ],
            "artifacts": JsonArray(self._artifacts),
            "results": JsonArray(self._ruled(order)),
        }

    def _ruled(self, order: Sequence[str]) -> Iterator[str]:
        """The results, with the index of each one's rule; by the standard all of a run's results
        say whether they are suppressed, or none does."""
        index_of = {rule: index for index, rule in enumerate(order)}
        suppresses = any(is_suppressed for _, is_suppressed in self._kinds)
        for (rule, is_suppressed), result in zip(self._kinds, self._results, strict=True):
            more = f',\n "ruleIndex": {index_of[rule]}'
            if suppresses and not is_suppressed:
                more += ',\n "suppressions": []'
            yield result.removesuffix("\n}") + more + "\n}"

    def _coded(self, codes: Sequence[str]) -> Iterator[str]:
        """The notifications, with the index of each one's code."""
        for code, notification in zip(self._codes, self._notifications, strict=True):
            # What it is described by stands first in it, and has the code alone.
            head, end, others = notification.partition("\n }")
            yield f'{head},\n  "index": {codes.index(code)}{end}{others}'


def _remark(remark: Remark, view: View) -> tuple[str, str]:
    """What was not read or not decided, what settings did, how much of the text was matched."""
    kind, properties = remark.kind, None
    if view.failure:
        kind = f"input-{view.failure.code}"
    elif kind == UNDETERMINED:
        undetermined = view.with_status(Status.UNDETERMINED)
        properties = {"checks": [each.check.id for each in undetermined]}
    elif kind == COVERAGE:
        properties = prose_coverage(view.report)
    level = _LEVELS[remark.severity]
    return _notification(kind, level, remark.text, _whole(view.name), properties)


def _notice(notice: Notice, view: View) -> tuple[str, str]:
    where = _location(view, notice.origin, notice.addresses)
    return _notification(notice.code, "note", view.say.notice(notice), where)


def _notification(
    code: str, level: str, text: str, place: Json, properties: Json | None = None
) -> tuple[str, str]:
    """Its code, and the notification; the index of its code is still to come."""
    notification: Json = {
        "descriptor": {"id": code},
        "level": level,
        "message": {"text": text},
        "locations": [place],
    }
    if properties:
        notification["properties"] = properties
    return code, json_text(plain_data(notification))


def _artifact(name: str, sha256: str | None, media_type: str | None) -> Json:
    artifact: Json = {"location": _artifact_at(name), "roles": ["analysisTarget"]}
    if media_type:
        artifact["mimeType"] = media_type
    if sha256:
        artifact["hashes"] = {"sha-256": sha256}
    return artifact


def _rule(rule: Rule, language: str, address: str) -> Json:
    """A rule with its help in every language, the one asked for first."""
    order = [Translator(each) for each in sorted(LANGUAGES, key=lambda each: each != language)]
    texts, marked = [], []
    for say in order:
        parts = [say.of(rule.statement), say("basis-is", basis=say.basis(rule))]
        if rule.advice:
            parts.append(say("advice-is", advice=say.of(rule.advice)))
        texts.append("\n".join(parts))
        marked.append(f"**{parts[0]}**\n\n" + "\n\n".join(parts[1:]))
    statements = {each: Translator(each).of(rule.statement) for each in LANGUAGES}
    return {
        "id": rule.id,
        "shortDescription": {"text": order[0].of(rule.statement)},
        "fullDescription": {"text": texts[0]},
        "messageStrings": {each: {"text": text} for each, text in statements.items()},
        **({"helpUri": address} if address else {}),
        "help": {"text": "\n\n".join(texts), "markdown": "\n\n---\n\n".join(marked)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"basis": order[0].basis(rule), "kind": rule.kind, "table": rule.table},
    }


# One finding: where it stands, on paper and on the form, and what may mend it.


def _result(shown: FindingView, view: View) -> Json:
    """The result; the index of its rule is still to come."""
    finding, report = shown.finding, view.report
    offers = [(each, _fix(each, view)) for each in shown.all_offers]
    properties: Json = {
        "severity": finding.severity,
        "declared": finding.declared,
        "disposition": disposition_fields(finding.disposition) if finding.disposition else None,
        "certainty": finding.certainty,
        "messages": dict(finding.message),
        "addresses": finding.addresses,
        "checks": [outcome.check.id for outcome in finding.outcomes],
        "expected": finding.expected,
        "actual": finding.actual,
        "suggestions": [_offer(offer) for offer, fix in offers if fix is None],
        "quotes": [each.text for each in finding.quotes],
    }
    # The other cells that the broken checks read, but for zeros, which say little.
    others = [
        entry
        for box in finding.addresses
        if box != finding.primary and (entry := report.entries.get(box)) and entry.origin
        if not isinstance(entry.value, Number) or entry.value.value
    ]
    related = [
        {"id": number, **_location(view, entry.origin, (entry.address,))}
        for number, entry in enumerate(others, start=1)
    ]
    primary = (finding.primary,) if finding.primary else ()
    fixes = [fix for _, fix in offers if fix is not None]
    lines = (shown.message, *shown.decided, shown.suggestion)
    return {
        "ruleId": finding.rule_id,
        "level": _LEVELS[finding.severity],
        "kind": "fail",
        "message": {"text": "\n".join(filter(None, lines))},
        "locations": [_location(view, finding.origin, primary)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        **({"fixes": fixes} if fixes else {}),
        **_standing(shown, view),
        "properties": {
            name: each for name, each in properties.items() if each not in (None, [], ())
        },
    }


def _standing(shown: FindingView, view: View) -> Json:
    """How a finding stands to the baseline and to what people said of it.

    One of which people said something is neither known nor new by that: the baseline was not asked.
    """
    settled = shown.finding.disposition
    if settled is not None and settled.kind is not DispositionKind.KNOWN:
        suppression = {"kind": "external", "status": "accepted", "justification": shown.settled}
        return {"suppressions": [suppression]}
    if not view.audit.compared:
        return {}
    return {"baselineState": "new" if settled is None else "unchanged"}


def _offer(offer: OfferView) -> Json:
    return {
        "text": offer.changes,
        "edits": edit_fields(offer.suggestion),
        **picked(offer.suggestion, "settles", "grade"),
        "why": offer.why,
    }


def _fix(offer: OfferView, view: View) -> Json | None:
    """The suggestion as a change of the file, where its every character is known; else None.

    Only what is likely is one, and never where the reading may be at fault and not the document.
    """
    suggestion = offer.suggestion
    if suggestion.grade is not Grade.LIKELY or any(slip.misreading for slip in suggestion.slips):
        return None
    source, replacements = view.report.source, []
    for edit in suggestion.edits:
        entry = view.report.entries.get(edit.address)
        columns = columns_of(source, entry.origin) if entry else None
        if entry is None or columns is None or not entry.raw or entry.raw.strip() != edit.before:
            return None
        if columns[1] - columns[0] + 1 != len(edit.before):
            return None
        region = _region(source, entry.origin)
        replacements.append({"deletedRegion": region, "insertedContent": {"text": edit.after}})
    change = {"artifactLocation": _artifact_at(source.name), "replacements": replacements}
    return {
        "description": {"text": offer.changes},
        "artifactChanges": [change],
        "properties": _offer(offer),
    }


def _artifact_at(name: str) -> Json:
    """The file, relative to where the command was run."""
    return {"uri": quote(name, safe="/"), "uriBaseId": _ROOT}


def _whole(name: str) -> Json:
    """A file as a place."""
    return {"physicalLocation": {"artifactLocation": _artifact_at(name)}}


def _location(view: View, origin: Origin | None, cells: Iterable[Address]) -> Json:
    """Where in the file, as far as it has lines, and where on the form."""
    place = _whole(view.name)
    if region := _region(view.report.source, origin):
        place["physicalLocation"]["region"] = region
    logical: list[Json] = [
        {"name": view.form.describe(box), "fullyQualifiedName": str(box), "kind": "cell"}
        for box in cells
    ]
    places = plain_data(origin) or {}
    logical += [
        {"name": str(places[kind]), "kind": kind} for kind in ("page", "selector") if kind in places
    ]
    properties = {name: places[name] for name in ("page", "bbox", "selector") if name in places}
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
