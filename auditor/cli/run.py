"""A run over many documents: what was asked for in, what each comes to out, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import click

from auditor.cli import defects
from auditor.cli.configured import Configured
from auditor.cli.inputs import Found, documents, said_of
from auditor.cli.patience import Patience
from auditor.cli.selection import limited
from auditor.cli.settings import limits_of
from auditor.cli.signals import Ended
from auditor.cli.streams import say
from auditor.cli.work import Plan, Work, failed
from auditor.cli.workers import Workers, is_read_by_python, over_processes
from auditor.configuration.settings import Settings
from auditor.errors import DefinitionError, InputError
from auditor.library import Library, load_library
from auditor.messages import phrase
from auditor.model.finding import Failure, Verdict
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import Limits
from auditor.reporters import Held, Item, Judged


class Judge(Protocol):
    """What documents come to: made by a plan, perhaps elsewhere, and finished here in order."""

    def plan(self, settings: Settings) -> Plan:
        """The same plan for settings that want the same."""

    def held(self, settings: Settings) -> Held | None:
        """The configuration file that took effect; None where none did."""

    def finish(self, made: Any, settings: Settings) -> Item:
        """What the plan's result comes to, beside all that came before."""


@noun
class ReadReport:
    """Reads documents without a verification; goes to other processes as it is."""

    library: Library
    limits: Limits

    def __call__(self, document: Document) -> Report:
        return read_report(document, self.library, limits=self.limits)[1]


@dataclass
class Run:
    """One run over many documents; counts what each came to as it goes."""

    configured: Configured
    language: str
    terminal: bool
    quiet: bool
    tells_failures: bool
    """Whether standard error names what failed, as some output has no place for it."""
    patience: Patience
    jobs: int = 1
    failed: int = 0
    lost: int = 0
    """Outputs that could not be drawn."""
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    held: dict[Held, int] = field(default_factory=dict)
    """How many documents each configuration file held for."""
    workers: Workers = field(default_factory=Workers)
    _libraries: dict[tuple[tuple[str, ...], ...], Library] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """To standard error."""
        say(text)

    def tell(self, failure: Failure) -> None:
        """That a document could not be audited, to standard error."""
        title = phrase("title-failure", self.language)
        self.say(f"{failure.name}: {title}: {failure.message} [{failure.code}]")

    def undrawn(self, name: str, error: Exception) -> None:
        """That a format could not be drawn, to standard error; the run is not all right then."""
        self.lost += 1
        if isinstance(error, InputError):  # what was read is not what the format is for
            self.say(said_of(error, self.language))
        else:
            self.say(defects.told(error, "cli-output-failed", self.language, name=name))

    def library(self, settings: Settings) -> Library:
        """The forms and rules that the settings name; loaded once for all that name the same."""
        key = settings.rules, settings.forms
        if key not in self._libraries:
            loaded = load_library(*map(Path, settings.rules))
            self._libraries[key] = limited(loaded, settings)
        return self._libraries[key]

    def reports(self, found: list[Found], settings: Settings) -> list[Report]:
        """The reports of earlier years; one that cannot be read is a wrong argument."""
        limits, library = limits_of(settings.limits or {}), self.library(settings)
        reports: list[Report] = []
        plan = ReadReport(library, limits)
        for one in found:
            for each in documents(one, self.language, limits, self.say):
                made: Any = each
                if isinstance(each, Document):
                    made = self.done(Work(each, settings, plan, self.language))
                if isinstance(made, Failure):
                    said = {"path": made.name, "why": made.message}
                    raise click.UsageError(phrase("cli-previous", self.language, **said))
                reports.append(made)
        return reports

    def done(self, work: Work) -> Any:
        """What the plan makes of the document, or a failure: it never ends this process."""
        return work.done() if is_read_by_python(work.document) else self.workers.done(work)

    def over(self, found: list[Found], judge: Judge) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        with self.patience.watching():
            try:
                for given, made in self._made(self._works(found, judge)):
                    item: Item = made
                    if isinstance(given, Work) and not isinstance(made, Failure):
                        item = self._finished(judge, made, given)
                    if isinstance(given, Work) and (held := judge.held(given.settings)):
                        self.held[held] = self.held.get(held, 0) + 1
                    self.patience.step()
                    if isinstance(item, Judged):
                        self.verdicts[item.verdict] += 1
                    if isinstance(item, Failure):
                        self.failed += 1
                        if self.tells_failures:
                            self.tell(item)
                    yield item
            except (KeyboardInterrupt, Ended) as ended:
                self.patience.stopped = True
                if isinstance(ended, Ended):
                    self.patience.code = ended.code
                return  # what was done stands, and the output is closed by whoever writes it

    def _finished(self, judge: Judge, made: Any, given: Work) -> Item:
        try:
            return judge.finish(made, given.settings)
        except (DefinitionError, click.ClickException):
            raise
        except BaseException as error:
            return failed(given.document, error, self.language)

    def _works(self, found: list[Found], judge: Judge) -> Iterator[Work | Failure]:
        for one in found:
            try:
                yield from self._works_of(one, judge)
            except (DefinitionError, click.ClickException):
                raise
            except BaseException as error:  # of an archive, this is what stands in for the rest
                yield failed(one.name, error, self.language)

    def _works_of(self, one: Found, judge: Judge) -> Iterator[Work | Failure]:
        limits = limits_of(self.configured.settings(one).limits or {})
        for each in documents(one, self.language, limits, self.say):
            if isinstance(each, Failure):
                yield each
            else:
                settings = self.configured.settings(one, each.name)
                yield Work(each, settings, judge.plan(settings), self.language)

    def _made(self, works: Iterator[Work | Failure]) -> Iterator[tuple[Work | Failure, Any]]:
        if self.jobs > 1:
            yield from over_processes(works, self.jobs, lambda: self.patience.stopped)
            return
        for each in works:
            yield each, each if isinstance(each, Failure) else self.done(each)
            if self.patience.stopped:
                return

    def summary(self) -> None:
        """To standard error: what the documents came to, and how far an interrupted run came."""
        if self.patience.stopped:
            done, total = self.patience.done, self.patience.total
            self.say(phrase("cli-interrupted", self.language, done=done, total=total))
        total = sum(self.verdicts.values()) + self.failed
        if self.terminal and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            said = phrase("cli-summary", self.language, total=total, failed=self.failed, **counts)
            if silenced := self.verdicts[Verdict.SILENCED]:
                said += phrase("cli-summary-silenced", self.language, count=silenced)
            self.say(said)
        for held, count in self.held.items():
            if held.silenced or held.lowered or not self.quiet:
                counts = {"silenced": held.silenced, "lowered": held.lowered}
                said = phrase("held-is", self.language, file=held.file, **counts)
                self.say(said + phrase("cli-held", self.language, count=count))

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.patience.stopped:
            return self.patience.code
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.lost or self.verdicts[Verdict.NOT_AUDITED] else 0
