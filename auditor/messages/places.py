"""Where something stands in a document, in words: in goes a selector of a reader, out its message.

Selectors stay as they are in JSON; people read them in the language of the output.
"""

from __future__ import annotations

import re

from auditor.messages import phrase

_FORMS = {
    "place-paragraph": re.compile(r"paragraph (?P<paragraph>\d+)"),
    "place-field": re.compile(r"field (?P<field>\d+)"),
    "place-table": re.compile(r"(?:(?P<heading>.*), )?table (?P<table>\d+)", re.DOTALL),
    "place-cell": re.compile(
        r"(?:(?P<heading>.*), )?table (?P<table>\d+), row (?P<row>\d+), column (?P<column>\d+)",
        re.DOTALL,
    ),
}


def place(selector: str, language: str) -> str:
    """A reader's selector in words; one that is words in no language, such as `C5`, as it is."""
    for code, form in _FORMS.items():
        if found := form.fullmatch(selector):
            values = {name: text for name, text in found.groupdict().items() if text}
            told = phrase(code, language, **values)
            heading = values.get("heading")
            if not heading:
                return told
            return phrase("place-under", language, heading=heading, place=told)
    return selector
