"""The settings for each report, each with where it came from; `audit config show` shows them.

A report's file is the nearest above it: `audit.toml`, or a pyproject.toml with `[tool.audit]`.
Where both stand in one folder audit.toml is taken, which is said. Files further up are not looked
at.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from auditor.cli.inputs import STDIN, InputFile
from auditor.cli.options import CONFIGURATION, DECISIONS, SELECTION, output_format
from auditor.cli.process import language_of, say
from auditor.configuration import (
    KEYS,
    TABLES,
    Configuration,
    Layer,
    Settings,
    SettingSource,
    SourceKind,
    combine,
    load_configuration,
)
from auditor.errors import DefinitionError
from auditor.messages import phrase
from auditor.readers.limits import NAMES, Limits
from auditor.regular import read_text

OWN, SHARED = "audit.toml", "pyproject.toml"
_WIDEST = 48
"""Columns of a setting before where it came from is said."""
MOST_BYTES = 256_000
"""Of one file; settings are some hundreds."""
_MAY_SAY = re.compile(r"""tool["']?\s*(?:\.\s*["']?audit|\]|=)""")
"""Every way in which TOML can name the table `tool.audit`, and some others."""
_OPTIONS: Mapping[str, tuple[str, str]] = {
    "folders": ("rules", "--rules"),
    "select": ("select", "--select"),
    "ignore": ("ignore", "--ignore"),
    "fail_on": ("fail_on", "--fail-on"),
    "lang": ("lang", "--lang"),
    "baseline": ("baseline", "--baseline"),
    "waivers": ("waivers", "--waivers"),
    "previous": ("previous", "--previous"),
}
"""Parameters of commands: the key of the settings, the option."""


_COUNT = re.compile("[1-9](?:_?[0-9]){0,14}")


def counts_of(given: Sequence[str], language: str) -> dict[str, int]:
    """The limits given, each as `NAME=VALUE`, by the names that people know them by.

    Raises `click.UsageError` for a name that there is not and for a value that is no count.
    """
    values: dict[str, int] = {}
    for text in given:
        name, _, value = (part.strip() for part in text.partition("="))
        if name not in NAMES:
            listed = ", ".join(NAMES)
            raise click.UsageError(phrase("cli-unknown-limit", language, name=name, names=listed))
        if not _COUNT.fullmatch(value):
            raise click.UsageError(phrase("cli-no-count", language, name=name, value=value))
        values[name] = int(value)
    return values


def limits_of(counts: Mapping[str, int]) -> Limits:
    """The usual limits with those given in their place."""
    return Limits(**{NAMES[name]: count for name, count in counts.items()})


def layer_of_command(given: Mapping[str, Any], language: str) -> Layer:
    """What the command line sets; `given` are the parameters of the command."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, (key, option) in _OPTIONS.items():
        value = given.get(name)
        if value:
            values[key] = tuple(map(str, value)) if isinstance(value, tuple) else value
            places[key] = option
    if counts := counts_of(given.get("limits") or (), language):
        values["limits"], places["limits"] = counts, "--limit"
    return Layer(values, places, SourceKind.COMMAND_LINE)


def layer_of_environment(environment: Mapping[str, str]) -> Layer:
    """What environment variables set."""
    said = environment.get("AUDIT_LANG")
    if not said:
        return Layer({}, {}, SourceKind.ENVIRONMENT)
    lang = "zh" if said.lower().startswith("zh") else "en"
    return Layer({"lang": lang}, {"lang": "AUDIT_LANG"}, SourceKind.ENVIRONMENT)


class SettingsFinder:
    """The settings for each report of a run; every file is read once."""

    def __init__(
        self,
        given: Mapping[str, Any],
        environment: Mapping[str, str],
        language: str,
    ) -> None:
        self._language = language
        self._stronger = (layer_of_environment(environment), layer_of_command(given, language))
        self._chosen: str | None = given.get("config")
        self._isolated = bool(given.get("isolated"))
        self._by_folder: dict[str, Configuration | None] = {}
        self._settings: dict[tuple[int, ...], Settings] = {}

    def settings(self, found: InputFile, name: str | None = None) -> Settings:
        """What holds for a report; `name` is its own where it lies in an archive. Reports for which
        the same holds have the very same settings."""
        path = None if found.path is None else os.path.abspath(found.path)
        folder = os.getcwd() if path is None else os.path.dirname(path)
        configuration = None if self._isolated else self._configuration(folder)
        if path is not None and name is not None:
            path += name[len(found.name) :]
        layers = (*(configuration.layers_for(path) if configuration else ()), *self._stronger)
        key = tuple(map(id, layers))  # of layers that last as long as this
        if key not in self._settings:
            self._settings[key] = combine(layers, configuration.file if configuration else None)
        return self._settings[key]

    def _configuration(self, folder: str) -> Configuration | None:
        if self._chosen is not None:
            folder, name = os.path.split(os.path.abspath(self._chosen))
            if self._chosen not in self._by_folder:
                self._by_folder[self._chosen] = self._read(folder, name)
                if self._by_folder[self._chosen] is None:
                    raise DefinitionError(
                        "no-settings", "there is no [tool.audit] in it", place=self._chosen
                    )
            return self._by_folder[self._chosen]
        if folder not in self._by_folder:
            above = os.path.dirname(folder)
            own = self._own_configuration(folder)
            self._by_folder[folder] = (
                own if own is not None or above == folder else self._configuration(above)
            )
        return self._by_folder[folder]

    def _own_configuration(self, folder: str) -> Configuration | None:
        """What the folder's own files say; None where they say nothing."""
        names = [name for name in (OWN, SHARED) if os.path.lexists(os.path.join(folder, name))]
        found = [read for read in (self._read(folder, name) for name in names) if read is not None]
        if len(found) > 1:
            said = {"taken": found[0].file, "left": found[1].file}
            say(phrase("cli-two-configurations", self._language, **said))
        return found[0] if found else None

    def _read(self, folder: str, name: str) -> Configuration | None:
        shown = os.path.relpath(folder).replace(os.sep, "/")
        file = name if shown == "." else f"{shown}/{name}"
        text = read_text(os.path.join(folder, name), MOST_BYTES, file)
        if name == SHARED and not _MAY_SAY.search(text):
            return None  # most projects' own, and no reason to start a parser
        return load_configuration(text, file, folder, shown)


@click.group()
def config() -> None:
    """Show the configuration."""


@config.command()
@click.argument("path", default=".")
@output_format(["terminal", "json"])
@CONFIGURATION
@SELECTION
@DECISIONS
def show(path: str, form_of_output: str, **given: Any) -> None:
    """The settings that hold for PATH, a report or a folder, and where each came from.

    The options are those of `audit check`, and show as set on the command line.
    """
    provisional = language_of(given["lang"], os.environ)
    found = _input_at(path, provisional)
    finder = SettingsFinder(given, os.environ, provisional)
    settings = finder.settings(found)
    rows = list(_rows(settings, os.environ))
    if form_of_output == "json":
        shown = {"schema_version": 1, "path": path, "settings": rows}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    language = settings.lang or provisional
    pairs = [f"{row['key']} = {_as_toml(row['value'])}" for row in rows]
    width = min(max(map(len, pairs)), _WIDEST)
    click.echo(phrase("config-for", language, path=path))
    for pair, row in zip(pairs, rows, strict=True):
        source = phrase(f"config-{row['source']}", language, place=row["place"] or "")
        click.echo(f"  {pair:<{width}}  # {source}")


def _input_at(path: str, language: str) -> InputFile:
    """The report, or whatever lies in the folder."""
    if path == STDIN:
        return InputFile(STDIN, None)
    place = Path(path)
    if not place.exists():
        raise click.UsageError(phrase("cli-no-path", language, path=path))
    return InputFile(path, place / STDIN if place.is_dir() else place)


def _rows(settings: Settings, environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every key, the names of tables apart, with its value and where that came from."""
    for key in KEYS:
        value = getattr(settings, key)
        named = next((name for name in _LOCALE if environment.get(name)), None)
        if key == "lang" and value is None and named:
            said = language_of(None, environment)
            yield _row(key, said, SettingSource(SourceKind.ENVIRONMENT, named))
        elif key == "lang" and value is None:
            yield _row(key, language_of(None, environment), settings.source(key))
        elif key in TABLES and value:
            for name, own in value.items():
                yield _row(f"{key}.{_quoted(name)}", own, settings.source(f"{key}.{name}"))
        else:
            yield _row(key, value, settings.source(key))


def _row(key: str, value: Any, source: SettingSource) -> dict[str, Any]:
    kind, place = source.kind.value, source.place or None
    return {"key": key, "value": value, "source": kind, "place": place}


_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def _quoted(name: str) -> str:
    """A name as a TOML key."""
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else json.dumps(name, ensure_ascii=False)


def _as_toml(value: Any) -> str:
    """A value as TOML would have it; what is not set as a dash."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
