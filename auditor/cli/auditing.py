"""What documents come to: read, or audited as their settings want it, with what was decided."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from auditor.cli.config import Settings, SettingSource, SourceKind, limits_of
from auditor.cli.inputs import documents, find
from auditor.cli.options import unknown_name
from auditor.cli.process import say
from auditor.cli.session import Session
from auditor.cli.workers import Work
from auditor.definitions.library import Library
from auditor.errors import DefinitionError
from auditor.findings.conclude import verdict_of
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Audit, Failure
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, match_prose, read_report
from auditor.readers import Limits
from auditor.reporters import AppliedSettings, Item, Judged, Reading

OFF = "off"
_MOST_EARLIER = 20_000
"""Files and folders among which last year's reports are looked for; all are held at once."""


class ReadPlan(Struct, frozen=True):
    """Reads documents and judges nothing."""

    library: Library
    verify: bool
    limits: Limits

    def __call__(self, document: Document) -> Reading:
        form, report = read_report(document, self.library, self.verify, self.limits)
        return Reading(form, report, match_prose(form, report, self.library))


class Reader:
    """What documents come to that are only read."""

    def __init__(self, session: Session, verify: bool) -> None:
        self._session = session
        self._verify = verify
        self._plans: dict[Settings, ReadPlan] = {}

    def plan(self, settings: Settings) -> ReadPlan:
        """As `Task.plan`."""
        if settings not in self._plans:
            library, limits = self._session.library(settings), limits_of(settings.limits)
            self._plans[settings] = ReadPlan(library, self._verify, limits)
        return self._plans[settings]

    def held(self, settings: Settings) -> AppliedSettings | None:
        """As `Task.held`."""
        return AppliedSettings(settings.file) if settings.file is not None else None

    def finish(self, made: Reading, settings: Settings) -> Item:
        """As it was read."""
        return made


class RuleSelection(Struct, frozen=True):
    """What is told, and how bad it is said to be."""

    rules: frozenset[str] | None = None
    """Ids of the rules whose findings are told; None for all."""
    severities: Mapping[str, Severity] = {}
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
            selected_rules=self.selection.rules,
            verify=self.verify,
            limits=self.limits,
            earlier=self.earlier,
        )
        if not self.selection.severities:
            return result
        from auditor.findings.build import regrade  # most runs leave severities as they are

        return regrade(result, self.selection.severities)


class Auditor:
    """Audits documents under their settings, and applies what was decided about findings."""

    def __init__(
        self,
        session: Session,
        verify: bool = False,
        today: date | None = None,
        decided: bool = True,
    ) -> None:
        """Without `decided`, findings are as they were before anything that was decided about them.

        Raises `click.UsageError` and `DefinitionError` for what any file's settings name: what is
        wrong is said before any output.
        """
        self._session = session
        self._verify = verify
        self._today = today or date.today()
        self._plans: dict[Settings, AuditPlan] = {}
        self._earlier: dict[Any, tuple[Report, ...]] = {}
        self._decided = decided
        self._files: Any = None
        """`DecisionFiles`, which are imported only where something was decided."""
        for each in session.found if decided else ():
            settings = session.configured.settings(each)
            self.plan(settings)
            self._decisions(settings)

    def plan(self, settings: Settings) -> AuditPlan:
        """As `Task.plan`."""
        if settings not in self._plans:
            library = self._session.library(settings)
            self._plans[settings] = AuditPlan(
                library,
                select_rules(library, settings, self._session.language),
                self._verify,
                limits_of(settings.limits),
                self._earlier_reports(settings),
            )
        return self._plans[settings]

    def held(self, settings: Settings) -> AppliedSettings | None:
        """The configuration file that took effect, with how many rules it silenced."""
        if settings.file is None:
            return None
        selection = self.plan(settings).selection
        return AppliedSettings(settings.file, selection.silenced, selection.lowered)

    def finish(self, made: Audit, settings: Settings) -> Judged:
        """The audit, with baseline and waivers as the settings want them."""
        if not self._decided:
            return Judged(made, verdict_of(made))
        if files := self._decisions(settings):
            made = files.apply(made, settings)
        return Judged(made, verdict_of(made, Severity(settings.fail_on)), self.held(settings))

    def summary(self) -> None:
        """To standard error: what was decided and served for nothing, as far as a run can tell."""
        for line in self._files.left_over(self._session.language) if self._files else ():
            say(line)

    def _decisions(self, settings: Settings) -> Any:
        """The files of decisions, with those of the settings; None where they name none."""
        if settings.baseline is None and settings.waivers is None:
            return None
        from auditor.cli.decisions import DecisionFiles

        self._files = self._files or DecisionFiles(self._today)
        self._files.load(settings)
        return self._files

    def _earlier_reports(self, settings: Settings) -> tuple[Report, ...]:
        """The reports of earlier years; one that cannot be read is a wrong argument."""
        limits = limits_of(settings.limits)
        key = settings.rules, settings.forms, limits, settings.previous
        if key not in self._earlier:
            language = self._session.language
            plan = ReadPlan(self._session.library(settings), False, limits)
            reports = []
            for one in find(settings.previous, language, _MOST_EARLIER):
                for each in documents(one, language, limits):
                    made: Any = each
                    if not isinstance(each, Failure):
                        made = self._session.workers.run(Work(each, settings, plan, language))
                    if isinstance(made, Failure):
                        why = {"path": made.name, "why": made.message}
                        raise click.UsageError(phrase("cli-previous", language, **why))
                    reports.append(made.report)
            self._earlier[key] = tuple(reports)
        return self._earlier[key]


def select_rules(library: Library, settings: Settings, language: str) -> RuleSelection:
    """The rules that the settings choose.

    Raises `click.UsageError` for a pattern on the command line that names no rule,
    `DefinitionError` for one in a file.
    """
    rules = [rule for own in library.rules.values() for rule in own]
    known = sorted({rule.id for rule in rules})
    errors = {rule.id for rule in rules if rule.severity is Severity.ERROR}

    def matching(patterns: Iterable[str], key: str) -> set[str]:
        split = [part.strip() for text in patterns for part in text.split(",")]
        source = settings.source(key)
        return {own for each in split for own in _matching(each, known, source, language)}

    levels: dict[str, str] = {}
    for pattern, level in settings.severities.items():
        levels |= dict.fromkeys(matching([pattern], f"severities.{pattern}"), level)
    selected = matching(settings.select, "select") if settings.select else set(known)
    left_out = {
        "severities": {rule for rule, level in levels.items() if level == OFF},
        "select": set(known) - selected,
        "ignore": matching(settings.ignore, "ignore"),
    }
    # Severities are set in files only; the other two in one place, the strongest that sets them.
    silenced = set[str]().union(
        *(
            own
            for key, own in left_out.items()
            if key == "severities"
            or settings.source(key).kind in (SourceKind.FILE, SourceKind.OVERRIDE)
        )
    )
    reported = frozenset(known).difference(*left_out.values())
    graded = {rule: Severity(level) for rule, level in levels.items() if level != OFF}
    milder = {rule for rule, severity in graded.items() if severity is not Severity.ERROR}
    lowered = len(reported & errors & milder)
    is_whole = len(reported) == len(known)
    return RuleSelection(None if is_whole else reported, graded, len(silenced), lowered)


def with_chosen_forms(library: Library, settings: Settings) -> Library:
    """The library with the forms that the settings name."""
    known = [form.id for form in library.forms]
    source = settings.source("forms")
    kept = {form for each in settings.forms for form in _matching(each, known, source, "", "form")}
    forms = tuple(form for form in library.forms if form.id in kept)
    books = {key: book for key, book in library.rulebooks.items() if key in kept}
    return replace(library, forms=forms, rulebooks=books)


def _matching(
    pattern: str, known: Sequence[str], source: SettingSource, language: str, what: str = "rule"
) -> list[str]:
    """What the pattern names; the nearest is told where that is nothing."""
    own = fnmatch.filter(known, pattern)
    if own:
        return own
    if source.kind is SourceKind.COMMAND_LINE:
        raise unknown_name("cli-unknown-rule", pattern, known, language)
    from auditor.yamlsource import nearest  # only what went wrong needs it

    said = f"there is no {what} {pattern!r}"
    raise DefinitionError(what, said, place=source.place, hint=nearest(pattern, known))
