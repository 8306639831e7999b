"""Workers open files themselves where they surely see what the command sees; else it sends them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from upath import UPath

from auditor.cli.executors import DaskExecutor
from auditor.cli.locations import FileLocation, Unopened, state_of_path
from auditor.cli.sources import Sources
from auditor.corpus.plans import JudgeReports, ReadDocuments
from auditor.corpus.run import Corpus
from auditor.corpus.store import Store
from auditor.errors import InputError
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT, Limits
from tests.corpus.test_executors import Cluster, cluster, goes_on, kill, written_out
from tests.corpus.test_store import invented, run, written
from tests.support import EXAMPLES, library

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def location(path: Path) -> FileLocation:
    return FileLocation(path.name, str(path), *state_of_path(str(path)))


def test_the_same_file_is_opened_and_another_is_not(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_bytes(b"one")
    found = location(path)
    assert found.is_here
    assert found.document("en", DEFAULT) == Document("one.txt", b"one")
    os.utime(path, (1, 1))  # as long, and of another time
    assert not found.is_here
    assert found.document("en", DEFAULT) == Unopened("another file is there")
    path.write_bytes(b"longer")
    assert isinstance(found.document("en", DEFAULT), Unopened)
    path.unlink()
    gone = found.document("en", DEFAULT)
    assert isinstance(gone, Unopened) and "No such file" in gone.why
    os.mkfifo(path)
    assert isinstance(location(path).document("en", DEFAULT), Unopened)


def test_an_archive_is_left_to_the_command_and_what_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("clean.txt", "one")
    assert location(path).document("en", DEFAULT) == Unopened()
    long = tmp_path / "long.txt"
    long.write_bytes(b"a" * 21)
    refused = location(long).document("en", Limits(file_bytes=20))
    assert isinstance(refused, Failure) and refused.code == "too-large"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports, the same twice, an archive, and what cannot be read."""
    folder = written(tmp_path_factory.mktemp("source"), invented(6, wrong=0.4))
    (folder / "none.txt").write_text("No report at all.\n")
    (folder / "none again.txt").write_text("No report at all.\n")
    (folder / "empty.txt").write_text("")
    with ZipFile(folder / "two.zip", "w") as archive:
        archive.write(EXAMPLES / "clean.txt", "clean.txt")
        archive.write(EXAMPLES / "three-mistakes.txt", "three.txt")
    return folder


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that the command has read itself."""
    names: list[str] = []
    documents = Sources.documents

    def noted(self: Sources, limits: Limits) -> Iterator[Document | Failure]:
        for each in documents(self, limits):
            names.append(each.name)
            yield each

    monkeypatch.setattr(Sources, "documents", noted)
    return names


def corpus_run(
    source: Path | UPath, store: Path, made: Cluster, when: dict[int, Callable[[], object]]
) -> int:
    """What the command does, calling what `when` has for that many documents read."""
    done = 0

    def step(phase: str, total: int | None) -> None:
        nonlocal done
        done += total is None
        if total is None:
            when.pop(done, lambda: None)()

    shared: dict[str, Any] = {"isolated": True}
    sources = Sources([str(source)], shared, "en")
    reader, executor = (
        ReadDocuments(library(), False, DEFAULT),
        DaskExecutor(made.address, "en", goes_on),
    )
    corpus = Corpus(Store(store), reader, JudgeReports(library(), Severity.ERROR), executor, step)
    try:
        corpus.take_in_read(sources.read_by(executor, reader, corpus.known), sources.count)
        corpus.take_in(sources.documents(DEFAULT), sources.count)
        corpus.conclude()
    finally:
        executor.close()
    return corpus.read


def test_of_a_folder_that_workers_see_only_archives_are_sent(
    source: Path, tmp_path: Path, sent: list[str]
) -> None:
    run(source, tmp_path / "local")
    local = [*sent]
    assert len(local) == 23
    sent.clear()
    with cluster() as made:
        more = ["--engine", "dask", "--scheduler", made.address]
        first = run(source, tmp_path / "dask", *more)
        assert sent == [each for each in local if "two.zip/" in each]
        again = run(source, tmp_path / "dask", *more)
    assert (first["read"], first["judged"]) == (22, 20)
    assert (again["read"], again["judged"]) == (0, 0)
    assert written_out(tmp_path / "dask") == written_out(tmp_path / "local")


def test_workers_open_an_object_store_and_a_kill_while_they_read_costs_nothing(
    source: Path, bucket: UPath, tmp_path: Path, sent: list[str]
) -> None:
    for path in source.rglob("*.*"):
        (bucket / "given" / path.relative_to(source).as_posix()).write_bytes(path.read_bytes())
    run(str(bucket / "given"), tmp_path / "local")
    sent.clear()
    with cluster() as made:
        kills: dict[int, Callable[[], object]] = {5: lambda: kill(made.workers[0])}
        assert corpus_run(bucket / "given", tmp_path / "dask", made, kills) == 22
        assert not kills
    assert len(sent) == 2
    assert written_out(tmp_path / "dask") == written_out(tmp_path / "local")


def test_a_run_whose_scheduler_is_lost_while_workers_open_files_goes_on(
    source: Path, tmp_path: Path, sent: list[str]
) -> None:
    run(source, tmp_path / "local")
    sent.clear()
    with cluster() as made, pytest.raises(InputError, match="the cluster was lost"):
        corpus_run(source, tmp_path / "dask", made, {6: lambda: kill(made.scheduler)})
    with cluster() as made:
        read = corpus_run(source, tmp_path / "dask", made, {})
    assert 0 < read <= 22 - 5  # one of the first six is known, and not read
    assert len(sent) == 2
    assert written_out(tmp_path / "dask") == written_out(tmp_path / "local")


def test_what_a_worker_does_not_see_is_said_and_sent(
    source: Path,
    bucket: UPath,
    tmp_path: Path,
    sent: list[str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    for path in source.rglob("*.txt"):
        (bucket / "unseen" / path.relative_to(source).as_posix()).write_bytes(path.read_bytes())
    run(str(bucket / "unseen"), tmp_path / "local")
    local = [*sent]
    sent.clear()
    with pytest.MonkeyPatch.context() as elsewhere:
        # No store answers to these workers.
        elsewhere.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        made = Cluster(2)
    try:
        capfd.readouterr()
        corpus_run(bucket / "unseen", tmp_path / "dask", made, {})
    finally:
        made.close()
    said = capfd.readouterr().err
    assert said.count("from here on the command sends") == 1
    assert f"worker {os.uname().nodename} (tcp://127.0.0.1:" in said
    assert f"{bucket / 'unseen'}/" in said
    assert sent == local
    assert written_out(tmp_path / "dask") == written_out(tmp_path / "local")
