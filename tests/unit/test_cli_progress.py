"""Many documents: worked on by several processes, interrupted, and watched, all the same output."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import process
from auditor.cli.config import Settings
from auditor.cli.work import Work
from auditor.cli.workers import Workers
from auditor.model.finding import Failure
from auditor.model.source import Document
from tests.support import ROOT

AUDIT = [sys.executable, "-m", "auditor"]
EXAMPLES = ("clean.txt", "three-mistakes.txt", "damaged-layout.txt")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of nine reports, more than the processes take at once, and one file that is none."""
    for index in range(9):
        name = EXAMPLES[index % 3]
        (tmp_path / f"{index:02}-{name}").write_bytes((ROOT / "examples" / name).read_bytes())
    (tmp_path / "07-none.txt").write_text("no report", encoding="utf-8")
    return tmp_path


def audit(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "AUDIT_LANG": "en"}
    return subprocess.run([*AUDIT, *arguments], cwd=folder, env=environment, capture_output=True)


@pytest.mark.parametrize("form", ["json", "jsonl", "terminal"])
def test_several_processes_write_what_one_writes(many: Path, form: str) -> None:
    alone = audit("check", ".", "--format", form, "--jobs", "1", folder=many)
    together = audit("check", ".", "--format", form, "--jobs", "3", folder=many)
    assert alone.returncode == together.returncode == 1
    assert together.stdout == alone.stdout
    assert together.stderr == alone.stderr


def test_what_was_read_is_the_same_from_several_processes(many: Path) -> None:
    alone, together = (audit("read", ".", "--format", "json", "-j", n, folder=many) for n in "12")
    assert together.stdout == alone.stdout


def _dies(document: Document) -> Failure:
    if document.name == "deadly":
        os._exit(9)
    return Failure(document.name, None, None, "judged", "")


def test_a_document_that_kills_its_worker_takes_no_other_with_it() -> None:
    names = ["a", "b", "deadly", "c", "unopened", "d", "e"]

    def given() -> Iterator[Work | Failure]:
        for name in names:
            if name == "unopened":
                yield Failure(name, None, None, "unreadable", "")
            else:
                yield Work(Document(name, b""), Settings(), _dies, "en")

    found = [made for _, made in Workers().over(given(), 2, lambda: True)]
    assert [made.name for made in found] == names
    expected = {"deadly": "crashed", "unopened": "unreadable"}
    assert [made.code for made in found] == [expected.get(name, "judged") for name in names]


def _repeated(document: Document) -> bytes:
    return document.content * 2


def test_documents_and_answers_that_no_pipe_holds_keep_nobody_waiting() -> None:
    sizes = [3_000_000, 10, 5_000_000, 0, 4_000_000, 2_000_000, 1]
    works = [Work(Document(str(n), bytes(n)), Settings(), _repeated, "en") for n in sizes]
    found = [len(made) for _, made in Workers().over(works, 2, lambda: True)]
    assert found == [2 * each for each in sizes]


_MET: list[str] = []


def _met(document: Document) -> list[str]:
    _MET.append(document.name)
    return list(_MET)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_is_asked_again_stands_in_its_place_and_is_for_the_worker_that_had_it(
    jobs: int,
) -> None:
    _MET.clear()
    works = [Work(Document(str(n), b""), Settings(), _met, "en") for n in range(40)]

    def again(given: Work | Failure, made: Any) -> Work | None:
        assert isinstance(given, Work)
        name = given.document.name
        if made[-1] != name or int(name) % 3:
            return None
        return Work(Document(f"{name} again", b""), Settings(), _met, "en")

    for number, (given, made) in enumerate(Workers().over(works, jobs, lambda: True, again)):
        assert given is works[number]
        name = f"{number} again" if number % 3 == 0 else str(number)
        assert made[-1] == name and str(number) in made


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_leaves_whole_output_and_says_how_far_it_came(
    many: Path, jobs: str
) -> None:
    for index in range(300):
        name = f"more-{index:03}.txt"
        (many / name).write_bytes((ROOT / "examples/damaged-layout.txt").read_bytes())
    environment = {**os.environ, "AUDIT_LANG": "en"}
    command = [*AUDIT, "check", ".", "--format", "jsonl", "--jobs", jobs]
    out = many.parent / f"{many.name}-{jobs}.jsonl"
    with out.open("wb") as stream:
        running = subprocess.Popen(
            command, cwd=many, env=environment, stdout=stream, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 300
        while not out.stat().st_size and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=300)
    assert running.returncode == 130
    done = len([json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()])
    assert 0 < done < 310
    assert f"interrupted: {done} of 310 documents done" in told.decode()
    assert "Traceback" not in told.decode()


def test_a_bar_is_drawn_for_a_person_only_and_leaves_nothing_behind(many: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "AUDIT_LANG": "en"}
    running = subprocess.Popen(
        [*AUDIT, "check", ".", "--format", "jsonl", "-j", "1"],
        cwd=many,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    assert running.stdout is not None
    with running.stdout as stream:
        lines = stream.read().decode().splitlines()
    seen = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    assert running.wait(timeout=300) == 1
    assert len([json.loads(line) for line in lines]) == 10
    assert b"/10" in seen
    watched_by_nobody = audit("check", ".", "--format", "jsonl", "-j", "1", folder=many)
    assert b"/10" not in watched_by_nobody.stderr


def screen(seen: str) -> list[str]:
    """The lines that a terminal shows in the end for what was written to it, colours aside."""
    lines, column = [""], 0
    for part in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", seen):
        if part == "\n":
            lines.append("")
        elif part == "\r":
            column = 0
        elif part == "\x1b[2K":
            lines[-1] = ""
        elif not part.startswith("\x1b"):
            lines[-1] = lines[-1][:column] + part + lines[-1][column + len(part) :]
            column += len(part)
    return [line.rstrip() for line in lines]


def test_at_a_terminal_the_bar_stands_below_the_text_and_never_in_it(many: Path) -> None:
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 80))
    environment = {**os.environ, "TERM": "xterm", "AUDIT_LANG": "en", "NO_COLOR": "1"}
    running = subprocess.Popen(
        [*AUDIT, "check", ".", "-j", "1"], cwd=many, env=environment, stdout=slave, stderr=slave
    )
    os.close(slave)
    seen = b""
    with suppress(OSError):  # the terminal is gone once nobody writes to it
        while piece := os.read(master, 4096):
            seen += piece
    os.close(master)
    assert running.wait(timeout=300) == 1
    text = seen.decode()
    # Drawn before the first report is done, and again below each but the last.
    assert [f"{done}/10" in text for done in range(10)] == [True] * 10
    alone = audit("check", ".", "-j", "1", folder=many)
    shown = [line for line in screen(text) if line]
    apart = [line.rstrip() for line in alone.stdout.decode().splitlines() if line.rstrip()]
    failures = [line for line in alone.stderr.decode().splitlines() if line]
    assert [line for line in shown if line not in failures] == apart
    assert not [line for line in failures if line not in shown]


def test_an_end_that_was_dropped_when_it_was_raised_is_raised_at_the_next_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python drops what a signal's handler raises while something is being finalised."""
    progress = process.Progress(3, False, "stopping")
    progress.step()
    monkeypatch.setattr(process, "_endings", [signal.SIGTERM])
    with pytest.raises(process.Ended) as ended:
        progress.step()
    assert ended.value.code == 128 + signal.SIGTERM
    assert progress.done == 1
