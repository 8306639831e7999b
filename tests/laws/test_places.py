"""Law: a finding says where its figure stands, in the way of its format, in JSON and on screen."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from auditor.messages import place
from auditor.model.finding import Verdict
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.reporters import Judged, Style
from tests.kit import AGENCIES, consistent_figures
from tests.kit.mistakes import with_mistakes
from tests.kit.office import word_document, workbook
from tests.kit.ruled import web_page
from tests.pdfs import Style as Drawn
from tests.pdfs import pdf
from tests.support import form, library, reported

TABLE = r"[三四]、\S+, table \d+, row \d+, column \d+"


@pytest.mark.parametrize(
    ("kind", "selector"),
    [("docx", TABLE), ("html", TABLE), ("xlsx", r"[^!]+![A-Z]+\d+"), ("pdf", "")],
)
def test_a_finding_says_where_its_figure_stands(kind: str, selector: str) -> None:
    rng = Random(3)
    figures, _ = with_mistakes(form(), consistent_figures(form(), rng, "medium"), rng)
    report = form(), figures, AGENCIES[0], 2024, rng
    match kind:
        case "docx":
            content = word_document(*report)
        case "html":
            content = web_page("a plain page", *report)
        case "xlsx":
            content = workbook(*report)
        case _:
            content = pdf(*report, Drawn())
    judged = Judged(audit(Document("report", content), library()), Verdict.FINDINGS)
    (told,) = json.loads(reported("json", [judged]))["reports"]
    shown = "".join(reported("terminal", [judged], Style(width=200)).decode().split())
    summed = [f for f in told["findings"] if f["rule"].startswith(("applications", "disputes"))]
    assert len(summed) >= 3
    for finding in summed:
        origin = finding["origin"]
        if kind == "pdf":
            where = f"第{origin['page']}页[{','.join(f'{side:g}' for side in origin['bbox'])}]"
        else:
            assert re.fullmatch(selector, origin["selector"]), origin
            where = place(origin["selector"], "zh").replace(" ", "")
        assert where in shown
