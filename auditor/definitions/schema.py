"""The JSON Schema of a definition file, for editors and for whoever writes rules by program.

In: nothing, or a form whose names are to be offered. Out: JSON Schema, draft 2020-12, put together
from the shapes through which the loaders read, so that it says what they accept.

A schema cannot see an id that stands twice, a name that the form does not have (without a form), a
selector without a box, a pattern that does not compile, a last deadline that is not for everybody,
a whole number that YAML knows and we do not (0x10, 5.0). It refuses `null` and `~` for a text, and
the loaders read them as written. All else is refused by both or by neither, which a test shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.checks.load import KINDS, TESTS, CaseItem, RuleHead
from auditor.checks.selectors import Comparison, Condition, Named, NamedBoxes, Operand, Patterns
from auditor.definitions.agencies import Agencies
from auditor.definitions.forms import FormFile
from auditor.definitions.screening import Screening
from auditor.definitions.wordings import WordingsFile
from auditor.model import Words
from auditor.model.form import Form, Table
from auditor.yamlsource import Schema, schema_of, struct_schema

_SHARED: Mapping[str, Any] = {
    "case": CaseItem,
    "condition": Condition,
    "sides": Comparison,
    "cells": NamedBoxes,
    "operand": Operand,
    "cell": Named,
    "patterns": Patterns,
    "words": Words,
    "texts": tuple[str, ...],
}
"""Types that stand in many places, largest first."""

_NAMES: Mapping[str, str] = {
    "selector": "Boxes: a row (with `each: column`) or a column (with `each: row`), `group.*` or "
    "`*` for several, row/column, or table/row/column, with = for the line that it runs over.",
    "table": "A table of the form.",
    "row": "A row of the table.",
    "column": "A column of the table.",
    "mention": "A quantity that sentences state, by its id in prose.yaml.",
    "section": "A section of the report, by its id in prose.yaml.",
    "form": "A form: <form>/<edition>.",
    "edition": "An edition of the form.",
}


def checks_schema(form: Form | None = None) -> dict[str, Any]:
    """Of `checks/*.yaml`; with a form, only its own names are allowed, and editors offer them."""
    rule = struct_schema(RuleHead)
    properties = rule["properties"]
    for keyword, kind in KINDS.items():
        properties[keyword] = {**schema_of(kind.body), "title": keyword, "description": kind.about}
    tests = {"description": "Cases: at least a pass, a fail and one that is undetermined."}
    properties[TESTS] = {**tests, **schema_of(tuple[CaseItem, ...])}
    rule["oneOf"] = [{"required": [keyword]} for keyword in KINDS]
    if form is not None:
        rule["allOf"] = [_lines_of(table) for table in form.tables]
    names = {} if form is None else {key: [*each(form)] for key, each in _OWN.items()}
    title = "Rules" if form is None else f"Rules for {form.id}"
    return _whole(title, {"type": "array", "items": rule}, names)


def form_schema(form: Form | None = None) -> dict[str, Any]:
    """Of `form.yaml`."""
    return _whole("A form", struct_schema(FormFile), {})


def wordings_schema(form: Form | None = None) -> dict[str, Any]:
    """Of `prose.yaml`."""
    return _whole("How sentences speak of a form", struct_schema(WordingsFile), {})


def agencies_schema(form: Form | None = None) -> dict[str, Any]:
    """Of `agencies.yaml`."""
    return _whole("How agencies are called, and which belong together", struct_schema(Agencies), {})


def screening_schema(form: Form | None = None) -> dict[str, Any]:
    """Of `screening.yaml`, which is for all editions of a form."""
    return _whole("What is looked at in many reports", struct_schema(Screening), {})


SCHEMAS: Mapping[str, Callable[[Form | None], dict[str, Any]]] = {
    "checks": checks_schema,
    "form": form_schema,
    "wordings": wordings_schema,
    "agencies": agencies_schema,
    "screening": screening_schema,
}
"""By the sort of file."""


def _whole(title: str, schema: Schema, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """The schema with what it shares under `$defs`."""
    shared = {key: dict(schema_of(kind)) for key, kind in _SHARED.items()}
    defs: dict[str, Any] = {
        key: {**({"enum": names[key]} if key in names else schema_of(str)), "description": about}
        for key, about in _NAMES.items()
    }
    for key, piece in shared.items():
        defs[key] = {name: _shortened(part, shared) for name, part in piece.items()}
    body = _shortened(schema, shared)
    used = _used(body, defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **body,
        "$defs": {key: defs[key] for key in sorted(used)},
    }


def _shortened(schema: Any, shared: Mapping[str, dict[str, Any]]) -> Any:
    """The schema with shared pieces named and not repeated; a description of its own stays."""
    if isinstance(schema, list):
        return [_shortened(each, shared) for each in schema]
    if not isinstance(schema, dict):
        return schema
    for key, piece in shared.items():
        own = {name: part for name, part in schema.items() if name not in ("title", "description")}
        if own == {name: part for name, part in piece.items() if name != "description"}:
            described = {name: schema[name] for name in ("title", "description") if name in schema}
            if described.get("description") == piece.get("description"):
                described.pop("description", None)
            return {**described, "$ref": f"#/$defs/{key}"}
    return {name: _shortened(part, shared) for name, part in schema.items()}


def _used(schema: Any, defs: Mapping[str, Any]) -> set[str]:
    """The definitions that a schema needs, directly or not."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
            key = str(each.get("$ref", "")).rpartition("/")[2]
            if key and key not in found:
                found.add(key)
                waiting.append(defs[key])
    return found


def _lines_of(table: Table) -> Schema:
    """In rules on this table, `rows` and `columns` are the table's own."""
    lines = {"rows": table.rows, "columns": table.columns}
    return {
        "if": {"properties": {"table": {"const": table.key}}, "required": ["table"]},
        "then": {
            "properties": {
                name: {"items": {"enum": [line.key for line in own]}} for name, own in lines.items()
            }
        },
    }


def _selectors(form: Form) -> Iterator[str]:
    yield "text/year"
    found: dict[str, None] = {}
    for table in form.tables:
        across = ["=", "*", *(column.key for column in table.columns)]
        down = ["=", "*", *(f"{group.key}.*" for group in table.groups)]
        for row in (*down, *(row.key for row in table.rows)):
            found |= {f"{table.key}/{row}/{column}": None for column in across}
    for table in form.tables:
        rows = {row.key: row.columns for row in table.rows}
        wide = {f"{group.key}.*": _columns(table, group.key) for group in table.groups}
        for row, columns in {"*": _columns(table, None), **wide, **rows}.items():
            found[row] = None
            if columns:
                found |= {f"{row}/{column}": None for column in ("*", *columns)}
        found |= {column.key: None for column in table.columns}
    yield from found


def _columns(table: Table, group: str | None) -> tuple[str, ...]:
    """The columns in which any row of a group, or of the table, has a box."""
    return tuple(
        column.key
        for column in table.columns
        if any(
            column.key in row.columns
            for row in (table.rows if group is None else table.rows_of(group))
        )
    )


_OWN: Mapping[str, Callable[[Form], Iterator[str]]] = {
    "selector": _selectors,
    "table": lambda form: iter([*(table.key for table in form.tables), "text"]),
    "row": lambda form: iter(dict.fromkeys(row.key for table in form.tables for row in table.rows)),
    "column": lambda form: iter(
        dict.fromkeys(column.key for table in form.tables for column in table.columns)
    ),
    "mention": lambda form: iter(
        [*(each.key for each in form.wordings.mentions), *form.wordings.absent]
    ),
    "section": lambda form: (each.key for each in form.wordings.sections),
    "form": lambda form: iter([form.id]),
}
"""The names that a form has, by what they name. Rules may name editions that it is not."""
