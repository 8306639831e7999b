"""Judging one document as its settings want it; what several documents share is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from auditor.cli.files import read_decisions
from auditor.cli.inputs import Found, find
from auditor.cli.run import Run
from auditor.cli.selection import Choice, choose
from auditor.cli.settings import limits_of
from auditor.configuration.settings import Settings
from auditor.findings.receipts import verdict_of
from auditor.findings.regrade import regrade
from auditor.model.check import Place, Severity
from auditor.model.disposition import Decisions
from auditor.model.finding import Audit
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.renderers import Judged
from auditor.wording import phrase

_Loaded = TypeVar("_Loaded")


class Bench:
    """Audits documents under their settings, and remembers which decisions served."""

    def __init__(self, run: Run, verify: bool, today: date | None) -> None:
        self._run = run
        self._verify = verify
        self._today = today or date.today()
        self._loaded: dict[Any, Any] = {}
        self._met: set[Place] = set()
        self._served: set[Place] = set()

    def prepare(self, found: list[Found]) -> None:
        """Load all that the files' settings name, so that what is wrong is said before any output.

        Raises `click.UsageError` and `DefinitionError`.
        """
        for each in found:
            settings = self._run.configured.settings(each)
            self._choice(settings)
            self._earlier(settings)
            self._decisions(settings)

    def judge(self, document: Document, settings: Settings) -> Judged:
        """The audit, with severities, baseline and waivers as the settings want them."""
        result = self.audit(document, settings)
        decisions = self._decisions(settings)
        if decisions.known or decisions.accepted:
            from auditor.dispositions.settle import concerns, settle  # most runs decide nothing

            result = settle(result, decisions, self._today)
            self._met |= {
                each.place for each in decisions.accepted if concerns(each, result.report)
            }
            self._served |= {
                finding.disposition.place
                for finding in result.findings
                if finding.disposition is not None and finding.disposition.place is not None
            }
        return Judged(result, verdict_of(result, Severity(settings.fail_on)))

    def audit(self, document: Document, settings: Settings) -> Audit:
        """The audit as it is before anything that was decided about findings."""
        choice = self._choice(settings)
        result = audit(
            document,
            self._run.library(settings),
            told=choice.told,
            verify=self._verify,
            limits=limits_of(settings.limits or {}),
            earlier=self._earlier(settings),
        )
        return regrade(result, choice.severities) if choice.severities else result

    def summary(self) -> None:
        """To standard error: waivers that no single report can call unused, and expired ones."""
        if not any(key[0] == "decisions" for key in self._loaded):
            return
        from auditor.dispositions.settle import covers_many, has_expired

        said: dict[str, None] = {}
        for key, decisions in self._loaded.items():
            for item in decisions.accepted if key[0] == "decisions" else ():
                values = {"place": item.place, "rule": item.rule, "cell": item.address}
                code = f"cli-{item.kind.value}"
                if has_expired(item, self._today):
                    if item.place not in self._met:
                        expired = phrase(
                            f"{code}-expired", self._run.language, day=item.expires, **values
                        )
                        said[expired] = None
                elif covers_many(item) and item.place in self._met - self._served:
                    said[phrase(f"{code}-unused", self._run.language, **values)] = None
        for line in said:
            self._run.say(line)

    def _choice(self, settings: Settings) -> Choice:
        severities = tuple((settings.severities or {}).items())
        key = "choice", settings.rules, settings.forms, settings.select, settings.ignore, severities
        library = self._run.library(settings)
        return self._once(key, lambda: choose(library, settings, self._run.language))

    def _earlier(self, settings: Settings) -> tuple[Report, ...]:
        if not settings.previous:
            return ()
        limits = tuple((settings.limits or {}).items())
        key = "earlier", settings.rules, settings.forms, limits, settings.previous
        language, say = self._run.language, self._run.say
        return self._once(
            key,
            lambda: tuple(self._run.reports(find(settings.previous, language, say), settings)),
        )

    def _decisions(self, settings: Settings) -> Decisions:
        if settings.baseline is None and settings.waivers is None:
            return Decisions()
        key = "decisions", settings.baseline, settings.waivers
        return self._once(key, lambda: read_decisions(settings))

    def _once(self, key: Any, load: Callable[[], _Loaded]) -> _Loaded:
        if key not in self._loaded:
            self._loaded[key] = load()
        found: _Loaded = self._loaded[key]
        return found
