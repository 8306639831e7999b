"""Judging one document as its settings want it; what several documents share is loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Protocol, TypeVar

from auditor.cli.inputs import Found, find
from auditor.cli.run import Run
from auditor.cli.selection import Choice, choose
from auditor.cli.settings import limits_of
from auditor.configuration.settings import Settings
from auditor.findings.receipts import verdict_of
from auditor.model.check import Severity
from auditor.model.finding import Audit
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.renderers import Judged

_Loaded = TypeVar("_Loaded")
_DECIDED = "decided"


class _Decided(Protocol):
    """`auditor.cli.decided.Decided`, which is imported only where something was decided before."""

    def load(self, settings: Settings) -> object: ...

    def settle(self, audit: Audit, settings: Settings) -> Audit: ...

    def left_over(self, language: str) -> Iterator[str]: ...


class Bench:
    """Audits documents under their settings."""

    def __init__(self, run: Run, verify: bool, today: date | None) -> None:
        self._run = run
        self._verify = verify
        self._today = today or date.today()
        self._loaded: dict[Any, Any] = {}

    def prepare(self, found: list[Found]) -> None:
        """Load all that the files' settings name, so that what is wrong is said before any output.

        Raises `click.UsageError` and `DefinitionError`.
        """
        for each in found:
            settings = self._run.configured.settings(each)
            self._choice(settings)
            self._earlier(settings)
            if _decides(settings):
                self._decided().load(settings)

    def judge(self, document: Document, settings: Settings) -> Judged:
        """The audit, with severities, baseline and waivers as the settings want them."""
        result = self.audit(document, settings)
        if _decides(settings):
            result = self._decided().settle(result, settings)
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
        if not choice.severities:
            return result
        from auditor.findings.regrade import regrade  # most runs leave severities as they are

        return regrade(result, choice.severities)

    def summary(self) -> None:
        """To standard error: what was decided and served for nothing, as far as a run can tell."""
        if _DECIDED in self._loaded:
            for line in self._decided().left_over(self._run.language):
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

    def _decided(self) -> _Decided:
        from auditor.cli.decided import Decided

        return self._once(_DECIDED, lambda: Decided(self._today))

    def _once(self, key: Any, load: Callable[[], _Loaded]) -> _Loaded:
        if key not in self._loaded:
            self._loaded[key] = load()
        found: _Loaded = self._loaded[key]
        return found


def _decides(settings: Settings) -> bool:
    """Whether there is a file of decisions."""
    return settings.baseline is not None or settings.waivers is not None
