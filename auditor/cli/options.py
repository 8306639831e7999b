"""Arguments and options that several commands take, each said once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]


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


language = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="Language of the output; default from AUDIT_LANG or the locale.",
)
rules = click.option(
    "--rules",
    "folders",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="More forms and rules; repeatable.",
)
limits = click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    help="Read documents beyond a limit, such as pages=500; repeatable.",
)
previous = click.option(
    "--previous",
    multiple=True,
    metavar="PATH",
    help="Last year's report, or a folder of them: matched by agency and year; repeatable.",
)
no_color = click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same.")

of_one_report = taking(
    output_format(["terminal", "json"]), language, rules, limits, previous, no_color
)
"""The options of the commands that take a single report."""
