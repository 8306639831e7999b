"""Three wrong cells and more: a search for the fewest, set by set, or by a solver (HiGHS).

Small sets are all looked through, which is exact and tells at once that there are no others; the
solver, a mixed-integer one, is asked where that would be too many.

Every cell has a change, a whole number of its steps, and a switch that must be on for the change to
be other than zero; what is minimised is the number of switches, and their weights among equals.
The solver works in floating point, so whatever it proposes is computed again exactly, and that it
finds nothing more is not taken for a proof.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from auditor.diagnosis.covers import Covers, TooMany
from auditor.diagnosis.moves import holds
from auditor.diagnosis.solver import new_solver, run
from auditor.diagnosis.sums import Edits, Exact, Sums
from auditor.model.report import Ref

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


class Found(NamedTuple):
    """What a search came to."""

    edits: tuple[Edits, ...]
    """Smallest sets with their values; those that break another check are left out."""
    least: int
    """No set of fewer cells will do."""
    complete: bool
    """Whether there are no other sets as small."""


def smallest_edits(
    sums: Sums, rows: Sequence[int], least: int, accept: Callable[[Edits], bool]
) -> Found:
    """The smallest sets of cells with which all those equations hold, where at least `least` are
    needed; without the solver, or in want of time, only what is known of their size."""
    covers = Covers(sums, rows)
    for size in range(least, _LOOKED_THROUGH + 1):
        try:
            every = covers.sets(size)
        except TooMany:
            break
        if every:
            good = tuple(filter(accept, every[:_TRIED]))
            return Found(good, size, covers.clear and len(good) == len(every))
        if not covers.clear:
            break
        least = size + 1
    try:
        problem = _Problem(sums, rows, least)
    except ImportError:
        return Found((), least, False)
    found: list[Edits] = []
    for edits in islice(problem.solutions(), SETS):
        if found and len(edits) > len(found[0]):
            break
        if holds(sums, sums.failing & set(rows), edits) and accept(edits):
            found.append(edits)
    # What the solver proposes is true; that there is nothing else is no proof in floating point.
    return Found(tuple(found), len(found[0]) if found else least, False)


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
