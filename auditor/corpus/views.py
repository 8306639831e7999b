"""A store in; what its reports come to as a whole, out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from auditor.corpus.relations import relations_key
from auditor.corpus.store import Store
from auditor.corpus.tables import DOCUMENTS, FAILED, FINDINGS, GROUPS, OUTCOMES, read_table
from auditor.errors import InputError

_LISTED = 10
_TELLING = 10
"""Figures that are not zero, from which on two reports are not alike by chance."""
_WRONG = pl.col("status") == "fail"


class StoreTables:
    """The tables of a store whose last run has ended."""

    def __init__(self, store: Store) -> None:
        """Raises `InputError` where there is no such store, or where a table is not sound."""
        if not store.documents.is_file():
            said = "no run has ended here: audit corpus run SOURCE --store makes it"
            raise InputError("store", said, place=str(store.folder))
        self.documents = read_table(DOCUMENTS, store.documents)
        self._known = self.documents["document"].drop_nulls()
        names = sorted(self.documents["evaluation"].drop_nulls().unique())
        self._facts = store.folder / "read" / "*" / "*" / "facts.parquet"
        self._folders = [store.evaluations / name for name in names]
        self._relations = store.relations / relations_key(self.documents)

    def findings(self) -> pl.DataFrame:
        """All that is told, each with the document's name, agency and year."""
        return self._named(self._whole(FINDINGS, "findings.parquet"))

    def outcomes(self) -> pl.DataFrame:
        """How many outcomes each rule has of each status, by document."""
        counted = [
            read_table(OUTCOMES, folder / "outcomes.parquet")
            .group_by("document", "rule", "status")
            .len("outcomes")
            for folder in self._folders
        ]
        types = {"document": pl.String, "rule": pl.String, "status": pl.String}
        return self._named(
            pl.concat([pl.DataFrame(schema={**types, "outcomes": pl.UInt32}), *counted])
        )

    def groups(self) -> pl.DataFrame:
        """Which bodies are below which, and which of their reports are there."""
        return read_table(GROUPS, self._relations / "groups.parquet", self._known)

    def duplicates(self) -> pl.DataFrame:
        """Documents that agree in all figures of their tables that are not zero, of which there are
        so many that chance does not do it: the names of each such group."""
        if self.documents["form"].drop_nulls().is_empty():
            return pl.DataFrame(schema={"figures": pl.UInt32, "names": pl.List(pl.String)})
        named = self.documents.lazy().drop_nulls("form").group_by("document").agg("name")
        alike = (
            pl.scan_parquet(self._facts)
            .filter(pl.col("value") != 0, ~pl.col("address").str.starts_with("text/"))
            .group_by("document", "form")
            .agg(
                figures=pl.len(),
                same=pl.struct("address", "value").hash().sort().implode().hash().first(),
            )
            .filter(pl.col("figures") >= _TELLING)
            .join(named, on="document")
            .group_by("form", "figures", "same")
            .agg(names=pl.col("name").list.explode().sort(), documents=pl.len())
            .filter(pl.col("documents") > 1)
        )
        return alike.select("figures", "names").sort("names").collect()

    def _whole(self, table: Any, file: str) -> pl.DataFrame:
        parts = [read_table(table, folder / file, self._known) for folder in self._folders]
        empty = pl.DataFrame(schema={name: each.dtype.type for name, each in table.columns.items()})
        return pl.concat([empty, *parts])

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One row for each name of a document."""
        about = self.documents.select("name", "document", "agency", "issuer", "year")
        return about.drop_nulls("document").join(frame, on="document")

    def summary(self) -> dict[str, Any]:
        """What all reports come to; the same for the same documents and rules."""
        outcomes, findings = self.outcomes(), self.findings()
        by_status = outcomes.group_by("status").agg(pl.col("outcomes").sum())
        rules = (
            outcomes.group_by("rule")
            .agg(
                reports=pl.col("name").filter(_WRONG).n_unique(),
                passed=pl.col("name").filter(pl.col("status") == "pass").n_unique(),
            )
            .filter(pl.col("reports") > 0)
            .sort(["reports", "rule"], descending=[True, False])
        )
        worst = (
            findings.filter(pl.col("severity") == "error")
            .group_by("issuer")
            .agg(errors=pl.len(), reports=pl.col("name").n_unique())
            .sort(["errors", "issuer"], descending=[True, False], nulls_last=True)
        )
        formats = (
            self.documents.with_columns(
                format=pl.col("name").str.extract(r"\.(\w+)$").str.to_lowercase().fill_null("")
            )
            .group_by("format")
            .agg(
                documents=pl.len(),
                failed=(pl.col("verdict") == FAILED).sum(),
                not_audited=(pl.col("verdict") == "not-audited").sum(),
            )
            .sort("format")
        )
        return {
            "documents": len(self.documents),
            "verdicts": _counts(self.documents, "verdict"),
            "outcomes": dict(by_status.sort("status").iter_rows()),
            "findings": _counts(findings, "severity"),
            "predecessors": {
                "found": len(self.documents.drop_nulls("predecessor")),
                "ambiguous": len(self.documents.drop_nulls("candidates")),
            },
            "rules": rules.head(_LISTED).to_dicts(),
            "agencies": worst.head(_LISTED).to_dicts(),
            "formats": formats.to_dicts(),
            "duplicates": self.duplicates().to_dicts(),
            "failures": self.documents.filter(pl.col("verdict") == FAILED)
            .select("name", "code", "message")
            .to_dicts(),
        }

    def write_workbook(self, path: Path) -> None:
        """Documents and findings as sheets of a workbook, in which nothing computes."""
        import xlsxwriter  # only this output needs it

        plain = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, plain) as book:
            for name, frame in (("documents", self.documents), ("findings", self.findings())):
                frame.write_excel(book, name, autofit=True)


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.group_by(column).len().sort(column).iter_rows())
