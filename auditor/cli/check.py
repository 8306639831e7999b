"""`audit check` and `read` over many documents, `audit explain` and `fix` over one.

Exit codes of `explain`: 0 no check on the cell fails as an error, 1 one does, 2 wrong usage, 3 the
cell, or another that a check on it needs, was not read. Those of `fix` are those of `check`, for
the report as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import click

from auditor.cli import options
from auditor.cli.files import READ_FORMATS
from auditor.cli.process import language_of
from auditor.cli.session import Auditor, AuditPlan, Reader, Session
from auditor.messages import phrase
from auditor.model.finding import Audit, Verdict
from auditor.model.form import Address
from auditor.reporters import REPORTERS, Style

_STATISTICS = {"statistics": "auditor.reporters.concise:StatisticsReporter"}
_EXIT_CODES = dict.fromkeys(Verdict, 0) | {Verdict.FINDINGS: 1, Verdict.NOT_AUDITED: 3}


def _shared(formats: Mapping[str, str]) -> options.Decorator:
    """The options of `check` and `read` alike, but for the formats that each has."""
    return options.combined(
        click.argument(
            "paths", nargs=-1, required=True, metavar="PATH...", shell_complete=options.paths
        ),
        options.output_format(list(formats)),
        click.option(
            "--output",
            "outputs",
            multiple=True,
            metavar="FORMAT=FILE",
            help="Write a file in that format as well; repeatable.",
        ),
        options.INPUTS,
        options.CONFIGURATION,
        options.VERIFY,
        options.JOBS,
        options.CACHE,
        click.option(
            "--quiet", "-q", is_flag=True, help="Findings only; of several, a line for each."
        ),
        click.option(
            "--verbose", "-v", is_flag=True, help="List also the checks that do not apply."
        ),
        options.NO_COLOR,
    )


@click.command()
@_shared(REPORTERS)
@options.SELECTION
@options.DECISIONS
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@click.option(
    "--statistics", is_flag=True, help="Tell how often each rule was broken, and no finding."
)
@options.TODAY
@click.pass_context
def check(
    ctx: click.Context,
    /,
    with_entries: bool,
    statistics: bool,
    today: datetime | None,
    **shared: Any,
) -> None:
    """Run the checks on files, folders or - (standard input)."""
    formats: Mapping[str, str] = REPORTERS
    if statistics:
        if shared["form_of_output"] != "terminal":
            language = language_of(shared["lang"], os.environ)
            raise click.UsageError(phrase("cli-statistics-only", language))
        formats = REPORTERS | _STATISTICS
        shared["form_of_output"] = "statistics"
    session = Session(shared, formats, entries=with_entries)
    auditor = Auditor(session, shared["verify"], today.date() if today else None)
    session.write(auditor)
    auditor.summary()
    session.summary()
    ctx.exit(session.exit_code)


@click.command()
@_shared(READ_FORMATS)
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    session = Session(shared, READ_FORMATS, entries=True)
    session.write(Reader(session, shared["verify"]))
    session.summary()
    ctx.exit(session.exit_code)


class _AuditedReport(NamedTuple):
    """One report, audited by all rules, with what audited it."""

    style: Style
    audit: Audit
    plan: AuditPlan


def _audited_report(path: str, shared: dict[str, Any]) -> _AuditedReport:
    """The report at the path, before anything that was decided about its findings.

    Ends the command where there is not exactly one report, or where it cannot be read.
    """
    more = {"paths": (path,), "quiet": False, "verbose": False, "form_of_output": "terminal"}
    session = Session({**shared, **more})
    auditor = Auditor(session, decided=False)
    audit = session.only(auditor, path)
    return _AuditedReport(
        session.style, audit, auditor.plan(session.configured.settings(session.found[0]))
    )


@click.command()
@click.argument("report", metavar="REPORT")
@click.argument("address", metavar="ADDRESS")
@options.SINGLE_REPORT
@click.pass_context
def explain(ctx: click.Context, /, report: str, address: str, **shared: Any) -> None:
    """Tell all about one cell: what stands there, and every check that reads it.

    ADDRESS is table/row/column, such as applications/granted/total, or text/<name> for a figure
    that sentences state. Exit code 0: no check on it fails as an error; 1: one does; 3: it, or
    what a check on it needs, was not read.
    """
    from auditor.findings.explain import report_of_cell, verdict_on

    style, audit, _ = _audited_report(report, shared)
    cell = report_of_cell(audit, _known_address(address, audit, style.language))
    if shared["form_of_output"] == "json":
        from auditor.reporters.json import cell_document as render
    else:
        from auditor.reporters.pages import render_cell as render
    click.echo(render(cell, style), nl=False, color=style.colour or None)
    ctx.exit(_EXIT_CODES[verdict_on(cell)])


def _known_address(text: str, audit: Audit, language: str) -> Address:
    """The address, if the report may have such a cell; else `click.UsageError` with the nearest."""
    from auditor.findings.explain import addresses_of

    known = {str(address): address for address in addresses_of(audit)}
    if text in known:
        return known[text]
    error = options.unknown_name("cli-unknown-address", text, known, language)
    raise click.UsageError(f"{error.message}\n{phrase('cli-list-addresses', language)}")


@click.command()
@click.argument("report", metavar="REPORT")
@click.option("--dry-run", is_flag=True, help="Needed: nothing is ever written into a document.")
@options.SINGLE_REPORT
@click.pass_context
def fix(ctx: click.Context, /, report: str, dry_run: bool, **shared: Any) -> None:
    """Show the tables as they would be after the suggested corrections.

    Only what is the one smallest explanation is changed; where several would do, they are listed.
    The document itself is never touched. Exit codes are those of `check`, for the report as it is.
    """
    from auditor.findings import verdict_of
    from auditor.pipeline import correct

    if not dry_run:
        language = language_of(shared["lang"], os.environ)
        raise click.UsageError(phrase("cli-dry-run-only", language))
    style, audit, plan = _audited_report(report, shared)
    found = correct(audit, plan.library, plan.earlier, plan.children)
    if shared["form_of_output"] == "json":
        from auditor.reporters.json import corrections_document as render
    else:
        from auditor.reporters.pages import render_corrections as render
    click.echo(render(found, style), nl=False, color=style.colour or None)
    ctx.exit(_EXIT_CODES[verdict_of(audit)])


@click.command()
@click.argument("before", metavar="OLD")
@click.argument("after", metavar="NEW")
@options.SINGLE_REPORT
@click.pass_context
def diff(ctx: click.Context, /, before: str, after: str, **shared: Any) -> None:
    """Tell which figures and findings two versions of a report have otherwise.

    Figures of the tables and of the sentences are compared by what they say, whatever format each
    version has. Exit code 0: nothing differs; 1: something does; 3: nothing does in what was
    read, and some boxes were not.
    """
    from auditor.findings.explain import compare

    old, new = (_audited_report(path, shared) for path in (before, after))
    if old.audit.form.id != new.audit.form.id:
        ids = {"before": old.audit.form.id, "after": new.audit.form.id}
        raise click.UsageError(phrase("cli-two-forms", new.style.language, **ids))
    found = compare(old.audit, new.audit)
    if shared["form_of_output"] == "json":
        from auditor.reporters.json import difference_document as render
    else:
        from auditor.reporters.pages import render_difference as render
    click.echo(render(found, new.style), nl=False, color=new.style.colour or None)
    differs = found.changes or found.gone or found.new
    ctx.exit(1 if differs else 3 if found.not_compared else 0)
