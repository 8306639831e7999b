# ruff: noqa: E501
"""Documents made to harm: how each is made, and the codes with which it may be answered.

Each is read or refused within seconds and some hundred megabytes (`tests/test_hostile_input.py`);
a line here is a line of the table in docs/security.md, after `python -m tests.hostile.table`.
"""

from __future__ import annotations

import bz2
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

from tests.fuzz.seeds import packed, saved, whole
from tests.fuzz.small import WORDS, WORKBOOKS
from tests.hostile.pdf import HELLO, form_of, page_of, stream
from tests.support import EXAMPLES

CLEAN = EXAMPLES / "clean.txt"


def word(body: str, **more: bytes) -> bytes:
    """A word processor's document with this body."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
    return packed({**WORDS[0], "word/document.xml": document, **more}, ZIP_DEFLATED)


def sheet(rows: str, before: str = "") -> bytes:
    """A workbook with these rows in its first sheet."""
    content = f"{before}<worksheet {S}><sheetData>{rows}</sheetData></worksheet>".encode()
    return packed({**WORKBOOKS[0], "xl/worksheets/sheet1.xml": content}, ZIP_DEFLATED)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
_ENTITIES = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def _quine() -> bytes:
    """A container with itself in it, as deep as one looks: here, ten times."""
    content = word(P.format("x"))
    for _ in range(10):
        content = packed({"word/document.xml": content, "r.zip": content})
    return content


def _overlapping() -> bytes:
    """Five hundred names for one part of 25 MB."""
    stream_ = BytesIO()
    with ZipFile(stream_, "w", ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b" " * 25_000_000)
    content = stream_.getvalue()
    start = struct.unpack("<I", content[-6:-2])[0]
    entry = content[start:-22]
    named = [entry.replace(b"document.xml", b"doc%05d.xml" % n) for n in range(500)]
    directory = entry + b"".join(named)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 501, 501, len(directory), start, 0)
    return content[:start] + directory + end


def _many_sheets() -> bytes:
    """A workbook of forty sheets of 25 MB each."""
    names = range(40)
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="r{n + 1}"/>' for n in names)
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="r{n + 1}" Type="{r}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in names
    )
    rows = (b" " * 1_000_000 + b"<row/>") * 25
    blank = f"<worksheet {S}><sheetData>".encode() + rows + b"</sheetData></worksheet>"
    return packed(
        {
            **WORKBOOKS[0],
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{r}"><sheets>{sheets}</sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f"{related}</Relationships>"
            ).encode(),
            **{f"xl/worksheets/s{n}.xml": blank for n in names},
        },
        ZIP_DEFLATED,
    )


def _laughs(width: int, depth: int) -> bytes:
    """Forms that each draw the next so many times."""
    forms = {10 + n: form_of(b"/X Do " * width, 11 + n) for n in range(depth - 1)}
    forms[9 + depth] = form_of(b"0 0 m 9 0 l S ", 5)
    return page_of(HELLO + b"/X Do", resources=b"/XObject << /X 10 0 R >>", more=forms)


def _packed_by(method: int, content: bytes, size: int) -> bytes:
    """A document whose main part was packed by a method, as these bytes, from so many."""
    made = bytearray(packed({"word/document.xml": content}))
    central = made.rindex(b"PK\x01\x02")
    for at, width in ((8, 10), (22, 24)):  # the method and the size, here and in the directory
        form, value = ("<H", method) if at == 8 else ("<I", size)
        struct.pack_into(form, made, at, value)
        struct.pack_into(form, made, central + width, value)
    return bytes(made)


def _damaged_lzma() -> bytes:
    return _packed_by(ZIP_LZMA, b"\x09\x04\x05\x00\x5d\x00\x00\x80\x00" + b"\xff" * 90, 500)


def _greedy_lzma() -> bytes:
    """The dictionary is to have as many bytes as its field can say."""
    return _packed_by(ZIP_LZMA, b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff" + b"\x00" * 90, 500)


def _bzip2() -> bytes:
    return _packed_by(ZIP_BZIP2, bz2.compress(b"\0" * 45_000_000), 500)


def _nested(kind: bytes, boundary: bytes) -> bytes:
    """A page in 3,000 parts, each within the one before."""
    head = b"Content-Type: " + kind + b"\r\n\r\n" + boundary + b"\r\n"
    parts = b"".join(head % (number, number) for number in range(3_000))
    return b"MIME-Version: 1.0\r\n" + parts.replace(b"multipart/mixed", b"multipart/related", 1)


def _formatted(signs: str) -> bytes:
    """A workbook whose numbers have a format of so many signs."""
    relations = WORKBOOKS[0]["xl/_rels/workbook.xml.rels"]
    style = b'<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>'
    styles = (
        f'<styleSheet {S}><numFmts><numFmt numFmtId="200" formatCode="{signs * 100_000}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    rows = f"<row>{'<c><v>1</v></c>' * 300}</row>"
    return packed(
        {
            **WORKBOOKS[0],
            "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", style),
            "xl/styles.xml": styles.encode(),
            "xl/worksheets/sheet1.xml": (
                f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>".encode()
            ),
        },
        ZIP_DEFLATED,
    )


def _numbered() -> bytes:
    """Paragraphs whose numbers are made of the first level, over and over."""
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="decimal"/><w:lvlText w:val="{"%1" * 50_000}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    own = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    paragraph = f"<w:p><w:pPr>{own}</w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
    return word(paragraph * 20_000, **{"word/numbering.xml": numbering.encode()})


def _counted(form: str, start: int) -> bytes:
    """Paragraphs that are numbered in a form, from a number on."""
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="%1"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    own = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    paragraph = f"<w:p><w:pPr>{own}</w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
    return word(paragraph * 50, **{"word/numbering.xml": numbering.encode()})


def _part_outside() -> bytes:
    """A document whose text is a part that would lie outside of it."""
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="r1" Type="{r}/aFChunk" Target="../../../../etc/passwd"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = f'<Relationships xmlns="{package}">{relation}</Relationships>'
    body = f'<w:altChunk xmlns:r="{r}" r:id="r1"/>'
    return word(body, **{"word/_rels/document.xml.rels": relations.encode()})


def _picture(width: int, height: int) -> bytes:
    """A PNG of a thousand bytes that says it has so many points."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(1_000))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


_SHARED = '<c t="s"><v>0</v></c>'


def _repeated() -> bytes:
    """One shared text that every cell of a sheet shows."""
    text = f"<sst {S}><si><t>{'字 ' * 1_500_000}</t></si></sst>"
    row = f"<row>{_SHARED * 100}</row>"
    rows = f"<worksheet {S}><sheetData>{row * 1_000}</sheetData></worksheet>"
    parts = {"xl/sharedStrings.xml": text.encode(), "xl/worksheets/sheet1.xml": rows.encode()}
    return packed({**WORKBOOKS[0], **parts}, ZIP_DEFLATED)


def spoken(fragment: str, count: int) -> bytes:
    """A report with so many characters of it in a sentence."""
    before, mark, after = CLEAN.read_text(encoding="utf-8").partition("（二）依申请公开。")
    assert mark
    repeated = (fragment * (count // len(fragment) + 1))[:count]
    return f"{before}{mark}{repeated}。\n{after}".encode()


DOCUMENTS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "zip: a part of a gigabyte": (lambda: word(" " * 1_000_000_000), {"too-large"}),
    "zip: many parts of 25 MB": (_many_sheets, {"too-large"}),
    "zip: one part under many names": (_overlapping, {"damaged", "too-large"}),
    "zip: in itself": (_quine, {"damaged", "unsupported-format"}),
    "zip: a part packed by LZMA and damaged": (_damaged_lzma, {"damaged"}),
    "zip: a part packed by LZMA that asks for 4 GB": (_greedy_lzma, {"damaged", "out-of-memory"}),
    "zip: 45 MB of zeros packed by bzip2 into 43 bytes": (_bzip2, {"damaged", "too-large"}),
    "html: a million cells": (
        lambda: b"<table>" + (b"<tr>" + b"<td>1" * 1_000) * 1_000,
        {"too-large"},
    ),
    "html: giant spans": (
        lambda: b"<table>" + b"<tr><td colspan=99999999 rowspan=99999999>1<td>2" * 5_000,
        {"too-large"},
    ),
    "html: elements nested 100,000 deep": (lambda: b"<div>" * 100_000 + b"x", {"too-large"}),
    "html: tables nested 100,000 deep": (lambda: b"<table><tr><td>" * 100_000, {"too-large"}),
    "html: one element of 100,000 attributes": (
        lambda: b"<p " + b"".join(b"a%d=1 " % n for n in range(100_000)) + b">x",
        {"too-large"},
    ),
    "html: one element of 100,000 attributes and no blanks": (
        lambda: b"<p " + b"".join(b"a%d=''/" % n for n in range(100_000)) + b">x",
        {"too-large"},
    ),
    "html: 100,000 paragraphs": (lambda: whole("html")[0] + b"<p>12 \xe4\xbb\xb6" * 100_000, {"read", "too-slow"}),
    "html: entities": (lambda: f"<p>x{_ENTITIES}]><p>&j;&j;&j;".encode(), {"no-form"}),
    "html: 2.8 million tags with an attribute": (lambda: b"<p a=1>" * 2_800_000, {"too-large"}),
    "html: 3,000 selectors in each other": (
        lambda: b"<style>p{display:none}" + b":not(" * 3_000 + b"{display:none}</style><p>x",
        {"no-form"},
    ),
    "html: 3,000 blocks in each other": (
        lambda: b"<style>p{display:none}@media screen{a" + b"{(" * 3_000 + b"</style><p>x",
        {"no-form"},
    ),
    "mhtml: a place that is no address": (
        lambda: saved(b"<p>x").replace(b"charset=utf-8", b"\r\nContent-Location: http://[a?b#c"),
        {"no-form"},
    ),
    "mhtml: 3,000 parts in each other": (
        lambda: _nested(b'multipart/related; boundary="%d"', b"--%d"),
        {"too-large"},
    ),
    "mhtml: 3,000 messages in each other": (
        lambda: saved(b"<p>x") + b"--b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
        {"too-large"},
    ),
    "mhtml: 300,000 parameters of a header": (
        lambda: saved(b"<p>x").replace(b'"b"', b'"b"' + b";a=1" * 300_000),
        {"too-large"},
    ),
    "docx: a million cells": (
        lambda: word("<w:tbl>" + ("<w:tr>" + "<w:tc/>" * 1_000 + "</w:tr>") * 1_000 + "</w:tbl>"),
        {"too-large"},
    ),
    "docx: giant spans": (
        lambda: word(
            "<w:tbl>"
            + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr></w:tc><w:tc/></w:tr>' * 5_000
            + "</w:tbl>"
        ),
        {"too-large"},
    ),
    "docx: elements nested 100,000 deep": (
        lambda: word("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
        {"damaged", "too-large"},
    ),
    "docx: tables nested 10,000 deep": (
        lambda: word("<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000),
        {"damaged", "too-large"},
    ),
    "docx: entities": (
        lambda: packed({**WORDS[0], "word/document.xml": f"{_ENTITIES}]><x>&j;&j;</x>".encode()}),
        {"damaged", "empty"},
    ),
    "docx: 100,000 paragraphs": (lambda: word(P.format("第12件") * 100_000), {"no-form"}),
    "docx: seven million elements in 29 kB": (lambda: word("<a/>" * 7_000_000), {"too-large"}),
    "docx: 20,000 numbers of 50,000 levels each": (_numbered, {"too-slow", "too-much-memory"}),
    "docx: 500 web pages in it": (
        lambda: word('<w:altChunk xmlns:r="r" r:id="r1"/>' * 500),
        {"too-large"},
    ),
    "xlsx: a million cells": (
        lambda: sheet(("<row>" + "<c><v>1</v></c>" * 1_000 + "</row>") * 1_000),
        {"too-large"},
    ),
    "xlsx: four million rows of nothing": (lambda: sheet("<row/>" * 4_000_000), {"too-large"}),
    "xlsx: two cells in the corners of the sheet": (
        lambda: sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>' * 99),
        {"no-form", "too-large"},
    ),
    "xlsx: everything merged, often": (
        lambda: sheet(
            "<row><c><v>1</v></c></row>" * 1_000
            + '</sheetData><mergeCells>'
            + '<mergeCell ref="A1:XFD1048576"/>' * 10_000
            + "</mergeCells><sheetData>"
        ),
        {"too-large"},
    ),
    "xlsx: entities": (lambda: sheet("<row><c><v>&j;</v></c></row>", _ENTITIES + "]>"), {"damaged", "empty"}),
    "xlsx: 100,000 cells of one text of six megabytes": (_repeated, {"too-slow", "too-large"}),
    "xlsx: 10,000 sums over all rows above": (
        lambda: sheet(
            "".join(f"<row><c><f>SUM(A1:A{n})</f><v>1</v></c></row>" for n in range(1, 10_000))
        ),
        {"no-form"},
    ),
    "xlsx: a sum over text that is 9e999999": (
        lambda: sheet(
            '<row><c t="str"><v>9e999999</v></c><c><f>A1+A1-1</f><v>2</v></c>'
            '<c><f>SUM(A1,A1)</f><v>2</v></c></row>'
        ),
        {"no-form"},
    ),
    "xlsx: a number format of 100,000 brackets": (lambda: _formatted("["), {"no-form"}),
    "xlsx: a number format of 100,000 thousands": (lambda: _formatted("0,"), {"no-form"}),
    "pdf: 10,000 pages": (
        lambda: page_of(HELLO, kids=b"3 0 R " * 10_000, count=10_000),
        {"too-large"},
    ),
    "pdf: a page tree in itself": (lambda: page_of(HELLO, kids=b"2 0 R 2 0 R", count=2), {"damaged"}),
    "pdf: a page of astronomical size": (
        lambda: page_of(HELLO, box=b"[-1e30 -1e30 1e30 1e30]"),
        {"no-form", "no-text", "damaged"},
    ),
    "pdf: contents in themselves": (
        lambda: page_of(HELLO, more={4: b"[4 0 R 4 0 R]"}),
        {"no-text", "damaged"},
    ),
    "pdf: a form in itself": (
        lambda: page_of(
            HELLO + b"/X Do",
            resources=b"/XObject << /X 10 0 R >>",
            more={10: form_of(b"/X Do /X Do", 10)},
        ),
        {"too-large"},
    ),
    "pdf: a form in itself, by the resources of its page": (
        lambda: page_of(
            HELLO + b"/X Do",
            resources=b"/XObject << /X 10 0 R >>",
            more={10: stream(b"/X Do /X Do", b"/Subtype /Form /BBox [0 0 9 9] ")},
        ),
        {"too-large"},
    ),
    "pdf: ten forms of ten forms, nine times": (lambda: _laughs(10, 9), {"too-large"}),
    "pdf: two forms of two forms, thirty times": (lambda: _laughs(2, 30), {"too-large"}),
    "pdf: 100 MB of saved states": (
        lambda: page_of(HELLO + b"q " * 50_000_000, deflated=1),
        {"too-large"},
    ),
    "pdf: 9 MB of saved states": (
        lambda: page_of(HELLO + b"q " * 4_500_000, deflated=1),
        {"too-large", "no-form"},
    ),
    "pdf: 500 MB packed twice": (
        lambda: page_of(b"0 0 m 1 1 l S " * 35_000_000, deflated=2),
        {"too-large"},
    ),
    "pdf: contents that say they are a picture": (
        lambda: page_of(
            b"", more={4: stream(b"0 0 m 1 1 l S " * 7_000_000, b"/Subtype /Image ", deflated=1)}
        ),
        {"too-large"},
    ),
    "pdf: a million points in paths": (
        lambda: page_of(HELLO + (b"0 0 m " + b"1 1 l " * 4_999 + b"S ") * 300, deflated=1),
        {"too-large"},
    ),
    "pdf: five million characters": (
        lambda: page_of(
            b"BT /F 12 Tf 10 10 Td " + b"(Hello 2024) Tj " * 500_000 + b"ET ", deflated=1
        ),
        {"too-large"},
    ),
    "pdf: contents and arrays that do not end": (
        lambda: b"%PDF-1.7\n" + b"/Contents[" * 100_000 + b"obj[" * 100_000,
        {"damaged"},
    ),
    "pdf: a page's contents, with their key spelt out and said to be a picture": (
        lambda: page_of(
            b"", more={4: stream(b"0 0 m 1 1 l S " * 7_000_000, b"/Subtype /Image ", deflated=1)}
        ).replace(b"/Contents", b"/Cont#65nts"),
        {"too-large"},
    ),
    "pdf: 20,000 streams without a length": (
        lambda: b"%PDF-1.7\n" + b"1 0 obj<</Filter[/FlateDecode>>stream\nx endstream\n" * 20_000,
        {"too-large", "damaged"},
    ),
    "pdf: 20,000 streams of ASCII85 without an end": (
        lambda: b"%PDF-1.7\n" + b"1 0 obj<</Filter[/A85/Fl]>>stream\nx endstream\n" * 20_000,
        {"too-large", "damaged"},
    ),
    "pdf: 30,000 marks in each other, in 2 kB": (
        lambda: page_of(HELLO + b"/A <</B 1>> BDC " * 30_000, deflated=1),
        {"too-large"},
    ),
    "pdf: a character that means 250, drawn 20,000 times": (
        lambda: page_of(
            HELLO + b"BT /F 9 Tf " + b"(H) Tj " * 20_000 + b"ET",
            more={
                5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
                6: stream(b"1 beginbfchar <48> <" + b"0041" * 250 + b"> endbfchar"),
            },
        ),
        {"too-large"},
    ),
    "pdf: 300 pages of one picture": (
        lambda: page_of(
            b"300 0 0 300 0 0 cm /I Do",
            resources=b"/XObject << /I 6 0 R >>",
            more={6: stream(b"\xff", b"/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
                            b"/ColorSpace /DeviceGray ")},
            kids=b"3 0 R " * 300,
            count=300,
        ),
        {"too-large", "no-text"},
    ),
    "text: 100,000 characters of dates": (
        lambda: spoken("2024年12月", 100_000),
        {"read", "too-slow"},
    ),
    "text: 100,000 characters of claims": (
        lambda: spoken("申请12件。", 100_000),
        {"read", "too-slow"},
    ),
    "text: what steers a screen, in cells": (
        lambda: whole("text")[0].replace(b"\t0", b"\t\x1b[2J0\x07\xe2\x80\xae"),
        {"read"},
    ),
    "text: one line of 50 MB": (lambda: b"1 2 3 " * 8_500_000, {"too-large"}),
    "text: 100 MB": (lambda: "春水初涨，渡口的船\n".encode() * 3_500_000, {"too-large"}),
    "text: digits without end": (lambda: whole("text")[0] + b"7" * 4_000_000, {"read"}),
    "text: blanks without end for a heading": (
        lambda: re.sub(rb"\xe4\xba\x94\xe3\x80\x81.*", b"7" + b" " * 100_000, whole("text")[5]),
        {"read"},
    ),
    "text: words without end in a table": (
        lambda: whole("text")[5].replace("重复申请".encode(), "一、".encode() * 40_000, 1),
        {"read"},
    ),
    "text: cells without end in a table": (
        lambda: whole("text")[5].replace("重复申请".encode(), b"\t" * 150_000, 1),
        {"read"},
    ),
    "html: an encoding that makes bytes of bytes": (
        lambda: "<meta charset=base64><p>年报".encode(),
        {"no-form"},
    ),
    "html: halves of characters and numbers that are none": (
        lambda: b"<p>&#xD800;&#0;&#x110000;&#99999999999999999999;" + whole("html")[0],
        {"read"},
    ),
    "mhtml: an encoding that refuses everything": (
        lambda: saved(b"<p>x").replace(b"charset=utf-8", b"charset=undefined"),
        {"no-form"},
    ),
    "docx: letters for the number 999,999,999": (
        lambda: _counted("lowerLetter", 999_999_999),
        {"no-form"},
    ),
    "docx: a part outside of it": (_part_outside, {"empty"}),
    "docx: a column as wide as a number of 5,000 digits": (
        lambda: word(
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="{"9" * 5_000}"/></w:tcPr>'
            "<w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        ),
        {"no-form", "too-large"},
    ),
    "xlsx: hidden columns up to the 999,999,999,999th": (
        lambda: packed({
            **WORKBOOKS[0],
            "xl/worksheets/sheet1.xml": (
                f'<worksheet {S}><cols><col min="1" max="999999999999" hidden="1"/></cols>'
                "<sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"
            ).encode(),
        }),
        {"no-form"},
    ),
    "xlsx: a cell in a column of 5,000 letters": (
        lambda: sheet(f'<row><c r="{"A" * 5_000}1"><v>1</v></c></row>'),
        {"no-form", "too-large"},
    ),
    "pdf: a character that means half a character": (
        lambda: page_of(
            HELLO + b"BT /F 9 Tf 9 9 Td (HH) Tj ET",
            more={
                5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
                6: stream(b"1 beginbfchar <48> <D800> endbfchar"),
            },
        ),
        {"no-form"},
    ),
    "picture: two thousand million points each way": (
        lambda: _picture(2**31 - 1, 2**31 - 1),
        {"too-large"},
    ),
    "text: a cell of 200,000 characters in a table of commas": (
        lambda: b'"' + b"a" * 200_000 + b'",1,2\n' + b'"b",2,3\n' * 20,
        {"no-form"},
    ),
    "text: figures with a milliard of zeros": (
        lambda: whole("text")[0].replace(b"\t0", b"\t1E999999999", 9),
        {"read"},
    ),
    "text: tables without end": (lambda: whole("text")[0] * 900, {"read", "too-slow"}),
}  # fmt: skip
"""`format: what it is` -> what makes it, and the code of its failure, or `read`."""

ENDLESS = (
    "docx: 20,000 numbers of 50,000 levels each",
    "xlsx: 100,000 cells of one text of six megabytes",
    "text: tables without end",
)
"""They take all the time there is: `make test` gives them a second, `make thorough` ten."""
SLOW = {
    *ENDLESS,
    "xlsx: four million rows of nothing",
    "zip: a part of a gigabyte",
    "html: 100,000 paragraphs",
    "text: 100,000 characters of dates",
    "text: 100,000 characters of claims",
    "pdf: 20,000 streams without a length",
    "pdf: 20,000 streams of ASCII85 without an end",
}
"""They take long, and a smaller one of each stands beside it or in `tests/test_growth.py`:
`make thorough` tries them."""
