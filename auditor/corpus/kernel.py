"""Checks on figures over many reports at once, as whole numbers in columns.

In: the checks of one form, and the figures of many reports. Out: for each check and report the
status and reason that `auditor.checks.evaluate` gives, and of each sum that fails by how much.

Sums are computed as if every figure were read. What figures lack is told by bits, joined over those
of a sum; what a sum comes to is a function of these and of the side on which it misses, and is
looked up (`_sum_codes`) for the few reports that lack anything. Reports that whole numbers do not
hold (`is_columnar`) and checks that are no sums go through the ordinary evaluator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.corpus.columns import (
    ABSENT,
    BLANK,
    ILLEGIBLE,
    MISSING,
    MOST,
    NUMBER,
    SCALE,
    Codes,
    FigureColumns,
    Flags,
    Integers,
    Places,
)
from auditor.model.check import (
    BlankPolicy,
    Check,
    Filled,
    Guard,
    Issuer,
    Linear,
    Predicate,
    ProsePredicate,
    Ratio,
    Relation,
    Written,
)
from auditor.model.finding import Reason, Status
from auditor.model.report import CHILDREN, LAST_YEAR, Ref

STATUSES = (Status.PASS, Status.FAIL, Status.UNDETERMINED, Status.NOT_APPLICABLE)
PASS, FAIL, UNDETERMINED, NOT_APPLICABLE = range(4)
_STATUS_BITS = 2
_STATUS_MASK = np.uint8(3)

REASONS = (
    *(None, Reason.BLANK, Reason.ILLEGIBLE, Reason.MISSING),
    *(Reason.AGENCY, Reason.GUARD, Reason.ABSENT, Reason.PREDECESSOR, Reason.CHILDREN),
)
_NONE, _BLANK, _ILLEGIBLE, _MISSING, _AGENCY, _GUARD, _ABSENT, _PREDECESSOR, _CHILDREN = range(9)

_BLOCK = 131_072
"""Reports that are judged together: what is computed of them stays near the processor."""
_UNREAD = ILLEGIBLE | MISSING
_PAIRED = 4
"""Bits that states take, where two of them are one number."""


class Failures(NamedTuple):
    """The reports in which a sum fails, and by how much."""

    reports: Places
    residuals: Integers
    """Times `SCALE`."""


class Judgements(NamedTuple):
    """What each check (row) finds in each report (column)."""

    codes: Codes
    """The place among `STATUSES` in the two lowest bits, above them that among `REASONS`."""
    failures: Mapping[int, Failures]
    """By the place of each check that is a sum; without those of which a figure was not read."""

    @property
    def status(self) -> Codes:
        """By `STATUSES`."""
        return _status(self.codes)

    @property
    def reason(self) -> Codes:
        """By `REASONS`."""
        return self.codes >> np.uint8(_STATUS_BITS)


def _code(status: int, reason: int = _NONE) -> int:
    return status | reason << _STATUS_BITS


def _status(codes: Codes) -> Codes:
    return codes & _STATUS_MASK


_NOT_FILED = _code(NOT_APPLICABLE, _ABSENT)


class _Sum(NamedTuple):
    """A sum of rows of the columns, scaled as they are."""

    linear: Linear
    policy: BlankPolicy
    guarding: bool
    weights: tuple[tuple[int, int], ...]
    """Row and coefficient of each term."""
    above: tuple[int, ...]
    """Rows of which an unread figure may make it greater."""
    below: tuple[int, ...]
    """Rows of which one may make it less."""
    elsewhere: tuple[tuple[int, int], ...]
    """Row and lag of each figure of other reports."""
    constant: int
    slack: int


class _Boxes(NamedTuple):
    """Rows of the columns that are to be filled."""

    filled: Filled
    rows: tuple[int, ...]


class _Figures(NamedTuple):
    """Rows of the columns that are to be written in one way."""

    written: Written
    rows: slice


_Part = _Sum | _Boxes | _Figures | Issuer


class _Step(NamedTuple):
    """One check; or several that ask one thing of rows which follow each other as they do."""

    places: slice
    part: _Part
    guards: tuple[_Part, ...] = ()
    subject: int | None = None
    """The row without whose figure the check is for other reports."""


class Kernel:
    """The checks of one form that can be computed in columns."""

    def __init__(self, checks: Iterable[Check]) -> None:
        every = tuple(checks)
        self.checks = tuple(check for check in every if has_columns(check))
        """Those that `evaluate` judges, in their order."""
        self.others = tuple(check for check in every if not has_columns(check))
        """Those that only the ordinary evaluator can judge."""
        parts = [part for check in self.checks for part in (check.predicate, *check.guards)]
        written = [part.ref for part in parts if isinstance(part, Written)]
        self.written = len(set(written))
        """How many rows there are of figures that are to be written in some way; the first."""
        refs = [ref for check in self.checks for ref in (*check.refs, check.subject) if ref]
        # What a report itself has in a box says whether those below it are added up there.
        refs += [Ref(ref.address) for ref in refs if ref.lag == CHILDREN]
        self.rows = {ref: row for row, ref in enumerate(dict.fromkeys([*written, *refs]))}
        """The row of each figure that is asked for, in columns that are to be evaluated."""
        heaviest = max((_weight(each) for each in parts if isinstance(each, Linear)), default=1)
        self.most = MOST // heaviest
        """Scaled figures beyond it might exceed a whole number when they are added up."""
        numbered = groupby(enumerate(self.checks), self._alike)
        self._steps = [self._step([*group]) for _, group in numbered]

    def _alike(self, numbered: tuple[int, Check]) -> object:
        """What checks that follow each other have in common if one step judges all of them."""
        at, check = numbered
        figure = check.predicate
        if check.guards or not isinstance(figure, Written) or check.subject != figure.ref:
            return at
        if figure.ref.lag:  # that there is no such figure has two reasons
            return at
        return figure.decimals, figure.negative, figure.bare, at - self.rows[figure.ref]

    def _step(self, group: list[tuple[int, Check]]) -> _Step:
        at, check = group[0]
        places = slice(at, at + len(group))
        part = self._compiled(check.predicate, check)
        if isinstance(part, _Figures) and len(group) > 1:
            first = part.rows.start
            return _Step(places, part._replace(rows=slice(first, first + len(group))))
        guards = tuple(self._compiled(each, check, True) for each in check.guards)
        subject = None if check.subject is None else self.rows[check.subject]
        return _Step(places, part, guards, subject)

    def _compiled(self, part: Predicate | Guard, check: Check, guarding: bool = False) -> _Part:
        rows = self.rows
        match part:
            case Linear(terms):
                above = (e for e in terms if e.coefficient > 0 or e.signed)
                below = (e for e in terms if e.coefficient < 0 or e.signed)
                return _Sum(
                    *(part, check.rule.blank, guarding),
                    tuple((rows[each.ref], int(each.coefficient)) for each in terms),
                    tuple(rows[each.ref] for each in above),
                    tuple(rows[each.ref] for each in below),
                    tuple((rows[each.ref], each.ref.lag) for each in terms if each.ref.lag),
                    *(int(part.constant * SCALE), int(part.tolerance * SCALE)),
                )
            case Filled(refs):
                return _Boxes(part, tuple(rows[ref] for ref in refs))
            case Written(ref):
                return _Figures(part, slice(rows[ref], rows[ref] + 1))
            case Issuer():
                return part
            case _:
                raise AssertionError(part)  # `has_columns` leaves it to the others

    def evaluate(self, columns: FigureColumns) -> Judgements:
        """What each of `checks` finds in each report; no value may exceed `most`."""
        size = len(columns.agency)
        codes = np.zeros((len(self.checks), size), np.uint8)
        failures: dict[int, list[Failures]] = {}
        named: dict[Issuer, Codes] = {}
        for start in range(0, size, _BLOCK):
            part = slice(start, start + _BLOCK)
            block = _Block(columns.at(part), self.written, named)
            for step in self._steps:
                failed = block.judge(step, codes[step.places, part])
                if failed is not None:
                    failed = failed._replace(reports=failed.reports + start)
                    failures.setdefault(step.places.start, []).append(failed)
        joined = {
            at: Failures(*map(np.concatenate, zip(*found, strict=True)))
            for at, found in failures.items()
        }
        return Judgements(codes, joined)


def has_columns(check: Check) -> bool:
    """Whether it compares figures of this report and the last with whole numbers, unrounded."""
    if isinstance(check.predicate, ProsePredicate | Ratio):
        return False
    parts = check.predicate, *check.guards
    if any(
        ref.lag == CHILDREN
        for part in parts
        if isinstance(part, Filled | Written)
        for ref in (part.refs if isinstance(part, Filled) else (part.ref,))
    ):
        return False
    return all(
        not each.rounding
        and all(isinstance(term.coefficient, int) and term.coefficient for term in each.terms)
        and _is_whole(each.constant)
        and _is_whole(each.tolerance)
        for each in parts
        if isinstance(each, Linear)
    )


def _is_whole(number: Decimal) -> bool:
    scaled = number * SCALE
    return bool(scaled == int(scaled)) and abs(scaled) < MOST


def _weight(sums: Linear) -> int:
    """How many times the largest figure a sum may come to, with what it may miss by."""
    return 2 * sum(abs(int(term.coefficient)) for term in sums.terms) + 2


class _Block:
    """Checks over some reports, whose figures are looked at once for what all checks ask."""

    def __init__(self, columns: FigureColumns, written: int, named: dict[Issuer, Codes]) -> None:
        self.columns = columns
        self.gaps: dict[int, tuple[slice | Places, Codes]] = {}
        self.written = written
        self.named = named
        """By guard, the code of each name of an agency, once it was looked for."""
        size = len(columns.agency)
        self.total, self.spare = np.empty(size, np.int64), np.empty(size, np.int64)
        self.above, self.below = np.empty(size, np.uint8), np.empty(size, np.uint8)
        least, most = columns.states.min(axis=1), columns.states.max(axis=1)
        self.is_odd: list[bool] = ((least != NUMBER) | (most != NUMBER)).tolist()
        """By row, whether any report has no number there."""
        self.is_absent: list[bool] = (least == ABSENT).tolist()
        """By row, whether any report has no such box."""
        self.is_lost: list[bool] = (most == ABSENT).tolist()
        """By row, whether none has."""
        has = {LAST_YEAR: columns.has_predecessor, CHILDREN: columns.has_children}
        why = {LAST_YEAR: _PREDECESSOR, CHILDREN: _CHILDREN}
        self.without = {
            lag: np.where(has[lag], _NOT_FILED, _code(NOT_APPLICABLE, why[lag])).astype(np.uint8)
            for lag in has
        }
        """By lag, what a check comes to where a figure of other reports is not there."""

    def judge(self, step: _Step, codes: Codes) -> Failures | None:
        """Fills in what the checks find; of a sum, where and by how much it fails."""
        seen = self._judge(step.part, codes, self.total)
        if step.guards:
            closed = self._closed(step.guards)
            np.copyto(codes, closed, where=(closed > 0) & (_status(codes) != NOT_APPLICABLE))
        if step.subject is not None and self.is_absent[step.subject]:
            absent = self.columns.states[step.subject] == ABSENT
            np.copyto(codes, _NOT_FILED, where=absent)
        if not isinstance(step.part, _Sum):
            return None
        failed = (_status(codes[0]) == FAIL).nonzero()[0]
        if seen is not None:
            failed = failed[seen.take(failed) & _UNREAD == 0]
        return Failures(failed, self.total.take(failed))

    def _judge(self, part: _Part, codes: Codes, total: Integers) -> Codes | None:
        """What one part of a check comes to; for a sum, the states of its figures together, or
        None where all are numbers. `codes` has a row for each check, and is zero."""
        match part:
            case _Sum():
                return self._sum(part, codes[0], total)
            case _Boxes(filled, rows):
                self._filled(filled, rows, codes[0])
            case _Figures(written, several):
                self._written(written, several, codes)
            case Issuer(patterns):
                if part not in self.named:
                    self.named[part] = _named_codes(patterns, self.columns.agencies)
                codes[0] = self.named[part].take(self.columns.agency)
        return None

    def _sum(self, part: _Sum, codes: Codes, total: Integers) -> Codes | None:
        """The sum of all figures as they are; then, where one is no number, what that leaves."""
        values, states = self.columns.values, self.columns.states
        if part.elsewhere and not part.guarding and self.is_lost[part.elsewhere[0][0]]:
            codes[:] = self.without[part.elsewhere[0][1]]  # in all of these reports
            return None
        total[:] = -part.constant
        for row, coefficient in part.weights:
            if coefficient == 1:
                total += values[row]
            elif coefficient == -1:
                total -= values[row]
            else:
                total += coefficient * values[row]
        _breaks(part.linear.relation, total, part.slack, codes.view(bool))
        seen = None
        if any(self.is_odd[row] for row, _ in part.weights):
            above, below = (
                self._joined(part.above, self.above),
                self._joined(part.below, self.below),
            )
            seen = above | below
            odd = (seen != NUMBER).nonzero()[0]
            excess = total.take(odd)
            at = (above.take(odd) << _PAIRED | below.take(odd)).astype(np.intp)
            at += ((excess > part.slack) + 2 * (excess < -part.slack)) << 2 * _PAIRED
            table = _sum_codes(part.linear.relation, part.policy, part.guarding)
            codes[odd] = table.take(at)
        if not part.guarding:  # the first that is not there says why
            for row, lag in reversed(part.elsewhere):
                if self.is_absent[row]:
                    np.copyto(codes, self.without[lag], where=states[row] == ABSENT)
        elif seen is not None and len(part.elsewhere) == len(part.weights):
            np.copyto(codes, self.without[part.elsewhere[0][1]], where=seen == ABSENT)
        return seen

    def _joined(self, rows: tuple[int, ...], out: Codes) -> Codes:
        """The states of several figures together."""
        out[:] = 0
        for row in rows:
            np.bitwise_or(out, self.columns.states[row], out=out)
        return out

    def _written(self, figure: Written, rows: slice, codes: Codes) -> None:
        columns = self.columns
        if figure.bare:
            wrong: Flags = ~self.are_bare[rows]
        else:
            wrong = self.most_decimals[rows] > figure.decimals
            if not figure.negative:
                wrong |= self.least_values[rows] < 0
        for at in map(int, np.flatnonzero(wrong)):
            row, out = rows.start + at, codes[at].view(bool)
            if figure.bare:
                np.logical_not(columns.bare[row], out=out)
            else:
                np.greater(columns.decimals[row], figure.decimals, out=out)
                if not figure.negative:
                    out |= columns.values[row] < 0
        for at, row in enumerate(range(rows.start, rows.stop)):
            if self.is_odd[row]:
                reports, found = self._gaps(row)
                if figure.ref.lag:
                    without = self.without[figure.ref.lag][reports]
                    found = np.where(columns.states[row][reports] == ABSENT, without, found)
                codes[at, reports] = found

    def _gaps(self, row: int) -> tuple[slice | Places, Codes]:
        """The reports that have no number there, and what a check of how it is written comes to."""
        if row not in self.gaps:
            states = self.columns.states[row]
            is_gap = states != NUMBER
            reports = slice(None) if is_gap.all() else is_gap.nonzero()[0]
            self.gaps[row] = reports, _FIGURE_CODES.take(states[reports])
        return self.gaps[row]

    @cached_property
    def are_bare(self) -> Flags:
        """By row, whether all numbers are."""
        are: Flags = np.logical_and.reduce(self.columns.bare[: self.written], axis=1)
        return are

    @cached_property
    def most_decimals(self) -> NDArray[np.int8]:
        """By row."""
        most: NDArray[np.int8] = self.columns.decimals[: self.written].max(axis=1)
        return most

    @cached_property
    def least_values(self) -> Integers:
        """By row."""
        least: Integers = self.columns.values[: self.written].min(axis=1)
        return least

    def _filled(self, boxes: Filled, rows: tuple[int, ...], codes: Codes) -> None:
        if boxes.wanted and not any(self.is_odd[row] for row in rows):
            return
        joined = self._joined(rows, self.above)
        if not boxes.wanted:
            np.not_equal(joined, ABSENT, out=codes.view(bool))
            return
        if boxes.mostly:
            states = self.columns.states[list(rows)]
            here, blank = (states != ABSENT).sum(axis=0), (states == BLANK).sum(axis=0)
            unread = (states >= ILLEGIBLE).sum(axis=0)
            joined[2 * blank <= here] &= ~np.uint8(BLANK)
            joined[2 * (blank + unread) <= here] &= ~np.uint8(_UNREAD)
        codes[:] = _BOXES_CODES.take(joined)

    def _closed(self, guards: tuple[_Part, ...]) -> Codes:
        """What keeps a check from being told, in place of what it finds; 0 where nothing does.

        The first guard that is false; where none is, the first that is in doubt.
        """
        closed = np.zeros(len(self.columns.agency), np.uint8)
        for guard in guards:
            found = np.zeros((1, len(closed)), np.uint8)
            self._judge(guard, found, self.spare)
            why = _CLOSING_CODES.take(found[0])
            np.copyto(closed, why, where=_status(why) > _status(closed))
        return closed


def _named_codes(patterns: tuple[str, ...], agencies: Iterable[str | None]) -> Codes:
    """What a guard on who reports comes to, by the name of each agency."""
    return np.array(
        [
            _code(UNDETERMINED, _AGENCY)
            if name is None
            else PASS
            if any(re.search(each, name) for each in patterns)
            else FAIL
            for name in agencies
        ],
        np.uint8,
    )


@cache
def _sum_codes(relation: Relation, policy: BlankPolicy, guarding: bool) -> Codes:
    """What a sum of which figures may lack something comes to.

    The row is the side on which it misses: 0 for none, 1 above, 2 below. The column is the states
    together of all figures that may make it greater, and of those that may make it less.
    """
    more, less = (np.arange(3)[:, None] == side for side in (1, 2))
    pairs = np.arange(1 << 2 * _PAIRED)
    above, below = pairs >> _PAIRED, pairs & (1 << _PAIRED) - 1
    seen = above | below
    # As a guard, a sum that only a figure in a blank box could save is open.
    open_ones = _UNREAD if policy is BlankPolicy.ZERO else _UNREAD | BLANK
    rises, falls = (above & open_ones) > 0, (below & open_ones) > 0
    certain = ~(rises | falls)
    zeroed = ((seen & (BLANK | _UNREAD)) == BLANK) & (policy is BlankPolicy.ZERO_IF_HOLDS)
    match relation:
        case Relation.EQ:
            holds, always = ~(more | less), False & rises
            never = (more & ~falls) | (less & ~rises)
        case Relation.LE:
            holds, always, never = ~more, ~rises & ~more, more & ~falls
        case Relation.GE:
            holds, always, never = ~less, ~falls & ~less, less & ~rises
    doubt = np.where(seen & MISSING, _MISSING, _BLANK)
    doubt = np.where(seen & ILLEGIBLE, _ILLEGIBLE, doubt)
    return np.select(
        [
            np.broadcast_to(seen == ABSENT, holds.shape[:1] + seen.shape),
            np.where(certain | zeroed, holds, always),
            certain | never,
            zeroed & (not guarding) & np.ones_like(more),
        ],
        [_NOT_FILED, PASS, FAIL, _code(FAIL, _BLANK)],
        UNDETERMINED | doubt << _STATUS_BITS,
    ).astype(np.uint8)


_FIGURE_CODES = np.zeros(MISSING + 1, np.uint8)
"""What a check of how one figure is written comes to where that is no number, by state."""
_FIGURE_CODES[[BLANK, ILLEGIBLE, MISSING, ABSENT]] = (
    *(_code(NOT_APPLICABLE, _BLANK), _code(UNDETERMINED, _ILLEGIBLE)),
    *(_code(UNDETERMINED, _MISSING), _NOT_FILED),
)
_states = np.arange(1 << _PAIRED)
_BOXES_CODES = np.select(
    [_states & BLANK > 0, _states & ILLEGIBLE > 0, _states & MISSING > 0, _states == ABSENT],
    [FAIL, _code(UNDETERMINED, _ILLEGIBLE), _code(UNDETERMINED, _MISSING), _NOT_FILED],
    PASS,
).astype(np.uint8)
"""What a check whether boxes are filled comes to, by their states together."""
_found = np.arange(_code(NOT_APPLICABLE, len(REASONS)))
_CLOSING_CODES = np.select(
    [
        _found & 3 == PASS,
        _found & 3 == UNDETERMINED,
        np.isin(_found >> _STATUS_BITS, (_ABSENT, _PREDECESSOR, _CHILDREN)),
    ],
    [PASS, _found, _found | NOT_APPLICABLE],
    _code(NOT_APPLICABLE, _GUARD),
).astype(np.uint8)
"""What a guard that comes to this makes of its check."""


def _breaks(relation: Relation, excess: Integers, slack: int, out: Flags) -> None:
    """Where a sum does not hold, written to `out`."""
    if relation is Relation.LE:
        np.greater(excess, slack, out=out)
    elif relation is Relation.GE:
        np.less(excess, -slack, out=out)
    elif not slack:
        np.not_equal(excess, 0, out=out)
    else:
        np.logical_or(excess > slack, excess < -slack, out=out)
