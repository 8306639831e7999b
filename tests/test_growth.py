"""Ten times as much in a document takes some ten times as long, or is refused by its count.

For every reader and everything in a document that may be many; and for every word list by which
sentences are read, whichever reader of sentences there is.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import Limits
from tests.fuzz.seeds import packed, saved
from tests.fuzz.small import WORDS, WORKBOOKS
from tests.hostile.documents import S, W, sheet, spoken, word
from tests.hostile.pdf import HELLO, page_of, stream
from tests.kit.speed import slowness
from tests.support import EXAMPLES, form, library, unburdened

SIZES = (1_000, 10_000, 100_000)
MOST_TIMES = 25
"""Times as long that ten times as much may take: linear work, a sort in it, a busy machine."""
SECONDS = 30
"""Of the processor that anything may take: thrice a document's budget; more on a slow machine."""
NOISE = 1.0
"""Seconds below which nothing is said of growth."""
PATIENT = replace(Limits(), seconds=120)
"""So that it is measured how long what is too slow takes."""


def cost_of(content: bytes, limits: Limits = PATIENT) -> tuple[float, str]:
    """Seconds of the processor that a document takes, none of them for collecting garbage, those
    of processes in which it is read included; and what comes of it."""
    gc.disable()
    begun = _spent()
    try:
        audit(Document("case", content), library(), limits=limits)
        came_to = "read"
    except InputError as error:
        came_to = error.code
    finally:
        gc.enable()
    return _spent() - begun, came_to


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _least_cost(content: bytes, most: float) -> tuple[float, str]:
    """The least of up to three costs, where what is just above the most may be the machine's."""
    least = cost_of(content)
    for _ in range(2):
        if most <= least[0] < 2 * most:
            least = min(least, cost_of(content))
    return least


def assert_linear(made: Callable[[int], bytes], sizes: tuple[int, ...] = SIZES) -> None:
    library()
    with unburdened():
        cost_of(made(10))
        costs: list[tuple[int, float, str]] = []
        for size in sizes:
            most = max(NOISE, MOST_TIMES * costs[-1][1]) if costs else float("inf")
            costs.append((size, *_least_cost(made(size), most)))
    for (_, before, _), (_, after, came_to) in pairwise(costs):
        assert after < SECONDS or after < SECONDS * slowness(), costs
        assert after < max(NOISE, MOST_TIMES * before), costs
        assert came_to not in ("too-slow", "too-much-memory"), costs


def _page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def _styled(rules: str, body: str = "<p class=a>1</p>" * 50) -> bytes:
    return _page(body, f"<style>p{{display:none}}{rules}</style>")


def _parts(**more: bytes) -> bytes:
    named = {f"word/{name}.xml": content for name, content in more.items()}
    return packed({**WORDS[0], **named})


def _styles(inner: str) -> bytes:
    return _parts(styles=f"<w:styles {W}>{inner}</w:styles>".encode())


def _book(**more: bytes) -> bytes:
    return packed({**WORKBOOKS[0], **{f"xl/{name}.xml": content for name, content in more.items()}})


def _chained(count: int) -> str:
    """Styles that are each based on the next."""
    return "".join(
        f'<w:style w:styleId="H{n or ""}"><w:basedOn w:val="H{n + 1}"/></w:style>'
        for n in range(count)
    )


_PART = b"--b\r\nContent-Type: text/%s\r\nContent-Location: http://x/%d\r\n\r\n%s\r\n"
_HIDDEN = '<col min="9" max="9" hidden="1"/>'
_CELL = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"
GROWN: dict[str, Callable[[int], bytes]] = {
    "text: lines": lambda n: "第1项 12 件\n".encode() * n,
    "text: one line": lambda n: "春水12，".encode() * n,
    "text: cells in a row": lambda n: b"1\t" * n,
    "text: rows": lambda n: b"1\t2\t3\n" * n,
    "text: bars": lambda n: b"| 1 | 2 |\n" * n,
    "text: commas": lambda n: b"1,2,3\n" * n,
    "text: quotes": lambda n: b'"1,' * n,
    "text: tables as HTML": lambda n: b"<table><tr><td>1</td></tr></table>\n" * (n // 10),
    "text: tables that do not end": lambda n: b"<table>\n" * n,
    "text: Markdown": lambda n: "**第**#1*_`".encode() * n,
    "text: blank lines": lambda n: b"\n \n" * n + b"1",
    "text: reports": lambda n: (EXAMPLES / "clean.txt").read_bytes() * (n // 1_000),
    "html: paragraphs": lambda n: _page("<p>1</p>" * n),
    "html: nested": lambda n: _page("<div>" * n + "1"),
    "html: inline": lambda n: _page("<p>" + "<b>1</b>" * n),
    "html: rows": lambda n: _page("<table>" + "<tr><td>1<td>2" * n),
    "html: cells": lambda n: _page("<table><tr>" + "<td>1" * n),
    "html: tables": lambda n: _page("<table><tr><td>1</table>" * n),
    "html: spans": lambda n: _page("<table><tr>" + "<td rowspan=9 colspan=9>1" * n),
    "html: attributes": lambda n: _page("<p " + "".join(f"a{k}=1 " for k in range(n)) + ">1"),
    "html: classes": lambda n: _styled(".a{display:none}", f"<p class='{'a ' * n}'>1"),
    "html: comments": lambda n: b"<!--x-->" * n + _page("1"),
    "html: entities": lambda n: _page("&nbsp;&amp;" * n),
    "html: open brackets": lambda n: _page("<" * n),
    "html: styles": lambda n: _page("".join("<p style='display:none'>1" for _ in range(n))),
    "html: rules of a sheet": lambda n: _styled(".a .b>.c{display:none}" * n),
    "html: selectors of a rule": lambda n: _styled(".a, " * n + ".a{display:none}"),
    "html: classes of a selector": lambda n: _styled(".a" * n + "{display:none}"),
    "html: descendants of a selector": lambda n: _styled(".a " * n + "{display:none}"),
    "html: nested selectors": lambda n: _styled(":not(" * n + "{display:none}"),
    "html: nested blocks": lambda n: _styled("@media screen{" * n),
    "html: open strings of a sheet": lambda n: _styled("{'" * n),
    "html: media queries": lambda n: _page("1", f"<style media='{'(a)and ' * n}'>p{{}}</style>"),
    "html: imports": lambda n: _styled("@import url(a);" * n),
    "mhtml: lines": lambda n: saved(b"<p>1\n" * n),
    "mhtml: parts": lambda n: saved(b"<p>1") + b"".join(
        _PART % (b"css", k, b"p{display:none}") for k in range(n)
    ),
    "mhtml: pages": lambda n: saved(b"<p>1") + b"".join(
        _PART % (b"html", k, b"<p>1") for k in range(n)
    ),
    "mhtml: headers": lambda n: b"X: 1\r\n" * n + saved(b"<p>1"),
    "mhtml: parameters": lambda n: b'Content-Type: multipart/related; boundary="b"'
    + b"; a=1" * n + b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>1\r\n--b--",
    "mhtml: nested": lambda n: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (k, k) for k in range(n)
    ),
    "docx: paragraphs": lambda n: word("<w:p><w:r><w:t>1</w:t></w:r></w:p>" * n),
    "docx: runs": lambda n: word(f"<w:p>{'<w:r><w:t>1</w:t></w:r>' * n}</w:p>"),
    "docx: rows": lambda n: word(f"<w:tbl>{f'<w:tr>{_CELL}{_CELL}</w:tr>' * n}</w:tbl>"),
    "docx: cells": lambda n: word(f"<w:tbl><w:tr>{_CELL * n}</w:tr></w:tbl>"),
    "docx: tables": lambda n: word(f"<w:tbl><w:tr>{_CELL}</w:tr></w:tbl>" * n),
    "docx: tables in tables": lambda n: word(
        f"<w:tbl><w:tr><w:tc>{f'<w:tbl><w:tr>{_CELL}</w:tr></w:tbl>' * n}</w:tc></w:tr></w:tbl>"
    ),
    "docx: nested tables": lambda n: word(
        "<w:tbl><w:tr><w:tc>" * n + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * n
    ),
    "docx: text boxes": lambda n: word(
        f"<w:p><w:r>{'<w:txbxContent><w:p><w:r><w:t>1</w:t></w:r></w:p></w:txbxContent>' * n}"
        "</w:r></w:p>"
    ),
    "docx: fields": lambda n: word(
        f"""<w:p>{'<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * n}</w:p>"""
    ),
    "docx: web pages": lambda n: word('<w:altChunk xmlns:r="r" r:id="x"/>' * n),
    "docx: styles": lambda n: _styles(_chained(n)),
    "docx: parts": lambda n: _parts(**{f"x{k}": b"" for k in range(n)}),
    "xlsx: rows": lambda n: sheet("<row><c><v>1</v></c></row>" * n),
    "xlsx: cells": lambda n: sheet(f"<row>{'<c><v>1</v></c>' * n}</row>"),
    "xlsx: formulas": lambda n: sheet(
        "".join(f"<row><c><f>SUM(A1:A{k + 1})</f><v>1</v></c></row>" for k in range(n))
    ),
    "xlsx: one formula": lambda n: sheet(f"<row><c><f>{'A1+' * n}A1</f><v>1</v></c></row>"),
    "xlsx: brackets of a formula": lambda n: sheet(f"<row><c><f>{'(' * n}</f><v>1</v></c></row>"),
    "xlsx: merged cells": lambda n: sheet(
        "<row><c><v>1</v></c></row></sheetData><mergeCells>"
        + '<mergeCell ref="A1:B2"/>' * n
        + "</mergeCells><sheetData>"
    ),
    "xlsx: hidden columns": lambda n: packed({
        **WORKBOOKS[0],
        "xl/worksheets/sheet1.xml": (
            f"<worksheet {S}><cols>{_HIDDEN * n}</cols>"
            f'<sheetData>{"<row><c><v>1</v></c></row>" * (n // 10)}</sheetData></worksheet>'
        ).encode(),
    }),
    "xlsx: shared strings": lambda n: _book(
        sharedStrings=f"<sst {S}>{'<si><t>1</t></si>' * n}</sst>".encode()
    ),
    "xlsx: runs of a string": lambda n: _book(
        sharedStrings=f"<sst {S}><si>{'<r><t>1</t></r>' * n}</si></sst>".encode()
    ),
    **{
        f"xlsx: a number format of {sign}": (
            lambda n, sign=sign: packed({  # type: ignore[misc]
                **WORKBOOKS[0],
                "xl/_rels/workbook.xml.rels": WORKBOOKS[0]["xl/_rels/workbook.xml.rels"].replace(
                    b"</Rel", b'<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Rel'
                ),
                "xl/styles.xml": (
                    f'<styleSheet {S}><numFmts><numFmt numFmtId="200" formatCode="{sign * n}"/>'
                    '</numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
                ).encode(),
            })
        )
        for sign in ("[", "0,", "#", "[&lt;1]", ";", "\\", "_", ".0", "y")
    },
    "pdf: characters": lambda n: page_of(HELLO + b"BT /F 9 Tf 9 9 Td (12) Tj ET " * n),
    "pdf: characters of a line": lambda n: page_of(b"BT /F 9 Tf (" + b"1 " * n + b") Tj ET"),
    "pdf: rules": lambda n: page_of(HELLO + b"0 0 m 9 9 l S " * n),
    "pdf: boxes": lambda n: page_of(
        HELLO + b"".join(b"%d %d 9 9 re S " % (k % 250, k // 250 % 250) for k in range(n))
    ),
    "pdf: saved states": lambda n: page_of(HELLO + b"q " * n),
    "pdf: objects": lambda n: page_of(HELLO, more={10 + k: b"<<>>" for k in range(n)}),
    "pdf: pages": lambda n: page_of(HELLO, kids=b"3 0 R " * n, count=n),
    "pdf: pieces of contents": lambda n: page_of(HELLO, more={3: (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents [" + b"4 0 R " * n + b"] "
        b"/Resources << /Font << /F 5 0 R >> >> >>"
    )}),
    "pdf: fonts": lambda n: page_of(HELLO, resources=b"/A <<" + b"/F 5 0 R " * n + b">>"),
    "pdf: marked content": lambda n: page_of(HELLO + b"/A BMC EMC " * n),
    "pdf: nested marked content": lambda n: page_of(HELLO + b"/A <</B 1>> BDC " * n),
    "pdf: mapped characters": lambda n: page_of(HELLO, more={
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        6: stream(b"beginbfchar " + b"<48> <0041> " * n + b"endbfchar"),
    }),
    **{
        f"pdf: {unit.decode()!r} without end": (
            lambda n, unit=unit: b"%PDF-1.7\n" + unit * n  # type: ignore[misc]
        )
        for unit in (
            b"/Contents[", b"obj[", b"1 0 obj", b"1 0 obj<<", b"/Filter[", b"xref", b"(", b"[",
        )
    },
}  # fmt: skip
"""`reader: what is many` -> a document with so many."""


@pytest.mark.parametrize("sizes", [SIZES[:2], pytest.param(SIZES, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("what", GROWN)
def test_reading_ten_times_as_much_takes_ten_times_as_long(
    what: str, sizes: tuple[int, ...]
) -> None:
    assert_linear(GROWN[what], sizes)


UNMEASURED = (
    b"1 0 obj<</Filter/FlateDecode>>stream\nx endstream ",
    b"1 0 obj<</Filter[/ASCII85Decode/FlateDecode]>>stream\nx endstream ",
)
"""Streams without a length, for whose end PDFium looks in all of the file that follows."""


@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("unit", UNMEASURED)
def test_what_takes_the_square_of_time_is_refused_when_a_documents_time_is_up(
    unit: bytes, count: int
) -> None:
    with unburdened():
        cost, came_to = cost_of(b"%PDF-1.7\n" + unit * count, Limits())
    assert came_to in ("damaged", "too-large", "too-slow")
    most = 3 if count == 3_000 else Limits().seconds + 5
    assert cost < most or cost < most * slowness()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)


@cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Every list of words by which sentences are read, as the form has them."""
    wordings = form().wordings
    lists: dict[str, tuple[str, ...]] = {}
    for field in fields(wordings):
        value = getattr(wordings, field.name)
        if isinstance(value, Struct):
            for own in fields(value):
                lists[f"{field.name} {own.name}"] = tuple(_texts(getattr(value, own.name)))
            continue
        for number, each in enumerate(value):
            if isinstance(each, Struct):
                for own in fields(each):
                    words = tuple(_texts(getattr(each, own.name)))
                    key = getattr(each, "key", number)
                    lists[f"{field.name} {key} {own.name}"] = words
            elif isinstance(each, tuple):
                lists[f"{field.name} {each[0]}"] = tuple(_texts(each))
            else:
                lists.setdefault(field.name, tuple(_texts(value)))
    return {name: words for name, words in lists.items() if words}


FRAGMENTS = (
    "2024年12月", "12件", "12件，", "12", "十", "百分之五", "5%，", "，", "。", "、", "（",
    "（一）",
    "“", "一、", "其中：甲12件、乙3件，", "同比增长5%，", "分别为1件、2件，", "申请12件。",
    "〔2024〕1号",
    "《条例》", "第12条", "2024-12-31", "；", "：", "12.5万元", "人民政府", "http://a.cn/",
    "——", "…",
    "同比增长5%，其中12件", "共12件，占5%；", "1件、", "２０２４年", "二〇二四年十二月",
)  # fmt: skip
"""Of which signs, dates and figures sentences are made."""


@pytest.mark.parametrize("sizes", [SIZES[:2], pytest.param(SIZES, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_sentences_of_ten_times_the_length_take_ten_times_as_long(
    fragment: str, sizes: tuple[int, ...]
) -> None:
    assert_linear(partial(spoken, fragment), sizes)


def test_claims_in_one_sentence_that_the_table_refutes_take_linear_time() -> None:
    """Each is compared with what the others in its sentence add up to."""
    before, sentence, after = (
        (EXAMPLES / "clean.txt").read_text(encoding="utf-8").partition("本年新收政府信息公开申请")
    )
    assert_linear(
        lambda n: (
            before + "，".join(f"{sentence}{k % 40 + 1}件" for k in range(n)) + after
        ).encode(),
        SIZES[:2],
    )


FIRST = {name.partition(" ")[0]: name for name in reversed(vocabulary())}
"""A word list of each sort: the others differ from it in their words."""


@pytest.mark.parametrize(
    "name",
    [
        name if name in FIRST.values() else pytest.param(name, marks=pytest.mark.thorough)
        for name in vocabulary()
    ],
)
def test_sentences_of_every_word_list_take_linear_time(name: str) -> None:
    words = vocabulary()[name]
    for fragment in (
        "".join(words),
        "".join(f"{each}12件，" for each in words),
        "".join(f"12件{each}。" for each in words),
    ):
        assert_linear(partial(spoken, fragment), SIZES[:2])
