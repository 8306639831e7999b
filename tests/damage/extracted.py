"""What extractors make of an invented report: PDF, DOCX, HTML in, the text that people paste out.

Only programs and libraries that are there are used: poppler, pandoc, w3m, LibreOffice; pdfplumber,
pdfminer, pypdfium2, pypdf, markitdown, BeautifulSoup. AUDIT_EXTRACTORS may name a Python that has
some of these libraries. Texts are kept in a folder of the system's for temporary files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from tests.damage.judge import Sample, truth_of
from tests.damage.reports import Case
from tests.kit.looks import LOOKS, Look
from tests.kit.office import word_document
from tests.kit.programs import by_weasyprint
from tests.kit.ruled import WEB_PAGES, web_page
from tests.kit.webprint import print_page
from tests.kit.word import print_document
from tests.pdfs import Style, pdf

KEPT = Path(tempfile.gettempdir()) / "audit-extracted"
LIMIT = 120
"""Seconds for one extractor and one document."""

_NARROW = Look(narrow=True, size=8)
_PRINTED: Mapping[str, Look] = {
    "narrow": _NARROW,
    "narrow large": replace(_NARROW, size=10.5),
    "narrow landscape": replace(_NARROW, landscape=True, size=12, repeats=True),
    "narrow no rules": replace(_NARROW, rules="none", splits=False),
    "narrow vertical": replace(_NARROW, groups="vertical", above=120),
    "plain": LOOKS["plain"],
    "large": LOOKS["large print"],
}


@dataclass(frozen=True, slots=True)
class Extractor:
    """One way to get text of a document."""

    source: str
    """`pdf`, `docx` or `html`."""
    command: tuple[str, ...]
    """What prints the text; `{}` stands for the document, `{out}` for a folder of results."""
    suffix: str = ".txt"


def _python(module: str, code: str) -> tuple[str, ...]:
    return ("python:" + module, code)


def _pandoc(source: str, to: str, *more: str, suffix: str = ".txt") -> Extractor:
    return Extractor(source, ("pandoc", "-f", source, "-t", to, *more, "{}"), suffix)


_PLUMBER = "import pdfplumber; [print(p.extract_text({})) for p in pdfplumber.open(PATH).pages]"
_PYPDF = "import pypdf; [print(p.extract_text({})) for p in pypdf.PdfReader(PATH).pages]"
_SOUP = "import bs4; print(bs4.BeautifulSoup(open(PATH,'rb'),'lxml').body.get_text({}))"
_MARKITDOWN = "import markitdown; print(markitdown.MarkItDown().convert(PATH).text_content)"
_PDFIUM = (
    "import pypdfium2; [print(p.get_textpage().get_text_range()) for p in"
    " pypdfium2.PdfDocument(PATH)]"
)

EXTRACTORS: Mapping[str, Extractor] = {
    "pdftotext": Extractor("pdf", ("pdftotext", "{}", "-")),
    "pdftotext -layout": Extractor("pdf", ("pdftotext", "-layout", "{}", "-")),
    "pdftotext -raw": Extractor("pdf", ("pdftotext", "-raw", "{}", "-")),
    "pdfplumber": Extractor("pdf", _python("pdfplumber", _PLUMBER.format(""))),
    "pdfplumber, layout": Extractor("pdf", _python("pdfplumber", _PLUMBER.format("layout=True"))),
    "pdfminer": Extractor(
        "pdf",
        _python("pdfminer", "from pdfminer.high_level import extract_text as e; print(e(PATH))"),
    ),
    "pdfium": Extractor("pdf", _python("pypdfium2", _PDFIUM)),
    "pypdf": Extractor("pdf", _python("pypdf", _PYPDF.format(""))),
    "pypdf, layout": Extractor("pdf", _python("pypdf", _PYPDF.format("extraction_mode='layout'"))),
    "markitdown, PDF": Extractor("pdf", _python("markitdown", _MARKITDOWN), ".md"),
    "markitdown, DOCX": Extractor("docx", _python("markitdown", _MARKITDOWN), ".md"),
    "markitdown, HTML": Extractor("html", _python("markitdown", _MARKITDOWN), ".md"),
    "pandoc plain, DOCX": _pandoc("docx", "plain"),
    "pandoc plain narrow, DOCX": _pandoc("docx", "plain", "--columns=50"),
    "pandoc rst, DOCX": _pandoc("docx", "rst"),
    "pandoc Markdown, DOCX": _pandoc("docx", "markdown", suffix=".md"),
    "pandoc GFM, DOCX": _pandoc("docx", "gfm", suffix=".md"),
    "pandoc Org, DOCX": _pandoc("docx", "org"),
    "pandoc AsciiDoc, DOCX": _pandoc("docx", "asciidoc"),
    "pandoc plain, HTML": _pandoc("html", "plain"),
    "pandoc rst, HTML": _pandoc("html", "rst"),
    "pandoc Markdown, HTML": _pandoc("html", "markdown", suffix=".md"),
    "pandoc GFM, HTML": _pandoc("html", "gfm", suffix=".md"),
    "pandoc MediaWiki, HTML": _pandoc("html", "mediawiki"),
    "w3m": Extractor("html", ("w3m", "-dump", "-T", "text/html", "{}")),
    "w3m, narrow": Extractor("html", ("w3m", "-dump", "-cols", "60", "-T", "text/html", "{}")),
    "w3m, wide": Extractor("html", ("w3m", "-dump", "-cols", "160", "-T", "text/html", "{}")),
    "LibreOffice, DOCX": Extractor(
        "docx",
        (
            *("soffice", "-env:UserInstallation=file://{out}/profile", "--headless"),
            *("--norestore", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", "{out}", "{}"),
        ),
    ),
    "BeautifulSoup, nothing between": Extractor("html", _python("bs4", _SOUP.format(""))),
    "BeautifulSoup, line ends": Extractor("html", _python("bs4", _SOUP.format("'\\n'"))),
    "BeautifulSoup, blanks": Extractor("html", _python("bs4", _SOUP.format("' ',strip=True"))),
}


@cache
def _python_with(module: str) -> str | None:
    """A Python that can import `module`."""
    for program in (sys.executable, os.environ.get("AUDIT_EXTRACTORS")):
        if program:
            found = subprocess.run([program, "-c", f"import {module}"], capture_output=True)
            if found.returncode == 0:
                return program
    return None


def is_there(extractor: Extractor) -> bool:
    """Whether what the extractor needs is installed."""
    first = extractor.command[0]
    if first.startswith("python:"):
        return _python_with(first.removeprefix("python:")) is not None
    return shutil.which(first) is not None


def _pdf(case: Case, rng: Random) -> bytes:
    given = (case.form, case.figures, case.agency, case.year, rng)
    look = rng.choice([*_PRINTED, "drawn"])
    if look == "drawn":
        return pdf(*given, Style())
    chosen = _PRINTED[look]
    return by_weasyprint(print_page(*given, replace(chosen, above=rng.randint(0, 300))))


def _docx(case: Case, rng: Random) -> bytes:
    given = (case.form, case.figures, case.agency, case.year, rng)
    if rng.random() < 0.4:
        return word_document(*given)
    return print_document(*given, rng.choice((_NARROW, LOOKS["plain"])))


def _html(case: Case, rng: Random) -> bytes:
    given = (case.form, case.figures, case.agency, case.year, rng)
    style = rng.choice([*WEB_PAGES[:2], "print"])  # the third hides figures, which text shows
    return print_page(*given, _NARROW) if style == "print" else web_page(style, *given)


_SOURCES: Mapping[str, Callable[[Case, Random], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "html": _html,
}


def extracted(name: str, case: Case, rng: Random) -> Sample:
    """The case as this extractor gives it."""
    extractor = EXTRACTORS[name]
    told = (
        f"{name} {case.form.id} {case.year} {case.agency} {sorted(case.figures.items(), key=str)}"
    )
    key = hashlib.sha256(f"{told} {rng.random()}".encode()).hexdigest()[:24]
    kept = KEPT / f"{key}{extractor.suffix}"
    if not kept.exists():
        KEPT.mkdir(exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(_run(extractor, _SOURCES[extractor.source](case, rng)))
        part.replace(kept)
    return Sample(kept.read_bytes(), extractor.suffix, case, truth_of(case))


def _run(extractor: Extractor, document: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{extractor.source}"
        path.write_bytes(document)
        first, *others = extractor.command
        if first.startswith("python:"):
            program = _python_with(first.removeprefix("python:"))
            assert program is not None
            command = [program, "-c", f"PATH = {str(path)!r}\n{others[0]}"]
        else:
            command = [
                part.replace("{out}", folder) if part != "{}" else str(path)
                for part in extractor.command
            ]
        environment = {**os.environ, "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
        done = subprocess.run(
            command, capture_output=True, check=True, timeout=LIMIT, env=environment
        )
        result = Path(folder) / "report.txt"
        return result.read_bytes() if result.exists() else done.stdout
