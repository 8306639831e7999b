"""What reports are to each other: all documents of a run in, tables of their relations out."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import polars as pl

from auditor.corpus.agencies import GroupReports
from auditor.corpus.duplicates import find_duplicates, hash_figures
from auditor.corpus.plans import JUDGING, PACKED, Executor, code_digest, compare_versions, key_of
from auditor.corpus.screening import Screener
from auditor.corpus.store import Store
from auditor.corpus.tables import (
    DUPLICATES,
    FACTS,
    GROUPS,
    SCREENING,
    VERSIONS,
    checked,
    read_table,
    schema_of,
)
from auditor.model.finding import Failure
from auditor.model.source import Document

_BASIS = "basis.txt"
"""What the comparisons of a folder depend on besides the reports."""


def relations_key(documents: pl.DataFrame) -> str:
    """The folder of the relations of these documents: their evaluations say by which rules."""
    return key_of(documents.select("name", "document", "evaluation").rows())


def put_relations(
    store: Store,
    reader: str,
    index: pl.DataFrame,
    documents: pl.DataFrame,
    groups: Mapping[str, GroupReports],
    screener: Screener,
    executor: Executor,
) -> str:
    """Writes the tables of relations where they are not there; the name of their folder.

    `index`: of all documents that were read; `documents`: the table of the run.
    """
    key = relations_key(documents)
    if key in store.folders("relations"):
        return key
    about = documents.drop_nulls("form").sort("year", "name", nulls_last=True)
    about = about.unique("document", keep="first", maintain_order=True)
    parts = index.drop_nulls("form").sort("part").group_by("part", maintain_order=True)
    documents_of = dict(parts.agg("document").iter_rows())
    figures = [hash_figures(pl.DataFrame(schema=schema_of(FACTS)))]
    for part, own in documents_of.items():
        facts = store.facts(reader, part).filter(pl.col("document").is_in(own))
        figures.append(hash_figures(facts))
        screener.add(facts)
    duplicates = find_duplicates(about, pl.concat(figures), store.clauses(reader, documents_of))
    basis = key_of(reader, code_digest(*JUDGING))
    versions = _Versions(store, reader, index, _known_versions(store, basis))
    found = {
        "groups": (GROUPS, _groups(about, groups)),
        "duplicates": (DUPLICATES, duplicates),
        "versions": (VERSIONS, versions.compared(about, executor)),
        "screening": (SCREENING, screener.find(about)),
    }
    known = documents["document"].drop_nulls()
    files = {
        f"{name}.parquet": checked(table, frame, f"{name}.parquet", known)
        for name, (table, frame) in found.items()
    }
    store.put(store.relations / key, {**files, _BASIS: basis.encode()})
    return key


def _groups(about: pl.DataFrame, groups: Mapping[str, GroupReports]) -> pl.DataFrame:
    rows = [
        (*parent, groups[parent[0]].complete, item, child.issuer, child.state, child.document)
        for parent in about.select("document", "issuer", "year").iter_rows()
        if parent[0] in groups
        for item, child in enumerate(groups[parent[0]].children)
    ]
    return pl.DataFrame(rows, schema_of(GROUPS), orient="row").sort("document", "item")


def _versions(about: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Pairs of documents of one agency for one year on one form, in the order of their names."""
    several = (
        about.drop_nulls(["issuer", "year"])
        .group_by("issuer", "year", "form", maintain_order=True)
        .agg("document")
        .filter(pl.col("document").list.len() > 1)
    )
    for documents in several["document"]:
        yield from pairwise(documents)


def _known_versions(store: Store, basis: str) -> pl.DataFrame:
    """What was told of versions before, by the same code of the same readings."""
    found = [pl.DataFrame(schema=schema_of(VERSIONS))]
    for name in sorted(store.folders("relations")):
        folder = store.relations / name
        if (folder / _BASIS).exists() and (folder / _BASIS).read_bytes() == basis.encode():
            found.append(read_table(VERSIONS, folder / "versions.parquet"))
    return pl.concat(found).unique(maintain_order=True)


class _Versions:
    """Pairs of versions of one report, of which those that were not before are compared."""

    def __init__(self, store: Store, reader: str, index: pl.DataFrame, known: pl.DataFrame) -> None:
        self._store, self._reader = store, reader
        self._rows = {row["document"]: row for row in index.iter_rows(named=True)}
        self._known: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        for document, other, *row in known.iter_rows():
            self._known.setdefault((other, document), []).append(tuple(row))

    def compared(self, about: pl.DataFrame, executor: Executor) -> pl.DataFrame:
        """As `VERSIONS`, in the order of the pairs."""
        pairs = [*_versions(about)]
        asked = [pair for pair in pairs if pair not in self._known]
        made = executor.map(compare_versions, map(self._packed, asked))
        for pair, (document, rows) in zip(asked, made, strict=False):
            # Whatever has ended a worker: two reports that were read can be compared.
            rows = compare_versions(document) if isinstance(rows, Failure) else rows
            self._known[pair] = [*rows]
        if any(pair not in self._known for pair in pairs):
            raise KeyboardInterrupt  # the executor takes no more up
        rows = [(pair[1], pair[0], *row) for pair in pairs for row in self._known[pair]]
        return pl.DataFrame(rows, schema_of(VERSIONS), orient="row")

    def _packed(self, pair: tuple[str, str]) -> Document:
        both = [self._store.packed_report(self._reader, self._rows[each]) for each in pair]
        return Document(" ".join(pair), pickle.dumps(both), PACKED)
