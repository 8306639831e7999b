"""Reports in; those that have all figures, or nearly all sentences, of an earlier one, out.

Like-worded reports are found by MinHash and then compared exactly: no report is compared with all
others, and every share that is told is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH

from auditor.corpus.tables import DUPLICATES, schema_of

ALIKE = 0.9
"""The share of equal sentences from which on two reports are told to be alike."""
_LEAST_FIGURES = 10
"""Figures that are not zero, from which on two reports are not alike by chance."""
_LEAST_CHARACTERS = 200
"""Of sentences; shorter ones are alike by the form's own wording."""
_BANDS, _ROWS = 25, 5
"""Reports whose clauses are in common to the share J meet with 1 - (1 - J**5)**25: for 0.8, all but
one in 20,000; for 0.4, one in four, which the exact comparison then leaves out."""
_SEED = 1
_MOST_COMPARED = 64
"""Reports that one is compared with: where so many are alike, further ones are not looked up."""


def hash_figures(facts: pl.DataFrame) -> pl.DataFrame:
    """By document, how many figures of its tables are not zero, and one number for all of them."""
    return (
        facts.filter(pl.col("value") != 0, ~pl.col("address").str.starts_with("text/"))
        .group_by("document")
        .agg(
            figures=pl.len(),
            same=pl.struct("address", "value").hash().sort().implode().hash().first(),
        )
    )


def find_duplicates(
    about: pl.DataFrame, figures: pl.DataFrame, clauses: pl.DataFrame
) -> pl.DataFrame:
    """Each report that is like an earlier one, with that: of several, the first with its figures
    and the most alike in words. `about`: documents, in their order; `figures`: as `hash_figures`
    has them. Versions of one report, for the same agency and year, are not told."""
    order = about.select("document", "form", "issuer", "year").with_row_index("at")
    prose = _Prose(order.select("document", "at").join(clauses, on="document").sort("at"))
    pairs = _same_figures(order, figures)
    shares = {pair: prose.share(*pair) for pair in pairs}
    before = dict(about.select("document", "predecessor").drop_nulls().iter_rows())
    shares |= {(one, other): share for one, other, share in prose.alike(before)}
    rows = [(*pair, share, pairs.get(pair)) for pair, share in shares.items()]
    found = pl.DataFrame(rows, schema_of(DUPLICATES), orient="row")
    who = order.select("document", "form", "issuer", "year")
    named = found.join(who, on="document").join(
        who.rename({"document": "other"}), on="other", suffix="_other"
    )
    is_version = pl.all_horizontal(
        (pl.col(each) == pl.col(f"{each}_other")).fill_null(False) for each in ("issuer", "year")
    )
    return named.filter(~is_version).select(*DUPLICATES.columns).sort("document", "other")


def _same_figures(order: pl.DataFrame, figures: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Pairs that agree in all figures of their tables that are not zero, and how many those are:
    each with the first that has them."""
    alike = (
        figures.filter(pl.col("figures") >= _LEAST_FIGURES)
        .join(order.select("document", "form", "at"), on="document")
        .sort("at")
        .group_by("form", "figures", "same", maintain_order=True)
        .agg("document")
        .filter(pl.col("document").list.len() > 1)
    )
    return {
        (document, first): count
        for count, (first, *others) in alike.select("figures", "document").iter_rows()
        for document in others
    }


class _Prose:
    """The sentences of many reports, by their distinct clauses."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._rows = {document: at for at, document in enumerate(frame["document"])}
        self._hashes = frame["clauses"].explode().drop_nulls().to_numpy()
        self._lengths = frame["lengths"].explode().drop_nulls().to_numpy()
        self._ends = np.cumsum(frame["clauses"].list.len().to_numpy().astype(np.int64))
        totals = frame["lengths"].list.sum().fill_null(0)
        self._totals: list[int] = totals.to_list()

    def _clauses(self, at: int) -> tuple[Any, Any]:
        part = slice(self._ends[at - 1] if at else 0, self._ends[at])
        return self._hashes[part], self._lengths[part]

    def share(self, one: str, other: str) -> float | None:
        """The share of the longer one's characters that stand in clauses of both; None where they
        have too few."""
        first, second = self._rows[one], self._rows[other]
        if max(self._totals[first], self._totals[second]) < _LEAST_CHARACTERS:
            return None
        return float(self._shares(first, [second])[0])

    def _shares(self, one: int, others: Sequence[int]) -> NDArray[np.float64]:
        """That share with each of the others, which are looked up at once."""
        own = np.sort(self._clauses(one)[0])
        found = [self._clauses(each) for each in others]
        clauses, lengths = (np.concatenate(each) for each in zip(*found, strict=True))
        of = np.repeat(np.arange(len(others)), [len(each) for each, _ in found])
        if len(own) == 0:
            return np.zeros(len(others))
        at = np.minimum(own.searchsorted(clauses), len(own) - 1)
        common = np.bincount(of, np.where(own[at] == clauses, lengths, 0), len(others))
        longer = [max(self._totals[one], self._totals[each]) for each in others]
        shares: NDArray[np.float64] = common / np.array(longer)
        return shares

    def alike(self, before: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
        """Each report with the earlier one most like it, where they are alike. One is in any case
        compared with that of the year before."""
        index = RMinHashLSH(threshold=ALIKE, num_perm=_BANDS * _ROWS, num_bands=_BANDS)
        documents = [*self._rows]
        identical: dict[bytes, str] = {}
        for at, document in enumerate(documents):
            if self._totals[at] < _LEAST_CHARACTERS:
                continue
            hashes = np.sort(self._clauses(at)[0]).tobytes()
            first = identical.setdefault(hashes, document)
            if first != document:
                yield document, first, 1.0
                continue
            signature = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
            signature.update([hashes[start : start + 8] for start in range(0, len(hashes), 8)])
            met = index.query(signature)
            if len(met) < _MOST_COMPARED:
                index.insert(at, signature)
            candidates = sorted(met)[:_MOST_COMPARED]
            if (last := self._rows.get(before.get(document, ""), at)) < at:
                candidates.append(last)
            if candidates:
                shares = self._shares(at, candidates)
                likest = int(shares.argmax())
                if shares[likest] >= ALIKE:
                    yield document, documents[candidates[likest]], float(shares[likest])
