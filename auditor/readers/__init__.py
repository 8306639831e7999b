"""Document in, Extract out: the only package that knows file formats; it knows no form.

`read` looks at the bytes, never at the name. Each reader is `function(document) -> Extract`, found
by media type and imported on first use. `read_again` asks another reader about the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import cast

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.sniff import DOCX, XLSX, media_type_of

READERS = {
    DOCX: "auditor.readers.docx:read_docx",
    XLSX: "auditor.readers.xlsx:read_xlsx",
    "application/pdf": "auditor.readers.pdf:read_pdf",
    "application/x-ole-storage": "auditor.readers.ole:read_ole",
    "multipart/related": "auditor.readers.mhtml:read_mhtml",
    "text/html": "auditor.readers.html:read_html",
    "text/plain": "auditor.readers.text:read_text",
}

SECOND_READERS = {"application/pdf": "auditor.readers.pdf.again:read_pdf_again"}
"""`function(document, pages) -> Extract`: none shares a parser with its type's first reader."""

SUFFIXES = (
    *(".txt", ".md", ".text", ".csv", ".tsv", ".html", ".htm", ".mht", ".mhtml"),
    *(".pdf", ".docx", ".xlsx"),
    # Not read by this version: a folder that holds one is not clean, and says why.
    *(".doc", ".wps", ".rtf", ".xls", ".et"),
)
"""File names that a folder is searched for."""


def read(document: Document) -> Extract:
    """What stands in the document. Raises `InputError` when that cannot be told."""
    media_type = media_type_of(document.content)
    target = READERS.get(media_type)
    if target is None:
        raise InputError(
            "unsupported-format",
            f"this file is {media_type}, which this version does not read",
            place=document.name,
            hint="save or copy it as plain text and try again",
        )
    return cast(Callable[[Document], Extract], _imported(target))(document)


def has_second_reader(document: Document) -> bool:
    """Whether `read_again` knows the document's format."""
    return media_type_of(document.content) in SECOND_READERS


def read_again(document: Document, pages: Collection[int] = ()) -> Extract:
    """What another reader sees in the document, on those pages only where any are given.

    Raises `InputError` when it cannot read it.
    """
    target = SECOND_READERS[media_type_of(document.content)]
    reader = cast(Callable[[Document, Collection[int]], Extract], _imported(target))
    return reader(document, pages)


def _imported(target: str) -> object:
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)


__all__ = [
    "READERS",
    "SECOND_READERS",
    "SUFFIXES",
    "has_second_reader",
    "media_type_of",
    "read",
    "read_again",
]
