"""How long a document of each format takes, and how much memory, beside a plain library's reading.

Each figure is from a process of its own: processor time is the least of several runs, memory the
peak beyond what the imports take. The library walks the same cells or text and makes nothing of it.

python -m benchmarks.formats
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random

TIMES = 7
_STATUS = Path("/proc/self/status")
TARGET = 100.0
"""Milliseconds a document; of PDF the time is told by the page."""


def documents() -> dict[str, bytes]:
    """One and the same invented report in every format."""
    from auditor.definitions import load_library
    from tests.fuzz.seeds import saved
    from tests.kit import AGENCIES, LAYOUTS, consistent_figures
    from tests.kit.office import word_document, workbook
    from tests.kit.ruled import WEB_PAGES, web_page
    from tests.pdfs import Style, pdf

    form = load_library().form("cn-goi-annual/2021")
    rng = Random(1)
    given = (form, consistent_figures(form, rng), AGENCIES[0], 2024, rng)
    page = web_page(WEB_PAGES[-1], *given)
    return {
        "text": next(iter(LAYOUTS.values()))(*given).encode(),
        "HTML": page,
        "MHTML": saved(page),
        "DOCX": word_document(*given),
        "XLSX": workbook(*given),
        "PDF": pdf(*given, Style()),
    }


def decoded(content: bytes) -> object:
    return content.decode().splitlines()


def by_lxml(content: bytes) -> object:
    from lxml import html

    return [str(text) for text in html.fromstring(content.decode()).itertext()]


def by_email(content: bytes) -> object:
    from email import message_from_bytes

    parts = message_from_bytes(content).walk()
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    found = pages[0].get_payload(decode=True)
    assert isinstance(found, bytes)
    return by_lxml(found)


def by_python_docx(content: bytes) -> object:
    import docx

    opened = docx.Document(BytesIO(content))
    cells = [cell.text for t in opened.tables for row in t.rows for cell in row.cells]
    return cells, [paragraph.text for paragraph in opened.paragraphs]


def by_openpyxl(content: bytes) -> object:
    from openpyxl import load_workbook

    opened = load_workbook(BytesIO(content), data_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in opened.worksheets]


def by_pdfplumber(content: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(BytesIO(content)) as opened:
        return [page.extract_tables() for page in opened.pages]


LIBRARIES: dict[str, Callable[[bytes], object]] = {
    "text": decoded,
    "HTML": by_lxml,
    "MHTML": by_email,
    "DOCX": by_python_docx,
    "XLSX": by_openpyxl,
    "PDF": by_pdfplumber,
}


def measure(name: str, who: str, path: Path) -> None:
    """Prints milliseconds, megabytes and pages as JSON; in a process that did nothing else."""
    from auditor.definitions import load_library
    from auditor.model.source import Document
    from auditor.pipeline import audit
    from auditor.readers import read

    content = path.read_bytes()
    library = load_library()
    document = Document("report", content)
    acts: dict[str, Callable[[], object]] = {
        "audited": partial(audit, document, library),
        "read": partial(read, document),
        "library": partial(LIBRARIES[name], content),
    }
    act = acts[who]
    act()  # imports and caches
    if _STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = _peak()
    taken = []
    for _ in range(TIMES):
        begun = time.thread_time()
        act()
        taken.append(time.thread_time() - begun)
    told = {"ms": min(taken) * 1000, "mb": _peak() - before, "whole": _peak()}
    print(json.dumps(told))


def _peak() -> float:
    """Peak of resident memory since it was last reset, in megabytes."""
    for line in _STATUS.read_text().splitlines() if _STATUS.exists() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, who: str, path: Path) -> dict[str, float] | None:
    """As `measure`, from a fresh process; None where the library is not installed."""
    command = [sys.executable, "-m", "benchmarks.formats", name, who, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode and "ModuleNotFoundError" in run.stderr:
        return None
    if run.returncode:
        raise RuntimeError(run.stderr)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _said(found: dict[str, float], pages: int) -> str:
    return f"{found['ms'] / pages:.1f} ms, +{found['mb']:.1f} MB of {found['whole']:.0f} MB"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in documents().items():
            path = Path(folder) / name
            path.write_bytes(content)
            ours, reading, theirs = (
                measured(name, who, path) for who in ("audited", "read", "library")
            )
            assert ours is not None
            assert reading is not None
            pages = content.count(b"/Type /Page\n") if name == "PDF" else 1
            unit = f"{name} ({pages} pages, by the page)" if name == "PDF" else name
            line = f"{unit}: audited {_said(ours, pages)}; read {_said(reading, pages)}"
            if theirs:
                ratio = reading["ms"] / theirs["ms"]
                line += f"; library {_said(theirs, pages)}; reading takes {ratio:.2f} of it"
            slow = name != "PDF" and ours["ms"] > TARGET
            print(line + (f"; OVER {TARGET:.0f} ms" if slow else ""))


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
