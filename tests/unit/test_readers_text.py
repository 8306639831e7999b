"""Bytes to lines and cells: encodings, tabs and pipes, and what is refused."""

from __future__ import annotations

import pytest

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers import media_type_of, read


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
