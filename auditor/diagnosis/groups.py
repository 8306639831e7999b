"""Which failures may have a cause in common: equations joined by the cells that they share.

In: the equations, or sets of edits to them. Out: blocks, groups and links; a partition each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from auditor.diagnosis.sums import Edits, Sums

_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Block:
    """Equations joined by cells, whether they hold or not, such as all of one table's."""

    rows: tuple[int, ...]
    groups: tuple[frozenset[int], ...]
    """Its failing equations; no cell enters two of these groups."""

    @property
    def failing(self) -> frozenset[int]:
        """All its failing equations."""
        return frozenset().union(*self.groups)


def blocks_of(sums: Sums) -> list[Block]:
    """The blocks in which some equation fails, as they stand among the checks."""
    cells = [tuple(column.rows) for column in sums.columns.values()]
    found = []
    for rows in parts(range(len(sums.rows)), cells):
        failing = [row for row in rows if row in sums.failing]
        if failing:
            own = [[row for row in cell if row in failing] for cell in cells]
            groups = tuple(frozenset(group) for group in parts(failing, own))
            found.append(Block(tuple(rows), groups))
    return found


def linked(
    sums: Sums, failing: Iterable[int], sets: Sequence[Edits]
) -> Iterator[tuple[frozenset[int], list[Edits]]]:
    """The failures that some edit, or edits that make up for one another, settle together, and what
    of each set does so. What is independent comes apart: two slips are two stories."""
    settled = frozenset(failing)
    ties: list[tuple[int, ...]] = []
    for edits in sets:
        touched = [sums.columns[ref].rows.keys() for ref in edits]
        entered = Counter(row for rows in touched for row in rows)
        shared = {row for row, count in entered.items() if count > 1}
        # An equation that holds joins only the edits that make up for one another in it.
        ties += [tuple(row for row in rows if row in settled | shared) for rows in touched]
    every = sorted({row for tied in ties for row in tied} | settled)
    for rows in parts(every, ties):
        own = frozenset(rows)
        failures = own & settled
        if not failures:
            continue
        distinct: dict[frozenset[tuple[object, object]], Edits] = {}
        for edits in sets:
            share = {r: after for r, after in edits.items() if own & sums.columns[r].rows.keys()}
            distinct.setdefault(frozenset(share.items()), share)
        yield failures, [share for share in distinct.values() if share]


def parts(items: Iterable[_Item], ties: Iterable[Sequence[_Item]]) -> list[list[_Item]]:
    """The finest partition of the items in which those tied stand together; order is kept."""
    leader = {item: item for item in items}

    def find(item: _Item) -> _Item:
        while leader[item] != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for tied in ties:
        for one, other in pairwise(tied):
            leader[find(other)] = find(one)
    found: dict[_Item, list[_Item]] = {}
    for item in leader:
        found.setdefault(find(item), []).append(item)
    return list(found.values())
