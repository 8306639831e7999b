"""Rows with a cell too many, and numbers in brackets alone in a cell: no figure is made of them."""

from __future__ import annotations

import pytest

from auditor.model.source import Document, Grid
from auditor.readers import read

UNREAD = "\ufffd"
HEADS = "<tr><th>项目<th>自然人<th>企业<th>其他<th>总计"
ROW = "<tr><td>甲项<td>3<td>0<td>1<td>4"
"""A row as the others are: three parts and their total."""


def rows_of(*rows: str) -> list[list[str]]:
    page = f"<html><table>{HEADS}{ROW}{''.join(rows)}{ROW}{ROW}</table>"
    (grid,) = read(Document("x.html", page.encode())).blocks
    assert isinstance(grid, Grid)
    return [[cell.text for cell in row] for row in grid.rows[2:-2]]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        # Whichever blank is too many, the last two stand where they stand.
        ("<td><td>1<td><td>5<td>6", [UNREAD, UNREAD, "5", "6"]),
        # Only one is blank, or all that are stand together.
        ("<td>1<td><td>2<td>0<td>3", ["1", "2", "0", "3"]),
        ("<td>1<td><td><td>0<td>1", ["1", "", "0", "1"]),
        ("<td>1<td>2<td>0<td>3<td>", ["1", "2", "0", "3"]),
        # None is blank, and a figure is none too many.
        ("<td>1<td>0<td>2<td>0<td>3", [UNREAD] * 4),
        # Two too many, and more than that is another matter.
        ("<td>1<td><td><td>2<td>0<td>3", ["1", "2", "0", "3"]),
        ("<td>1<td>2<td>3<td>4<td>5<td>6<td>7", ["1", "2", "3", "4", "5", "6", "7"]),
        # As many as the others.
        ("<td>1<td><td><td>1", ["1", "", "", "1"]),
    ],
)
def test_a_row_with_a_cell_too_many_is_read_where_each_way_says_the_same(
    cells: str, said: list[str]
) -> None:
    assert rows_of(f"<tr><td>乙项{cells}") == [["乙项", *said]]


def test_a_row_that_reaches_further_by_the_span_of_its_label_stays() -> None:
    assert rows_of("<tr><td colspan=2>乙项<td><td>1<td>2<td>3") == [["乙项", "", "1", "2", "3"]]


@pytest.mark.parametrize("text", ["（7）", "(7)", "〔2〕", "①", "[12]"])
def test_a_number_in_brackets_alone_in_a_cell_is_no_figure(text: str) -> None:
    assert rows_of(f"<tr><td>乙项<td>0<td>{text}<td>2<td>2") == [["乙项", "0", UNREAD, "2", "2"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("<tr><td>（7）<td>乙项<td>2<td>2", ["（7）", "乙项", "2", "2"]),
        ("<tr><td>乙项<td>-7<td>(7件)<td>1,024<td>2", ["乙项", "-7", "(7件)", "1,024", "2"]),
    ],
)
def test_what_numbers_a_label_or_says_more_stays(row: str, said: list[str]) -> None:
    assert rows_of(row) == [said]


def test_a_column_of_numbers_in_brackets_numbers_the_rows() -> None:
    rows = "".join(f"<tr><td>乙项<td>（{number}）<td>5<td>6<td>7" for number in range(1, 4))
    assert [row[1] for row in rows_of(rows)] == ["（1）", "（2）", "（3）"]


def test_rows_of_several_lengths_under_headings_of_their_own_are_none_too_many() -> None:
    page = (
        "<html><table><tr><td>内容<td>制发<td>废止<td>有效<tr><td>规章<td>1<td><td>3"
        + "<tr><td>内容<td>数量<tr><td>许可<td>1<tr><td>处罚<td>2<tr><td>强制<td>3</table>"
    )
    (grid,) = read(Document("x.html", page.encode())).blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[1]] == ["规章", "1", "", "3"]


def test_without_headings_nobody_knows_how_many_cells_a_row_has() -> None:
    page = "<html><table><tr><td>甲<td>1<tr><td>乙<td>1<tr><td>丙<td><td>2</table>"
    (grid,) = read(Document("x.html", page.encode())).blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[2]] == ["丙", "", "2"]
