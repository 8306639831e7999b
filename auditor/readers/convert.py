"""An old office file in, what LibreOffice makes of it out: read as DOCX or XLSX, with a notice.

LibreOffice works on a copy in a folder of its own, with a new profile that runs no macro, follows
no link and asks no questions (`libreoffice.xcu`), and is stopped with all its children when its
time or memory is over.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers import (
    DOCX,
    FLAT_SHEETS,
    FLAT_SPREADSHEET,
    FLAT_TEXT,
    FLAT_WORD,
    OPENDOCUMENT,
    XLSB,
    XLSX,
    media_type_of,
)
from auditor.readers.docx import read_docx
from auditor.readers.limits import DEFAULT, End, Limits, run
from auditor.readers.xlsx import read_xlsx
from auditor.refusals import refusal

MAX_SECONDS = 60
"""A report takes one or two, the first start of LibreOffice some more."""

_SUFFIXES = {
    **{FLAT_WORD: "xml", FLAT_SHEETS: "xls", FLAT_TEXT: "fodt", FLAT_SPREADSHEET: "fods"},
    **{XLSB: "xlsb", "application/rtf": "rtf"},
}
"""The suffix under which programs know what the bytes alone tell."""
_SHEETS = ("xls", "ods", "xlsb", "fods")
_SAMPLES = {"docx": ("rtf", rb"{\rtf1\ansi text}"), "xlsx": ("csv", b"1,2\n")}
"""Files in which nothing is wrong: where they are not converted, LibreOffice is broken."""
_DEAD_PROXY = "http://127.0.0.1:9"
"""A proxy that nothing answers at, so that nothing is fetched; the profile names it too."""
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which an office program keeps a document with a password."""
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
"""The stream by which a document is told, and its suffix."""
_SECTOR = 512
_WORD_MARK, _WORD_FLAGS, _IS_ENCRYPTED = b"\xec\xa5", 11, 0x01
_SHEET_MARKS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_SHEET_PASSWORD = b"\x2f\x00"
_SHEET_LOCKED_ONLY = b"\x86\x00"
"""The record `WRITEPROT` may stand before the one that says the sheets are encrypted."""


def soffice() -> str | None:
    """LibreOffice's program: what `AUDIT_SOFFICE` names, else the one that the system finds."""
    named = os.environ.get("AUDIT_SOFFICE")
    return shutil.which(named) if named else shutil.which("soffice") or shutil.which("libreoffice")


def read_converted(document: Document, limits: Limits = DEFAULT) -> Extract:
    """As `read_docx` or `read_xlsx`, for a file that LibreOffice knows. Raises `InputError` also
    where it is encrypted, neither a text nor a table, where there is no LibreOffice, or it makes
    nothing of the file in time."""
    suffix = _suffix_of(document)
    program = soffice()
    if program is None:
        raise refusal("needs-libreoffice", document.name, suffix=suffix)
    wanted, reader, media_type = ("docx", read_docx, DOCX)
    if suffix in _SHEETS:
        wanted, reader, media_type = ("xlsx", read_xlsx, XLSX)
    made = _convert(document.content, document.name, program, suffix, wanted, limits)
    if made is None:
        is_sound = _converts_sample(program, wanted, limits)
        raise refusal("conversion-failed" if is_sound else "libreoffice-broken", document.name)
    extract = reader(Document(document.name, made, media_type), limits)
    notice = Notice("converted", (("format", suffix),))
    return replace(extract, notices=(notice, *extract.notices))


def _suffix_of(document: Document) -> str:
    """The suffix under which LibreOffice knows the document. Raises `InputError`: encrypted, or of
    another kind."""
    content = document.content
    media_type = media_type_of(content)
    if media_type in _SUFFIXES:
        return _SUFFIXES[media_type]
    if media_type == OPENDOCUMENT:
        # Its first part is its type, not compressed; where it is not, a text is the likelier.
        return "ods" if b"spreadsheet" in content[:200] else "odt"
    suffix = next((suffix for stream, suffix in _STREAMS if _has_stream(stream, content)), None)
    if _PROTECTED in content or (suffix and _has_password(content, suffix)):
        raise refusal("encrypted", document.name)
    if suffix is None:
        raise refusal("unsupported-format/ole", document.name)
    return suffix


@cache
def _converts_sample(program: str, wanted: str, limits: Limits) -> bool:
    """Whether the program converts a file in which nothing is wrong."""
    suffix, sample = _SAMPLES[wanted]
    try:
        return _convert(sample, "", program, suffix, wanted, limits) is not None
    except InputError:  # not even that in time
        return False


def _convert(
    content: bytes, name: str, program: str, suffix: str, wanted: str, limits: Limits
) -> bytes | None:
    """What the program makes of the content; None where it makes nothing, or cannot start."""
    # On Windows a child that was stopped may hold a file for a moment longer.
    with tempfile.TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as made_for:
        folder = Path(made_for)
        source = folder / f"report.{suffix}"
        source.write_bytes(content)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        settings = Path(__file__).with_name("libreoffice.xcu")
        shutil.copyfile(settings, profile / "user" / "registrymodifications.xcu")
        command = [
            *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
            *("--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
            *("--convert-to", wanted, "--outdir", str(folder / "made"), str(source)),
        ]
        without = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), _DEAD_PROXY)
        env = {**without, **proxies, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
        try:
            end = run(command, folder, env, MAX_SECONDS, limits.converter_bytes)
        except OSError:
            return None
        if end is End.TIME:
            raise refusal("conversion-timeout", name, seconds=MAX_SECONDS)
        if end is End.MEMORY:
            most = f"{limits.converter_bytes:,}"
            raise refusal("too-large/converter", name, most=most, limit="converter-bytes")
        made = folder / "made" / f"report.{wanted}"
        if not made.is_file():
            return None
        if made.stat().st_size > limits.file_bytes:
            raise limits.exceeded("file_bytes", name)
        return made.read_bytes()


def _has_stream(name: str, content: bytes) -> bool:
    """Whether the directory has an entry of that name: 64 bytes, and how many of them it fills."""
    entry = (name + "\0").encode("utf-16-le")
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
