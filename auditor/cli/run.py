"""A run over many documents: what was asked for in, what each comes to out, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from auditor.cli.configured import Configured
from auditor.cli.inputs import Found, documents, find, said_of
from auditor.cli.selection import limited
from auditor.cli.settings import in_colour, language_of, limits_of, width_of_output
from auditor.configuration.settings import Settings
from auditor.errors import InputError
from auditor.library import Library, load_library
from auditor.model.finding import Failure, Verdict
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.renderers import Item, Judged, Style, renderer
from auditor.wording import phrase

Judge = Callable[[Document, Settings], Item]
"""What a document comes to under its settings."""


@dataclass
class Run:
    """One run over many documents; counts what each came to as it goes."""

    configured: Configured
    language: str
    terminal: bool
    quiet: bool
    failed: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    _libraries: dict[tuple[tuple[str, ...], ...], Library] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """To standard error."""
        _say(text)

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
        reports = []
        for one in found:
            for each in documents(one, self.language, limits, self.say):
                why = each.message if isinstance(each, Failure) else ""
                if isinstance(each, Document):
                    try:
                        reports.append(read_report(each, library, limits=limits)[1])
                    except InputError as error:
                        why = _failure(each, error, self.language).message
                if why:
                    raise click.UsageError(
                        phrase("cli-previous", self.language, path=each.name, why=why)
                    )
        return reports

    def over(self, found: list[Found], judge: Judge) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        for one in found:
            limits = limits_of(self.configured.settings(one).limits or {})
            for each in documents(one, self.language, limits, self.say):
                item = self._one(each, one, judge)
                if isinstance(item, Judged):
                    self.verdicts[item.verdict] += 1
                if isinstance(item, Failure):
                    self.failed += 1
                    if self.terminal:
                        title = phrase("title-failure", self.language)
                        self.say(f"{item.name}: {title}: {item.message} [{item.code}]")
                        continue
                yield item

    def _one(self, opened: Document | Failure, found: Found, judge: Judge) -> Item:
        if isinstance(opened, Failure):
            return opened
        try:
            return judge(opened, self.configured.settings(found, opened.name))
        except InputError as error:
            return _failure(opened, error, self.language)

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


def _failure(document: Document, error: InputError, language: str) -> Failure:
    said = said_of(error, language)
    return Failure(document.name, document.sha256, document.media_type, error.code, said)


def begin(shared: dict[str, Any], with_entries: bool) -> tuple[Run, Style, list[Found]]:
    """The run, its style and its files. What is wrong with any file's settings is said now."""
    provisional = language_of(shared["lang"], os.environ)
    terminal = shared["form_of_output"] == "terminal"
    configured = Configured(shared, os.environ, provisional, _say)
    found = find(shared["paths"], provisional, _say)
    language = configured.settings(found[0]).lang or provisional
    run = Run(configured, language, terminal, shared["quiet"])
    for each in found:
        run.library(configured.settings(each))
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if shared["quiet"] else int(shared["verbose"]),
    )
    return run, style, found


def _say(text: str) -> None:
    click.echo(text, err=True)


def write(items: Iterator[Item], name: str, style: Style) -> None:
    for text in renderer(name)(items, style):
        click.echo(text, nl=False, color=style.colour or None)
