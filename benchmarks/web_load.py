"""`python -m benchmarks.web_load`: 200 reports sent to `audit serve` at once, and many in a row.

Mixed formats, each answer compared with what the command prints, to the byte; then the same while a
worker is killed; then, with `--documents N`, what server and workers hold after so many.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
from click.testing import CliRunner

from auditor.cli import main as command
from tests.web.server import SUFFIXES, Server, planted, serving


class Sent(NamedTuple):
    """A document, with what the command says of it."""

    name: str
    content: bytes
    expected: bytes


def sent() -> Iterator[Sent]:
    """Documents of every format, with an error and without."""
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        for kind, suffix in SUFFIXES.items():
            for wrong in (True, False):
                name = f"report-{wrong:d}.{suffix}"
                Path(name).write_bytes(planted(kind, wrong))
                options = ["check", name, "--format", "json", "--lang", "en"]
                said = CliRunner().invoke(command, options)
                yield Sent(name, planted(kind, wrong), said.stdout_bytes)
        os.chdir("/")


def ask(client: httpx.Client, each: Sent) -> tuple[float, bool]:
    """Seconds until the answer, and whether it is the command's; where it is told to come again,
    it does."""
    start = time.perf_counter()
    while True:
        answer = client.post(
            "/api/v1/check", params={"name": each.name}, content=each.content, timeout=600
        )
        if answer.status_code != 503:
            break
        time.sleep(float(answer.headers["retry-after"]))
    return time.perf_counter() - start, answer.content == each.expected


def processes(server: Server) -> list[int]:
    """The server and its workers."""
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return [server.process.pid, *(int(each) for path in tasks for each in path.read_text().split())]


def held(pid: int) -> float:
    """Megabytes of memory that are the process's own."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    private = [line.split()[1] for line in lines if line.startswith(("Private", "Swap:"))]
    return sum(map(int, private)) / 1000


def at_once(
    server: Server, documents: list[Sent], count: int, during: Callable[[], None] = lambda: None
) -> None:
    """So many requests at the same time."""
    limits = httpx.Limits(max_connections=count)
    with (
        httpx.Client(base_url=server.address, limits=limits) as client,
        ThreadPoolExecutor(count) as threads,
    ):
        start = time.perf_counter()
        works = [threads.submit(ask, client, x) for x in islice(cycle(documents), count)]
        during()
        answers = [work.result() for work in works]
        whole = time.perf_counter() - start
    seconds = [each for each, _ in answers]
    wrong = sum(not is_same for _, is_same in answers)
    print(
        f"{count} at once: {wrong} other than the command's, {whole:.1f} s in all "
        f"({count / whole:.1f} a second), p50 {quantiles(seconds)[1]:.1f} s, "
        f"p95 {quantiles(seconds, n=20)[-1]:.1f} s"
    )


def in_a_row(server: Server, documents: list[Sent], count: int, at_a_time: int) -> None:
    """So many documents, some at a time, and the memory that is held as they are done."""
    step = max(count // 10, 1)
    with server.client() as client, ThreadPoolExecutor(at_a_time) as threads:
        for done in range(0, count, step):
            each = islice(cycle(documents), step)
            wrong = sum(not same for _, same in threads.map(lambda x: ask(client, x), each))
            memory = ", ".join(f"{held(pid):.0f}" for pid in processes(server))
            print(f"after {done + step}: {wrong} other, MB of server and workers: {memory}")


def main() -> None:
    """Prints what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at-once", type=int, default=200)
    options.add_argument("--documents", type=int, default=0)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    documents = list(sent())
    with serving("--jobs", str(given.jobs)) as server:
        with server.client() as client:
            alone = [ask(client, each)[0] for each in documents for _ in range(3)]
        print(f"alone: p50 {quantiles(alone)[1]:.2f} s, p95 {quantiles(alone, n=20)[-1]:.2f} s")
        at_once(server, documents, given.at_once)

        def kill() -> None:
            time.sleep(1)
            os.kill(processes(server)[1], signal.SIGKILL)

        print("while a worker is killed:")
        at_once(server, documents, given.at_once, kill)
        if given.documents:
            in_a_row(server, documents, given.documents, 2 * given.jobs)


if __name__ == "__main__":
    main()
