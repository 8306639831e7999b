"""Figures of many reports in; those that are far from their peers out, for people to look at.

Never a finding: what is rare may be right. What is looked at is declared in `screening.yaml` beside
a form's editions; each row names its peers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from auditor.corpus.tables import SCREENING, schema_of
from auditor.definitions import Library
from auditor.definitions.agencies import Agencies
from auditor.definitions.screening import (
    DigitsTest,
    ScreenedRatio,
    Screening,
    load_screening,
)
from auditor.messages import LANGUAGES, phrase
from auditor.model.form import Address, Form

_NORMAL = 0.6745
"""The median distance from the median, in standard deviations of a normal distribution."""
_LEAST_SPREAD = 0.25
"""Where most peers have the same figure, a quarter more or less is no distance."""
_NEAREST = 3
_DIGITS = "last-digits"
_WHOLE = pl.col("value") % 1 == 0


class Screener:
    """Collects what screening needs, part by part; then tells what is far from its peers."""

    def __init__(self, library: Library, agencies: Agencies) -> None:
        """Raises `DefinitionError` for a `screening.yaml` that is wrong."""
        self._agencies = agencies
        forms = library.forms
        self._screening = load_screening(library.definitions, forms)
        boxes = {str(box) for each in self._screening.values() for box in each.boxes}
        self._words = _words(self._screening, forms)
        self._boxes = pl.Series(sorted(boxes), dtype=pl.String).implode()
        parts = [(form.id, box) for form in forms for box in _parts(form)]
        self._parts = pl.DataFrame(parts, {"form": pl.String, "address": pl.String}, orient="row")
        self._figures: list[pl.DataFrame] = []
        """`document`, `form`, `address`, `value` of the boxes that are looked at."""
        self._digits: list[pl.DataFrame] = []
        """How often each last digit stands: `document`, `digit`, `count`."""

    def add(self, facts: pl.DataFrame) -> None:
        """The facts of some more documents."""
        read = facts.filter(state="number").select(
            "document", "form", "address", pl.col("value").cast(pl.Float64)
        )
        self._figures.append(read.filter(pl.col("address").is_in(self._boxes)))
        self._digits.append(
            read.filter(_WHOLE, pl.col("value") >= 10)
            .join(self._parts, on=["form", "address"], how="semi")
            .group_by("document", digit=pl.col("value") % 10)
            .agg(count=pl.len())
        )

    def find(self, about: pl.DataFrame) -> pl.DataFrame:
        """All that is told, the farthest first. `about`: the documents, one row each."""
        empty = pl.DataFrame(schema=schema_of(SCREENING))
        if not self._figures:
            return empty
        figures, digits = pl.concat(self._figures), pl.concat(self._digits)
        who = about.drop_nulls("issuer").select("document", "name", "form", "issuer", "year")
        kinds = [self._agencies.kind(each) for each in who["issuer"]]
        who = who.with_columns(
            kind=pl.Series(kinds, dtype=pl.String),
            family=pl.col("form").str.split("/").list.first(),
        )
        found = [empty]
        for family, own in self._screening.items():
            members = who.filter(family=family)
            if len(members):
                told = pl.concat(_screened(own, members, figures, digits))
                words = self._words.filter(family=family).drop("family")
                found.append(told.join(words, on="subject").select(*SCREENING.columns))
        order = (pl.col("score") / pl.col("limit")).abs()
        return pl.concat(found).sort(order, "document", "subject", descending=[True, False, False])


def _words(screening: Mapping[str, Screening], forms: Sequence[Form]) -> pl.DataFrame:
    """What is looked at in both languages, by family of forms; boxes as the latest edition that has
    them says it."""
    labels = {
        (form.id.partition("/")[0], str(box)): [box_in_words(form, box, each) for each in LANGUAGES]
        for form in forms
        for table in form.tables
        for box in table.boxes()
    }
    digits = [phrase(f"screening-{_DIGITS}", language) for language in LANGUAGES]
    rows = []
    for family, own in screening.items():
        rows += [
            (family, box, *labels[family, box])
            for box in own.figures
            if (family, box) in labels  # or its edition was left out
        ]
        rows += [
            (family, each.id, *map(each.statement.__getitem__, LANGUAGES)) for each in own.ratios
        ]
        rows.append((family, _DIGITS, *digits))
    columns = ("family", "subject", "subject_zh", "subject_en")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def box_in_words(form: Form, box: Address, language: str) -> str:
    """The form's own labels, which are in one language; in English, of a form that is in another,
    what the ids of its lines say."""
    if language != "en" or form.language == "en":
        return form.describe(box)
    row, column = (key.replace("_", " ") for key in (box.row, box.column))
    return f"{form.table(box.table).title[language]}: {row} × {column}"


def _parts(form: Form) -> set[str]:
    """The boxes that are no total, so that no figure counts twice."""
    found = set()
    for table in form.tables:
        totals = {(each.each, each.left[0]) for each in table.sums if len(each.left) == 1}
        for box in table.boxes():
            if not {("row", box.column), ("column", box.row)} & totals:
                found.add(str(box))
    return found


def _screened(
    own: Screening, members: pl.DataFrame, figures: pl.DataFrame, digits: pl.DataFrame
) -> list[pl.DataFrame]:
    """What each of the three tests tells of the reports of a family of forms."""
    size = pl.DataFrame(schema={"document": pl.String, "size": pl.Float64})
    if own.size:
        size = figures.filter(address=own.size).select("document", size="value")
    power = (pl.col("size") + 1).log10().floor().cast(pl.Int32)
    members = members.join(size, on="document", how="left").with_columns(size=power)
    found = []
    for box in own.figures:
        values = figures.filter(pl.col("value") >= 0, address=box).select("document", "value")
        spread = members.join(values, on="document").select(
            *(each for each in members.columns if each != "size"),
            # What tells sizes apart cannot itself be out of its size.
            pl.lit(None, pl.Int32).alias("size") if box == own.size else "size",
            *("value", pl.lit(box).alias("subject"), pl.col("value").log1p().alias("at")),
        )
        found.append(_told(_scored(spread, own.peers), "peers", own.score))
    for each in own.ratios:
        ratio = _ratio(each, members, figures)
        found.append(_told(_scored(ratio, own.peers), "ratio", each.high))
    if own.digits:
        tested = _digits(own.digits, members, digits)
        found.append(_told(_scored(tested, own.peers), "digits", own.digits.score))
    return found


def _ratio(ratio: ScreenedRatio, members: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The ratio of every report with all its figures read; of a whole of zero as of one."""
    sides = {
        name: figures.filter(pl.col("address").is_in(pl.Series(boxes).implode()))
        .group_by("document")
        .agg(pl.col("value").sum().alias(name), read=pl.len())
        .filter(read=len(boxes))
        .drop("read")
        for name, boxes in (("of", ratio.of), ("to", ratio.to))
    }
    both = members.join(sides["of"], on="document").join(sides["to"], on="document")
    value = pl.col("of") / pl.max_horizontal("to", pl.lit(1.0))
    return both.filter(pl.max_horizontal("of", "to") >= ratio.least).select(
        *members.columns, value=value, subject=pl.lit(ratio.id), at=value, score=value
    )


def _digits(test: DigitsTest, members: pl.DataFrame, digits: pl.DataFrame) -> pl.DataFrame:
    """By how much last digits are not all as frequent, and the share of the most frequent."""
    count, figures = pl.col("count"), pl.col("count").sum()
    square = 10 * count.cast(pl.Float64).pow(2).sum() / figures - figures
    tested = (
        digits.group_by("document")
        .agg(score=square, value=count.max() / figures, figures=figures)
        .filter(pl.col("figures") >= test.figures)
    )
    return members.join(tested, on="document").select(
        *members.columns, "value", subject=pl.lit(_DIGITS), at="value", score="score"
    )


_LEVELS: tuple[list[str], ...] = (["year", "size"], ["size"], [])
"""What peers have in common besides their kind; the first of which there are enough."""


def _scored(values: pl.DataFrame, least: int) -> pl.DataFrame:
    """With how many peers each has, their median and, where it has none yet, its score; `level` is
    the first of `_LEVELS` with enough peers."""
    at = pl.col("at")
    columns: list[pl.Expr] = []
    for number, keys in enumerate(_LEVELS):
        over = ["kind", "subject", *keys]
        columns += [
            (pl.len().over(over) - 1).alias(f"peers{number}"),
            pl.col("value").median().over(over).alias(f"median{number}"),
            at.median().over(over).alias(f"middle{number}"),
        ]
    values = values.with_columns(columns)
    if "score" not in values.columns:
        values = values.with_columns(
            (at - pl.col(f"middle{number}"))
            .abs()
            .median()
            .over(["kind", "subject", *keys])
            .alias(f"spread{number}")
            for number, keys in enumerate(_LEVELS)
        ).with_columns(
            (
                _NORMAL
                * (at - pl.col(f"middle{number}"))
                / pl.max_horizontal(f"spread{number}", pl.lit(_NORMAL * _LEAST_SPREAD))
            ).alias(f"score{number}")
            for number in range(len(_LEVELS))
        )
        values = values.with_columns(score=_first("score", least))
    return values.with_columns(
        peers=_first("peers", least).fill_null(0),
        median=_first("median", least),
        level=pl.coalesce(
            pl.when(pl.col(f"peers{number}") >= least).then(number)
            for number in range(len(_LEVELS))
        ),
    )


def _first(name: str, least: int) -> pl.Expr:
    return pl.coalesce(
        pl.when(pl.col(f"peers{number}") >= least).then(pl.col(f"{name}{number}"))
        for number in range(len(_LEVELS))
    )


def _told(scored: pl.DataFrame, test: str, limit: Decimal) -> pl.DataFrame:
    """The rows beyond the limit, with those of their peers whose figures are nearest."""
    beyond = scored.filter(pl.col("score").abs() > float(limit))
    found = [beyond.filter(pl.col("level").is_null()).with_columns(nearest=pl.lit(None, pl.String))]
    for number, keys in enumerate(_LEVELS):
        own = beyond.filter(level=number)
        if len(own):
            found.append(own.join(_neighbours(own, scored, ["kind", "subject", *keys]), on=_ROW))
    return pl.concat(found).select(
        *("document", pl.lit("screening").alias("kind"), pl.lit(test).alias("test"), "subject"),
        *("value", "score", pl.lit(float(limit)).alias("limit"), pl.col("peers").cast(pl.UInt32)),
        *("median", "nearest"),
    )


_ROW = ["document", "subject"]


def _neighbours(rows: pl.DataFrame, scored: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """For each of the rows the names of the reports with the nearest figures among those that have
    the same keys: they stand beside it when these are sorted."""
    peers = scored.join(rows.select(keys).unique(), on=keys, how="semi", nulls_equal=True)
    beside = [each for each in range(-_NEAREST, _NEAREST + 1) if each]
    at, name = pl.col("at"), pl.col("name")
    return (
        peers.sort(*keys, "at", "name", nulls_last=True)
        .with_columns(
            pl.struct(off=(at.shift(each) - at).abs(), name=name.shift(each))
            .over(keys)
            .alias(f"{each}")
            for each in beside
        )
        .join(rows.select(_ROW), on=_ROW, how="semi")
        .unpivot([f"{each}" for each in beside], index=_ROW, value_name="peer")
        .unnest("peer")
        .drop_nulls("off")
        .sort("off", "name")
        .group_by(_ROW)
        .agg(nearest=name.head(_NEAREST).str.join("; "))
    )
