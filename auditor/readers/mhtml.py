"""A page saved with its pictures in one file (MHTML) in, what a person sees of it and its frames
out.

Portals show an article in a frame; the pages in frames are read after the page itself. Style sheets
are parts of the file too, and hide what they hide on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.css import StyleSheets, joined
from auditor.readers.html import read_html
from auditor.readers.limits import DEFAULT, Limits, too_large
from auditor.readers.ooxml import damaged

_MAX_PAGES = 50
"""Of frames that are read; an article stands in one of the first."""
_CONTAINER = re.compile(
    rb"^content-type\s*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE
)
_HEADER = re.compile(rb"^content-[\w-]+:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 20_000
"""Bytes; taking one apart costs the square of them. Addresses of portals have some hundreds."""
_MAX_CONTAINERS = 50
"""Parts that hold parts. Browsers write one or two; each line costs as much as they are deep."""


def read_mhtml(document: Document, limits: Limits = DEFAULT) -> Extract:
    """As `read_html`, for the page inside. Raises `InputError` also when there is none."""
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    if len(_CONTAINER.findall(document.content)) > _MAX_CONTAINERS:
        raise too_large(document.name, f"it has more than {_MAX_CONTAINERS} parts that hold parts")
    if any(len(header[0]) > _MAX_HEADER for header in _HEADER.finditer(document.content)):
        raise too_large(document.name, f"a header of its parts has more than {_MAX_HEADER} bytes")
    read: list[Extract] = []
    empty: InputError | None = None
    parts = list(message_from_bytes(document.content).walk())
    sheets = StyleSheets(
        {
            address: _text(part)
            for part in parts
            if part.get_content_type() == "text/css"
            for address in _addresses(part)
        }
    )
    for part in parts:
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if not isinstance(page, bytes) or len(read) > _MAX_PAGES:
            continue
        try:
            inside = Document(document.name, page, "text/html")
            read.append(read_html(inside, limits, sheets, next(_addresses(part), "")))
        except InputError as error:  # a page of frames has no words of its own
            if error.code != "empty":
                raise
            empty = error
    if not read:
        raise empty or damaged(document.name, "there is no web page in it")
    notices = dict.fromkeys(notice for each in read for notice in each.notices)
    return Extract(tuple(block for each in read for block in each.blocks), tuple(notices))


def _addresses(part: Message) -> Iterator[str]:
    """What a part is called in links: where it stood, and its number in the file."""
    location = str(part.get("Content-Location") or "").strip()
    if location:
        yield joined("", "".join(location.split()))
    number = str(part.get("Content-ID") or "").strip().strip("<>")
    if number:
        yield f"cid:{number}"


def _text(sheet: Message) -> str:
    content = sheet.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
