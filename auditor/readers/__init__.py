"""Document in, Extract out: the only package that knows file formats; it knows no form.

`read` looks at the bytes, never at the name. Each reader is `function(document) -> Extract`, found
by media type and imported on first use.
"""

from __future__ import annotations

from collections.abc import Callable
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
    "image/jpeg": "auditor.readers.scan:read_image",
    "image/png": "auditor.readers.scan:read_image",
    "image/tiff": "auditor.readers.scan:read_image",
    "multipart/related": "auditor.readers.mhtml:read_mhtml",
    "text/html": "auditor.readers.html:read_html",
    "text/plain": "auditor.readers.text:read_text",
}

SUFFIXES = (
    *(".txt", ".md", ".text", ".csv", ".tsv", ".html", ".htm", ".mht", ".mhtml"),
    *(".pdf", ".docx", ".xlsx"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
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
    module, _, function = target.partition(":")
    reader = cast(Callable[[Document], Extract], getattr(import_module(module), function))
    return reader(document)


__all__ = ["READERS", "SUFFIXES", "media_type_of", "read"]
