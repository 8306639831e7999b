"""A command over one report: its path and options in, the report judged by all rules out."""

from __future__ import annotations

from typing import Any, NoReturn

import click

from auditor.cli.inputs import documents, find
from auditor.cli.run import Run, begin, failure_of
from auditor.errors import InputError
from auditor.model.finding import Audit, Failure, Verdict
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.renderers import RENDERERS, Style
from auditor.wording import phrase

EXIT_CODES = {Verdict.CLEAN: 0, Verdict.FINDINGS: 1, Verdict.NOT_AUDITED: 3}


def judged_report(
    ctx: click.Context, path: str, shared: dict[str, Any]
) -> tuple[Run, Style, Audit, list[Report]]:
    """The report at the path, judged; and the reports of earlier years that were given.

    Ends the command where there is not exactly one report, or where it cannot be read.
    """
    given = {**shared, "paths": (path,), "quiet": False, "verbose": False, "jobs": 1, "outputs": ()}
    begun = begin(given, False, RENDERERS)
    run, style, found = begun.run, begun.style, begun.found
    earlier = run.reports(find(shared["previous"], run.language, run.say))
    every = [each for one in found for each in documents(one, run.language, run.limits, run.say)]
    if len(every) != 1:
        raise click.UsageError(phrase("cli-one-report", run.language, path=path, count=len(every)))
    (only,) = every
    if isinstance(only, Failure):
        _unread(ctx, run, only)
    return run, style, _judged(ctx, run, only, earlier), earlier


def _judged(ctx: click.Context, run: Run, document: Document, earlier: list[Report]) -> Audit:
    try:
        return audit(document, run.library, earlier=earlier, limits=run.limits)
    except InputError as error:
        _unread(ctx, run, failure_of(document, error, run.language))


def _unread(ctx: click.Context, run: Run, failure: Failure) -> NoReturn:
    run.tell(failure)
    ctx.exit(3)
