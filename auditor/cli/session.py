"""A command over documents: options in; what each document comes to out, one at a time, counted:
read, or audited as its settings want it, with what was decided.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import click
from msgspec import Struct
from msgspec.structs import replace

from auditor.cli.config import (
    ExcludedFiles,
    Settings,
    SettingsFinder,
    SettingSource,
    SourceKind,
    limits_of,
)
from auditor.cli.files import (
    documents,
    find,
    output_files,
    parse_outputs,
    shows_failures,
    standard_output,
)
from auditor.cli.fragments import (
    Conclusion,
    NumberedDocument,
    OutputFormat,
    ReportDocuments,
    Reported,
    Undrawn,
    undrawn,
)
from auditor.cli.neighbours import Neighbours
from auditor.cli.options import unknown_name
from auditor.cli.process import (
    Ended,
    Progress,
    has_links,
    in_colour,
    language_of,
    say,
    summary_of,
    unwritable,
    width_of_output,
)
from auditor.cli.work import Plan, Work, failure_of
from auditor.cli.workers import Again, Workers
from auditor.definitions import Library, load_library
from auditor.errors import DefinitionError
from auditor.messages import Translator, phrase
from auditor.model.check import Place, Severity
from auditor.model.finding import Audit, Decisions, Failure, Verdict
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, match_prose, read_report
from auditor.readers import Limits
from auditor.report_cache import ReportCache, open_cache
from auditor.reporters import REPORTERS, AppliedSettings, Item, Judged, Reading, Style

_REPORTS_PER_WORKER = 2
"""At least, or one would start for nothing."""


class Task(Protocol):
    """What documents come to: made by a plan, perhaps elsewhere, and finished here in order."""

    def plan(self, settings: Settings) -> Plan:
        """How documents with these settings are worked on."""

    def applied_settings(self, settings: Settings) -> AppliedSettings | None:
        """The configuration file that took effect; None where none did."""

    def conclusion(self, settings: Settings) -> Conclusion | None:
        """What the plan's result comes to; None where it is told as it is."""

    def count_decisions(self, met: Collection[Place], served: Collection[Place]) -> None:
        """One more report: where the decisions stand that are for it, and those that served."""


class Session:
    """A run over documents with all that was asked for; counts what each came to as it goes."""

    def __init__(
        self,
        shared: Mapping[str, Any],
        formats: Mapping[str, str] = REPORTERS,
        entries: bool = False,
    ) -> None:
        """`shared` are the options. What is wrong with any, or with any file's settings, is said
        now: raises `click.UsageError` and `DefinitionError`."""
        provisional = language_of(shared["lang"], os.environ)
        self.format: str = shared["form_of_output"]
        self.formats = formats
        self.outputs = parse_outputs(shared.get("outputs", ()), formats, provisional)
        self.configured = SettingsFinder(shared, os.environ, provisional)
        found = find(shared["paths"], provisional, stdin_name=shared.get("stdin_filename"))
        self._excluded = ExcludedFiles(self.configured)
        self.found = [one for one in found if not self._excluded.leaves_out(one)]
        if not self.found:
            self._excluded.say(provisional)
            if all(one.is_named for one in found):
                raise click.exceptions.Exit(0)
            raise click.UsageError(phrase("cli-all-excluded", provisional))
        self.quiet: bool = shared["quiet"]
        settings = self.configured.settings(self.found[0])
        asked = settings.lang
        self.language = asked or provisional
        self.style = Style(
            language=self.language,
            is_asked_for=asked is not None,
            entries=entries,
            colour=in_colour(shared["no_color"]),
            width=width_of_output(),
            detail=-1 if self.quiet else int(shared["verbose"]),
            is_batch=self.quiet and len(self.found) > 1,
            docs=settings.docs or "",
            links=has_links(os.environ),
        )
        every = {self.format, *(name for name, _ in self.outputs if name != "terminal")}
        self.says_failures = not all(shows_failures(name, formats) for name in every)
        """Whether standard error names what failed, as some output has no place for it."""
        files = len(self.found)
        self.progress = Progress(files, not self.quiet, phrase("cli-stopping", self.language))
        usual = min(os.cpu_count() or 1, files // _REPORTS_PER_WORKER)
        self.jobs: int = shared.get("jobs") or max(1, usual)
        self.cache = open_cache() if shared.get("cache") else None
        self.workers = Workers()
        click.get_current_context().call_on_close(self.workers.close)
        self.failed = 0
        self.lost = 0
        """Outputs that could not be drawn."""
        self.verdicts = dict.fromkeys(Verdict, 0)
        self._neighbours = Neighbours()
        self.applied: dict[AppliedSettings, int] = {}
        """How many documents each configuration file applied to."""
        self._libraries: dict[tuple[tuple[str, ...], ...], Library] = {}
        for each in self.found:
            self.library(self.configured.settings(each))

    def library(self, settings: Settings) -> Library:
        """The forms and rules that the settings name; loaded once for all that name the same."""
        key = settings.rules, settings.forms
        if key not in self._libraries:
            self._libraries[key] = library_of(settings)
        return self._libraries[key]

    def over(self, task: Task) -> Iterator[Item]:
        """What each document comes to as a whole, one at a time; failures where they stand."""
        for given, made in self._results(self._works(task)):
            item = made
            if not isinstance(made, Failure) and (conclude := task.conclusion(given.settings)):
                item = conclude(made)
            self._count(task, given, item, item.verdict if isinstance(item, Judged) else None)
            yield item

    def _results(
        self,
        works: Iterator[Work | Failure],
        again: Again = lambda given, made: None,
    ) -> Iterator[tuple[Any, Any]]:
        """As `Workers.over`, until the run is over or interrupted."""
        with self.progress.watching():
            try:
                yield from self.workers.over(works, self.jobs, self.progress.goes_on, again)
            except (KeyboardInterrupt, Ended) as ended:
                self.progress.stopped = True
                if isinstance(ended, Ended):
                    self.progress.code = ended.code
                return  # what was done stands, and the output is closed by whoever writes it

    def only(self, task: Task, path: str) -> Any:
        """What the one report at the path comes to.

        Ends the command where there is not exactly one, or where it cannot be read.
        """
        works = [*self._works(task)]
        if len(works) != 1:
            count = len(works)
            raise click.UsageError(phrase("cli-one-report", self.language, path=path, count=count))
        (given,) = works
        made = given if isinstance(given, Failure) else self.workers.run(given)
        self._count(task, given, made, None)
        if isinstance(made, Failure):
            raise click.exceptions.Exit(3)
        return made

    def _works(self, task: Task) -> Iterator[Work | Failure]:
        for one in self.found:
            try:
                limits = limits_of(self.configured.settings(one).limits)
                for each in documents(one, self.language, limits):
                    if isinstance(each, Failure):
                        yield each
                        continue
                    if each.name != one.name and self._excluded.leaves_out(one, each.name):
                        continue
                    settings = self.configured.settings(one, each.name)
                    yield Work(each, settings, task.plan(settings), self.language)
            except (DefinitionError, click.ClickException):
                raise
            except BaseException as error:  # of an archive, this is what stands in for the rest
                yield failure_of(one.name, error, self.language)

    def _count(self, task: Task, given: Work | Failure, made: Any, verdict: Verdict | None) -> None:
        """One more document is done."""
        if isinstance(given, Work) and (applied := task.applied_settings(given.settings)):
            self.applied[applied] = self.applied.get(applied, 0) + 1
        self.progress.step()
        if verdict is not None:
            self.verdicts[verdict] += 1
        if isinstance(made, Failure):
            self.failed += 1
            if self.says_failures:
                title = phrase("title-failure", self.language)
                line = f"{made.name}: {title}: {made.message} [{made.code}]"
                say(line)

    def write(self, task: Task) -> None:
        """Every output: standard output as reports are done, each file when all are.

        One that cannot be drawn is told and keeps no other from being whole. Raises
        `click.ClickException` for one that cannot be written.
        """
        shown = standard_output(self.format, self.formats, self.style, self._print)
        shows = shows_failures(self.format, self.formats)
        asked = (self.outputs, self.formats, self.found, self.style)
        with output_files(*asked, self.progress.goes_on, self._report_lost) as files:
            outputs = [*files, shown]
            formats = [
                OutputFormat(each.name, self.formats[each.name], each.style) for each in outputs
            ]
            works = self._reporting(task, tuple(formats))
            number = 0
            for given, made in self._results(works, self._told_otherwise):
                number += 1
                if isinstance(made, Failure):
                    self._count(task, given, made, None)
                    for output in outputs if shows else files:
                        output.report(made, number)
                    continue
                self._count(task, given, made, made.verdict)
                if made.decided is not None:
                    task.count_decisions(*made.decided)
                for output, fragment in zip(outputs, made.fragments, strict=True):
                    output.add(fragment)
            shown.finish()
            if shown.error is not None:
                self._report_lost(self.format, shown.error)

    def _reporting(self, task: Task, formats: tuple[OutputFormat, ...]) -> Iterator[Work | Failure]:
        """The works of which fragments are made."""
        plans: dict[Settings, ReportDocuments] = {}
        for number, given in enumerate(self._works(task), start=1):
            if isinstance(given, Failure):
                yield given
                continue
            settings, document = given.settings, given.document
            if settings not in plans:
                plans[settings] = ReportDocuments(given.plan, task.conclusion(settings), formats)
            about = document.name, document.content, document.media_type
            yield replace(given, document=NumberedDocument(*about, number), plan=plans[settings])

    def _told_otherwise(self, given: Work | Failure, made: Any) -> Work | None:
        """The same document, where there is more to be said of it beside those before it."""
        if not isinstance(given, Work) or not isinstance(made, Reported):
            return None
        notices = self._neighbours.notices(made.neighbour)
        return (
            replace(given, document=replace(given.document, notices=notices)) if notices else None
        )

    def _report_lost(self, name: str, error: Exception) -> None:
        """That a format could not be drawn, to standard error; the run is not all right then."""
        self.lost += 1
        why = error if isinstance(error, Undrawn) else undrawn(name, error, self.language)
        say(str(why))

    def _print(self, text: str | bytes) -> None:
        try:
            with self.progress.out_of_the_way():
                click.echo(text, nl=False, color=self.style.colour or None)
        except OSError as error:
            raise unwritable(error, self.language) from error

    def summary(self) -> None:
        """To standard error: what the documents came to, and how far an interrupted run came."""
        language, done, total = self.language, self.progress.done, self.progress.total
        if self.progress.stopped:
            say(phrase("cli-interrupted", language, done=done, total=total))
        total = sum(self.verdicts.values()) + self.failed
        if self.format in ("terminal", "statistics") and not self.quiet and total > 1:
            verdicts = {verdict.value: count for verdict, count in self.verdicts.items()}
            say(summary_of({**verdicts, "failed": self.failed}, language))
        self._excluded.say(language)
        for line in self._neighbours.lines(Translator(language), sum(self.verdicts.values())):
            say(line)
        for applied, count in self.applied.items():
            if applied.silenced or applied.lowered or not self.quiet:
                counts = {"silenced": applied.silenced, "lowered": applied.lowered}
                said = phrase("settings-applied", language, file=applied.file, **counts)
                say(said + phrase("cli-held", language, count=count))

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.progress.stopped:
            return self.progress.code
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.lost or self.verdicts[Verdict.NOT_AUDITED] else 0


OFF = "off"
_MOST_EARLIER = 20_000
"""Files and folders among which last year's reports are looked for; all are held at once."""


class ReadPlan(Struct, frozen=True):
    """Reads documents and judges nothing."""

    library: Library
    verify: bool
    limits: Limits
    cache: ReportCache | None = None

    def __call__(self, document: Document) -> Reading:
        form, report = read_report(document, self.library, self.verify, self.limits, self.cache)
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
            self._plans[settings] = ReadPlan(library, self._verify, limits, self._session.cache)
        return self._plans[settings]

    def applied_settings(self, settings: Settings) -> AppliedSettings | None:
        """As `Task.applied_settings`."""
        return AppliedSettings(settings.file) if settings.file is not None else None

    def conclusion(self, settings: Settings) -> None:
        """None: a report that was only read is told as it is."""

    def count_decisions(self, met: Collection[Place], served: Collection[Place]) -> None:
        """Nothing is decided about what is only read."""


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
    children: tuple[Report, ...] = ()
    cache: ReportCache | None = None

    def __call__(self, document: Document) -> Audit:
        """The audit, with severities as they were set."""
        result = audit(
            document,
            self.library,
            selected_rules=self.selection.rules,
            verify=self.verify,
            limits=self.limits,
            earlier=self.earlier,
            children=self.children,
            cache=self.cache,
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
        self._others: dict[Any, tuple[Report, ...]] = {}
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
                self._reports(settings, settings.previous),
                self._reports(settings, settings.children),
                self._session.cache,
            )
        return self._plans[settings]

    def applied_settings(self, settings: Settings) -> AppliedSettings | None:
        """The configuration file that took effect, with how many rules it silenced."""
        if settings.file is None:
            return None
        selection = self.plan(settings).selection
        return AppliedSettings(settings.file, selection.silenced, selection.lowered)

    def conclusion(self, settings: Settings) -> Conclusion:
        """The verdict, with baseline and waivers as the settings want them."""
        if not self._decided:
            return Conclusion(Severity.ERROR)
        return Conclusion(
            Severity(settings.fail_on),
            self.applied_settings(settings),
            self._decisions(settings),
            self._today,
        )

    def count_decisions(self, met: Collection[Place], served: Collection[Place]) -> None:
        """As `Task.count_decisions`."""
        self._files.count(met, served)

    def summary(self) -> None:
        """To standard error: what was decided and served for nothing, as far as a run can tell."""
        for line in self._files.left_over(self._session.language) if self._files else ():
            say(line)

    def _decisions(self, settings: Settings) -> Decisions | None:
        """What the files of decisions say that the settings name; None where they name none."""
        if settings.baseline is None and settings.waivers is None:
            return None
        from auditor.cli.decisions import DecisionFiles

        self._files = self._files or DecisionFiles(self._today)
        found: Decisions = self._files.load(settings)
        return found

    def _reports(self, settings: Settings, paths: Sequence[str]) -> tuple[Report, ...]:
        """The other reports that these are judged beside; one that cannot be read is a wrong
        argument."""
        limits = limits_of(settings.limits)
        key = settings.rules, settings.forms, limits, tuple(paths)
        if key not in self._others:
            language = self._session.language
            plan = ReadPlan(self._session.library(settings), False, limits, self._session.cache)
            reports = []
            for one in find(paths, language, _MOST_EARLIER):
                for each in documents(one, language, limits):
                    made: Any = each
                    if not isinstance(each, Failure):
                        made = self._session.workers.run(Work(each, settings, plan, language))
                    if isinstance(made, Failure):
                        why = {"path": made.name, "why": made.message}
                        raise click.UsageError(phrase("cli-previous", language, **why))
                    reports.append(made.report)
            self._others[key] = tuple(reports)
        return self._others[key]


def select_rules(library: Library, settings: Settings, language: str) -> RuleSelection:
    """The rules that the settings choose.

    Raises `click.UsageError` for a pattern on the command line that names no rule,
    `DefinitionError` for one in a file.
    """
    if not (settings.select or settings.ignore or settings.severities):
        return RuleSelection(None, {}, 0, 0)  # the rules of forms that are not read stay packed
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


def library_of(settings: Settings) -> Library:
    """The forms and rules that the settings name."""
    loaded = load_library(*map(Path, settings.rules))
    return with_chosen_forms(loaded, settings) if settings.forms else loaded


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
