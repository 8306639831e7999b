"""A command over documents: options in; what each document comes to out, one at a time, counted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click

from auditor.cli.config import SettingsFinder, limits_of
from auditor.cli.formats import Guarded, asked_for, on_standard_output, tells_failures
from auditor.cli.inputs import InputFile, documents, find, said_of
from auditor.cli.process import (
    Ended,
    Progress,
    describe_defect,
    in_colour,
    language_of,
    say,
    unwritable,
    width_of_output,
)
from auditor.cli.workers import Plan, ReadPlan, Work, Workers, failed
from auditor.configuration import Settings
from auditor.definitions.library import Library, load_library
from auditor.errors import DefinitionError, InputError
from auditor.messages import phrase
from auditor.model.finding import Failure, Verdict
from auditor.model.report import Report
from auditor.reporters import REPORTERS, Held, Item, Judged, Style

_WORTH = 2
"""Reports for each worker at least, or one would start for nothing."""


class Task(Protocol):
    """What documents come to: made by a plan, perhaps elsewhere, and finished here in order."""

    def plan(self, settings: Settings) -> Plan:
        """The same plan for settings that want the same."""

    def held(self, settings: Settings) -> Held | None:
        """The configuration file that took effect; None where none did."""

    def finish(self, made: Any, settings: Settings) -> Item:
        """What the plan's result comes to, beside all that came before."""


@dataclass
class Session:
    """A run over documents with all that was asked for; counts what each came to as it goes."""

    configured: SettingsFinder
    style: Style
    found: list[InputFile]
    formats: Mapping[str, str]
    name: str
    """The format of standard output."""
    outputs: list[tuple[str, Path]]
    quiet: bool
    tells_failures: bool
    """Whether standard error names what failed, as some output has no place for it."""
    progress: Progress
    jobs: int = 1
    workers: Workers = field(default_factory=Workers)
    failed: int = 0
    lost: int = 0
    """Outputs that could not be drawn."""
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    held: dict[Held, int] = field(default_factory=dict)
    """How many documents each configuration file held for."""
    _libraries: dict[tuple[tuple[str, ...], ...], Library] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Of all that is said."""
        return self.style.language

    def report_failure(self, failure: Failure) -> None:
        """That a document could not be audited, to standard error."""
        title = phrase("title-failure", self.language)
        line = f"{failure.name}: {title}: {failure.message} [{failure.code}]"
        say(line)

    def report_lost(self, name: str, error: Exception) -> None:
        """That a format could not be drawn, to standard error; the run is not all right then."""
        self.lost += 1
        if isinstance(error, InputError):  # what was read is not what the format is for
            say(said_of(error, self.language))
        else:
            say(describe_defect(error, "cli-output-failed", self.language, name=name))

    def library(self, settings: Settings) -> Library:
        """The forms and rules that the settings name; loaded once for all that name the same."""
        key = settings.rules, settings.forms
        if key not in self._libraries:
            from auditor.cli.auditing import limited

            loaded = load_library(*map(Path, settings.rules))
            self._libraries[key] = limited(loaded, settings) if settings.forms else loaded
        return self._libraries[key]

    def earlier_reports(self, found: list[InputFile], settings: Settings) -> Iterator[Report]:
        """The reports of earlier years; one that cannot be read is a wrong argument."""
        plan = ReadPlan(self.library(settings), False, limits_of(settings.limits))
        for one in found:
            for each in documents(one, self.language, plan.limits, say):
                made: Any = each
                if not isinstance(each, Failure):
                    made = self.workers.done(Work(each, settings, plan, self.language))
                if isinstance(made, Failure):
                    said = {"path": made.name, "why": made.message}
                    raise click.UsageError(phrase("cli-previous", self.language, **said))
                yield made.report

    def over(self, task: Task) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        works = self._works(task)
        with self.progress.watching():
            try:
                for given, made in self.workers.over(works, self.jobs, self.progress.ran_on):
                    yield self._counted(task, given, made)
            except (KeyboardInterrupt, Ended) as ended:
                self.progress.stopped = True
                if isinstance(ended, Ended):
                    self.progress.code = ended.code
                return  # what was done stands, and the output is closed by whoever writes it

    def _counted(self, task: Task, given: Work | Failure, made: Any) -> Item:
        item: Item = made
        if isinstance(given, Work):
            if not isinstance(made, Failure):
                item = self._finished(task, made, given)
            if held := task.held(given.settings):
                self.held[held] = self.held.get(held, 0) + 1
        self.progress.step()
        if isinstance(item, Judged):
            self.verdicts[item.verdict] += 1
        if isinstance(item, Failure):
            self.failed += 1
            if self.tells_failures:
                self.report_failure(item)
        return item

    def _finished(self, task: Task, made: Any, given: Work) -> Item:
        try:
            return task.finish(made, given.settings)
        except (DefinitionError, click.ClickException):
            raise
        except BaseException as error:
            return failed(given.document, error, self.language)

    def _works(self, task: Task) -> Iterator[Work | Failure]:
        for one in self.found:
            try:
                limits = limits_of(self.configured.settings(one).limits or {})
                for each in documents(one, self.language, limits, say):
                    if isinstance(each, Failure):
                        yield each
                        continue
                    settings = self.configured.settings(one, each.name)
                    yield Work(each, settings, task.plan(settings), self.language)
            except (DefinitionError, click.ClickException):
                raise
            except BaseException as error:  # of an archive, this is what stands in for the rest
                yield failed(one.name, error, self.language)

    def write(self, task: Task) -> None:
        """Every output: standard output as reports are done, each file when all are.

        One that cannot be drawn is told and keeps no other from being whole. Raises
        `click.ClickException` for one that cannot be written.
        """
        make = on_standard_output(self.name, self.formats, self.language)
        shown = Guarded(make(self.style, self._print), partial(self.report_lost, self.name))
        if not self.outputs:
            self._report(task, shown, ())
            return
        from auditor.cli.outputs import opened  # most runs write no files

        asked = (self.outputs, self.formats, self.found, self.style)
        with opened(*asked, self.progress.ran_on, self.report_lost) as files:
            self._report(task, shown, files)

    def _report(self, task: Task, shown: Guarded, files: Sequence[Guarded]) -> None:
        """Give each report to every file, then to standard output."""
        tells = tells_failures(self.name, self.formats)
        shown.start()
        for item in self.over(task):
            for file in files:
                file.report(item)
            if tells or not isinstance(item, Failure):
                shown.report(item)
        shown.finish()

    def _print(self, text: str | bytes) -> None:
        with self.progress.aside():
            try:
                click.echo(text, nl=False, color=self.style.colour or None)
            except OSError as error:
                raise unwritable(error, self.language) from error

    def summary(self) -> None:
        """To standard error: what the documents came to, and how far an interrupted run came."""
        if self.progress.stopped:
            done, total = self.progress.done, self.progress.total
            say(phrase("cli-interrupted", self.language, done=done, total=total))
        total = sum(self.verdicts.values()) + self.failed
        if self.name == "terminal" and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            said = phrase("cli-summary", self.language, total=total, failed=self.failed, **counts)
            if silenced := self.verdicts[Verdict.SILENCED]:
                said += phrase("cli-summary-silenced", self.language, count=silenced)
            say(said)
        for held, count in self.held.items():
            if held.silenced or held.lowered or not self.quiet:
                counts = {"silenced": held.silenced, "lowered": held.lowered}
                said = phrase("held-is", self.language, file=held.file, **counts)
                say(said + phrase("cli-held", self.language, count=count))

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.progress.stopped:
            return self.progress.code
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.lost or self.verdicts[Verdict.NOT_AUDITED] else 0


def begin(
    shared: Mapping[str, Any], with_entries: bool = False, formats: Mapping[str, str] = REPORTERS
) -> Session:
    """What the options come to. What is wrong with any, or with any file's settings, is said now.

    Raises `click.UsageError` and `DefinitionError`.
    """
    provisional = language_of(shared["lang"], os.environ)
    name = shared["form_of_output"]
    outputs = asked_for(shared.get("outputs", ()), formats, provisional)
    configured = SettingsFinder(shared, os.environ, provisional, say)
    found = find(shared["paths"], provisional, say)
    quiet = shared["quiet"]
    style = Style(
        language=configured.settings(found[0]).lang or provisional,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if quiet else int(shared["verbose"]),
    )
    kinds = {each for each, _ in outputs} - {"terminal"}  # a file of pages has the failures too
    session = Session(
        configured,
        style,
        found,
        formats,
        name,
        outputs,
        quiet,
        tells_failures=not all(tells_failures(each, formats) for each in {name, *kinds}),
        progress=Progress(
            len(found), not quiet, partial(say, phrase("cli-stopping", style.language))
        ),
        jobs=shared.get("jobs", 1) or usual_jobs(len(found)),
    )
    click.get_current_context().call_on_close(session.workers.close)
    for each in found:
        session.library(configured.settings(each))
    return session


def usual_jobs(files: int) -> int:
    """As many workers as there are processors, where there is enough to do for them."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH))
