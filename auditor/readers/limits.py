"""The most that is read of one document, and the error for what has more.

A document beyond a limit is refused whole: half a report read is a report misread. Nearly all
limits count what is in the document, so that the same bytes come to the same answer on any machine;
`seconds` and `memory_bytes` bound what no count foresaw (`budget`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from auditor.errors import InputError


class Limits(Struct, frozen=True):
    """A report has ten pages and some three hundred cells: far more than that is another thing."""

    file_bytes: int = 100_000_000
    """A report with its pictures."""
    text_bytes: int = 5_000_000
    page_bytes: int = 20_000_000
    """A saved web page is some hundreds of kilobytes; pictures in it may make it megabytes."""
    parts: int = 5_000
    part_bytes: int = 30_000_000
    """The text of a report, unpacked, is a megabyte or two."""
    unpacked_bytes: int = 100_000_000
    """Of all parts of a container that are looked at."""
    pages: int = 300
    content_bytes: int = 64_000_000
    """What the pages of a PDF draw, unpacked, and forms as often as they are drawn."""
    characters: int = 1_000_000
    drawings: int = 200_000
    """Rules drawn in a PDF."""
    cells: int = 200_000
    """Of all tables, covered ones included."""
    scanned_pages: int = 20
    """Pages read as pictures: each takes some ten seconds of the processor, and is granted more."""
    seconds: int = 10
    """Of processor time for all of a document, beside what scanned pages are granted; most take a
    tenth of one."""
    memory_bytes: int = 1_000_000_000
    """That are held for a document at once; most take some ten million."""
    converter_bytes: int = 1_500_000_000
    """Of memory that LibreOffice may hold at once; reports take a quarter of it."""

    def exceeded(self, limit: str, name: str, granted: int = 0) -> InputError:
        """The error for a document beyond that limit and what it was granted in addition; it says
        how the limit is called."""
        verb = "takes" if limit in _TAKEN else "has"
        what = f"it {verb} more than {getattr(self, limit) + granted:,} {_COUNTED[limit]}"
        if granted:
            what += f", {granted:,} of them for its pages that are pictures"
        return too_large(name, what, limit, _TAKEN.get(limit, "too-large"))


_COUNTED: Mapping[str, str] = {
    "file_bytes": "bytes",
    "text_bytes": "bytes of plain text",
    "page_bytes": "bytes of web page",
    "parts": "parts",
    "part_bytes": "bytes in a part, once unpacked",
    "unpacked_bytes": "bytes once unpacked",
    "pages": "pages",
    "content_bytes": "bytes to draw, once unpacked",
    "characters": "characters",
    "drawings": "drawings",
    "cells": "cells in its tables",
    "scanned_pages": "pages that are pictures",
    "seconds": "seconds of processor time",
    "memory_bytes": "bytes of memory",
    "converter_bytes": "bytes of memory in LibreOffice",
}
_TAKEN = {"seconds": "too-slow", "memory_bytes": "too-much-memory"}
"""Limits on the work that a document makes, and what is said of one that makes more."""
NAMES: Mapping[str, str] = {field.replace("_", "-"): field for field in _COUNTED}
"""What people call a limit → its field."""
DEFAULT = Limits()


def too_large(
    name: str, what: str, limit: str | None = None, code: str = "too-large"
) -> InputError:
    """The error for a document that is not read whole; `limit` is what could be raised."""
    hint = "give each report as a file of its own"
    if limit is not None:
        hint += (
            f"; or raise the limit {limit.replace('_', '-')}, which is --limit on the command line"
        )
    return InputError(code, f"this document is not read: {what}", place=name, hint=hint)


_LONG_TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*'){4000,}+""")
_BETWEEN_ATTRIBUTES = re.compile(rb"""[\s/]+|"[^"]*"|'[^']*'""")
_MAX_MARKUP = 2_000_000
"""Tags and attributes: each takes some 200 bytes, and libxml2 parses all in one piece. A report has
some ten thousand."""
_MAX_ATTRIBUTES = 20_000
"""The time that libxml2 takes for an element grows with the square of its attributes."""


def bound_markup(content: bytes, name: str) -> None:
    """Raises `InputError` for markup that takes too much memory or time once it is parsed."""
    if content.count(b"<") + content.count(b"=") > _MAX_MARKUP:
        raise too_large(name, f"it has more than {_MAX_MARKUP:,} tags and attributes")
    for tag in _LONG_TAG.finditer(content):
        if sum(1 for _ in _BETWEEN_ATTRIBUTES.finditer(tag[0])) > _MAX_ATTRIBUTES:
            raise too_large(name, "an element of it has attributes without number")
