"""Rules over many reports at once: the kernel beside plain NumPy and plain polars, in one run.

The sums of all checks that are sums, over the same columns. NumPy and polars compute the bare
arithmetic, as if every figure were read; the kernel also tells what is blank, unread or absent, and
why. With `--all`, the kernel's time for every check on figures is told as well.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from decimal import Decimal
from random import Random

import numpy as np
import polars as pl

from auditor.corpus.kernel import BLANK, FAIL, SCALE, FigureColumns, Kernel, columns_of
from auditor.definitions import load_library
from auditor.model.check import Linear, Relation
from auditor.model.report import Facts, Number, Ref
from tests.kit import AGENCIES, consistent_figures

FORM = "cn-goi-annual/2021"
REPORTS = 100_000
DISTINCT = 200
ROUNDS = 5


def generated(kernel: Kernel) -> FigureColumns:
    """Consistent figures, a slip in each third report."""
    form = load_library().form(FORM)
    rng = Random(1)
    many = []
    for _ in range(DISTINCT):
        figures = {Ref(box): each for box, each in consistent_figures(form, rng).items()}
        if rng.random() < 1 / 3:
            figures[rng.choice([*figures])] += 1
        last = {Ref(ref.address, 1): each for ref, each in figures.items()}
        values = {ref: Number(each) for ref, each in (figures | last).items()}
        raw = {ref: str(each) for ref, each in (figures | last).items()}
        for lag, year in enumerate((2024, 2023)):
            ref = next((ref for ref in kernel.refs if ref.address.column == "year"), None)
            if ref is not None:
                values[Ref(ref.address, lag)] = Number(Decimal(year))
                raw[Ref(ref.address, lag)] = str(year)
        many.append(Facts(values, raw, rng.choice(AGENCIES), True))
    columns, _ = columns_of(many, kernel)
    return columns.picked(np.random.default_rng(1).integers(0, DISTINCT, REPORTS))


def plain_numpy(kernel: Kernel, columns: FigureColumns) -> np.ndarray:
    wrong = np.empty((len(kernel.checks), REPORTS), bool)
    for at, check in enumerate(kernel.checks):
        assert isinstance(check.predicate, Linear)
        total = np.zeros(REPORTS, np.int64)
        for term in check.predicate.terms:
            total += term.coefficient * columns.values[columns.rows[term.ref]]
        constant = int(check.predicate.constant * SCALE)
        match check.predicate.relation:
            case Relation.EQ:
                wrong[at] = total != constant
            case Relation.LE:
                wrong[at] = total > constant
            case Relation.GE:
                wrong[at] = total < constant
    return wrong


def polars_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], pl.DataFrame]:
    frame = pl.DataFrame({str(row): columns.values[row] for row in columns.rows.values()})
    sums = []
    for at, check in enumerate(kernel.checks):
        assert isinstance(check.predicate, Linear)
        total = pl.sum_horizontal(
            pl.col(str(columns.rows[term.ref])) * term.coefficient
            if term.coefficient != 1
            else pl.col(str(columns.rows[term.ref]))
            for term in check.predicate.terms
        )
        constant = int(check.predicate.constant * SCALE)
        relation = check.predicate.relation
        wrong = (
            total != constant
            if relation is Relation.EQ
            else total > constant
            if relation is Relation.LE
            else total < constant
        )
        sums.append(wrong.alias(f"c{at}"))
    return lambda: frame.lazy().select(sums).collect()


def best(work: Callable[[], object]) -> float:
    found = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - begun)
    return found


def main() -> None:
    every = Kernel(load_library().checks(FORM))
    checks = [each for each in every.checks if isinstance(each.predicate, Linear)]
    kernel = Kernel(check for check in checks if not check.guards)
    columns = generated(kernel)
    plan = polars_plan(kernel, columns)
    wrong = plain_numpy(kernel, columns)
    found = kernel.evaluate(columns)
    read = found.status <= FAIL
    assert np.array_equal((found.status == FAIL)[read], wrong[read])
    times = {
        "plain numpy": best(lambda: plain_numpy(kernel, columns)),
        "plain polars": best(plan),
        "kernel": best(lambda: kernel.evaluate(columns)),
    }
    some = columns._replace(states=columns.states.copy(), values=columns.values.copy())
    blank = np.random.default_rng(2).random(some.states.shape) < 0.01
    some.states[blank], some.values[blank] = BLANK, 0
    times["kernel, 1 % of the boxes blank"] = best(lambda: kernel.evaluate(some))
    fastest = min(times["plain numpy"], times["plain polars"])
    print(f"{len(kernel.checks)} sums over {REPORTS:,} reports")
    for name, taken in times.items():
        rate = REPORTS / taken / 1e6
        print(f"{name:32} {taken / fastest:6.2f} × the faster   {rate:6.2f} million reports/s")
    if "--all" in sys.argv:
        columns = generated(every)
        taken = best(lambda: every.evaluate(columns))
        print(f"all {len(every.checks)} checks on figures {taken / fastest:13.2f} × the faster")


if __name__ == "__main__":
    main()
