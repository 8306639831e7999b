"""Document in, Extract out: the only package that knows file formats; it knows no form.

`read` looks at the bytes (`media_type_of`), never at the name: names lie. Each reader is
`function(document, limits)` → Extract, found by media type, imported on first use, and held to the
document's `limits`. `text`, `html` (by way of `css` and `htmltables`), `docx` and `xlsx` (both from
an `ooxml` container) give paragraphs and grids, which `grid` builds, and `convert` leads to these;
`pdf` and `scan` rebuild tables from what is drawn. `read_again` asks another reader about the same
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from importlib import import_module
from io import BytesIO
from typing import BinaryIO

from auditor.model.source import Document, Extract
from auditor.patterns import lazy_pattern
from auditor.readers.limits import DEFAULT, Limits, within_budget
from auditor.refusals import refusal

ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
OPENDOCUMENT = "application/vnd.oasis.opendocument"
FLAT_WORD = "application/vnd.ms-word.document+xml"
FLAT_SHEETS = "application/vnd.ms-excel.sheet+xml"
"""A Word document or a workbook as one XML file, of 2003 or later."""
FLAT_TEXT, FLAT_SPREADSHEET = (
    f"{OPENDOCUMENT}.text-flat-xml",
    f"{OPENDOCUMENT}.spreadsheet-flat-xml",
)
ARCHIVES = frozenset(
    {ZIP, "application/gzip", "application/x-7z-compressed", "application/vnd.rar"}
)

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),  # with nothing in it
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
)
_PARTS = (
    (b"word/document", DOCX),
    (b"xl/workbook.xml", XLSX),
    (b"xl/workbook.bin", XLSB),
    (b"ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml"),
    (b"OFD.xml", "application/ofd"),
    (b"content.xml", OPENDOCUMENT),
)
"""The part by which a zip container is told."""
_MAX_SEARCHED = 100_000_000
_MHTML = lazy_pattern(
    rb"(?:[\w-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)*?"
    rb"Content-Type:\s*(?:multipart/related|text/html)\b",
    re.IGNORECASE,
    needed=(b":",),
)
_BEFORE = lazy_pattern(
    rb"\s*(?:<\?xml[^>]*>|<!--.*?-->)", re.IGNORECASE | re.DOTALL, needed=(b"<",)
)
_FLAT = lazy_pattern(
    rb"""<\?mso-application\s+progid=["'](Word\.Document|Excel\.Sheet)["']|<office:document\s""",
    needed=(b"<",),
)
_MAX_ROOT = 10_000
"""Bytes in which the root of a flat document says what it is, behind its many namespaces."""
_HTML = lazy_pattern(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|style|script|table|div|section|article|main"
    rb"|center|form|p|pre|h[1-6]|span|font|strong|b|br|ul|ol)(?=[\s/>])",
    re.IGNORECASE,
    needed=(b"<",),
)


def media_type_of(content: bytes) -> str:
    """The media type that the first bytes show; `text/plain` when they show no other."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return container_type_of(BytesIO(content)) if media_type == ZIP else media_type
    start = content[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\x00", b"")
    elif start.startswith(b"\xef\xbb\xbf"):
        start = start[3:]
    # One comment at a time: a pattern for any number of them can match in countless ways.
    while found := _BEFORE.match(start):
        start = start[found.end() :]
    if flat := _FLAT.search(start):
        if flat[1]:
            return FLAT_SHEETS if flat[1] == b"Excel.Sheet" else FLAT_WORD
        is_sheet = b"opendocument.spreadsheet" in content[:_MAX_ROOT]
        return FLAT_SPREADSHEET if is_sheet else FLAT_TEXT
    if _HTML.match(start.lstrip()):
        return "text/html"
    if _MHTML.match(start):
        return "multipart/related"
    return "text/plain"


def is_zip(start: bytes) -> bool:
    """Whether the first four bytes are those of a zip container."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def container_type_of(stream: BinaryIO) -> str:
    """What a zip holds; the names in it are read even where its end is cut off."""
    from zipfile import ZipFile  # 7 ms that a text or a PDF is spared

    try:
        with ZipFile(stream) as container:
            names = b"\n".join(name.encode() for name in container.namelist()[:5_000])
    except broken_zip_errors():
        stream.seek(0)
        names = stream.read(_MAX_SEARCHED)
    return next((media_type for part, media_type in _PARTS if part in names), ZIP)


def broken_zip_errors() -> tuple[type[Exception], ...]:
    """What `zipfile` raises when a container that is not whole is opened, listed or unpacked. It
    has no class of its own for that: each way of packing raises what its library raises, a password
    is a `RuntimeError`, a field that is cut off a `struct.error`."""
    import lzma
    import struct
    import zlib
    from zipfile import BadZipFile

    return (
        *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
        *(RuntimeError, ValueError, LookupError, ArithmeticError),
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
        (
            *(FLAT_WORD, FLAT_SHEETS, FLAT_TEXT, FLAT_SPREADSHEET, OPENDOCUMENT, XLSB),
            *("application/rtf", "application/x-ole-storage"),
        ),
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
    *(".doc", ".wps", ".rtf", ".xls", ".et", ".odt", ".ods", ".xlsb", ".fodt", ".fods"),
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
    document: Document,
    pages: Collection[int] = (),
    limits: Limits = DEFAULT,
    known: dict[int, object] | None = None,
) -> Extract:
    """What another reader sees in the document, on those pages only where any are given.

    `known` are pages that it read before, as it left them there: they are not read anew.
    Raises `InputError` when it cannot read it.
    """
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    reader = _imported(SECOND_READERS[media_type_of(document.content)])
    with within_budget(limits, document.name):
        return reader(document, pages, limits, known)


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
