"""A page saved with its pictures in one file (MHTML) in, what it and its frames say out.

Portals show an article in a frame; the pages in frames are read after the page itself.
"""

from __future__ import annotations

from email import message_from_bytes

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.html import read_html
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.package import damaged

_MOST_PAGES = 50
"""Of frames that are read; an article stands in one of the first."""


def read_mhtml(document: Document, limits: Limits = DEFAULT) -> Extract:
    """As `read_html`, for the page inside. Raises `InputError` also when there is none."""
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    read: list[Extract] = []
    empty: InputError | None = None
    for part in message_from_bytes(document.content).walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if not isinstance(page, bytes) or len(read) > _MOST_PAGES:
            continue
        try:
            read.append(read_html(Document(document.name, page, "text/html"), limits))
        except InputError as error:  # a page of frames has no words of its own
            if error.code != "empty":
                raise
            empty = error
    if not read:
        raise empty or damaged(document.name, "there is no web page in it")
    notices = dict.fromkeys(notice for each in read for notice in each.notices)
    return Extract(tuple(block for each in read for block in each.blocks), tuple(notices))
