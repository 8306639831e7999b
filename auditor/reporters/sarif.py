"""Audits as SARIF 2.1.0, one run for all reports: findings as results, doubts as notifications.

What was not audited is no result, since it is nothing that the author did: it is a notification of
the run, which then did not succeed, so that a file without results never looks clean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from auditor import __version__
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Rule
from auditor.model.finding import Audit, Failure, Status, Verdict
from auditor.model.silenced import silenced_errors
from auditor.model.source import Notice
from auditor.reporters import Item, Judged, Style
from auditor.reporters.doubts import doubt_in_words
from auditor.reporters.flat import (
    NOT_AUDITED,
    audits,
    failed,
    gaps,
    spoken,
    unaudited,
    undecided,
)
from auditor.reporters.held import SETTINGS, held_in_words
from auditor.reporters.sarif_results import LEVELS, ROOT, Json, artifact_at, location, result

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render_sarif(items: Iterable[Item], style: Style) -> Iterator[str]:
    """One document with one run, when all reports are done."""
    run = _Run(style.language)
    for item in audits(items):
        run.take(item)
    whole = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run.document()]}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


class _Run:
    """What is gathered of each report while it passes; no report is kept."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.rules: dict[str, Json] = {}
        self.artifacts: list[Json] = []
        self.results: list[Json] = []
        self.notifications: list[Json] = []
        self.successful = True

    def take(self, item: Judged | Failure) -> None:
        if isinstance(item, Failure):
            self._artifact(item.name, item.sha256, item.media_type)
            self.successful = False
            self._notify(f"input-{item.code}", "error", failed(item, self.language), item.name)
            return
        audit = item.audit
        source = audit.report.source
        self._artifact(source.name, source.sha256, source.media_type)
        for outcome in audit.outcomes:
            rule = outcome.check.rule
            if rule.id not in self.rules:
                self.rules[rule.id] = _rule(rule, self.language)
        self.results += [result(finding, audit, self.language) for finding in audit.findings]
        self._doubts(item)

    def _doubts(self, item: Judged) -> None:
        """What was not read, not decided or doubted."""
        audit, language = item.audit, self.language
        name = audit.report.source.name
        if item.verdict is Verdict.NOT_AUDITED:
            self.successful = False
            self._notify(NOT_AUDITED, "error", unaudited(item, language), name)
        else:
            for gap in gaps(item, language):
                self._notify("not-read", "warning", gap, name)
        if said := undecided(audit, language):
            self._notify("undetermined", "warning", said, name)
            self.notifications[-1]["properties"] = {
                "checks": [
                    each.check.id for each in audit.outcomes if each.status is Status.UNDETERMINED
                ]
            }
        if said := held_in_words(item, language):
            self._notify(SETTINGS, "warning" if silenced_errors(audit) else "note", said, name)
        for notice in audit.notices:
            said = doubt_in_words(notice, audit.form, language)
            self._notify(notice.code, "note", said, name, audit, notice)

    def _notify(
        self,
        code: str,
        level: str,
        text: str,
        name: str,
        audit: Audit | None = None,
        notice: Notice | None = None,
    ) -> None:
        place: Json = {"physicalLocation": {"artifactLocation": artifact_at(name)}}
        if audit is not None and notice is not None:
            place = location(audit.report, audit.form, notice.origin, notice.addresses)
        self.notifications.append(
            {
                "descriptor": {"id": code},
                "level": level,
                "message": {"text": text},
                "locations": [place],
            }
        )

    def _artifact(self, name: str, sha256: str | None, media_type: str | None) -> None:
        artifact: Json = {"location": artifact_at(name), "roles": ["analysisTarget"]}
        if media_type:
            artifact["mimeType"] = media_type
        if sha256:
            artifact["hashes"] = {"sha-256": sha256}
        if artifact not in self.artifacts:
            self.artifacts.append(artifact)

    def document(self) -> Json:
        """The run, its rules in the order of their ids."""
        order = {rule: index for index, rule in enumerate(sorted(self.rules))}
        for each in self.results:
            each["ruleIndex"] = order[each["ruleId"]]
        if any("suppressions" in each for each in self.results):
            for each in self.results:  # by the standard all of a run's results have them or none
                each.setdefault("suppressions", [])
        codes = sorted({each["descriptor"]["id"] for each in self.notifications})
        for each in self.notifications:
            each["descriptor"]["index"] = codes.index(each["descriptor"]["id"])
        root = {"text": phrase("working-directory", self.language)}
        return {
            "tool": {
                "driver": {
                    "name": "audit",
                    "semanticVersion": __version__,
                    "language": self.language,
                    "rules": [self.rules[rule] for rule in order],
                    "notifications": [{"id": code} for code in codes],
                }
            },
            "language": self.language,
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {ROOT: {"description": root}},
            "invocations": [
                {
                    "executionSuccessful": self.successful,
                    "toolExecutionNotifications": self.notifications,
                }
            ],
            "artifacts": self.artifacts,
            "results": self.results,
        }


def _rule(rule: Rule, language: str) -> Json:
    """A rule with its help in every language, the one asked for first."""
    order = sorted(LANGUAGES, key=lambda each: each != language)
    texts, marked = [], []
    for each in order:
        statement = spoken(rule.statement, each)
        parts = [statement, phrase("basis-is", each, basis=rule.basis)]
        if rule.advice:
            parts.append(phrase("advice-is", each, advice=spoken(rule.advice, each)))
        texts.append("\n".join(parts))
        marked.append(f"**{statement}**\n\n" + "\n\n".join(parts[1:]))
    statement = spoken(rule.statement, language)
    return {
        "id": rule.id,
        "shortDescription": {"text": statement},
        "fullDescription": {"text": texts[0]},
        "messageStrings": {each: {"text": spoken(rule.statement, each)} for each in LANGUAGES},
        "help": {"text": "\n\n".join(texts), "markdown": "\n\n---\n\n".join(marked)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"basis": rule.basis, "kind": rule.kind, "table": rule.table},
    }
