"""Arguments and options that several commands take, each said once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.complete import limits, paths, rule_ids
from auditor.model.check import Severity

_Command = TypeVar("_Command", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]
_THRESHOLDS = [severity.value for severity in Severity]
DAY = click.DateTime(["%Y-%m-%d"])


def taking(*decorators: Decorator) -> Callable[[_Command], _Command]:
    """All the decorators as one; the help lists them in this order."""

    def decorate(command: _Command) -> _Command:
        for each in reversed(decorators):
            command = each(command)
        return command

    return decorate


def output_format(names: Sequence[str]) -> Decorator:
    """`--format`, with these names to choose from."""
    return click.option(
        "--format",
        "form_of_output",
        type=click.Choice(list(names)),
        default="terminal",
        show_default=True,
        help="Form of the output.",
    )


def _language(default: str) -> Decorator:
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        help=f"Language of the output; default from {default}.",
    )


LANG = _language("AUDIT_LANG, the configuration or the locale")
LANG_UNCONFIGURED = _language("AUDIT_LANG or the locale")
RULES = click.option(
    "--rules",
    "folders",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="More forms and rules; repeatable.",
)
VERIFY = click.option(
    "--verify", is_flag=True, help="Have a second reader confirm every cell (PDF)."
)
NO_COLOR = click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same.")
TODAY = click.option("--today", type=DAY, envvar="AUDIT_TODAY", hidden=True)
_PREVIOUS = click.option(
    "--previous",
    multiple=True,
    metavar="PATH",
    shell_complete=paths,
    help="Last year's report, or a folder of them: matched by agency and year; repeatable.",
)

configured = taking(
    LANG,
    RULES,
    click.option(
        "--limit",
        "limits",
        multiple=True,
        metavar="NAME=VALUE",
        shell_complete=limits,
        help="Read documents beyond a limit, such as pages=500; repeatable.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        help="This configuration, and not the one found upwards from each report.",
    ),
    click.option("--isolated", is_flag=True, help="No configuration file at all."),
)
"""What decides which settings hold."""

judged = taking(
    click.option(
        "--fail-on",
        type=click.Choice(_THRESHOLDS),
        show_default="error",
        help="Least severity that makes the exit code 1.",
    ),
    click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        shell_complete=rule_ids,
        help="Tell only these rules; globs work.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULES",
        shell_complete=rule_ids,
        help="Do not tell these rules.",
    ),
    _PREVIOUS,
)
"""What decides which findings are told."""

decided = taking(
    click.option("--baseline", metavar="FILE", help="Findings that were known before."),
    click.option("--waivers", metavar="FILE", help="Findings that were waived or answered."),
)
"""What was decided about findings before."""

of_one_report = taking(output_format(["terminal", "json"]), configured, _PREVIOUS, NO_COLOR)
"""The options of the commands that take a single report."""
