"""Whatever a document raises is its own failure: one row, in every format, and no other's end."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.cli.config import Settings
from auditor.cli.session import AuditPlan, RuleSelection
from auditor.cli.work import Work, run_plan
from auditor.cli.workers import Workers
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import READERS, Limits
from auditor.reporters import REPORTERS
from tests.fuzz.seeds import whole
from tests.hostile.reader import RAISED, read_raising
from tests.kit.command import run
from tests.support import EXAMPLES, library

RTF = b"{\\rtf1 "


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a report before and behind a document that raises."""
    monkeypatch.setitem(READERS, "application/rtf", "tests.hostile.reader:read_raising")
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "c.txt"):
        (tmp_path / name).write_bytes((EXAMPLES / "clean.txt").read_bytes())
    return tmp_path


@pytest.mark.parametrize("kind", RAISED)
def test_what_a_reader_raises_is_a_failure_of_its_kind_and_the_others_are_audited(
    folder: Path, kind: str
) -> None:
    (folder / "b.rtf").write_bytes(RTF + kind.encode())
    result = run("check", "--format", "jsonl", "a.txt", "b.rtf", "c.txt")
    first, failure, last = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 3
    assert first["verdict"] == last["verdict"] == "clean"
    assert failure["code"] == "internal-error"
    assert kind in failure["message"] and "our fault" in failure["message"]
    assert "SECURITY.md" in failure["message"]


def test_a_document_that_asks_too_much_memory_is_no_defect(folder: Path) -> None:
    (folder / "b.rtf").write_bytes(RTF + b"MemoryError")
    result = run("check", "--format", "jsonl", "a.txt", "b.rtf", "c.txt")
    first, failure, last = map(json.loads, result.stdout.splitlines())
    assert (result.exit_code, failure["code"]) == (3, "out-of-memory")
    assert first["verdict"] == last["verdict"] == "clean"
    assert "our fault" not in failure["message"]


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_is_whole_and_has_the_failure(folder: Path, name: str) -> None:
    (folder / "b.rtf").write_bytes(RTF + b"AssertionError")
    result = run("check", "--output", f"{name}=out", "a.txt", "b.rtf", "c.txt")
    assert result.exit_code == 3
    assert "b.rtf" in result.stderr and "AssertionError" in result.stderr
    written = (folder / "out").read_bytes()
    if name in ("json", "sarif", "gitlab"):
        assert json.loads(written)
    if name not in ("terminal", "xlsx"):
        assert b"AssertionError" in written


def test_a_report_of_last_year_that_raises_is_a_wrong_argument(folder: Path) -> None:
    for raised in ("KeyError", "SIGSEGV"):
        (folder / "b.rtf").write_bytes(RTF + raised.encode())
        result = run("check", "a.txt", "--previous", "b.rtf")
        assert result.exit_code == 2 and raised in result.stderr


def test_a_command_over_one_report_ends_with_3(folder: Path) -> None:
    for command in (
        ["explain", "b.rtf", "applications/granted/total"],
        ["fix", "--dry-run", "b.rtf"],
    ):
        for raised in ("KeyError", "SIGSEGV"):
            (folder / "b.rtf").write_bytes(RTF + raised.encode())
            result = run(*command)
            assert result.exit_code == 3 and raised in result.stderr


def test_a_defect_outside_any_document_is_told_and_is_no_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("x")

    monkeypatch.setattr("auditor.cli.session.width_of_output", broken)
    result = run("check", "a.txt")
    assert result.exit_code == 3
    assert "LookupError" in result.stderr and "our fault" in result.stderr


def _audit() -> AuditPlan:
    return AuditPlan(library(), RuleSelection(None, {}), False, Limits(), ())


def _document(kind: str) -> Document:
    content = (EXAMPLES / "clean.txt").read_bytes() if kind == "txt" else whole(kind)[0]
    return Document(f"report.{kind}", content)


def _plan(document: Document) -> Failure:
    if document.name != "hostile":
        return Failure(document.name, None, None, "judged", "")
    read_raising(document, Limits())
    raise AssertionError


def _unpicklable(document: Document) -> object:
    return lambda: document


@pytest.mark.parametrize("kind", [*RAISED, "InputError", "MemoryError"])
def test_the_same_comes_of_it_in_another_process(kind: str) -> None:
    def works() -> Iterator[Work]:
        for name in ("a", "hostile", "b"):
            yield Work(Document(name, kind.encode()), Settings(), _plan, "en")

    found = [made for _, made in Workers().over(works(), 2, lambda: True)]
    first, failure, last = found
    assert first.code == last.code == "judged"
    codes = {"InputError": "damaged", "MemoryError": "out-of-memory"}
    assert failure.code == codes.get(kind, "internal-error")


@pytest.mark.usefixtures("thread")
def test_a_worker_that_is_a_new_process_answers_as_one_that_is_forked() -> None:
    reports = [Work(_document(kind), Settings(), _audit(), "en") for kind in ("txt", "docx")]
    apart = [made for _, made in Workers().over(reports, 2, lambda: True)]
    assert [made.report for made in apart] == [
        run_plan(work.document, work.plan, work.language).report for work in reports
    ]


def test_forms_and_checks_are_not_sent_and_are_those_of_the_library() -> None:
    plan = _audit()
    ((_, made),) = Workers().over([Work(_document("txt"), Settings(), plan, "en")], 2, lambda: True)
    form = plan.library.form("cn-goi-annual/2021")
    assert made.form is form
    checks = plan.library.checks(form.id)
    assert all(any(outcome.check is check for check in checks) for outcome in made.outcomes[:20])


@pytest.mark.parametrize("names", [[], ["a.txt", "c.txt"]])
def test_a_crash_of_native_code_is_one_failure_and_no_end_of_the_run(
    folder: Path, names: list[str]
) -> None:
    (folder / "b.rtf").write_bytes(RTF + b"SIGSEGV")
    result = run("check", "--format", "jsonl", "--jobs", "1", *names[:1], "b.rtf", *names[1:])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 3
    crashed = rows.pop(len(names) // 2)
    assert crashed["code"] == "crashed" and "SIGSEGV" in crashed["message"]
    assert [row["verdict"] for row in rows] == ["clean"] * len(names)


@pytest.mark.parametrize(
    ("signal", "said"), [("SIGSEGV", "SIGSEGV"), ("SIGKILL", "memory"), ("SIGXCPU", "SIGXCPU")]
)
def test_a_worker_that_died_is_told_by_how_it_died(signal: str, said: str) -> None:
    work = Work(Document("hostile", signal.encode()), Settings(), _plan, "en")
    ((_, made),) = Workers().over([work], 2, lambda: True)
    assert made.code == "crashed" and said in made.message


def _sleeping(document: Document) -> str:
    """Waits for ever in one document, and works for four seconds in others."""
    if document.content == b"hang":
        threading.Event().wait()
    if document.content == b"work":
        end = time.process_time() + 4
        while time.process_time() < end:
            pass
    if document.content == b"child":
        code = "import time\nend = time.process_time() + 4\nwhile time.process_time() < end: pass"
        subprocess.run([sys.executable, "-c", code], check=True)
    return document.name


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much others work")
@pytest.mark.parametrize("forks", [True, False])
def test_a_worker_that_only_waits_costs_its_document(
    forks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three seconds of nothing are a hang, of work they are none, nor of a child's.
    monkeypatch.setattr("auditor.cli.worker.DEFAULT", Limits(seconds=3))
    monkeypatch.setattr("auditor.cli.worker._IDLE_FACTOR", 1)
    documents = [Document(each, each.encode()) for each in ("a", "hang", "work", "child", "b")]
    works = [Work(each, Settings(), _sleeping, "en") for each in documents]
    begun = time.monotonic()
    found = [made for _, made in Workers(forks).over(works, 2, lambda: True)]
    assert time.monotonic() - begun < 60
    hung = found.pop(1)
    assert isinstance(hung, Failure) and hung.code == "crashed"
    assert "did nothing for 3 seconds" in hung.message
    assert found == ["a", "work", "child", "b"]


def test_what_cannot_be_sent_back_is_a_failure() -> None:
    work = Work(Document("a", b""), Settings(), _unpicklable, "en")
    ((_, made),) = Workers().over([work], 2, lambda: True)
    assert made.code == "internal-error"


@pytest.fixture
def thread() -> Iterator[None]:
    """A thread beside us, so that a worker cannot be forked and is a new process."""
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    yield
    done.set()
    beside.join()


@pytest.mark.usefixtures("thread")
def test_a_worker_that_dies_while_it_starts_hangs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(module: str, function: str) -> list[str]:
        return ["sh", "-c", "exit 9"]

    monkeypatch.setattr("auditor.isolated.command", dying)
    large = Document("a", bytes(3_000_000))  # far more than a pipe takes at once
    ((_, made),) = Workers().over([Work(large, Settings(), _plan, "en")], 2, lambda: True)
    assert made.code == "crashed" and "exit code 9" in made.message


@pytest.mark.parametrize("missing", ["msgspec", "click", "rapidfuzz"])
def test_an_installation_that_lacks_a_library_is_told_so_and_how_to_mend_it(missing: str) -> None:
    """As after an update of the program alone."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None; from auditor.__main__ import run; "
        f"sys.argv = ['audit', 'check', {str(EXAMPLES / 'damaged-layout.txt')!r}]; run()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{missing} is not installed" in done.stderr and "install audit again" in done.stderr
    assert "Traceback" not in done.stderr and "our fault" not in done.stderr
