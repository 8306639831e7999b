"""What is made to harm, sent to a server: each is answered, and the next is answered as ever."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.hostile.documents import DOCUMENTS, SLOW
from tests.hostile.requests import CHECK, CLEAN, FILE_BYTES, REQUESTS
from tests.web.server import serving


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving("--jobs", "2", "--queue", "20") as server, server.client() as found:
        yield found


@pytest.fixture(scope="module")
def narrow() -> Iterator[httpx.Client]:
    """Of a server that reads no large documents."""
    with (
        serving("--jobs", "1", "--limit", f"file-bytes={FILE_BYTES}") as server,
        server.client() as found,
    ):
        yield found


@pytest.fixture(scope="module")
def usual(narrow: httpx.Client) -> bytes:
    return narrow.post(CHECK, content=CLEAN).content


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_that_is_made_to_harm_is_answered(
    narrow: httpx.Client, usual: bytes, what: str
) -> None:
    request = REQUESTS[what]
    status, text = request.sent(narrow)
    assert status == request.status, text[:500]
    assert request.says in text
    assert narrow.post(CHECK, content=CLEAN).content == usual


DAILY = 4
"""One in so many documents is sent daily: `tests/test_hostile_input.py` has all of them."""


@pytest.mark.parametrize(
    "what",
    [
        what
        if n % DAILY == 0 and what not in SLOW
        else pytest.param(what, marks=pytest.mark.thorough)
        for n, what in enumerate(DOCUMENTS)
    ],
)
def test_a_document_that_is_made_to_harm_comes_to_what_the_command_says(
    client: httpx.Client, what: str
) -> None:
    made, expected = DOCUMENTS[what]
    answer = client.post(CHECK, params={"name": "case"}, content=made())
    if answer.status_code == 413:
        assert "too-large" in expected
        return
    assert answer.status_code == 200
    found = answer.json()
    codes = {each["code"] for each in found["failures"]} or {"read"}
    assert codes <= expected
    assert len(found["failures"]) + len(found["reports"]) == 1
