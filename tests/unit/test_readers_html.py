"""Web pages: what a person sees is text, and cells keep their columns."""

from __future__ import annotations

from base64 import b64encode

import pytest

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Notice, Paragraph
from auditor.readers import media_type_of, read
from tests.kit.speed import at_most


def _read(page: str | bytes) -> Extract:
    content = page.encode() if isinstance(page, str) else page
    return read(Document("page.html", content))


def _paragraphs(page: str | bytes) -> list[str]:
    return [block.text for block in _read(page).blocks if isinstance(block, Paragraph)]


def _grids(page: str) -> list[Grid]:
    return [block for block in _read(page).blocks if isinstance(block, Grid)]


def _told(page: str) -> dict[str, str]:
    return {each.code: dict(each.details).get("count", "") for each in _read(page).notices}


def _cells(page: str) -> list[list[tuple[str, int]]]:
    return [[(cell.text, cell.column) for cell in row] for row in _grids(page)[0].rows]


def test_block_elements_and_line_breaks_part_paragraphs_and_inline_ones_do_not() -> None:
    page = "<div>一<b>、总</b>体<p>第<span>二</span>段<br>第三段</p>尾</div>"
    assert _paragraphs(page) == ["一、总体", "第二段", "第三段", "尾"]


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("<pre>", "</pre>"),
        ("<div style='white-space: pre-wrap'>", "</div>"),
        ("<div style='color: red; WHITE-SPACE:PRE-LINE'>", "</div>"),
        ("<style>.as-is {white-space: pre-wrap}</style><p class=as-is>", "</p>"),
        ("<pre><span>", "</span></pre>"),
    ],
)
def test_lines_that_show_as_written_are_lines(opened: str, closed: str) -> None:
    page = (
        f"<html>\n<body>\n{opened}\n一、总体情况\n  收到  5件，\r\n答复5件\n\n{closed}<p>尾\n行</p>"
    )
    blocks = _read(page).blocks
    assert [each.text.split() for each in blocks if isinstance(each, Paragraph)] == [
        ["一、总体情况"],
        ["收到", "5件，"],
        ["答复5件"],
        ["尾", "行"],
    ]
    assert [each.origin.line for each in blocks] == [4, 5, 6, 8]


def test_rows_that_show_as_written_are_rows_of_a_table() -> None:
    page = "<pre>二、情况\n规章\t1\t\t3\n| 文件 | 4 | 5 |\n尾</pre>"
    assert _cells(page) == [
        [("规章", 0), ("1", 1), ("", 2), ("3", 3)],
        [("", 0), ("文件", 1), ("4", 2), ("5", 3)],
    ]
    (grid,) = _grids(page)
    assert grid.rows[1][2].origin.selector == "二、情况, table 1, row 2, column 3"
    assert grid.rows[1][2].origin.line == 3


def test_words_drawn_together_within_lines_that_show_are_one_line() -> None:
    page = "<pre>甲\n<span style='white-space: normal'>乙\n丙</span>\n丁</pre><p>戊\n己</p>"
    assert _paragraphs(page) == ["甲", "乙 丙", "丁", "戊 己"]
    assert _paragraphs("<table><tr><td><pre>1\n2</pre><td>3</table>") == []
    assert _cells("<table><tr><td><pre>1\n2</pre><td>3</table>") == [[("1 2", 0), ("3", 1)]]


def test_what_is_not_seen_is_no_text() -> None:
    page = (
        "<html><head><title>题</title><style>p{}</style></head><body><p>见"
        "<script>1</script><span style='DISPLAY : none'>2</span><b hidden>3</b>"
        "<i style='visibility:hidden'>4</i><!-- 5 --><noscript>6</noscript>"
        "<u aria-hidden=true>七</u></p></body></html>"
    )
    assert _paragraphs(page) == ["见七"]


@pytest.mark.parametrize(
    ("style", "is_clear"),
    [
        ("opacity:0", True),
        ("opacity: .0", True),
        ("opacity:0%", True),
        ("color:transparent", True),
        ("color: RGBA(0, 0, 0, 0)", True),
        ("color:#1230", True),
        ("color:#11223300", True),
        ("opacity:0.8", False),
        ("display:inline-block;text-indent:-999em", True),
        ("position:absolute;left:-9999px", True),
        ("left:-9999px", False),
        ("clip-path:inset(50%)", True),
        ("transform:scale(0)", True),
        ("color:#100", False),
        ("color:rgb(0,0,0)", False),
        ("background-color:transparent", False),
    ],
)
def test_figures_in_clear_letters_are_unread(style: str, is_clear: bool) -> None:
    sheet = f"<style>.c{{{style}}}</style>"
    by_class = () if "," in style or "#1" in style else ("class=c",)
    for name in (f'style="{style}"', *by_class):
        row = f"<td>a<td>99<span {name}>8</span><td {name}>7<td>5"
        page = f"{sheet if 'class' in name else ''}<table><tr>{row}</table>"
        said = ["99\ufffd", "\ufffd"] if is_clear else ["998", "7"]
        assert [text for text, _ in _cells(page)[0]] == ["a", *said, "5"]
        assert _told(page) == ({"clear-text": "2"} if is_clear else {})


def test_a_page_that_is_clear_until_a_script_runs_is_read() -> None:
    page = "<div style=opacity:0><p>收到12件<table><tr><td>a<td>7</table></div>"
    assert _paragraphs(page) == ["收到12件"]
    assert _cells(page) == [[("a", 0), ("7", 1)]]


@pytest.mark.parametrize(
    ("cell", "able"),
    [
        ("748<br>748", ("748748", "748", "748")),
        ("<p>12</p><p>5</p>", ("125", "12", "5")),
        ("748 748", ()),
        ("12<br>（5）", ()),
        ("2021<br>年", ()),
        ("7", ()),
    ],
)
def test_digits_in_several_lines_of_a_cell_may_be_one_figure_or_several(
    cell: str, able: tuple[str, ...]
) -> None:
    grid = _read(f"<table><tr><td>a<td>{cell}<td>1</table>").blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0][1].alternatives == able


@pytest.mark.parametrize(
    ("style", "inner", "text"),
    [
        ("font-size:0", "7", ""),
        ("font-size: 0px; line-height: 0", "7", ""),
        ("font-size:1px", "7", ""),
        ("font:0/0 a", "7", ""),
        ("font-size:0", '<span style="font-size:12px">7</span>', "7"),
        ("font-size:0", '1<b style="font-size:150%">2</b>3', ""),
        ("font-size:0", '1<b style="font-size:1rem">2</b>3', "2"),
        ("font-size:0.9em", "7", "7"),
        ("font-size:10.5pt", "7", "7"),
        ("font-size:small", "7", "7"),
        ("font:bold 12px/1.5 Arial", "7", "7"),
    ],
)
def test_letters_without_size_are_no_text(style: str, inner: str, text: str) -> None:
    (cells,) = [_cells(f'<table><tr><td>a<td style="{style}">{inner}<td>b</table>')]
    assert [said for said, _ in cells[0]] == ["a", text, "b"]
    row = f'<table><tr><td>a<td>1<tr style="{style}"><td>a<td>{inner}</table>'
    assert _cells(row)[1][1][0] == text
    assert _paragraphs(f'<p>a<span style="{style}">{inner}</span>b') == [f"a{text}b"]


def test_a_sheet_may_take_the_size_of_letters_away() -> None:
    page = (
        "<style>.none, .gone { font-size: 0 } .back { font-size: 14px }</style><table><tr>"
        '<td class="none">1<td class="gone"><i class="back">2</i><td>3</table>'
    )
    assert [text for text, _ in _cells(page)[0]] == ["", "2", "3"]
    assert _told(page)["hidden-text"] == "1"


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


@pytest.mark.parametrize("sign", ["&#8203;", "&shy;", "&zwnj;", "&#xfeff;", "&#8288;", "<wbr>"])
def test_a_sign_that_shows_nothing_parts_no_figure(sign: str) -> None:
    assert _cells(f"<table><tr><td>甲{sign}项<td>{sign}1{sign}2{sign}</table>") == [
        [("甲项", 0), ("12", 1)]
    ]


_STACK = (
    "<table><tr><td rowspan=2>组<td>类<td>甲类<td>2<td>3"
    "<tr><td>（三）<td>{labels}<td>{figures}<td><p>7</p><p>－</p></table>"
)


def test_figures_under_each_other_beside_numbered_labels_are_rows() -> None:
    for labels in ("1.甲项<br>2.乙<span>项</span>", "<p>1.甲项</p><p>&nbsp;</p><p>2.乙项</p>"):
        assert _cells(_STACK.format(labels=labels, figures="10<br/>0"))[1:] == [
            [("（三）", 1), ("1.甲项", 2), ("10", 3), ("7", 4)],
            [("2.乙项", 2), ("0", 3), ("－", 4)],
        ]
    grid = _grids(_STACK.format(labels="1.甲项<br>2.乙项", figures="10<br/>0"))[0]
    spans = [(cell.text, cell.rowspan) for row in grid.rows for cell in row if cell.rowspan > 1]
    assert spans == [("组", 3), ("（三）", 2)]


@pytest.mark.parametrize(
    "labels, figures",
    [
        ("甲项<br>乙项", "1<br>0"),
        ("1.甲项<br>的余", "1<br>0"),
        ("（一）甲类<br>1.甲项", "1<br>0"),
    ],
)
def test_lines_in_cells_that_may_be_of_one_row_stay_in_it(labels: str, figures: str) -> None:
    row = _cells(_STACK.format(labels=labels, figures=figures))[1:]
    assert row == [
        [
            ("（三）", 1),
            (" ".join(labels.split("<br>")), 2),
            (" ".join(figures.split("<br>")), 3),
            ("7 －", 4),
        ]
    ]


@pytest.mark.parametrize(
    "labels, figures, read_as",
    [
        ("1.甲项<br>2.乙项", "10", "\ufffd"),
        ("1.甲项<br>2.乙项", "1<br>0<br>0", "\ufffd \ufffd \ufffd"),
        ("1.甲项<br>2.乙项", "1<br>件", "\ufffd 件"),
        ("1.甲项<br>2.乙项<br>3.丙项", "<br>1<br>0", "\ufffd \ufffd"),
        ("（一）甲项<br>（二）乙项", "", ""),
    ],
)
def test_figures_beside_more_or_fewer_labels_are_unread(
    labels: str, figures: str, read_as: str
) -> None:
    (row,) = _cells(_STACK.format(labels=labels, figures=figures))[1:]
    assert row[2:] == [(read_as, 3), ("\ufffd －", 4)]


def test_a_raised_footnote_mark_does_not_join_the_figure() -> None:
    marks = (
        "<sup>1</sup>",
        "<sup><a href=#n>[2]</a></sup>",
        "<span class=MsoFootnoteReference><span>[3]</span></span>",
        "<span style='vertical-align: super'>①</span>",
    )
    page = "<table><tr>" + "".join(f"<td>12{mark}</td>" for mark in marks) + "</table>"
    assert [text for text, _ in _cells(page)[0]] == ["12"] * 4
    assert _paragraphs("<p>收到12<sup>1</sup>件") == ["收到12 件"]
    assert _told(page) == {"raised-marks": "4"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("<td>5<sup>1</sup><td>7<td><sup>2</sup>", ["5", "7", ""]),
        ("<td>5<sup>1</sup><td>7<td><b><sup>[2]</sup></b>", ["5", "7", ""]),
        ("<td>5<td>7<td><sup>2</sup>", ["5", "7", "\ufffd"]),
        ("<td><sup>5</sup><td><sup>7</sup><td>2", ["5", "7", "2"]),
        ("<td>5<td>7<td><sup>2</sup>3", ["5", "7", "\ufffd3"]),
        ("<td>5<td>7<td><sup>1</sup>373", ["5", "7", "\ufffd373"]),
        ("<td><sup>①</sup>2<td><sup>[ 2 ]</sup> 7<td><sup>注</sup>结果", ["2", "7", "结果"]),
        ("<td>5<td>7<td><p><sup>2</sup></p><p><sup>3</sup></p>", ["5", "7", "\ufffd \ufffd"]),
        ("<td>5<td>7<td><sup>345</sup>", ["5", "7", "345"]),
        ("<td>5<td>7<td>&#1;2", ["5", "7", "2"]),
    ],
)
def test_raised_text_alone_in_a_cell_is_no_figure_of_it(cells: str, said: list[str]) -> None:
    (row,) = _cells(f"<table><tr>{cells}</table>")
    assert [text for text, _ in row] == said


def test_raised_text_that_is_no_mark_stands_apart() -> None:
    page = "<table><tr><td><sup>12</sup><td>1<sup>234</sup><td>H<sub>2</sub>O</table>"
    assert [text for text, _ in _cells(page)[0]] == ["12", "1 234", "H 2 O"]


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
    assert (cell.origin.selector, cell.origin.line) == ("table 2, row 1, column 2", 4)
    assert _read(page).blocks[0].origin.selector == "paragraph 1"


@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        (".x {display:none}", False),
        ("p.x, .other {display: none}", False),
        ("div > .x {visibility:hidden}", False),
        ("#i {display:none} .x {display:block}", False),
        (".x {display:none} #i {display:block}", True),
        (".x {display:none !important} #i {display:block}", False),
        (".x {display:none} .x {display:block}", True),
        (".x:not(.on) {display:none}", False),
        ("[data-a='#b.c'] {display:none}", False),
        ("<!-- .x {display:none} -->", False),
        ("@media screen {.x {display:none}}", False),
        ("@media screen and (max-width:768px) {.x {display:none}}", True),
        ("@media (min-width:992px) {.x {display:none}}", False),
        ("@media print {.x {display:none}}", True),
        ("@supports (display:grid) {.x {display:none}}", False),
        (".x:hover {display:none}", True),
        (".x::before {display:none}", True),
        ("..x {display:none}", True),
        (".y {display:none}", True),
        ("/* .x {display:none} */ .x {color:red}", True),
        (".x {display:none", False),
    ],
)
def test_a_sheet_in_the_page_hides_what_it_hides_in_a_browser(sheet: str, seen: bool) -> None:
    page = (
        f"<html><head><style>{sheet}</style></head><body><div><p class=x id=i data-a='#b.c'>藏</p>"
        "<p>见</p></div></body></html>"
    )
    assert _paragraphs(page) == ["藏", "见"][not seen :]


def test_the_sheets_word_on_an_element_gives_way_to_its_own() -> None:
    sheet = "<style>.x{display:none} .y{display:none!important} [hidden]{display:none}</style>"
    page = (
        f"{sheet}<p class=x style='display:block'>一<p class=y style='display:block'>二"
        "<p hidden>三<p hidden style='display:block'>四"
    )
    assert _paragraphs(page) == ["一", "四"]


def test_a_page_that_a_sheet_hides_until_a_script_runs_is_read() -> None:
    assert _paragraphs("<style>body{visibility:hidden}</style><p>文") == ["文"]


def test_hidden_figures_of_tables_are_told_and_hidden_menus_are_not() -> None:
    page = (
        "<style>.x{display:none}</style><div class=x>1</div><table class=x><tr><td>a<td>9</table>"
        "<table><tr class=x><td>b<td>8<tr><td>c<td>7<i class=x>6</i><td style='visibility:hidden'>5"
        "</table>"
    )
    assert [text for text, _ in _cells(page)[0]] == ["c", "7", ""]
    assert _told(page) == {"hidden-text": "4"}


def test_a_sheet_that_is_too_large_to_apply_is_told() -> None:
    sheet = "u~i~i~i {display:none}\n" * 400
    deep = "a " + "div " * 12 + "q {display:none}"
    with at_most(5):
        assert "style-doubt" in _told(f"<style>{sheet}</style><p>文" + "<i>x</i>" * 1_000)
        page = "<div>" * 100 + "文<q>x</q><a><b>y"
        assert "style-doubt" in _told(f"<style>{deep}</style>{page}")


_BOXES = {
    "styles": (
        "<div style='display:table'>{}</div>",
        "<div style='display:table-row'>{}</div>",
        "<div style='display: table-cell'>{}</div>",
    ),
    "a sheet": (
        "<style>.t{{display:table}} .r{{display:table-row}} .c{{display:table-cell}}</style>"
        "<div class=t>{}</div>",
        "<div class=r>{}</div>",
        "<span class=c>{}</span>",
    ),
    "roles": (
        "<div role=table><div role=rowgroup>{}</div></div>",
        "<div role=row>{}</div>",
        "<div role=cell>{}</div>",
    ),
    "names of classes": (
        "<div class=list>{}</div>",
        "<div class='tr clearfix'>{}</div>",
        "<div class='td w20'>{}</div>",
    ),
    "names of columns": ("{}", "<ul class=row>{}</ul>", "<li class='col-3'>{}</li>"),
    "a grid": (
        "<div style='display:grid;grid-template-columns:repeat(2, minmax(0, 1fr)) 3em'>{}</div>",
        "{}",
        "<div>{}</div>",
    ),
}


@pytest.mark.parametrize("way", sorted(_BOXES))
def test_elements_of_any_kind_make_a_table(way: str) -> None:
    table, row, cell = _BOXES[way]
    rows = (("项目", "数", "额"), ("规章", "&nbsp;5&nbsp;", ""), ("许可", "6", "7"))
    made = "\n".join(row.format("\n".join(cell.format(text) for text in each)) for each in rows)
    page = f"<h2>二、主动公开</h2>{table.format(made)}<p>后"
    assert _cells(page) == [
        [("项目", 0), ("数", 1), ("额", 2)],
        [("规章", 0), ("5", 1), ("", 2)],
        [("许可", 0), ("6", 1), ("7", 2)],
    ]
    assert _paragraphs(page) == ["二、主动公开", "后"]
    grid = _grids(page)[0]
    assert grid.ruled == ("names" not in way)
    assert grid.rows[2][1].origin.selector == "二、主动公开, table 1, row 3, column 2"


def test_words_between_rows_part_them_and_groups_do_not() -> None:
    row = "<div role=row><b role=cell>{}</b><b role=cell>{}</b></div>".format
    group = "<div role=rowgroup>{}</div>".format
    page = group(row("a", 1) + row("b", 2)) + group(row("c", 3)) + "<p>间</p>" + row("d", 4)
    assert [type(block) for block in _read("<div>" + page).blocks] == [Grid, Paragraph, Grid]
    assert [len(grid.rows) for grid in _grids("<div>" + page)] == [3, 1]


def test_an_article_below_many_rows_takes_no_time_and_costs_no_row() -> None:
    row = "<div class=row><p class=col>{}</p><p class=col>1</p></div>".format
    page = row("a") * 4_000 + row("文" * 200) + row("b") * 2
    with at_most(10):
        assert [len(grid.rows) for grid in _grids("<div>" + page)] == [4_000, 2]


def test_spans_of_rows_and_cells_in_a_grid_are_kept() -> None:
    page = (
        "<style>.g{display:grid;grid-template-columns:[a] 1fr repeat(2,10px 20px)}</style>"
        "<div class=g><p style='grid-row:span 2'>a</p><p style='grid-column:span 3'>b</p><p>c</p>"
        "<p style='grid-column:span 4'>d</p><p style='grid-column:span 4'>e</p><p>f</p></div>"
    )
    assert _cells(page) == [
        [("a", 0), ("b", 1), ("c", 4)],
        [("d", 1)],
        [("e", 0), ("f", 4)],
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<div style='display:grid;grid-template-columns:repeat(auto-fill,9em)'>{}</div>",
        "<div style='display:grid'>{}</div>",
        "<div style='display:grid;grid-template-columns:1fr'>{}</div>",
        "<div style='display:grid;grid-template-columns:1fr 1fr;grid-auto-flow:column'>{}</div>",
        "<div style='display:grid;grid-template-columns:1fr 1fr'><p style='grid-column:2/3'>x</p>"
        "{}</div>",
        "<div class=row>{}</div>",
        "<div class=row><div class=col-9>" + "文" * 200 + "</div>{}</div>" * 2,
    ],
)
def test_boxes_whose_columns_are_not_certain_are_text(page: str) -> None:
    page = page.replace("{}", "<p class=x>a</p><p class=x>1</p><p class=x>b</p>")
    assert _grids(page) == []
    assert {"a", "1", "b"} <= set(_paragraphs(page))


def test_boxes_that_arrange_tables_or_articles_are_layout() -> None:
    row = "<div style='display:table-row'>{}{}</div>".format
    cell = "<div style='display:table-cell'>{}</div>".format
    table = "<table><tr><td>a<td>1</table>"
    page = row(cell("菜单"), cell("前" + table)) + row(cell("菜单"), cell("文" * 1_600))
    assert _cells(page) == [[("a", 0), ("1", 1)]]
    inner = "<div role=row><b role=cell>a</b><b role=cell>1</b></div>" * 2
    assert _cells(f"<table><tr><td>菜单<td>{inner}</table>") == [[("a", 0), ("1", 1)]] * 2


def test_marks_of_office_programs_part_no_words() -> None:
    page = (
        "<html><body><p>收到<st1:chmetcnv w:st='on'>12</st1:chmetcnv>件<o:p></o:p>完"
        "<![if !supportLists]>其<![endif]><!--[if gte vml 1]><v:shape>9</v:shape><![endif]-->中</p>"
    )
    assert _paragraphs(page) == ["收到12件完其中"]


def test_a_frame_with_its_page_in_it_is_read_and_what_is_typed_is_text() -> None:
    page = "<p>前<iframe srcdoc='<p>内<table><tr><td>a<td>1</table>'>无</iframe>后"
    assert _paragraphs(page) == ["前", "内", "后"]
    assert _cells(page) == [[("a", 0), ("1", 1)]]
    form = (
        "<table><tr><td>a<td><input value=5><td><textarea> 6 </textarea>"
        "<td><input type=checkbox value=7><input type=hidden value=8><template>9</template></table>"
    )
    assert [text for text, _ in _cells(form)[0]] == ["a", "5", "6", ""]


@pytest.mark.parametrize(
    ("field", "seen"),
    [
        ("<select><option>0<option value=9 selected>12<option>13</select>", "12"),
        ("<select><option selected>1<option selected>2</select>", "2"),
        ("<select><option disabled>请选择<option>5</select>", "5"),
        ("<select><optgroup disabled><option>4</optgroup><option>5</select>", "5"),
        ("<select><option label=6>x</select>", "6"),
        ("<select multiple><option>1<option selected>2</select>", "2"),
        ("<select size=3><option>1<option>2</select>", ""),
        ("<select></select>", ""),
        ("<select hidden><option>1</select>", ""),
        ("<input type=date value=2023-01-05>", "2023-01-05"),
        ("<input type=' Number ' value=12>", "12"),
        ("<input type=unknown value=12>", "12"),
        ("<input placeholder=7>", ""),
        ("<input type=hidden value=12><input type=password value=12>", ""),
        ("<input type=submit value=12><input type=radio value=12 checked>", ""),
        ("<input value=12 style='display:none'>", ""),
        ("<textarea>\n 12</textarea>", "12"),
        ("<textarea placeholder=3></textarea>", ""),
    ],
)
def test_a_field_says_what_is_seen_in_it(field: str, seen: str) -> None:
    page = f"<table><tr><td>a<td>{field}<td>c</table><p>收到{field}件</p>"
    assert [text for text, _ in _cells(page)[0]] == ["a", seen, "c"]
    assert _paragraphs(page) == [f"收到{seen}件"]


def test_a_list_to_choose_from_is_no_article_and_alone_no_text() -> None:
    options = "".join(f"<option>{number}</option>" for number in range(2_000))
    page = (
        f"<p><select>{options}</select></p><table><tr><td>a<td><select>{options}</select></table>"
    )
    assert _paragraphs(page) == []
    assert [text for text, _ in _cells(page)[0]] == ["a", "0"]


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
    "page",
    [
        "<html><body><p>A</p></body></html><p>B</p>",
        "<body><div><html><body><p>A</p></body></html></div></body></html><P>B</BODY></HTML >",
        "<!DOCTYPE html><html><body>A</body></html><!DOCTYPE html><html><body><p>B</body></html>",
        "<p>A</html>\n<p>B",
    ],
)
def test_what_stands_after_the_end_of_a_page_is_on_the_page(page: str) -> None:
    assert _paragraphs(page) == ["A", "B"]


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


def test_the_pages_in_the_frames_of_a_saved_page_are_read_too() -> None:
    frames = _saved("text/html", b"<frameset><frame src=a></frameset>")
    inner = _saved("text/html", "<p>年度报告".encode()).split(b"--b1\r\n")[1].split(b"--b1--")[0]
    both = frames.replace(b"--b1--", b"--b1\r\n" + inner + b"--b1--")
    assert _paragraphs(both) == ["年度报告"]
    with pytest.raises(InputError) as error:
        _read(frames)
    assert error.value.code == "empty"


def test_a_saved_page_without_a_page_is_damaged() -> None:
    with pytest.raises(InputError) as error:
        _read(_saved("image/png", b"x"))
    assert error.value.code == "damaged"


def test_many_comments_before_the_first_element_take_no_time() -> None:
    with at_most(2):
        assert media_type_of(b"<!-- -->" * 500 + b"x") == "text/plain"
    assert media_type_of(b"<?xml version='1.0'?><!-- a --><!-- b -->\n<html>") == "text/html"


LINK = "<link rel=stylesheet href='css/site.css?v=2'>"
HIDES = ".hide{display:none}"


def _mhtml(page: str, *sheets: tuple[str, str], address: str = "http://a.cn/b/page.html") -> bytes:
    parts = [f"Content-Type: text/html\r\nContent-Location: {address}\r\n\r\n{page}"]
    parts += [f"Content-Type: text/css\r\n{header}\r\n\r\n{sheet}" for header, sheet in sheets]
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    return (head + "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode()


@pytest.mark.parametrize(
    ("link", "where"),
    [
        ("<link rel=stylesheet href='s.css'>", "Location: http://a.cn/b/s.css"),
        ("<link rel='StyleSheet' href='/s.css#x' media=screen>", "Location: http://a.cn/s.css"),
        (
            "<base href='http://c.cn/d/'><link rel=stylesheet href=s.css>",
            "Location: http://c.cn/d/s.css",
        ),
        ("<link rel=stylesheet href='cid:css-1@mhtml.x'>", "Location: cid:css-1@mhtml.x"),
        ("<link rel=stylesheet href='cid:7@x'>", "ID: <7@x>"),
        (
            "<style>/* a */ @import url('s.css') screen; p{color:red}</style>",
            "Location: http://a.cn/b/s.css",
        ),
        (
            "<link rel=stylesheet href='data:text/css;base64,LmhpZGV7ZGlzcGxheTpub25lfQ=='>",
            "ID: <x>",
        ),
        ("<link rel=stylesheet href='data:text/css,.hide%7Bdisplay:none%7D'>", "ID: <x>"),
    ],
)
def test_style_sheets_that_are_parts_of_the_file_hide_what_they_hide(link: str, where: str) -> None:
    page = f"{link}<p>一<b class=hide>2</b><table><tr><td>a<td><i class=hide>1</i>2</table>"
    extract = read(Document("page.mht", _mhtml(page, (f"Content-{where}", HIDES))))
    assert isinstance(extract.blocks[0], Paragraph) and extract.blocks[0].text == "一"
    assert isinstance(extract.blocks[1], Grid) and extract.blocks[1].rows[0][1].text == "2"
    assert [each.code for each in extract.notices] == ["hidden-text"]


def test_style_sheets_that_import_each_other_are_read_once() -> None:
    sheets = [
        ("Content-Location: http://a.cn/s.css", "@import 't.css';" + HIDES),
        ("Content-Location: http://a.cn/t.css", "@import 's.css'; .hide{display:block}"),
    ]
    page = "<link rel=stylesheet href=/s.css><p>一<p class=hide>二"
    extract = read(Document("page.mht", _mhtml(page, *sheets)))
    assert [block.text for block in extract.blocks if isinstance(block, Paragraph)] == ["一"]


def test_figures_that_a_sheet_may_hide_that_is_not_there_are_not_read() -> None:
    page = (
        f"{LINK}<p class=hide>收到<b>99</b>件<p>收到<span class='no is-hidden'>7</span>8件"
        "<table><tr><td>a<td><i class=d-none>1</i><b>2</b><td class=hide>3<td>4"
        "<tr class=hidden><td>b<td>5<td><td>6</table><div class=hide><p>收到3件</div>"
    )
    assert _paragraphs(page) == ["收到\ufffd件", "收到\ufffd8件", "收到3件"]
    assert [[text for text, _ in row] for row in _cells(page)] == [
        ["a", "\ufffd2", "\ufffd", "4"],
        ["b", "\ufffd", "", "\ufffd"],
    ]
    (notice,) = _read(page).notices
    assert notice == Notice("sheet-missing", (("count", "7"), ("sheets", "site.css")))


def test_a_figure_of_parts_with_classes_of_their_own_is_not_read_where_the_sheet_lacks() -> None:
    cells = (
        "<td><i class=pc>12</i><i class=phone>12</i>件<td>1,<b class=x>2</b><td>-<b class=x>3</b>"
    )
    page = f"{LINK}<table><tr>{cells}</table><p>收到<b class=x>9</b>12件<p>收到<b class=x>9</b>件"
    assert [text for text, _ in _cells(page)[0]] == ["\ufffd件", "\ufffd", "-3"]
    assert _paragraphs(page) == ["收到\ufffd件", "收到9件"]
    assert _told(page) == {"sheet-missing": "3"}


@pytest.mark.parametrize(
    "page",
    [
        "<td class=hide>1",
        f"<style>.hide{{display:table-cell}}</style>{LINK}<td class=hide>1",
        f"{LINK}<td class='overflow-hidden xl65'>1",
        f"{LINK}<td class=hide style='display:table-cell'>1",
        f"{LINK}<td class=hide>甲<td>1",
        f"{LINK}<td class=a><b>1</b>2<i class=b>件</i>",
        f"{LINK}<td class=a><b class=b>1</b><i class=b>2</i>",
        f"{LINK}<td class=a><b class=b>1</b> <i class=c>2</i>",
        "<td class=a><b class=b>1</b><i class=c>2</i>",
        "<link rel=stylesheet media=print href=a.css><td class=hide>1",
        "<link rel='alternate stylesheet' href=a.css><td class=hide>1",
        "<link rel=icon href=a.ico><link rel=stylesheet><td class=hide>1",
    ],
)
def test_without_a_lacking_sheet_or_a_name_that_hides_nothing_is_doubted(page: str) -> None:
    head, _, cells = page.rpartition("<td class")
    page = f"{head}<table><tr><td>a<td class{cells}</table>"
    assert "\ufffd" not in _cells(page)[0][1][0]
    assert _read(page).notices == ()


def test_sheets_without_end_are_doubted_and_cost_no_more_time() -> None:
    sheet = ".a{display:none}" * 200_000
    frame = ("Content-Location: http://a.cn/s.css", sheet)
    page = "<link rel=stylesheet href=/s.css><p>一"
    extract = read(Document("page.mht", _mhtml(page, frame)))
    assert [each.code for each in extract.notices] == ["style-doubt"]


def test_only_rules_that_set_what_is_read_count_for_the_size_of_a_sheet() -> None:
    page = "<p class=x>1<p>二"
    pictures = "i{background:url(data:" + "x" * 1_500_000 + ")}"
    assert _paragraphs(f"<style>{pictures}.x{{display:none}}</style>{page}") == ["二"]
    rules = ".b{display:none}" * 70_000
    assert _paragraphs(f"<style>{rules}.x{{display:none}}</style>{page}") == ["二"]
    assert "style-doubt" in _told(f"<style>{rules}.x{{display:none}}</style>{page}<p class=b>三")


@pytest.mark.parametrize(
    ("selector", "seen"),
    [
        (".none, p.x", False),
        (".none p, .none > .x", True),
        (":not(.x)>.x:not(.none)", False),
        ("p:nth-child(2 of .x)", True),
        ("p:has(b.none)", True),
        ("[*|class]", True),
        (".x" * 200, True),
    ],
)
def test_a_selector_selects_as_in_a_browser(selector: str, seen: bool) -> None:
    page = f"<style>{selector}{{display:none}}</style><div><p class=x>一<p>二</div>"
    assert ("一" in _paragraphs(page)) is seen


def test_a_script_in_a_cell_is_no_hidden_figure() -> None:
    assert _told("<table><tr><td>a<td>1<script>var n = 2</script>") == {}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<td>9<span style="color:#fff">8</span>', "9\ufffd"),
        ('<td bgcolor=blue>9<span style="color:#fff">8</span>', "98"),
        ('<td style="color:white">98', "\ufffd"),
        ('<link rel=stylesheet href=a.css><td style="color:white">98', "98"),
        ('<td>9<span style="display:inline-block;width:0;overflow:hidden">8</span>', "9\ufffd"),
    ],
)
def test_white_letters_and_boxes_of_no_size_are_in_doubt(cell: str, said: str) -> None:
    assert _cells(f"<table><tr><td>a{cell}</table>")[0][1][0] == said


@pytest.mark.parametrize(
    ("sheet", "attribute"),
    [
        ("", 'style="text-decoration: line-through"'),
        ("", 'style="text-decoration-line:underline line-through"'),
        ("<style>.old {text-decoration:line-through}</style>", "class=old"),
    ],
)
def test_words_that_a_style_strikes_out_are_no_text(sheet: str, attribute: str) -> None:
    row = f"<td>a<td><span {attribute}>7</span>12<td {attribute}>5<td>6"
    page = f"{sheet}<table><tr>{row}</table>"
    assert [text for text, _ in _cells(page)[0]] == ["a", "12", "\ufffd", "6"]
    assert _told(page) == {"struck-text": "2"}


def test_a_figure_that_a_script_replaces_is_unread() -> None:
    row = (
        '<td>a<td><b data-to="35">0</b><td data-value="4">0'
        '<td data-value="1,200">1200<td data-id="3">8'
    )
    page = f"<table><tr>{row}</table>"
    assert [text for text, _ in _cells(page)[0]] == ["a", "\ufffd", "\ufffd", "1200", "8"]
    assert _told(page) == {"script-figures": "2"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('td.c::before {content: "3"}', "\ufffd12"),
        ("td.c:after {content: counter(row)}", "\ufffd12"),
        ("td.c::before {content: attr(data-more)}", "\ufffd12"),
        ("td.c::before {content: attr(data-label)}", "12"),
        ('td.c::before {content: "\\e601"}', "12"),
        ('.other::before {content: "3"}', "12"),
    ],
)
def test_a_figure_to_which_a_sheet_may_add_digits_is_unread(rule: str, said: str) -> None:
    cell = '<td class=c data-more="3" data-label="b">12'
    assert _cells(f"<style>{rule}</style><table><tr><td>a{cell}</table>")[0][1][0] == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<img src=a.png>", "\ufffd"),
        ("<p><svg><path/></svg>&nbsp;</p>", "\ufffd"),
        ("5<img src=a.png>", "5"),
        ("<img src=a.gif width=1 height=1>", ""),
    ],
)
def test_a_picture_in_a_cell_is_no_blank(cell: str, said: str) -> None:
    assert _cells(f"<table><tr><td>a<td>{cell}</table>")[0][1][0] == said


def _second_cell(sheet: str, cell: str) -> str:
    return _cells(f"<style>{sheet}</style><table><tr><td>a{cell}</table>")[0][1][0]


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [
        (".x{color:#fefefe}", "<td>12<u class=x>7</u>"),
        (".x{color:var(--c)} :root{--c:white}", "<td>12<u class=x>7</u>"),
        ("table{td{u{color:rgb(100% 100% 100%)}}}", "<td>12<u>7</u>"),
        ("td > u:nth-child(1){color:white}", "<td>12<u>7</u>"),
        ("@layer a{.x{background:black;color:#000}}", "<td>12<u class=x>7</u>"),
        (".x{color:white} .y{color:inherit}", "<td>12<u class=x><b class=y>7</b></u>"),
        (".x{-webkit-text-fill-color:transparent}", "<td>12<u class=x>7</u>"),
        (".x{filter:opacity(0)}", "<td>12<u class=x>7</u>"),
        (".x{position:absolute;margin-left:-9999px}", "<td>12<u class=x>7</u>"),
        (".x{opacity:0} .y{opacity:1}", "<td>12<u class=x><b class=y>7</b></u>"),
        (".x{display:block;height:0;overflow:hidden}", "<td>12<u class=x>7</u>"),
        ("", "<td>12<font color=white>7</font>"),
        ("", "<td>12<details><summary></summary>7</details>"),
        ("tr{color:#eee;background:#eee}", "<td>12"),
        ("tr{text-decoration:line-through}", "<td>12"),
    ],
)
def test_figures_that_a_sheet_takes_out_of_sight_are_unread(sheet: str, cell: str) -> None:
    assert _second_cell(sheet, cell).strip().endswith("\ufffd")


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [
        (".x{color:white} .y{color:#000}", "<td><u class=x><b class=y>12</b></u>"),
        ("tr{background:#036} td{color:#fff}", "<td>12"),
        (".x{background:url(a.png)} .y{color:#fff}", "<td class=x><b class=y>12</b>"),
        (".x{background-image:linear-gradient(red,blue);color:#fff}", "<td class=x>12"),
        (".x{color:white} .x:hover{color:black}", "<td bgcolor=#003366 class=x>12"),
        (".x{visibility:hidden} .y{visibility:visible}", "<td><u class=x>7<b class=y>12</b></u>"),
        (".x{opacity:0}", "<td><u class=x style='opacity:1'>12</u>"),
        (".x{display:none} td{.x{display:inline}}", "<td><u class=x>12</u>"),
        ("[hidden]{display:inline}", "<td><u hidden>12</u>"),
        (".x::before{content:'7';display:none}", "<td><u class=x>12</u>"),
        ("@media print{.x{color:white}}", "<td><u class=x>12</u>"),
        (".x{clip:rect(0,0,0,0)}", "<td><u class=x>12</u>"),
        (".x{max-width:0;overflow:hidden;text-overflow:ellipsis}", "<td class=x>12"),
        ("", "<td><details open><summary></summary>12</details>"),
        ("", "<td>12<dialog>7</dialog>"),
    ],
)
def test_figures_that_a_sheet_leaves_in_sight_are_read(sheet: str, cell: str) -> None:
    assert _second_cell(sheet, cell).strip() == "12"


def test_an_object_in_a_cell_may_show_a_figure() -> None:
    assert _second_cell("", "<td><object data=a.bin>12</object>") == "\ufffd"


def test_digits_that_a_page_turns_round_are_marked_so() -> None:
    assert _second_cell("", "<td><bdo dir=RTL>12</bdo>") == "\u202e12"


@pytest.mark.parametrize("text", ["a", "url(", "{", ";", '{"', "}a", "/*"])
def test_sheets_that_are_no_sheets_are_looked_through_once(text: str) -> None:
    sheet = ".x{display:none}" + text * (200_000 // len(text))
    with at_most(5):
        assert _paragraphs(f"<style>{sheet}</style><p class=x>一<p>二") == ["二"]


def test_variables_that_double_with_each_step_are_not_followed_to_the_end() -> None:
    steps = "".join(f"--a{at}:{f'var(--a{at + 1}) ' * 200};" for at in range(9))
    with at_most(2):
        assert _second_cell(f".x{{{steps}color:var(--a0)}}", "<td class=x>12") == "12"
