"""The server as people start it, and documents for it with an error that is known."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import httpx
import uvicorn

from auditor.model.form import Address
from auditor.readers import Limits
from auditor.web.answers import Answers
from auditor.web.app import Serving, application
from auditor.web.guard import LOOPBACK
from auditor.web.jobs import Jobs
from auditor.web.uploads import most_bytes
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.pdfs import Style, pdf
from tests.support import form, library

WRONG = "applications/granted/total"
"""The cell in which the planted error stands."""
YEAR = 2024


class Server(NamedTuple):
    """A server that runs."""

    address: str
    """Without the slash at its end."""
    process: subprocess.Popen[str]

    def client(self) -> httpx.Client:
        """What asks it."""
        return httpx.Client(base_url=self.address, timeout=120)


@contextmanager
def serving(*options: str, language: str = "en") -> Iterator[Server]:
    """`audit serve` with these options, on a port that is free."""
    program = Path(sys.executable).with_name("audit")
    with subprocess.Popen(
        [program, "serve", "--port", "0", "--lang", language, *options],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            found = re.search(r"http://\S+?(?=/[;\s])", said)
            assert found, said
            yield Server(found[0], process)
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def serving_here() -> Iterator[str]:
    """The application in this process, in a thread of its own; its address. Workers are not here,
    for what runs threads is not forked."""
    limits = Limits()
    jobs = Jobs(Answers(library(), limits), 1, 120, 20, 2 * most_bytes(limits))
    served = application(jobs, Serving("en", True, limits, LOOPBACK))
    server = uvicorn.Server(uvicorn.Config(served, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            jobs.close()


@cache
def planted(kind: str, wrong: bool = True, year: int = YEAR) -> bytes:
    """A report in a format (one of `SUFFIXES`), with one error in it or none."""
    blank = form()
    figures = dict(consistent_figures(blank, Random(3)))
    if wrong:
        figures[Address.parse(WRONG)] += 6
    given = (blank, figures, AGENCIES[0], year, Random(3))
    match kind:
        case "text":
            return next(iter(LAYOUTS.values()))(*given).encode()
        case "html":
            return web_page(next(iter(WEB_PAGES)), *given)
        case "docx":
            return word_document(*given)
        case "xlsx":
            return workbook(*given, sheets=False)
        case _:
            return pdf(*given, Style())


SUFFIXES = {"text": "txt", "html": "html", "docx": "docx", "xlsx": "xlsx", "pdf": "pdf"}
