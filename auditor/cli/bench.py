"""Judging one document as its settings want it; what several documents share is loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from auditor.cli.inputs import Found, find
from auditor.cli.run import Run
from auditor.cli.selection import Choice, choose
from auditor.cli.settings import limits_of
from auditor.configuration.settings import Settings
from auditor.findings.conclude import verdict_of
from auditor.library import Library
from auditor.model.check import Severity
from auditor.model.finding import Audit
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import Limits
from auditor.reporters import Held, Judged

_Loaded = TypeVar("_Loaded")
_DECIDED = "decided"
_MOST_EARLIER = 20_000
"""Files and folders among which last year's reports are looked for; all are held at once."""


class _Decided(Protocol):
    """`auditor.cli.decided.Decided`, which is imported only where something was decided before."""

    def load(self, settings: Settings) -> object: ...

    def settle(self, audit: Audit, settings: Settings) -> Audit: ...

    def left_over(self, language: str) -> Iterator[str]: ...


@noun
class Auditing:
    """Audits documents, before anything that was decided about findings; goes to other processes
    as it is."""

    library: Library
    selected_rules: frozenset[str] | None
    severities: Mapping[str, Severity]
    verify: bool
    limits: Limits
    earlier: tuple[Report, ...]

    def __call__(self, document: Document) -> Audit:
        """The audit, with severities as they were set."""
        result = audit(
            document,
            self.library,
            selected_rules=self.selected_rules,
            verify=self.verify,
            limits=self.limits,
            earlier=self.earlier,
        )
        if not self.severities:
            return result
        from auditor.findings.revise import regrade  # most runs leave severities as they are

        return regrade(result, self.severities)


class Bench:
    """Audits documents under their settings, and applies what was decided about findings."""

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

    def plan(self, settings: Settings) -> Auditing:
        """How the settings want documents audited; the same for all that want the same."""
        severities = tuple((settings.severities or {}).items())
        limits = tuple((settings.limits or {}).items())
        files = settings.rules, settings.forms, settings.previous
        key = "plan", files, settings.select, settings.ignore, severities, limits
        return self._once(key, lambda: self._plan(settings))

    def _plan(self, settings: Settings) -> Auditing:
        choice = self._choice(settings)
        return Auditing(
            self._run.library(settings),
            choice.selected_rules,
            choice.severities,
            self._verify,
            limits_of(settings.limits or {}),
            self._earlier(settings),
        )

    def finish(self, made: Audit, settings: Settings) -> Judged:
        """The audit, with baseline and waivers as the settings want them."""
        if _decides(settings):
            made = self._decided().settle(made, settings)
        verdict = verdict_of(made, Severity(settings.fail_on))
        return Judged(made, verdict, self.held(settings))

    def held(self, settings: Settings) -> Held | None:
        """The configuration file that took effect, with how many rules it silenced."""
        if settings.file is None:
            return None
        choice = self._choice(settings)
        return Held(settings.file, choice.silenced, choice.lowered)

    def earlier(self, settings: Settings) -> tuple[Report, ...]:
        """The reports of earlier years that the settings name."""
        return self._earlier(settings)

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
            lambda: tuple(
                self._run.reports(find(settings.previous, language, say, _MOST_EARLIER), settings)
            ),
        )

    def _decided(self) -> _Decided:
        from auditor.cli.decided import Decided

        return self._once(_DECIDED, lambda: Decided(self._today))

    def _once(self, key: Any, load: Callable[[], _Loaded]) -> _Loaded:
        if key not in self._loaded:
            self._loaded[key] = load()
        found: _Loaded = self._loaded[key]
        return found


class Undecided(Bench):
    """As `Bench`, but with findings as they are before anything that was decided about them."""

    def finish(self, made: Audit, settings: Settings) -> Judged:
        """The audit as it was made."""
        return Judged(made, verdict_of(made))


def _decides(settings: Settings) -> bool:
    """Whether there is a file of decisions."""
    return settings.baseline is not None or settings.waivers is not None
