"""Three wrong cells and more: every set of so many cells that can explain failures, or the fewest.

Small sets are all looked through (`Covers`), which is exact and tells at once that there are no
others. A cell is added only where some equation asks for it: one that fails and has none yet, or
one that held and would be broken by the only one it has. Equations that no cell shares need a cell
each, so that most beginnings of a set are seen to lead nowhere.

Where that would be too many, a solver (HiGHS) is asked. Every cell has a change, a whole number of
its steps, and a switch that must be on for the change to be other than zero; what is minimised is
the number of switches, and their weights among equals. The solver works in floating point, so
whatever it proposes is computed again exactly, and that it finds nothing more is no proof.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from auditor.diagnosis.closed_form import holds
from auditor.diagnosis.equations import Edits, Exact, Sums, quotient
from auditor.diagnosis.solver import new_solver, run
from auditor.model.report import Ref

BEGINNINGS = 6000
"""So many beginnings of a set are looked at; a count and not a time, so that it is the same on
every machine."""


class TooManySets(Exception):
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

        Raises `TooManySets`. That there is no smaller one must be known.
        """
        self._nodes, self.clear = 0, True
        return list(self._grown((), frozenset(), size))

    def _grown(self, chosen: tuple[Ref, ...], barred: frozenset[Ref], left: int) -> Iterator[Edits]:
        """The sets that contain those chosen and none of those barred."""
        self._nodes += 1
        if self._nodes > BEGINNINGS:
            raise TooManySets
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


NODES = 100
"""How many branches the solver looks at for a set; a count and not a time, so that the same report
always comes to the same."""
SECONDS = 20.0
"""When it is stopped nonetheless."""
SETS = 2
"""How many sets are asked of the solver: whether there is another is never proved by it."""
_LOOKED_THROUGH = 6
"""Sets of so many cells are looked for one by one."""
_TRIED = 100
"""So many sets are tried on the checks; more of them explain nothing."""
_MOST = 10**7
"""Changes beyond this are too large for the solver's arithmetic, and for a slip."""
_CELL = 1000
"""What one more cell costs, beside weights of at most 100."""


class SearchResult(NamedTuple):
    """What a search came to."""

    edits: tuple[Edits, ...]
    """Smallest sets with their values; those that break another check are left out."""
    least: int
    """No set of fewer cells will do."""
    complete: bool
    """Whether there are no other sets as small."""


def smallest_edits(
    sums: Sums, rows: Sequence[int], least: int, accept: Callable[[Edits], bool]
) -> SearchResult:
    """The smallest sets of cells with which all those equations hold, where at least `least` are
    needed; without the solver, or in want of time, only what is known of their size."""
    covers = Covers(sums, rows)
    for size in range(least, _LOOKED_THROUGH + 1):
        try:
            every = covers.sets(size)
        except TooManySets:
            break
        if every:
            good = tuple(filter(accept, every[:_TRIED]))
            return SearchResult(good, size, covers.clear and len(good) == len(every))
        if not covers.clear:
            break
        least = size + 1
    try:
        problem = _Problem(sums, rows, least)
    except ImportError:
        return SearchResult((), least, False)
    found: list[Edits] = []
    for edits in islice(problem.solutions(), SETS):
        if found and len(edits) > len(found[0]):
            break
        if holds(sums, sums.failing & set(rows), edits) and accept(edits):
            found.append(edits)
    # What the solver proposes is true; that there is nothing else is no proof in floating point.
    return SearchResult(tuple(found), len(found[0]) if found else least, False)


class _Problem:
    """The equations as the solver takes them."""

    def __init__(self, sums: Sums, rows: Sequence[int], cells: int) -> None:
        """Raises `ImportError` where the solver is not installed."""
        highspy, solver = new_solver()
        self._solver: Any = solver
        self._until = time.monotonic() + SECONDS
        self._sums = sums
        wanted = set(rows)
        self._refs: list[Ref] = sorted(
            (ref for ref, column in sums.columns.items() if wanted & column.rows.keys()),
            key=sums.place,
        )
        self._optimal = highspy.HighsModelStatus.kOptimal
        integer = highspy.HighsVarType.kInteger
        for option, value in (
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),
            ("mip_max_nodes", NODES),
            ("mip_feasibility_tolerance", 1e-9),
        ):
            solver.setOptionValue(option, value)
        infinite = solver.getInfinity()
        most = self._bound(rows)
        for index, ref in enumerate(self._refs):
            column = sums.columns[ref]
            low = (
                -most if column.signed else max(-most, int(Fraction(-column.before) / column.step))
            )
            solver.addVar(low, most)
            solver.addVar(0, 1)
            change, switch = 2 * index, 2 * index + 1
            solver.changeColIntegrality(change, integer)
            solver.changeColIntegrality(switch, integer)
            solver.changeColCost(switch, _CELL + column.weight)
            solver.addRow(-infinite, 0, 2, [change, switch], [1, -most])
            solver.addRow(-infinite, 0, 2, [change, switch], [-1, low])
        at = {ref: index for index, ref in enumerate(self._refs)}
        for index in sorted(wanted):
            row = sums.rows[index]
            terms = [
                (2 * at[ref], c * sums.columns[ref].step)
                for ref, c in row.terms.items()
                if ref in at
            ]
            due = float(-row.residual)
            columns, values = [each for each, _ in terms], [float(value) for _, value in terms]
            solver.addRow(due, due, len(terms), columns, values)
        switches = [2 * index + 1 for index in range(len(self._refs))]
        solver.addRow(cells, infinite, len(switches), switches, [1.0] * len(switches))
        self._infinite = infinite

    def _bound(self, rows: Sequence[int]) -> int:
        columns = [self._sums.columns[ref] for ref in self._refs]
        sizes = [Fraction(column.before) for column in columns]
        sizes += [Fraction(self._sums.rows[row].residual) for row in rows]
        most = max(map(abs, sizes)) / min(Fraction(column.step) for column in columns)
        return min(2 * int(most) + 10, _MOST)

    def solutions(self) -> Iterator[Edits]:
        """One set after the other, the cheapest first, none twice and none within another."""
        while (left := self._until - time.monotonic()) > 0:
            # HiGHS counts the time of all its runs together.
            self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
            if run(self._solver) != self._optimal:
                return
            values = self._solver.getSolution().col_value
            chosen = [i for i in range(len(self._refs)) if round(values[2 * i])]
            yield {self._refs[i]: self._after(i, values[2 * i]) for i in chosen}
            switches = [2 * i + 1 for i in chosen]
            self._solver.addRow(
                -self._infinite, len(switches) - 1, len(switches), switches, [1.0] * len(switches)
            )

    def _after(self, index: int, change: float) -> Exact:
        column = self._sums.columns[self._refs[index]]
        return column.before + round(change) * column.step
