"""The values of audit: frozen structs that every stage passes on and none changes. Here: how a box
of a form is named, and how things are said in several languages.

Nothing in this package reads a file, knows a layout or words a sentence; msgspec only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

IN_LANGUAGES = "in languages"
Words = Annotated[Mapping[str, str], IN_LANGUAGES]
"""The same thing in several languages: `{"zh": …, "en": …}`."""


def as_html(said: str, *tables: Iterable[Iterable[object]]) -> str:
    """A paragraph, if there is one, and tables as a notebook shows them, without any markup."""
    from html import escape  # an audit on the command line never comes here

    rows = (
        ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in table)
        for table in tables
    )
    bodies = ("".join(f"<tr>{row}</tr>" for row in table) for table in rows)
    paragraph = f"<p>{escape(said)}</p>" if said else ""
    return paragraph + "".join(f"<table>{body}</table>" for body in bodies)


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
