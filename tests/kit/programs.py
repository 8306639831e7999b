"""Documents in, PDF out: the programs that offices use to make them, run as offices run them.

`MissingProgram` says what to install. A program has a profile of its own, so that it neither finds
nor disturbs one that a person has open, and a limit of time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kit.printed import kept

LIMIT = 400
"""Seconds."""
_AT_ONCE = 40
"""Documents given to one start of LibreOffice."""

OFFICE = ("soffice", "libreoffice")
BROWSER = ("chromium", "chromium-browser", "google-chrome", "chrome")
PACKAGES = {
    OFFICE: "libreoffice-writer-nogui libreoffice-calc-nogui",
    BROWSER: "chromium",
}


class MissingProgram(RuntimeError):
    """A program that is not installed; the message names the packages that bring it."""


def find(names: Sequence[str]) -> str:
    """The path of the first of some programs that is there. Raises `MissingProgram`."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    packages = PACKAGES.get(tuple(names), names[0])
    raise MissingProgram(f"{names[0]} is not installed: apt-get install {packages}")


def by_office(documents: Mapping[str, bytes], suffix: str = "docx") -> dict[str, bytes]:
    """Each document as LibreOffice exports it, by name; many of them in one start."""
    program = find(OFFICE)
    printed: dict[str, bytes] = {}
    names = list(documents)
    for first in range(0, len(names), _AT_ONCE):
        batch = names[first : first + _AT_ONCE]
        with TemporaryDirectory() as folder:
            at = Path(folder)
            (at / "in").mkdir()
            places = {name: at / "in" / f"{i}.{suffix}" for i, name in enumerate(batch)}
            for name, place in places.items():
                place.write_bytes(documents[name])
            _run(
                [
                    program,
                    f"-env:UserInstallation={(at / 'profile').as_uri()}",
                    *("--headless", "--norestore", "--convert-to", "pdf"),
                    *("--outdir", str(at / "out"), *map(str, places.values())),
                ]
            )
            for name, place in places.items():
                printed[name] = (at / "out" / f"{place.stem}.pdf").read_bytes()
    return printed


def by_browser(page: bytes, with_headers: bool = False) -> bytes:
    """A web page as Chromium prints it, with or without date, title and page number around it."""
    program = find(BROWSER)
    return kept(program, page, lambda: _browser_print(program, page, with_headers), with_headers)


def _browser_print(program: str, page: bytes, with_headers: bool) -> bytes:
    with TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "page.html").write_bytes(page)
        _run(
            [
                program,
                *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                *("--disable-sync", "--disable-dev-shm-usage"),
                f"--user-data-dir={at / 'profile'}",
                *(() if with_headers else ("--no-pdf-header-footer",)),
                f"--print-to-pdf={at / 'page.pdf'}",
                (at / "page.html").as_uri(),
            ]
        )
        return (at / "page.pdf").read_bytes()


def by_weasyprint(page: bytes) -> bytes:
    """A web page as WeasyPrint prints it. Raises `MissingProgram` where its libraries are not."""
    try:
        from weasyprint import HTML
    except OSError as missing:
        packages = "libpango-1.0-0 libpangoft2-1.0-0"
        raise MissingProgram(f"Pango is not installed: apt-get install {packages}") from missing

    found = HTML(string=page.decode()).write_pdf()
    assert isinstance(found, bytes)
    return found


def _run(command: Sequence[str]) -> None:
    """Run a program to its end; what it started ends with it."""
    started = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        code = started.wait(LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        raise
    if code:
        raise subprocess.CalledProcessError(code, list(command))
