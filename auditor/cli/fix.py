"""`audit fix --dry-run`: what a report would come to if its slips were mended; it writes nothing.

Exit codes as those of `audit check`, for the report as it is.
"""

from __future__ import annotations

import os
from typing import Any

import click

from auditor.cli import options
from auditor.cli.one import EXIT_CODES, judged_report
from auditor.cli.settings import language_of
from auditor.findings.conclude import verdict_of
from auditor.messages import phrase
from auditor.pipeline import correct


@click.command()
@click.argument("report", metavar="REPORT")
@click.option("--dry-run", is_flag=True, help="Needed: nothing is ever written into a document.")
@options.of_one_report
@click.pass_context
def fix(ctx: click.Context, /, report: str, dry_run: bool, **shared: Any) -> None:
    """Show the tables as they would be after the suggested corrections.

    Only what is the one smallest explanation is changed; where several would do, they are listed.
    The document itself is never touched. Exit codes are those of `check`, for the report as it is.
    """
    if not dry_run:
        language = language_of(shared["lang"], os.environ)
        raise click.UsageError(phrase("cli-dry-run-only", language))
    _, style, judged, library, earlier = judged_report(ctx, report, shared)
    found = correct(judged, library, earlier)
    if shared["form_of_output"] == "json":
        from auditor.reporters.documents import corrections_document as render
    else:
        from auditor.reporters.corrections import render_corrections as render
    click.echo(render(found, style), nl=False, color=style.colour or None)
    ctx.exit(EXIT_CODES[verdict_of(judged)])
