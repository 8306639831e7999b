"""What was typed so far in, what it may become out: for the shells' own completion.

A shell asks while a person types, so nothing is said of what is wrong: where a folder of rules
cannot be loaded, nothing is completed.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from auditor.cli.settings import language_of
from auditor.errors import DefinitionError
from auditor.library import Library, load_library
from auditor.model.form import Form, Table
from auditor.readers.limits import NAMES


def paths(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Files and folders, which the shell itself completes."""
    return [CompletionItem(typed, type="file")]


def rule_ids(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Ids of rules, each with its statement; of several between commas, the last."""
    library = _library(ctx)
    if library is None:
        return []
    done, comma, last = typed.rpartition(",")
    language = language_of(ctx.params.get("lang"), os.environ)
    rules = {rule.id: rule for own in library.rules.values() for rule in own}
    return [
        CompletionItem(done + comma + name, help=rule.statement.get(language, ""))
        for name, rule in sorted(rules.items())
        if name.startswith(last)
    ]


def form_ids(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Ids of forms, each with its name."""
    library = _library(ctx)
    language = language_of(ctx.params.get("lang"), os.environ)
    return [
        CompletionItem(form.id, help=form.name.get(language, ""))
        for form in (library.forms if library else ())
        if form.id.startswith(typed)
    ]


def table_keys(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The tables of the form that `--form` names."""
    form = _form(ctx)
    language = language_of(ctx.params.get("lang"), os.environ)
    return [
        CompletionItem(table.key, help=table.title.get(language, ""))
        for table in (form.tables if form else ())
        if table.key.startswith(typed)
    ]


def line_keys(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Rows and columns of the table that `--form` and `--table` name, each with its label."""
    table = _table(ctx)
    lines = (*table.rows, *table.columns) if table else ()
    known = {line.key: line.label for line in lines}
    return [CompletionItem(key, help=said) for key, said in known.items() if key.startswith(typed)]


def figures(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Rows and columns of that table, and behind a slash its boxes."""
    if "/" not in typed:
        return line_keys(ctx, param, typed)
    table = _table(ctx)
    names = [f"{box.row}/{box.column}" for box in table.boxes()] if table else []
    return [CompletionItem(name) for name in names if name.startswith(typed)]


def kinds(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The kinds of rule that can be drafted."""
    from auditor.checks.draft import DRAFTED  # it brings YAML; `check` imports this module too

    return [CompletionItem(kind) for kind in DRAFTED if kind.startswith(typed)]


def limits(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Names of limits, up to the sign behind which the value is typed."""
    return [CompletionItem(f"{name}=") for name in NAMES if name.startswith(typed)]


def _library(ctx: click.Context) -> Library | None:
    """The packaged rules, and those of the folders that `--rules` has named so far."""
    folders: tuple[Path, ...] = ctx.params.get("folders") or ()
    try:
        return load_library(*folders)
    except DefinitionError:
        return None


def _form(ctx: click.Context) -> Form | None:
    library, form_id = _library(ctx), ctx.params.get("form_id")
    return next((form for form in library.forms if form.id == form_id), None) if library else None


def _table(ctx: click.Context) -> Table | None:
    form, key = _form(ctx), ctx.params.get("table_key")
    return next((table for table in form.tables if table.key == key), None) if form else None
