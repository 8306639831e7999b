"""Three wrong cells and more, found exactly: every set of so many cells that can explain failures.

In: the equations and a number of cells. Out: every set of that size with its values, or nothing
where there are too many to look through. A cell is added only where some equation asks for it: one
that fails and has none yet, or one that held and would be broken by the only one it has. Equations
that no cell shares need a cell each, so that most beginnings of a set are seen to be in vain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from auditor.diagnosis.sums import Edits, Exact, Sums, quotient
from auditor.model.report import Ref

NODES = 6000
"""So many beginnings of a set are looked at; a count and not a time, so that it is the same on
every machine."""


class TooMany(Exception):
    """There are more sets to look through than are worth it."""


class Covers:
    """The equations of one block, and the sets of cells that explain its failures."""

    def __init__(self, sums: Sums, rows: Iterable[int]) -> None:
        self._sums = sums
        wanted = set(rows)
        self._failing = sums.failing & wanted
        refs = sorted(
            (ref for ref, column in sums.columns.items() if wanted & column.rows.keys()),
            key=sums.place,
        )
        self._rows: Mapping[Ref, frozenset[int]] = {
            ref: frozenset(sums.columns[ref].rows) for ref in refs
        }
        self._cells: dict[int, list[Ref]] = {row: [] for row in sorted(wanted)}
        for ref in refs:
            for row in self._rows[ref]:
                self._cells[row].append(ref)
        self._near = {
            row: frozenset(other for ref in cells for other in self._rows[ref])
            for row, cells in self._cells.items()
        }
        self.clear = True
        """Whether every set met had one solution at most."""
        self._nodes = 0

    def sets(self, size: int) -> list[Edits]:
        """Every set of that size, none of whose parts explains the failures by itself.

        Raises `TooMany`. That there is no smaller one must be known.
        """
        self._nodes, self.clear = 0, True
        return list(self._grown((), frozenset(), size))

    def _grown(self, chosen: tuple[Ref, ...], barred: frozenset[Ref], left: int) -> Iterator[Edits]:
        """The sets that contain those chosen and none of those barred."""
        self._nodes += 1
        if self._nodes > NODES:
            raise TooMany
        entered = Counter(row for ref in chosen for row in self._rows[ref])
        asking = [row for row in self._failing if row not in entered]
        asking += [row for row, cells in entered.items() if cells == 1 and row not in self._failing]
        if not left:
            if not asking:
                yield from self._solved(chosen)
            return
        if self._apart(asking) > left:
            return
        if asking:
            row = min(sorted(asking), key=lambda each: len(self._cells[each]))
            candidates: Iterable[Ref] = self._cells[row]
        else:
            # Every equation has its cells, yet they do not explain it: one more takes part in some.
            known = {ref: None for row in sorted(entered) for ref in self._cells[row]}
            candidates = sorted(known, key=self._sums.place)
        allowed = self._failing | entered.keys()
        asked = set(asking)
        for ref in candidates:
            if ref in barred or ref in chosen:
                continue
            own = self._rows[ref]
            if left > 1 or (asked <= own and own <= allowed):
                yield from self._grown((*chosen, ref), barred, left - 1)
            barred |= {ref}

    def _apart(self, rows: Sequence[int]) -> int:
        """So many of those equations, at least, share no cell with one another."""
        found, blocked = 0, set[int]()
        for row in sorted(rows, key=lambda each: (len(self._near[each]), each)):
            if row not in blocked:
                found += 1
                blocked |= self._near[row]
        return found

    def _solved(self, chosen: Sequence[Ref]) -> Iterator[Edits]:
        """The values of those cells with which every equation holds, each another than now."""
        columns = {ref: self._sums.columns[ref] for ref in chosen}
        rows = sorted({row for ref in chosen for row in self._rows[ref]})
        system: list[list[Exact]] = [
            [*(columns[ref].rows.get(row, 0) for ref in chosen), -self._sums.rows[row].residual]
            for row in rows
        ]
        changes = solved(system, len(chosen))
        if changes is None:
            return
        if not changes:
            self.clear = False
            return
        edits = {
            ref: columns[ref].before + change for ref, change in zip(chosen, changes, strict=True)
        }
        if all(columns[ref].admits(after) for ref, after in edits.items()):
            yield {ref: edits[ref] for ref in sorted(edits, key=self._sums.place)}


def solved(system: Sequence[Sequence[Exact]], unknowns: int) -> list[Exact] | None:
    """The one solution of linear equations, each a row of coefficients and what they come to.

    None where there is none; empty where there are several.
    """
    rows = [list(row) for row in system]
    done = 0
    for at in range(unknowns):
        pivot = next((index for index in range(done, len(rows)) if rows[index][at]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        top = rows[done]
        for index, row in enumerate(rows):
            if index != done and row[at]:
                rows[index] = [top[at] * b - row[at] * a for a, b in zip(top, row, strict=True)]
        done += 1
    if any(row[-1] for row in rows[done:]):
        return None
    if done < unknowns:
        return []
    found = (Fraction(rows[index][-1]) / rows[index][index] for index in range(unknowns))
    return [quotient(each, 1) for each in found]
