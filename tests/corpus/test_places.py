"""A store in an object store is as whole as one in a folder; sources may lie in one as well."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal
from upath import UPath

from auditor.cli import main
from auditor.cli.work import run_plan
from auditor.corpus.plans import JudgeReports, Plan, ReadDocuments
from auditor.corpus.run import Corpus
from auditor.corpus.store import Store
from auditor.errors import InputError
from auditor.model.check import Severity
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT
from tests.corpus.test_store import IN_SMALL_PARTS, invented, run, written
from tests.support import library


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = written(tmp_path_factory.mktemp("source"), invented(2, wrong=0.4))
    (folder / "none.txt").write_text("No report at all.\n")
    (folder / "empty.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def local(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    run(source, folder)
    return folder


def rows(place: UPath) -> dict[str, pl.DataFrame]:
    """All that a store says, whatever the parts that it came in and the names of the documents."""
    found: dict[str, list[pl.DataFrame]] = {}
    for path in sorted(place.fs.find(place.path)):
        name = path.rpartition("/")[2]
        if name in ("documents.parquet", "facts.parquet", "outcomes.parquet", "findings.parquet"):
            with place.fs.open(path, "rb") as stream:
                frame = pl.read_parquet(stream)
            found.setdefault(name, []).append(frame)
    whole = {name: pl.concat(frames) for name, frames in found.items()}
    last = pl.col("name").str.split("/").list.get(-1)
    whole["documents.parquet"] = whole["documents.parquet"].drop("evaluation").with_columns(last)
    return whole


def assert_same(one: UPath, other: UPath) -> None:
    mine, others = rows(one), rows(other)
    assert len(mine) == 4
    for name, frame in mine.items():
        assert len(frame) > 0
        assert_frame_equal(frame, others[name], check_row_order=False)


@pytest.fixture
def memory() -> Iterator[UPath]:
    place = UPath("memory://reports")
    place.mkdir()
    yield place
    place.fs.rm(place.path, recursive=True)


def test_a_store_in_an_object_store_says_the_same(source: Path, local: Path, memory: UPath) -> None:
    store = str(memory / "store")
    first = run(source, store)
    assert_same(memory / "store", UPath(local))
    again = run(source, store)
    assert (first["read"], again["read"], again["judged"]) == (8, 0, 0)
    name = rows(memory / "store")["documents.parquet"].filter(verdict="findings")["name"]
    assert len(name)
    shown = CliRunner().invoke(main, ["corpus", "summary", "--store", store])
    assert shown.exit_code == 0


def test_sources_in_an_object_store_are_read_as_files_are(
    source: Path, local: Path, memory: UPath, tmp_path: Path
) -> None:
    for path in source.rglob("*.txt"):
        (memory / "in" / path.relative_to(source).as_posix()).write_bytes(path.read_bytes())
    (memory / "in" / "notes.dat").write_bytes(b"no report")
    found = run(str(memory / "in"), tmp_path)
    assert found["documents"] == 8
    assert_same(UPath(tmp_path), UPath(local))


class Killed(BaseException):
    """Stands for the end of the process."""


class Remembering:
    """Works in this process, and on the same document once."""

    def __init__(self) -> None:
        self._made: dict[tuple[type, str], Any] = {}

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        for each in items:
            key = type(plan), each.sha256
            if key not in self._made:
                self._made[key] = run_plan(each, plan, "en")
            yield each, self._made[key]


def sources_run(place: str, documents: list[Document], executor: Remembering) -> None:
    """One run, in this process."""
    store = Store(place)
    reader = ReadDocuments(library(), False, DEFAULT)
    judge = JudgeReports(library(), Severity.ERROR)
    with store.locked():
        made = Corpus(store, reader, judge, executor, lambda phase, total: None)
        made.take_in(documents, len(documents))
        made.conclude()


@pytest.mark.slow
@pytest.mark.parametrize("is_local", [True, False])
def test_after_any_write_the_next_run_comes_to_the_same(
    source: Path, memory: UPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_local: bool
) -> None:
    """The first run is stopped before its first write, before its second, and so on; in a folder,
    when a file is written and has not its name yet."""
    home = UPath(tmp_path) if is_local else memory
    monkeypatch.setattr("auditor.corpus.run._MOST_IN_PART", 3)
    documents = [Document(each.name, each.read_bytes()) for each in sorted(source.rglob("2*.txt"))]
    documents.append(Document("none.txt", b"No report at all.\n"))
    executor = Remembering()
    owner, name = (os, "replace") if is_local else (type(memory), "write_bytes")
    write = getattr(owner, name)
    left = 1000

    def counted(*given: Any) -> Any:
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        return write(*given)

    def corpus_run(place: UPath) -> None:
        sources_run(str(place), documents, executor)

    monkeypatch.setattr(owner, name, counted)
    corpus_run(home / "undisturbed")
    writes = 1000 - left
    assert writes > 12
    for most in range(writes):
        left = most
        with pytest.raises(Killed):
            corpus_run(home / str(most))
        left = 1000
        corpus_run(home / str(most))
        assert_same(home / str(most), home / "undisturbed")


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        Store("nowhere://bucket/store")
    arguments = ["corpus", "run", "nowhere://bucket", "--store", str(tmp_path / "store")]
    result = CliRunner().invoke(main, arguments, env={"AUDIT_LANG": "en"})
    assert result.exit_code == 2
    assert "nowhere" in result.output


@pytest.mark.slow
def test_a_run_on_s3_that_is_killed_goes_on_and_comes_to_the_same(
    source: Path, local: Path, bucket: UPath
) -> None:
    for path in source.rglob("*.txt"):
        (bucket / "in" / path.relative_to(source).as_posix()).write_bytes(path.read_bytes())
    rng = random.Random(4)
    address = str(bucket / "in")
    for moment in range(3):
        store = str(bucket / f"store{moment}")
        command = ["corpus", "run", address, "--store", store, "-j", "1", "-q"]
        made = subprocess.Popen(
            [sys.executable, "-c", IN_SMALL_PARTS, *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        place = bucket / f"store{moment}"
        while made.poll() is None and not place.fs.find(place.path):
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 1.5))
        if made.poll() is None:
            os.kill(made.pid, signal.SIGKILL)
        made.wait()
        run(address, store)
        assert_same(place, UPath(local))
