"""How large the page over many reports is, and how long it takes to write and to open.

Every report has one to three wrong cells. Opening is timed in a headless Chromium, with a new
profile each: to the end of loading, then until the first report was unfolded and drawn.

python -m benchmarks.page [COUNT]
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

from auditor.definitions import load_library
from auditor.findings import verdict_of
from auditor.pipeline import audit_report
from auditor.reporters import Item, Judged
from auditor.testing import AGENCIES, as_report, consistent_figures

COUNT = 500
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def reports(count: int) -> Iterator[Item]:
    """Audits of invented reports, each with a few cells made wrong."""
    library = load_library()
    form = library.form("cn-goi-annual/2021")
    rng = Random(1)
    for _ in range(count):
        figures = consistent_figures(form, rng)
        for box in rng.sample(sorted(figures), rng.randint(1, 3)):
            figures[box] += Decimal(rng.randint(1, 20))
        report = as_report(form, figures, rng.choice(AGENCIES), rng.randint(2021, 2025))
        audit = audit_report(form, report, library)
        yield Judged(audit, verdict_of(audit))


def main() -> None:
    """Print what was measured."""
    from tests.browser import browser
    from tests.support import reported

    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    items = list(reports(count))
    began = time.process_time()
    page = reported("html", items).decode()
    took = time.process_time() - began
    size = len(page.encode())
    print(f"{count} reports: written in {took:.1f} s, {size / 1e6:.1f} MB", end=", ")
    zipped = len(gzip.compress(page.encode()))
    print(f"{size / count / 1e3:.1f} kB a report, {zipped / 1e6:.2f} MB zipped")
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        path = Path(folder) / "page.html"
        path.write_text(page, encoding="utf-8")
        for _ in range(3):
            tab = chromium.new_page()
            began = time.perf_counter()
            tab.goto(path.as_uri(), wait_until="load")
            loaded = time.perf_counter() - began
            tab.evaluate("document.querySelector('details.report').open = true")
            tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            drawn = time.perf_counter() - began
            paint = tab.evaluate(_PAINT)
            nodes = tab.evaluate("document.getElementsByTagName('*').length")
            print(f"first paint {paint:.0f} ms, loaded {loaded:.2f} s", end=", ")
            print(f"unfolded {drawn:.2f} s, {nodes} elements")
            tab.close()


if __name__ == "__main__":
    main()
