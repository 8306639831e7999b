"""Damages composed: which may follow one another, and the text that comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from auditor.testing.layouts import joined
from auditor.testing.pages import Section
from tests.damage.body import STYLES, body_of, is_crossed
from tests.damage.moves import MOVES
from tests.damage.reports import Case

_FIRST = ("permuted columns", "total first", "index numbers")
"""Damages of whole columns come before those of lines and cells."""
_TEARS = frozenset(name for name in MOVES if name.startswith(("split figures", "wrapped")))


def in_order(names: Iterable[str]) -> list[str]:
    """Each damage once, in the order in which they can be done."""
    return sorted(set(names), key=lambda name: (name not in _FIRST, list(MOVES).index(name)))


def damaged(case: Case, names: Sequence[str], style: str, rng: Random) -> str:
    """The report with these damages done to table three, and at times to the others."""
    everywhere = rng.random() < 0.5

    def setter(section: Section, rng: Random) -> Iterable[str]:
        body = body_of(section)
        for name in in_order(names) if everywhere or is_crossed(section) else ():
            if not _is_beyond_telling(name, names, section):
                body = MOVES[name](body, rng, section)
        return STYLES[style](body)

    return joined(case.page(rng), setter, rng)


def _is_beyond_telling(name: str, names: Sequence[str], section: Section) -> bool:
    """Whether nobody could tell: `12 0` torn and joined is `1 20`, and no sum contradicts."""
    joins = name in ("join figures", "glue and split")
    return joins and not section.table.identities and bool(_TEARS & set(names))
