"""Draws `page.jpg`: a whole invented report on one page, with a wrong total, and its truth."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from auditor.model.form import Address
from tests.kit import AGENCIES, consistent_figures
from tests.kit.scans import Wear, as_file, scanned
from tests.pdfs import Style, pdf
from tests.support import form

HERE = Path(__file__).resolve().parent
WRONG = Address("applications", "total_handled", "total")


def main() -> None:
    """Draw it."""
    rng = Random(11)
    figures = consistent_figures(form(), rng, "medium")
    figures[WRONG] += 1
    content = pdf(form(), figures, AGENCIES[0], 2023, rng, Style(size=6.5, margin=40, bottom=40))
    wear = Wear(dpi=170, skew=1, noise=3, quality=55)
    sheets = scanned(content, wear, rng)
    assert len(sheets) == 1, "it must fit on one page"
    (HERE / "page.jpg").write_bytes(as_file(sheets, "JPEG", wear.dpi))
    truth = {str(box): str(figure) for box, figure in figures.items()}
    (HERE / "page.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
