"""The container of old office files in; what LibreOffice makes of the document in it out."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.package import encrypted

_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which an office program keeps a document with a password."""
_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
"""The stream by which a document is told, and the suffix under which programs know it."""
_SECTOR = 512
_WORD_MARK, _WORD_FLAGS, _IS_ENCRYPTED = b"\xec\xa5", 11, 0x01
_SHEET_MARKS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_SHEET_PASSWORD = b"\x2f\x00"
_SHEET_LOCKED_ONLY = b"\x86\x00"
"""The record `WRITEPROT` may stand before the one that says the sheets are encrypted."""


def read_ole(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The document, converted. Raises `InputError`: of another kind, encrypted, not converted."""
    content = document.content
    if _PROTECTED in content:
        raise encrypted(document.name)
    for stream, suffix in _STREAMS:
        if _is_named(stream, content):
            if _has_password(content, suffix):
                raise encrypted(document.name)
            from auditor.readers.convert import read_converted

            return read_converted(document, suffix, limits)
    raise InputError(
        "unsupported-format",
        "this is an old office file that is neither a text nor a table",
        place=document.name,
        hint="open it in a word processor, save it as .docx or .xlsx and try again",
    )


def _is_named(stream: str, content: bytes) -> bool:
    """Whether the directory has an entry of that name: 64 bytes, and how many of them it fills."""
    entry = (stream + "\0").encode("utf-16-le")
    size = len(entry).to_bytes(2, "little")
    return entry.ljust(64, b"\0") + size in content


def _has_password(content: bytes, suffix: str) -> bool:
    """Whether the first sector of the document's own stream says that the rest is encrypted."""
    for at in range(_SECTOR, len(content) - 32, _SECTOR):
        if suffix == "doc" and content.startswith(_WORD_MARK, at):
            return bool(content[at + _WORD_FLAGS] & _IS_ENCRYPTED)
        if suffix == "xls" and content.startswith(_SHEET_MARKS, at):
            after = at + 4 + content[at + 2]
            if content.startswith(_SHEET_LOCKED_ONLY, after):
                after += 4 + content[after + 2]
            return content.startswith(_SHEET_PASSWORD, after)
    return False
