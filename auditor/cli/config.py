"""The settings for each report, each with where it came from; `audit config show` shows them.

A report's file is the nearest above it: `audit.toml`, or a pyproject.toml with `[tool.audit]`.
Where both stand in one folder audit.toml is taken, which is said. Files further up are not looked
at. An unknown key and a value of the wrong type are errors that name the file and the key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import click
from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from auditor.cli.files import STDIN, InputFile, SkippedFiles, SkipReason
from auditor.cli.options import CONFIGURATION, DECISIONS, SELECTION, output_format
from auditor.cli.process import language_of, say
from auditor.errors import DefinitionError
from auditor.messages import phrase
from auditor.patterns import lazy_pattern
from auditor.readers.limits import NAMES, Limits
from auditor.regular import read_text

Text = Annotated[str, Meta(min_length=1)]
Texts = tuple[Text, ...]
Count = Annotated[int, Meta(ge=1)]
_MOST_DOTS = 200
_MOST_PATTERNS = 1_000
"""Of all overrides: each is laid beside every report."""
_LINE = lazy_pattern(r"\(at line (\d+)")


class SourceKind(Enum):
    """What kind of place a setting came from; each wins over those before it."""

    DEFAULT = "default"
    FILE = "file"
    OVERRIDE = "override"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command-line"


class SettingSource(Struct, frozen=True):
    """Where a setting came from."""

    kind: SourceKind
    place: str = ""
    """Such as `audit.toml: overrides[0].select`, `AUDIT_LANG` or `--fail-on`."""


class Layer(Struct, frozen=True):
    """Settings from one place."""

    values: Mapping[str, Any]
    """By key of `Settings`; of the mappings among them only what is set there."""
    places: Mapping[str, str]
    """By the same keys."""
    kind: SourceKind


class Settings(Struct, frozen=True, eq=False):
    """All that is set for one report. Paths are as seen from the working directory."""

    forms: Texts = ()
    """Ids, or patterns of ids, of the forms that are recognised; all where none is named."""
    rules: Texts = ()
    """Folders of further forms and rules."""
    select: Texts = ()
    ignore: Texts = ()
    severities: Mapping[str, Literal["error", "warning", "info", "off"]] = {}
    """By rule, or pattern of rules; the last that fits holds."""
    fail_on: Literal["error", "warning", "info"] = "error"
    lang: Literal["zh", "en"] | None = None
    limits: Mapping[str, Count] = {}
    """By the names that people know them by."""
    baseline: Text | None = None
    waivers: Text | None = None
    previous: Texts = ()
    children: Texts = ()
    exclude: Texts = ()
    """Patterns as in a `.gitignore`, of files that are not audited; relative to where they are
    said: the folder of the configuration file, or the working directory."""
    docs: Text | None = None
    """The address of the built site of documentation, to which the ids of rules lead."""
    file: str | None = None
    """The configuration file that took effect, as seen from the working directory."""
    sources: Mapping[str, SettingSource] = {}
    """By key; of mappings by `key.name`. What is not here has its default."""

    def source(self, key: str) -> SettingSource:
        """Where the value under that key came from."""
        return self.sources.get(key, SettingSource(SourceKind.DEFAULT))


KEYS = Settings.__struct_fields__[:-2]
"""In the order in which they are shown."""
TABLES = ("severities", "limits")
"""Keys whose values are set name by name; of all others the whole value is."""


def combine(layers: Iterable[Layer], file: str | None = None) -> Settings:
    """What holds when each layer wins over those before it; `file` is the one that took effect."""
    values: dict[str, Any] = {}
    sources: dict[str, SettingSource] = {}
    for layer in layers:
        for key, value in layer.values.items():
            place = layer.places.get(key, "")
            if key not in TABLES:
                values[key] = value
                sources[key] = SettingSource(layer.kind, place)
                continue
            merged = dict(values.get(key, {}))
            for name, own in value.items():
                merged.pop(name, None)  # what was said last stands last
                merged[name] = own
                named = (
                    f"{place}.{name}"
                    if layer.kind in (SourceKind.FILE, SourceKind.OVERRIDE)
                    else place
                )
                sources[f"{key}.{name}"] = SettingSource(layer.kind, named)
            values[key] = merged
    return Settings(**values, file=file, sources=sources)


class Override(Struct, frozen=True):
    """Settings for the reports whose paths match."""

    paths: tuple[str, ...]
    layer: Layer


class Configuration(Struct, frozen=True):
    """What one file says."""

    file: str
    """As seen from the working directory."""
    folder: str
    """Absolute; the patterns of overrides are relative to it."""
    layer: Layer
    overrides: tuple[Override, ...] = ()

    def layers_for(self, path: str | None) -> tuple[Layer, ...]:
        """What it says for a report, by its absolute path; for standard input without one."""
        inside = "-" if path is None else os.path.relpath(path, self.folder).replace(os.sep, "/")
        return (self.layer, *(own.layer for own in self.overrides if _is_in(inside, own.paths)))


def _is_in(path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern matches: the whole path, or the file's name where it has no `/`.

    A pattern that ends with `/` is a folder and all in it; `*` stands for `/` too.
    """
    name = path.rpartition("/")[2]
    return any(
        fnmatchcase(path if "/" in each else name, each + "*" if each.endswith("/") else each)
        for each in patterns
    )


def load_configuration(text: str, file: str, folder: str, shown: str) -> Configuration | None:
    """The configuration in the text of a file; None for a pyproject.toml that has none.

    `folder` is the file's own, absolute, and `shown` the same as seen from the working directory.
    """
    import tomllib  # most runs have no such file

    if (line := _line_of_depth(text)) is not None:
        said = f"more than {_MOST_DOTS} dots in one line"
        raise DefinitionError("toml", said, place=f"{file}:{line}")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        place = f"{file}:{found[1]}" if found else file
        raise DefinitionError("toml", f"not valid TOML: {error}", place=place) from None
    except ValueError as error:  # a number of thousands of digits
        raise DefinitionError("toml", f"not valid TOML: {error}", place=file) from None
    except RecursionError:
        raise DefinitionError("toml", "nested too deeply", place=file) from None
    at = ""
    if file.rpartition("/")[2] == "pyproject.toml":
        tools = _converted(data.get("tool", {}), dict[str, Any], file, "tool")
        if "audit" not in tools:
            return None
        data, at = tools["audit"], "tool.audit"
    table = _converted(data, dict[str, Any], file, at)
    listed = f"{at}.overrides".strip(".")
    overrides = _converted(table.pop("overrides", []), list[dict[str, Any]], file, listed)
    layer = _layer(table, shown, file, at, SourceKind.FILE)
    parts = tuple(
        _override(each, shown, file, f"{listed}[{number}]") for number, each in enumerate(overrides)
    )
    if sum(len(each.paths) for each in parts) > _MOST_PATTERNS:
        raise _wrong(file, listed, f"there are more than {_MOST_PATTERNS:,} patterns of paths")
    return Configuration(file, folder, layer, parts)


def _line_of_depth(text: str) -> int | None:
    """The first line whose key may be too deep: the parser takes the square of the depth."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.count(".") > _MOST_DOTS), None)


def _override(table: dict[str, Any], shown: str, file: str, at: str) -> Override:
    if "paths" not in table:
        raise _wrong(file, at, "the key 'paths' is missing")
    if "lang" in table:
        said = "the language holds for a whole run: set it outside the overrides"
        raise _wrong(file, f"{at}.lang", said)
    paths = _converted(table.pop("paths"), Texts, file, f"{at}.paths")
    return Override(paths, _layer(table, shown, file, at, SourceKind.OVERRIDE))


def _layer(table: Mapping[str, Any], shown: str, file: str, at: str, kind: SourceKind) -> Layer:
    """What a table sets; its paths are relative to the folder `shown`."""
    kinds = {field.name: field.type for field in fields(Settings)}
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, given in table.items():
        named = f"{at}.{key}".strip(".")
        if key not in KEYS:
            raise _wrong(file, named, "unknown key", key, KEYS)
        value = _converted(given, kinds[key], file, named)
        for name in value if key == "limits" else ():
            if name not in NAMES:
                raise _wrong(file, f"{named}.{name}", "unknown key", name, NAMES)
        if key in ("baseline", "waivers"):
            value = _joined(shown, value)
        elif key in ("rules", "previous", "children"):
            value = tuple(_joined(shown, each) for each in value)
        values[key], places[key] = value, f"{file}: {named}"
    return Layer(values, places, kind)


def _joined(folder: str, path: str) -> str:
    return os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")


def _converted(data: Any, kind: Any, file: str, key: str) -> Any:
    """The value of a key as what it has to be. Raises `DefinitionError`."""
    try:
        return convert(data, kind)
    except ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        if path.startswith("[...]"):  # a member of a table, whose name is not told
            for name, member in data.items():
                _converted(member, get_args(kind)[-1], file, f"{key}.{name}")
        if message.startswith("Invalid enum"):
            raise _wrong(file, key, f"unknown value {data!r:.80}", data, get_args(kind)) from None
        raise _wrong(file, key + path.rstrip("`"), message) from None


def _wrong(
    file: str, key: str, message: str, said: str = "", known: Iterable[str] = ()
) -> DefinitionError:
    """The error about a key of the file; the nearest to what was said is a hint."""
    from auditor.yamlsource import nearest  # only what went wrong needs it, and YAML with it

    hint = nearest(said, [each for each in known if isinstance(each, str)]) if said else ""
    return DefinitionError("definition", f"{key}: {message}".strip(": "), place=file, hint=hint)


OWN, SHARED = "audit.toml", "pyproject.toml"
_WIDEST = 48
"""Columns of a setting before where it came from is said."""
MOST_BYTES = 256_000
"""Of one file; settings are some hundreds."""
_MAY_SAY = lazy_pattern(r"""tool["']?\s*(?:\.\s*["']?audit|\]|=)""")
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
    "children": ("children", "--children"),
    "exclude": ("exclude", "--exclude"),
}
"""Parameters of commands: the key of the settings, the option."""


_COUNT = lazy_pattern("[1-9](?:_?[0-9]){0,14}")


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
    values: dict[str, str] = {}
    if said := environment.get("AUDIT_LANG"):
        values["lang"] = "zh" if said.lower().startswith("zh") else "en"
    if said := environment.get("AUDIT_DOCS"):
        values["docs"] = said
    places = {key: f"AUDIT_{key.upper()}" for key in values}
    return Layer(values, places, SourceKind.ENVIRONMENT)


def _path_of(found: InputFile) -> str | None:
    """The absolute path of a report, or the one that standard input goes by; None without one."""
    if found.path is None and found.name == STDIN:
        return None
    return os.path.abspath(found.path or found.name)


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
        self._forces = bool(given.get("force_exclude"))
        self._by_folder: dict[str, Configuration | None] = {}
        self._settings: dict[tuple[int, ...], Settings] = {}

    def settings(self, found: InputFile, name: str | None = None) -> Settings:
        """What holds for a report; `name` is its own where it lies in an archive. Reports for which
        the same holds have the very same settings."""
        path = _path_of(found)
        folder = os.getcwd() if path is None else os.path.dirname(path)
        configuration = None if self._isolated else self._configuration(folder)
        if path is not None and name is not None:
            path += name[len(found.name) :]
        layers = (*(configuration.layers_for(path) if configuration else ()), *self._stronger)
        key = tuple(map(id, layers))  # of layers that last as long as this
        if key not in self._settings:
            self._settings[key] = combine(layers, configuration.file if configuration else None)
        return self._settings[key]

    def excluded_by(self, found: InputFile, name: str | None = None) -> str:
        """What says that the report, `name` where it lies in an archive, is left out; else empty.
        One that is named is left out only where that is asked for."""
        settings, path = self.settings(found, name), _path_of(found)
        is_spared = found.is_named and name is None and not self._forces
        if not settings.exclude or path is None or is_spared:
            return ""
        source = settings.source("exclude")
        is_in_file = source.kind in (SourceKind.FILE, SourceKind.OVERRIDE) and settings.file
        base = os.path.dirname(settings.file) if is_in_file and settings.file else ""
        path += name[len(found.name) :] if name else ""
        inside = os.path.relpath(path, os.path.abspath(base)).replace(os.sep, "/")
        return source.place if _is_excluded(inside, settings.exclude) else ""

    def excluded_below(self, inside: str, is_named: bool = False) -> str:
        """The same of a file of an object store, by its path below the address that was given:
        patterns are relative to that."""
        settings = self.settings(InputFile("", None))
        is_spared = not settings.exclude or (is_named and not self._forces)
        is_excluded = not is_spared and _is_excluded(inside, settings.exclude)
        return settings.source("exclude").place if is_excluded else ""

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


def _is_excluded(inside: str, patterns: Sequence[str]) -> bool:
    from pathspec import GitIgnoreSpec  # most runs exclude nothing

    return GitIgnoreSpec.from_lines(patterns).match_file(inside)


class ExcludedFiles:
    """Which files the settings leave out; counted, and named when all are known."""

    def __init__(self, finder: SettingsFinder) -> None:
        self._finder = finder
        self._skipped: dict[str, SkippedFiles] = {}

    def leaves_out(self, found: InputFile, name: str | None = None) -> bool:
        """Whether it is left out, or `name` in an archive."""
        return self._counted(self._finder.excluded_by(found, name), name or found.name)

    def leaves_out_below(self, inside: str, is_named: bool = False) -> bool:
        """Whether a file of an object store is left out, by its path below the address."""
        return self._counted(self._finder.excluded_below(inside, is_named), inside)

    def _counted(self, place: str, name: str) -> bool:
        if place:
            self._skipped.setdefault(place, SkippedFiles()).add(SkipReason.EXCLUDED, name)
        return bool(place)

    def say(self, language: str) -> None:
        """To standard error, a line for each place that says so."""
        for place, skipped in self._skipped.items():
            for line in skipped.lines(place, language):
                say(line)


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
        import json  # here and below: a check shows no settings

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
    return name if is_bare else _as_toml(name)


def _as_toml(value: Any) -> str:
    """A value as TOML would have it; what is not set as a dash."""
    import json

    return "-" if value is None else json.dumps(value, ensure_ascii=False)
