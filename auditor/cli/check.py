"""`audit check` and `audit read`: documents in, findings or what was read out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.complete import limits, paths, rule_ids
from auditor.cli.inputs import find
from auditor.cli.run import begin, write
from auditor.cli.selection import chosen_rules
from auditor.findings.receipts import verdict_of
from auditor.model.check import Severity
from auditor.model.source import Document
from auditor.pipeline import audit, match_prose, read_report
from auditor.renderers import RENDERERS, Item, Judged, Reading

_Command = TypeVar("_Command", bound=Callable[..., Any])
_THRESHOLDS = [severity.value for severity in Severity]


def _shared(command: _Command) -> _Command:
    """The options of `check` and `read` alike."""
    for decorate in reversed(
        [
            click.argument(
                "paths", nargs=-1, required=True, metavar="PATH...", shell_complete=paths
            ),
            click.option(
                "--format",
                "form_of_output",
                type=click.Choice(list(RENDERERS)),
                default="terminal",
                show_default=True,
                help="Form of the output.",
            ),
            click.option(
                "--lang",
                type=click.Choice(["zh", "en"]),
                help="Language of the output; default from AUDIT_LANG or the locale.",
            ),
            click.option(
                "--rules",
                "folders",
                multiple=True,
                metavar="DIR",
                type=click.Path(path_type=Path),
                help="More forms and rules; repeatable.",
            ),
            click.option(
                "--limit",
                "limits",
                multiple=True,
                metavar="NAME=VALUE",
                shell_complete=limits,
                help="Read documents beyond a limit, such as pages=500; repeatable.",
            ),
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
@click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    default="error",
    show_default=True,
    help="Least severity that makes the exit code 1.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    shell_complete=rule_ids,
    help="Tell only these rules; globs work.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    shell_complete=rule_ids,
    help="Do not tell these rules.",
)
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@click.option(
    "--previous",
    multiple=True,
    metavar="PATH",
    shell_complete=paths,
    help="Last year's report, or a folder of them: matched by agency and year; repeatable.",
)
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
    run, style, found = begin(shared, with_entries)
    told = chosen_rules(run.library, select, ignore, run.language)
    threshold = Severity(fail_on)
    earlier = run.reports(find(previous, run.language, run.say))
    options: dict[str, Any] = {"told": told, "verify": shared["verify"], "limits": run.limits}

    def judge(document: Document) -> Item:
        result = audit(document, run.library, earlier=earlier, **options)
        return Judged(result, verdict_of(result, threshold))

    write(run.over(found, judge), shared["form_of_output"], style)
    run.summary()
    ctx.exit(run.exit_code)


@click.command()
@_shared
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    run, style, found = begin(shared, with_entries=True)

    def judge(document: Document) -> Item:
        form, report = read_report(document, run.library, shared["verify"], run.limits)
        return Reading(form, report, match_prose(form, report, run.library))

    write(run.over(found, judge), shared["form_of_output"], style)
    ctx.exit(run.exit_code)
