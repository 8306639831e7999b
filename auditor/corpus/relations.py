"""What reports are to each other: all documents of a run in, tables of their relations out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from auditor.corpus.agencies import GroupReports
from auditor.corpus.plans import key_of
from auditor.corpus.store import Store
from auditor.corpus.tables import GROUPS, checked, schema_of


def relations_key(documents: pl.DataFrame) -> str:
    """The folder of the relations of these documents: their evaluations say by which rules."""
    return key_of(documents.select("name", "document", "evaluation").rows())


def put_relations(store: Store, documents: pl.DataFrame, groups: Mapping[str, GroupReports]) -> str:
    """Writes the tables of relations where they are not there; the name of their folder."""
    key = relations_key(documents)
    folder = store.relations / key
    if not folder.is_dir():
        tables = {"groups.parquet": checked(GROUPS, _groups(documents, groups), "groups.parquet")}
        store.put(folder, tables)
    return key


def _groups(documents: pl.DataFrame, groups: Mapping[str, GroupReports]) -> pl.DataFrame:
    about = documents.drop_nulls("document").unique("document").select("document", "issuer", "year")
    rows = [
        (
            document,
            issuer,
            year,
            groups[document].complete,
            item,
            child.issuer,
            child.state,
            child.document,
        )
        for document, issuer, year in about.iter_rows()
        if document in groups
        for item, child in enumerate(groups[document].children)
    ]
    return pl.DataFrame(rows, schema_of(GROUPS), orient="row").sort("document", "item")
