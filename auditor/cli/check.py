"""`audit check` and `audit read`: documents in, findings or what was read out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from auditor.cli.bench import Bench
from auditor.cli.options import TODAY, configured, decided, judged
from auditor.cli.run import begin, write
from auditor.cli.settings import limits_of
from auditor.configuration.settings import Settings
from auditor.model.source import Document
from auditor.pipeline import match_prose, read_report
from auditor.renderers import RENDERERS, Item, Reading

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _shared(command: _Command) -> _Command:
    """The options of `check` and `read` alike."""
    for decorate in reversed(
        [
            click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
            click.option(
                "--format",
                "form_of_output",
                type=click.Choice(list(RENDERERS)),
                default="terminal",
                show_default=True,
                help="Form of the output.",
            ),
            configured,
            click.option(
                "--verify", is_flag=True, help="Have a second reader confirm every cell (PDF)."
            ),
            click.option("--quiet", "-q", is_flag=True, help="Findings only."),
            click.option(
                "--verbose", "-v", is_flag=True, help="List also the checks that do not apply."
            ),
            click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same."),
        ]
    ):
        command = decorate(command)
    return command


@click.command()
@_shared
@judged
@decided
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@TODAY
@click.pass_context
def check(ctx: click.Context, /, with_entries: bool, today: datetime | None, **shared: Any) -> None:
    """Run the checks on files, folders or - (standard input)."""
    run, style, found = begin(shared, with_entries)
    bench = Bench(run, shared["verify"], today.date() if today else None)
    bench.prepare(found)
    write(run.over(found, bench.judge), shared["form_of_output"], style)
    bench.summary()
    run.summary()
    ctx.exit(run.exit_code)


@click.command()
@_shared
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    run, style, found = begin(shared, with_entries=True)

    def judge(document: Document, settings: Settings) -> Item:
        library, limits = run.library(settings), limits_of(settings.limits or {})
        form, report = read_report(document, library, shared["verify"], limits)
        return Reading(form, report, match_prose(form, report, library))

    write(run.over(found, judge), shared["form_of_output"], style)
    ctx.exit(run.exit_code)
