"""What crashes costs one document, is never a pass, and is tried again by the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from json import loads
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from click.testing import CliRunner

from auditor.cli import main
from auditor.corpus.plans import JudgeReports, Plan, ReadDocuments
from auditor.corpus.run import Corpus
from auditor.corpus.store import Store
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT
from tests.corpus.test_store import invented, written
from tests.support import library

SOURCES = [Document(each.name, each.text.encode()) for each in invented(1, wrong=0.0)]
VICTIM = SOURCES[1]


class Crashing(NamedTuple):
    """Works in this process, in which the victim takes a plan of that type with it."""

    plan_type: type

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        for each in items:
            is_victim = VICTIM.sha256 in (each.sha256, each.name)
            if is_victim and isinstance(plan, self.plan_type):
                yield each, Failure(each.name, None, None, "crashed", "the process died")
            else:
                yield each, plan(each)


def run(folder: Path, plan_type: type) -> tuple[Corpus, pl.DataFrame]:
    reader = ReadDocuments(library(), False, DEFAULT)
    judge = JudgeReports(library(), Severity.ERROR)
    made = Corpus(Store(folder), reader, judge, Crashing(plan_type), lambda phase, total: None)
    made.take_in(SOURCES, len(SOURCES))
    return made, made.conclude()


def outcomes(folder: Path) -> pl.DataFrame:
    return pl.concat(map(pl.read_parquet, folder.glob("evaluations/*/outcomes.parquet")))


def test_a_crash_of_the_reader_is_a_failed_row_and_is_tried_again(tmp_path: Path) -> None:
    made, documents = run(tmp_path, ReadDocuments)
    assert made.read == 3
    (row,) = documents.filter(name=VICTIM.name).to_dicts()
    assert (row["verdict"], row["code"], row["message"]) == (
        *("failed", "crashed", "the process died"),
    )
    assert VICTIM.sha256 not in outcomes(tmp_path)["document"]
    assert [*documents.filter(pl.col("verdict") != "failed")["verdict"]] == ["clean", "clean"]
    again, documents = run(tmp_path, type(None))
    assert again.read == 1
    assert [*documents["verdict"]] == ["clean"] * 3
    assert len(documents.drop_nulls("predecessor")) == 2


def test_a_crash_of_the_judge_is_a_failed_row_without_outcomes_and_is_tried_again(
    tmp_path: Path,
) -> None:
    _, documents = run(tmp_path, JudgeReports)
    (row,) = documents.filter(verdict="failed").to_dicts()
    assert (row["document"], row["code"]) == (VICTIM.sha256, "crashed")
    assert VICTIM.sha256 not in outcomes(tmp_path)["document"]
    again, documents = run(tmp_path, type(None))
    assert (again.read, again.judged) == (0, 3)
    assert [*documents["verdict"]] == ["clean"] * 3
    assert outcomes(tmp_path)["document"].n_unique() == 3
    last, _ = run(tmp_path, type(None))
    assert last.judged == 0


def test_a_report_of_a_store_is_shown_as_a_check_shows_it(tmp_path: Path) -> None:
    for each in SOURCES:
        (tmp_path / f"{each.sha256}.txt").write_bytes(each.content)
    run(tmp_path / "store", type(None))
    last, this = SOURCES[0], SOURCES[1]
    json = ["--format", "json", "--lang", "en"]
    arguments = ["corpus", "show", this.name, "--store", str(tmp_path / "store"), *json]
    shown = loads(CliRunner().invoke(main, arguments).stdout)
    paths = [str(tmp_path / f"{each.sha256}.txt") for each in (this, last)]
    command = ["check", paths[0], "--previous", paths[1], "--isolated", *json]
    single = loads(CliRunner().invoke(main, command).stdout)
    (mine,), (other,) = shown["reports"], single["reports"]
    assert mine["source"].pop("name") == this.name
    other["source"].pop("name")
    other["settings"] = mine["settings"]
    assert mine == other
    unknown = CliRunner().invoke(main, [*arguments[:2], "nobody.txt", *arguments[3:]])
    assert unknown.exit_code == 2


def _files(folder: Path) -> dict[str, bytes]:
    """What stands in the store, by path."""
    files = (each for each in folder.rglob("*") if each.is_file() and each.name != ".lock")
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def test_a_store_is_the_same_bytes_whatever_processes_have_made_it(tmp_path: Path) -> None:
    source = written(tmp_path / "source", invented(3, wrong=0.5))
    (source / "none.txt").write_text("no report", encoding="utf-8")
    stores = []
    for jobs in ("1", "2", "3"):
        command = ["corpus", "run", str(source), "--store", str(tmp_path / jobs), "-j", jobs]
        environment = {**os.environ, "PYTHONHASHSEED": jobs}
        made = subprocess.run([sys.executable, "-m", "auditor", *command], env=environment)
        assert made.returncode == 1
        stores.append(_files(tmp_path / jobs))
    assert len(stores[0]) > 10
    assert stores[0] == stores[1] == stores[2]


def test_workers_are_forked_before_the_libraries_that_hold_tables_are_imported() -> None:
    code = "import sys, auditor.cli.executors, auditor.cli.sources; print('polars' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert made.stdout == b"False\n"
