"""Documents to be mutated: whole reports by the project's generator, and small ones that are quick.

The same bytes in every process: no dates, no random identifiers, streams of PDF left uncompressed.
"""

from __future__ import annotations

import os
import re
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from reportlab import rl_config

from tests.fuzz.small import PAGES, TEXTS, WORDS, WORKBOOKS, small_pdf
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.pdfs import Style, pdf
from tests.support import FORM_IDS, ROOT, YEARS, form

KINDS = ("text", "html", "mhtml", "docx", "xlsx", "pdf", "any")
REAL = Path(os.environ.get("AUDIT_REAL_REPORTS") or ROOT.parent / "shared" / "reports")
"""Other people's reports, no part of this project: the kind `real`, where there are any."""
_STREAM = re.compile(
    rb"(<<[^<>]*/Filter\s*/FlateDecode[^<>]*>>\s*)(stream\r?\n)(.*?)endstream", re.S
)
_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@cache
def whole(kind: str) -> tuple[bytes, ...]:
    """Whole reports; their mutations often still fill a form."""
    if kind == "any":
        return tuple(seed for each in KINDS[:-1] for seed in whole(each)[:2])
    found: list[bytes] = []
    for number, form_id in enumerate(FORM_IDS):
        rng = Random(number)
        blank = form(form_id)
        given = (blank, consistent_figures(blank, rng), AGENCIES[number], YEARS[form_id][1], rng)
        match kind:
            case "text":
                found += [layout(*given).encode() for layout in LAYOUTS.values()]
            case "html":
                found += [web_page(style, *given) for style in WEB_PAGES]
            case "mhtml":
                found += [saved(web_page(style, *given)) for style in WEB_PAGES]
            case "docx":
                found.append(packed(parts(word_document(*given))))
            case "xlsx":
                found += [packed(parts(workbook(*given, sheets=flag))) for flag in (False, True)]
            case "pdf":
                rl_config.invariant, rl_config.pageCompression = 1, 0
                for style in (Style(), Style(filled=True, open_breaks=True), Style(ruled=False)):
                    found.append(pdf(*given, style))
    return tuple(found)


@cache
def small(kind: str) -> tuple[bytes, ...]:
    """Documents of some lines with one of everything that the reader knows."""
    match kind:
        case "text":
            return tuple(text.encode() for text in TEXTS)
        case "html":
            return tuple(page.encode() for page in PAGES)
        case "mhtml":
            return tuple(saved(page.encode()) for page in PAGES)
        case "docx":
            return tuple(packed(each) for each in WORDS)
        case "xlsx":
            return tuple(packed(each) for each in WORKBOOKS)
        case "pdf":
            rl_config.invariant, rl_config.pageCompression = 1, 0
            return tuple(small_pdf(number) for number in range(4))
        case _:
            return tuple(seed for each in KINDS[:-1] for seed in small(each))


def warm(kind: str) -> None:
    """Makes the seeds of a kind, so that no case is charged for them."""
    if kind == "real":
        real()
        kind = "any"
    small(kind)
    whole(kind)


@cache
def real() -> tuple[tuple[str, bytes], ...]:
    """Real reports with the kind of each; the streams of PDF are unpacked."""
    kinds = {".txt": "text", ".html": "html", ".pdf": "pdf"}
    return tuple(
        (kinds[path.suffix], _STREAM.sub(_unpacked, path.read_bytes()))
        for path in sorted(REAL.glob("*"))
        if path.suffix in kinds
    )


def _unpacked(found: re.Match[bytes]) -> bytes:
    try:
        content = zlib.decompress(found[3])
    except zlib.error:
        return found[0]
    said = b"/Length %d" % len(content)
    return said.join(re.split(rb"/Filter\s*/FlateDecode|/Length \d+", found[1])) + (
        b"stream\n" + content + b"\nendstream"
    )


def saved(page: bytes) -> bytes:
    """The page as browsers save it with its pictures."""
    return (
        b'From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page
        + b"\r\n--b\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n"
        b"--b--\r\n"
    )


def parts(container: bytes) -> dict[str, bytes]:
    """The parts of a container that are no pictures, without dates."""
    with ZipFile(BytesIO(container)) as opened:
        return {
            name: _DATE.sub(b"2024-01-01T00:00:00", opened.read(name))
            for name in opened.namelist()
            if name.endswith((".xml", ".rels"))
        }


def packed(named: dict[str, bytes], method: int = ZIP_STORED) -> bytes:
    """The container of these parts."""
    stream = BytesIO()
    with ZipFile(stream, "w") as made:
        for name, content in named.items():
            made.writestr(ZipInfo(name), content, compress_type=method)
    return stream.getvalue()
