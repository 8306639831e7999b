"""A command over documents: options in; what each document comes to out, one at a time, counted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import click

from auditor.cli.config import Settings, SettingsFinder, limits_of
from auditor.cli.inputs import documents, error_text, find
from auditor.cli.outputs import output_files, parse_outputs, shows_failures, standard_output
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
from auditor.cli.workers import Plan, Work, Workers, failure_of
from auditor.definitions.library import Library, load_library
from auditor.errors import DefinitionError, InputError
from auditor.messages import phrase
from auditor.model.finding import Failure, Verdict
from auditor.reporters import REPORTERS, AppliedSettings, Item, Judged, Style

_REPORTS_PER_WORKER = 2
"""At least, or one would start for nothing."""


class Task(Protocol):
    """What documents come to: made by a plan, perhaps elsewhere, and finished here in order."""

    def plan(self, settings: Settings) -> Plan:
        """How documents with these settings are worked on."""

    def held(self, settings: Settings) -> AppliedSettings | None:
        """The configuration file that took effect; None where none did."""

    def finish(self, made: Any, settings: Settings) -> Item:
        """What the plan's result comes to, beside all that came before."""


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
        self.found = find(shared["paths"], provisional)
        self.quiet: bool = shared["quiet"]
        self.language = self.configured.settings(self.found[0]).lang or provisional
        self.style = Style(
            language=self.language,
            entries=entries,
            colour=in_colour(shared["no_color"]),
            width=width_of_output(),
            detail=-1 if self.quiet else int(shared["verbose"]),
        )
        every = {self.format, *(name for name, _ in self.outputs if name != "terminal")}
        self.says_failures = not all(shows_failures(name, formats) for name in every)
        """Whether standard error names what failed, as some output has no place for it."""
        files = len(self.found)
        self.progress = Progress(files, not self.quiet, phrase("cli-stopping", self.language))
        usual = min(os.cpu_count() or 1, files // _REPORTS_PER_WORKER)
        self.jobs: int = shared.get("jobs") or max(1, usual)
        self.workers = Workers()
        click.get_current_context().call_on_close(self.workers.close)
        self.failed = 0
        self.lost = 0
        """Outputs that could not be drawn."""
        self.verdicts = dict.fromkeys(Verdict, 0)
        self.held: dict[AppliedSettings, int] = {}
        """How many documents each configuration file held for."""
        self._libraries: dict[tuple[tuple[str, ...], ...], Library] = {}
        for each in self.found:
            self.library(self.configured.settings(each))

    def library(self, settings: Settings) -> Library:
        """The forms and rules that the settings name; loaded once for all that name the same."""
        key = settings.rules, settings.forms
        if key not in self._libraries:
            from auditor.cli.auditing import with_chosen_forms

            loaded = load_library(*map(Path, settings.rules))
            self._libraries[key] = with_chosen_forms(loaded, settings) if settings.forms else loaded
        return self._libraries[key]

    def over(self, task: Task) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        with self.progress.watching():
            try:
                works = self._works(task)
                for given, made in self.workers.over(works, self.jobs, self.progress.goes_on):
                    yield self._counted(task, given, made)
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
        item = self._counted(task, given, made)
        if isinstance(item, Failure):
            raise click.exceptions.Exit(3)
        return item

    def _works(self, task: Task) -> Iterator[Work | Failure]:
        for one in self.found:
            try:
                limits = limits_of(self.configured.settings(one).limits)
                for each in documents(one, self.language, limits):
                    if isinstance(each, Failure):
                        yield each
                        continue
                    settings = self.configured.settings(one, each.name)
                    yield Work(each, settings, task.plan(settings), self.language)
            except (DefinitionError, click.ClickException):
                raise
            except BaseException as error:  # of an archive, this is what stands in for the rest
                yield failure_of(one.name, error, self.language)

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
            if self.says_failures:
                title = phrase("title-failure", self.language)
                line = f"{item.name}: {title}: {item.message} [{item.code}]"
                say(line)
        return item

    def _finished(self, task: Task, made: Any, given: Work) -> Item:
        try:
            return task.finish(made, given.settings)
        except (DefinitionError, click.ClickException):
            raise
        except BaseException as error:
            return failure_of(given.document, error, self.language)

    def write(self, task: Task) -> None:
        """Every output: standard output as reports are done, each file when all are.

        One that cannot be drawn is told and keeps no other from being whole. Raises
        `click.ClickException` for one that cannot be written.
        """
        shown = standard_output(self.format, self.formats, self.style, self._print)
        shows = shows_failures(self.format, self.formats)
        asked = (self.outputs, self.formats, self.found, self.style)
        with output_files(*asked, self.progress.goes_on, self._report_lost) as files:
            for item in self.over(task):
                for file in files:
                    file.report(item)
                if shows or not isinstance(item, Failure):
                    shown.report(item)
            shown.finish()
            if shown.error is not None:
                self._report_lost(self.format, shown.error)

    def _report_lost(self, name: str, error: Exception) -> None:
        """That a format could not be drawn, to standard error; the run is not all right then."""
        self.lost += 1
        if isinstance(error, InputError):  # what was read is not what the format is for
            say(error_text(error, self.language))
        else:
            say(describe_defect(error, "cli-output-failed", self.language, name=name))

    def _print(self, text: str | bytes) -> None:
        self.progress.make_way()
        try:
            click.echo(text, nl=False, color=self.style.colour or None)
        except OSError as error:
            raise unwritable(error, self.language) from error

    def summary(self) -> None:
        """To standard error: what the documents came to, and how far an interrupted run came."""
        language, done, total = self.language, self.progress.done, self.progress.total
        if self.progress.stopped:
            say(phrase("cli-interrupted", language, done=done, total=total))
        total = sum(self.verdicts.values()) + self.failed
        if self.format == "terminal" and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            said = phrase("cli-summary", language, total=total, failed=self.failed, **counts)
            if silenced := self.verdicts[Verdict.SILENCED]:
                said += phrase("cli-summary-silenced", language, count=silenced)
            say(said)
        for held, count in self.held.items():
            if held.silenced or held.lowered or not self.quiet:
                counts = {"silenced": held.silenced, "lowered": held.lowered}
                said = phrase("settings-applied", language, file=held.file, **counts)
                say(said + phrase("cli-held", language, count=count))

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.progress.stopped:
            return self.progress.code
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.lost or self.verdicts[Verdict.NOT_AUDITED] else 0
