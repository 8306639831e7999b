"""Documents judged as their settings want it; what several of them share is loaded once."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from auditor.cli.config import limits_of
from auditor.cli.inputs import find
from auditor.cli.options import unknown_name
from auditor.cli.process import say
from auditor.cli.session import Session
from auditor.configuration import From, Settings, SettingSource
from auditor.definitions.library import Library
from auditor.errors import DefinitionError
from auditor.findings.conclude import verdict_of
from auditor.model.check import Severity
from auditor.model.finding import Audit
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import Limits
from auditor.reporters import Held, Judged

OFF = "off"
_MOST_EARLIER = 20_000
"""Files and folders among which last year's reports are looked for; all are held at once."""


class RuleSelection(Struct, frozen=True):
    """What is told, and how bad it is said to be."""

    selected_rules: frozenset[str] | None
    """Ids of the rules whose findings are told; None for all."""
    severities: Mapping[str, Severity]
    """By rule, where it is not the rule's own."""
    silenced: int = 0
    """Rules that a configuration file keeps from being told."""
    lowered: int = 0
    """Rules that are errors by themselves, and that a configuration file makes milder."""


class AuditPlan(Struct, frozen=True):
    """Audits documents, before anything that was decided about findings; goes to other processes
    as it is."""

    library: Library
    selection: RuleSelection
    verify: bool
    limits: Limits
    earlier: tuple[Report, ...]

    def __call__(self, document: Document) -> Audit:
        """The audit, with severities as they were set."""
        result = audit(
            document,
            self.library,
            selected_rules=self.selection.selected_rules,
            verify=self.verify,
            limits=self.limits,
            earlier=self.earlier,
        )
        if not self.selection.severities:
            return result
        from auditor.findings.revise import regrade  # most runs leave severities as they are

        return regrade(result, self.selection.severities)


class _DecisionFiles(Protocol):
    """`auditor.cli.decisions.DecisionFiles`, which is imported only where something was decided."""

    def load(self, settings: Settings) -> object: ...

    def apply(self, audit: Audit, settings: Settings) -> Audit: ...

    def left_over(self, language: str) -> Iterator[str]: ...


class Auditor:
    """Audits documents under their settings, and applies what was decided about findings."""

    def __init__(self, session: Session, verify: bool = False, today: date | None = None) -> None:
        """Raises `click.UsageError` and `DefinitionError` for what any file's settings name: what
        is wrong is said before any output."""
        self._session = session
        self._verify = verify
        self._today = today or date.today()
        self._selections: dict[Any, RuleSelection] = {}
        self._earlier: dict[Any, tuple[Report, ...]] = {}
        self._plans: dict[Any, AuditPlan] = {}
        self._decided: _DecisionFiles | None = None
        for each in session.found:
            self.prepare(session.configured.settings(each))

    def prepare(self, settings: Settings) -> None:
        """Loads all that the settings name."""
        self._selection(settings)
        self._reports_of(settings)
        if settings.baseline is not None or settings.waivers is not None:
            from auditor.cli.decisions import DecisionFiles

            self._decided = self._decided or DecisionFiles(self._today)
            self._decided.load(settings)

    def plan(self, settings: Settings) -> AuditPlan:
        """How the settings want documents audited; the same for all that want the same."""
        key = _wanted(settings, "rules", "forms", "previous", "select", "ignore", *_TABLES)
        if key not in self._plans:
            self._plans[key] = AuditPlan(
                self._session.library(settings),
                self._selection(settings),
                self._verify,
                limits_of(settings.limits),
                self._reports_of(settings),
            )
        return self._plans[key]

    def finish(self, made: Audit, settings: Settings) -> Judged:
        """The audit, with baseline and waivers as the settings want them."""
        if settings.baseline is not None or settings.waivers is not None:
            self.prepare(settings)
            assert self._decided is not None
            made = self._decided.apply(made, settings)
        return Judged(made, verdict_of(made, Severity(settings.fail_on)), self.held(settings))

    def held(self, settings: Settings) -> Held | None:
        """The configuration file that took effect, with how many rules it silenced."""
        if settings.file is None:
            return None
        selection = self._selection(settings)
        return Held(settings.file, selection.silenced, selection.lowered)

    def summary(self) -> None:
        """To standard error: what was decided and served for nothing, as far as a run can tell."""
        for line in self._decided.left_over(self._session.language) if self._decided else ():
            say(line)

    def _selection(self, settings: Settings) -> RuleSelection:
        key = _wanted(settings, "rules", "forms", "select", "ignore", "severities")
        if key not in self._selections:
            library = self._session.library(settings)
            self._selections[key] = select_rules(library, settings, self._session.language)
        return self._selections[key]

    def _reports_of(self, settings: Settings) -> tuple[Report, ...]:
        """Those of earlier years."""
        key = _wanted(settings, "rules", "forms", "limits", "previous")
        if key not in self._earlier:
            found = find(settings.previous, self._session.language, say, _MOST_EARLIER)
            self._earlier[key] = tuple(self._session.earlier_reports(found, settings))
        return self._earlier[key]


class UndecidedAuditor(Auditor):
    """As `Auditor`, but with findings as they are before anything that was decided about them."""

    def prepare(self, settings: Settings) -> None:
        """Nothing: a single report says itself what is wrong, and files of decisions are not
        read."""

    def finish(self, made: Audit, settings: Settings) -> Judged:
        """The audit as it was made."""
        return Judged(made, verdict_of(made))


_TABLES = "severities", "limits"


def _wanted(settings: Settings, *names: str) -> tuple[object, ...]:
    """The values of these settings, to tell whether two reports want the same."""
    values = (getattr(settings, name) for name in names)
    return tuple(tuple(each.items()) if isinstance(each, Mapping) else each for each in values)


def select_rules(library: Library, settings: Settings, language: str) -> RuleSelection:
    """The rules that the settings choose.

    Raises `click.UsageError` for a pattern on the command line that names no rule,
    `DefinitionError` for one in a file.
    """
    known = sorted({rule.id for rules in library.rules.values() for rule in rules})

    def matching(patterns: Iterable[str], key: str) -> frozenset[str]:
        split = [part.strip() for text in patterns for part in text.split(",")]
        source = settings.source(key)
        return frozenset(own for each in split for own in _named(each, known, source, language))

    levels: dict[str, str] = {}
    for pattern, level in settings.severities.items():
        levels |= dict.fromkeys(matching([pattern], f"severities.{pattern}"), level)
    off = {rule for rule, level in levels.items() if level == OFF}
    selected = matching(settings.select, "select") if settings.select else frozenset(known)
    ignored = matching(settings.ignore, "ignore")
    told = selected - ignored - off
    graded = {rule: Severity(level) for rule, level in levels.items() if rule not in off}

    # Severities are set in files only; the other two in one place, the strongest that sets them.
    silenced = set(off)
    silenced |= set(known) - selected if _is_from_file(settings, "select") else set()
    silenced |= ignored if _is_from_file(settings, "ignore") else set()
    errors = {
        rule.id
        for rules in library.rules.values()
        for rule in rules
        if rule.severity is Severity.ERROR
    }
    milder = {rule for rule, level in graded.items() if level is not Severity.ERROR}
    is_whole = told == frozenset(known)
    lowered = len(told & errors & milder)
    return RuleSelection(None if is_whole else told, graded, len(silenced), lowered)


def _is_from_file(settings: Settings, key: str) -> bool:
    return settings.source(key).kind in (From.FILE, From.OVERRIDE)


def limited(library: Library, settings: Settings) -> Library:
    """The library with the forms that the settings name."""
    known = [form.id for form in library.forms]
    source = settings.source("forms")
    kept = {form for each in settings.forms for form in _named(each, known, source, "", "form")}
    forms = tuple(form for form in library.forms if form.id in kept)
    books = {key: book for key, book in library.rulebooks.items() if key in kept}
    return replace(library, forms=forms, rulebooks=books)


def _named(
    pattern: str, known: Sequence[str], source: SettingSource, language: str, what: str = "rule"
) -> list[str]:
    """What the pattern names; the nearest is told where that is nothing."""
    own = fnmatch.filter(known, pattern)
    if own:
        return own
    if source.kind is From.COMMAND_LINE:
        raise unknown_name("cli-unknown-rule", pattern, known, language)
    from auditor.yamlsource import nearest  # only what went wrong needs it

    said = f"there is no {what} {pattern!r}"
    raise DefinitionError(what, said, place=source.place, hint=nearest(pattern, known))
