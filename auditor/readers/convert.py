"""An old office file in, what LibreOffice makes of it out: read as DOCX or XLSX, with a notice.

LibreOffice works on a copy in a folder of its own, with a new profile that runs no macro, follows
no link and asks no questions, and is stopped with all its children when its time or memory is over.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

from msgspec.structs import replace

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers.docx import read_docx
from auditor.readers.limits import DEFAULT, Limits, too_large
from auditor.readers.ooxml import encrypted
from auditor.readers.sandbox import End, run
from auditor.readers.sniff import DOCX, XLSX
from auditor.readers.xlsx import read_xlsx

MAX_SECONDS = 60
"""A report takes one or two, the first start of LibreOffice some more."""

_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Calc/Content/Update", "Link", "1"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),
)
"""Of LibreOffice's registry: no macros, no links, and stored results stay as they are stored."""
_SAMPLES = {"csv": b"1,2\n", "rtf": rb"{\rtf1\ansi text}"}
"""Files in which nothing is wrong: where they are not converted, LibreOffice is broken."""
_DEAD_PROXY = "127.0.0.1:9"
"""A proxy that nothing answers at, so that nothing is fetched."""
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which an office program keeps a document with a password."""
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
"""The stream by which a document is told, and the suffix under which programs know it."""
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


def read_converted(document: Document, suffix: str, limits: Limits = DEFAULT) -> Extract:
    """As `read_docx` or `read_xlsx`, for a file that LibreOffice knows under `suffix`.

    Raises `InputError` also where there is no LibreOffice, or it makes nothing of the file in time.
    """
    program = soffice()
    if program is None:
        raise InputError(
            "needs-libreoffice",
            f"a .{suffix} file is read with LibreOffice, which is not installed here",
            place=document.name,
            hint="install LibreOffice, or save the file as .docx or .xlsx and try again",
        )
    is_sheet = suffix in ("xls", "ods", "xlsb")
    made = _convert(program, document, suffix, "xlsx" if is_sheet else "docx", limits)
    converted = Document(document.name, made, XLSX if is_sheet else DOCX)
    extract = read_xlsx(converted, limits) if is_sheet else read_docx(converted, limits)
    notice = Notice("converted", (("format", suffix),))
    return replace(extract, notices=(notice, *extract.notices))


def _convert(program: str, document: Document, suffix: str, wanted: str, limits: Limits) -> bytes:
    name = document.name
    made = _output_of(document.content, name, program, suffix, wanted, limits)
    if made is None and not _converts_sample(program, wanted, limits):
        raise InputError(
            "libreoffice-broken",
            "this file was not looked at: LibreOffice converts nothing here, whatever it is given",
            place=name,
            hint="start LibreOffice by hand to see what it lacks, or save the file as .docx or "
            ".xlsx and try again",
        )
    if made is None:
        raise InputError(
            "conversion-failed",
            "this file could not be converted: LibreOffice could not open it; it may be damaged or "
            "have a password",
            place=name,
            hint="open it in a word processor, save it as .docx or .xlsx and try again",
        )
    return made


@cache
def _converts_sample(program: str, wanted: str, limits: Limits) -> bool:
    """Whether the program converts a file in which nothing is wrong."""
    suffix = "csv" if wanted == "xlsx" else "rtf"
    try:
        return _output_of(_SAMPLES[suffix], "", program, suffix, wanted, limits) is not None
    except InputError:  # not even that in time
        return False


def _output_of(
    content: bytes, name: str, program: str, suffix: str, wanted: str, limits: Limits
) -> bytes | None:
    """What the program makes of it; None where it makes nothing."""
    # On Windows a child that was stopped may hold a file for a moment longer.
    with tempfile.TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as made_for:
        folder = Path(made_for)
        source = folder / f"report.{suffix}"
        source.write_bytes(content)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        command = [
            *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
            *("--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
            *("--convert-to", wanted, "--outdir", str(folder / "made"), str(source)),
        ]
        _run(command, folder, name, limits.converter_bytes)
        made = folder / "made" / f"report.{wanted}"
        if not made.is_file():
            return None
        if made.stat().st_size > limits.file_bytes:
            raise limits.exceeded("file_bytes", name)
        return made.read_bytes()


def _run(command: list[str], folder: Path, name: str, memory: int) -> None:
    """Run to its end, or to the end of its time or memory; or not at all, where it cannot start."""
    try:
        end = run(command, folder, _environment(folder), MAX_SECONDS, memory)
    except OSError:
        return
    if end is End.TIME:
        raise InputError(
            "conversion-timeout",
            f"LibreOffice did not convert this file within {MAX_SECONDS} seconds",
            place=name,
            hint="open it in a word processor, save it as .docx or .xlsx and try again",
        )
    if end is End.MEMORY:
        what = f"LibreOffice takes more than {memory:,} bytes of memory for it"
        raise too_large(name, what, "converter_bytes")


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), f"http://{_DEAD_PROXY}")
    return {**kept, **proxies, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _registry() -> str:
    host, _, port = _DEAD_PROXY.partition(":")
    proxy = [("Inet/Settings", "ooInetProxyType", "2")]
    for kind in ("HTTP", "HTTPS", "FTP"):
        proxy.append(("Inet/Settings", f"ooInet{kind}ProxyName", host))
        proxy.append(("Inet/Settings", f"ooInet{kind}ProxyPort", port))
    items = "".join(
        f"<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} oor:op='fuse'>"
        f"<value>{value}</value></prop></item>"
        for path, name, value in (
            (f"/org.openoffice.{'' if place.startswith('Inet') else 'Office.'}{place}", name, value)
            for place, name, value in (*_SETTINGS, *proxy)
        )
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<oor:items xmlns:oor='http://openoffice.org/2001/registry'>"
        f"{items}</oor:items>"
    )


def read_rtf(document: Document, limits: Limits = DEFAULT) -> Extract:
    """Rich text, by LibreOffice. Raises `InputError`."""
    return read_converted(document, "rtf", limits)


def read_flat_word(document: Document, limits: Limits = DEFAULT) -> Extract:
    """A Word document as one XML file, by LibreOffice. Raises `InputError`."""
    return read_converted(document, "xml", limits)


def read_xlsb(document: Document, limits: Limits = DEFAULT) -> Extract:
    """A binary workbook, by LibreOffice. Raises `InputError`."""
    return read_converted(document, "xlsb", limits)


def read_opendocument(document: Document, limits: Limits = DEFAULT) -> Extract:
    """A text or a table in OpenDocument, by LibreOffice. Raises `InputError`."""
    # Its first part is its type, not compressed; where it is not, a text is the likelier.
    suffix = "ods" if b"spreadsheet" in document.content[:200] else "odt"
    return read_converted(document, suffix, limits)


def read_ole(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The document, converted. Raises `InputError`: of another kind, encrypted, not converted."""
    content = document.content
    if _PROTECTED in content:
        raise encrypted(document.name)
    for stream, suffix in _STREAMS:
        if _is_named(stream, content):
            if _has_password(content, suffix):
                raise encrypted(document.name)
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
