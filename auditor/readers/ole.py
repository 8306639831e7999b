"""The container of old office files in; always an `InputError` that says what to do."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.package import encrypted

_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which an office program keeps a document with a password."""


def read_ole(document: Document, limits: Limits = DEFAULT) -> Extract:
    """Nothing: raises `InputError` (`encrypted` or `unsupported-format`)."""
    if _PROTECTED in document.content:
        raise encrypted(document.name)
    raise InputError(
        "unsupported-format",
        "this is an old .doc, .xls or .wps file, which is not read",
        place=document.name,
        hint="open it in a word processor, save it as .docx or .xlsx and try again",
    )
