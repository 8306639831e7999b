"""Bytes to lines and cells: encodings, tabs and pipes, and what is refused."""

from __future__ import annotations

import pytest

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers import media_type_of, read
from auditor.readers.text import without_markup


def cells(extract: Extract) -> list[list[str]]:
    """The cells of every grid row, and each paragraph as a row of one."""
    found: list[list[str]] = []
    for block in extract.blocks:
        if isinstance(block, Grid):
            found += [[cell.text.strip() for cell in row] for row in block.rows]
        else:
            found.append([block.text.strip()])
    return found


def lines(text: str) -> list[list[str]]:
    return cells(read(Document("x.txt", text.encode())))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_every_usual_encoding_gives_the_same_text(encoding: str) -> None:
    text = "规章 1 0 3\n行政许可 17\n"
    extract = read(Document("x.txt", text.encode(encoding)))
    assert cells(extract) == [["规章 1 0 3"], ["行政许可 17"]]
    assert not extract.notices


def test_a_mark_before_a_text_of_another_encoding_does_not_tell_its_encoding() -> None:
    content = b"\xef\xbb\xbf" + "规章 1 0 3".encode("gb18030")
    assert cells(read(Document("x.txt", content))) == [["规章 1 0 3"]]


def test_a_few_lost_characters_are_said_to_be_lost() -> None:
    content = ("规章一二三四五" * 30).encode("gb18030") + b"\xff"
    (notice,) = read(Document("x.txt", content)).notices
    assert notice.code == "encoding-doubt"


def test_tabs_keep_every_cell_with_its_place() -> None:
    (block,) = read(Document("x.txt", "\t规章\t\t3\t".encode())).blocks
    assert isinstance(block, Grid)
    assert [(c.text, c.column) for c in block.rows[0]] == [
        ("", 0), ("规章", 1), ("", 2), ("3", 3), ("", 4)
    ]  # fmt: skip
    assert block.rows[0][3].origin.line == 1
    assert block.rows[0][3].origin.columns == (6, 6)


def test_a_pipe_ends_the_cell_before_it_wherever_it_stands() -> None:
    expected = ["规章", "0", "6"]
    for text in ("规章|0|6|", "规章 |\n0 |\n6 |", "规章\n|\n0\n|\n6\n|", "规章\n| 0\n| 6"):
        flat = [cell for row in lines(text) for cell in row]
        assert flat == expected, text


def test_bare_pipes_are_blank_cells() -> None:
    flat = [cell for row in lines("规章 |\n|\n|\n0 |") for cell in row]
    assert flat == ["规章", "", "", "0"]


def test_rules_of_markdown_are_no_cells() -> None:
    assert lines("a | b\n---|---\n1 | 2") == [["a", "b"], ["1", "2"]]


def test_a_paragraph_says_its_line_and_columns() -> None:
    block = read(Document("x.txt", "\n\n  规章 3 ".encode())).blocks[0]
    assert isinstance(block, Paragraph)
    assert (block.origin.line, block.origin.columns) == (3, (3, 6))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (bytes(range(256)) * 4, "binary"),
        (b"x" * 5_000_001, "too-large"),
        (b"PK\x03\x04rest", "archive"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as error:
        read(Document("x.txt", content))
    assert error.value.code == code
    assert error.value.place == "x.txt"
    assert error.value.hint


def test_the_media_type_comes_from_the_bytes() -> None:
    assert media_type_of(b"\xef\xbb\xbf <html>") == "text/html"
    assert media_type_of("﻿<html>".encode("utf-16-le")) == "text/html"
    assert media_type_of("一、总体情况".encode()) == "text/plain"


def test_an_html_table_in_a_text_is_read_as_a_table_that_knows_its_lines() -> None:
    text = (
        "# 报告\n\n<table><tr><td rowspan=2>规章</td>\n<td>1</td></tr>\n"
        "<tr><td>2</td></tr></table>\n完"
    )
    extract = read(Document("x.md", text.encode()))
    _, grid, last = extract.blocks
    assert isinstance(grid, Grid)
    assert isinstance(last, Paragraph)
    assert [[cell.text for cell in row] for row in grid.rows] == [["规章", "1"], ["2"]]
    assert [row[-1].origin.line for row in grid.rows] == [4, 5]
    assert (last.text, last.origin.line) == ("完", 6)


def test_a_table_that_never_ends_and_one_in_another_are_no_tables_of_their_own() -> None:
    assert lines("前\n<table> 一\n规章 1") == [["前"], ["一"], ["规章 1"]]
    nested = "<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    assert lines("前\n" + nested + "\n完") == [["前"], ["1", "2"], ["完"]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("规章&nbsp;1<br/>2", "规章      1     2"),
        ("**规章** | **3** |", "规章   |   3   |"),
        (r"1\.属于 \- 3", "1 .属于  - 3"),
        ("规章 ** 3", "规章 ** 3"),
        ("3<5 与 7>6", "3<5 与 7>6"),
        ("| `12` | *3* | 4* | **5** |", "|  12  |  3  | 4* |   5   |"),
    ],
)
def test_markup_that_says_nothing_becomes_blanks_of_its_length(line: str, said: str) -> None:
    assert without_markup(line).strip() == said
    assert len(without_markup(line)) == len(line)


@pytest.mark.parametrize(
    ("line", "read_as"),
    [
        # A recogniser's pipe among figures that blanks part is a digit or a rule: nobody can tell.
        ("规章 0 0 |1 35 60", [["规章 0 0 \ufffd 35 60"]]),
        ("规章 0 0 1| 35 60", [["规章 0 0 \ufffd 35 60"]]),
        ("规章 0 35 |6", [["规章 0 35 \ufffd"]]),
        # Between cells it is a pipe.
        ("规章 | 0 | 1 | 35", [["规章", "0", "1", "35"]]),
        ("规章|0|1|35", [["规章", "0", "1", "35"]]),
        ("|规章|0 0 1|", [["规章", "0 0 1"]]),
        ("规章 |1 |2 |3", [["规章", "1", "2", "3"]]),
    ],
)
def test_a_stroke_at_a_digit_among_figures_is_no_rule(line: str, read_as: list[list[str]]) -> None:
    assert lines(line) == read_as


def test_a_piece_of_a_frame_beside_a_cell_that_goes_on_is_no_text() -> None:
    drawn = "│ 结果 ├────┼──┤\n│      │ 1 │ 2 │\n├──┼──┤\n│ 甲 │ 3 │ 4 │\n└──┴──┘"
    assert lines(drawn) == [["结果", ""], ["", "1", "2"], ["甲", "3", "4"]]
