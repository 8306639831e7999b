"""Checks of a body with those below it in; what they say of each of those alone, out.

A figure that is the sum of those below is at least that of any of them. So much can be said where
not all bodies below are known, or the figure of one was not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.model import Words
from auditor.model.check import Check, Linear, Relation
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.form import Form
from auditor.model.report import CHILDREN, Number, Report


def is_of_group(check: Check) -> bool:
    """Whether it reads figures of the bodies below."""
    return any(ref.lag == CHILDREN for ref in check.refs)


def at_least_each(check: Check) -> Check | None:
    """The same check as a bound from below, to be judged beside one body; None where it does not
    follow, as of a check that is no sum of those below."""
    sums = check.predicate
    if not isinstance(sums, Linear) or sums.relation is not Relation.EQ or sums.constant:
        return None
    sign = 1 if sum(t.coefficient for t in sums.terms if not t.ref.lag) > 0 else -1
    for term in sums.terms:
        expected = -sign if term.ref.lag == CHILDREN else sign
        if term.ref.lag not in (0, CHILDREN) or term.signed or term.coefficient * expected <= 0:
            return None
    terms = tuple(replace(each, coefficient=each.coefficient * sign) for each in sums.terms)
    own = replace(sums, terms=terms, relation=Relation.GE)
    name = check.id.replace(check.rule.id, f"{check.rule.id}:each", 1)
    return replace(check, id=name, predicate=own)


def compare_with_each(
    checks: Iterable[Check],
    form: Form,
    report: Report,
    previous: Report | None,
    children: Mapping[str, Report | None],
) -> Iterator[Outcome]:
    """For each of the checks and each body below, in their order: whether the report has as much as
    that body's alone; undetermined where that is not at hand. `children` are by name."""
    facts = {
        name: gather(report, previous, (child,), tuple(form.left_out(report.entries)))
        for name, child in children.items()
        if child is not None
    }
    for check in filter(None, map(at_least_each, checks)):
        for name in children:
            if name not in facts:
                yield Outcome(check, Status.UNDETERMINED, reason=Reason.INCOMPLETE)
                continue
            (outcome,) = evaluate([check], facts[name])
            if outcome.status is Status.FAIL:
                outcome = replace(outcome, prose_result=_below(outcome, form, name))
            yield outcome


def _below(outcome: Outcome, form: Form, name: str) -> ProseResult:
    """In words, how much less the report has than the body of that name."""
    sides = {0: Decimal(0), CHILDREN: Decimal(0)}
    for each in outcome.operands:
        if isinstance(each.value, Number):
            sides[each.ref.lag] += abs(Decimal(each.coefficient)) * each.value.value
    boxes = [each.ref.address for each in outcome.operands if not each.ref.lag]
    details: tuple[tuple[str, str | Words], ...] = (
        (
            "cells",
            {each: ", ".join(form.describe(b, each) for b in boxes) for each in ("zh", "en")},
        ),
        ("actual", f"{sides[0]:f}"),
        ("child", name),
        ("figure", f"{sides[CHILDREN]:f}"),
        ("difference", f"{sides[CHILDREN] - sides[0]:f}"),
    )
    return ProseResult(
        "less-than-child",
        details,
        subject=f"{name} {outcome.check.id}",
        primary=boxes[0] if len(boxes) == 1 else None,
        expected=f"\u2265{sides[CHILDREN]:f}",
        actual=f"{sides[0]:f}",
    )
