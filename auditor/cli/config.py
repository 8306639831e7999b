"""`audit config show`: the settings for a report, each with where it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from auditor.cli.configured import Configured
from auditor.cli.inputs import STDIN, Found
from auditor.cli.options import configured, decided, judged, output_format
from auditor.cli.settings import language_of
from auditor.cli.streams import say
from auditor.configuration.settings import KEYS, TABLES, From, Settings, Source
from auditor.messages import phrase


@click.group()
def config() -> None:
    """Show the configuration."""


@config.command()
@click.argument("path", default=".")
@output_format(["terminal", "json"])
@configured
@judged
@decided
def show(path: str, form_of_output: str, **given: Any) -> None:
    """The settings that hold for PATH, a report or a folder, and where each came from.

    The options are those of `audit check`, and show as set on the command line.
    """
    provisional = language_of(given["lang"], os.environ)
    found = _found(path, provisional)
    finder = Configured(given, os.environ, provisional, say)
    settings = finder.settings(found)
    language = settings.lang or provisional
    rows = list(_rows(settings, os.environ))
    if form_of_output == "json":
        click.echo(json.dumps(_as_json(path, rows), ensure_ascii=False, indent=1))
        return
    width = max(len(f"{key} = {_said(value)}") for key, value, _ in rows)
    click.echo(phrase("config-for", language, path=path))
    for key, value, source in rows:
        said = phrase(f"config-{source.kind.value}", language, place=source.place)
        click.echo(f"  {f'{key} = {_said(value)}':<{min(width, 48)}}  # {said}")


def _found(path: str, language: str) -> Found:
    """The report, or whatever lies in the folder."""
    if path == STDIN:
        return Found(STDIN, None)
    place = Path(path)
    if not place.exists():
        raise click.UsageError(phrase("cli-no-path", language, path=path))
    return Found(path, place / STDIN if place.is_dir() else place)


def _rows(settings: Settings, environment: Mapping[str, str]) -> Iterator[tuple[str, Any, Source]]:
    """Every key, the names of tables apart, with its value and source."""
    for key in KEYS:
        value = getattr(settings, key)
        if key == "lang" and value is None:
            named = next((name for name in _LOCALE if environment.get(name)), None)
            source = Source(From.ENVIRONMENT, named) if named else Source(From.DEFAULT)
            yield key, language_of(None, environment), source
        elif key in TABLES and value:
            for name, own in value.items():
                yield f"{key}.{_quoted(name)}", own, settings.source(f"{key}.{name}")
        else:
            empty: Any = {} if key in TABLES else value
            yield key, list(value) if isinstance(value, tuple) else empty, settings.source(key)


_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def _quoted(name: str) -> str:
    """A name as a TOML key."""
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else json.dumps(name, ensure_ascii=False)


def _said(value: Any) -> str:
    """A value as TOML would have it; what is not set as a dash."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


def _as_json(path: str, rows: list[tuple[str, Any, Source]]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "path": path,
        "settings": [
            {"key": key, "value": value, "source": source.kind.value, "place": source.place or None}
            for key, value, source in rows
        ],
    }
