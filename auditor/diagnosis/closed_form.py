"""Sets of edits found without a search: one wrong cell, two, a row that is one column off, blanks.

An error of d in one cell moves the residuals by d times that cell's column of coefficients. Where
no two columns point the same way, as in a table totalled both ways, the residuals name the cell and
its right value. Two cells are found likewise: one residual that only one of them can have caused
tells its value, and what is left must be the direction of the other. Both are complete: every
smallest set of one cell, or of two, is found. A row whose figures stand one column off and boxes
that were left blank change many cells, yet are one mistake each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from auditor.diagnosis.equations import Edits, Exact, Sums, Variable, quotient
from auditor.model.report import Ref


def single_edits(sums: Sums, failing: frozenset[int]) -> list[Edits]:
    """Every one-cell edit after which those equations hold, and all that held still do."""
    first = sums.rows[min(failing)]
    found: list[Edits] = []
    for ref in first.terms:
        column = sums.columns.get(ref)
        if column is None or column.rows.keys() != failing:
            continue
        after = _single(sums, column)
        if after is not None:
            found.append({ref: after})
    return found


def _single(sums: Sums, column: Variable) -> Exact | None:
    """The value with which every equation of the cell holds."""
    wanted = {quotient(-sums.rows[row].residual, c) for row, c in column.rows.items()}
    if len(wanted) != 1:
        return None
    after = column.before + wanted.pop()
    return after if column.admits(after) else None


def double_edits(sums: Sums, failing: frozenset[int]) -> list[Edits]:
    """Every two-cell edit after which those equations hold, and all that held still do."""
    found: dict[frozenset[Ref], Edits] = {}
    columns = sums.columns
    for one in sums.rows[min(failing)].terms:
        if one not in columns:
            continue
        for other in _partners(sums, failing, one):
            pair = frozenset((one, other))
            if pair in found:
                continue
            edits = _double(sums, failing, one, other)
            if edits is not None:
                found[pair] = edits
    return list(found.values())


def _partners(sums: Sums, failing: frozenset[int], one: Ref) -> Iterator[Ref]:
    """The cells that may explain, beside `one`, what `one` alone does not."""
    own = sums.columns[one].rows
    left = failing - own.keys()
    # A failure that the first cell does not touch is the second one's; otherwise both share one.
    nearby = [min(left)] if left else list(own)
    seen = {one}
    for row in nearby:
        for ref in sums.rows[row].terms:
            column = sums.columns.get(ref)
            if column is not None and ref not in seen and left <= column.rows.keys():
                seen.add(ref)
                yield ref


def _double(sums: Sums, failing: frozenset[int], one: Ref, other: Ref) -> Edits | None:
    """The values of both cells, or None when there are none or these are not the only ones."""
    mine, yours = sums.columns[one], sums.columns[other]
    rows = mine.rows.keys() | yours.rows.keys()
    if not failing <= rows:
        return None
    changes = _changes(sums, mine.rows, yours.rows)
    if changes is None:
        return None
    d, e = changes
    for row in rows:
        moved = mine.rows.get(row, 0) * d + yours.rows.get(row, 0) * e
        if moved + sums.rows[row].residual:
            return None
    after = {one: mine.before + d, other: yours.before + e}
    fits = mine.admits(after[one]) and yours.admits(after[other])
    return after if fits else None


def _changes(
    sums: Sums, mine: Mapping[int, int], yours: Mapping[int, int]
) -> tuple[Exact, Exact] | None:
    """What is to be added to each, from two equations that tell them apart (Cramer's rule)."""
    alone = [row for row in mine if row not in yours] + [row for row in yours if row not in mine]
    shared = [row for row in mine if row in yours]
    for first in alone[:1] or shared[:1]:
        a, b = mine.get(first, 0), yours.get(first, 0)
        r = -sums.rows[first].residual
        for second in (*alone[1:], *shared):
            c, d = mine.get(second, 0), yours.get(second, 0)
            s = -sums.rows[second].residual
            determinant = a * d - b * c
            if determinant:
                one = quotient(r * d - b * s, determinant)
                return one, quotient(a * s - r * c, determinant)
    return None


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
