"""`audit check` and `audit read`: documents in, findings or what was read out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import click

from auditor.cli import options
from auditor.cli.formats import CHECKED, READ
from auditor.cli.inputs import find
from auditor.cli.run import begin
from auditor.cli.selection import chosen_rules
from auditor.findings.receipts import verdict_of
from auditor.library import Library
from auditor.model.check import Severity
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, match_prose, read_report
from auditor.readers import Limits
from auditor.renderers import Item, Judged, Reading

_THRESHOLDS = [severity.value for severity in Severity]


def _shared(formats: Mapping[str, str]) -> options.Decorator:
    """The options of `check` and `read` alike, but for the formats that each has."""
    return options.taking(
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
        options.output_format(list(formats)),
        click.option(
            "--output",
            "outputs",
            multiple=True,
            metavar="FORMAT=FILE",
            help="Write a file in that format as well; repeatable.",
        ),
        options.language,
        options.rules,
        options.limits,
        click.option(
            "--verify", is_flag=True, help="Have a second reader confirm every cell (PDF)."
        ),
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
        options.no_color,
    )


@noun
class _Check:
    """Audits documents; goes to other processes as it is."""

    library: Library
    told: Collection[str] | None
    verify: bool
    limits: Limits
    earlier: Sequence[Report]
    threshold: Severity

    def __call__(self, document: Document) -> Item:
        result = audit(
            document,
            self.library,
            told=self.told,
            verify=self.verify,
            limits=self.limits,
            earlier=self.earlier,
        )
        return Judged(result, verdict_of(result, self.threshold))


@noun
class _Read:
    """Reads documents; goes to other processes as it is."""

    library: Library
    verify: bool
    limits: Limits

    def __call__(self, document: Document) -> Item:
        form, report = read_report(document, self.library, self.verify, self.limits)
        return Reading(form, report, match_prose(form, report, self.library))


@click.command()
@_shared(CHECKED)
@click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    default="error",
    show_default=True,
    help="Least severity that makes the exit code 1.",
)
@click.option("--select", multiple=True, metavar="RULES", help="Tell only these rules; globs work.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not tell these rules.")
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@options.previous
@click.pass_context
def check(
    ctx: click.Context,
    /,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    with_entries: bool,
    previous: tuple[str, ...],
    **shared: Any,
) -> None:
    """Run the checks on files, folders or - (standard input)."""
    begun = begin(shared, with_entries, CHECKED)
    run = begun.run
    told = chosen_rules(run.library, select, ignore, run.language)
    threshold = Severity(fail_on)
    earlier = run.reports(find(previous, run.language, run.say))
    judge = _Check(run.library, told, shared["verify"], run.limits, earlier, threshold)
    begun.write(judge)
    run.summary()
    ctx.exit(run.exit_code)


@click.command()
@_shared(READ)
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    begun = begin(shared, True, READ)
    run = begun.run
    begun.write(_Read(run.library, shared["verify"], run.limits))
    run.summary()
    ctx.exit(run.exit_code)
