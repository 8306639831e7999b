"""Requests made to harm `audit serve`: how each is sent, and the status with which it is answered.

Each is sent to a server that runs (`tests/web/test_hostile.py`); a line here is a line of the table
in docs/security.md, after `python -m tests.hostile.table`.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx

from tests.support import EXAMPLES

CLEAN = (EXAMPLES / "clean.txt").read_bytes()
CHECK = "/api/v1/check"
FILE_BYTES = 2_000_000
"""What the server reads at most of a document."""
_PART = b'--x\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n\r\n'
_FORM = {"content-type": "multipart/form-data; boundary=x"}


class Request(NamedTuple):
    """One way to harm by a request, and what must come of it."""

    sent: Callable[[httpx.Client], tuple[int, str]]
    """The status of the answer, and its text."""
    status: int
    says: str
    """What the answer must have: the words of the table in docs/security.md."""


def _check(**given: object) -> Callable[[httpx.Client], tuple[int, str]]:
    return _asked("POST", CHECK, **given)


def _asked(method: str, path: str, **given: object) -> Callable[[httpx.Client], tuple[int, str]]:
    def send(client: httpx.Client) -> tuple[int, str]:
        answer = client.request(method, path, **given)  # type: ignore[arg-type]
        return answer.status_code, answer.text

    return send


def _raw(head: bytes, body: bytes = b"") -> Callable[[httpx.Client], tuple[int, str]]:
    """Bytes as they are, where no client would send them."""

    def send(client: httpx.Client) -> tuple[int, str]:
        place = ("127.0.0.1", client.base_url.port or 0)
        with socket.create_connection(place, timeout=60) as connection:
            connection.sendall(head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body)
            answer = b""
            while b"\r\n\r\n" not in answer and (more := connection.recv(65_536)):
                answer += more
        return int(answer.split()[1]), answer.decode(errors="replace")

    return send


def _without_end() -> Iterator[bytes]:
    for _ in range(60):
        yield b"x" * 100_000


def _endless(client: httpx.Client) -> tuple[int, str]:
    try:
        answer = client.post(CHECK, content=_without_end())
    except httpx.TransportError:  # closed while it was still sent, which is as good
        return 413, "at most"
    return answer.status_code, answer.text


def _many(parts: int, name: str) -> bytes:
    part = f'--x\r\nContent-Disposition: form-data; name="{name}"{{}}\r\n\r\n1\r\n'
    return part.format('; filename="a"' if name == "document" else "").encode() * parts + b"--x--"


_HOST = b"POST /api/v1/check HTTP/1.1\nHost: localhost\n"

REQUESTS: dict[str, Request] = {
    "http: no body": Request(_check(), 400, "there is no document"),
    "http: a body larger than is read": Request(
        _check(content=b"x" * (FILE_BYTES + 1_000_001)), 413, "at most"
    ),
    "http: a body without end": Request(_endless, 413, "at most"),
    "http: a length below zero": Request(_raw(_HOST + b"Content-Length: -1"), 400, ""),
    "http: two lengths": Request(
        _raw(_HOST + b"Content-Length: 1\nContent-Length: 2", b"xx"), 400, ""
    ),
    "http: a header of a megabyte": Request(_raw(_HOST + b"X: " + b"x" * 1_000_000), 400, ""),
    "http: an address of a megabyte": Request(
        _raw(b"GET /?" + b"x" * 1_000_000 + b" HTTP/1.1\nHost: localhost"), 400, ""
    ),
    "http: no host": Request(_raw(b"GET / HTTP/1.1"), 400, ""),
    "http: another host": Request(
        _check(content=CLEAN, headers={"host": "evil.example"}), 421, "under this name"
    ),
    "http: a page of another site": Request(
        _check(content=CLEAN, headers={"origin": "https://evil.example"}), 403, "another site"
    ),
    "http: a page of another site, as the browser says": Request(
        _check(content=CLEAN, headers={"sec-fetch-site": "cross-site"}), 403, "another site"
    ),
    "http: a form without a boundary": Request(
        _check(content=CLEAN, headers={"content-type": "multipart/form-data"}), 400, "not whole"
    ),
    "http: a form that is cut off": Request(
        _check(content=_PART + CLEAN + b"\r\n" + _PART + CLEAN[:99], headers=_FORM),
        400,
        "not whole",
    ),
    "http: a form that is none": Request(
        _check(content=b"\x00" * 1_000, headers=_FORM), 400, "not whole"
    ),
    "http: a form of 10,000 files": Request(
        _check(content=_many(10_000, "document"), headers=_FORM), 400, "not whole"
    ),
    "http: a form of 10,000 fields": Request(
        _check(content=_many(10_000, "lang"), headers=_FORM), 400, "not whole"
    ),
    "http: a part with a header of a megabyte": Request(
        _check(content=b"--x\r\n" + b"X" * 1_000_000 + b": y\r\n\r\n", headers=_FORM),
        400,
        "not whole",
    ),
    "http: a field of two megabytes": Request(
        _check(data={"lang": "z" * 2_000_000}, files={"document": CLEAN}), 422, "one of"
    ),
    "http: the fields of a web form": Request(_check(data={"document": "x"}), 415, "multipart"),
    "http: a body packed by gzip": Request(
        _check(content=gzip.compress(b"0" * 9_000_000), headers={"content-encoding": "gzip"}),
        200,
        '"code": "archive"',
    ),
    "http: a name that is a path": Request(
        _check(content=CLEAN, params={"name": "../../etc/passwd"}), 200, '"name": "passwd"'
    ),
    "http: a name of two lines": Request(
        _check(content=CLEAN, params={"name": "a\r\nSet-Cookie: b"}), 200, "a[U+000D][U+000A]Set"
    ),
    "http: a name that turns text round": Request(
        _check(content=CLEAN, params={"name": "\u202etxt.exe"}), 200, "[U+202E]txt.exe"
    ),
    "http: a name that is markup": Request(
        _check(content=CLEAN, params={"name": "<script>1", "format": "html"}), 200, "&lt;script&gt;"
    ),
    "http: an address to be fetched": Request(
        _check(content=CLEAN, params={"url": "http://127.0.0.1/"}), 422, "no parameter url"
    ),
    "http: a format that is a path": Request(
        _check(content=CLEAN, params={"format": "../../x"}), 422, "one of"
    ),
    "http: a file beside what pages refer to": Request(
        _asked("GET", "/static/..%2f..%2fapp.py"), 404, "Not Found"
    ),
    "http: a cell entered that was read for sure": Request(
        _asked(
            "POST", "/", files={"document": CLEAN}, data={"cell:applications/granted/total": "1"}
        ),
        422,
        "no cell that is in doubt",
    ),
    "http: a report of last year that is none": Request(
        _check(files=[("document", ("a.txt", CLEAN)), ("previous", ("b.pdf", b"%PDF-"))]),
        422,
        "b.pdf",
    ),
    "http: a method that nothing has": Request(_asked("TRACE", "/"), 405, "Method Not Allowed"),
}  # fmt: skip
