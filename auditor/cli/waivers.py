"""`audit waivers`: accept one finding of one report, for a reason, in a file that is reviewed."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from auditor.cli.begin import begin
from auditor.cli.bench import Undecided
from auditor.cli.files import locked, replace_text, text_of
from auditor.cli.options import DAY, TODAY, configured
from auditor.cli.run import Run
from auditor.dispositions.settle import names_of
from auditor.dispositions.values import values_of
from auditor.dispositions.waivers import with_item
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.disposition import DispositionKind
from auditor.model.finding import Audit, Finding
from auditor.reporters import Judged


@click.group()
def waivers() -> None:
    """Accept single findings: waive them until a day, or answer a warning."""


_FILE = click.option("--waivers", "file", metavar="FILE", help="Default: the configured file.")
_BY = click.option("--by", required=True, metavar="NAME", help="Who accepts it.")


@waivers.command()
@click.argument("report")
@click.argument("rule")
@click.argument("address")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may stand.")
@_BY
@click.option("--expires", required=True, type=DAY, help="Last day on which the waiver holds.")
@_FILE
@configured
@click.pass_context
def new(ctx: click.Context, /, reason: str, by: str, expires: datetime, **given: Any) -> None:
    """Write a waiver for REPORT's finding of RULE at ADDRESS, with its present values."""
    after = {"reason": reason, "by": by, "expires": expires.date()}
    _write(given, DispositionKind.WAIVED, after)


@waivers.command()
@click.argument("report")
@click.argument("rule")
@click.argument("address")
@click.option("--answer", required=True, metavar="TEXT", help="The explanation.")
@_BY
@click.option("--date", "given_on", type=DAY, help="Day of the answer; default today.")
@_FILE
@TODAY
@configured
@click.pass_context
def answer(
    ctx: click.Context,
    /,
    answer: str,
    by: str,
    given_on: datetime | None,
    today: datetime | None,
    **given: Any,
) -> None:
    """Write an answer to REPORT's warning of RULE at ADDRESS, with its present values."""
    on = given_on or today
    after = {"answer": answer, "by": by, "date": on.date() if on else date.today()}
    _write(given, DispositionKind.ANSWERED, after)


def _write(given: dict[str, Any], kind: DispositionKind, after: Mapping[str, Any]) -> None:
    fixed = {"form_of_output": "terminal", "quiet": True, "verbose": False, "no_color": True}
    asked = {**given, **fixed, "paths": (given["report"],), "waivers": given["file"]}
    begun = begin(asked, with_entries=False)
    run, style, found = begun.run, begun.style, begun.found
    language = style.language
    if len(found) != 1:
        raise click.UsageError(phrase("waiver-one-report", language))
    file = run.configured.settings(found[0]).waivers
    if file is None:
        raise click.UsageError(phrase("waiver-no-file", language))
    audit = _audited(run, found)
    finding = _finding(audit, given["rule"], given["address"], language)
    if kind is DispositionKind.ANSWERED and finding.severity is Severity.ERROR:
        raise click.UsageError(phrase("waiver-error-answered", language))
    address = next(iter(names_of(finding)), "*")
    item = {
        "rule": finding.rule_id,
        "address": address,
        "report": _named(audit),
        **after,
        "values": dict(values_of(finding, audit.report)),
    }
    path = Path(file)
    with locked(path):
        replace_text(path, with_item(text_of(path) or "", path.as_posix(), kind, item))
    run.say(phrase("waiver-written", language, file=file, rule=finding.rule_id, cell=address))


def _audited(run: Run, found: list[Any]) -> Audit:
    """The report's audit; what cannot be read ends the command."""
    bench = Undecided(run, False, None)

    items = [item for item in run.over(found, bench) if isinstance(item, Judged)]
    if len(items) != 1:
        raise (
            click.exceptions.Exit(3)
            if not items
            else click.UsageError(phrase("waiver-one-report", run.language))
        )
    return items[0].audit


def _finding(audit: Audit, rule: str, address: str, language: str) -> Finding:
    """The one finding of the rule at the address, which may be a pattern."""
    listed = phrase("list-comma", language)
    found = [
        finding
        for finding in audit.findings
        if finding.rule_id == rule and any(fnmatchcase(name, address) for name in names_of(finding))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = listed.join(name for each in found for name in names_of(each)[:1])
        raise click.UsageError(
            phrase(
                "waiver-several", language, rule=rule, cell=address, count=len(found), list=several
            )
        )
    there = listed.join(
        f"{each.rule_id} {next(iter(names_of(each)), '*')}" for each in audit.findings
    )
    said = phrase("waiver-none", language, rule=rule, cell=address)
    if there:
        said += phrase("list-semicolon", language) + phrase(
            "waiver-there-are", language, list=there
        )
    raise click.UsageError(said)


def _named(audit: Audit) -> str | dict[str, Any]:
    """The report as the file names it: by agency and year where it says them, else by its name."""
    identity = audit.report.identity
    if identity.agency is not None and identity.year is not None:
        return {"agency": identity.agency, "year": identity.year}
    return glob.escape(audit.report.source.name.rpartition("/")[2])
