"""Rules over many reports at once: the kernel beside plain NumPy and plain polars, in one run.

The sums of all checks that are sums, over the same columns. NumPy and polars compute the bare
arithmetic, as if every figure were read; the kernel also tells what is blank, unread or absent, and
why. Libraries that validate frames say the same sums in their own way, where they are installed.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from decimal import Decimal
from importlib.util import find_spec
from io import StringIO
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from auditor.corpus.kernel import BLANK, FAIL, SCALE, FigureColumns, Kernel, columns_of
from auditor.definitions import load_library
from auditor.model.check import Linear, Relation
from auditor.model.report import Facts, Number, Ref
from tests.kit import AGENCIES, consistent_figures

FORM = "cn-goi-annual/2021"
REPORTS = 100_000
DISTINCT = 200
ROUNDS = 15


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


def wide(columns: FigureColumns) -> pl.DataFrame:
    return pl.DataFrame({str(row): columns.values[row] for row in columns.rows.values()})


def breaks(kernel: Kernel, columns: FigureColumns, at: int) -> pl.Expr:
    """Whether the sum at that place does not hold, as polars says it."""
    predicate = kernel.checks[at].predicate
    assert isinstance(predicate, Linear)
    total = pl.sum_horizontal(
        pl.col(str(columns.rows[term.ref])) * int(term.coefficient)
        if term.coefficient != 1
        else pl.col(str(columns.rows[term.ref]))
        for term in predicate.terms
    )
    constant = int(predicate.constant * SCALE)
    match predicate.relation:
        case Relation.EQ:
            return total != constant
        case Relation.LE:
            return total > constant
        case Relation.GE:
            return total < constant


def polars_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], pl.DataFrame]:
    frame = wide(columns)
    sums = [breaks(kernel, columns, at).alias(f"c{at}") for at in range(len(kernel.checks))]
    return lambda: frame.lazy().select(sums).collect()


def pandera_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], object]:
    """Wide checks of one schema, on a polars frame."""
    import pandera.polars as pa

    frame = wide(columns)

    def check(at: int) -> pa.Check:
        holds = ~breaks(kernel, columns, at)
        return pa.Check(lambda data: data.lazyframe.select(holds), name=f"c{at}")

    schema = pa.DataFrameSchema(checks=[check(at) for at in range(len(kernel.checks))])

    def validate() -> object:
        try:
            return schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            return error

    return validate


def dataframely_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], object]:
    """A schema with a rule for each sum."""
    import dataframely as dy

    frame = wide(columns)
    members: dict[str, Any] = {name: dy.Int64() for name in frame.columns}
    for at in range(len(kernel.checks)):
        holds = ~breaks(kernel, columns, at)
        members[f"c{at}"] = dy.rule()(lambda cls, holds=holds: holds)
    schema: Any = type("Sums", (dy.Schema,), members)
    return lambda: schema.filter(frame)


def great_expectations_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], object]:
    """An expectation on the difference of each sum, which pandas computes before."""
    import great_expectations as gx

    frame = wide(columns).to_pandas()
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("sums")
    batches = source.add_dataframe_asset("sums").add_batch_definition_whole_dataframe("all")
    suite = gx.ExpectationSuite("sums")
    between: Any = gx.expectations.ExpectColumnValuesToBeBetween
    for at, check in enumerate(kernel.checks):
        assert isinstance(check.predicate, Linear)
        relation = check.predicate.relation
        least = None if relation is Relation.LE else 0
        most = None if relation is Relation.GE else 0
        suite.add_expectation(between(column=f"d{at}", min_value=least, max_value=most))

    def validate() -> object:
        sums = {}
        for at, check in enumerate(kernel.checks):
            assert isinstance(check.predicate, Linear)
            total = sum(
                frame[str(columns.rows[term.ref])] * int(term.coefficient)
                for term in check.predicate.terms
            )
            sums[f"d{at}"] = total - int(check.predicate.constant * SCALE)
        differences = pd.DataFrame(sums)
        return batches.get_batch({"dataframe": differences}).validate(suite)

    return validate


OTHERS = {
    "pandera": pandera_plan,
    "dataframely": dataframely_plan,
    "great_expectations": great_expectations_plan,
}
FEWER = 10
"""Part of the reports that the others are given: they take longer, in proportion to them."""


def best(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The shortest time of each, in turn, so that whatever else the machine does meets all."""
    found = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            found[name] = min(found[name], time.perf_counter() - begun)
    return found


def main() -> None:
    every = Kernel(load_library().checks(FORM))
    checks = [each for each in every.checks if isinstance(each.predicate, Linear)]
    kernel = Kernel(check for check in checks if not check.guards)
    columns = generated(kernel)
    wrong = plain_numpy(kernel, columns)
    found = kernel.evaluate(columns)
    read = found.status <= FAIL
    assert np.array_equal((found.status == FAIL)[read], wrong[read])
    some = columns._replace(states=columns.states.copy(), values=columns.values.copy())
    blank = np.random.default_rng(2).random(some.states.shape) < 0.01
    some.states[blank], some.values[blank] = BLANK, 0
    works = {
        "plain numpy": lambda: plain_numpy(kernel, columns),
        "plain polars": polars_plan(kernel, columns),
        "kernel": lambda: kernel.evaluate(columns),
        "kernel, 1 % of the boxes blank": lambda: kernel.evaluate(some),
    }
    whole = generated(every)
    works[f"kernel, all {len(every.checks)} checks on figures"] = lambda: every.evaluate(whole)
    times = best(works, ROUNDS)
    few = columns.part(0, REPORTS // FEWER)
    for name, plan in OTHERS.items():
        if find_spec(name) is None:
            print(f"{name:40} not installed")
            continue
        with warnings.catch_warnings(), redirect_stderr(StringIO()):  # bars of progress
            warnings.simplefilter("ignore")
            times[name] = FEWER * best({name: plan(kernel, few)}, 2)[name]
    fastest = min(times["plain numpy"], times["plain polars"])
    print(f"{len(kernel.checks)} sums over {REPORTS:,} reports")
    for name, taken in times.items():
        rate = REPORTS / taken
        print(f"{name:40} {taken / fastest:8.2f} × the faster   {rate:12,.0f} reports/s")


if __name__ == "__main__":
    main()
