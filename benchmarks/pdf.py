"""How long a page of PDF takes to read, and what pdfplumber's `extract_tables` takes for the same.

python benchmarks/pdf.py FILE...
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

from auditor.library import load_library
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import read
from auditor.readers.pdf.pages import read_pages

TIMES = 5


def best(act: Callable[[], object]) -> float:
    """The least processor time of several runs, in milliseconds."""
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return min(taken) * 1000


def by_pdfplumber(content: bytes) -> None:
    """Every table as pdfplumber finds it, page by page."""
    import pdfplumber

    with pdfplumber.open(BytesIO(content)) as opened:
        for page in opened.pages:
            page.extract_tables()


def main() -> None:
    if not sys.argv[1:]:
        sys.exit(__doc__)
    logging.disable(logging.WARNING)
    library = load_library()
    for name in sys.argv[1:]:
        document = Document(name, Path(name).read_bytes())
        pages = len(read_pages(document))
        extract = best(partial(read, document)) / pages
        report = best(partial(read_report, document, library)) / pages
        try:
            other = best(partial(by_pdfplumber, document.content)) / pages
        except ImportError:
            other = float("nan")
        print(
            f"{Path(name).name}: {pages} pages, extract {extract:.1f} ms/page, "
            f"report {report:.1f} ms/page, pdfplumber extract_tables {other:.1f} ms/page "
            f"({other / report:.1f} times as long)"
        )


if __name__ == "__main__":
    main()
