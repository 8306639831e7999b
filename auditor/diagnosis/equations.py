"""The sums of a report as equations over its cells, and what the checks would say of other figures.

In: outcomes as evaluated, and the facts they saw. Out: `Sums`: a row for each equation whose
figures were all read, a column for each cell that may be changed; and blocks, groups and links of
equations joined by the cells that they share, which may have a cause in common. `Trial` asks the
evaluator that judged the report what it would say of edits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import count, pairwise
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from auditor.checks.evaluate import EVALUATORS, evaluate
from auditor.model.check import Linear, ProsePredicate, Ratio, Relation
from auditor.model.finding import Outcome, Reason, Status
from auditor.model.form import Address
from auditor.model.report import Blank, Entry, Facts, Number, Ref, Report, Unprinted, Value, step_of


class Restated(NamedTuple):
    """A figure that a sentence states of an edited cell."""

    name: str
    """The mention's."""
    before: str
    after: str


class Tried(NamedTuple):
    """What edits would come to."""

    settles: tuple[str, ...]
    """Failing checks that would no longer fail, in the order of the checks."""
    breaks: tuple[str, ...]
    """Checks that would fail, and did not."""
    restated: tuple[Restated, ...] = ()
    """Figures in sentences that agreed with an edited cell, and must change with it."""


class Trial:
    """Tries edits on a report's facts, without changing them."""

    def __init__(self, facts: Facts, outcomes: Iterable[Outcome]) -> None:
        self._facts = facts
        self._before: dict[str, Outcome] = {}
        self._touching: dict[Ref, list[str]] = defaultdict(list)
        self._claims: dict[str, list[Outcome]] = defaultdict(list)
        """Checks on sentences have an outcome for each claim."""
        self._stated: dict[Ref, set[str]] = defaultdict(set)
        self._known: dict[frozenset[tuple[Ref, Exact]], Tried] = {}
        for outcome in outcomes:
            check = outcome.check
            if isinstance(check.predicate, ProsePredicate):
                self._claims[check.id].append(outcome)
                for ref in EVALUATORS[check.predicate.aspect].refs(check.predicate.body):
                    self._stated[ref].add(check.id)
                continue
            self._before[check.id] = outcome
            for ref in check.refs:
                self._touching[ref].append(check.id)

    def of(self, edits: Edits) -> Tried:
        """What every check that reads an edited cell would come to."""
        key = frozenset(edits.items())
        if key not in self._known:
            self._known[key] = self._tried(edits)
        return self._known[key]

    def _tried(self, edits: Edits) -> Tried:
        touched = {key for ref in edits for key in self._touching.get(ref, ())}
        checks = [outcome.check for key, outcome in self._before.items() if key in touched]
        values = dict(self._facts.values)
        raw = dict(self._facts.raw)
        for ref, new in edits.items():
            after = plain_decimal(new)
            values[ref] = Number(after, step_of(after))
            raw[ref] = format(after, "f")
        settles, breaks = [], []
        facts = replace(self._facts, values=values, raw=raw)
        for outcome in evaluate(checks, facts):
            failed = self._before[outcome.check.id].status is Status.FAIL
            fails = outcome.status is Status.FAIL
            if failed and outcome.status in (Status.PASS, Status.NOT_APPLICABLE):
                settles.append(outcome.check.id)
            elif fails and not failed:
                breaks.append(outcome.check.id)
        restated: list[Restated] = []
        stated = {key for ref in edits for key in self._stated.get(ref, ())}
        for key in (each for each in self._claims if each in stated):
            mended, broken, again = self._told(key, facts)
            settles += [key] * (mended and not broken)
            breaks += [key] * broken
            restated += again
        return Tried(tuple(settles), tuple(breaks), tuple(restated))

    def _told(self, key: str, facts: Facts) -> tuple[bool, bool, list[Restated]]:
        """Whether a check on sentences that failed would hold, whether one would fail that did not
        and cannot be restated, and what would have to be said instead."""
        before = self._claims[key]
        after = evaluate([before[0].check], facts)
        failed = [outcome for outcome in before if outcome.status is Status.FAIL]
        fails = [outcome for outcome in after if outcome.status is Status.FAIL]
        if len(before) != len(after):
            return False, len(fails) > len(failed), []
        new = [
            (was, outcome)
            for was, outcome in zip(before, after, strict=True)
            if outcome.status is Status.FAIL is not was.status
        ]
        restated = [_restated(was, outcome, facts) for was, outcome in new]
        said = [each for each in restated if each is not None]
        return bool(failed) and not fails, len(said) < len(new), said


def _restated(was: Outcome, outcome: Outcome, facts: Facts) -> Restated | None:
    """What a sentence would have to say that agreed with the figures as they were; None when that
    is not one figure, or not of these cells alone."""
    prose_result = outcome.prose_result
    if (
        prose_result is None
        or prose_result.actual is None
        or was.check.predicate_aspect != "agrees"
    ):
        return None
    if was.status is not Status.PASS or _sum(was, {}) != Decimal(prose_result.actual):
        return None
    return Restated(prose_result.subject, prose_result.actual, format(_sum(was, facts.values), "f"))


def _sum(outcome: Outcome, values: Mapping[Ref, Value]) -> Decimal:
    """What the operands add up to, with these values in place of those seen; blanks are zero."""
    seen = [(each.coefficient, values.get(each.ref, each.value)) for each in outcome.operands]
    return sum((c * v.value for c, v in seen if isinstance(v, Number)), Decimal(0))


Exact = int | Fraction
"""Arithmetic that loses nothing: whole numbers, and fractions where a figure has decimals."""

Edits = Mapping[Ref, Exact]
"""New values by cell."""

_JUDGED = (Status.PASS, Status.FAIL, Status.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class SumEquation:
    """One equation: Σ coefficient × value − constant = residual, which ought to be zero."""

    outcome: Outcome
    terms: Mapping[Ref, Exact]
    """Of this report's cells only; what stands in other reports is part of the residual."""
    residual: Exact
    slack: Exact = 0
    """By how much it may miss, so that it holds nonetheless."""

    def holds(self, moved: Exact = 0) -> bool:
        """Whether it holds once its left side has moved by so much."""
        return -self.slack <= self.residual + moved <= self.slack


@dataclass(frozen=True, slots=True)
class Variable:
    """One cell that may be changed."""

    before: Exact
    """A blank counts as zero."""
    step: Exact
    signed: bool
    doubted: bool
    """Whether it was read by a torn label, by position, by inference or from a picture."""
    total: bool
    """Whether it is a total in question whose parts all agree with other sums."""
    blank: bool
    """Whether the box is empty: where a figure is wanting, it is more likely here."""
    rows: Mapping[int, Exact]
    """The coefficient in each equation that it enters, by the equation's index."""

    @property
    def weight(self) -> int:
        """What it costs to blame the cell; decides between sets of equally many cells only."""
        return 100 - 40 * self.doubted - 20 * self.blank - 10 * self.total

    def admits(self, after: Exact) -> bool:
        """Whether the cell may hold the value: another than now, and one that its box allows."""
        return after != self.before and (after >= 0 or self.signed) and not after % self.step


@dataclass(frozen=True, slots=True)
class Sums:
    """The equations, the cells they run over, and where those stand on the form."""

    rows: Sequence[SumEquation]
    columns: Mapping[Ref, Variable]
    position: Mapping[Address, int]
    failing: frozenset[int] = field(default=frozenset())
    """Indices of the equations that do not hold."""

    def place(self, ref: Ref) -> int:
        """The place of a cell in the form's order."""
        return self.position.get(ref.address, len(self.position))


def sums_of(
    report: Report, facts: Facts, outcomes: Iterable[Outcome], position: Mapping[Address, int]
) -> Sums:
    """Every equation of the outcomes whose figures were all read.

    A sum that holds within its tolerance counts as one that holds. Left out, and only tried in the
    end: limits from one side, and those that fail against another year's figures, of which either
    report may be wrong.
    """
    rows: list[SumEquation] = []
    signed: set[Ref] = set()
    ratios: list[Ref] = []
    for outcome in outcomes:
        linear = outcome.check.predicate
        if isinstance(linear, Ratio) and outcome.status is Status.FAIL:
            ratios.append(linear.printed.ref)
            signed.update([linear.printed.ref] if linear.printed.signed else ())
        if not isinstance(linear, Linear) or outcome.status not in _JUDGED:
            continue
        signed.update(term.ref for term in linear.terms if term.signed)
        row = _row(outcome, linear, facts)
        if row is not None and (row.holds() or not any(term.ref.lag for term in linear.terms)):
            rows.append(row)
    entering: dict[Ref, dict[int, Exact]] = defaultdict(dict)
    for index, row in enumerate(rows):
        for ref, coefficient in row.terms.items():
            entering[ref][index] = coefficient
    for ref in ratios:
        entering[ref]  # it may be changed, though no sum may ask for that
    failing = frozenset(index for index, row in enumerate(rows) if not row.holds())
    totals = _totals(rows, entering, failing)
    columns = {
        ref: _column(report.entries[ref.address], ref in signed, ref in totals, own)
        for ref, own in entering.items()
        if ref.address in report.entries and ref.address in position
    }
    return Sums(rows, columns, position, failing)


def _row(outcome: Outcome, linear: Linear, facts: Facts) -> SumEquation | None:
    if linear.relation is not Relation.EQ or outcome.check.guards:
        return None
    if outcome.reason is Reason.UNKNOWN_ROW:
        return None
    residual = -exact(linear.constant)
    terms: dict[Ref, Exact] = {}
    for term in linear.terms:
        value = facts.values.get(term.ref)
        if value is None or (isinstance(value, Unprinted) and outcome.status is Status.PASS):
            continue  # a box that this copy of the form does not print
        if not isinstance(value, Number | Blank):
            return None
        times = exact(term.coefficient)
        if isinstance(value, Number):
            residual += times * exact(value.value)
        if not term.ref.lag:
            terms[term.ref] = terms.get(term.ref, 0) + times
    if outcome.status is Status.UNDETERMINED and residual:
        return None  # a blank
    slack: Exact = 0
    if not linear.is_exact:
        slack = exact(linear.slack((each.coefficient, each.value) for each in outcome.operands))
    return SumEquation(outcome, {ref: c for ref, c in terms.items() if c}, residual, slack)


def _totals(
    rows: Sequence[SumEquation],
    entering: Mapping[Ref, Mapping[int, Exact]],
    failing: frozenset[int],
) -> set[Ref]:
    """The totals whose parts all agree with other sums: those are the ones to blame."""
    found = set()
    for index in failing:
        subject = rows[index].outcome.check.subject
        parts = [ref for ref in rows[index].terms if ref != subject]
        if subject is not None and all(entering[ref].keys() - failing for ref in parts):
            found.add(subject)
    return found


def _column(entry: Entry, signed: bool, total: bool, rows: Mapping[int, Exact]) -> Variable:
    blank = not isinstance(entry.value, Number)
    number = entry.value if isinstance(entry.value, Number) else Number(Decimal(0))
    doubted = entry.match.is_unsure or entry.recognised
    step = exact(min(number.step, Decimal(1)))
    return Variable(exact(number.value), step, signed, doubted, total, blank, rows)


def exact(value: Decimal | int) -> Exact:
    """The same number, as one that can be divided without loss."""
    above, below = value.as_integer_ratio()
    return above if below == 1 else Fraction(above, below)


def quotient(dividend: Exact, divisor: Exact) -> Exact:
    """The quotient, as a whole number where it is one."""
    found = Fraction(dividend, divisor)
    return found.numerator if found.denominator == 1 else found


def plain_decimal(value: Exact) -> Decimal:
    """The number as printed figures are; it must have a last decimal, as they have."""
    if isinstance(value, int):
        return Decimal(value)
    places = next(each for each in count() if not 10**each % value.denominator)
    return Decimal(f"{10**places * value}E-{places}")


_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class EquationBlock:
    """Equations joined by cells, whether they hold or not, such as all of one table's."""

    rows: tuple[int, ...]
    groups: tuple[frozenset[int], ...]
    """Its failing equations; no cell enters two of these groups."""

    @property
    def failing(self) -> frozenset[int]:
        """All its failing equations."""
        return frozenset().union(*self.groups)


def blocks_of(sums: Sums) -> list[EquationBlock]:
    """The blocks in which some equation fails, as they stand among the checks."""
    cells = [tuple(column.rows) for column in sums.columns.values()]
    found = []
    for rows in parts(range(len(sums.rows)), cells):
        failing = [row for row in rows if row in sums.failing]
        if failing:
            own = [[row for row in cell if row in failing] for cell in cells]
            groups = tuple(frozenset(group) for group in parts(failing, own))
            found.append(EquationBlock(tuple(rows), groups))
    return found


def linked(
    sums: Sums, failing: Iterable[int], sets: Sequence[Edits]
) -> Iterator[tuple[frozenset[int], list[Edits]]]:
    """The failures that some edit, or edits that make up for one another, settle together, and what
    of each set does so. What is independent comes apart: two slips are two explanations."""
    settled = frozenset(failing)
    ties: list[tuple[int, ...]] = []
    for edits in sets:
        touched = [sums.columns[ref].rows.keys() for ref in edits]
        entered = Counter(row for rows in touched for row in rows)
        shared = {row for row, count in entered.items() if count > 1}
        # An equation that holds joins only the edits that make up for one another in it.
        ties += [tuple(row for row in rows if row in settled | shared) for rows in touched]
    every = sorted({row for tied in ties for row in tied} | settled)
    for rows in parts(every, ties):
        own = frozenset(rows)
        failures = own & settled
        if not failures:
            continue
        distinct: dict[frozenset[tuple[object, object]], Edits] = {}
        for edits in sets:
            share = {r: after for r, after in edits.items() if own & sums.columns[r].rows.keys()}
            distinct.setdefault(frozenset(share.items()), share)
        yield failures, [share for share in distinct.values() if share]


def parts(items: Iterable[_Item], ties: Iterable[Sequence[_Item]]) -> list[list[_Item]]:
    """The finest partition of the items in which those tied stand together; order is kept."""
    leader = {item: item for item in items}

    def find(item: _Item) -> _Item:
        while leader[item] != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for tied in ties:
        for one, other in pairwise(tied):
            leader[find(other)] = find(one)
    found: dict[_Item, list[_Item]] = {}
    for item in leader:
        found.setdefault(find(item), []).append(item)
    return list(found.values())
