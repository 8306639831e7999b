"""Checks on figures over many reports at once, as whole numbers in columns.

In: the checks of one form, and the figures of many reports, one row of an array for each ref. Out:
for each check and report the status, reason and residual that `auditor.checks.evaluate` gives.

Sums are computed as if every figure were read; the few reports in which one of a check's figures is
blank, unread or absent are judged again with what that means. Reports that whole numbers do not
hold (`is_columnar`) and checks that are no sums go through the ordinary evaluator.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.checks.evaluate import is_bare
from auditor.model.check import (
    BlankPolicy,
    Check,
    Filled,
    Guard,
    Issuer,
    Linear,
    ProsePredicate,
    Ratio,
    Relation,
    Written,
)
from auditor.model.finding import Reason, Status
from auditor.model.form import Form
from auditor.model.report import (
    CHILDREN,
    LAST_YEAR,
    Below,
    Facts,
    NotApplicable,
    Number,
    Ref,
    Report,
    Unprinted,
    Value,
)

_DECIMALS = 6
SCALE = 10**_DECIMALS
"""A figure in a column is so many times itself."""
_LARGEST_STEP = 9
"""As a power of ten."""
_MOST = 2**62
"""Above what any sum of a row may come to."""

STATES = ("absent", "number", "blank", "illegible", "missing")
ABSENT, NUMBER, BLANK, ILLEGIBLE, MISSING = range(5)

STATUSES = (Status.PASS, Status.FAIL, Status.UNDETERMINED, Status.NOT_APPLICABLE)
PASS, FAIL, UNDETERMINED, NOT_APPLICABLE = range(4)

REASONS = (
    *(None, Reason.BLANK, Reason.ILLEGIBLE, Reason.MISSING),
    *(Reason.AGENCY, Reason.GUARD, Reason.ABSENT, Reason.PREDECESSOR, Reason.CHILDREN),
)
_NONE, _BLANK, _ILLEGIBLE, _MISSING, _AGENCY, _GUARD, _ABSENT, _PREDECESSOR, _CHILDREN = range(9)

NO_RESIDUAL = np.iinfo(np.int64).min

_BLOCK = 32_768
"""Reports that are judged together: their figures stay near the processor."""
_MOST_THREADS = 8

Integers = NDArray[np.int64]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


class FigureColumns(NamedTuple):
    """The figures of many reports; a row for each ref, a column for each report."""

    rows: Mapping[Ref, int]
    values: Integers
    """Times `SCALE`; 0 where no number was read."""
    states: Codes
    """By `STATES`."""
    decimals: NDArray[np.int8]
    """Printed behind the point; below zero where the last digits stand for tens or more."""
    bare: Flags
    """Whether the number is printed with nothing beside it."""
    agencies: Sequence[str | None]
    has_predecessor: Flags
    has_children: Flags

    def part(self, start: int, end: int) -> FigureColumns:
        """The reports from `start` on, before `end`."""
        return self._reduced(lambda each: each[..., start:end], self.agencies[start:end])

    def picked(self, reports: NDArray[np.int64]) -> FigureColumns:
        """The reports at those places."""
        named = [self.agencies[at] for at in reports]
        return self._reduced(lambda each: np.take(each, reports, axis=-1), named)

    def _reduced(
        self, taken: Callable[[NDArray[Any]], NDArray[Any]], agencies: Sequence[str | None]
    ) -> FigureColumns:
        return self._replace(
            values=taken(self.values),
            states=taken(self.states),
            decimals=taken(self.decimals),
            bare=taken(self.bare),
            agencies=agencies,
            has_predecessor=taken(self.has_predecessor),
            has_children=taken(self.has_children),
        )


class Judgements(NamedTuple):
    """What each check (row) finds in each report (column)."""

    status: Codes
    """By `STATUSES`."""
    reason: Codes
    """By `REASONS`."""
    residual: Integers
    """Of each check that is a sum (`Kernel.sums`), times `SCALE`; `NO_RESIDUAL` where none is."""


def is_columnar(report: Report, form: Form) -> bool:
    """Whether columns hold all that the checks on figures ask of this report: not where a table
    of the form is lacking, or rows that may be left out are."""
    if report.assumed or any(row.counts for row in report.unknown_rows):
        return False
    lacks = {each.key for each in form.tables} - {box.table for box in report.entries}
    if lacks or any(form.left_out(report.entries)):
        return False
    return all(cell_of(each.value, each.raw) for each in report.entries.values())


class ColumnFigure(NamedTuple):
    """A figure as columns hold it."""

    state: int
    scaled: int = 0
    decimals: int = 0
    bare: bool = False


def cell_of(value: Value | None, raw: str | None) -> ColumnFigure | None:
    """What columns hold of a figure; None where they do not hold all that checks ask of it."""
    if isinstance(value, Below | NotApplicable | Unprinted):
        return None
    if not isinstance(value, Number):
        return ColumnFigure(STATES.index(value.state) if value else ABSENT)
    _, digits, exponent = value.step.normalize().as_tuple()
    scaled = value.value * SCALE
    if raw is None or digits != (1,) or not isinstance(exponent, int):
        return None
    if not -_DECIMALS <= exponent <= _LARGEST_STEP or abs(scaled) >= _MOST:
        return None
    return (
        ColumnFigure(NUMBER, int(scaled), -exponent, is_bare(raw))
        if scaled == int(scaled)
        else None
    )


def columns_of(many: Sequence[Facts], kernel: Kernel) -> tuple[FigureColumns, Flags]:
    """The figures of reports, and for each report whether columns hold them."""
    rows = {ref: row for row, ref in enumerate(kernel.refs)}
    columns = empty_columns(rows, [facts.agency for facts in many])
    holds = np.ones(len(many), bool)
    for at, facts in enumerate(many):
        columns.has_predecessor[at] = facts.has_predecessor
        columns.has_children[at] = facts.has_children
        holds[at] = not (facts.assumed or facts.beside_unknown)
        if facts.tables is not None:
            holds[at] &= facts.tables >= {ref.address.table for ref in kernel.refs}
        for ref, row in rows.items():
            value, raw = facts.values.get(ref), facts.raw.get(ref)
            if ref.lag == CHILDREN and isinstance(value, Number):
                value, raw = Number(value.value), "0"  # nothing asks how a sum is written
            cell = cell_of(value, raw)
            if cell is None or abs(cell.scaled) > kernel.most:
                holds[at] = False
                continue
            columns.states[row, at], columns.values[row, at] = cell.state, cell.scaled
            columns.decimals[row, at], columns.bare[row, at] = cell.decimals, cell.bare
    return columns, holds


def empty_columns(rows: Mapping[Ref, int], agencies: Sequence[str | None]) -> FigureColumns:
    """FigureColumns in which every figure is absent, for whoever fills them in."""
    shape = len(rows), len(agencies)
    return FigureColumns(
        rows,
        np.zeros(shape, np.int64),
        np.zeros(shape, np.uint8),
        np.zeros(shape, np.int8),
        np.zeros(shape, bool),
        agencies,
        np.zeros(len(agencies), bool),
        np.zeros(len(agencies), bool),
    )


class Kernel:
    """The checks of one form that can be computed in columns."""

    def __init__(self, checks: Iterable[Check]) -> None:
        every = tuple(checks)
        self.checks = tuple(check for check in every if has_columns(check))
        """Those that `evaluate` judges, in their order."""
        self.others = tuple(check for check in every if not has_columns(check))
        """Those that only the ordinary evaluator can judge."""
        refs = [ref for check in self.checks for ref in (*check.refs, check.subject) if ref]
        # What a report itself has in a box says whether those below it are added up there.
        refs += [Ref(ref.address) for ref in refs if ref.lag == CHILDREN]
        self.refs = tuple(dict.fromkeys(refs))
        sums = [at for at, check in enumerate(self.checks) if isinstance(check.predicate, Linear)]
        self.sums = {check: row for row, check in enumerate(sums)}
        """The places of the checks that are sums, with the row of the residuals of each."""
        parts = [part for check in self.checks for part in _sums(check)]
        heaviest = max((_weight(each) for each in parts), default=1)
        self.most = _MOST // heaviest
        """Scaled figures beyond it might exceed a whole number when they are added up."""

    def evaluate(self, columns: FigureColumns) -> Judgements:
        """What each of `checks` finds in each report; no value may exceed `most`."""
        size = len(columns.agencies)
        found = Judgements(
            np.zeros((len(self.checks), size), np.uint8),
            np.zeros((len(self.checks), size), np.uint8),
            np.empty((len(self.sums), size), np.int64),
        )

        def judge(start: int) -> None:
            within = slice(start, start + _BLOCK)
            block = _Block(columns.part(start, start + _BLOCK))
            for at, check in enumerate(self.checks):
                row = self.sums.get(at)
                residual = block.spare if row is None else found.residual[row, within]
                codes = found.status[at, within], found.reason[at, within]
                block.judge(check, Judgements(*codes, residual))

        with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as threads:
            for _ in threads.map(judge, range(0, size, _BLOCK)):
                pass
        return found


def has_columns(check: Check) -> bool:
    """Whether it compares figures of this report and the last with whole numbers, unrounded."""
    if isinstance(check.predicate, ProsePredicate | Ratio):
        return False
    if any(
        ref.lag == CHILDREN
        for part in (check.predicate, *check.guards)
        if isinstance(part, Filled | Written)
        for ref in (part.refs if isinstance(part, Filled) else (part.ref,))
    ):
        return False
    return all(
        not each.rounding
        and all(isinstance(term.coefficient, int) for term in each.terms)
        and _is_whole(each.constant)
        and _is_whole(each.tolerance)
        for each in _sums(check)
    )


def _sums(check: Check) -> Iterator[Linear]:
    for part in (check.predicate, *check.guards):
        if isinstance(part, Linear):
            yield part


def _is_whole(number: Decimal) -> bool:
    scaled = number * SCALE
    return bool(scaled == int(scaled)) and abs(scaled) < _MOST


def _weight(sums: Linear) -> int:
    """How many times the largest figure a sum may come to, with what it may miss by."""
    return 2 * sum(abs(int(term.coefficient)) for term in sums.terms) + 2


class _Block:
    """Checks over some reports, whose figures are looked at once for what all checks ask."""

    def __init__(self, columns: FigureColumns) -> None:
        self.columns = columns
        self.size = len(columns.agencies)
        self.spare = np.empty(self.size, np.int64)
        """For what is no residual."""
        least, most = columns.states.min(axis=1), columns.states.max(axis=1)
        self.has_odd = (least != NUMBER) | (most != NUMBER)
        """By row, whether any report has no number there."""
        self.has_any = most != ABSENT
        """By row, whether any report has that box: rows of other copies of the form are absent."""

    def judge(self, check: Check, found: Judgements) -> None:
        """Fills in what the check finds."""
        match check.predicate:
            case Linear() as sums:
                self._linear(sums, check, found)
            case predicate:
                self._other(predicate, found)
        if check.guards:
            closed, status, reason = self._closed(check)
            closed &= found.status != NOT_APPLICABLE
            found.status[closed], found.reason[closed] = status[closed], reason[closed]
        if check.subject is not None:
            row = self.columns.rows[check.subject]
            if self.has_odd[row]:
                absent = self.columns.states[row] == ABSENT
                _put(found, absent, NOT_APPLICABLE, _ABSENT)
                found.residual[absent] = NO_RESIDUAL

    def _linear(
        self, sums: Linear, check: Check, found: Judgements, guarding: bool = False
    ) -> None:
        """The sum of all figures as they are; then, where one is no number, what that leaves."""
        columns, rows = self.columns, [self.columns.rows[term.ref] for term in sums.terms]
        lags = [term.ref.lag for term in sums.terms]
        lacking = [not self.has_any[row] for row in rows]
        elsewhere = [at for at, lag in enumerate(lags) if lag]
        is_lost = not guarding and bool(elsewhere) and lacking[elsewhere[0]]
        if is_lost or (all(lacking) and not elsewhere):  # in all of these reports
            lag = lags[elsewhere[0]] if is_lost else 0
            found.status[:], found.residual[:] = NOT_APPLICABLE, NO_RESIDUAL
            found.reason[:] = self._without(lag, slice(None)) if lag else _ABSENT
            return
        total = found.residual
        total[:] = -int(sums.constant * SCALE)
        for term, row in zip(sums.terms, rows, strict=True):
            if term.coefficient == 1:
                total += columns.values[row]
            elif term.coefficient == -1:
                total -= columns.values[row]
            elif self.has_any[row]:
                total += int(term.coefficient) * columns.values[row]
        slack = int(sums.tolerance * SCALE)
        _breaks(sums.relation, total, slack, found.status.view(bool))
        # Boxes that no report has are rows of other copies of the form, and are no lack.
        odd_rows = [
            row
            for row, lag, is_absent in zip(rows, lags, lacking, strict=True)
            if self.has_odd[row] and (lag or not is_absent)
        ]
        if not odd_rows:
            return
        at = (columns.states[odd_rows] != NUMBER).any(axis=0).nonzero()[0]
        few = Judgements(found.status[at], found.reason[at], found.residual[at])
        states = np.take(columns.states[rows], at, axis=1)
        without = {lag: self._without(lag, at) for lag in {*lags} if lag}
        _judge_odd(sums, check.rule.blank, states, without, slack, few, guarding)
        found.status[at], found.reason[at], found.residual[at] = few

    def _without(self, lag: int, at: slice | NDArray[np.int64]) -> NDArray[Any]:
        """The reason where a figure of other reports is not there."""
        if lag == LAST_YEAR:
            return np.where(self.columns.has_predecessor[at], _ABSENT, _PREDECESSOR)
        return np.where(self.columns.has_children[at], _ABSENT, _CHILDREN)

    def _other(self, predicate: Filled | Written | Any, found: Judgements) -> None:
        rows = self.columns.rows
        if isinstance(predicate, Written):
            self._written(predicate, rows[predicate.ref], found)
        else:
            states = self.columns.states[[rows[ref] for ref in predicate.refs]]
            _judge_filled(predicate, states, found)

    def _written(self, figure: Written, row: int, found: Judgements) -> None:
        columns = self.columns
        if figure.bare:
            good = columns.bare[row]
        else:
            good = columns.decimals[row] <= figure.decimals
            if not figure.negative:
                good = good & (columns.values[row] >= 0)
        np.logical_not(good, out=found.status.view(bool))
        if self.has_odd[row]:
            states = columns.states[row]
            _put(found, states == BLANK, NOT_APPLICABLE, _BLANK)
            _put(found, states == ILLEGIBLE, UNDETERMINED, _ILLEGIBLE)
            _put(found, states == MISSING, UNDETERMINED, _MISSING)
            _put(found, states == ABSENT, NOT_APPLICABLE, _ABSENT)
            if figure.ref.lag:
                _put(found, (states == ABSENT) & ~columns.has_predecessor, reason=_PREDECESSOR)

    def _closed(self, check: Check) -> tuple[Flags, Codes, Codes]:
        """Where the guards keep the check from being told, with the status and reason then.

        The first that is false wins; of several that are in doubt, the first.
        """
        size = self.size
        shut, doubtful = np.zeros(size, bool), np.zeros(size, bool)
        why, doubt = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
        for guard in check.guards:
            status, reason = self._guard(guard, check)
            is_doubt = ~shut & (status == UNDETERMINED)
            doubt[is_doubt & (doubt == _NONE)] = reason[is_doubt & (doubt == _NONE)]
            doubtful |= is_doubt
            is_shut = ~shut & (status != PASS) & (status != UNDETERMINED)
            given = np.isin(reason, (_ABSENT, _PREDECESSOR, _CHILDREN))
            why[is_shut] = np.where(given, reason, _GUARD)[is_shut]
            shut |= is_shut
        status = np.where(shut, NOT_APPLICABLE, UNDETERMINED).astype(np.uint8)
        return shut | doubtful, status, np.where(shut, why, doubt).astype(np.uint8)

    def _guard(self, guard: Guard, check: Check) -> tuple[Codes, Codes]:
        codes = np.zeros((2, self.size), np.uint8)
        found = Judgements(codes[0], codes[1], np.empty(self.size, np.int64))
        match guard:
            case Issuer(patterns):
                named = {
                    agency: UNDETERMINED
                    if agency is None
                    else FAIL - any(re.search(each, agency) for each in patterns)
                    for agency in set(self.columns.agencies)
                }
                found.status[:] = [named[agency] for agency in self.columns.agencies]
                found.reason[found.status == UNDETERMINED] = _AGENCY
            case Linear():
                self._linear(guard, check, found, guarding=True)
            case Written():
                self._written(guard, self.columns.rows[guard.ref], found)
        return found.status, found.reason


def _judge_odd(
    sums: Linear,
    policy: BlankPolicy,
    states: Codes,
    without: Mapping[int, NDArray[Any]],
    slack: int,
    found: Judgements,
    guarding: bool,
) -> None:
    """A sum in reports that lack some figure of it; `found.residual` is the sum of the others.

    `without` is by lag the reason where a figure of other reports is not there.
    """
    known = found.residual.copy()
    least, most = states.min(), states.max()
    open_from = ILLEGIBLE if policy is BlankPolicy.ZERO else BLANK
    is_open = states >= open_from
    positive = [t.coefficient > 0 or t.signed for t in sums.terms]
    negative = [t.coefficient < 0 or t.signed for t in sums.terms]
    unbounded_above, unbounded_below = is_open[positive].any(axis=0), is_open[negative].any(axis=0)
    certain = ~(unbounded_above | unbounded_below)
    holds = ~_breaks(sums.relation, known, slack, np.empty_like(certain))
    always, never = np.zeros_like(certain), np.zeros_like(certain)
    if sums.relation is not Relation.EQ:
        unbounded = unbounded_above if sums.relation is Relation.LE else unbounded_below
        always = ~unbounded & holds
    if sums.relation is not Relation.GE:
        never |= ~unbounded_below & (known > slack)
    if sums.relation is not Relation.LE:
        never |= ~unbounded_above & (known < -slack)
    found.status[:], found.reason[:] = UNDETERMINED, _BLANK
    zeroed = (states == BLANK).any(axis=0) & (policy is BlankPolicy.ZERO_IF_HOLDS)
    if most >= ILLEGIBLE:
        unread = (states >= ILLEGIBLE).any(axis=0)
        missing, illegible = (states == MISSING).any(axis=0), (states == ILLEGIBLE).any(axis=0)
        found.reason[missing], found.reason[illegible] = _MISSING, _ILLEGIBLE
        found.residual[unread] = NO_RESIDUAL
        zeroed &= ~unread
    if not guarding:
        _put(found, zeroed, FAIL, _BLANK)
    _put(found, certain | never, FAIL)
    _put(found, np.where(certain | zeroed, holds, always), PASS)
    if least != ABSENT:
        return
    absent = states == ABSENT
    lags = [term.ref.lag for term in sums.terms]
    nothing = absent.all(axis=0)
    _put(found, nothing, NOT_APPLICABLE, _ABSENT)
    if lags and all(lags):
        found.reason[nothing] = without[lags[0]][nothing]
    found.residual[nothing] = NO_RESIDUAL
    if guarding:
        return
    # The first that is not there says why.
    for row, lag in reversed([*zip(absent, lags, strict=True)]):
        if lag:
            _put(found, row, NOT_APPLICABLE)
            found.reason[row] = without[lag][row]
            found.residual[row] = NO_RESIDUAL


def _judge_filled(boxes: Filled, states: Codes, found: Judgements) -> None:
    here = (states != ABSENT).sum(axis=0)
    if not boxes.wanted:
        found.status[:] = here > 0
        return
    blanks, illegible, missing = (
        (states == state).sum(axis=0) for state in (BLANK, ILLEGIBLE, MISSING)
    )
    empty = blanks > 0
    unread = illegible + missing
    doubtful = unread > 0
    if boxes.mostly:
        empty, doubtful = 2 * blanks > here, 2 * (blanks + unread) > here
    _put(found, doubtful & (missing > 0), UNDETERMINED, _MISSING)
    _put(found, doubtful & (illegible > 0), UNDETERMINED, _ILLEGIBLE)
    _put(found, empty, FAIL)
    _put(found, here == 0, NOT_APPLICABLE, _ABSENT)


def _breaks(relation: Relation, excess: Integers, slack: int, out: Flags) -> Flags:
    """Where a sum does not hold, written to `out`."""
    if relation is Relation.LE:
        return np.greater(excess, slack, out=out)
    if relation is Relation.GE:
        return np.less(excess, -slack, out=out)
    if not slack:
        return np.not_equal(excess, 0, out=out)
    return np.logical_or(excess > slack, excess < -slack, out=out)


def _put(found: Judgements, where: Flags, status: int | None = None, reason: int = _NONE) -> None:
    if status is not None:
        found.status[where] = status
    found.reason[where] = reason
