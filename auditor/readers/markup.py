"""The text of a page or a part in, what libxml2 parses whole and within bounds out."""

from __future__ import annotations

import re

from auditor.readers.limits import too_large

_ENDS = re.compile(r"</(?:body|html)[ \t\r\n\f]*>|</?wbr[ \t\r\n\f]*/?>", re.IGNORECASE)
"""Browsers go on after an end; libxml2 drops what follows, such as a page included in a page. What
follows a place to break a word, libxml2 takes for its content."""
_LONG_TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*'){4000,}+""")
_APART = re.compile(rb"""[\s/]+|"[^"]*"|'[^']*'""")
_MOST_MARKS = 2_000_000
"""Tags and attributes: each takes some 200 bytes, and libxml2 parses all in one piece. A report has
some ten thousand."""
_MOST_APART = 20_000
"""The time that libxml2 takes for an element grows with the square of its attributes."""


def bound_marks(content: bytes, name: str) -> None:
    """Raises `InputError` for markup that takes too much memory once it is parsed."""
    if content.count(b"<") + content.count(b"=") > _MOST_MARKS:
        raise too_large(name, f"it has more than {_MOST_MARKS:,} tags and attributes")


def parseable(text: str, name: str) -> bytes:
    """The page as UTF-8. Raises `InputError` for an element that would take minutes."""
    content = _ENDS.sub("", text.replace("\x00", "")).encode("utf-8", "replace")
    bound_marks(content, name)
    for tag in _LONG_TAG.finditer(content):
        if sum(1 for _ in _APART.finditer(tag[0])) > _MOST_APART:
            raise too_large(name, "an element of it has attributes without number")
    return content
