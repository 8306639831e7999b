"""`--help` is complete, and the manual page says what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from auditor.cli import main
from docs.making.commands import described
from docs.making.manual import PAGE, manual
from tests.support import ROOT
from tests.wiring.desk import environment, program, run


def commands(
    command: click.Command = main, path: str = "audit"
) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            assert child is not None
            yield from commands(child, f"{path} {name}")


COMMANDS = dict(commands())


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_every_option_says_what_it_is_for(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    assert [
        param.opts[-1]
        for param in command.params
        if isinstance(param, click.Option) and not (param.help or param.hidden)
    ] == []


def test_what_is_described_is_every_command() -> None:
    assert [each.name for each in described()] == list(COMMANDS)


def test_the_manual_page_is_up_to_date() -> None:
    """`make man` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == manual()


def test_the_manual_page_names_every_option() -> None:
    page = PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    options = {
        name
        for command in COMMANDS.values()
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden
        for name in param.opts
    }
    assert {name for name in options if name not in page} == set()


def test_the_manual_page_is_set_without_a_warning(tmp_path: Path) -> None:
    env = environment(tmp_path)
    man = ("-man", "-ww", "-z", "-Tutf8", "-Kutf8")
    done = run(program("groff", "groff-base"), *man, PAGE, cwd=ROOT, env=env)
    assert (done.returncode, done.stderr) == (0, "")
