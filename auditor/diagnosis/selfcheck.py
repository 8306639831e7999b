"""A guard against ourselves: results that the arithmetic of the form itself rules out.

Where every row and every column of a table is totalled, the sums depend on one another: with all
figures read, one of them cannot fail alone. When just that seems to happen, we are wrong somewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditor.model.check import Linear, Relation
from auditor.model.finding import ENGINE_DOUBT, Outcome, Status
from auditor.model.form import Address, Form, Table
from auditor.model.report import Number, Report
from auditor.model.source import Notice

_Sum = frozenset[tuple[Address, int]]


def impossible(
    report: Report, form: Form, outcomes: Sequence[Outcome]
) -> tuple[frozenset[str], tuple[Notice, ...]]:
    """Ids of the failures that cannot be, and a notice for each."""
    doubted: set[str] = set()
    notices: list[Notice] = []
    for table in form.tables:
        family = _family(report, table, outcomes)
        failing = [outcome for outcome in family if outcome.status is Status.FAIL]
        passing = [outcome for outcome in family if outcome.status is Status.PASS]
        if len(failing) == 1 and len(passing) == len(family) - 1:
            lone = failing[0]
            doubted.add(lone.check.id)
            details = (
                ("table", table.key),
                ("count", str(len(family))),
                ("check", lone.check.id),
            )
            cells = tuple(operand.ref.address for operand in lone.operands)
            notices.append(Notice(ENGINE_DOUBT, details, cells))
    return frozenset(doubted), tuple(notices)


def _family(report: Report, table: Table, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes for every sum of a table totalled both ways; none unless all are there, or
    where not just one of them fails."""
    entries = {box: entry for box, entry in report.entries.items() if box.table == table.key}
    both_ways = {constraint.each for constraint in table.sums} >= {"row", "column"}
    if not both_ways or not entries:
        return []
    if not all(isinstance(entry.value, Number) for entry in entries.values()):
        return []
    broken = {
        _as_sum(each, table.key, entries) for each in outcomes if each.status is Status.FAIL
    } - {None}
    if not broken:
        return []
    wanted = {_upright(frozenset(terms.items())) for terms in table.sums_over(entries)}
    if len(broken & wanted) != 1:
        return []  # only one that fails alone is of interest
    found: dict[_Sum, Outcome] = {}
    for outcome in outcomes:
        own = _as_sum(outcome, table.key, entries)
        if own in wanted:
            found.setdefault(own, outcome)
    return list(found.values()) if len(found) == len(wanted) else []


def _as_sum(outcome: Outcome, table: str, present: Collection[Address]) -> _Sum | None:
    """The check as an exact sum to zero over figures of this report, or None when it is not one."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return None
    if linear.constant or not linear.is_exact or any(term.ref.lag for term in linear.terms):
        return None
    if any(term.ref.address.table != table for term in linear.terms):
        return None
    terms = ((term.ref.address, term.coefficient) for term in linear.terms)
    return _upright(frozenset(term for term in terms if term[0] in present))


def _upright(sum_: _Sum) -> _Sum:
    """The same sum with a positive first coefficient, so that both ways of writing it are one."""
    if not sum_ or min(sum_)[1] > 0:
        return sum_
    return frozenset((address, -coefficient) for address, coefficient in sum_)
