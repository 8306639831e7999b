"""PDFs of which two programs see different things: doubt, and never the author's error."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.errors import InputError
from auditor.layout import align
from auditor.layout.reconcile import CONFIRMED, DIFFERS, SILENT
from auditor.model.finding import Audit, Status
from auditor.model.form import Address
from auditor.model.report import Blank, Illegible, Number, Report
from auditor.model.source import Document, Extract
from auditor.pipeline import audit, read_report
from auditor.readers import read_again
from tests.kit import AGENCIES, consistent_figures, figures_of
from tests.support import form, library, text_document
from tests.unit.test_readers_pdf import STYLES, page

pytest.importorskip("reportlab")

from tests.pdfs import Style, pdf

FORM = form()
FIGURES = consistent_figures(FORM, Random(1))
_COUNTS = Counter(FIGURES.values())
CELL = next(
    box
    for box, figure in FIGURES.items()
    if box.table == "applications" and _COUNTS[figure] == 1 and figure > 9
)
"""A cell of table three whose figure stands nowhere else in the report."""
PRINTED = str(FIGURES[CELL])
SPOKEN = "7" + PRINTED


def made(style: Style, figures: dict[Address, Decimal] = FIGURES) -> Document:
    return Document("x.pdf", pdf(FORM, figures, AGENCIES[0], 2023, Random(1), style))


def codes(found: Report | Audit) -> list[str]:
    return [notice.code for notice in found.notices]


def failing_sums(found: Audit) -> list[str]:
    return [
        outcome.check.id
        for outcome in found.outcomes
        if outcome.status is Status.FAIL and outcome.check.rule.id.startswith("applications-")
        and outcome.check.rule.id.endswith("-total")
    ]  # fmt: skip


RULED_OTHERWISE = {
    "thin rectangles",
    "no rule at a page's end",
    "no rules at the sides",
    "large print",
}
"""Styles whose characters are those of others; "everything at once" has most of them."""


@pytest.mark.parametrize(
    "style",
    [
        pytest.param(each, marks=pytest.mark.thorough) if each in RULED_OTHERWISE else each
        for each in STYLES
    ],
)
def test_the_second_reader_reads_every_style_alone(style: str) -> None:
    """A cell is confirmed or left open, and none is contradicted."""
    document = made(STYLES[style])
    form_, report = read_report(document, library())
    second = align(read_again(document), form_, report.source)
    figures = {box: figure for box, figure in figures_of(second).items() if figure is not None}
    assert {box: figure for box, figure in figures.items() if figure != FIGURES[box]} == {}
    blank = sum(isinstance(second.entries[box].value, Blank) for box in FIGURES)
    assert len(figures) + blank == len(FIGURES)


def test_a_table_aligned_alone_is_read_as_among_all() -> None:
    document = made(Style())
    form_, report = read_report(document, library())
    extract = read_again(document)
    alone = align(extract, form_, report.source, {CELL.table}).entries
    every = align(extract, form_, report.source).entries
    assert alone == {box: entry for box, entry in every.items() if box.table == CELL.table}
    assert 0 < len(alone) < len(every)


def test_pages_between_two_tables_in_question_are_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[set[int]] = []

    def noted(document: Document, pages: set[int], *more: Any) -> Extract:
        asked.append(set(pages))
        return read_again(document, pages, *more)

    monkeypatch.setattr("auditor.pipeline.read_again", noted)
    tables = ("disclosure", "disputes")
    totals = [next(box for box in FIGURES if box.table == table) for table in tables]
    entries = read_report(made(Style(bottom=560)), library())[1].entries
    monkeypatch.setattr("auditor.pipeline.doubtful", lambda report: totals)
    form_, report = read_report(made(Style(bottom=560)), library())
    pages = {
        table: {entry.origin.page for box, entry in entries.items()
                if box.table == table and entry.origin is not None}
        for table in (*tables, "applications")
    }  # fmt: skip
    own = pages["disclosure"] | pages["disputes"]
    assert asked == [own]
    assert pages["applications"] - own
    count = sum(table.key in tables for table in form_.tables for _ in table.boxes())
    agrees = next(notice for notice in report.notices if notice.code == CONFIRMED)
    assert dict(agrees.details) == {"count": str(count), "of": str(count)}


def test_text_that_says_other_than_it_draws_is_illegible_and_no_error_of_the_author() -> None:
    found = audit(made(Style(spoken={PRINTED: SPOKEN})), library())
    assert found.report.entries[CELL].value == Illegible((SPOKEN, PRINTED))
    assert failing_sums(found) == []
    differs = next(notice for notice in found.notices if notice.code == DIFFERS)
    assert differs.addresses == (CELL,)
    assert dict(differs.details)["readings"] == f"{SPOKEN} / {PRINTED}"


def test_a_clean_report_is_read_once_unless_asked() -> None:
    document = made(Style())
    _, once = read_report(document, library())
    assert codes(once) == []
    _, verified = read_report(document, library(), verify=True)
    (notice,) = verified.notices
    assert (notice.code, dict(notice.details)["count"]) == (CONFIRMED, str(len(FIGURES)))
    assert verified.entries == once.entries


def test_an_error_that_both_readers_see_stands() -> None:
    wrong = {**FIGURES, CELL: FIGURES[CELL] + 1}
    found = audit(made(Style(), wrong), library())
    assert len(failing_sums(found)) == 2
    assert CONFIRMED in codes(found)
    assert DIFFERS not in codes(found)
    assert any(finding.primary == CELL for finding in found.findings)


def test_what_the_second_reader_cannot_make_out_is_said_to_be_unconfirmed() -> None:
    """The figure is drawn as a sign, and only its /ActualText says which figure is meant."""
    document = made(Style(drawn={PRINTED: "※"}, spoken={"※": SPOKEN}))
    found = audit(document, library())
    assert found.report.entries[CELL].value == Number(Decimal(SPOKEN))
    assert len(failing_sums(found)) == 2
    silent = next(notice for notice in found.notices if notice.code == SILENT)
    assert silent.addresses == (CELL,)


def test_other_formats_have_no_second_reader_and_say_so_when_asked() -> None:
    from tests.kit import LAYOUTS

    text = LAYOUTS["rows with pipes between"](FORM, FIGURES, AGENCIES[0], 2023, Random(1))
    document = text_document(text)
    assert codes(read_report(document, library())[1]) == []
    assert codes(read_report(document, library(), verify=True)[1]) == ["second-reader-none"]


def test_a_page_that_was_read_again_is_not_read_a_third_time() -> None:
    document, known = made(Style()), dict[int, object]()
    read_again(document, [2], known=known)
    page_before = known[2]
    assert read_again(document, [1, 2, 3], known=known) == read_again(document, [1, 2, 3])
    assert known[2] is page_before
    assert set(known) >= {1, 2}


def test_too_much_for_the_second_reader_is_said_and_changes_nothing() -> None:
    def draw(canvas: object) -> None:
        for _ in range(45):
            canvas.setFont("STSong-Light", 10)  # type: ignore[attr-defined]
            canvas.drawString(100, 300, "正文一行")  # type: ignore[attr-defined]
            canvas.showPage()  # type: ignore[attr-defined]

    with pytest.raises(InputError) as error:
        read_again(Document("x.pdf", page(draw)))
    assert error.value.code == "too-large"


def test_damaged_bytes_raise_nothing_but_input_errors_and_say_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = made(Style()).content
    rng = Random(7)
    read = 0
    for _ in range(12):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 30)):
            content[rng.randrange(9, len(content))] = rng.randrange(256)
        try:
            read_again(Document("x.pdf", bytes(content)))
            read += 1
        except InputError as error:
            assert error.hint
    assert read
    assert caplog.records == []
    assert logging.getLogger("pdfminer").level == logging.NOTSET


def test_the_command_verifies_on_request(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(made(Style(spoken={PRINTED: SPOKEN})).content)
    for command in ("check", "read"):
        result = CliRunner().invoke(main, [command, "--verify", "--format", "json", str(path)])
        (report,) = json.loads(result.stdout)["reports"]
        assert {"second-reader-differs", "second-reader-agrees"} <= {
            notice["code"] for notice in report["notices"]
        }
        assert result.stderr == ""


def test_the_second_reader_is_loaded_only_when_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(made(Style()).content)
    code = (
        "import sys; from auditor.cli import main\n"
        f"try: main(['read', '--quiet', {str(path)!r}])\n"
        "except SystemExit: pass\n"
        "assert not {'pdfplumber', 'pdfminer'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=400)
