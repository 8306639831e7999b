"""A store in; what its reports come to as a whole, out."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from upath import UPath

from auditor.corpus.duplicates import ALIKE
from auditor.corpus.relations import relations_key
from auditor.corpus.store import Store
from auditor.corpus.tables import (
    DOCUMENTS,
    DUPLICATES,
    FAILED,
    FINDINGS,
    GROUPS,
    OUTCOMES,
    SCREENING,
    VERSIONS,
    TableSchema,
    read_table,
    schema_of,
)
from auditor.errors import InputError
from auditor.model.finding import Reason

_LISTED = 10
_WRONG = pl.col("status") == "fail"
_BOXES_TYPES = pl.Schema({"document": pl.String, "boxes": pl.UInt32, "unread": pl.UInt32})
_FAILED_TYPES = {"document": pl.String, "rule": pl.String, "outcomes": pl.UInt32}
_TOTALS_TYPES = {
    **{"rule": pl.String, "status": pl.String, "outcomes": pl.UInt32},
    **{"reports": pl.UInt32, "of_group": pl.Boolean},
}


class StoreTables:
    """The tables of a store whose last run has ended."""

    def __init__(self, store: Store) -> None:
        """Raises `InputError` where there is no such store, or where a table is not sound."""
        if "documents.parquet" not in store.names():
            said = "no run has ended here: audit corpus run SOURCE --store makes it"
            raise InputError("store", said, place=str(store.folder))
        self.documents = read_table(DOCUMENTS, store.documents)
        self._known = self.documents["document"].drop_nulls()
        names = sorted(self.documents["evaluation"].drop_nulls().unique())
        self._folders = [store.evaluations / name for name in names]
        self._facts, self._written = store.facts_files(), store.written
        self._relations = store.relations / relations_key(self.documents)

    def findings(self) -> pl.DataFrame:
        """All that is told, each with the document's name, agency and year."""
        return self._named(self.columns(FINDINGS, "findings.parquet"))

    @cached_property
    def failed(self) -> pl.DataFrame:
        """How many outcomes of each rule fail, by document."""
        return self._counted[0]

    @cached_property
    def _counted(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What fails, by document and rule; and by rule and status how many outcomes there are, in
        how many reports, and whether any is for want of the reports of bodies below, so that it is
        a rule about groups. Outcomes are many: they are looked at part by part."""
        names = self.documents.drop_nulls("document").group_by("document").len("names")
        failed = [pl.DataFrame(schema=_FAILED_TYPES)]
        totals = [pl.DataFrame(schema=_TOTALS_TYPES)]
        for folder in self._folders:
            each = (
                self._table(OUTCOMES, folder / "outcomes.parquet")
                .group_by("document", "rule", "status")
                .agg(outcomes=pl.len(), of_group=pl.col("reason").eq(Reason.CHILDREN.value).any())
            )
            failed.append(each.filter(_WRONG).select(*_FAILED_TYPES))
            named = each.join(names, on="document").group_by("rule", "status")
            outcomes = (pl.col("outcomes") * pl.col("names")).sum()
            reports, of_group = pl.col("names").sum(), pl.col("of_group").any()
            totals.append(named.agg(outcomes=outcomes, reports=reports, of_group=of_group))
        by_rule = pl.concat(totals, how="vertical_relaxed").group_by("rule", "status")
        added = by_rule.agg(pl.col("outcomes", "reports").sum(), pl.col("of_group").any())
        return pl.concat(failed), added

    def groups(self) -> pl.DataFrame:
        """Which bodies are below which, and which of their reports are there."""
        return read_table(GROUPS, self._relations / "groups.parquet", self._known)

    def duplicates(self) -> pl.DataFrame:
        """Reports with the figures or the sentences of another, by their names."""
        return self._pairs(DUPLICATES, "duplicates.parquet")

    def versions(self) -> pl.DataFrame:
        """Documents of one agency for one year, by their names, and what they say otherwise."""
        return self._pairs(VERSIONS, "versions.parquet")

    def screening(self) -> pl.DataFrame:
        """What is far from its peers, the farthest first, by name; none of it is a finding."""
        found = read_table(SCREENING, self._relations / "screening.parquet", self._known)
        return self._first_names(found, "document").rename({"document": "name"})

    def _pairs(self, table: Any, file: str) -> pl.DataFrame:
        """A table about two documents each, with a name of each instead of it."""
        found = read_table(table, self._relations / file, self._known)
        return self._first_names(found, "document", "other").rename({"document": "name"})

    def _first_names(self, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """With the first name of each document in its place."""
        names = self.documents.drop_nulls("document").sort("name").unique("document", keep="first")
        named = dict(names.select("document", "name").iter_rows())
        return frame.with_columns(
            pl.col(each).replace_strict(named, return_dtype=pl.String) for each in columns
        )

    def _same_figures(self) -> list[dict[str, Any]]:
        """The names of all documents that agree in all figures that are not zero."""
        names = self.documents.drop_nulls("document").select("document", "name")
        pairs = read_table(DUPLICATES, self._relations / "duplicates.parquet", self._known)
        pairs = pairs.drop_nulls("figures")
        members = pl.concat(
            [
                pairs.select("other", "figures", member="document"),
                pairs.select("other", "figures", member="other"),
            ]
        ).unique()
        named = members.join(names, left_on="member", right_on="document")
        groups = named.group_by("other").agg(pl.col("figures").first(), names=pl.col("name").sort())
        return groups.select("figures", "names").sort("names").to_dicts()

    def columns(self, table: Any, file: str, *columns: str) -> pl.DataFrame:
        """A table of all evaluations; only those columns of it, where any are named."""
        types = schema_of(table)
        asked = columns or [*types]
        parts = [
            read_table(table, folder / file, self._known).select(asked) for folder in self._folders
        ]
        return pl.concat([pl.DataFrame(schema={name: types[name] for name in asked}), *parts])

    def _table(self, schema: TableSchema, path: UPath) -> pl.DataFrame:
        """The table in a file, checked unless this run has written it."""
        if path.parent.name in self._written:
            return pl.read_parquet(BytesIO(path.read_bytes()))
        return read_table(schema, path, self._known)

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One row for each name of a document."""
        about = self.documents.select("name", "document", "agency", "issuer", "year")
        return about.drop_nulls("document").join(frame, on="document")

    def summary(self) -> dict[str, Any]:
        """What all reports come to; the same for the same documents and rules."""
        totals = self._counted[1]
        by_status = totals.group_by("status").agg(pl.col("outcomes").sum())
        rules = (
            totals.group_by("rule")
            .agg(
                reports=pl.col("reports").filter(_WRONG).sum(),
                passed=pl.col("reports").filter(pl.col("status") == "pass").sum(),
            )
            .filter(pl.col("reports") > 0)
            .sort(["reports", "rule"], descending=[True, False])
        )
        findings = self._named(self.columns(FINDINGS, "findings.parquet", "document", "severity"))
        worst = (
            findings.filter(pl.col("severity") == "error")
            .group_by("issuer")
            .agg(errors=pl.len(), reports=pl.col("name").n_unique())
            .sort(["errors", "issuer"], descending=[True, False], nulls_last=True)
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
            "formats": self._coverage().to_dicts(),
            "groups": self._worst_groups(totals).head(_LISTED).to_dicts(),
            "duplicates": self._same_figures(),
            "copies": self._copies().head(_LISTED).to_dicts(),
            "versions": self._changed_versions().head(_LISTED).to_dicts(),
            "screening": self.screening()
            .head(_LISTED)
            .drop("kind", "test", "score", "limit")
            .to_dicts(),
            "failures": self.documents.filter(pl.col("verdict") == FAILED)
            .select("name", "code", "message")
            .to_dicts(),
        }

    def _coverage(self) -> pl.DataFrame:
        """By format, how many documents there are, which of them were not read or audited, and of
        how many boxes of all others it is not known what they say."""
        boxes = [pl.DataFrame(schema=_BOXES_TYPES)]
        for path in self._facts:
            facts = pl.read_parquet(BytesIO(path.read_bytes()), columns=["document", "state"])
            unread = pl.col("state").is_in(["illegible", "missing"]).sum()
            counted = facts.group_by("document").agg(boxes=pl.len(), unread=unread)
            boxes.append(counted.cast(_BOXES_TYPES))
        suffix = pl.col("name").str.extract(r"\.(\w+)$").str.to_lowercase().fill_null("")
        return (
            self.documents.join(pl.concat(boxes), on="document", how="left")
            .group_by(format=suffix)
            .agg(
                documents=pl.len(),
                failed=(pl.col("verdict") == FAILED).sum(),
                not_audited=(pl.col("verdict") == "not-audited").sum(),
                boxes=pl.col("boxes").sum(),
                unread=pl.col("unread").sum(),
            )
            .sort("format")
        )

    def _worst_groups(self, totals: pl.DataFrame) -> pl.DataFrame:
        """Bodies above others, the worst first: how many of their figures do not agree with those
        below, and whose reports are not there."""
        rules = totals.filter("of_group")["rule"].unique()
        broken = (
            self.failed.filter(pl.col("rule").is_in(rules.implode()))
            .group_by("document")
            .agg(broken=pl.col("outcomes").sum())
        )
        missing = pl.col("child").filter(pl.col("state") != "found")
        return (
            self.groups()
            .group_by("document", "parent", "year")
            .agg(children=pl.len(), missing=missing.sort().str.join("; "), count=missing.len())
            .join(broken, on="document", how="left")
            .with_columns(pl.col("broken").fill_null(0))
            .filter((pl.col("broken") > 0) | (pl.col("count") > 0))
            .sort(["broken", "count", "parent", "year"], descending=[True, True, False, False])
            .select("parent", "year", "broken", "children", "missing")
        )

    def _copies(self) -> pl.DataFrame:
        """Reports with nearly all sentences of another, the likest first."""
        alike = self.duplicates().filter(pl.col("prose") >= ALIKE)
        share = pl.col("prose").round(3).alias("share")
        return alike.select("name", "other", share).sort("share", "name", descending=[True, False])

    def _changed_versions(self) -> pl.DataFrame:
        """Documents that are versions of one report, with how many figures changed, most first."""
        changed = (pl.col("state") == "changed").sum().alias("changed")
        found = self.versions().group_by("name", "other").agg(changed)
        return found.sort("changed", "name", descending=[True, False])

    def write_workbook(self, path: Path) -> None:
        """All tables about whole reports as sheets of a workbook, in which nothing computes."""
        import xlsxwriter  # only this output needs it

        plain = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, plain) as book:
            for name, frame in {
                "documents": self.documents,
                "findings": self.findings(),
                "groups": self.groups(),
                "duplicates": self.duplicates(),
                "versions": self.versions(),
                "screening": self.screening(),
            }.items():
                frame.write_excel(book, name, autofit=True)


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.group_by(column).len().sort(column).iter_rows())
