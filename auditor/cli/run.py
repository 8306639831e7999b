"""A run over many documents: what was asked for in, what each comes to out, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from auditor.cli.formats import asked_for, on_standard_output, tells_failures
from auditor.cli.inputs import Found, documents, find, said_of
from auditor.cli.patience import INTERRUPTED, Patience
from auditor.cli.settings import in_colour, language_of, limits_of, width_of_output
from auditor.errors import InputError
from auditor.library import Library, load_library
from auditor.model.finding import Failure, Verdict
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import Limits
from auditor.renderers import Drawing, Item, Judged, Style
from auditor.wording import phrase


@dataclass
class Run:
    """One run over many documents; counts what each came to as it goes."""

    library: Library
    limits: Limits
    language: str
    terminal: bool
    quiet: bool
    tells_failures: bool
    """Whether standard error names what failed, as some output has no place for it."""
    patience: Patience
    jobs: int = 1
    failed: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    def say(self, text: str) -> None:
        """To standard error."""
        click.echo(text, err=True)

    def tell(self, failure: Failure) -> None:
        """That a document could not be audited, to standard error."""
        title = phrase("title-failure", self.language)
        self.say(f"{failure.name}: {title}: {failure.message} [{failure.code}]")

    def reports(self, found: list[Found]) -> list[Report]:
        """The reports of earlier years; one that cannot be read is a wrong argument."""
        reports = []
        for one in found:
            for each in documents(one, self.language, self.limits, self.say):
                why = each.message if isinstance(each, Failure) else ""
                if isinstance(each, Document):
                    try:
                        reports.append(read_report(each, self.library, limits=self.limits)[1])
                    except InputError as error:
                        why = failure_of(each, error, self.language).message
                if why:
                    raise click.UsageError(
                        phrase("cli-previous", self.language, path=each.name, why=why)
                    )
        return reports

    def over(self, found: list[Found], judge: Callable[[Document], Item]) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        given = (self.language, self.limits, self.say)
        opened = (each for one in found for each in documents(one, *given))
        with self.patience.watching():
            try:
                for item in self._items(opened, Careful(judge, self.language)):
                    self.patience.step()
                    if isinstance(item, Judged):
                        self.verdicts[item.verdict] += 1
                    if isinstance(item, Failure):
                        self.failed += 1
                        if self.tells_failures:
                            self.tell(item)
                    yield item
            except KeyboardInterrupt:
                self.patience.stopped = True
                return  # what was done stands, and the output is closed by whoever writes it

    def _items(self, opened: Iterator[Document | Failure], judge: Careful) -> Iterator[Item]:
        if self.jobs > 1:
            from auditor.cli.workers import over_processes  # one report needs no other process

            yield from over_processes(
                opened, judge, self.jobs, judge.crashed, lambda: self.patience.stopped
            )
            return
        for each in opened:
            yield each if isinstance(each, Failure) else judge(each)
            if self.patience.stopped:
                return

    def summary(self) -> None:
        if self.patience.stopped:
            done, total = self.patience.done, self.patience.total
            self.say(phrase("cli-interrupted", self.language, done=done, total=total))
        total = sum(self.verdicts.values()) + self.failed
        if self.terminal and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            self.say(
                phrase("cli-summary", self.language, total=total, failed=self.failed, **counts)
            )

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.patience.stopped:
            return INTERRUPTED
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.verdicts[Verdict.NOT_AUDITED] else 0


@noun
class Careful:
    """A judge of documents that makes a failure of one that cannot be read."""

    judge: Callable[[Document], Item]
    language: str

    def __call__(self, document: Document) -> Item:
        try:
            return self.judge(document)
        except InputError as error:
            return failure_of(document, error, self.language)

    def crashed(self, document: Document) -> Failure:
        """What becomes of a document that took its worker with it."""
        said = phrase("cli-crashed", self.language)
        return Failure(document.name, document.sha256, document.media_type, "crashed", said)


def failure_of(document: Document, error: InputError, language: str) -> Failure:
    """What kept a document from being audited."""
    said = said_of(error, language)
    return Failure(document.name, document.sha256, document.media_type, error.code, said)


class NotDrawn(click.ClickException):
    """What was read is not what the format is for; nothing was audited by it."""

    exit_code = 3


@dataclass
class Begun:
    """A run with all that was asked for, before anything is read."""

    run: Run
    style: Style
    found: list[Found]
    formats: Mapping[str, str]
    name: str
    """The format of standard output."""
    outputs: list[tuple[str, Path]]

    def write(self, judge: Callable[[Document], Item]) -> None:
        """Every output: standard output as reports are done, each file when all are."""
        run = self.run
        draw = on_standard_output(self.name, self.formats, run.language)
        items = run.over(self.found, judge)
        try:
            if not self.outputs:
                self._print(draw, items)
                return
            from auditor.cli.outputs import opened  # most runs write no files

            whole = run.patience.ran_on
            with opened(self.outputs, self.formats, self.found, self.style, whole) as outputs:
                self._print(draw, outputs.fed(items))
        except InputError as error:  # what was read does not go into one of the formats
            raise NotDrawn(said_of(error, run.language)) from error

    def _print(self, draw: Drawing, items: Iterator[Item]) -> None:
        if not tells_failures(self.name, self.formats):
            items = (item for item in items if not isinstance(item, Failure))
        for text in draw(items, self.style):
            with self.run.patience.aside():
                click.echo(text, nl=False, color=self.style.colour or None)


def begin(shared: dict[str, Any], with_entries: bool, formats: Mapping[str, str]) -> Begun:
    """What the options come to. Raises `click.UsageError` for any that is wrong."""
    language = language_of(shared["lang"], os.environ)
    name = shared["form_of_output"]
    outputs = asked_for(shared["outputs"], formats, language)
    kinds = {each for each, _ in outputs} - {"terminal"}  # a file of pages has the failures too
    limits = limits_of(shared["limits"], language)
    library = load_library(*shared["folders"])
    quiet = shared["quiet"]
    found = find(shared["paths"], language, partial(click.echo, err=True))
    heard = partial(click.echo, phrase("cli-stopping", language), err=True)
    patience = Patience(len(found), not quiet, heard)
    jobs = shared["jobs"] or usual_jobs(len(found))
    tells = not all(tells_failures(each, formats) for each in {name, *kinds})
    run = Run(library, limits, language, name == "terminal", quiet, tells, patience, jobs)
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if shared["quiet"] else int(shared["verbose"]),
    )
    return Begun(run, style, found, formats, name, outputs)


def usual_jobs(files: int) -> int:
    """As many workers as there are processors, where there is enough to do for them."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH))


_WORTH = 4
"""A worker takes about as long to start as three or four reports take to be read."""
