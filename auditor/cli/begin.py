"""The start of a run: options in; the run, its files and outputs out, before anything is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from auditor.cli.configured import Configured
from auditor.cli.formats import Guarded, asked_for, on_standard_output, tells_failures
from auditor.cli.inputs import Found, find
from auditor.cli.patience import Patience
from auditor.cli.run import Judge, Run
from auditor.cli.settings import in_colour, language_of, width_of_output
from auditor.cli.streams import say, unwritable
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.reporters import REPORTERS, Style

_WORTH = 2
"""Reports for each worker at least, or one would start for nothing."""


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

    def write(self, judge: Judge) -> None:
        """Every output: standard output as reports are done, each file when all are.

        One that cannot be drawn is told and keeps no other from being whole. Raises
        `click.ClickException` for one that cannot be written.
        """
        run = self.run
        make = on_standard_output(self.name, self.formats, run.language)
        shown = Guarded(make(self.style, self._print), partial(run.undrawn, self.name))
        if not self.outputs:
            self._report(judge, shown, ())
            return
        from auditor.cli.outputs import opened  # most runs write no files

        run.workers.start(1, [])  # while no file's thread runs yet: it is forked then
        asked = (self.outputs, self.formats, self.found, self.style)
        with opened(*asked, run.patience.ran_on, run.undrawn) as files:
            self._report(judge, shown, files)

    def _report(self, judge: Judge, shown: Guarded, files: Sequence[Guarded]) -> None:
        """Give each report to every file, then to standard output."""
        tells = tells_failures(self.name, self.formats)
        shown.start()
        for item in self.run.over(self.found, judge):
            for file in files:
                file.report(item)
            if tells or not isinstance(item, Failure):
                shown.report(item)
        shown.finish()

    def _print(self, text: str | bytes) -> None:
        with self.run.patience.aside():
            try:
                click.echo(text, nl=False, color=self.style.colour or None)
            except OSError as error:
                raise unwritable(error, self.run.language) from error


def begin(
    shared: Mapping[str, Any], with_entries: bool, formats: Mapping[str, str] = REPORTERS
) -> Begun:
    """What the options come to. What is wrong with any, or with any file's settings, is said now.

    Raises `click.UsageError` and `DefinitionError`.
    """
    provisional = language_of(shared["lang"], os.environ)
    name = shared["form_of_output"]
    outputs = asked_for(shared.get("outputs", ()), formats, provisional)
    configured = Configured(shared, os.environ, provisional, say)
    found = find(shared["paths"], provisional, say)
    language = configured.settings(found[0]).lang or provisional
    quiet = shared["quiet"]
    patience = Patience(len(found), not quiet, partial(say, phrase("cli-stopping", language)))
    jobs = shared.get("jobs", 1) or usual_jobs(len(found))
    kinds = {each for each, _ in outputs} - {"terminal"}  # a file of pages has the failures too
    tells = not all(tells_failures(each, formats) for each in {name, *kinds})
    run = Run(configured, language, name == "terminal", quiet, tells, patience, jobs)
    click.get_current_context().call_on_close(run.workers.close)
    for each in found:
        run.library(configured.settings(each))
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if quiet else int(shared["verbose"]),
    )
    return Begun(run, style, found, formats, name, outputs)


def usual_jobs(files: int) -> int:
    """As many workers as there are processors, where there is enough to do for them."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH))
