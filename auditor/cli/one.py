"""A command over one report: its path and options in, the report judged by all rules out."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

import click

from auditor.cli.begin import begin
from auditor.cli.bench import Undecided
from auditor.cli.inputs import documents
from auditor.cli.run import Run
from auditor.cli.work import Work
from auditor.library import Library
from auditor.messages import phrase
from auditor.model.finding import Audit, Failure, Verdict
from auditor.model.report import Report
from auditor.reporters import Style

EXIT_CODES = {
    Verdict.CLEAN: 0,
    Verdict.SILENCED: 0,
    Verdict.FINDINGS: 1,
    Verdict.NOT_AUDITED: 3,
}


class Laid(NamedTuple):
    """A report on the desk: judged, with all that judged it."""

    run: Run
    style: Style
    audit: Audit
    library: Library
    earlier: tuple[Report, ...]


def judged_report(ctx: click.Context, path: str, shared: dict[str, Any]) -> Laid:
    """The report at the path, judged.

    Ends the command where there is not exactly one report, or where it cannot be read.
    """
    begun = begin({**shared, "paths": (path,), "quiet": False, "verbose": False}, False)
    run = begun.run
    settings = run.configured.settings(begun.found[0])
    plan = Undecided(run, False, None).plan(settings)
    found = (documents(one, run.language, plan.limits, run.say) for one in begun.found)
    every = [each for one in found for each in one]
    if len(every) != 1:
        raise click.UsageError(phrase("cli-one-report", run.language, path=path, count=len(every)))
    (only,) = every
    made: Any = only
    if not isinstance(only, Failure):
        made = run.done(Work(only, settings, plan, run.language))
    if isinstance(made, Failure):
        _unread(ctx, run, made)
    return Laid(run, begun.style, made, plan.library, plan.earlier)


def _unread(ctx: click.Context, run: Run, failure: Failure) -> NoReturn:
    run.tell(failure)
    ctx.exit(3)
