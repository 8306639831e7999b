"""A run over many documents: what was asked for in, what each comes to out, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from auditor.cli.inputs import Found, documents, find, said_of
from auditor.cli.settings import in_colour, language_of, limits_of, width_of_output
from auditor.errors import InputError
from auditor.library import Library, load_library
from auditor.model.finding import Failure, Verdict
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
    failed: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    def say(self, text: str) -> None:
        """To standard error."""
        click.echo(text, err=True)

    def tell(self, failure: Failure) -> None:
        """That a document could not be audited, to standard error."""
        title = phrase("title-failure", self.language)
        self.say(f"{failure.name}: {title}: {failure.message} [{failure.code}]")

    def failure(self, document: Document, error: InputError) -> Failure:
        """What kept a document from being audited."""
        said = said_of(error, self.language)
        return Failure(document.name, document.sha256, document.media_type, error.code, said)

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
                        why = self.failure(each, error).message
                if why:
                    raise click.UsageError(
                        phrase("cli-previous", self.language, path=each.name, why=why)
                    )
        return reports

    def over(self, found: list[Found], judge: Callable[[Document], Item]) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        given = (self.language, self.limits, self.say)
        for each in (each for one in found for each in documents(one, *given)):
            item = self._one(each, judge)
            if isinstance(item, Judged):
                self.verdicts[item.verdict] += 1
            if isinstance(item, Failure):
                self.failed += 1
                if self.terminal:
                    self.tell(item)
                    continue
            yield item

    def _one(self, opened: Document | Failure, judge: Callable[[Document], Item]) -> Item:
        if isinstance(opened, Failure):
            return opened
        try:
            return judge(opened)
        except InputError as error:
            return self.failure(opened, error)

    def summary(self) -> None:
        total = sum(self.verdicts.values()) + self.failed
        if self.terminal and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            self.say(
                phrase("cli-summary", self.language, total=total, failed=self.failed, **counts)
            )

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.verdicts[Verdict.NOT_AUDITED] else 0


def begin(shared: dict[str, Any], with_entries: bool) -> tuple[Run, Style, list[Found]]:
    language = language_of(shared["lang"], os.environ)
    terminal = shared["form_of_output"] == "terminal"
    limits = limits_of(shared["limits"], language)
    library = load_library(*shared["folders"])
    run = Run(library, limits, language, terminal, shared["quiet"])
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if shared["quiet"] else int(shared["verbose"]),
    )
    return run, style, find(shared["paths"], language, run.say)


def write(items: Iterator[Item], name: str, style: Style) -> None:
    for text in renderer(name)(items, style):
        click.echo(text, nl=False, color=style.colour or None)
