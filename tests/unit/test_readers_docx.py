"""Word processor documents: the text as it would be printed, cells in their real columns."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers import read
from auditor.readers.numbering import spell

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _package(body: str, numbering: str = "", styles: str = "") -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as container:
        document = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
        container.writestr("word/document.xml", document)
        related = "".join(
            f'<Relationship Id="{kind}" Type="{_RELATED}/{kind}" Target="{kind}.xml"/>'
            for kind in ("numbering", "styles")
        )
        container.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_RELATIONS}">{related}</Relationships>',
        )
        container.writestr(
            "word/numbering.xml", f"<w:numbering {_SPACES}>{numbering}</w:numbering>"
        )
        container.writestr("word/styles.xml", f"<w:styles {_SPACES}>{styles}</w:styles>")
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
    assert [notice.code for notice in _read(body).notices] == ["struck-text"]


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


def test_a_style_may_bring_the_number() -> None:
    style = (
        '<w:style w:styleId="s"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
    )
    assert _paragraphs(_p("甲", '<w:pPr><w:pStyle w:val="s"/></w:pPr>'), _LIST, style) == [
        "（一） 甲"
    ]


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
