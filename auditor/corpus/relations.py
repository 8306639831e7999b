"""What reports are to each other: all documents of a run in, tables of their relations out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import polars as pl

from auditor.corpus.agencies import GroupReports
from auditor.corpus.duplicates import find_duplicates, hash_figures
from auditor.corpus.plans import key_of, unpacked
from auditor.corpus.screening import Screener
from auditor.corpus.store import Store
from auditor.corpus.tables import DUPLICATES, FACTS, GROUPS, SCREENING, VERSIONS, checked, schema_of
from auditor.findings.explain import changes_between
from auditor.model.report import Report


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
    rows = {row["document"]: row for row in index.iter_rows(named=True)}

    def report(document: str) -> Report:
        return unpacked(store.packed_report(reader, rows[document]))[0]

    versions = [
        (document, other, *row)
        for other, document in _versions(about)
        for row in _changes(report(other), report(document))
    ]
    found = {
        "groups": (GROUPS, _groups(about, groups)),
        "duplicates": (DUPLICATES, duplicates),
        "versions": (VERSIONS, pl.DataFrame(versions, schema_of(VERSIONS), orient="row")),
        "screening": (SCREENING, screener.find(about)),
    }
    known = documents["document"].drop_nulls()
    files = {
        f"{name}.parquet": checked(table, frame, f"{name}.parquet", known)
        for name, (table, frame) in found.items()
    }
    store.put(store.relations / key, files)
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


def _changes(before: Report, after: Report) -> Iterator[tuple[Any, ...]]:
    """The rows of two versions, without their documents."""
    changes, unread = changes_between(before, after)
    for each in changes:
        figures = ("; ".join(said) or None for said in (each.before, each.after))
        yield str(each.address), "changed", *figures
    for address in unread:
        yield str(address), "unread", None, None
    if not (changes or unread):
        yield None, "same", None, None
