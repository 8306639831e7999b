"""Every set of so many cells that can explain failures, or the fewest.

A row whose figures stand one column off and boxes that were left blank change many cells, yet are
one mistake each: they are looked for as such (`shifted_rows`, `filled_blanks`).

Small sets are all looked through (`Covers`), which is exact and tells at once that there are no
others. A cell is added only where some equation asks for it: one that fails and has none yet, or
one that held and would be broken by the only one it has. Equations that no cell shares need a cell
each, so that most beginnings of a set are seen to lead nowhere.

Where that would be too many, a solver (HiGHS) is asked. Every cell has a change, a whole number of
its steps, and a switch that must be on for the change to be other than zero; what is minimised is
the number of switches, and their weights among equals. The solver works in floating point, so
whatever it proposes is computed again exactly, and that it finds nothing more is no proof. It
writes to file descriptor 1 itself (its version 1.16 as soon as one is made), where `sys.stdout`
does not see it, and a report printed there would no longer be JSON: `new_solver` and
`run_solver` keep it quiet, and whatever makes or runs one calls these.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import combinations, islice
from operator import mul
from typing import Any, NamedTuple

from auditor.diagnosis.equations import Edits, Exact, SumEquation, Sums, quotient
from auditor.model.report import Ref

STANDARD_OUTPUT = 1


def new_solver() -> tuple[Any, Any]:
    """The module `highspy` and a solver that keeps quiet, gives the same each time, and uses one
    processor. Raises `ImportError` where it is not installed."""
    with native_output_dropped():
        import highspy

        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            solver.setOptionValue(option, value)
    return highspy, solver


def run_solver(solver: Any) -> Any:
    """Runs it and gives the status of its model."""
    with native_output_dropped():
        solver.run()
    return solver.getModelStatus()


@contextmanager
def native_output_dropped() -> Iterator[None]:
    """While it lasts, whatever is written to file descriptor 1 goes nowhere.

    It holds for the whole process: another thread must not print meanwhile.
    """
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:  # there is no standard output
        yield
        return
    _flush()  # what others left in C's buffer is theirs
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_OUTPUT)
    os.close(nowhere)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)


def _flush() -> None:
    """Empties the buffers of C's own streams, which would else come out later."""
    with suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes  # only for what asks the solver

        ctypes.CDLL(None).fflush(None)


def shifted_rows(sums: Sums, failing: frozenset[int]) -> list[Edits]:
    """Every shift of part of one row by one column after which all equations hold."""
    lines: dict[tuple[str, str], list[Ref]] = defaultdict(list)
    for ref in sorted(sums.columns, key=sums.place):
        lines[ref.address.table, ref.address.row].append(ref)
    touched = {ref for row in failing for ref in sums.rows[row].terms}
    found: list[Edits] = []
    for line in lines.values():
        if len(line) > 2 and not touched.isdisjoint(line):
            found += [edits for edits in _shifts(sums, line) if holds(sums, failing, edits)]
    return found


def _shifts(sums: Sums, line: Sequence[Ref]) -> Iterator[Edits]:
    """The row with the figures between two columns moved by one, either way; what falls out must
    be zero, for it would else be lost."""
    values = [sums.columns[ref].before for ref in line]
    for start in range(len(line)):
        for end in range(start + 2, len(line) + 1):
            part = values[start:end]
            moves = []
            if not part[0]:
                moves.append([*part[1:], part[0]])
            if not part[-1]:
                moves.append([part[-1], *part[:-1]])
            for moved in moves:
                edits = {
                    ref: after
                    for ref, before, after in zip(line[start:end], part, moved, strict=True)
                    if before != after
                }
                if len(edits) > 2 and all(
                    sums.columns[ref].admits(after) for ref, after in edits.items()
                ):
                    yield edits


def filled_blanks(sums: Sums, failing: frozenset[int]) -> Edits | None:
    """A figure for each blank box that no sum takes for zero, such that all equations hold.

    Sums with one such box left say what it holds, one after the other; None where that ends before
    all do.
    """
    residuals: dict[int, Exact] = {row: sums.rows[row].residual for row in failing}
    open_ = {
        ref
        for row in failing
        for ref in sums.rows[row].terms
        if ref in sums.columns
        and sums.columns[ref].blank
        and failing.issuperset(sums.columns[ref].rows)
    }
    asking = {row: open_ & sums.rows[row].terms.keys() for row in failing}
    found: dict[Ref, Exact] = {}
    while ready := [row for row, boxes in asking.items() if len(boxes) == 1]:
        row = ready[0]
        (ref,) = asking[row]
        column = sums.columns[ref]
        found[ref] = quotient(-residuals[row], column.rows[row])
        for other, coefficient in column.rows.items():
            residuals[other] += coefficient * found[ref]
            asking[other].discard(ref)
    edits = {ref: after for ref, after in found.items() if after}
    admitted = all(sums.columns[ref].admits(after) for ref, after in edits.items())
    return edits if edits and admitted and not any(residuals.values()) else None


def holds(sums: Sums, failing: frozenset[int], edits: Edits) -> bool:
    """Whether every equation holds after the edits, apart from failing ones not in `failing`."""
    moved: dict[int, Exact] = defaultdict(int)
    for ref, after in edits.items():
        column = sums.columns[ref]
        for row, coefficient in column.rows.items():
            moved[row] += coefficient * (after - column.before)
    touched = moved.keys() | failing
    return all(sums.rows[row].holds(moved[row]) for row in touched)


BEGINNINGS = 6000
"""So many beginnings of a set are looked at; a count and not a time, so that it is the same on
every machine."""


class TooManySets(Exception):
    """There are more sets to look through than are worth it."""


class Covers:
    """The equations of one block, and the sets of cells that explain its failures."""

    def __init__(
        self, sums: Sums, rows: Iterable[int], failing: frozenset[int] | None = None
    ) -> None:
        """`failing`: only these failures are explained, and all others stay as they are."""
        self._sums = sums
        self._cells: dict[int, list[Ref]] = {row: [] for row in sorted(rows)}
        self._failing = sums.failing & self._cells.keys() if failing is None else failing
        there = {ref for row in self._cells for ref in sums.rows[row].terms}
        self._rows = {
            ref: frozenset(sums.columns[ref].rows)
            for ref in sorted(there & sums.columns.keys(), key=sums.place)
        }
        for ref, own in self._rows.items():
            for row in own:
                self._cells[row].append(ref)
        self._near: dict[int, frozenset[int]] = {}
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
        for row in sorted(rows, key=lambda each: (len(self._beside(each)), each)):
            if row not in blocked:
                found += 1
                blocked |= self._beside(row)
        return found

    def _beside(self, row: int) -> frozenset[int]:
        """The equations that share a cell with one, itself included."""
        if row not in self._near:
            self._near[row] = frozenset(
                other for ref in self._cells[row] for other in self._rows[ref]
            )
        return self._near[row]

    def _solved(self, chosen: Sequence[Ref]) -> Iterator[Edits]:
        """The values of those cells with which every equation holds, each another than now.

        Where equations may miss, as many as there are cells hold exactly, the first that will do.
        """
        columns = [self._sums.columns[ref] for ref in chosen]
        rows = [self._sums.rows[row] for row in sorted({n for c in columns for n in c.rows})]
        system: list[list[Exact]] = [
            [*(row.terms.get(ref, 0) for ref in chosen), -row.residual] for row in rows
        ]
        may_miss = any(row.slack for row in rows)
        parts = combinations(system, len(chosen)) if may_miss else [system]
        changes = [found for part in parts if (found := solved(part, len(chosen))) is not None]
        self.clear = self.clear and (not changes or any(changes))
        for each in filter(None, changes):
            moved = (sum(map(mul, line, each)) for line in system)
            edits = {
                ref: column.before + change
                for ref, column, change in zip(chosen, columns, each, strict=True)
            }
            fits = all(self._sums.columns[ref].admits(after) for ref, after in edits.items())
            if fits and all(map(SumEquation.holds, rows, moved)):
                yield {ref: edits[ref] for ref in sorted(edits, key=self._sums.place)}
                return


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
            if run_solver(self._solver) != self._optimal:
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
