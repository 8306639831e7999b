"""What reading the sentences costs beside reading the tables, in one run on the same reports."""

from __future__ import annotations

import time
from random import Random

from msgspec.structs import replace

from auditor.definitions import load_library
from auditor.model.source import Document
from auditor.model.wordings import Wordings
from auditor.pipeline import read_report
from tests.kit import AGENCIES, LAYOUTS, consistent_figures

EACH = 6
ROUNDS = 5
SENTENCES = (
    "（二）依申请公开情况\n全年共收到政府信息公开申请{0}件，其中网络申请{1}件，信函申请{2}件。"
    "办结政府信息公开申请{0}件，其中予以公开{1}件，部分公开{2}件。\n" * 12
)
"""Prose as long as that of a real report."""


def main() -> None:
    library = load_library()
    form = library.form("cn-goi-annual/2021")
    bare = replace(library, forms=tuple(replace(f, wordings=Wordings()) for f in library.forms))
    documents = []
    for layout in LAYOUTS.values():
        for seed in range(EACH):
            rng = Random(seed)
            text = layout(form, consistent_figures(form, rng), AGENCIES[0], 2024, rng)
            heading = text.find("二、")
            said = SENTENCES.format(30, 20, 10)
            text = text[:heading] + said + text[heading:]
            documents.append(Document(f"{seed}.txt", text.encode()))
    whole = tables = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for document in documents:
            read_report(document, bare)
        middle = time.process_time()
        for document in documents:
            read_report(document, library)
        tables = min(tables, middle - begun)
        whole = min(whole, time.process_time() - middle)
    each = 1000 / len(documents)
    print(f"tables alone          {tables * each:6.2f} ms a report")
    print(f"tables and sentences  {whole * each:6.2f} ms a report")
    print(f"sentences / tables    {(whole - tables) / tables:6.2f}")


if __name__ == "__main__":
    main()
