"""Invented reports as scans: seconds a page, and how much is read right, wrong or not at all.

python -m benchmarks.scan [PAGES]

A figure counts as wrong when a number or a blank was read that is not printed there.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import cycle
from random import Random

from auditor.definitions import load_library
from auditor.errors import InputError
from auditor.model.report import Blank, Match, Number, Report
from auditor.model.source import Document
from auditor.pipeline import read_report
from tests.kit import AGENCIES, Figures, consistent_figures
from tests.kit.scans import WEARS, as_file, scanned
from tests.pdfs import Style, pdf

STYLES = {
    "ruled": Style(size=9),
    "blank zeros": Style(size=9, blanks=True),
    "small print": Style(size=7.5, filled=True),
    "no rule at a page's end": Style(size=9, filled=True, open_breaks=True),
    "no rules at the sides": Style(size=9, open_sides=True),
    "large print": Style(size=10),
    "turned pages": Style(size=9, turned=True),
    "no rules": Style(size=9, ruled=False),
}
FORMS = {"cn-goi-annual/2021": 2023, "cn-goi-annual/2019": 2020}


def told(report: Report, figures: Figures, blanks: bool) -> Counter[str]:
    """How many boxes were read how."""
    found: Counter[str] = Counter()
    for box, figure in figures.items():
        entry = report.entries.get(box)
        match entry.value if entry else None:
            case Number(value=value):
                found["right" if value == figure else "WRONG"] += 1
                found["inferred"] += entry is not None and entry.match is Match.INFERRED
                if value != figure:
                    print(f"    WRONG {box}: {value} for {figure}, {entry}")
            case Blank():
                found["right" if blanks and not figure else "WRONG"] += 1
                if figure or not blanks:
                    print(f"    WRONG {box}: blank for {figure}")
            case _:
                found["unread"] += 1
    return found


def main() -> None:
    most = int(sys.argv[1]) if sys.argv[1:] else 40
    library = load_library()
    whole: Counter[str] = Counter()
    seconds = processor = pages = 0.0
    for seed, (style_name, wear_name) in enumerate(zip(cycle(STYLES), cycle(WEARS), strict=False)):
        if pages >= most:
            break
        rng = Random(seed)
        style = replace(STYLES[style_name], bottom=60 + rng.randint(0, 200))
        wear, kind = WEARS[wear_name], ("TIFF", "PDF")[seed % 2]
        form_id = list(FORMS)[seed // 2 % len(FORMS)]
        figures = consistent_figures(library.form(form_id), rng)
        content = pdf(
            library.form(form_id),
            figures,
            AGENCIES[seed % len(AGENCIES)],
            FORMS[form_id],
            rng,
            style,
        )
        sheets = scanned(content, wear, rng)
        document = Document(f"scan.{kind.lower()}", as_file(sheets, kind, wear.dpi))
        begun, begun_processor = time.perf_counter(), time.process_time()
        try:
            _, report = read_report(document, library)
            found = told(report, figures, style.blanks)
        except InputError as error:
            found = Counter({"unread": len(figures)})
            print(f"    refused: {error}")
        taken = time.perf_counter() - begun
        processor += time.process_time() - begun_processor
        seconds += taken
        pages += len(sheets)
        if style_name != "no rules":
            whole += found
        said = ", ".join(f"{name} {count}" for name, count in sorted(found.items()) if count)
        print(f"{style_name}, {wear_name}, {form_id}, {kind}: {said}", flush=True)
    boxes = whole["right"] + whole["WRONG"] + whole["unread"]
    print(
        f"{pages:.0f} pages, {seconds / pages:.1f} s/page, {processor / pages:.1f} s of processor; "
        f"ruled ones: {whole['right'] / boxes:.1%} of {boxes} figures read right "
        f"({whole['inferred']} inferred), {whole['WRONG']} wrong, {whole['unread']} unread"
    )


if __name__ == "__main__":
    main()
