"""Options that several commands take, each said once, and what a shell may complete in them.

A shell asks while a person types, so nothing is said of what is wrong: where a folder of rules
cannot be loaded, nothing is completed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.process import language_of
from auditor.definitions import Library, load_library
from auditor.errors import DefinitionError
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.form import Form, Table
from auditor.readers.limits import NAMES

_Completer = Callable[[click.Context, click.Parameter, str], list[Any]]
"""Gives `CompletionItem`s; what makes them is imported when a shell asks for some."""


def paths(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
    """Files and folders, which the shell itself completes."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(typed, type="file")]


def _completer(named: Callable[[click.Context, str], Mapping[str, str]]) -> _Completer:
    """Names that begin as what was typed, each with what it means; of several between commas, the
    last. `named` has them, for the context and what was typed."""

    def complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        done, comma, last = typed.rpartition(",")
        try:
            names = named(ctx, last)
        except DefinitionError:
            return []
        return [
            CompletionItem(done + comma + name, help=said or None)
            for name, said in names.items()
            if name.startswith(last)
        ]

    return complete


def _rules(ctx: click.Context, typed: str) -> Mapping[str, str]:
    rules = {rule.id: rule for own in _library(ctx).rules.values() for rule in own}
    return {name: rule.statement.get(_language_of(ctx), "") for name, rule in sorted(rules.items())}


def _forms(ctx: click.Context, typed: str) -> Mapping[str, str]:
    return {form.id: form.name.get(_language_of(ctx), "") for form in _library(ctx).forms}


def _tables(ctx: click.Context, typed: str) -> Mapping[str, str]:
    """The tables of the form that `--form` names."""
    return {table.key: table.title.get(_language_of(ctx), "") for table in _named_tables(ctx)}


def _lines(ctx: click.Context, typed: str) -> Mapping[str, str]:
    """Rows and columns of the table that `--form` and `--table` name, each with its label."""
    tables = [each for each in _named_tables(ctx) if each.key == ctx.params.get("table_key")]
    return {line.key: line.label for each in tables for line in (*each.rows, *each.columns)}


def _figures(ctx: click.Context, typed: str) -> Mapping[str, str]:
    """Rows and columns of that table, and behind a slash its boxes."""
    if "/" not in typed:
        return _lines(ctx, typed)
    tables = [each for each in _named_tables(ctx) if each.key == ctx.params.get("table_key")]
    return {f"{box.row}/{box.column}": "" for each in tables for box in each.boxes()}


rule_ids, form_ids, table_keys = _completer(_rules), _completer(_forms), _completer(_tables)
line_keys, figures = _completer(_lines), _completer(_figures)
limits = _completer(lambda ctx, typed: dict.fromkeys((f"{name}=" for name in NAMES), ""))


def _language_of(ctx: click.Context) -> str:
    return language_of(ctx.params.get("lang"), os.environ)


def _library(ctx: click.Context) -> Library:
    """The packaged rules, and those of the folders that `--rules` has named so far."""
    folders: tuple[Path, ...] = ctx.params.get("folders") or ()
    return load_library(*folders)


def _named_tables(ctx: click.Context) -> tuple[Table, ...]:
    named = (form for form in _library(ctx).forms if form.id == ctx.params.get("form_id"))
    return next((form.tables for form in named), ())


def unknown_name(code: str, name: str, known: Collection[str], language: str) -> click.UsageError:
    """The error about a name that is not among the known ones, with the nearest that is."""
    import difflib  # only what went wrong needs it

    names = phrase("list-comma", language).join(known)
    message = phrase(code, language, name=name, rule=name, address=name, names=names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        message += " — " + phrase("cli-did-you-mean", language, near=near[0])
    return click.UsageError(message)


def form_named(library: Library, form_id: str, language: str) -> Form:
    """The form with this id. Raises `click.UsageError` when there is none."""
    known = [form.id for form in library.forms]
    if form_id not in known:
        raise unknown_name("cli-unknown-form", form_id, known, language)
    return library.form(form_id)


_Command = TypeVar("_Command", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]
_THRESHOLDS = [severity.value for severity in Severity]
DAY = click.DateTime(["%Y-%m-%d"])


def combined(*decorators: Decorator) -> Callable[[_Command], _Command]:
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
LIMITS = click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=limits,
    help="Read documents beyond a limit, such as pages=500; repeatable.",
)
FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    show_default="error",
    help="Least severity that makes the exit code 1.",
)
JOBS = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes to work with; default as many as processors, for many files.",
)
VERIFY = click.option(
    "--verify", is_flag=True, help="Have a second reader confirm every cell (PDF)."
)
CACHE = click.option(
    "--cache",
    is_flag=True,
    help="Keep what is read in the user's cache folder, and read no unchanged file again.",
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

_CHILDREN = click.option(
    "--children",
    multiple=True,
    metavar="PATH",
    shell_complete=paths,
    help="Reports of all bodies below, for rules about what they come to; repeatable.",
)

CONFIGURATION = combined(
    LANG,
    RULES,
    LIMITS,
    click.option(
        "--config",
        metavar="FILE",
        help="This configuration, and not the one found upwards from each report.",
    ),
    click.option("--isolated", is_flag=True, help="No configuration file at all."),
)
"""What decides which settings hold."""

EXCLUSION = combined(
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Leave out files of folders, as a line of .gitignore does; repeatable.",
    ),
    click.option(
        "--force-exclude", is_flag=True, help="Leave out also files that are named themselves."
    ),
)
"""What decides which files are taken."""

INPUTS = combined(
    EXCLUSION,
    click.option(
        "--stdin-filename",
        metavar="NAME",
        help="What standard input is called, and whose settings hold for it.",
    ),
)
"""What decides which files are taken, and how they are called."""

RULES_TOLD = combined(
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
)

SELECTION = combined(
    FAIL_ON,
    RULES_TOLD,
    _PREVIOUS,
    _CHILDREN,
)
"""What decides which findings are told."""

DECISIONS = combined(
    click.option("--baseline", metavar="FILE", help="Findings that were known before."),
    click.option("--waivers", metavar="FILE", help="Findings that were waived or answered."),
)
"""What was decided about findings before."""

SINGLE_REPORT = combined(
    output_format(["terminal", "json"]), CONFIGURATION, _PREVIOUS, _CHILDREN, NO_COLOR
)
"""The options of the commands that take a single report."""


SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_AUDIT_COMPLETE"
"""What the script sets when it asks the command, as click derives it from the command's name."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="|".join(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options, rules and forms.

    \b
    bash: audit completion bash > ~/.local/share/bash-completion/completions/audit
    zsh:  audit completion zsh > "${fpath[1]}/_audit"
    fish: audit completion fish > ~/.config/fish/completions/audit.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None, "click knows these three"
    click.echo(made(ctx.find_root().command, {}, "audit", VARIABLE).source(), nl=False)
