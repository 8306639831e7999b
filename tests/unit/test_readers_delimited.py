"""Fields between commas: told from prose, and read as the spreadsheet that they came from."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from random import Random

import pytest
from openpyxl import load_workbook

from auditor.model.report import Number
from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.pipeline import read_report
from auditor.readers import read
from tests.kit import consistent_figures
from tests.kit.office import workbook
from tests.support import FORM_IDS, YEARS, form, library


def _read(text: str) -> Extract:
    return read(Document("report.csv", text.encode()))


def _cells(text: str) -> list[list[list[str]]]:
    blocks = _read(text).blocks
    return [
        [[cell.text for cell in row] for row in block.rows]
        for block in blocks
        if isinstance(block, Grid)
    ]


_ROWS = "规章,0,1,2\r\n规范,3,4,5\r\n许可,6,,\r\n处罚,7,,\r\n强制,8,,\r\n"


def test_a_record_is_a_row_and_a_field_keeps_what_is_quoted() -> None:
    text = '年报,,,\r\n"第一段\n第二段",,,\r\n' + _ROWS + '收费,"1,234.5","9 ""x""",\r\n'
    extract = _read(text)
    assert [block.text for block in extract.blocks if isinstance(block, Paragraph)] == [
        *("年报", "第一段", "第二段")
    ]
    assert _cells(text)[0][-1] == ["收费", "1,234.5", '9 "x"', ""]
    grid = extract.blocks[-1]
    assert isinstance(grid, Grid)
    assert (grid.rows[1][2].origin.line, grid.rows[1][2].origin.selector) == (5, "field 3")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_known_too(mark: str) -> None:
    text = _ROWS.replace(",", mark) + f'收费{mark}"1,234.5"{mark}{mark}\r\n'
    assert _cells(text)[0][-1][:2] == ["收费", "1,234.5"]
    assert _cells("sep=;\n" + text.replace(mark, ";"))[0][0] == ["规章", "0", "1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "本年收到申请12件,其中自然人10件,法人2件,均已办结\n" + "收费1,234,567元\n" * 30,
        "规章|1,234|2|3\n" * 3,
        "规章\t1,234\t2\t3\n" * 9,
        "甲,乙,丙\n甲,乙\n甲,乙,丙,丁\n甲,乙,丙\n甲\n甲,乙\n" * 3,
    ],
)
def test_commas_in_prose_and_figures_separate_nothing(text: str) -> None:
    said = "".join(
        block.text
        if isinstance(block, Paragraph)
        else "".join(c.text for r in block.rows for c in r)
        for block in _read(text).blocks
    )
    assert said.count(",") == text.count(",")


def test_a_quote_that_is_never_closed_ends_in_no_traceback() -> None:
    assert _read(_ROWS + '"' + "x,y,z\n" * 40_000).blocks


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_workbook_saved_as_text_is_read_right(form_id: str, mark: str, encoding: str) -> None:
    for seed in range(3):
        rng = Random(seed)
        figures = consistent_figures(form(form_id), rng)
        content = workbook(form(form_id), figures, "青溪市水务局", YEARS[form_id][1], rng)
        stream = StringIO()
        writer = csv.writer(stream, delimiter=mark)
        for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True):
            writer.writerow(
                [f"{field:,.10g}" if isinstance(field, int | float) else field for field in row]
            )
        document = Document("report.csv", stream.getvalue().encode(encoding))
        _, report = read_report(document, library())
        read_as = {box: report.entries[box].value for box in figures}
        assert {
            box: value
            for box, value in read_as.items()
            if not (isinstance(value, Number) and value.value == figures[box])
        } == {}
