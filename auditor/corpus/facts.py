"""Reports as they were read in, the one long table of their facts out, as CSV or Parquet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from auditor.corpus.frame import COUNTS, FACTS, TEXTS, written_csv, written_parquet
from auditor.messages import phrase
from auditor.model.form import Address, Form
from auditor.model.report import Number
from auditor.reporters import Item, Reading, Reporter
from auditor.reporters.json import entries_in_order


class FactsParquetReporter(Reporter):
    """One table, when all reports are read: its schema is about all of it."""

    def start(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def report(self, item: Item) -> None:
        self._parts += _parts([item], self.language)

    def finish(self) -> None:
        self.write(written_parquet(_whole(self._parts)))


class FactsCsvReporter(FactsParquetReporter):
    """The same as comma-separated rows."""

    def finish(self) -> None:
        self.write(written_csv(_whole(self._parts)))


def facts(items: Iterable[Item], language: str) -> pd.DataFrame:
    """A row for each box of each report. A document that failed has none: it is told elsewhere."""
    return _whole(_parts(items, language))


def _parts(items: Iterable[Item], language: str) -> list[pd.DataFrame]:
    return [_typed(_rows(item, language)) for item in items if isinstance(item, Reading)]


def _whole(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else _typed([])


def _rows(reading: Reading, language: str) -> list[dict[str, Any]]:
    report = reading.report
    about = {
        "report": report.source.name,
        "agency": report.identity.agency,
        "year": report.identity.year,
        "form": report.form_id,
    }
    return [
        {
            **about,
            "address": str(entry.address),
            **_labels(reading.form, entry.address, language),
            "raw": entry.raw,
            "value": entry.value.value if isinstance(entry.value, Number) else None,
            "state": entry.value.state,
            "match": entry.match.value,
            **{name: getattr(entry.origin, name, None) for name in ("page", "line", "selector")},
        }
        for entry in entries_in_order(report, reading.form)
    ]


def _labels(form: Form, box: Address, language: str) -> dict[str, str | None]:
    """Table, row and column in the form's words; figures in sentences have no row."""
    if not box.row:
        label = form.wordings.mention(box.column).label
        name = label.get(language) or box.column
        return {"table": phrase("text-figure", language), "row": None, "column": name}
    row, _, column = form.describe(box).rpartition(" \u00d7 ")
    title = form.table(box.table).title
    return {"table": title.get(language, box.table), "row": row, "column": column}


def _typed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows in columns of the types that the schema wants, though nothing stand in them."""
    kinds = dict.fromkeys(TEXTS, "string") | dict.fromkeys(COUNTS, "Int64") | {"value": "object"}
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kinds[name]) for name in FACTS.columns}
    )
