"""The values of audit: frozen structs that every stage passes on and none changes. Here: how a box
of a form is named, and how things are said in several languages.

Nothing in this package reads a file, knows a layout or words a sentence; msgspec only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Annotated, NamedTuple

IN_LANGUAGES = "in languages"
Words = Annotated[Mapping[str, str], IN_LANGUAGES]
"""The same thing in several languages: `{"zh": …, "en": …}`."""


def html_table(rows: Iterable[Iterable[object]]) -> str:
    """Rows of cells as a notebook shows them; nothing in them is markup."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>{body}</table>"


class Address(NamedTuple):
    """A box on the form, such as `applications/new_received/total`; not a position on paper.

    Figures that stand in no table have the table `text`, no row and their name as the column.
    """

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        inside = f"{self.row}/{self.column}" if self.row else self.column
        return f"{self.table}/{inside}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address written as `table/row/column` or `text/name`.

        Raises `ValueError` when `text` has another shape.
        """
        parts = text.split("/")
        if len(parts) == 3 and all(parts):
            return cls(*parts)
        if len(parts) == 2 and parts[0] == "text" and parts[1]:
            return cls("text", "", parts[1])
        raise ValueError(f"not an address: {text!r}")
