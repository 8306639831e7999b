"""Document in, Extract out: the only package that knows file formats; it knows no form.

`read` looks at the bytes (`sniff`), never at the name. Each reader is `function(document, limits)`
→ Extract, found by media type, imported on first use, and held to the document's `limits`. `text`,
`html` (by way of `css` and `htmltables`), `docx` and `xlsx` (both from an `ooxml` container) give
paragraphs and grids, which `grid` builds, and `convert` leads to these; `pdf` and `scan` rebuild
tables from what is drawn. `read_again` asks another reader about the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module

from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits, refusal, within_budget
from auditor.readers.sniff import (
    ARCHIVES,
    DOCX,
    FLAT_WORD,
    OPENDOCUMENT,
    XLSB,
    XLSX,
    media_type_of,
)

READERS = {
    DOCX: "auditor.readers.docx:read_docx",
    XLSX: "auditor.readers.xlsx:read_xlsx",
    "application/pdf": "auditor.readers.pdf.document:read_pdf",
    "multipart/related": "auditor.readers.html:read_mhtml",
    "text/html": "auditor.readers.html:read_html",
    "text/plain": "auditor.readers.text:read_text",
    **dict.fromkeys(("image/jpeg", "image/png", "image/tiff"), "auditor.readers.scan:read_image"),
    **dict.fromkeys(
        (FLAT_WORD, OPENDOCUMENT, XLSB, "application/rtf", "application/x-ole-storage"),
        "auditor.readers.convert:read_converted",
    ),
}

SECOND_READERS = {"application/pdf": "auditor.readers.pdf.verify:read_pdf_again"}
"""`function(document, pages, limits) -> Extract`: none shares a parser with the first reader."""

SUFFIXES = (
    *(".txt", ".md", ".text", ".csv", ".tsv", ".html", ".htm", ".mht", ".mhtml"),
    *(".pdf", ".docx", ".docm", ".xlsx", ".xlsm", ".zip"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    # By LibreOffice, where there is one.
    *(".doc", ".wps", ".rtf", ".xls", ".et", ".odt", ".ods", ".xlsb"),
    # Not read by this version: a folder that holds one is not clean, and says why.
    *(".ofd", ".7z", ".rar", ".gz"),
)
"""File names that a folder is searched for."""


def read(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What stands in the document. Raises `InputError` when that cannot be told, or is too much."""
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    media_type = media_type_of(document.content)
    if media_type not in READERS:
        kind = "archive" if media_type in ARCHIVES else "unsupported-format"
        raise refusal(kind, document.name, media_type=media_type)
    with within_budget(limits, document.name):
        return _imported(READERS[media_type])(document, limits)


def has_second_reader(document: Document) -> bool:
    """Whether `read_again` knows the document's format."""
    return media_type_of(document.content) in SECOND_READERS


def read_again(
    document: Document, pages: Collection[int] = (), limits: Limits = DEFAULT
) -> Extract:
    """What another reader sees in the document, on those pages only where any are given.

    Raises `InputError` when it cannot read it.
    """
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    reader = _imported(SECOND_READERS[media_type_of(document.content)])
    with within_budget(limits, document.name):
        return reader(document, pages, limits)


def _imported(target: str) -> Callable[..., Extract]:
    """The reader at `module:function`."""
    module, _, function = target.partition(":")
    reader: Callable[..., Extract] = getattr(import_module(module), function)
    return reader


__all__ = [
    "READERS",
    "SECOND_READERS",
    "SUFFIXES",
    "Limits",
    "has_second_reader",
    "media_type_of",
    "read",
    "read_again",
]
