"""`[tool.audit]` of a pyproject.toml, or an audit.toml, in; a `Configuration` out.

An unknown key and a value of the wrong type are errors that name the file and the key.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from auditor.configuration.settings import Configuration, From, Layer, Override
from auditor.errors import DefinitionError
from auditor.model.check import Severity
from auditor.readers.limits import NAMES
from auditor.tablesource import Field, Table

LEVELS = (*(severity.value for severity in Severity), "off")
_MOST_DOTS = 200
_MOST_PATTERNS = 1_000
"""Of all overrides: each is laid beside every report."""
_LINE = re.compile(r"\(at line (\d+)")


def load_configuration(text: str, file: str, folder: str, shown: str) -> Configuration | None:
    """The configuration in the text of a file; None for a pyproject.toml that has none.

    `folder` is the file's own, absolute, and `shown` the same as seen from the working directory.
    """
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
    top = Field(data, file)
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


def _override(field: Field, shown: str) -> Override:
    table = field.table()
    paths = table.need("paths").texts()
    layer = _layer(table, field.file, shown, From.OVERRIDE)
    language = table.get("lang")
    if language is not None:
        raise language.wrong("the language holds for a whole run", "set it outside the overrides")
    table.done()
    return Override(paths, layer)


def _layer(table: Table, file: str, shown: str, kind: From) -> Layer:
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, read in _READ.items():
        field = table.get(key)
        if field is not None:
            values[key] = read(field, shown)
            places[key] = f"{file}: {field.key}"
    return Layer(values, places, kind)


def _texts(field: Field, shown: str) -> tuple[str, ...]:
    return field.texts()


def _path(field: Field, shown: str) -> str:
    return os.path.normpath(os.path.join(shown, field.text())).replace(os.sep, "/")


def _paths(field: Field, shown: str) -> tuple[str, ...]:
    return tuple(_path(each, shown) for each in field.fields())


def _severities(field: Field, shown: str) -> Mapping[str, str]:
    return {rule: level.one_of(LEVELS) for rule, level in field.table().rest()}


def _limits(field: Field, shown: str) -> Mapping[str, int]:
    table = field.table()
    found = {name: table.get(name) for name in NAMES}
    table.done()
    return {name: count.whole(least=1) for name, count in found.items() if count is not None}


_READ: Mapping[str, Callable[[Field, str], Any]] = {
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
