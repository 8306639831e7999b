# ruff: noqa: E501
"""Files made to harm: each is read or refused within seconds and some hundred megabytes."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import ceil
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.errors import InputError
from auditor.findings import verdict_of
from auditor.model.finding import Verdict
from auditor.model.report import Number
from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from auditor.readers import Limits, read
from tests.fuzz.seeds import packed, whole
from tests.fuzz.small import WORDS
from tests.hostile.documents import DOCUMENTS, ENDLESS, SLOW, P, W, sheet
from tests.kit.speed import at_most, slowness
from tests.support import library, unburdened

DEFAULT = Limits()
SECONDS = 12.0
"""Of processor time: the ten of a document, and what it takes to say so; most take less than one.
A slow machine gets more, as `slowness` says."""
MEMORY = 1_500_000_000
"""Of addresses, of which a document may hold a billion."""


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Fails what takes more time or memory than a document may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, hard))
    try:
        with unburdened(), at_most(seconds):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def answer(content: bytes, limits: Limits = DEFAULT) -> str:
    """The code with which a document is refused, or `read`; a slow machine takes its time."""
    code = _answer(content, limits)
    if code == "too-slow" and (times := slowness()) > 1.1:
        code = _answer(content, replace(limits, seconds=ceil(limits.seconds * times)))
    return code


def _answer(content: bytes, limits: Limits) -> str:
    with bounded(limits.seconds + SECONDS - DEFAULT.seconds):
        try:
            audit(Document("case", content), library(), limits=limits)
        except InputError as error:
            assert error.hint
            return error.code
    return "read"


@pytest.mark.parametrize(
    "what", [pytest.param(w, marks=pytest.mark.thorough) if w in SLOW else w for w in DOCUMENTS]
)
def test_what_is_made_to_harm_is_read_or_refused_in_time(what: str) -> None:
    made, expected = DOCUMENTS[what]
    assert answer(made()) in expected


IMPATIENT = replace(DEFAULT, seconds=1)


# The clock may ring while Python collects what is left over; then it rings once more.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("what", ENDLESS)
def test_what_takes_too_long_is_refused_when_its_time_is_up(what: str) -> None:
    assert _answer(DOCUMENTS[what][0](), IMPATIENT) in ("too-slow", "too-much-memory")


LARGE = replace(DEFAULT, text_bytes=100_000_000, seconds=20)
"""Four times the text that is usually read at most, and twice the time: it takes some ten seconds."""


@pytest.mark.thorough
def test_a_line_of_20_megabytes_is_read_where_limits_allow_it() -> None:
    assert answer(whole("text")[0] + b"1 2 3 " * 3_500_000, LARGE) == "read"


@pytest.mark.parametrize("rows", [3_000, pytest.param(15_000, marks=pytest.mark.thorough)])
def test_a_table_of_thousands_of_rows_is_read_in_seconds(rows: int) -> None:
    row = "<tr><td>第{}项" + "<td>7" * 8
    page = whole("html")[-1].decode()
    more = "".join(row.format(number) for number in range(rows))
    assert answer(page.replace("</table>", more + "</table>", 1).encode()) == "read"


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port and the callers that it has had."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def take() -> None:
            while not done.is_set():
                try:
                    connection, caller = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                callers.append(caller)

        done = threading.Event()
        thread = threading.Thread(target=take)
        thread.start()
        yield server.getsockname()[1], callers
        done.set()
        thread.join()


def test_nothing_outside_a_document_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("OPENSESAME")
    with listening() as (port, callers):
        for target in (secret.as_uri(), f"http://127.0.0.1:{port}/x"):
            outside = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{target}">'
            document = (
                f"{outside}]><w:document {W}><w:body>{P.format('a&s;')}</w:body></w:document>"
            )
            named = f'<!DOCTYPE x SYSTEM "{target}">'
            page = f'{named}<html><link rel=stylesheet href="{target}"><iframe src="{target}"></iframe><p>x'
            for content in (
                packed({**WORDS[0], "word/document.xml": document.encode()}),
                packed(
                    {
                        **WORDS[0],
                        "word/document.xml": document.replace(outside + "]>", named).encode(),
                    }
                ),
                sheet("<row><c><v>&s;</v></c><c><v>1</v></c></row>", outside + "]>"),
                page.encode(),
            ):
                try:
                    assert "OPENSESAME" not in str(read(Document("case", content)))
                except InputError as error:
                    assert "OPENSESAME" not in str(error)
    assert callers == []


KINDS = ("text", "html", "mhtml", "docx", "xlsx", "pdf")
NOTHING = {
    "no bytes": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "the mark of UTF-16": b"\xff\xfe",
    "white space": b" \r\n\t\x0b\x0c " * 100,
    "white space after a mark": b"\xef\xbb\xbf \n",
    "wide white space": "\u3000\u00a0\u2003\n".encode(),
    "zeros": bytes(1_000),
}


@pytest.mark.parametrize("what", NOTHING)
@pytest.mark.parametrize(
    "start", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0"]
)
def test_a_file_of_nothing_is_refused(what: str, start: bytes) -> None:
    assert answer(start + NOTHING[what]) != "read"


@cache
def _figures(kind: str) -> dict[str, object]:
    _, report = read_report(Document("whole", whole(kind)[-1]), library())
    entries = report.entries.items()
    return {str(box): each.value for box, each in entries if isinstance(each.value, Number)}


@pytest.mark.parametrize(
    "sixteenth",
    [pytest.param(n, marks=pytest.mark.thorough) if n % 3 else n for n in range(16)],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_off_is_never_clean_and_no_figure_of_it_is_wrong(
    kind: str, sixteenth: int
) -> None:
    content = whole(kind)[-1]
    document = Document("case", content[: len(content) * sixteenth // 16])
    with bounded():
        try:
            audited = audit(document, library())
        except InputError:
            return
    read_as = {
        str(address): entry.value
        for address, entry in audited.report.entries.items()
        if isinstance(entry.value, Number)
    }
    wrong = {box: figure for box, figure in read_as.items() if figure != _figures(kind).get(box)}
    assert wrong == {}
    if len(read_as) < len(_figures(kind)):
        assert verdict_of(audited) is not Verdict.CLEAN
