"""Rules over many reports at once: the kernel beside plain NumPy and plain polars, in one run.

The checks of a form on figures, over the same columns: its sums, and all of them; where every
figure was read, and where some are blank or were not. Plain NumPy comes to the same statuses and
reasons, which is looked at before anything is measured. Plain polars says only what fails, as
expressions of one query, with null for a figure that is not there. The kernel also says by how much
a sum misses. It has one thread, as NumPy has; of polars the time of all threads counts.
Libraries that validate frames say the sums in their own way, where they are installed.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from io import StringIO
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from auditor.corpus.columns import ABSENT, BLANK, ILLEGIBLE, MISSING, NUMBER, SCALE, FigureColumns
from auditor.corpus.kernel import FAIL, NOT_APPLICABLE, REASONS, UNDETERMINED, Kernel
from auditor.definitions import load_library
from auditor.model.check import Filled, Guard, Issuer, Linear, Predicate, Relation, Written
from auditor.model.finding import Reason
from auditor.model.report import Facts, Number, Ref
from tests.kit import AGENCIES, consistent_figures
from tests.kit.columns import columns_of

FORM = "cn-goi-annual/2021"
REPORTS = 100_000
DISTINCT = 200
ROUNDS = 7
REASON_BLANK, REASON_ILLEGIBLE, REASON_MISSING, REASON_ABSENT, REASON_CHILDREN, REASON_GUARD = map(
    REASONS.index,
    (
        *(Reason.BLANK, Reason.ILLEGIBLE, Reason.MISSING),
        *(Reason.ABSENT, Reason.CHILDREN, Reason.GUARD),
    ),
)


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
            ref = next((ref for ref in kernel.rows if ref.address.column == "year"), None)
            if ref is not None:
                values[Ref(ref.address, lag)] = Number(Decimal(year))
                raw[Ref(ref.address, lag)] = str(year)
        many.append(Facts(values, raw, rng.choice(AGENCIES), True))
    columns, _ = columns_of(many, kernel)
    return columns.at(np.random.default_rng(1).integers(0, DISTINCT, REPORTS))


def excess(sums: Linear, columns: FigureColumns) -> np.ndarray:
    """By how much the sum misses, of the figures as they stand: 0 where there is none."""
    total: np.ndarray = np.zeros(columns.values.shape[1], np.int64)
    for term in sums.terms:
        figures = columns.values[columns.rows[term.ref]]
        if term.coefficient == 1:
            total += figures
        elif term.coefficient == -1:
            total -= figures
        else:
            total += int(term.coefficient) * figures
    if sums.constant:
        total -= int(sums.constant * SCALE)
    return total


COMPARED = {Relation.EQ: np.not_equal, Relation.LE: np.greater, Relation.GE: np.less}
"""How a sum compares with zero where it does not hold."""


def numpy_sums(kernel: Kernel, columns: FigureColumns) -> np.ndarray:
    """Where the sums do not hold, if every figure were read: no blank is told from a zero."""
    wrong = np.empty((len(kernel.checks), columns.values.shape[1]), bool)
    for at, check in enumerate(kernel.checks):
        assert isinstance(check.predicate, Linear)
        total = excess(check.predicate, columns)
        wrong[at] = COMPARED[check.predicate.relation](total, 0)
    return wrong


class PlainNumpy:
    """Whole columns, check by check: the status and the reason that each has.

    Which columns have gaps is found once; only for these the states of a check's figures are
    looked at, in all reports. By how much a sum misses is not kept.
    """

    def __init__(self, columns: FigureColumns) -> None:
        self.columns, self.rows, self.states = columns, columns.rows, columns.states
        self.has_gaps = (columns.states != NUMBER).any(axis=1)
        self.has_absent = columns.states.min(axis=1) == ABSENT

    def evaluate(self, kernel: Kernel) -> tuple[np.ndarray, np.ndarray]:
        shape = len(kernel.checks), self.columns.values.shape[1]
        status, reason = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        for at, check in enumerate(kernel.checks):
            self.judge(check.predicate, status[at], reason[at])
            for guard in check.guards:
                closed, why = np.zeros((2, shape[1]), np.uint8)
                self.judge(guard, closed, why, guarding=True)
                told = status[at] != NOT_APPLICABLE
                doubt, shut = told & (closed == UNDETERMINED), told & (closed % 2 == 1)
                status[at, doubt], reason[at, doubt] = UNDETERMINED, why[doubt]
                status[at, shut] = NOT_APPLICABLE
                reason[at, shut] = np.where(why == REASON_ABSENT, why, REASON_GUARD)[shut]
        return status, reason

    def judge(
        self, part: object, status: np.ndarray, reason: np.ndarray, guarding: bool = False
    ) -> None:
        match part:
            case Linear():
                self.sum(part, status, reason, guarding)
            case Written():
                self.written(part, status, reason)
            case Filled():
                self.filled(part, status, reason)
            case Issuer(patterns):
                wrong = [
                    not any(re.search(p, name or "") for p in patterns)
                    for name in self.columns.agencies
                ]
                status[:] = np.array(wrong)[self.columns.agency]

    def sum(self, sums: Linear, status: np.ndarray, reason: np.ndarray, guarding: bool) -> None:
        total = excess(sums, self.columns)
        wrong = COMPARED[sums.relation](total, 0)
        status[:] = wrong
        rows = [self.rows[term.ref] for term in sums.terms]
        if not self.has_gaps[rows].any():
            return
        size = len(total)
        rises, falls, unread, illegible = np.zeros((4, size), bool)
        for term, row in zip(sums.terms, rows, strict=True):
            if self.has_gaps[row]:
                side = rises if term.coefficient > 0 else falls
                side |= self.states[row] >= BLANK
                unread |= self.states[row] >= ILLEGIBLE
                illegible |= self.states[row] == ILLEGIBLE
        surely = (total > 0) & ~falls if sums.relation is not Relation.GE else False
        if sums.relation is not Relation.LE:
            surely = surely | ((total < 0) & ~rises)
        reason[wrong & ~surely] = REASON_BLANK
        doubt = unread & ~surely
        if sums.relation is not Relation.EQ:
            doubt &= wrong | (rises if sums.relation is Relation.LE else falls)
        if guarding:
            doubt |= wrong & ~surely
        status[doubt], reason[doubt & unread] = UNDETERMINED, REASON_MISSING
        reason[doubt & illegible] = REASON_ILLEGIBLE
        if self.has_absent[rows].all():
            nothing = (self.states[rows] == ABSENT).all(axis=0)
            status[nothing], reason[nothing] = NOT_APPLICABLE, REASON_ABSENT
        for term, row in zip(sums.terms, rows, strict=True):
            if term.ref.lag and self.has_absent[row]:
                gone = self.states[row] == ABSENT
                status[gone], reason[gone] = NOT_APPLICABLE, REASON_CHILDREN

    def written(self, figure: Written, status: np.ndarray, reason: np.ndarray) -> None:
        columns, row = self.columns, self.rows[figure.ref]
        if figure.bare:
            np.logical_not(columns.bare[row], out=status.view(bool))
        else:
            np.greater(columns.decimals[row], figure.decimals, out=status.view(bool))
            if not figure.negative:
                status |= columns.values[row] < 0
        if self.has_gaps[row]:
            for state, found, why in (
                (BLANK, NOT_APPLICABLE, REASON_BLANK),
                (ILLEGIBLE, UNDETERMINED, REASON_ILLEGIBLE),
                (MISSING, UNDETERMINED, REASON_MISSING),
                (ABSENT, NOT_APPLICABLE, REASON_ABSENT),
            ):
                there = self.states[row] == state
                status[there], reason[there] = found, why

    def filled(self, boxes: Filled, status: np.ndarray, reason: np.ndarray) -> None:
        rows = [self.rows[ref] for ref in boxes.refs]
        if not boxes.wanted:
            status[:] = ~(self.states[rows] == ABSENT).all(axis=0)
            return
        if not self.has_gaps[rows].any():
            return
        states = self.states[rows]
        empty, doubt = (states == BLANK).any(axis=0), (states >= ILLEGIBLE).any(axis=0)
        here = (states != ABSENT).any(axis=0)
        if boxes.mostly:
            here, blank = (states != ABSENT).sum(axis=0), (states == BLANK).sum(axis=0)
            empty, doubt = 2 * blank > here, 2 * (states >= BLANK).sum(axis=0) > here
        status[doubt], reason[doubt] = UNDETERMINED, REASON_MISSING
        reason[doubt & (states == ILLEGIBLE).any(axis=0)] = REASON_ILLEGIBLE
        status[empty], reason[empty] = FAIL, 0
        status[here == 0], reason[here == 0] = NOT_APPLICABLE, REASON_ABSENT


def plain_numpy(kernel: Kernel, columns: FigureColumns) -> tuple[np.ndarray, np.ndarray]:
    return PlainNumpy(columns).evaluate(kernel)


def wide(columns: FigureColumns) -> pl.DataFrame:
    """Figures by row, null where there is none, and how they are written."""
    frame = pl.DataFrame(
        {
            f"{name}{row}": values[row]
            for row in columns.rows.values()
            for name, values in (
                ("", columns.values), ("decimals", columns.decimals), ("bare", columns.bare)
            )
        }
        | {"agency": [columns.agencies[each] for each in columns.agency]}
    )  # fmt: skip
    read = {f"{row}": pl.Series(columns.states[row] == NUMBER) for row in columns.rows.values()}
    return frame.with_columns(pl.when(read[each]).then(each).alias(each) for each in read)


def breaks(part: Predicate | Guard, columns: FigureColumns) -> pl.Expr:
    """Whether one part of a check does not hold, as polars says it: null is zero in a sum."""
    rows = columns.rows
    match part:
        case Linear(terms):
            total = pl.sum_horizontal(
                pl.col(f"{rows[term.ref]}") * int(term.coefficient)
                if term.coefficient != 1
                else pl.col(f"{rows[term.ref]}")
                for term in terms
            )
            constant = int(part.constant * SCALE)
            match part.relation:
                case Relation.EQ:
                    return total != constant
                case Relation.LE:
                    return total > constant
                case Relation.GE:
                    return total < constant
        case Written(ref):
            read = pl.col(f"{rows[ref]}")
            if part.bare:
                return ~pl.col(f"bare{rows[ref]}") & read.is_not_null()
            finer = pl.col(f"decimals{rows[ref]}") > part.decimals
            return finer if part.negative else finer | (read < 0)
        case Filled(refs):
            blank = [pl.col(f"{rows[ref]}").is_null() for ref in refs]
            if not part.wanted:
                return ~pl.all_horizontal(blank)
            return (
                2 * pl.sum_horizontal(blank) > len(refs)
                if part.mostly
                else pl.any_horizontal(blank)
            )
        case Issuer(patterns):
            return ~pl.col("agency").is_in(
                [
                    each
                    for each in columns.agencies
                    if any(re.search(p, each or "") for p in patterns)
                ]
            )
    raise AssertionError(part)


def polars_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], pl.DataFrame]:
    """Whether each check fails: null where it is not told."""
    frame = wide(columns)
    checks = [
        pl.when(~breaks(guard, columns)).then(breaks(check.predicate, columns))
        if (guard := next(iter(check.guards), None))
        else breaks(check.predicate, columns)
        for check in kernel.checks
    ]
    plan = [check.alias(f"c{at}") for at, check in enumerate(checks)]
    return lambda: frame.lazy().select(plan).collect()


def figures(columns: FigureColumns) -> pl.DataFrame:
    """Figures by row, 0 where there is none."""
    return pl.DataFrame({f"{row}": columns.values[row] for row in columns.rows.values()})


def pandera_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], object]:
    """Wide checks of one schema, on a polars frame."""
    import pandera.polars as pa

    frame = figures(columns)

    def check(at: int) -> pa.Check:
        holds = ~breaks(kernel.checks[at].predicate, columns)
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

    frame = figures(columns)
    members: dict[str, Any] = {name: dy.Int64() for name in frame.columns}
    for at in range(len(kernel.checks)):
        holds = ~breaks(kernel.checks[at].predicate, columns)
        members[f"c{at}"] = dy.rule()(lambda cls, holds=holds: holds)
    schema: Any = type("Sums", (dy.Schema,), members)
    return lambda: schema.filter(frame)


def great_expectations_plan(kernel: Kernel, columns: FigureColumns) -> Callable[[], object]:
    """An expectation on the difference of each sum, which pandas computes before."""
    import great_expectations as gx

    frame = figures(columns).to_pandas()
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
    """The least time of the processor that each takes, in turn, whatever else the machine does."""
    found = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.process_time()
            work()
            found[name] = min(found[name], time.process_time() - begun)
    return found


def with_gaps(columns: FigureColumns, blank: float, unread: float) -> FigureColumns:
    """The same with that share of the figures not there, and that share not read."""
    some = columns._replace(
        values=columns.values.copy(), states=columns.states.copy(), bare=columns.bare.copy()
    )
    chance = np.random.default_rng(2).random(some.states.shape)
    chance[columns.states != NUMBER] = 1
    gaps = chance < blank + unread
    some.states[gaps] = np.where(chance[gaps] < blank, BLANK, ILLEGIBLE)
    some.values[gaps], some.bare[gaps] = 0, False
    return some


def told(title: str, times: Mapping[str, float]) -> None:
    """The times of one set of reports, by how many times the faster of the plain ones they are."""
    fastest = min(taken for name, taken in times.items() if name.startswith("plain"))
    print(title)
    for name, taken in times.items():
        ratio, rate = taken / fastest, REPORTS / taken
        print(f"    {name:36} {ratio:9.2f} × the faster   {rate:12,.0f} reports/s")


def others(kernel: Kernel, columns: FigureColumns) -> dict[str, float]:
    """What libraries that validate frames take for the same sums, where they are installed."""
    few, times = columns.at(slice(REPORTS // FEWER)), {}
    for name, plan in OTHERS.items():
        if find_spec(name) is None:
            print(f"{name} is not installed")
            continue
        with warnings.catch_warnings(), redirect_stderr(StringIO()):  # bars of progress
            warnings.simplefilter("ignore")
            times[name] = FEWER * best({name: plan(kernel, few)}, 2)[name]
    return times


def main() -> None:
    every = Kernel(load_library().checks(FORM))
    checks = [each for each in every.checks if isinstance(each.predicate, Linear)]
    sums = Kernel(check for check in checks if not check.guards)
    for kernel in (sums, every):
        whole = generated(kernel)
        for blank, unread in ((0.0, 0.0), (0.01, 0.0), (0.01, 0.002)):
            columns = with_gaps(whole, blank, unread)
            found, (status, reason) = kernel.evaluate(columns), plain_numpy(kernel, columns)
            assert np.array_equal(found.status, status)
            assert np.array_equal(found.reason, reason)
            works: dict[str, Callable[[], object]] = {
                "plain NumPy": partial(plain_numpy, kernel, columns),
                "plain polars, no reasons": polars_plan(kernel, columns),
                "kernel": partial(kernel.evaluate, columns),
            }
            if kernel is sums:
                works["NumPy, blind to gaps, no reasons"] = partial(numpy_sums, kernel, columns)
            times = best(works, ROUNDS)
            if kernel is sums and not blank:
                times |= others(kernel, columns)
            gaps = f"{blank:.1%} of the boxes blank, {unread:.1%} not read"
            told(f"{len(kernel.checks)} checks over {REPORTS:,} reports, {gaps}", times)


if __name__ == "__main__":
    main()
