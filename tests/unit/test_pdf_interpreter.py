"""Drawing instructions are cut into the words into which pdfminer cuts them, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF, PSSyntaxError
from pdfminer.psparser import PSKeyword

from auditor.readers.pdf import interpreter
from auditor.readers.pdf.interpreter import _Operator

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
        for each in interpreter._objects(interpreter._TOKEN.findall(content)):
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
    if interpreter._UNUSUAL.isdisjoint(interpreter._TOKEN.findall(content)):
        assert told(by_pattern(content)) == told(by_pdfminer(content))


@pytest.mark.parametrize(
    "content", [b"(a(b)c) Tj", b"(a", b"/A#20B gs", b"{ 1 }", b"BI /W 1 /H 1 ID x EI Q"]
)
def test_what_is_seldom_is_left_to_pdfminer(content: bytes) -> None:
    assert not interpreter._UNUSUAL.isdisjoint(interpreter._TOKEN.findall(content))
