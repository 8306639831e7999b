"""Damages composed: which may follow one another, and the text that comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from auditor.testing import Section, is_single, joined
from tests.damage.body import STYLES, Body, Damage, body_of, is_crossed
from tests.damage.moves import MOVES
from tests.damage.reports import Case

_FIRST = ("permuted columns", "total first", "index numbers")
"""Damages of whole columns come before those of lines and cells."""
_TEARS = frozenset(name for name in MOVES if name.startswith(("split figures", "wrapped")))


def in_order(names: Iterable[str]) -> list[str]:
    """Each damage once, in the order in which they can be done."""
    return sorted(set(names), key=lambda name: (name not in _FIRST, list(MOVES).index(name)))


def damaged(case: Case, names: Sequence[str], style: str, rng: Random) -> str:
    """The report with these damages done to the tables with sums both ways, at times to others."""
    everywhere = rng.random() < 0.5

    def setter(section: Section, rng: Random) -> Iterable[str]:
        done = in_order(names) if everywhere or is_crossed(section) else []
        return STYLES[style](_done(case, section, done, rng))

    return joined(case.page(rng), setter, rng)


def _done(case: Case, section: Section, names: Sequence[str], rng: Random) -> Body:
    body = body_of(section)
    tears = _TEARS & set(names)
    own = case.planted is not None and case.planted.table == section.table.key
    for name in names:
        if name == "join figures" and tears and (own or not section.table.sums):
            continue
        if name == "glue and split":
            body = beside_planted(MOVES[name], case, body, rng, section)
        else:
            body = MOVES[name](body, rng, section)
    return body


def beside_planted(damage: Damage, case: Case, body: Body, rng: Random, section: Section) -> Body:
    """The damage done to lines other than the one with the author's error.

    `12 0` torn and joined is `1 20`: as many figures as before, which sums alone can tell, and they
    cannot where the author broke them.
    """
    if case.planted is None or case.planted.table != section.table.key:
        return damage(body, rng, section)
    if is_single(section):
        return body
    label = section.table.row(case.planted.row).label
    found: Body = []
    for line in body:
        spared = any(cell.text == label for cell in line)
        found += [line] if spared else damage([line], rng, section)
    return found
