"""The text of a configuration file in, the settings for one report out, each with its source.

The file is `[tool.audit]` of a pyproject.toml, or an audit.toml. An unknown key and a value of the
wrong type are errors that name the file and the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from auditor.errors import DefinitionError
from auditor.model.check import Severity
from auditor.readers.limits import NAMES
from auditor.tablesource import SourceField, SourceTable

LEVELS = (*(severity.value for severity in Severity), "off")
_MOST_DOTS = 200
_MOST_PATTERNS = 1_000
"""Of all overrides: each is laid beside every report."""
_LINE = re.compile(r"\(at line (\d+)")


class From(Enum):
    """What kind of place a setting came from; each wins over those before it."""

    DEFAULT = "default"
    FILE = "file"
    OVERRIDE = "override"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command-line"


class SettingSource(Struct, frozen=True):
    """Where a setting came from."""

    kind: From
    place: str = ""
    """Such as `audit.toml: overrides[0].select`, `AUDIT_LANG` or `--fail-on`."""


class Layer(Struct, frozen=True):
    """Settings from one place."""

    values: Mapping[str, Any]
    """By key of `Settings`; of the mappings among them only what is set there."""
    places: Mapping[str, str]
    """By the same keys."""
    kind: From


class Settings(Struct, frozen=True):
    """All that is set for one report. Paths are as seen from the working directory."""

    forms: tuple[str, ...] = ()
    """Ids, or patterns of ids, of the forms that are recognised; all where none is named."""
    rules: tuple[str, ...] = ()
    """Folders of further forms and rules."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] | None = None
    """Rule, or pattern, to `error`, `warning`, `info` or `off`; the last that fits holds."""
    fail_on: str = "error"
    lang: str | None = None
    limits: Mapping[str, int] | None = None
    """By the names that people know them by."""
    baseline: str | None = None
    waivers: str | None = None
    previous: tuple[str, ...] = ()
    file: str | None = None
    """The configuration file that took effect, as seen from the working directory."""
    sources: Mapping[str, SettingSource] | None = None
    """By key; of mappings by `key.name`. What is not here has its default."""

    def source(self, key: str) -> SettingSource:
        """Where the value under that key came from."""
        return (self.sources or {}).get(key, SettingSource(From.DEFAULT))


KEYS = (
    *("forms", "rules", "select", "ignore", "severities", "fail_on", "lang", "limits"),
    *("baseline", "waivers", "previous"),
)
"""In the order in which they are shown."""
TABLES = ("severities", "limits")
"""Keys whose values are set name by name; of all others the whole value is."""


def combine(layers: Iterable[Layer]) -> Settings:
    """What holds when each layer wins over those before it."""
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
                named = f"{place}.{name}" if layer.kind in (From.FILE, From.OVERRIDE) else place
                sources[f"{key}.{name}"] = SettingSource(layer.kind, named)
            values[key] = merged
    return Settings(**values, sources=sources)


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


def settings_for(
    configuration: Configuration | None, path: str | None, *stronger: Layer
) -> Settings:
    """All settings for one report; `stronger` layers win over the file, the last over all."""
    layers = configuration.layers_for(path) if configuration else ()
    settings = combine((*layers, *stronger))
    return replace(settings, file=configuration.file) if configuration else settings


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
    top = SourceField(data, file)
    if file.rpartition("/")[2] == "pyproject.toml":
        tool = top.table().get("tool")
        own = tool.table().get("audit") if tool else None
        if own is None:
            return None
        top = own
    table = top.table()
    layer = _layer(table, file, shown, From.FILE)
    overrides = table.get("overrides")
    table.done()
    parts = tuple(_override(each, shown) for each in overrides.fields()) if overrides else ()
    if overrides and sum(len(each.paths) for each in parts) > _MOST_PATTERNS:
        raise overrides.wrong(f"there are more than {_MOST_PATTERNS:,} patterns of paths")
    return Configuration(file, folder, layer, parts)


def _line_of_depth(text: str) -> int | None:
    """The first line whose key may be too deep: the parser takes the square of the depth."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.count(".") > _MOST_DOTS), None)


def _override(field: SourceField, shown: str) -> Override:
    table = field.table()
    paths = table.need("paths").texts()
    layer = _layer(table, field.file, shown, From.OVERRIDE)
    language = table.get("lang")
    if language is not None:
        raise language.wrong("the language holds for a whole run", "set it outside the overrides")
    table.done()
    return Override(paths, layer)


def _layer(table: SourceTable, file: str, shown: str, kind: From) -> Layer:
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, read in _READ.items():
        field = table.get(key)
        if field is not None:
            values[key] = read(field, shown)
            places[key] = f"{file}: {field.key}"
    return Layer(values, places, kind)


def _texts(field: SourceField, shown: str) -> tuple[str, ...]:
    return field.texts()


def _path(field: SourceField, shown: str) -> str:
    return os.path.normpath(os.path.join(shown, field.text())).replace(os.sep, "/")


def _paths(field: SourceField, shown: str) -> tuple[str, ...]:
    return tuple(_path(each, shown) for each in field.fields())


def _severities(field: SourceField, shown: str) -> Mapping[str, str]:
    return {rule: level.one_of(LEVELS) for rule, level in field.table().rest()}


def _limits(field: SourceField, shown: str) -> Mapping[str, int]:
    table = field.table()
    found = {name: table.get(name) for name in NAMES}
    table.done()
    return {name: count.whole(least=1) for name, count in found.items() if count is not None}


_READ: Mapping[str, Callable[[SourceField, str], Any]] = {
    "forms": _texts,
    "rules": _paths,
    "select": _texts,
    "ignore": _texts,
    "severities": _severities,
    "fail_on": lambda field, shown: field.one_of([severity.value for severity in Severity]),
    "lang": lambda field, shown: field.one_of(("zh", "en")),
    "limits": _limits,
    "baseline": _path,
    "waivers": _path,
    "previous": _paths,
}
"""How each key is read; `shown` is the folder that paths are relative to."""
