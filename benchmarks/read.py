"""What one report costs, by format and by step, beside a fixed loop of Python in the same run.

    python -m benchmarks.read [TIMES]

Each is the least of several runs, in milliseconds of the processor (of PDF a page), as multiple of
the loop, which a busy machine slows as well, and in calls. Time is the thread's own: while a
document's budget ticks, the clock of the process moves in steps of some milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from random import Random
from types import FrameType

from auditor.checks.evaluate import evaluate, gather
from auditor.definitions import Library, load_library
from auditor.model.form import Form
from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from auditor.readers import read
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.mistakes import with_mistakes
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.pdfs import Style, pdf
from tests.support import EXAMPLES

TIMES = 9
CLAIMED = "本年新收政府信息公开申请"
GROWN = (1_000, 4_000)
"""Claims in one sentence."""


def documents(form: Form) -> dict[str, list[tuple[Document, int]]]:
    """By format, documents and how many pages each counts for."""
    found: dict[str, list[bytes]] = {"text": [(EXAMPLES / "clean.txt").read_bytes()]}
    for number, layout in enumerate(LAYOUTS.values()):
        rng = Random(number)
        figures = consistent_figures(form, rng)
        text = layout(form, figures, AGENCIES[0], 2024, rng)
        found.setdefault("text, every layout", []).append(text.encode())
    rng = Random(1)
    given = form, consistent_figures(form, rng), AGENCIES[0], 2024, rng
    found["HTML"] = [web_page(name, *given) for name in WEB_PAGES]
    found["DOCX"] = [word_document(*given)]
    found["XLSX"] = [workbook(*given)]
    found["PDF, a page"] = [pdf(*given, Style())]
    wrong = with_mistakes(form, given[1], rng, 1)[0]
    found["PDF with an error, a page"] = [pdf(form, wrong, *given[2:], Style())]
    return {
        name: [(Document("report", each), max(each.count(b"/Type /Page\n"), 1)) for each in group]
        for name, group in found.items()
    }


def grown(claims: int) -> Document:
    """A report that states so many figures in one sentence, most of which its table refutes."""
    before, _, after = (EXAMPLES / "clean.txt").read_text(encoding="utf-8").partition(CLAIMED)
    stated = "，".join(f"{CLAIMED}{number % 40 + 1}件" for number in range(claims))
    return Document("report.txt", (before + stated + after).encode())


def loop() -> None:
    """What all is compared with."""
    total, seen = 0, dict[int, int]()
    for number in range(20_000):
        seen[number & 255] = total
        total += len(str(number))


def taken(act: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    begun = time.thread_time()
    act()
    return (time.thread_time() - begun) * 1000


def calls(act: Callable[[], object]) -> int:
    """How many functions are called."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def steps(document: Document, library: Library) -> dict[str, Callable[[], object]]:
    """What is done with a report, one containing the other but for the checks."""
    form, report = read_report(document, library)
    return {
        "extracted": partial(read, document),
        "read": partial(read_report, document, library),
        "audited": partial(audit, document, library),
        "checked": partial(evaluate, library.checks_on(form), gather(report)),
    }


def main() -> None:
    times = int(sys.argv[1]) if sys.argv[1:] else TIMES
    library = load_library()
    for name, group in documents(library.form("cn-goi-annual/2021")).items():
        every = [steps(document, library) for document, _ in group]
        pages = sum(count for _, count in group)
        for step in every[0]:
            acts = [each[step] for each in every]
            rounds = [[taken(act) for act in (loop, *acts)] for _ in range(times)]
            least, *own = map(min, zip(*rounds, strict=True))
            count = sum(map(calls, acts)) / pages
            ms = sum(own) / pages
            print(f"{name:26} {step:9} {ms:7.2f} ms {ms / least:6.2f} x loop {count:9,.0f} calls")
    costs = [min(taken(partial(audit, grown(size), library)) for _ in range(3)) for size in GROWN]
    print(f"{GROWN[1]:,} claims in a sentence: {costs[1] / costs[0]:.1f} x what {GROWN[0]:,} cost")


if __name__ == "__main__":
    main()
