"""Who gets an answer, within which limits, and what is left of a document: nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.web.server import Server, planted, serving

DOCUMENT = planted("text", wrong=False)
SECRET = "9c1f0b7e-nobody-may-keep-this"


def test_pages_of_other_sites_get_no_answer_and_neither_do_other_names() -> None:
    with serving() as server, server.client() as client:
        host = client.base_url.netloc.decode()
        own = {"origin": f"http://{host}"}
        for headers, status in (
            ({}, 200),
            (own, 200),
            ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
            ({"origin": "http://evil.example"}, 403),
            ({"origin": "null"}, 403),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({**own, "sec-fetch-site": "same-site"}, 403),
            ({"host": "evil.example"}, 421),
            ({"host": f"127.0.0.1.evil.example:{client.base_url.port}"}, 421),
            ({"host": "localhost:1"}, 200),
        ):
            answer = client.post("/api/v1/check", content=DOCUMENT, headers=headers)
            assert answer.status_code == status, headers
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert "set-cookie" not in answer.headers
            assert "access-control-allow-origin" not in answer.headers


def test_a_token_is_asked_for_where_one_is_set() -> None:
    with serving("--token", "open sesame") as server, server.client() as client:
        for headers, status in (
            ({}, 401),
            ({"authorization": "Bearer open"}, 401),
            ({"authorization": "Basic ###"}, 401),
            ({"authorization": "Bearer open sesame"}, 200),
        ):
            answer = client.post("/api/v1/check", content=DOCUMENT, headers=headers)
            assert answer.status_code == status, headers
        assert client.get("/").headers["www-authenticate"].startswith("Basic")
        assert client.get("/", auth=("anyone", "open sesame")).status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/metrics").status_code == 401


def test_a_larger_body_is_refused_and_read_no_further() -> None:
    with serving("--limit", "file-bytes=20000") as server, server.client() as client:
        most = 20_000 + 1_000_000
        announced = client.post("/api/v1/check", content=b"x" * (most + 1))
        assert announced.status_code == 413

        def chunks() -> Iterator[bytes]:
            for _ in range(200):
                yield b"x" * 100_000

        with suppress(httpx.TransportError):  # closed while it was still sent
            unannounced = client.post("/api/v1/check", content=chunks())
            assert unannounced.status_code == 413
        beyond = client.post("/api/v1/check", content=b"x" * 30_000).json()
        assert [each["code"] for each in beyond["failures"]] == ["too-large"]
        assert client.get("/healthz").status_code == 200


def test_more_than_the_queue_holds_is_told_to_come_again_and_then_is_answered() -> None:
    with serving("--queue", "3", "--jobs", "1") as server, server.client() as client:
        parted = b"x" * 10
        waiting = []
        for _ in range(3):  # bodies that do not come
            connection = socket.create_connection(("127.0.0.1", client.base_url.port or 0))
            head = b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"
            connection.sendall(head + parted)
            waiting.append(connection)
        wait_for(client, "audit_requests_in_hand 3.0")
        start = time.monotonic()
        refused = client.post("/api/v1/check", content=DOCUMENT)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"
        assert time.monotonic() - start < 5
        for connection in waiting:
            connection.close()
        wait_for(client, "audit_requests_in_hand 0.0")
        assert client.post("/api/v1/check", content=DOCUMENT).status_code == 200


def test_what_takes_too_long_by_the_clock_is_ended_and_the_next_is_read(tmp_path: Path) -> None:
    """A worker that is stopped by a signal is one that never comes back."""
    with serving("--deadline", "5", "--jobs", "1") as server, server.client() as client:
        assert client.post("/api/v1/check", content=DOCUMENT).json()["reports"]
        (worker,) = children(server)
        os.kill(worker, signal.SIGSTOP)
        late = client.post("/api/v1/check", content=DOCUMENT).json()
        assert [each["code"] for each in late["failures"]] == ["too-slow"]
        assert client.post("/api/v1/check", content=DOCUMENT).json()["reports"]
        assert children(server) != [worker]
        assert "audit_workers_started 2.0" in client.get("/metrics").text


def test_what_nobody_waits_for_any_more_is_let_go() -> None:
    with serving("--jobs", "1", "--deadline", "300") as server, server.client() as client:
        (worker,) = children(server)
        os.kill(worker, signal.SIGSTOP)
        length = f"Content-Length: {len(DOCUMENT)}\r\n\r\n"
        head = "POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\n" + length
        asking = []
        for _ in range(4):
            connection = socket.create_connection(("127.0.0.1", client.base_url.port or 0))
            connection.sendall(head.encode() + DOCUMENT)
            asking.append(connection)
        wait_for(client, "audit_requests_in_hand 4.0")
        for connection in asking[1:]:
            connection.close()
        wait_for(client, "audit_requests_in_hand 1.0")
        os.kill(worker, signal.SIGCONT)
        assert asking[0].recv(12) == b"HTTP/1.1 200"
        asking[0].close()
        wait_for(client, "audit_requests_in_hand 0.0")
        assert "audit_document_seconds_count 1.0" in client.get("/metrics").text


def wait_for(client: httpx.Client, line: str) -> None:
    """Until the server counts that."""
    end = time.monotonic() + 30
    while line not in client.get("/metrics").text:
        assert time.monotonic() < end, line


def test_a_worker_that_is_killed_costs_no_other_request() -> None:
    with serving("--jobs", "2") as server, server.client() as client:
        expected = client.post("/api/v1/check", content=planted("docx")).content

        def ask(_: int) -> bytes:
            return client.post("/api/v1/check", content=planted("docx")).content

        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(ask, range(8))
            time.sleep(0.2)
            os.kill(children(server)[0], signal.SIGKILL)
            other = [each for each in answers if each != expected]
        assert len(other) <= 1


def test_nothing_of_a_document_is_left_on_disk_or_in_the_log(tmp_path: Path) -> None:
    """All files that the server opens for writing are looked for, and its folder of temporary ones
    is one in which nothing can be made."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    log = tmp_path / "log"
    env = {**os.environ, "TMPDIR": str(closed), "AUDIT_LANG": "en"}
    program = Path(sys.executable).with_name("audit")
    content = DOCUMENT + f"\n{SECRET}\n".encode()
    with log.open("w") as stream:
        process = subprocess.Popen(
            [program, "serve", "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env=env,
            cwd=tmp_path,
        )
    try:
        end = time.monotonic() + 30
        while not log.read_text():
            assert time.monotonic() < end
            time.sleep(0.05)
        address = log.read_text().split()[2].rstrip(";")
        before = set(tmp_path.rglob("*"))
        with httpx.Client(base_url=address, timeout=60) as client:
            files = {"document": (f"{SECRET}.txt", content + b" " * 2_000_000)}
            assert client.post("/api/v1/check", files=files).status_code == 200
            opened = [os.readlink(each) for each in Path(f"/proc/{process.pid}/fd").iterdir()]
            assert [each for each in opened if "tmp" in each and "log" not in each] == []
            assert client.post("/", files=files, data={"lang": "zh"}).status_code == 200
        assert set(tmp_path.rglob("*")) == before
        assert SECRET not in log.read_text()
    finally:
        process.terminate()
        assert process.wait(20) == 143


def test_names_are_names_and_never_paths() -> None:
    with serving() as server, server.client() as client:
        for given, name in (
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\someone\\report.docx", "report.docx"),
            ("a\x00b.txt", "a[U+0000]b.txt"),
            ("a\r\nSet-Cookie: x", "a[U+000D][U+000A]Set-Cookie: x"),
            ("\u202etxt.exe", "[U+202E]txt.exe"),
            ("..", ".."),
            ("x" * 500, "x" * 200),
        ):
            asked = client.post("/api/v1/check", params={"name": given}, content=DOCUMENT)
            assert asked.json()["reports"][0]["source"]["name"] == name


def test_where_others_can_reach_it_that_is_said() -> None:
    program = Path(sys.executable).with_name("audit")
    with subprocess.Popen(
        [program, "serve", "--host", "0.0.0.0", "--port", "0", "--lang", "en"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = "".join(process.stderr.readline() for _ in range(3))
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert "careful" in said and "no --token is set" in said


def test_a_port_that_is_taken_is_said() -> None:
    program = Path(sys.executable).with_name("audit")
    with serving() as server:
        port = server.address.rpartition(":")[2]
        done = subprocess.run([program, "serve", "--port", port], capture_output=True, text=True)
    assert done.returncode == 2
    assert port in done.stderr


def children(server: Server) -> list[int]:
    """The processes that read for it."""
    found = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return [int(each) for path in found for each in path.read_text().split()]


@pytest.mark.parametrize("module", ["starlette", "uvicorn", "prometheus_client", "auditor.web"])
def test_a_command_that_serves_nothing_imports_nothing_of_it(module: str) -> None:
    code = (
        "import sys; from auditor.cli import main; from auditor.cli.check import check;"
        f"sys.exit({module!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
