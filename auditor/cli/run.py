"""A run over many documents: what was asked for in, what each comes to out, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click

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
from auditor.renderers import Item, Judged, Style, renderer
from auditor.wording import phrase


@dataclass
class Run:
    """One run over many documents; counts what each came to as it goes."""

    library: Library
    limits: Limits
    language: str
    terminal: bool
    quiet: bool
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
                        if self.terminal:
                            self.tell(item)
                            continue
                    yield item
            except KeyboardInterrupt:
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


def begin(shared: dict[str, Any], with_entries: bool) -> tuple[Run, Style, list[Found]]:
    language = language_of(shared["lang"], os.environ)
    terminal = shared["form_of_output"] == "terminal"
    limits = limits_of(shared["limits"], language)
    library = load_library(*shared["folders"])
    quiet = shared["quiet"]
    found = find(shared["paths"], language, partial(click.echo, err=True))
    heard = partial(click.echo, phrase("cli-stopping", language), err=True)
    patience = Patience(len(found), not quiet, heard)
    jobs = shared["jobs"] or usual_jobs(len(found))
    run = Run(library, limits, language, terminal, quiet, patience, jobs)
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if shared["quiet"] else int(shared["verbose"]),
    )
    return run, style, found


def write(run: Run, items: Iterator[Item], name: str, style: Style) -> None:
    """The items in that format, on standard output."""
    for text in renderer(name)(items, style):
        with run.patience.aside():
            click.echo(text, nl=False, color=style.colour or None)


def usual_jobs(files: int) -> int:
    """As many workers as there are processors, where there is enough to do for them."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH))


_WORTH = 4
"""A worker takes about as long to start as three or four reports take to be read."""
