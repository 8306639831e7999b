"""How many text reports one core reads in a second, by layout, and how many it reads and audits."""

from __future__ import annotations

import time
from random import Random

from auditor.definitions import load_library
from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from tests.kit import AGENCIES, LAYOUTS, consistent_figures

EACH = 10


def main() -> None:
    library = load_library()
    form = library.form("cn-goi-annual/2021")
    documents: dict[str, list[Document]] = {}
    for name, layout in LAYOUTS.items():
        for seed in range(EACH):
            rng = Random(seed)
            text = layout(form, consistent_figures(form, rng), AGENCIES[0], 2024, rng)
            documents.setdefault(name, []).append(Document(f"{seed}.txt", text.encode()))
    reading = 0.0
    for name, group in documents.items():
        begun = time.process_time()
        for document in group:
            read_report(document, library)
        taken = time.process_time() - begun
        reading += taken
        print(f"{name:40} {len(group) / taken:6.0f} reports/s")
    begun = time.process_time()
    every = [document for group in documents.values() for document in group]
    for document in every:
        audit(document, library)
    both = time.process_time() - begun
    print(f"{'all layouts, read':40} {len(every) / reading:6.0f} reports/s")
    print(f"{'all layouts, read and audited':40} {len(every) / both:6.0f} reports/s")


if __name__ == "__main__":
    main()
