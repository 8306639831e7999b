"""What was handed in, and what stood on it: `Document` in, `Extract` out of `auditor.readers`.

An extract is not interpreted: it holds grids of cells and paragraphs in reading order. Where each
stood is its `Origin`, which no later stage may use for a decision.
"""

from __future__ import annotations

import hashlib

from msgspec import Struct

from auditor.model import Address


class Document(Struct, frozen=True, weakref=True):
    """Bytes as they were found, under the name by which a person knows them."""

    name: str
    content: bytes
    media_type: str = "text/plain"

    def __post_init__(self) -> None:
        """Raises `TypeError` for text in the place of bytes, the usual slip."""
        if not isinstance(self.content, bytes):
            raise TypeError(
                f"the content of a Document is bytes, not {type(self.content).__name__}: "
                "text.encode() for text, Path(name).read_bytes() for a file"
            )

    def __repr__(self) -> str:
        """Without the content, which may be megabytes."""
        return f"Document(name={self.name!r}, media_type={self.media_type!r})"

    @property
    def sha256(self) -> str:
        """Hex digest of the content; the document's identity."""
        return hashlib.sha256(self.content).hexdigest()


class Origin(Struct, frozen=True):
    """Where something stood. Every field counts from 1; what a format does not have stays None."""

    page: int | None = None
    line: int | None = None
    columns: tuple[int, int] | None = None
    """First and last character on the line, both included."""
    bbox: tuple[float, float, float, float] | None = None
    """x0, top, x1, bottom in points from the page's upper left corner."""
    selector: str | None = None
    """The format's own way to say it, such as `Sheet1!C5`."""


class Notice(Struct, frozen=True):
    """*Our* doubt about *our* reading; never a finding against the author."""

    code: str
    """Kebab-case; `auditor.messages` says it to people."""
    details: tuple[tuple[str, str], ...] = ()
    """What the wording fills in: names and values."""
    addresses: tuple[Address, ...] = ()
    origin: Origin | None = None


UNREAD = "\ufffd"
"""Stands for ink of which nobody can tell what it says."""


class Paragraph(Struct, frozen=True):
    """A line or paragraph of running text, as printed."""

    text: str
    origin: Origin
    recognised: bool = False
    """Read from a picture by a recogniser."""


class Cell(Struct, frozen=True):
    """One cell of a grid, as printed; `row` and `column` count from 0."""

    text: str
    row: int
    column: int
    origin: Origin
    rowspan: int = 1
    colspan: int = 1
    recognised: bool = False
    """Read from a picture by a recogniser."""
    alternatives: tuple[str, ...] = ()
    """What the same ink may also say; where there are any, `text` is but the first of them.
    `UNREAD` among them: or something else."""


class Grid(Struct, frozen=True):
    """Cells in rows. Rows may be ragged: text keeps the order of cells and loses their columns."""

    rows: tuple[tuple[Cell, ...], ...]
    origin: Origin
    ruled: bool = False
    """True when `Cell.column` is a real column of the document, not just a count of separators."""


class Extract(Struct, frozen=True):
    """Everything that stood in the document, in reading order."""

    blocks: tuple[Paragraph | Grid, ...]
    notices: tuple[Notice, ...] = ()
