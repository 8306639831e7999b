"""Workbooks: stored results, merged cells, what is hidden, and where each cell stood."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils.datetime import CALENDAR_MAC_1904
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


def _rewritten(book: Workbook, **changes: str) -> Extract:
    """As `_read`, with parts of the first sheet's XML changed: what openpyxl cannot write."""
    stream, made = BytesIO(), BytesIO()
    book.save(stream)
    with ZipFile(stream) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode() if name.endswith("xml") else source.read(name)
            if isinstance(content, str) and name.endswith("sheet1.xml"):
                for cell, inside in changes.items():
                    content = re.sub(f'<c r="{cell}"[^>]*?(/>|>.*?</c>)', inside, content)
            target.writestr(name, content)
    return read(Document("report.xlsx", made.getvalue()))


def _told(extract: Extract) -> dict[str, str]:
    return {each.code: dict(each.details).get("cells", "") for each in extract.notices}


def _formula(cell: str, formula: str, result: object) -> str:
    return f'<c r="{cell}"><f>{formula}</f><v>{result}</v></c>'


def test_the_stored_result_of_a_formula_is_read_and_figures_typed_as_text_are() -> None:
    book, sheet = _book()
    sheet.append([1, "2", 3, "x"])
    extract = _rewritten(book, D1=_formula("D1", "SUM(A1:C1)", 4))
    assert [text for text, _ in _cells(extract)[0][0]] == ["1", "2", "3", "4"]
    assert _told(extract) == {}


def test_an_error_is_neither_a_figure_nor_blank_and_true_is_no_one() -> None:
    book, sheet = _book()
    sheet.append(["a", 1, 2])
    changes = {
        "B1": '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "C1": '<c r="C1" t="b"><v>1</v></c>',
    }
    extract = _rewritten(book, **changes)
    assert [text for text, _ in _cells(extract)[0][0]] == ["a", "#DIV/0!", "TRUE"]
    assert _told(extract) == {"error-values": "表一!B1"}


@pytest.mark.parametrize(
    ("value", "code", "text", "notice"),
    [
        (0.5, "0%", "50%", ""),
        (0.125, "0.0%", "12.5%", ""),
        (45000, "yyyy-mm-dd", "2023-03-15", ""),
        (45000, '[$-804]yyyy"年"m"月"d"日";@', "2023-03-15", ""),
        (12, "yyyy-mm-dd", "#?", "shown-otherwise"),
        (12, 'm"月"d"日"', "#?", "shown-otherwise"),
        (123456, '0!.0,"万"', "#?", "shown-otherwise"),
        (123456, "#,##0,", "#?", "shown-otherwise"),
        (5, '"有"', "#?", "shown-otherwise"),
        (3.14159, "0.00", "3.14", "rounded-display"),
        (12.5, "0", "13", "rounded-display"),
        (-2.5, "0;-0", "-3", "rounded-display"),
        (0.125, "0%", "13%", "rounded-display"),
        (1871.0000000001, "0", "1871", ""),
        (1871.0000000001, "General", "1871", ""),
        (307.9999999999, "#,##0", "308", ""),
        (4.2, "0.00", "4.2", ""),
        (20.4, "0_ ", "20", "rounded-display"),
        (2.0 / 3, "General", "0.666666666666667", ""),
        (38232.842873, "General", "38232.842873", ""),
        (1e200, "0.00", "1" + "0" * 200, ""),
        (12.5, "0.00_ ", "12.5", ""),
        (1234567, "#,##0", "1234567", ""),
        (5, '0"件"', "5", ""),
        (5, "[Red]0;[Blue]-0", "5", ""),
        (-5, "0_);(0)", "-5", ""),
        (5, ";;;", "#?", "shown-otherwise"),
        (0, "0;-0;;@", "0", ""),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0", ""),
        (0, "yyyy-mm-dd", "0", ""),
        (5, "@", "5", ""),
        (5, "G/通用格式", "5", ""),
        (5, 'General"件"', "5", ""),
        (5, "[>=10]0;0.0", "5", ""),
        (12345, '[>=10000]0!.0,"万";0', "#?", "shown-otherwise"),
        (0.5, "# ?/?", "0.5", ""),
        (12345, "0.00E+00", "12345", ""),
    ],
)
def test_a_format_counts_where_it_makes_another_thing_of_a_number(
    value: float, code: str, text: str, notice: str
) -> None:
    book, sheet = _book()
    sheet.append(["a", value, "z"])
    sheet["B1"].number_format = code
    extract = _read(book)
    assert _cells(extract)[0][0][1] == (text, 1)
    assert [each.code for each in extract.notices] == ([notice] if notice else [])


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    book, sheet = _book()
    book.epoch = CALENDAR_MAC_1904
    sheet.append(["a", 45000 - 1462])
    sheet["B1"].number_format = "yyyy-mm-dd"
    assert _cells(_read(book))[0][0][1] == ("2023-03-15", 1)


def test_only_some_of_many_cells_are_listed() -> None:
    book, sheet = _book()
    sheet.append([1.5] * 7)
    for cell in sheet[1]:
        cell.number_format = "0"
    assert _read(book).notices[0].details == (
        ("count", "7"),
        ("cells", "表一!A1, 表一!B1, 表一!C1, 表一!D1, 表一!E1 …"),
    )


def test_raised_digits_behind_a_figure_are_none_of_it() -> None:
    book, sheet = _book()
    note = TextBlock(InlineFont(vertAlign="superscript"), "1")
    sheet.append(["a", CellRichText("12", note), CellRichText(note, "12"), 3])
    extract = _read(book)
    assert [text for text, _ in _cells(extract)[0][0]] == ["a", "12", "\ufffd12", "3"]
    assert [each.code for each in extract.notices] == ["raised-marks"]


@pytest.mark.parametrize("code", ['0"5"', r"0\5", '0"."0', "0!5"])
def test_a_format_that_adds_digits_shows_no_plain_number(code: str) -> None:
    book, sheet = _book()
    sheet.append(["a", 12])
    sheet["B1"].number_format = code
    assert _cells(_read(book))[0][0][1][0] == "#?"


def test_rows_without_height_are_hidden() -> None:
    book, sheet = _book()
    sheet.append(["a", 1])
    sheet.append(["a", 2])
    sheet.row_dimensions[1].height = 7.5
    stream, made = BytesIO(), BytesIO()
    book.save(stream)
    with ZipFile(stream) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ht="7.5"', b'ht="0"'))
    extract = read(Document("report.xlsx", made.getvalue()))
    assert _cells(extract) == [[[("a", 0), ("2", 1)]]]


@pytest.mark.parametrize(
    ("font", "fill", "said"),
    [
        (Font(strike=True), None, "\ufffd"),
        (Font(color="FFFFFFFF"), None, "\ufffd"),
        (Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF4472C4"), "5"),
        (Font(color="FFFF0000"), None, "5"),
        (Font(color=Color(indexed=9)), None, "\ufffd"),
        (Font(color=Color(theme=0)), PatternFill("solid", fgColor="FFFFFFFF"), "\ufffd"),
        (Font(color=Color(theme=0, tint=-0.5)), None, "5"),
        (Font(color="FFD9D9D9"), PatternFill("solid", fgColor="FFD9D9D9"), "\ufffd"),
        (Font(color=Color(theme=4)), PatternFill("solid", fgColor=Color(theme=4)), "\ufffd"),
        (Font(size=1), None, "\ufffd"),
    ],
)
def test_figures_struck_out_or_white_are_unread(
    font: Font, fill: PatternFill | None, said: str
) -> None:
    book, sheet = _book()
    sheet.append(["a", 5])
    sheet["B1"].font = font
    if fill is not None:
        sheet["B1"].fill = fill
    assert _cells(_read(book))[0][0][1][0] == said


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        (InlineFont(color=Color("FFFFFFFF")), "12\ufffd"),
        (InlineFont(sz=1), "12\ufffd"),
        (InlineFont(vertAlign="subscript"), "12 8"),
        (InlineFont(color=Color("FFFF0000")), "128"),
    ],
)
def test_digits_of_a_text_that_look_otherwise(looks: InlineFont, said: str) -> None:
    book, sheet = _book()
    sheet.append(["a", CellRichText("12", TextBlock(looks, "8"))])
    assert _cells(_read(book))[0][0][1][0] == said


@pytest.mark.parametrize(
    ("code", "said"), [(";;;", "#?"), ('0;0;0;""', "#?"), ("0;0;0;@", "12"), ("@", "12")]
)
def test_a_text_that_its_format_does_not_show_is_no_figure(code: str, said: str) -> None:
    book, sheet = _book()
    sheet.append(["a", "12"])
    sheet["B1"].number_format = code
    assert _cells(_read(book))[0][0][1][0] == said


_HIDDEN = DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode=";;;"))
_WHITE = DifferentialStyle(font=Font(color="FFFFFFFF"))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("expression", formula=["$A$1"], dxf=_HIDDEN), "\ufffd"),
        (Rule("expression", formula=["$A$1"], dxf=_WHITE), "\ufffd"),
        (Rule("cellIs", operator="equal", formula=["0"], dxf=_WHITE), "5"),
        (Rule("cellIs", operator="greaterThan", formula=["4"], dxf=_WHITE), "\ufffd"),
        (Rule("cellIs", operator="greaterThan", formula=["C1"], dxf=_WHITE), "\ufffd"),
        (Rule("expression", dxf=DifferentialStyle(font=Font(color="FFFF0000"))), "5"),
    ],
)
def test_a_figure_that_a_condition_may_hide_is_unread(rule: Rule, said: str) -> None:
    book, sheet = _book()
    sheet.append(["a", 5, 7])
    sheet.conditional_formatting.add("B1:B4", rule)
    assert [text for text, _ in _cells(_read(book))[0][0]] == ["a", said, "7"]


def test_a_bar_instead_of_a_figure_leaves_it_unread() -> None:
    book, sheet = _book()
    sheet.append(["a", 5])
    bar = '<conditionalFormatting sqref="B1"><cfRule type="dataBar" priority="1">'
    bar += '<dataBar showValue="0"/></cfRule></conditionalFormatting>'
    assert _cells(_with_markup(book, "</sheetData>", f"</sheetData>{bar}"))[0][0][1][0] == "\ufffd"


def test_a_column_of_next_to_no_width_is_hidden() -> None:
    book, sheet = _book()
    sheet.append(["a", 8, 5])
    sheet.column_dimensions["B"].width = 0.001
    assert [text for text, _ in _cells(_read(book))[0][0]] == ["a", "", "5"]


def _with_markup(book: Workbook, old: str, new: str) -> Extract:
    """The workbook with a piece of its sheet's markup changed."""
    stream, made = BytesIO(), BytesIO()
    book.save(stream)
    with ZipFile(stream) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old.encode(), new.encode()))
    return read(Document("report.xlsx", made.getvalue()))
