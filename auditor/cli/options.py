"""The options that several commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.model.check import Severity

_Command = TypeVar("_Command", bound=Callable[..., Any])
_THRESHOLDS = [severity.value for severity in Severity]


DAY = click.DateTime(["%Y-%m-%d"])
LANG = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="Language of the output; default from AUDIT_LANG, the configuration or the locale.",
)
_CONFIGURATION = (
    LANG,
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
        help="Read documents beyond a limit, such as pages=500; repeatable.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        help="This configuration, and not the one found upwards from each report.",
    ),
    click.option("--isolated", is_flag=True, help="No configuration file at all."),
)
_JUDGEMENT = (
    click.option(
        "--fail-on",
        type=click.Choice(_THRESHOLDS),
        show_default="error",
        help="Least severity that makes the exit code 1.",
    ),
    click.option(
        "--select", multiple=True, metavar="RULES", help="Tell only these rules; globs work."
    ),
    click.option("--ignore", multiple=True, metavar="RULES", help="Do not tell these rules."),
    click.option(
        "--previous",
        multiple=True,
        metavar="PATH",
        help="Last year's report, or a folder of them: matched by agency and year; repeatable.",
    ),
)
_DECISIONS = (
    click.option("--baseline", metavar="FILE", help="Findings that were known before."),
    click.option("--waivers", metavar="FILE", help="Findings that were waived or answered."),
)
TODAY = click.option("--today", type=DAY, envvar="AUDIT_TODAY", hidden=True)


def configured(command: _Command) -> _Command:
    """What decides which settings hold."""
    return _with(command, _CONFIGURATION)


def judged(command: _Command) -> _Command:
    """What decides which findings are told."""
    return _with(command, _JUDGEMENT)


def decided(command: _Command) -> _Command:
    """What was decided about findings before."""
    return _with(command, _DECISIONS)


def _with(command: _Command, options: tuple[Callable[[_Command], _Command], ...]) -> _Command:
    for decorate in reversed(options):
        command = decorate(command)
    return command
