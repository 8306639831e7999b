"""What a sum would come to if a cell said something else; nothing here words or judges.

In: outcomes as evaluated, and the values they saw. Out: whether an edit settles or breaks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from auditor.model.check import Linear, Relation, Term
from auditor.model.finding import Outcome, Reason, Status
from auditor.model.report import Blank, Number, Ref, Report, Value

Values = Mapping[Ref, Value]
Bounds = tuple[Decimal | None, Decimal | None]
"""Least and greatest that a sum can be; None where nothing bounds it."""


def values_seen(report: Report, outcomes: Iterable[Outcome]) -> dict[Ref, Value]:
    """Every figure of this report, and those of other years that the outcomes name."""
    seen: dict[Ref, Value] = {
        Ref(address): entry.value for address, entry in report.entries.items()
    }
    for outcome in outcomes:
        for operand in outcome.operands:
            seen.setdefault(operand.ref, operand.value)
    return seen


def bounds(linear: Linear, values: Values, blank_is_zero: bool) -> Bounds:
    """Least and greatest of Σ coefficient × value − constant; unread counts are at least zero.

    A box that this copy of the form does not have adds nothing.
    """
    low: Decimal | None = -linear.constant
    high: Decimal | None = -linear.constant
    for term in linear.terms:
        value = values.get(term.ref)
        if value is None or (isinstance(value, Blank) and blank_is_zero):
            continue
        if isinstance(value, Number):
            part = term.coefficient * value.value
            low = None if low is None else low + part
            high = None if high is None else high + part
        else:
            low = None if term.signed or term.coefficient < 0 else low
            high = None if term.signed or term.coefficient > 0 else high
    return low, high


def holds(linear: Linear, values: Values, blank_is_zero: bool = True) -> bool | None:
    """Whether the relation holds whatever the unread figures are; None when it depends on them."""
    low, high = bounds(linear, values, blank_is_zero)
    slack = linear.tolerance
    at_most = _decided(high is not None and high <= slack, low is not None and low > slack)
    at_least = _decided(low is not None and low >= -slack, high is not None and high < -slack)
    match linear.relation:
        case Relation.LE:
            return at_most
        case Relation.GE:
            return at_least
        case Relation.EQ:
            if at_most is False or at_least is False:
                return False
            return True if at_most and at_least else None


def _decided(surely: bool, surely_not: bool) -> bool | None:
    return True if surely else False if surely_not else None


def terms_over(outcome: Outcome) -> tuple[Term, ...]:
    """The terms of the outcome's sum and of the sums that guard it."""
    check = outcome.check
    sums = [part for part in (check.predicate, *check.guards) if isinstance(part, Linear)]
    return tuple(term for part in sums for term in part.terms)


def settled(outcome: Outcome, values: Values) -> bool:
    """Whether a failing sum holds over these values."""
    predicate = outcome.check.predicate
    return isinstance(predicate, Linear) and holds(predicate, values) is True


def spoiled(outcome: Outcome, values: Values) -> bool:
    """Whether an outcome that was no failure is, or may have become, one over these values."""
    predicate = outcome.check.predicate
    if not isinstance(predicate, Linear) or outcome.status is Status.FAIL:
        return False
    if outcome.status is Status.PASS:
        return holds(predicate, values) is not True
    if outcome.status is Status.UNDETERMINED:
        return holds(predicate, values, blank_is_zero=False) is False
    return (
        outcome.reason is Reason.GUARD
        and _guards_hold(outcome, values)
        and (holds(predicate, values) is False)
    )


def _guards_hold(outcome: Outcome, values: Values) -> bool:
    guards = outcome.check.guards
    return all(isinstance(guard, Linear) and holds(guard, values) is True for guard in guards)
