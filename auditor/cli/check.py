"""`audit check` and `audit read`: documents in, findings or what was read out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from auditor.cli import options
from auditor.cli.begin import begin
from auditor.cli.bench import Bench
from auditor.cli.complete import paths
from auditor.cli.formats import CHECKED, READ
from auditor.cli.run import Run
from auditor.cli.settings import limits_of
from auditor.cli.work import Plan
from auditor.configuration.settings import Settings
from auditor.library import Library
from auditor.model.noun import noun
from auditor.model.source import Document
from auditor.pipeline import match_prose, read_report
from auditor.readers import Limits
from auditor.reporters import Held, Item, Reading


def _shared(formats: Mapping[str, str]) -> options.Decorator:
    """The options of `check` and `read` alike, but for the formats that each has."""
    return options.taking(
        click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=paths),
        options.output_format(list(formats)),
        click.option(
            "--output",
            "outputs",
            multiple=True,
            metavar="FORMAT=FILE",
            help="Write a file in that format as well; repeatable.",
        ),
        options.configured,
        options.VERIFY,
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(1, 256),
            metavar="N",
            help="Processes to work with; default as many as processors, for many files.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="Findings only."),
        click.option(
            "--verbose", "-v", is_flag=True, help="List also the checks that do not apply."
        ),
        options.NO_COLOR,
    )


@click.command()
@_shared(CHECKED)
@options.judged
@options.decided
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@options.TODAY
@click.pass_context
def check(ctx: click.Context, /, with_entries: bool, today: datetime | None, **shared: Any) -> None:
    """Run the checks on files, folders or - (standard input)."""
    begun = begin(shared, with_entries, CHECKED)
    bench = Bench(begun.run, shared["verify"], today.date() if today else None)
    bench.prepare(begun.found)
    begun.write(bench)
    bench.summary()
    begun.run.summary()
    ctx.exit(begun.run.exit_code)


@click.command()
@_shared(READ)
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    begun = begin(shared, True, READ)
    begun.write(_Reader(begun.run, shared["verify"]))
    begun.run.summary()
    ctx.exit(begun.run.exit_code)


@noun
class _Read:
    """Reads documents; goes to other processes as it is."""

    library: Library
    verify: bool
    limits: Limits

    def __call__(self, document: Document) -> Reading:
        form, report = read_report(document, self.library, self.verify, self.limits)
        return Reading(form, report, match_prose(form, report, self.library))


class _Reader:
    """What documents come to that are only read."""

    def __init__(self, run: Run, verify: bool) -> None:
        self._run = run
        self._verify = verify
        self._plans: dict[Any, _Read] = {}

    def plan(self, settings: Settings) -> Plan:
        limits = limits_of(settings.limits or {})
        key = settings.rules, settings.forms, limits
        if key not in self._plans:
            self._plans[key] = _Read(self._run.library(settings), self._verify, limits)
        return self._plans[key]

    def held(self, settings: Settings) -> Held | None:
        return Held(settings.file) if settings.file is not None else None

    def finish(self, made: Reading, settings: Settings) -> Item:
        return made
