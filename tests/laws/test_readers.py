"""Law: readers raise only `InputError`, whatever the bytes."""

from __future__ import annotations

import contextlib
from functools import cache
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.pipeline import audit
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.law import law
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.support import form, library


def _audited_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        audit(Document("anything", content), library())


@law(50, 150, st.binary(max_size=400))
def test_arbitrary_bytes_are_audited_or_refused(content: bytes) -> None:
    _audited_or_refused(content)


@law(50, 150, st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_arbitrary_text_in_any_encoding_is_audited_or_refused(text: str, encoding: str) -> None:
    _audited_or_refused(text.encode(encoding, "replace"))


@law(
    20,
    60,
    st.sampled_from(sorted(LAYOUTS)),
    st.integers(0, 1000),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=5)), max_size=8),
)
def test_a_report_with_bytes_struck_out_or_in_is_audited_or_refused(
    name: str, seed: int, strokes: list[tuple[float, bytes]]
) -> None:
    rng = Random(seed)
    figures = consistent_figures(form(), rng)
    content = LAYOUTS[name](form(), figures, AGENCIES[0], 2024, rng).encode()
    for at, stroke in strokes:
        place = int(at * len(content))
        content = content[:place] + stroke + content[place + rng.randint(0, 6) :]
    _audited_or_refused(content)


@cache
def _documents() -> tuple[bytes, ...]:
    rng = Random(5)
    given = (form(), consistent_figures(form(), rng), AGENCIES[0], 2024, rng)
    pages = (web_page(style, *given) for style in WEB_PAGES)
    return (*pages, word_document(*given), workbook(*given))


def _struck(content: bytes, strokes: list[tuple[float, bytes]]) -> bytes:
    for at, stroke in strokes:
        place = int(at * len(content))
        content = content[:place] + stroke + content[place + len(stroke) // 2 :]
    return content


_STROKES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.binary(max_size=5)
        | st.sampled_from([b"<table>", b"</w:tc>", b"&#0;", b'"', b"99999999"]),
    ),
    max_size=8,
)


@law(20, 60, st.integers(0, len(WEB_PAGES) + 1), _STROKES)
def test_a_document_with_bytes_struck_out_or_in_is_audited_or_refused(
    number: int, strokes: list[tuple[float, bytes]]
) -> None:
    _audited_or_refused(_struck(_documents()[number], strokes))


@law(20, 60, st.integers(len(WEB_PAGES), len(WEB_PAGES) + 1), st.integers(0, 30), _STROKES)
def test_a_document_with_a_damaged_part_is_audited_or_refused(
    number: int, part: int, strokes: list[tuple[float, bytes]]
) -> None:
    stream = BytesIO()
    with ZipFile(BytesIO(_documents()[number])) as whole, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        names = [name for name in whole.namelist() if name.endswith((".xml", ".rels"))]
        for name in names:
            content = whole.read(name)
            new.writestr(name, _struck(content, strokes) if names.index(name) == part else content)
    _audited_or_refused(stream.getvalue())
