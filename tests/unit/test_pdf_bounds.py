"""PDFs that unfold to far more than they are: weighed from outside, or read where limits end it.

That forms without end are ended is among `tests/test_hostile_input.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from random import Random

import pytest

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers import read
from auditor.readers.limits import call
from auditor.readers.pdf import Cost, estimate_cost
from auditor.readers.pdf.content import Frame
from auditor.readers.pdf.document import read_pages, read_pages_here
from auditor.readers.pdf.glyphs import RawChar, characters
from tests.hostile.reader import end_by
from tests.kit import AGENCIES, consistent_figures
from tests.kit.speed import at_most
from tests.support import form

pytest.importorskip("reportlab")

from tests.pdfs import Style, pdf

REPORT = pdf(form(), consistent_figures(form(), Random(1)), AGENCIES[0], 2023, Random(1), Style())
_TEXT = b"BT /F 10 Tf 100 700 Td (12) Tj ET "
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]"


def stream(body: bytes, words: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    head = b"<<%s/Filter%s/Length %d>>\nstream\n" % (words, filters, len(body))
    return head + body + b"\nendstream"


def swollen(unit: bytes, size: int) -> bytes:
    """`size` bytes of `unit`, as small as they fold."""
    engine = zlib.compressobj(9)
    chunk = unit * (1_000_000 // len(unit))
    parts = [engine.compress(chunk) for _ in range(size // len(chunk))]
    return b"".join([*parts, engine.flush()])


def made(
    content: bytes, resources: bytes = b"", more: tuple[bytes, ...] = (), pages: int = 1
) -> bytes:
    kids = b" ".join(b"%d 0 R" % (20 + page) for page in range(pages))
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        3: content,
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **{5 + index: body for index, body in enumerate(more)},
    }
    for page in range(pages):
        bodies[20 + page] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R"
            b"/Resources<</Font<</F 4 0 R>>/XObject<<%s>>>>>>" % resources
        )
    out = b"%PDF-1.7\n"
    places = {}
    for number in sorted(bodies):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, bodies[number])
    last = max(bodies) + 1
    table = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, last))
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (last, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (last, start)


def nested(times: int, levels: int) -> bytes:
    """Forms that draw the next one several times each."""
    forms = [
        stream(
            zlib.compress(b"/X Do " * times if level + 1 < levels else b"0 0 m 9 0 l S"),
            _FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + level),
        )
        for level in range(levels)
    ]
    return made(stream(zlib.compress(b"/X Do")), b"/X 5 0 R", tuple(forms))


def itself() -> bytes:
    form_ = stream(zlib.compress(b"/X Do /X Do"), _FORM + b"/Resources<</XObject<</X 5 0 R>>>>")
    return made(stream(zlib.compress(b"/X Do")), b"/X 5 0 R", (form_,))


@pytest.mark.parametrize(
    ("made_as", "weight"),
    [
        (lambda: REPORT, Cost.LOW),
        (lambda: made(stream(zlib.compress(_TEXT))), Cost.LOW),
        (lambda: made(stream(swollen(b" ", 100_000_000))), Cost.TOO_LARGE),
        (lambda: made(stream(swollen(b"q ", 100_000_000), b"/Subtype/Image")), Cost.TOO_LARGE),
        (lambda: made(stream(swollen(_TEXT, 1_000_000)), pages=100), Cost.TOO_LARGE),
        (lambda: made(stream(swollen(_TEXT, 9_000_000))), Cost.UNKNOWN),
        (
            lambda: made(
                stream(zlib.compress(swollen(b" ", 9_000_000)), b"", b"[/FlateDecode/FlateDecode]")
            ),
            Cost.UNKNOWN,
        ),
        (lambda: nested(10, 9), Cost.UNKNOWN),
        (lambda: itself(), Cost.UNKNOWN),
        (lambda: made(stream(zlib.compress(_TEXT * 20_000))), Cost.LOW),
        (lambda: made(stream(zlib.compress(_TEXT * 20_000)), pages=2), Cost.UNKNOWN),
    ],
    ids=range(11),
)
def test_a_document_is_weighed_before_it_is_opened(
    made_as: Callable[[], bytes], weight: Cost
) -> None:
    content = made_as()
    with at_most(2):
        assert estimate_cost(content) is weight


def test_many_small_streams_are_weighed_by_what_they_are() -> None:
    """As browsers draw each character of a font."""
    glyph = stream(zlib.compress(b"0 0 500 500 d1 0 0 m 9 0 l 9 9 l f"))
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % (100 + n, glyph) for n in range(600))
    assert estimate_cost(made(stream(zlib.compress(_TEXT))) + numbered) is Cost.LOW


def test_what_unfolds_to_too_much_is_refused() -> None:
    with pytest.raises(InputError) as error:
        read(Document("x.pdf", made(stream(swollen(b" ", 100_000_000)))))
    assert (error.value.code, error.value.place) == ("too-large", "x.pdf")


def test_read_apart_it_is_the_same() -> None:
    document = Document("x.pdf", REPORT)
    assert call(read_pages_here, document, place="x.pdf") == read_pages_here(document)


def test_errors_from_apart_are_the_same() -> None:
    with pytest.raises(InputError) as error:
        call(read_pages_here, Document("x.pdf", b"%PDF-1.7\n"), place="x.pdf")
    assert (error.value.code, error.value.place) == ("damaged", "x.pdf")
    assert error.value.hint


@pytest.mark.parametrize(
    ("ended_by", "code", "said"),
    [
        ("SIGSEGV", "crashed", "SIGSEGV"),
        ("SIGXCPU", "too-large", "10 seconds"),
        ("SIGABRT", "too-large", "1,000 MB"),
        ("MemoryError", "too-large", "1,000 MB"),
        ("InputError", "damaged", "itself"),
    ],
)
def test_a_process_that_died_of_no_limit_is_not_called_slow(
    ended_by: str, code: str, said: str
) -> None:
    with pytest.raises(InputError) as error:
        call(end_by, ended_by, place="x.pdf")
    assert (error.value.code, error.value.place) == (code, "x.pdf")
    assert said in error.value.message


def test_a_defect_apart_is_the_same_defect_here() -> None:
    with pytest.raises(KeyError) as error:
        call(end_by, "KeyError", place="x.pdf")
    assert "end_by" in error.value.__notes__[0]


def test_a_form_within_a_form_is_read() -> None:
    (page,) = read_pages(Document("x.pdf", nested(3, 3)))
    assert len(page[1].horizontal) == 9


def test_a_line_of_one_character_without_end_is_read_in_linear_time() -> None:
    raw = [
        RawChar("7", x, 100.0, x, 99.0, x + 0.8, 105.0, 5.0, 0)
        for x in (index * 0.9 for index in range(40_000))
    ]
    with at_most(3):
        found = characters([*raw, *raw], Frame(0, 0, 600, 800, 0))
    assert len(found) == 40_000
