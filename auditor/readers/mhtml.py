"""A page saved with its pictures in one file (MHTML) in, what its first web page says out."""

from __future__ import annotations

from email import message_from_bytes

from auditor.model.source import Document, Extract
from auditor.readers.html import read_html
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.package import damaged


def read_mhtml(document: Document, limits: Limits = DEFAULT) -> Extract:
    """As `read_html`, for the page inside. Raises `InputError` also when there is none."""
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    for part in message_from_bytes(document.content).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                return read_html(Document(document.name, page, "text/html"), limits)
    raise damaged(document.name, "there is no web page in it")
