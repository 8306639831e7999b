"""The text of a configuration file in, the settings for one report out, each with its source.

The file is `[tool.audit]` of a pyproject.toml, or an audit.toml. An unknown key and a value of the
wrong type are errors that name the file and the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from auditor.errors import DefinitionError
from auditor.readers.limits import NAMES

Text = Annotated[str, Meta(min_length=1)]
Texts = tuple[Text, ...]
Count = Annotated[int, Meta(ge=1)]
_MOST_DOTS = 200
_MOST_PATTERNS = 1_000
"""Of all overrides: each is laid beside every report."""
_LINE = re.compile(r"\(at line (\d+)")


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
        elif key in ("rules", "previous"):
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
