"""The click commands in, what their help says out, for the manual page and the site alike."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import NamedTuple

import click

from auditor.cli import main


class Paragraph(NamedTuple):
    """A stretch of help; one that is kept shows its lines as they are, as after click's `\\b`."""

    text: str
    is_kept: bool


class Described(NamedTuple):
    """One command, as `--help` has it."""

    name: str
    usage: str
    paragraphs: tuple[Paragraph, ...]
    options: tuple[tuple[str, str], ...]
    """How each is written, and what it does."""
    is_group: bool


def described() -> list[Described]:
    """`audit` and every command below it, in the order of its help."""
    return list(_below(main, click.Context(main, info_name="audit", **main.context_settings)))


def _below(command: click.Command, ctx: click.Context) -> Iterator[Described]:
    records = [
        param.get_help_record(ctx)
        for param in command.get_params(ctx)
        if isinstance(param, click.Option)
    ]
    yield Described(
        name=ctx.command_path,
        usage=" ".join((ctx.command_path, *command.collect_usage_pieces(ctx))),
        paragraphs=tuple(_paragraphs(inspect.cleandoc(command.help or ""))),
        options=tuple(record for record in records if record),
        is_group=isinstance(command, click.Group),
    )
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            assert child is not None, name
            yield from _below(child, click.Context(child, parent=ctx, info_name=name))


def _paragraphs(said: str) -> Iterator[Paragraph]:
    for text in said.split("\n\n"):
        if text.startswith("\b\n"):
            yield Paragraph(text.removeprefix("\b\n"), is_kept=True)
        elif text:
            yield Paragraph(" ".join(text.split()), is_kept=False)
