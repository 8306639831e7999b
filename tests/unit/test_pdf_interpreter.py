"""What pdfminer and pdfplumber make of a PDF, made in less time: word by word, character by
character and cell by cell the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF, PSException, PSSyntaxError
from pdfminer.psparser import LIT, PSKeyword
from pdfplumber.table import TableFinder

from auditor.readers.pdf import interpreter
from auditor.readers.pdf.content import Edge
from auditor.readers.pdf.interpreter import Resources, _Operator
from auditor.readers.pdf.table_finder import merged, tables
from auditor.readers.pdf.tokens import TOKEN, FileObjects, FileParser, Operands
from tests.kit import AGENCIES, consistent_figures
from tests.support import form
from tests.unit.test_readers_pdf import STYLES

pytest.importorskip("reportlab")

from tests.pdfs import pdf

WORDS = [
    *(b"1", b"-2.5", b".5", b"4.", b"1.2.3", b"+", b"-", b"--3", b"5-3"),
    *(b"(ab)", rb"(a\)b)", rb"(\101\7z\q)", b"(a\\\nb)", b"<4142>", b"<414>", b"<>", b"< 4 1 >"),
    *(b"[", b"]", b"<<", b">>", b">", b"/A", b"/", b"/A.b", b"/\xff", b"%c\n", b"\x00"),
    *(b"true", b"false", b"null", b"q", b"T*", b"'", b'"', b"f*", b"*", b";", b"a1b"),
    *(b"/P <</MCID 0>> BDC", b"1 0 0 1 5 5 cm", b"[(a) -120 (b)] TJ"),
]


def by_pdfminer(content: bytes) -> list[Any]:
    found: list[Any] = []
    parser = PDFContentParser([PDFStream({}, content)])
    while True:
        try:
            found.append(parser.nextobject()[1])
        except PSEOF:
            return found
        except PSSyntaxError:
            return [*found, PSSyntaxError]


def by_pattern(content: bytes) -> list[Any]:
    found: list[Any] = []
    try:
        for each in interpreter._objects(TOKEN.findall(content), Operands()):
            found.append(each)
    except PSSyntaxError:
        found.append(PSSyntaxError)
    return found


def told(objects: list[Any]) -> list[Any]:
    """The objects, instructions marked as such whichever way they are told from strings."""
    return [
        ("does", each.name if isinstance(each, PSKeyword) else bytes(each))
        if isinstance(each, PSKeyword | _Operator)
        else each
        for each in objects
    ]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([b" ", b"\n", b"\r\n", b""]))))
def test_the_words_are_those_of_pdfminer(words: list[tuple[bytes, bytes]]) -> None:
    content = b"".join(word + space for word, space in words) + b"\n"
    if interpreter._UNUSUAL.isdisjoint(TOKEN.findall(content)):
        assert told(by_pattern(content)) == told(by_pdfminer(content))


@pytest.mark.parametrize(
    "content", [b"(a(b)c) Tj", b"(a", b"/A#20B gs", b"{ 1 }", b"BI /W 1 /H 1 ID x EI Q"]
)
def test_what_is_seldom_is_left_to_pdfminer(content: bytes) -> None:
    assert not interpreter._UNUSUAL.isdisjoint(TOKEN.findall(content))


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([b" ", b"\n", b""]))))
def test_the_words_of_a_file_are_those_of_pdfminer(words: list[tuple[bytes, bytes]]) -> None:
    content = b"".join(word + space for word, space in [*words, (b"(a(b)c) /A#20x {", b"\n")])
    assert tokens_of(FileParser(BytesIO(content))) == tokens_of(PDFParser(BytesIO(content)))


def tokens_of(parser: PDFParser) -> list[Any]:
    found: list[Any] = []
    try:
        while True:
            found.append(parser.nexttoken())
    except PSEOF:
        return found


OBJECTS = [
    b"<</A[1 2 0 R<41>(b\\()]/B null/C<</D/E#20>>>>",
    b"[1 0 R R]",
    b"<</Length 3>>stream\nabc\nendstream",
    b"<</A>>",
    b"[1",
    b"true",
    b"1 2",
    b"(endobj)",
]


@pytest.mark.parametrize("body", OBJECTS)
def test_an_object_of_a_file_is_that_of_pdfminer(body: bytes) -> None:
    objects = b"1 0 obj <</Type/Catalog>> endobj\n2 0 obj " + body + b"\nendobj\n3 0 obj 7 endobj\n"
    content = b"%PDF-1.4\n" + objects + b"trailer\n<</Root 1 0 R>>\n"
    expected = object_of(lambda: PDFDocument(PDFParser(BytesIO(content))))
    assert object_of(lambda: FileObjects(content)) == expected


def object_of(document: Callable[[], PDFDocument]) -> str:
    """The second object, or what hinders."""
    try:
        return repr(document().getobj(2))
    except (PDFException, PSException) as error:
        return type(error).__name__


@pytest.mark.parametrize("style", STYLES)
def test_what_is_drawn_is_what_pdfminer_lays_out(style: str) -> None:
    figures = consistent_figures(form(), Random(1))
    content = pdf(form(), figures, AGENCIES[0], 2023, Random(1), STYLES[style])
    resources, own = PDFResourceManager(), Resources()
    pages = PDFPage.create_pages(PDFDocument(PDFParser(BytesIO(content))))
    ours = PDFPage.create_pages(FileObjects(content))
    for page, our in zip(pages, ours, strict=True):
        device = PDFPageAggregator(resources)
        PDFPageInterpreter(resources, device).process_page(page)
        items = list(leaves(device.get_result()))
        chars, shapes = interpreter.drawn_on(our, own)
        assert chars
        assert chars == [
            (each.get_text(), *each.matrix[:2], *each.matrix[4:], *each.bbox, each.size)
            for each in items
            if isinstance(each, LTChar)
        ]
        assert [(shape.kind, shape.box) for shape in shapes] == [
            (type(each).__name__.removeprefix("LT").lower(), each.bbox)
            for each in items
            if isinstance(each, LTCurve)
        ]


def leaves(container: LTContainer[Any]) -> Iterator[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from leaves(item)
        else:
            yield item


_PLACES = st.integers(0, 30).map(lambda place: place * 1.5)
_EDGES = st.lists(st.tuples(_PLACES, _PLACES, _PLACES), max_size=14).map(
    lambda edges: [Edge(at, *sorted(ends)) for at, *ends in edges if abs(ends[0] - ends[1]) > 1]
)


@given(_EDGES, _EDGES)
def test_tables_are_those_of_pdfplumber(across: list[Edge], down: list[Edge]) -> None:
    edges = [
        *({"object_type": "line", "orientation": "h", "x0": start, "x1": end, "top": at,
           "bottom": at, "width": end - start, "height": 0} for at, start, end in across),
        *({"object_type": "line", "orientation": "v", "x0": at, "x1": at, "top": start,
           "bottom": end, "width": 0, "height": end - start} for at, start, end in down),
    ]  # fmt: skip
    page: Any = SimpleNamespace(bbox=(0, 0, 100, 100), edges=edges)
    expected = [table.cells for table in TableFinder(page).tables]
    assert tables(merged(across), merged(down)) == expected


@pytest.mark.parametrize("subtype", ["Type1", "TrueType", "Type3"])
def test_codes_that_no_map_explains_mean_what_the_encoding_says(subtype: str) -> None:
    spec = {
        "Subtype": LIT(subtype),
        "Encoding": {"Differences": [65, LIT("B"), LIT("nobody")]},
        "ToUnicode": PDFStream({}, b"1 beginbfchar <43> <0044> endbfchar"),
        "FontDescriptor": {"FontBBox": [0, 0, 1, 1]},
        "FontMatrix": [0.001, 0, 0, 0.001, 0, 0],
    }
    own, expected = (each.get_font(None, spec) for each in (Resources(), PDFResourceManager()))
    codes = range(256)
    said = [interpreter.said_by(own, code) for code in codes]
    assert said == [interpreter.said_by(expected, code) for code in codes]
    assert (said[65], said[66], said[0x43], said[1]) == ("B", "B", "D", "(cid:1)")
