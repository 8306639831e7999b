"""Workbooks: stored results, merged cells, what is hidden, and where each cell stood."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from auditor.model.source import Document, Extract, Grid
from auditor.readers import read


def _book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表一"
    return book, sheet


def _read(book: Workbook) -> Extract:
    stream = BytesIO()
    book.save(stream)
    return read(Document("report.xlsx", stream.getvalue()))


def _cells(extract: Extract) -> list[list[list[tuple[str, int]]]]:
    return [
        [[(cell.text, cell.column) for cell in row] for row in block.rows]
        for block in extract.blocks
        if isinstance(block, Grid)
    ]


def test_numbers_are_read_in_plain_digits() -> None:
    book, sheet = _book()
    sheet.append(["a", 5, 5.0, 0.1 + 0.2, -3, "０ 1", 1200000, 1e-7])
    assert [text for text, _ in _cells(_read(book))[0][0]] == [
        *("a", "5", "5", "0.3", "-3", "０ 1", "1200000", "0.0000001")
    ]


def test_merged_cells_are_read_once_in_their_real_columns() -> None:
    book, sheet = _book()
    sheet["B2"], sheet["D2"], sheet["D3"], sheet["C3"] = "a", 1, 2, "under"
    sheet.merge_cells("B2:C3")
    extract = _read(book)
    assert _cells(extract) == [[[("a", 0), ("1", 2)], [("2", 2)]]]
    grid = extract.blocks[0]
    assert isinstance(grid, Grid)
    assert (grid.rows[0][0].rowspan, grid.rows[0][0].colspan) == (2, 2)
    assert grid.rows[1][0].origin.selector == "表一!D3"


def test_an_empty_row_parts_grids_and_a_gap_in_a_row_is_an_empty_cell() -> None:
    book, sheet = _book()
    sheet["A1"], sheet["C1"], sheet["A3"], sheet["B3"] = "a", 1, "b", 2
    assert _cells(_read(book)) == [[[("a", 0), ("", 1), ("1", 2)]], [[("b", 0), ("2", 1)]]]


def test_what_is_hidden_is_left_out_and_told() -> None:
    book, sheet = _book()
    for row in (["a", 1, 7], ["b", 2, 8]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    other = book.create_sheet("藏")
    other["A1"] = "c"
    other.sheet_state = "hidden"
    extract = _read(book)
    assert _cells(extract) == [[[("a", 0), ("", 1), ("7", 2)]]]
    assert [(each.code, each.details) for each in extract.notices] == [
        ("hidden-cells", (("count", "3"),))
    ]


def test_every_visible_sheet_is_read_in_order() -> None:
    book, sheet = _book()
    sheet["A1"] = "a"
    book.create_sheet("表二")["C5"] = "b"
    extract = _read(book)
    assert [block.origin.selector for block in extract.blocks] == ["表一!A1", "表二!C5"]


def test_a_formula_without_a_stored_result_is_neither_a_figure_nor_blank() -> None:
    book, sheet = _book()
    sheet.append(["a", 1, "=B1+1"])
    extract = _read(book)
    assert _cells(extract)[0][0][2] == ("#?", 2)
    assert [notice.code for notice in extract.notices] == ["formula-without-value"]


def test_a_row_of_bordered_blanks_is_a_row_but_empty_paper_is_not() -> None:
    book, sheet = _book()
    sheet["A1"], sheet["B1"] = "a", "b"
    for row in (2, 3, 4):
        for column in (1, 2):
            sheet.cell(row, column).border = Border(top=Side(style="thin"))
    assert _cells(_read(book)) == [[[("a", 0), ("b", 1)], [("", 0), ("", 1)]]]
