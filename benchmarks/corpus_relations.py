"""What reports are to each other, over many: seconds and memory of groups, copies and screening.

A store is made of invented facts and clauses, a tenth of the reports near copies of another; then
everything that a run concludes from the whole is told from it, as `audit corpus run` does. Reports
are not read, and versions, which take the reports themselves, are none.

    python -m benchmarks.corpus_relations [REPORTS]
"""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from auditor.corpus.agencies import Issued, Register, groups_of, predecessors
from auditor.corpus.duplicates import find_duplicates, hash_figures
from auditor.corpus.screening import Screener
from auditor.corpus.store import CLAUSES, INDEX, Store
from auditor.corpus.tables import FACTS, schema_of
from auditor.definitions import load_library
from auditor.definitions.agencies import load_agencies
from auditor.model.check import Definition
from auditor.testing.corpus import declared_groups

FORM = "cn-goi-annual/2021"
REPORTS = 100_000
BELOW = 9
YEARS = range(2020, 2024)
IN_PART = 256
CLAUSES_OF_ONE = 150
_Made = TypeVar("_Made")


def issued(reports: int) -> list[Issued]:
    """Governments with offices below them, over four years."""
    text = declared_groups(reports // len(YEARS) // (BELOW + 1), BELOW)
    groups = load_agencies([Definition("agencies.yaml", ("agencies.yaml",), text)]).groups
    return [
        Issued(
            hashlib.sha256(f"{name} {year}".encode()).hexdigest(),
            f"{name}/{year}",
            name,
            year,
            FORM,
        )
        for group in groups
        for name in (group.parent, *group.children)
        for year in YEARS
    ]


def write_store(folder: Path, reports: int) -> None:
    """Facts and clauses of that many reports."""
    store, form = Store(folder), load_library().form(FORM)
    boxes = [str(box) for table in form.tables for box in table.boxes()]
    rng = np.random.default_rng(1)
    every = issued(reports)
    usual = np.exp(rng.normal(2, 1.5, len(boxes))) * (rng.random(len(boxes)) < 0.4)
    usual[boxes.index("applications/new_received/total")] = 60
    usual[boxes.index("applications/carried_forward/total")] = 3
    usual[boxes.index("disclosure/normative_documents/issued")] = 2
    clauses: list[np.ndarray] = []
    for start in range(0, len(every), IN_PART):
        part = every[start : start + IN_PART]
        shape = len(part), len(boxes)
        values = np.floor(usual * np.exp(rng.normal(0, 0.8, shape))).astype(np.int64)
        values[rng.random(shape) < 0.001] *= 1000
        names = np.repeat([each.document for each in part], len(boxes))
        size = len(names)
        facts = pl.DataFrame(
            {
                **{"document": names, "form": [FORM] * size, "address": boxes * len(part)},
                **{"raw": pl.Series(values.ravel()).cast(pl.String), "value": values.ravel()},
                **{"decimals": [0] * size, "bare": [True] * size, "state": ["number"] * size},
                **{"match": ["exact"] * size, "page": None, "line": None, "selector": None},
            },
            schema_overrides=schema_of(FACTS),
        )
        for _ in part:
            own = rng.integers(0, 2**63, CLAUSES_OF_ONE).astype(np.uint64)
            if clauses and rng.random() < 0.1:
                own = clauses[rng.integers(len(clauses))].copy()
                own[: rng.integers(0, 12)] = rng.integers(0, 2**63)
            clauses.append(np.unique(own))
        told = clauses[start : start + IN_PART]
        rows = [(r.document, c, [12] * len(c)) for r, c in zip(part, told, strict=True)]
        index = [(r.document, FORM, r.issuer, r.year, True, 0, 0, None, None) for r in part]
        store.put_part(
            *("bench", facts, pl.DataFrame(rows, CLAUSES, orient="row")),
            *(pl.DataFrame(index, INDEX, orient="row"), b""),
        )


def told(name: str, work: Callable[[], _Made]) -> _Made:
    begun, spent = time.perf_counter(), time.process_time()
    made = work()
    taken, spent = time.perf_counter() - begun, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:40} {taken:7.1f} s {spent:7.1f} CPU s   peak {peak:6,.0f} MB", flush=True)
    return made


def measure(folder: Path, reports: int) -> None:
    """Each step, in a process that did nothing before."""
    store, library = Store(folder), load_library()
    text = declared_groups(reports // len(YEARS) // (BELOW + 1), BELOW)
    more = Definition("agencies.yaml", ("agencies.yaml",), text)
    every = issued(reports)
    told("imports and definitions", lambda: None)
    agencies = told("groups declared", lambda: load_agencies([*library.definitions, more]))
    register = told("register", lambda: Register(every, agencies))
    before = told("predecessors", lambda: predecessors(register))
    groups = told("groups", lambda: groups_of(register))
    assert len(before) == len(every) * 3 // 4 and len(groups) == len(every) // (BELOW + 1)
    about = pl.DataFrame(
        [
            (each.document, each.name, FORM, each.issuer, each.year, last and last.document)
            for each in every
            for last in [before.get(each.document)]
        ],
        dict.fromkeys(("document", "name", "form", "issuer"), pl.String)
        | {"year": pl.Int32, "predecessor": pl.String},
        orient="row",
    ).sort("year", "name")
    screener, hashes = Screener(library, agencies), []
    parts = [path.name for path in store.parts("bench")]

    def one_pass() -> None:
        for part in parts:
            facts = store.facts("bench", part)
            hashes.append(hash_figures(facts))
            screener.add(facts)

    told("facts, in one pass", one_pass)
    clauses = told("clauses", lambda: store.clauses("bench", parts))
    copies = told(
        "copies of figures and of sentences",
        lambda: find_duplicates(about, pl.concat(hashes), clauses),
    )
    screened = told("screening", lambda: screener.find(about))
    print(f"{len(every):,} reports, {len(copies):,} copies, {len(screened):,} rows of screening")


def main() -> None:
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS
    with tempfile.TemporaryDirectory() as folder:
        write_store(Path(folder), reports)
        spawn = multiprocessing.get_context("spawn")
        measuring = spawn.Process(target=measure, args=(Path(folder), reports))
        measuring.start()
        measuring.join()
        sys.exit(measuring.exitcode)


if __name__ == "__main__":
    main()
