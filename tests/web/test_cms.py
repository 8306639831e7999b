"""The example of a publishing hook refuses what must not be published."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import EXAMPLES
from tests.web.server import planted, serving

TOKEN = "of the system"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("--token", TOKEN, "--jobs", "1") as server:
        yield server.address


def hook(path: Path, address: str, token: str = TOKEN) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, EXAMPLES / "cms" / "publish_hook.py", path],
        env={**os.environ, "AUDIT_SERVER": address, "AUDIT_TOKEN": token},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_only_a_report_without_findings_is_published(address: str, tmp_path: Path) -> None:
    for name, content, code, said in (
        ("good.docx", planted("docx", wrong=False), 0, "may be published"),
        ("wrong.docx", planted("docx"), 1, "is 4128, should be 4122"),
        ("torn.pdf", b"%PDF-1.7", 3, "[damaged]"),
    ):
        (tmp_path / name).write_bytes(content)
        found = hook(tmp_path / name, address)
        assert found[0] == code and said in found[1], found


def test_without_an_answer_nothing_is_published(address: str, tmp_path: Path) -> None:
    report = EXAMPLES / "clean.txt"
    assert hook(report, address, "another")[0] == 2
    assert hook(report, "http://127.0.0.1:9")[0] == 2
