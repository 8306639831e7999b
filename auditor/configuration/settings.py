"""What may be set, and what holds for one report: each value with where it came from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from auditor.model.noun import noun


class From(Enum):
    """What kind of place a setting came from; each wins over those before it."""

    DEFAULT = "default"
    FILE = "file"
    OVERRIDE = "override"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command-line"


@noun
class Source:
    """Where a setting came from."""

    kind: From
    place: str = ""
    """Such as `audit.toml: overrides[0].select`, `AUDIT_LANG` or `--fail-on`."""


@noun
class Layer:
    """Settings from one place."""

    values: Mapping[str, Any]
    """By key of `Settings`; of the mappings among them only what is set there."""
    places: Mapping[str, str]
    """By the same keys."""
    kind: From


@noun
class Settings:
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
    sources: Mapping[str, Source] | None = None
    """By key; of mappings by `key.name`. What is not here has its default."""

    def source(self, key: str) -> Source:
        """Where the value under that key came from."""
        return (self.sources or {}).get(key, Source(From.DEFAULT))


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
    sources: dict[str, Source] = {}
    for layer in layers:
        for key, value in layer.values.items():
            place = layer.places.get(key, "")
            if key not in TABLES:
                values[key] = value
                sources[key] = Source(layer.kind, place)
                continue
            merged = dict(values.get(key, {}))
            for name, own in value.items():
                merged.pop(name, None)  # what was said last stands last
                merged[name] = own
                named = f"{place}.{name}" if layer.kind in (From.FILE, From.OVERRIDE) else place
                sources[f"{key}.{name}"] = Source(layer.kind, named)
            values[key] = merged
    return Settings(**values, sources=sources)


@noun
class Override:
    """Settings for the reports whose paths match."""

    paths: tuple[str, ...]
    layer: Layer


@noun
class Configuration:
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
