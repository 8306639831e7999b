"""A cluster finds what this machine finds, byte for byte, whatever happens to its workers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.cli.executors import DaskExecutor, LocalExecutor, work_on
from auditor.corpus.plans import JudgeReports, ReadDocuments, code_digest
from auditor.corpus.run import Corpus
from auditor.corpus.store import Store
from auditor.errors import InputError
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT
from tests.corpus.test_store import invented, run, tables, written
from tests.support import EXAMPLES, library

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
DOCUMENTS = [Document(f"{n}.txt", f"{n}".encode()) for n in range(24)]
KILLED, TOO_LARGE = 3, 11


class Harmful:
    """A plan in which some documents kill their process, or take all memory."""

    def __call__(self, document: Document) -> str:
        number = int(document.content)
        if number == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == TOO_LARGE:
            raise MemoryError
        return f"read {number}"


def started(module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, workers: int) -> None:
        self.scheduler = started(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
        )
        assert self.scheduler.stderr is not None
        for line in self.scheduler.stderr:
            if found := re.search(r"tcp://[\d.]+:\d+", line):
                break
        assert found is not None
        self.address = found[0]
        _drain(self.scheduler)
        self.workers = [self.start_worker() for _ in range(workers)]

    def start_worker(self) -> subprocess.Popen[str]:
        more = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        worker = started("dask_worker", self.address, *more)
        _drain(worker)
        return worker

    def close(self) -> None:
        for each in (*self.workers, self.scheduler):
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()
            assert each.stderr is not None
            each.stderr.close()


def _drain(process: subprocess.Popen[str]) -> None:
    def read() -> None:
        with suppress(ValueError):
            for _ in process.stderr or ():
                pass

    Thread(target=read, daemon=True).start()


@contextmanager
def cluster(workers: int = 2) -> Iterator[Cluster]:
    made = Cluster(workers)
    try:
        yield made
    finally:
        made.close()


def goes_on() -> bool:
    return True


def mapped(executor: Any, documents: Iterable[Document] = DOCUMENTS) -> list[tuple[str, Any]]:
    found = executor.map(Harmful(), documents)
    return [(each.name, made.code if isinstance(made, Failure) else made) for each, made in found]


EXPECTED = [
    (f"{n}.txt", {KILLED: "crashed", TOO_LARGE: "out-of-memory"}.get(n, f"read {n}"))
    for n in range(24)
]


def test_a_document_that_takes_its_process_with_it_costs_that_document_only() -> None:
    with closing(LocalExecutor(2, "en", goes_on)) as local:
        assert mapped(local) == EXPECTED
        assert mapped(local) == EXPECTED  # its workers stay
    with cluster() as made:
        executor = DaskExecutor(made.address, "en", goes_on)
        assert mapped(executor) == EXPECTED
        executor.close()
        assert all(each.poll() is None for each in made.workers)


def test_a_worker_with_other_code_is_refused() -> None:
    with pytest.raises(InputError, match="another version of the package"):
        work_on(Harmful(), DOCUMENTS[0], "en", code_digest("cjk"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--engine", "dask"], "--scheduler ADDRESS"),
        (["--scheduler", "tcp://127.0.0.1:1"], "--engine dask"),
        (["--engine", "dask", "--scheduler", "here"], "here: no scheduler"),
    ],
)
def test_what_is_no_scheduler_is_said(more: list[str], said: str, tmp_path: Path) -> None:
    source = str(EXAMPLES / "clean.txt")
    arguments = ["corpus", "run", source, "--store", str(tmp_path / "store"), *more]
    result = CliRunner().invoke(main, arguments, env={"AUDIT_LANG": "en"})
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "store").exists()


def test_without_dask_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    source = str(EXAMPLES / "clean.txt")
    arguments = ["corpus", "run", source, "--store", str(tmp_path / "store")]
    more = ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"]
    result = CliRunner().invoke(main, [*arguments, *more], env={"AUDIT_LANG": "en"})
    assert result.exit_code == 2
    assert "disclosure-audit[dask]" in result.output


def corpus_run(store: Path, source: Path, executor: Any, when: dict[int, Any]) -> int:
    """Reads and judges; calls what `when` has for that many documents done. Returns how many were
    read."""
    done = 0

    def step(phase: str, total: int | None) -> None:
        nonlocal done
        done += total is None
        if total is None:
            when.pop(done, lambda: None)()

    documents = [
        Document(path.relative_to(source).as_posix(), path.read_bytes())
        for path in sorted(source.rglob("*.txt"))
    ]
    reader = ReadDocuments(library(), False, DEFAULT)
    made = Corpus(Store(store), reader, JudgeReports(library(), Severity.ERROR), executor, step)
    made.take_in(documents, len(documents))
    made.conclude()
    return made.read


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("source"), invented(8, wrong=0.4))


@pytest.fixture(scope="module")
def local(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("local")
    with closing(LocalExecutor(1, "en", goes_on)) as executor:
        corpus_run(store, source, executor, {})
    return store


def written_out(store: Path) -> dict[str, bytes]:
    """All that a store says as bytes, in one order."""
    found = {}
    for name, frame in tables(store).items():
        found[name] = frame.sort(frame.columns).write_csv().encode()
    return found


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_worker_that_is_killed_costs_nothing(source: Path, local: Path, tmp_path: Path) -> None:
    with cluster() as made:
        executor = DaskExecutor(made.address, "en", goes_on)

        def replace_the_other() -> None:
            made.workers.append(made.start_worker())
            kill(made.workers[1])

        # One while documents are read, the other while reports are judged.
        kills: dict[int, Any] = {5: lambda: kill(made.workers[0]), 30: replace_the_other}
        assert corpus_run(tmp_path, source, executor, kills) == 24
        assert not kills
        executor.close()
    assert written_out(tmp_path) == written_out(local)


def test_a_run_whose_scheduler_is_lost_ends_and_the_next_goes_on(
    source: Path, local: Path, tmp_path: Path
) -> None:
    with cluster() as made:
        executor = DaskExecutor(made.address, "en", goes_on)
        with pytest.raises(InputError, match="the cluster was lost"):
            corpus_run(tmp_path, source, executor, {6: lambda: kill(made.scheduler)})
        executor.close()
    with cluster() as made:
        executor = DaskExecutor(made.address, "en", goes_on)
        read = corpus_run(tmp_path, source, executor, {})
        executor.close()
    assert 0 < read <= 24 - 6
    assert written_out(tmp_path) == written_out(local)


def test_the_command_asks_a_cluster(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "local")
    with cluster() as made:
        more = ["--engine", "dask", "--scheduler", made.address]
        found = run(source, tmp_path / "dask", *more)
    assert (found["read"], found["judged"]) == (24, 24)
    assert written_out(tmp_path / "dask") == written_out(tmp_path / "local")
