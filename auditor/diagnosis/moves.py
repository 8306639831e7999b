"""Slips of many cells: a row whose figures stand one column off, and boxes that were left blank.

In: the equations. Out: edits that undo one such slip. It changes many cells, yet it is one mistake,
so that it may explain what would otherwise take several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from auditor.diagnosis.sums import Edits, Exact, Sums, quotient
from auditor.model.report import Ref


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
    return all(not moved[row] + sums.rows[row].residual for row in touched)
