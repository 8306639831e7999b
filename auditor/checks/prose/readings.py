"""A list in; every total and every sum of parts that its wording admits, out.

Which figures are of one level, where the list ends and whether the next sentence goes on with it is
not printed. Whoever adds up has to try all of it before saying that something does not add up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditor.model.prose import Breakdown, Part, Quantity

_MOST_SUMS = 500
"""Different sums of one list that are told apart; a list with more of them proves nothing."""


def totals_of(breakdown: Breakdown) -> Iterator[Decimal]:
    """What the parts may add up to: a figure in front, or two neighbours together."""
    heads = (breakdown.total, *breakdown.others)
    yield from (each.value for each in heads)
    for one, other in itertools.pairwise(heads):
        yield one.value + other.value


def main_parts(breakdown: Breakdown) -> tuple[Part, ...]:
    """The parts as they are most simply read: without those of lists within the list."""
    outer = tuple(part for part in breakdown.parts if not part.inner)
    return outer if len(outer) >= 2 else breakdown.parts


def sums_of(breakdown: Breakdown) -> set[Decimal]:
    """Everything the parts may come to."""
    found: set[Decimal] = set()
    after = [each.value for each in breakdown.following]
    for figures in _levels(breakdown):
        ends = ends_of(breakdown, figures)
        for sums, end in _prefixes([each.value for each in figures], ends):
            is_whole = end == len(figures)
            found |= sums
            if is_whole:
                more = Decimal(0)
                for value in after:
                    more += value
                    found |= {each + more for each in sums}
    return found


def _levels(breakdown: Breakdown) -> Iterator[Sequence[Quantity]]:
    """The figures that may be of one level."""
    parts = breakdown.parts
    seen: set[tuple[int, ...]] = set()
    unit = breakdown.total.unit
    flat = [each for part in parts for each in (part.figure, *part.nested)]
    below = [each for part in parts for each in (part.nested or (part.figure,))]
    firsts = {part.clause: part.figure for part in reversed(parts)}
    lasts = {part.clause: part.figure for part in parts}
    for figures in (
        [part.figure for part in parts],
        [part.figure for part in parts if not part.inner],
        [each for each in flat if each.unit == unit],
        [part.figure for part in parts if part.figure.unit == unit],
        below,
        [firsts[clause] for clause in sorted(firsts)],
        [lasts[clause] for clause in sorted(lasts)],
    ):
        key = tuple(each.start for each in figures)
        if key not in seen:
            seen.add(key)
            yield figures


def ends_of(breakdown: Breakdown, figures: Sequence[Quantity]) -> list[int]:
    """Behind how many of its figures the list may end: two at least, in no enumeration."""
    joined = {part.figure.start for part in breakdown.parts if part.joined}
    last = len(figures)
    return [end for end in range(2, last + 1) if end == last or figures[end].start not in joined]


def _prefixes(values: Sequence[Decimal], ends: Sequence[int]) -> Iterator[tuple[set[Decimal], int]]:
    """For every place where the list may end, the sums up to it.

    A figure whose parts follow it stands for them: in 9, 5, 4, 3 the sum may be 12.
    """
    ways: list[set[Decimal]] = [set() for _ in range(len(values) + 1)]
    ways[0].add(Decimal(0))
    for start, value in enumerate(values):
        sums = {each + value for each in ways[start]}
        for end in (start + 1, *_covered(values, start)):
            if len(ways[end]) < _MOST_SUMS:
                ways[end] |= sums
    for end in ends:
        yield ways[end], end


def _covered(values: Sequence[Decimal], start: int) -> Iterator[int]:
    """Where the parts of a figure may end: two or more behind it that come to it."""
    total = Decimal(0)
    for end in range(start + 1, len(values)):
        total += values[end]
        if total > values[start]:
            return
        if total == values[start] and end >= start + 2:
            yield end + 1


def slack(breakdown: Breakdown, figures: Sequence[Quantity]) -> Decimal:
    """By how much rounding may part the sum from the total: none where all is exact."""
    rounded = [each for each in (breakdown.total, *figures) if each.scale]
    return sum((each.step for each in rounded), Decimal(0)) / 2
