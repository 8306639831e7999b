"""The page on many reports: its tables have the columns it names, and its queries run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import polars as pl
import pytest

from auditor.corpus.tables import (
    DOCUMENTS,
    DUPLICATES,
    FACTS,
    FINDINGS,
    GROUPS,
    OUTCOMES,
    SCREENING,
    VERSIONS,
)
from tests.corpus.test_store import invented, run, written
from tests.support import ROOT

PAGE = (ROOT / "docs/corpus.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```(sql|python)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_names_every_column_of_every_table() -> None:
    rows = {
        line.split("|")[1].strip(" `"): line for line in PAGE.splitlines() if "parquet` |" in line
    }
    tables = dict(
        zip(
            rows,
            (DOCUMENTS, FACTS, OUTCOMES, FINDINGS, GROUPS, DUPLICATES, VERSIONS, SCREENING),
            strict=True,
        )
    )
    for file, table in tables.items():
        assert {*re.findall(r"`(\w+)`", rows[file].split("|")[2])} == {*table.columns}, file


def test_every_query_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    reports = [
        each for each in invented(3, wrong=0.7) if each.year != 2023 or "水务" in each.agency
    ]
    source = written(tmp_path / "source", reports)
    copied = reports[0].text.replace("2022", "2023")
    (source / "copied.txt").write_text(copied, encoding="utf-8")
    (source / "none.txt").write_text("No report.\n")
    run(source, tmp_path / "store")
    monkeypatch.chdir(tmp_path / "store")
    found = []
    for language, query in QUERIES:
        if language == "sql":
            found.append(duckdb.sql(query).fetchall())
        else:
            found.append(eval(query, {"pl": pl}).rows())
    assert len(found) == 10
    empty = [number for number, rows in enumerate(found, 1) if not rows]
    assert empty == [], os.listdir()
