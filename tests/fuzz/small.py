"""Small documents that hold one of everything a reader knows; no report, but quick to read."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

TEXTS = (
    "一、总体情况\n第一项 12 件\t3\t4\n| 甲 | 1 | 2 |\n|---|---|---|\n| 乙 | 3 | 4 |\n",
    "甲│1│2\r\n乙｜\r\n3｜\r\n4\r\n\ufeff\u3000结转  １２，３４５．６ 件。\n" * 3,
    "第二十条第（一）项\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n" * 2,
)
PAGES = (
    "<!DOCTYPE html><html><head><meta charset='gbk'><title>题</title></head><body><h1>报告</h1>"
    "<table border=1><caption>表</caption><thead><tr><th rowspan=2>甲<th colspan=2>乙</tr></thead>"
    "<tr><td>1<td hidden>9<td>2<tfoot><tr><td>3<td>&nbsp;<td><s>4</s><sup>5</sup></table>"
    "<p style='display:none'>无</p><p>有<br>字<input value=7></p></body></html>",
    "<div><table><tr><td><table><tr><td>1<td>2<tr><td rowspan=0>3<td>4</table><td>外</table>"
    "<!-- 注 --><?pi x?><span style='visibility:hidden'>藏</span><del>删</del>&#12288;&amp;</div>",
    "<p class=MsoNormal><![if !supportLists]>"
    "<span style='mso-list:Ignore'>一、</span><![endif]>总体<o:p></o:p></p>"
    "<table><tr><td colspan=2>合<td>计</table><ruby>汉<rt>han</rt></ruby>",
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
_CELL = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def _rels(*related: tuple[str, str]) -> bytes:
    each = (
        f'<Relationship Id="r{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, 1)
    )
    return (_RELATED.format("".join(each)) + "</Relationships>").encode()


_DOCUMENT = f"""<w:document {_W} {_MC}><w:body>
<w:p><w:pPr><w:pStyle w:val="H"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>
<w:r><w:t>总体情况</w:t><w:tab/><w:br/></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del>
<w:ins><w:r><w:rPr><w:strike/></w:rPr><w:t>划</w:t></w:r></w:ins></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{_CELL.format("", "甲")}
{_CELL.format('<w:gridSpan w:val="2"/>', "乙")}</w:tr>
<w:tr>{_CELL.format('<w:vMerge w:val="restart"/>', "1")}{_CELL.format("", "2")}</w:tr>
<w:tr>{_CELL.format("<w:vMerge/>", "")}{_CELL.format("", "<w:t>3</w:t>")}</w:tr></w:tbl>
<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r>
<w:t>框</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback>
</mc:AlternateContent></w:r></w:p></w:body></w:document>"""
_NUMBERING = f"""<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">
<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""
_STYLES = f"""<w:styles {_W}><w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
</w:pPr></w:style></w:styles>"""
WORDS = (
    {
        "_rels/.rels": _rels(("officeDocument", "word/document.xml")),
        "word/document.xml": _DOCUMENT.encode(),
        "word/_rels/document.xml.rels": _rels(
            ("numbering", "numbering.xml"), ("styles", "/word/styles.xml")
        ),
        "word/numbering.xml": _NUMBERING.encode(),
        "word/styles.xml": _STYLES.encode(),
    },
)
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET = f"""<worksheet {_S}><cols><col min="4" max="5" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c></row>
<row r="2"><c r="A2"><v>12.5</v></c><c r="B2"><f>A2*2</f><v>25</v></c><c r="C2"><f>1/0</f></c></row>
<row r="3" hidden="1"><c r="A3" t="b"><v>1</v></c></row>
<row r="4"><c r="A4" t="e"><v>#REF!</v></c><c r="D4"><v>4</v></c><c><v>1E+20</v></c></row>
</sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B4:C4"/></mergeCells></worksheet>"""
WORKBOOKS = (
    {
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook {_S} xmlns:r="{_R}"><sheets><sheet name="表" sheetId="1" r:id="r1"/>'
            '<sheet name="藏" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": _rels(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": _SHEET.encode(),
        "xl/worksheets/sheet2.xml": f"<worksheet {_S}><sheetData/></worksheet>".encode(),
        "xl/sharedStrings.xml": (
            f"<sst {_S}><si><t>甲</t></si><si><r><rPr><strike/></rPr><t>划</t></r></si></sst>"
        ).encode(),
    },
)


def small_pdf(number: int) -> bytes:
    """One page: a ruled table, a form object, a picture, turned text; or some of them."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(300, 200))
    if number == 1:
        canvas.setPageRotation(90)
    font = "STSong-Light" if number < 2 else "Helvetica"
    if number == 2:
        canvas.beginForm("table", 0, 0, 200, 100)
    canvas.grid([20, 80, 140, 200], [20, 50, 80])
    canvas.setFont(font, 9)
    for at in range(6):
        canvas.drawString(25 + 60 * (at % 3), 25 + 30 * (at // 3), "12" if number > 1 else "甲1")
    if number == 2:
        canvas.endForm()
        canvas.doForm("table")
    canvas.setFont(font, 9)
    canvas.drawString(20, 150, "Report 2024" if number > 1 else "年度报告")
    canvas.rotate(90)
    canvas.drawString(20, -250, "side")
    canvas.rect(10, -280, 40, 0.5, stroke=0, fill=1)
    if number == 3:
        canvas.acroForm.textfield(name="x", value="5", x=100, y=100, width=50, height=20)
        canvas.bookmarkPage("p")
        canvas.addOutlineEntry("o", "p")
        canvas.showPage()
        canvas.drawString(20, 20, "2")
    canvas.showPage()
    canvas.save()
    return stream.getvalue()
