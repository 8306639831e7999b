"""Word processor documents: the text as it would be printed, cells in their real columns."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers import read
from auditor.readers.docx import spell

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _package(body: str, numbering: str = "", styles: str = "", **more: str) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as container:
        document = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
        container.writestr("word/document.xml", document)
        related = "".join(
            f'<Relationship Id="{kind}" Type="{_RELATED}/{kind}" Target="{kind}.xml"/>'
            for kind in ("numbering", "styles", *more)
        )
        container.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_RELATIONS}">{related}</Relationships>',
        )
        container.writestr(
            "word/numbering.xml", f"<w:numbering {_SPACES}>{numbering}</w:numbering>"
        )
        container.writestr("word/styles.xml", f"<w:styles {_SPACES}>{styles}</w:styles>")
        for kind, content in more.items():
            container.writestr(f"word/{kind}.xml", content)
    return stream.getvalue()


def _read(body: str, numbering: str = "", styles: str = "") -> Extract:
    return read(Document("report.docx", _package(body, numbering, styles)))


def _paragraphs(body: str, numbering: str = "", styles: str = "") -> list[str]:
    blocks = _read(body, numbering, styles).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def _cells(body: str) -> list[list[tuple[str, int]]]:
    grid = next(block for block in _read(body).blocks if isinstance(block, Grid))
    return [[(cell.text, cell.column) for cell in row] for row in grid.rows]


def _p(text: str, before: str = "") -> str:
    return f"<w:p>{before}<w:r><w:t>{text}</w:t></w:r></w:p>"


def _tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_p(text)}</w:tc>"


def _table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_deleted_text_is_dropped_and_inserted_text_is_kept() -> None:
    body = (
        "<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>5</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>7</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>8</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>件</w:t></w:r></w:moveTo></w:p>"
    )
    assert _paragraphs(body) == ["收到7件"]


def test_a_deleted_row_is_dropped() -> None:
    gone = f"<w:trPr><w:del/></w:trPr>{_tc('x')}{_tc('1')}"
    assert _cells(_table(gone, _tc("a") + _tc("2"))) == [[("a", 0), ("2", 1)]]


def test_hidden_text_is_dropped_and_struck_text_is_told() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>1</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr>"
        '<w:t>2</w:t></w:r><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>3</w:t></w:r></w:p>'
    )
    assert _paragraphs(body) == ["3"]
    assert [notice.code for notice in _read(body).notices] == ["struck-text", "hidden-text"]


def test_of_a_field_its_result_is_read_and_not_its_instruction() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    said = "<w:r><w:t>{}</w:t></w:r>".format
    body = (
        f"<w:p>{mark('begin')}<w:r><w:instrText>= 1 + 2</w:instrText></w:r>"
        f"{mark('begin')}{mark('separate')}{said('9')}{mark('end')}"
        f"{mark('separate')}{said('3')}{mark('end')}{said('件')}</w:p>"
    )
    assert _paragraphs(body) == ["3件"]


def test_merged_cells_move_later_cells_to_their_real_columns() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="2"/>'
    body = _table(
        _tc("a", wide + down) + _tc("b"),
        _tc("", wide + on) + _tc("c"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + _tc("d") + _tc("e"),
    )
    assert _cells(body) == [[("a", 0), ("b", 2)], [("c", 2)], [("d", 1), ("e", 2)]]
    grid = _read(body).blocks[0]
    assert isinstance(grid, Grid)
    assert (grid.rows[0][0].rowspan, grid.rows[0][0].colspan) == (2, 2)
    assert grid.rows[1][0].origin.selector == "table 1, row 2, column 3"


def test_figures_under_each_other_beside_numbered_labels_are_rows() -> None:
    def stack(*lines: str) -> str:
        return f"<w:tc>{''.join(map(_p, lines))}</w:tc>"

    stacked = (stack("1.甲项", "2.乙项"), stack("10", "0"), stack("7", "－"))
    table = _table(_tc("类") + _tc("甲") + _tc("乙"), "".join(stacked))
    assert _cells(table)[1:] == [
        [("1.甲项", 0), ("10", 1), ("7", 2)],
        [("2.乙项", 0), ("0", 1), ("－", 2)],
    ]
    one = (stack("甲项", "之余"), stack("1", "0"), stack("7"))
    assert _cells(_table("".join(one))) == [[("甲项 之余", 0), ("1 0", 1), ("7", 2)]]


def test_a_table_in_a_cell_makes_the_outer_one_layout() -> None:
    inner = _table(_tc("a") + _tc("1"))
    body = _table(f"<w:tc>{_p('前')}{inner}{_p('后')}</w:tc>" + _tc("旁"))
    assert _paragraphs(body) == ["前", "后", "旁"]
    assert _cells(body) == [[("a", 0), ("1", 1)]]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{_p('框')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>文</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert _paragraphs(body) == ["文", "框"]


def test_content_controls_and_line_breaks_do_not_hide_text() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{_p('一')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>二</w:t><w:br/><w:t>三</w:t></w:r></w:p>"
    )
    assert _paragraphs(body) == ["一", "二", "三"]


_LIST = (
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="（%1）"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>'
)


def _listed(depth: int, number: int = 4) -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'


def test_automatic_numbers_are_part_of_the_text() -> None:
    body = "".join(
        _p(text, _listed(depth)) for text, depth in (("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0))
    )
    body += _p("戊", _listed(1)) + _p("己", _listed(0, 0))
    assert _paragraphs(body, _LIST) == ["（一） 甲", "1. 乙", "2. 丙", "（二） 丁", "1. 戊", "己"]


def test_a_list_that_begins_anew_begins_with_its_own_count() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>' + "".join(
        f'<w:num w:numId="{name}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for name, more in (("4", ""), ("5", start))
    )
    body = "".join(_p("x", _listed(0, name)) for name in (4, 4, 5, 5))
    assert _paragraphs(body, numbering) == ["1 x", "2 x", "7 x", "8 x"]


def test_lines_too_low_for_letters_are_left_out() -> None:
    flat = '<w:pPr><w:spacing w:line="10" w:lineRule="exact"/></w:pPr>'
    assert _paragraphs(_p("12") + _p("8", flat)) == ["12"]


def test_a_style_may_bring_the_number() -> None:
    style = (
        '<w:style w:styleId="s"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
    )
    assert _paragraphs(_p("甲", '<w:pPr><w:pStyle w:val="s"/></w:pPr>'), _LIST, style) == [
        "（一） 甲"
    ]


def test_the_style_that_a_style_is_based_on_may_bring_the_number() -> None:
    styles = (
        '<w:style w:styleId="s"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="t"><w:basedOn w:val="s"/></w:style>'
    )
    of_base = _paragraphs(_p("甲", '<w:pPr><w:pStyle w:val="s"/></w:pPr>'), _LIST, styles)
    assert _paragraphs(_p("甲", '<w:pPr><w:pStyle w:val="t"/></w:pPr>'), _LIST, styles) == of_base
    assert of_base != ["甲"]


@pytest.mark.parametrize(
    ("number", "style", "said"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (12, "ideographDigital", "一二"),
        (3, "upperLetter", "C"),
        (2, "decimalEnclosedCircleChinese", "②"),
        (104, "japaneseCounting", "104"),
        (7, "ordinal", "7"),
    ],
)
def test_counts_are_spelt_as_lists_print_them(number: int, style: str, said: str) -> None:
    assert spell(number, style) == said


def test_large_pictures_are_told_and_small_ones_are_not() -> None:
    def picture(width: int, height: int) -> str:
        return (
            f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="{width}" cy="{height}"/><a:blip/>'
            "</wp:inline></w:drawing></w:r></w:p>"
        )

    extract = _read(_p("文") + picture(5_000_000, 3_000_000) + picture(300_000, 300_000))
    assert [(each.code, each.details) for each in extract.notices] == [
        ("picture-table", (("count", "1"),))
    ]


_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"/>'
    '<w:style w:type="character" w:styleId="hide"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="more"><w:basedOn w:val="hide"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="mark"><w:rPr><w:vertAlign w:val="superscript"/>'
    "</w:rPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:basedOn w:val="y"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="y"><w:basedOn w:val="x"/></w:style>'
)


def _r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def _styled(name: str) -> str:
    return f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>'


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        (_r("5") + _r("6", '<w:rStyle w:val="hide"/>'), ["5"]),
        (_r("5") + _r("6", '<w:rStyle w:val="more"/>'), ["5"]),
        (_r("5") + _r("6", '<w:rStyle w:val="hide"/><w:vanish w:val="0"/>'), ["56"]),
        (_styled("gone") + _r("5") + _r("6", '<w:vanish w:val="0"/>'), ["6"]),
        (_styled("x") + _r("5"), ["5"]),
    ],
)
def test_what_a_style_hides_is_hidden(paragraph: str, said: list[str]) -> None:
    assert _paragraphs(f"<w:p>{paragraph}</w:p><w:p>{_r('末')}</w:p>", "", _STYLES) == [*said, "末"]


_RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (_r("12") + _r("1", _RAISED), "12"),
        (_r("12") + _r("[3]", _RAISED), "12"),
        (_r("12") + _r("①", '<w:rStyle w:val="mark"/>'), "12"),
        (_r("规章") + _r("注1", _RAISED), "规章"),
        (_r("12") + _r("345", _RAISED), "12 345"),
        (_r("12") + _r("1", '<w:vertAlign w:val="subscript"/>'), "12 1"),
        (_r("12") + _r("1", '<w:rStyle w:val="mark"/><w:vertAlign w:val="baseline"/>'), "121"),
        (_r("12") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "12"),
    ],
)
def test_a_footnote_mark_is_no_digit_of_a_figure(cell: str, said: str) -> None:
    body = _table(_tc("a") + f"<w:tc><w:p>{cell}</w:p></w:tc>")
    grid = _read(body, "", _STYLES).blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0][1].text == said


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        # Beside other marks it is one, alone it may be a figure, and where all are raised all are.
        ([_r("5") + _r("1", _RAISED), _r("7"), _r("2", _RAISED)], ["5", "7", ""]),
        ([_r("5"), _r("7"), _r("2", _RAISED)], ["5", "7", "\ufffd"]),
        ([_r("5", _RAISED), _r("7", _RAISED), _r("2")], ["5", "7", "2"]),
        ([_r("5"), _r("7"), _r("2", _RAISED) + _r("3")], ["5", "7", "\ufffd3"]),
        ([_r("5"), _r("注", _RAISED) + _r("7"), _r("[2]", _RAISED) + _r("3")], ["5", "7", "3"]),
        ([_r("5"), _r("7"), _r("345", _RAISED)], ["5", "7", "345"]),
    ],
)
def test_raised_text_alone_in_a_cell_is_no_figure_of_it(cells: list[str], said: list[str]) -> None:
    body = _table("".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in cells))
    grid = _read(body).blocks[0]
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[0]] == said


def test_a_mark_that_is_left_out_is_told() -> None:
    extract = _read(f"<w:p>{_r('收到12')}{_r('1', _RAISED)}{_r('件')}</w:p>")
    assert extract.blocks[0] == Paragraph("收到12件", extract.blocks[0].origin)
    assert [(each.code, each.details) for each in extract.notices] == [
        ("raised-marks", (("count", "1"),))
    ]


def test_notes_headers_and_comments_are_no_part_of_the_body() -> None:
    other = f"<w:x {_SPACES}>{_p('9')}</w:x>"
    kinds = ("header", "footer", "footnotes", "endnotes", "comments")
    body = (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>文</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
        '<w:sectPr><w:headerReference r:id="header"/></w:sectPr>'
    )
    content = _package(body, **dict.fromkeys(kinds, other))
    assert [getattr(block, "text", "") for block in read(Document("x", content)).blocks] == ["文"]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "□"),
        ('<w:sym w:font="Symbol" w:char="F035"/>', "5"),
        ('<w:sym w:font="SimSun" w:char="0035"/>', "5"),
        ('<w:sym w:font="SimSun" w:char="x"/>', "□"),
        ("<w:t>5</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>6</w:t>", "5-6"),
        (
            f"<w:ruby><w:rt>{_r('guī')}</w:rt><w:rubyBase>{_r('规')}</w:rubyBase></w:ruby>",
            "规",
        ),
    ],
)
def test_signs_are_read_as_printed(run: str, said: str) -> None:
    assert _paragraphs(f"<w:p><w:r>{run}</w:r></w:p>") == [said]


def test_a_figure_set_as_a_formula_is_read() -> None:
    assert _paragraphs("<w:p><m:oMath><m:r><m:t>12</m:t></m:r></m:oMath></w:p>") == ["12"]


def test_a_hidden_row_is_left_out_and_told() -> None:
    body = _table("<w:trPr><w:hidden/></w:trPr>" + _tc("x") + _tc("1"), _tc("a") + _tc("2"))
    assert _cells(body) == [[("a", 0), ("2", 1)]]
    assert [each.code for each in _read(body).notices] == ["hidden-text"]


def test_cells_merged_the_old_way_keep_the_columns_of_the_rest() -> None:
    first, rest = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'
    assert _cells(_table(_tc("a", first) + _tc("", rest) + _tc("b"))) == [[("a", 0), ("b", 2)]]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        (_p("三、收到和处理情况"), "三、收到和处理情况, "),
        (_p("（二） 甲"), "（二） 甲, "),
        (_p("总体", _styled("own")), "总体, "),
        (_p("第四部分"), "第四部分, "),
        (_p("甲、乙"), ""),
        (_p("一、本年收到申请。共5件。"), ""),
        (_p("四、" + "长" * 40), "四、" + "长" * 28 + "…, "),
    ],
)
def test_a_cell_is_found_by_the_heading_above_its_table(heading: str, said: str) -> None:
    body = heading + _p("单位：件") + _table(_tc("a") + _tc("5"))
    grid = _read(body, "", _STYLES).blocks[-1]
    assert isinstance(grid, Grid)
    assert grid.rows[0][1].origin.selector == f"{said}table 1, row 1, column 2"


def test_a_web_page_in_the_document_is_read() -> None:
    page = "<html><body><p>总体<table><tr><td>a<td>5</table></body></html>"
    body = _p("文") + '<w:altChunk r:id="chunk"/>'
    extract = read(Document("x", _package(body, chunk=page)))
    assert [type(block) for block in extract.blocks] == [Paragraph, Paragraph, Grid]
    other = read(Document("x", _package(body, chunk="{\\rtf1}")))
    assert [each.code for each in other.notices] == ["unread-part"]


@pytest.mark.parametrize(
    ("chunk", "text", "told"),
    [
        ("<html><body><p>1</p><p>2</p></body></html>", "1 2", []),
        ("<html><body><table><tr><td>12</table></body></html>", "12", []),
        ("<html><body><p>1<b hidden>2</b></p></body></html>", "1", []),
        ("<html><body></body></html>", "", []),
        ("<html><body><table><tr><td>1<td>2</table></body></html>", "\ufffd", ["unread-part"]),
        ("<html><body><p>" + "长" * 2_000 + "</body></html>", "\ufffd", ["unread-part"]),
        ("{\\rtf1 12}", "\ufffd", ["unread-part"]),
    ],
)
def test_a_web_page_in_a_cell_is_its_text_or_the_cell_is_unread(
    chunk: str, text: str, told: list[str]
) -> None:
    cell = '<w:tc><w:altChunk r:id="chunk"/><w:p/></w:tc>'
    extract = read(Document("x", _package(_table(_tc("a") + cell + _tc("5")), chunk=chunk)))
    (grid,) = extract.blocks
    assert isinstance(grid, Grid)
    assert [each.text for each in grid.rows[0]] == ["a", text, "5"]
    assert [each.code for each in extract.notices] == told


def test_a_part_that_a_cell_names_and_the_document_lacks_leaves_the_cell_unread() -> None:
    cell = '<w:tc><w:altChunk r:id="other"/></w:tc>'
    extract = read(Document("x", _package(_table(_tc("a") + cell), chunk="")))
    (grid,) = extract.blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0][1].text == "\ufffd"
    assert [each.code for each in extract.notices] == ["unread-part"]


def test_the_strict_form_of_the_format_is_read() -> None:
    content = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        f"{_p('文')}</w:body></w:document>"
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as container:
        container.writestr("word/document.xml", content)
    assert len(read(Document("x", stream.getvalue())).blocks) == 1


def test_a_small_picture_of_old_programs_is_no_table() -> None:
    def picture(style: str) -> str:
        shape = f'<v:shape style="{style}"><v:imagedata/></v:shape>'
        return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"

    small, large = picture("width:20pt;height:12pt"), picture("width:415pt;height:200.5pt")
    extract = _read(_p("文") + small + large)
    assert [each.details for each in extract.notices] == [(("count", "1"),)]


def _row_of(runs: str, shading: str = "") -> list[str]:
    cell = f"<w:tc><w:tcPr>{shading}</w:tcPr><w:p>{runs}</w:p></w:tc>"
    return [text for text, _ in _cells(f"<w:tbl><w:tr>{_tc('a')}{cell}</w:tr></w:tbl>")[0]]


_WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("runs", "shading", "said"),
    [
        (_r("12") + _r("8", _WHITE), "", "12\ufffd"),
        (_r("12") + _r("8", _WHITE), '<w:shd w:fill="4472C4"/>', "128"),
        (_r("12") + _r("8", '<w:sz w:val="2"/>'), "", "12"),
        (_r("12") + _r("8", '<w:w w:val="1"/>'), "", "12"),
        (_r("12") + _r("8", "<w14:textFill><w14:noFill/></w14:textFill>"), "", "12\ufffd"),
        (_r("12") + "<w:r><w:ptab/></w:r>" + _r("8"), "", "12 8"),
        (f'<w:bdo w:val="rtl">{_r("21")}</w:bdo>', "", "\ufffd"),
        (_r("12") + _r("8", '<w:color w:val="FDFDFD"/>'), "", "12\ufffd"),
        (_r("12") + _r("8", '<w:color w:themeColor="background1"/>'), "", "12\ufffd"),
        (_r("12") + _r("8", '<w:color w:val="D9D9D9"/>'), '<w:shd w:fill="D9D9D9"/>', "12\ufffd"),
        (_r("12") + _r("8", '<w:color w:val="D9D9D9"/>'), "", "128"),
        (_r("12") + _r("8", _WHITE + '<w:highlight w:val="blue"/>'), "", "128"),
        (_r("12") + _r("8", _WHITE), '<w:shd w:val="pct50" w:fill="auto"/>', "128"),
        (_r("12") + _r("8", '<w:position w:val="8"/>'), "", "12"),
        (_r("12") + _r("8", '<w:position w:val="-2"/>'), "", "128"),
    ],
)
def test_what_nobody_sees_and_notes_moved_up_are_no_digits(
    runs: str, shading: str, said: str
) -> None:
    assert _row_of(runs, shading) == ["a", said]


@pytest.mark.parametrize(
    ("code", "said"), [("=SUM(ABOVE)", "\ufffd"), ("QUOTE 5", "\ufffd"), ("XE a", "")]
)
def test_a_formula_without_a_result_is_unread(code: str, said: str) -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    field = f"{begin}<w:r><w:instrText> {code}</w:instrText></w:r>{end}"
    assert _row_of(field) == ["a", said]


def test_a_picture_in_a_cell_is_no_blank_but_a_stamp_over_it_is_none() -> None:
    def picture(place: str) -> str:
        return f"<w:r><w:drawing><wp:{place}><a:blip/></wp:{place}></w:drawing></w:r>"

    assert _row_of(picture("inline")) == ["a", "\ufffd"]
    assert _row_of(picture("anchor")) == ["a", ""]
    assert _row_of(picture("inline").replace("<a:blip/>", "")) == ["a", "\ufffd"]


def test_a_simple_field_without_a_result_is_unread() -> None:
    assert _row_of('<w:fldSimple w:instr=" =SUM(LEFT) "/>') == ["a", "\ufffd"]
    assert _row_of(f'<w:fldSimple w:instr=" =SUM(LEFT) ">{_r("12")}</w:fldSimple>') == ["a", "12"]


def test_of_a_drop_down_field_the_chosen_entry_is_read() -> None:
    entries = "".join(f'<w:listEntry w:val="{each}"/>' for each in ("0", "12"))
    choices = f'<w:ffData><w:ddList><w:result w:val="1"/>{entries}</w:ddList></w:ffData>'
    field = (
        f'<w:r><w:fldChar w:fldCharType="begin">{choices}</w:fldChar></w:r>'
        "<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert _row_of(field) == ["a", "12"]


@pytest.mark.parametrize(
    "code",
    [
        "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>",
        "<m:sSup><m:e><m:r><m:t>1</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
    ],
)
def test_digits_of_a_fraction_or_power_are_no_figure(code: str) -> None:
    assert _row_of(f"<m:oMath>{code}</m:oMath>") == ["a", "\ufffd"]


def test_a_mark_of_the_authors_own_behind_a_figure_is_no_digit_of_it() -> None:
    mark = '<w:r><w:footnoteReference w:customMarkFollows="1"/><w:t>1</w:t></w:r>'
    assert _row_of(_r("12") + mark) == ["a", "12"]


def test_letters_of_a_font_of_pictures_are_no_digits() -> None:
    font = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    assert _row_of(_r("12") + _r("1", font)) == ["a", "12\u25a1"]
    assert _row_of('<w:r><w:sym w:font="Wingdings" w:char="0031"/></w:r>') == ["a", "\u25a1"]


@pytest.mark.parametrize(("space", "said"), [("urn:unknown", "8"), ("", "12")])
def test_of_alternatives_the_first_that_programs_know_is_read(space: str, said: str) -> None:
    known = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    choice = f'<mc:Choice xmlns:x="{space or known}" Requires="x">{_r("12")}</mc:Choice>'
    fallback = f"<mc:Fallback>{_r('8')}</mc:Fallback>"
    assert _row_of(f"<mc:AlternateContent>{choice}{fallback}</mc:AlternateContent>") == ["a", said]


def test_an_embedded_object_alone_in_a_cell_leaves_it_unread() -> None:
    assert _row_of("<w:r><w:object/></w:r>") == ["a", "\ufffd"]
    assert _row_of(_r("12") + "<w:r><w:object/></w:r>") == ["a", "12"]


def test_a_deleted_cell_is_dropped() -> None:
    deleted = _tc("8", "<w:cellDel/>")
    table = f"<w:tbl><w:tr>{_tc('a')}{deleted}{_tc('12')}</w:tr></w:tbl>"
    assert [text for text, _ in _cells(table)[0]] == ["a", "12"]
