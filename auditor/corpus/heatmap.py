"""The tables of a store in; pages out: heat maps of rules by agencies and years, and the reports.

The maps are tables whose cells are coloured by classes: a count can be read, found and copied, and
keyboard, print and screen readers have it for nothing. Measured on 300 agencies and 60 rules, that
is 0.2 MB; as styled by pandas 1.3 MB, by great_tables 2.4 MB (in 19 seconds), as a picture of
Matplotlib 0.3 MB, in which nothing can be read out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from jinja2 import Environment
from markupsafe import Markup
from msgspec.structs import replace

from auditor import __version__
from auditor.corpus.stored import StoredReports
from auditor.corpus.tables import FINDINGS
from auditor.corpus.views import StoreTables
from auditor.definitions import Library
from auditor.findings import verdict_of
from auditor.messages import phrase
from auditor.reporters import REPORTERS, Judged, Style, reporter_of
from auditor.reporters.html import digest, environment

_LEVELS = 5
"""Shades of a cell, from the first report that breaks the rule to all of them."""
_MOST_ROWS = 1000
"""Agencies of a map, those with most broken rules; the others are counted."""


class HeatRow(NamedTuple):
    """One row of a map."""

    name: Any
    reports: int
    cells: list[tuple[int, int]]
    """Reports that break the column's rule, and the shade of that."""


class HeatMap(NamedTuple):
    """How many reports break which rules."""

    columns: list[Any]
    rows: list[HeatRow]
    left_out: int
    """Rows beyond those that are shown."""


def heat_map(broken: pl.DataFrame, reports: Mapping[Any, int], by: str) -> HeatMap:
    """What rules the reports break of each agency, or year, `by` whose column they are told apart.

    `broken` has a row for each document and rule; `reports` counts the reports of each.
    """
    counted = broken.group_by(by, "rule").agg(pl.col("document").n_unique())
    counts = {(of, rule): count for of, rule, count in counted.iter_rows()}
    totals = counted.group_by("rule").agg(pl.col("document").sum())
    rules = totals.sort(["document", "rule"], descending=[True, False])["rule"].to_list()
    worst = counted.group_by(by).agg(pl.col("document").sum())
    order = [by] if by == "year" else [-pl.col("document").cast(pl.Int64), by]
    names = worst.sort(order, nulls_last=True)[by].to_list()
    rows = [
        HeatRow(
            name,
            reports[name],
            [
                (count, math.ceil(_LEVELS * count / reports[name]))
                for count in (counts.get((name, rule), 0) for rule in rules)
            ],
        )
        for name in names[:_MOST_ROWS]
    ]
    return HeatMap(rules, rows, len(names) - len(rows))


def write_pages(
    folder: Path, tables: StoreTables, stored: StoredReports, library: Library, style: Style
) -> None:
    """`index.html`, and in `reports` the page of each report that has findings."""
    style = replace(style, is_single=True)
    make = reporter_of("html", REPORTERS["html"])
    findings = tables.columns(FINDINGS, "findings.parquet", "document", "severity")
    told = findings.pivot("severity", index="document", aggregate_function="len", values="severity")
    listed = tables.documents.join(told, on="document").sort("issuer", "year", "name")
    (folder / "reports").mkdir(parents=True, exist_ok=True)
    pages = []
    for row in listed.iter_rows(named=True):
        audit = stored.audit(row["name"])
        assert audit is not None, "it has findings"
        place = f"reports/{row['document'][:16]}.html"
        with (folder / place).open("w", encoding="utf-8") as page:
            reporter = make(style, page.write)  # type: ignore[arg-type]
            reporter.start()
            reporter.report(Judged(audit, verdict_of(audit)))
            reporter.finish()
        pages.append(row | {"place": place})
    index = index_page(tables, pages, library, style.language)
    (folder / "index.html").write_text(index, encoding="utf-8")


def index_page(
    tables: StoreTables, pages: list[dict[str, Any]], library: Library, language: str
) -> str:
    """The page with the maps; `pages` are the reports that have one, with their `place`."""
    read = tables.documents.drop_nulls("form").unique("document", keep="first", maintain_order=True)
    about = read.select("document", "year", issuer=pl.col("issuer").fill_null(""))
    broken = tables.failed.join(about, on="document")
    maps = {
        by: heat_map(broken, dict(about.group_by(by).len().iter_rows()), by)
        for by in ("year", "issuer")
    }
    templates: Environment = environment(language, "auditor.corpus")
    assert templates.loader is not None
    style = str(templates.globals["style"])
    style += templates.loader.get_source(templates, "heatmap.css")[0]
    rules = {rule.id: rule.statement for own in library.rules.values() for rule in own}
    verdicts = tables.documents.group_by("verdict").len().sort("verdict")
    return templates.get_template("heatmap.html").render(
        heading=phrase("corpus-index", language),
        version=__version__,
        style=Markup(style),
        style_digest=digest(style),
        script="",
        script_digest=digest(""),
        documents=len(tables.documents),
        verdicts=dict(verdicts.iter_rows()),
        maps=maps,
        statements=rules,
        meanings={rule: rules[rule] for rule in sorted(maps["year"].columns) if rule in rules},
        levels=range(1, _LEVELS + 1),
        pages=[(issuer, [*own]) for issuer, own in groupby(pages, lambda page: page["issuer"])],
    )
