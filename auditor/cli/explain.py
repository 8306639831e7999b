"""`audit explain`: one cell of one report, and everything that reads it.

Exit codes: 0 no check on the cell fails as an error, 1 one does, 2 wrong usage, 3 the cell, or
another that a check on it needs, was not read.
"""

from __future__ import annotations

from typing import Any

import click

from auditor.cli import options
from auditor.cli.one import EXIT_CODES, judged_report
from auditor.findings.cell import account_of, addresses_of, verdict_on
from auditor.messages import phrase
from auditor.model.finding import Audit
from auditor.model.form import Address


@click.command()
@click.argument("report", metavar="REPORT")
@click.argument("address", metavar="ADDRESS")
@options.of_one_report
@click.pass_context
def explain(ctx: click.Context, /, report: str, address: str, **shared: Any) -> None:
    """Tell all about one cell: what stands there, and every check that reads it.

    ADDRESS is table/row/column, such as applications/granted/total, or text/<name> for a figure
    that sentences state. Exit code 0: no check on it fails as an error; 1: one does; 3: it, or
    what a check on it needs, was not read.
    """
    run, style, audit, *_ = judged_report(ctx, report, shared)
    account = account_of(audit, known_address(address, audit, run.language))
    if shared["form_of_output"] == "json":
        from auditor.reporters.documents import cell_document as render
    else:
        from auditor.reporters.account import render_cell as render
    click.echo(render(account, style), nl=False, color=style.colour or None)
    ctx.exit(EXIT_CODES[verdict_on(account)])


def known_address(text: str, audit: Audit, language: str) -> Address:
    """The address, if the report may have such a cell; else `click.UsageError` with the nearest."""
    known = {str(address): address for address in addresses_of(audit)}
    if text in known:
        return known[text]
    message = phrase("cli-unknown-address", language, address=text)
    import difflib  # only what went wrong needs it

    near = difflib.get_close_matches(text, list(known), n=1, cutoff=0.5)
    if near:
        message += " — " + phrase("cli-did-you-mean", language, near=near[0])
    raise click.UsageError(f"{message}\n{phrase('cli-list-addresses', language)}")
