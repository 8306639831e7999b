"""Blank boxes that should hold a number, as the sums over them say.

In: outcomes, of which those with a blank are undetermined where zero will not do. Out: a suggestion
for each blank cell that such sums agree on; none where another blank might be meant as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from auditor.diagnosis.sums import Exact, exact, quotient
from auditor.diagnosis.trial import Trial
from auditor.model.check import Linear, Relation
from auditor.model.finding import Edit, Grade, Outcome, Reason, Slip, Status, Suggestion
from auditor.model.report import Blank, Facts, Number, Ref, Report


def blank_fillings(
    report: Report, facts: Facts, outcomes: Sequence[Outcome]
) -> tuple[Suggestion, ...]:
    """One suggestion for each blank cell whose number is determined, in the order of the checks."""
    over: dict[Ref, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for ref in _blanks(outcome):
            over[ref].append(outcome)
    open_ = [ref for ref, sums in over.items() if any(map(_wants_more, sums))]
    if not open_:
        return ()
    trial = Trial(facts, outcomes)
    found = {ref: due for ref in open_ if (due := _due_in(trial, ref, over)) is not None}
    if trial.of(found).breaks:
        return ()  # each would do, and not all of them together
    return tuple(_suggestion(report, trial, ref, due, len(over[ref])) for ref, due in found.items())


def _due_in(trial: Trial, ref: Ref, over: Mapping[Ref, Sequence[Outcome]]) -> int | None:
    """What the cell should hold; None unless every sum over it that was read whole says the same,
    and none of them has another blank that might be meant."""
    sums = over[ref]
    if ref.lag or not all(map(_wants_more, sums)):
        return None
    due = {_due(outcome, ref) for outcome in sums}
    alone = all(_unexplained(outcome, over) == [ref] for outcome in sums)
    if len(due) != 1 or not alone:
        return None
    (after,) = due
    if not isinstance(after, int) or after <= 0:
        return None
    tried = trial.of({ref: after})
    decided = {outcome.check.id for outcome in sums} <= set(tried.decides)
    return after if decided and not tried.breaks else None


def _suggestion(report: Report, trial: Trial, ref: Ref, due: int, sums: int) -> Suggestion:
    tried = trial.of({ref: due})
    return Suggestion(
        (Edit(ref.address, report.entries[ref.address].raw or "", str(due)),),
        (*tried.settles, *tried.decides),
        Grade.LIKELY if sums > 1 else Grade.POSSIBLE,
        (Slip("slip-blank"),),
    )


def _blanks(outcome: Outcome) -> Iterator[Ref]:
    """The blank cells of an equation without conditions whose other figures were all read."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ or linear.tolerance:
        return
    if outcome.check.guards or outcome.residual is None:
        return
    if all(isinstance(each.value, Number | Blank) for each in outcome.operands):
        yield from (each.ref for each in outcome.operands if isinstance(each.value, Blank))


def _wants_more(outcome: Outcome) -> bool:
    """Whether the equation would hold, were some blank of it no zero."""
    return outcome.status is Status.UNDETERMINED and outcome.reason is Reason.BLANK


def _unexplained(outcome: Outcome, over: Mapping[Ref, Sequence[Outcome]]) -> list[Ref]:
    """The blanks of an equation that are zero in no equation that holds."""
    return [
        ref for ref in _blanks(outcome) if all(each.status is not Status.PASS for each in over[ref])
    ]


def _due(outcome: Outcome, ref: Ref) -> Exact:
    """The number with which the equation holds, the other blanks being zero."""
    assert outcome.residual is not None
    weight = next(each.coefficient for each in outcome.operands if each.ref == ref)
    return quotient(-exact(outcome.residual), weight)
