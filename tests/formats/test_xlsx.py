"""The workbook: tables as printed, marks where the findings are, and nothing that computes."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from auditor.model.finding import Failure
from auditor.model.report import Number
from auditor.reporters import Item, Judged
from auditor.reporters.tables import Box, blocks_of, label_columns
from auditor.reporters.xlsx import sheet_name
from auditor.testing import as_report
from tests.formats.samples import FAILURE, batch, drawn, example, paper
from tests.support import FORM_IDS, form

WRONG, UNREAD = "FFFFC7CE", "FFD9D2E9"


def book(*items: Item, language: str = "zh") -> Any:
    return openpyxl.load_workbook(BytesIO(drawn("xlsx", items, language)))


def cells(sheet: Any) -> list[Any]:
    return [cell for row in sheet.iter_rows() for cell in row]


def test_wrong_cells_are_coloured_and_their_comments_say_what_is_wrong() -> None:
    sheet = book(example("three-mistakes")).worksheets[2]
    found = {
        cell.value: cell.comment.text
        for cell in cells(sheet)
        if cell.fill.fgColor.rgb == WRONG and cell.comment
    }
    assert set(found) == {167.5, 7, 3}
    assert "应为 1" in found[7] and "7 → 1" in found[7]


def test_unread_cells_look_otherwise_and_say_why() -> None:
    sheet = book(paper()).worksheets[2]
    found = {
        cell.value: cell.comment.text
        for cell in cells(sheet)
        if cell.fill.fgColor.rgb == UNREAD and cell.comment
    }
    assert found["?"] == "未能辨认，可能是 1、11"
    assert "·" in found


@pytest.mark.parametrize("name", ["clean", "three-mistakes", "damaged-layout"])
def test_every_figure_that_was_read_stands_in_the_tables(name: str) -> None:
    item = example(name)
    sheet = book(item).worksheets[2]
    values = sorted(
        float(cell.value) for cell in cells(sheet) if isinstance(cell.value, int | float)
    )
    entries = item.audit.report.entries.values()
    read = [float(each.value.value) for each in entries if isinstance(each.value, Number)]
    assert values == sorted(read)


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_table_is_laid_out_without_overlap_every_box_once(form_id: str) -> None:
    blank = form(form_id)
    figures = {box: Decimal(0) for table in blank.tables for box in table.boxes()}
    report = as_report(blank, figures, "某局", 2023)
    labels = label_columns(blank)
    for table in blank.tables:
        boxes = []
        for number, block in enumerate(blocks_of(table, report, labels)):
            own = [box for line in (*block.head, *block.rows) for box in line]
            corner = Box(0, 0, len(block.head) + bool(block.spans), labels)
            boxes += [replace(box, row=box.row + 100 * number) for box in (corner, *own)]
        area = [spot for box in boxes for spot in _spots(box)]
        assert len(area) == len(set(area))
        assert [box.address for box in boxes if box.address] == list(table.boxes())
        told = {box.text for box in boxes}
        for row in table.rows:
            if any(box in report.entries for box in table.addresses(row)):
                assert row.label in told
                assert {group.label for group in table.ancestors(row)} <= told


def _spots(box: Box) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(box.row, box.row + box.height)
        for column in range(box.column, box.column + box.width)
    ]


def test_no_text_is_taken_for_a_formula_or_a_link() -> None:
    hostile = Failure('=HYPERLINK("http://a.test")', None, None, "damaged", "http://a.test")
    workbook = book(paper(), hostile)
    for sheet in workbook:
        for cell in cells(sheet):
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None or not cell.hyperlink.target
    names = {cell.value for cell in cells(workbook.worksheets[0])}
    assert {"=2+2, 100%|年报.pdf", '=HYPERLINK("http://a.test")'} <= names


def test_the_summary_has_a_line_for_every_report_and_links_to_its_sheet() -> None:
    workbook = book(*batch())
    summary = workbook.worksheets[0]
    rows = list(summary.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [
        item.audit.report.source.name if isinstance(item, Judged) else item.name
        for item in batch()
        if isinstance(item, Judged | Failure)
    ]
    linked = [row[-1].hyperlink.location for row in rows if row[-1].hyperlink]
    assert linked == [f"'{sheet.title}'!A1" for sheet in workbook.worksheets[2:]]
    heads = [cell.value for cell in next(summary.iter_rows(max_row=1))]
    assert FAILURE.message in str(rows[-1][heads.index("没有检查的内容")].value)


def test_a_finding_leads_to_its_cell() -> None:
    workbook = book(example("three-mistakes"))
    findings = list(workbook.worksheets[1].iter_rows(min_row=2))
    for row, figure in zip(findings, (167.5, 7, 3), strict=True):
        sheet, _, place = row[2].hyperlink.location.rpartition("!")
        assert workbook[sheet.strip("'")][place].value == figure


def test_clean_reports_beyond_the_first_get_no_sheet_but_a_line() -> None:
    many: list[Item] = []
    for number in range(30):
        audit = example("clean").audit
        source = replace(audit.report.source, name=f"{number}.txt")
        audit = replace(audit, report=replace(audit.report, source=source))
        many.append(replace(example("clean"), audit=audit))
    workbook = book(*many, example("three-mistakes"))
    assert len(workbook.worksheets) == 2 + 20 + 1
    assert workbook.worksheets[0].max_row == 32
    assert workbook.worksheets[0].cell(31, 15).value == "没有单列工作表"


def test_sheets_have_names_that_excel_takes() -> None:
    taken: set[str] = set()
    names = [sheet_name(text, taken) for text in ("a/b:c?*[x]", "A b c x", "'" * 40, "年" * 40)]
    names.append(sheet_name("年" * 40, taken))
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")
