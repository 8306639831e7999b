"""The `audit` command: paths and options in, text and an exit code out; the only place that prints.

Exit codes: 0 nothing at the threshold, 1 findings, 2 wrong usage or definitions or a stream that
cannot be used, 3 some report could not be audited, or this program failed. Findings go to standard
output, everything else to standard error.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, cast

import click

from auditor import __version__
from auditor.cli.process import describe_defect, language_of, prepare_streams, say, unusable
from auditor.errors import DefinitionError
from auditor.escaping import visible
from auditor.messages import phrase

COMMANDS = {
    "check": "auditor.cli.check:check",
    "read": "auditor.cli.check:read",
    "explain": "auditor.cli.check:explain",
    "fix": "auditor.cli.check:fix",
    "diff": "auditor.cli.check:diff",
    "corpus": "auditor.cli.corpus:corpus",
    "serve": "auditor.web.command:serve",
    "rules": "auditor.cli.rules:rules",
    "baseline": "auditor.cli.decisions:baseline",
    "waivers": "auditor.cli.decisions:waivers",
    "config": "auditor.cli.config:config",
    "completion": "auditor.cli.options:completion",
}
"""Every command, imported when asked for, in the order in which the help lists them."""


class _Group(click.Group):
    """A group whose commands turn a broken rule or form into a message and exit code 2, what the
    system refuses too, and a defect of ours into 3."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast(click.Command, getattr(import_module(module), name))

    def invoke(self, ctx: click.Context) -> Any:
        language = language_of(None, os.environ)
        try:
            prepare_streams(language)
            return super().invoke(ctx)
        except DefinitionError as error:
            where = f"{error.place}: " if error.place else ""
            say(phrase("cli-error", language, text=where + error.message))
            if error.hint:
                say(phrase("cli-hint", language, text=error.hint))
            ctx.exit(2)
        except click.ClickException as error:
            error.message = visible(error.message)  # type: ignore[misc]  # shown by click itself
            raise
        except (click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            raise unusable(error, language) from error
        except Exception as error:
            say(describe_defect(error, "cli-internal-error", language))
            ctx.exit(3)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="audit")
def main() -> None:
    """Audit government-information-disclosure annual reports before they are published."""
