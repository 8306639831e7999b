"""Invented figures that satisfy every sum printed on a form, and the `Report` they make.

In: a blank form and a source of randomness. Out: figures, and the report that reads them perfectly.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from auditor.diagnosis.search import new_solver, run_solver
from auditor.model.form import Address, Form, SumConstraint, Table
from auditor.model.report import Blank, Entry, Identity, Match, Number, Report, Source, step_of

Figures = dict[Address, Decimal]

_INFINITE = float("inf")

SIZES = {"small": 3, "medium": 60, "large": 4000, "huge": 300_000}
"""How large counts are at most, from a township's to a large province's."""
_USUAL = ("large", "medium", "small")


def consistent_figures(form: Form, rng: Random, size: str | None = None) -> Figures:
    """A figure for every box of `form` such that each of its identities holds and none is negative.

    `size` is one of `SIZES`; any but the hugest, chosen at random, when None.
    """
    most = SIZES[size or rng.choice(_USUAL)]
    found: Figures = {}
    for table in form.tables:
        found.update(_summed(table, rng, most) if table.sums else _free(table, rng, most))
    return found


def _count(rng: Random, most: int) -> int:
    """Mostly zero, seldom large: as such reports are."""
    return 0 if rng.random() < 0.55 else rng.randint(0, rng.choice((1, 3, most)))


def _free(table: Table, rng: Random, most: int) -> Figures:
    """Figures of a table without sums; each row ascends, as stocks exceed what is new in them."""
    found: Figures = {}
    for row in table.rows:
        if row.instead_of:
            continue
        counts = sorted(_count(rng, most) for _ in row.columns)
        for key, count in zip(row.columns, counts, strict=True):
            figure = Decimal(count)
            if key == "amount" and rng.random() < 0.5:
                figure += Decimal(rng.randint(0, 999999)).scaleb(-rng.choice((1, 2, 4, 6)))
                figure = figure.normalize() if figure else Decimal(0)
                figure = Decimal(f"{figure:f}")
            elif table.column(key).signed:
                before = found.get(Address(table.key, row.key, "items_last_year"), Decimal(0))
                figure = Decimal(rng.choice((0, 0, count, -rng.randint(0, int(before)))))
            found[Address(table.key, row.key, key)] = figure
    return found


def _summed(table: Table, rng: Random, most: int) -> Figures:
    """Figures of a table with sums: free cells first, then whatever the identities determine."""
    down = [i for i in table.sums if i.each == "column"]
    across = [i for i in table.sums if i.each == "row"]
    rows = [row for row in table.rows if not row.instead_of]
    totals = [sides for constraint in down if (sides := alone(constraint))]
    balances = [constraint for constraint in down if not alone(constraint)]
    sums = [sides for constraint in across if (sides := alone(constraint))]
    determined = {key for key, _ in totals} | {key for i in balances for key in i.left}
    columns = [c.key for c in table.columns if c.key not in {key for key, _ in sums}]
    cells: dict[tuple[str, str], int] = {}
    for column in columns:
        for row in rows:
            if row.key not in determined:
                cells[row.key, column] = _count(rng, most)
        for key, parts in totals:
            cells[key, column] = sum(cells.get((part, column), 0) for part in parts)
        for balance in balances:
            _split(balance, column, cells, rng)
    for key, parts in sums:
        for row in rows:
            cells[row.key, key] = sum(cells[row.key, part] for part in parts)
    return _nearest(table, cells)


def _nearest(table: Table, cells: Mapping[tuple[str, str], int]) -> Figures:
    """The counts themselves where they satisfy all sums, and else such as differ from them least:
    sums that hang together, such as two over one row, are nothing to be worked out one by one."""
    boxes = set(table.boxes())
    counts = {Address(table.key, *at): Decimal(count) for at, count in cells.items()}
    found = {box: count for box, count in counts.items() if box in boxes}
    sums = list(table.sums_over(found))
    if not any(sum(found[box] * sign for box, sign in total.items()) for total in sums):
        return found
    highspy, solver = new_solver()
    places = {box: 2 * at for at, box in enumerate(found)}
    for box, figure in found.items():
        count, off, target = places[box], places[box] + 1, float(figure)
        solver.addVar(0.0, _INFINITE)
        solver.addVar(0.0, _INFINITE)
        solver.changeColCost(off, 1.0)
        solver.changeColIntegrality(count, highspy.HighsVarType.kInteger)
        solver.addRow(-_INFINITE, target, 2, [count, off], [1.0, -1.0])
        solver.addRow(target, _INFINITE, 2, [count, off], [1.0, 1.0])
    for total in sums:
        columns = [places[box] for box in total]
        solver.addRow(0.0, 0.0, len(columns), columns, [float(sign) for sign in total.values()])
    run_solver(solver)
    values = solver.getSolution().col_value
    return {box: Decimal(round(values[place])) for box, place in places.items()}


def alone(constraint: SumConstraint) -> tuple[str, tuple[str, ...]] | None:
    """The total that an constraint determines and its parts; None when both sides have several."""
    if len(constraint.left) == 1:
        return constraint.left[0], constraint.right
    if len(constraint.right) == 1:
        return constraint.right[0], constraint.left
    return None


def _split(
    balance: SumConstraint, column: str, cells: dict[tuple[str, str], int], rng: Random
) -> None:
    """Divide what the right side comes to among the cells of the left."""
    left = sum(cells.get((part, column), 0) for part in balance.right)
    first, *others = balance.left
    for key in others:
        share = rng.randint(0, left) if rng.random() < 0.4 else 0
        cells[key, column] = share
        left -= share
    cells[first, column] = left


def written(figure: Decimal) -> str:
    """A figure in plain digits."""
    return f"{figure:f}"


def as_report(
    form: Form, figures: Mapping[Address, Decimal | None], agency: str | None, year: int | None
) -> Report:
    """The report that a perfect reading of these figures would give; None is a blank box."""
    entries = {
        box: Entry(box, "", Blank(), None, Match.EXACT)
        if figure is None
        else Entry(box, written(figure), Number(figure, step_of(figure)), None, Match.EXACT)
        for box, figure in figures.items()
    }
    source = Source("invented.txt", "0" * 64, "text/plain")
    return Report(source, form.id, Identity(agency, year), entries)
