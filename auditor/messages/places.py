"""Where something stands in a document, in words: in goes a selector of a reader, out its parts.

Selectors stay as they are in JSON; people read them in the language of the output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACES: Mapping[str, tuple[str, str]] = {
    "place-page": ("第 {page} 页", "p.{page}"),
    "place-paragraph": ("第 {paragraph} 段", "paragraph {paragraph}"),
    "place-field": ("第 {field} 个字段", "field {field}"),
    "place-table": ("第 {table} 个表", "table {table}"),
    "place-cell": (
        "第 {table} 个表第 {row} 行第 {column} 列",
        "table {table}, row {row}, column {column}",
    ),
    "place-under": ("“{heading}”下{place}", "{heading}, {place}"),
}

_FORMS = {
    "place-paragraph": re.compile(r"paragraph (?P<paragraph>\d+)"),
    "place-field": re.compile(r"field (?P<field>\d+)"),
    "place-table": re.compile(r"(?:(?P<heading>.*), )?table (?P<table>\d+)", re.DOTALL),
    "place-cell": re.compile(
        r"(?:(?P<heading>.*), )?table (?P<table>\d+), row (?P<row>\d+), column (?P<column>\d+)",
        re.DOTALL,
    ),
}


def parts_of(selector: str) -> tuple[str, Mapping[str, str]] | None:
    """The code of the phrase for a selector and its values; None for those like `Sheet1!C5`."""
    for code, form in _FORMS.items():
        found = form.fullmatch(selector)
        if found:
            return code, {name: text for name, text in found.groupdict().items() if text}
    return None
