"""How long a page of PDF takes to read, and what pdfplumber's `extract_tables` takes for the same.

python -m benchmarks.pdf FILE...

Both in one run and by turns, so that a busy machine slows both alike; the least of several
processor times. Where `NAME.truth.json` lies beside `NAME.pdf`, how many cells were read right is
told too.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pdfplumber

from auditor.definitions import Library, load_library
from auditor.model.form import Address
from auditor.model.report import Number
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import read
from auditor.readers.pdf.document import read_pages

TIMES = 9
ACTS = ("extract", "report", "pdfplumber extract_tables", "report, verified")


def by_pdfplumber(content: bytes) -> None:
    """Every table as pdfplumber finds it, page by page."""
    with pdfplumber.open(BytesIO(content)) as opened:
        for page in opened.pages:
            page.extract_tables()


def taken(act: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    begun = time.thread_time()
    act()
    return (time.thread_time() - begun) * 1000


def exactness(path: Path, document: Document, library: Library) -> str:
    """How many cells were read right and wrong, as far as the truth is known."""
    truth = path.with_suffix(".truth.json")
    if not truth.exists():
        return "truth unknown"
    _, report = read_report(document, library)
    cells = json.loads(truth.read_text(encoding="utf-8"))["cells"]
    right = wrong = 0
    for box, accepted in cells.items():
        entry = report.entries.get(Address.parse(box))
        if entry is not None and isinstance(entry.value, Number):
            same = format(entry.value.value, "f") in accepted
            right, wrong = right + same, wrong + (not same)
    return f"{right} of {len(cells)} cells right, {wrong} wrong"


def main() -> None:
    if not sys.argv[1:]:
        sys.exit(__doc__)
    logging.disable(logging.WARNING)
    library = load_library()
    for name in sys.argv[1:]:
        path = Path(name)
        document = Document(name, path.read_bytes())
        pages = len(read_pages(document))
        acts = (
            partial(read, document),
            partial(read_report, document, library),
            partial(by_pdfplumber, document.content),
            partial(read_report, document, library, True),
        )
        rounds = [[taken(act) for act in acts] for _ in range(TIMES)]
        least = [min(column) / pages for column in zip(*rounds, strict=True)]
        print(f"{path.name}: {pages} pages, {exactness(path, document, library)}")
        for label, each in zip(ACTS, least, strict=True):
            print(f"  {label:26} {each:6.1f} ms/page  {each / least[1]:5.2f} x report")


if __name__ == "__main__":
    main()
