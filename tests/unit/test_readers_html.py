"""Web pages: what a person sees is text, and cells keep their columns."""

from __future__ import annotations

from base64 import b64encode

import pytest

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers import media_type_of, read


def _read(page: str | bytes) -> Extract:
    content = page.encode() if isinstance(page, str) else page
    return read(Document("page.html", content))


def _paragraphs(page: str | bytes) -> list[str]:
    return [block.text for block in _read(page).blocks if isinstance(block, Paragraph)]


def _grids(page: str) -> list[Grid]:
    return [block for block in _read(page).blocks if isinstance(block, Grid)]


def _cells(page: str) -> list[list[tuple[str, int]]]:
    return [[(cell.text, cell.column) for cell in row] for row in _grids(page)[0].rows]


def test_block_elements_and_line_breaks_part_paragraphs_and_inline_ones_do_not() -> None:
    page = "<div>一<b>、总</b>体<p>第<span>二</span>段<br>第三段</p>尾</div>"
    assert _paragraphs(page) == ["一、总体", "第二段", "第三段", "尾"]


def test_what_is_not_seen_is_no_text() -> None:
    page = (
        "<html><head><title>题</title><style>p{}</style></head><body><p>见"
        "<script>1</script><span style='DISPLAY : none'>2</span><b hidden>3</b>"
        "<i style='visibility:hidden'>4</i><!-- 5 --><noscript>6</noscript>"
        "<u aria-hidden=true>七</u></p></body></html>"
    )
    assert _paragraphs(page) == ["见七"]


def test_struck_out_words_are_left_out_and_told() -> None:
    extract = _read("<p>收到<del>5</del><ins>7</ins>件</p><table><tr><td>a<td><s>1</s>2</table>")
    assert extract.blocks[0] == Paragraph("收到7件", extract.blocks[0].origin)
    assert isinstance(extract.blocks[1], Grid)
    assert extract.blocks[1].rows[0][1].text == "2"
    assert [(n.code, n.details) for n in extract.notices] == [("struck-text", (("count", "2"),))]


def test_spans_move_later_cells_to_their_real_columns() -> None:
    page = (
        "<table><tr><td rowspan=2 colspan=2>a<td>b<td rowspan=0>c<tr><td>d"
        "<tr><td>e<td>f<td>g</table>"
    )
    assert _cells(page) == [
        [("a", 0), ("b", 2), ("c", 3)],
        [("d", 2)],
        [("e", 0), ("f", 1), ("g", 2)],
    ]


def test_a_cell_of_blanks_is_empty_and_a_line_break_in_one_is_a_blank() -> None:
    page = "<table><tr><td>&nbsp;&nbsp;</td><td>&#12288;</td><td>1<br>2</td><td>3<p>4</table>"
    assert [text for text, _ in _cells(page)[0]] == ["", "", "1 2", "3 4"]


def test_a_raised_footnote_mark_does_not_join_the_figure() -> None:
    assert _cells("<table><tr><td>12<sup>1</sup></td><td>3</table>")[0][0][0] == "12 1"


def test_a_table_that_arranges_tables_is_layout() -> None:
    page = "<table><tr><td>菜单<td>前<table><tr><td>a<td>b</table>后</table>"
    assert _paragraphs(page) == ["菜单", "前", "后"]
    assert _cells(page) == [[("a", 0), ("b", 1)]]


def test_a_table_round_one_cell_is_layout_and_inside_a_cell_is_its_text() -> None:
    assert _paragraphs("<table><tr><td><p>甲</p><p>乙</p></table>") == ["甲", "乙"]
    page = "<table><tr><td><table><tr><td>5</table><td>6</table>"
    assert _cells(page) == [[("5", 0), ("6", 1)]]


def test_captions_and_words_between_rows_stand_above_the_table() -> None:
    page = "<table><caption>表一</caption>单位：件<tr><td>a<td>b</table>"
    assert _paragraphs(page) == ["表一", "单位：件"]


def test_hidden_rows_and_cells_take_no_place_and_the_footer_comes_last() -> None:
    page = (
        "<table><tfoot><tr><td>z<td>9</tfoot><tr style='display:none'><td>x"
        "<tr><td hidden>h<td>a<td>1</table>"
    )
    assert _cells(page) == [[("a", 0), ("1", 1)], [("z", 0), ("9", 1)]]


def test_a_cell_says_where_it_stood() -> None:
    page = "<p>a\n<table>\n<tr><td>b<td>c</table><table><tr><td>d</td>\n<td colspan=2>e</table>"
    cell = _grids(page)[1].rows[0][1]
    assert (cell.origin.selector, cell.origin.line) == ("a, table 2, row 1, column 2", 4)
    assert _read(page).blocks[0].origin.selector == "paragraph 1"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "gb2312"),
        ("gb18030", "utf-8"),
        ("gb18030", "iso-8859-1"),
        ("utf-8-sig", "gbk"),
        ("utf-16", "utf-8"),
        ("big5", "big5"),
    ],
)
def test_the_bytes_decide_on_the_encoding(encoding: str, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>年度報告</p></body></html>'
    assert _paragraphs(page.encode(encoding)) == ["年度報告"]


def test_a_page_cut_in_a_character_is_read_with_a_doubt() -> None:
    extract = _read(("<p>" + "年度报告" * 50).encode()[:-1])
    assert [notice.code for notice in extract.notices] == ["encoding-doubt"]


@pytest.mark.parametrize(
    "start", ["<p>", "<h1>", "<span class=x>", "<!-- x --><strong>", "\n<br/>"]
)
def test_a_page_is_known_by_its_first_element(start: str) -> None:
    assert _paragraphs(start + "报告<table><tr><td>a<td>b</table>") == ["报告"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><body></body></html>", "empty"),
        ("<html><!-- x --></html>", "empty"),
        ("<p>" + "x" * 20_000_001, "too-large"),
        ("<table>" + "<tr><td colspan=9999>a<td>b" * 300 + "</table>", "too-large"),
        ("<table><tr><td rowspan=65534 colspan=1000>a<td>" + "<tr><td>b" * 300, "too-large"),
    ],
)
def test_a_page_beyond_reading_is_refused(page: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        _read(page)
    assert error.value.code == code
    assert error.value.hint


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li"])
def test_elements_nested_without_end_are_read_or_refused(tag: str) -> None:
    try:
        assert _read(f"<{tag}>" * 20_000 + "x").blocks
    except InputError as error:
        assert error.code == "too-large"


def _saved(kind: str, page: bytes, boundary: str = "b1") -> bytes:
    return (
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?Q?x?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\tboundary="%b"\r\n\r\n--%b\r\n'
        b"Content-Type: %b\r\nContent-Transfer-Encoding: base64\r\n\r\n%b\r\n--%b--\r\n"
        % (boundary.encode(), boundary.encode(), kind.encode(), b64encode(page), boundary.encode())
    )


def test_a_page_saved_with_its_pictures_is_read() -> None:
    page = "<meta charset=gbk><p>年度报告".encode("gb18030")
    assert _paragraphs(_saved("text/html", page)) == ["年度报告"]


def test_a_saved_page_without_a_page_is_damaged() -> None:
    with pytest.raises(InputError) as error:
        _read(_saved("image/png", b"x"))
    assert error.value.code == "damaged"


@pytest.mark.timeout(5)
def test_many_comments_before_the_first_element_take_no_time() -> None:
    assert media_type_of(b"<!-- -->" * 500 + b"x") == "text/plain"
    assert media_type_of(b"<?xml version='1.0'?><!-- a --><!-- b -->\n<html>") == "text/html"
