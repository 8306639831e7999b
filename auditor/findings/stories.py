"""Failing sums in; stories out: which of them one wrong cell, or two, would explain.

A suggestion is offered only after it was tried: it settles the checks it names, and no check that
passed, or was undecided, comes out broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.findings.arithmetic import Values, bounds, settled, spoiled, terms_over, values_seen
from auditor.model.check import Linear, Relation
from auditor.model.finding import Edit, Grade, Outcome, Status, Suggestion
from auditor.model.form import Address
from auditor.model.noun import noun
from auditor.model.report import Blank, Number, Ref, Report, Value

Position = Mapping[Address, int]
"""The place of every box in the form's order."""


@noun
class Story:
    """Failures with one cause, the cell at fault where only one will do, and what may be done."""

    outcomes: tuple[Outcome, ...]
    primary: Address | None = None
    suggestions: tuple[Suggestion, ...] = ()


@noun
class _Change:
    """New values for some cells, and the failures that they settle."""

    values: tuple[tuple[Ref, Decimal], ...]
    settles: frozenset[str]


@dataclass(slots=True)
class _Desk:
    """What the search needs at hand; written once, before it starts."""

    report: Report
    position: Position
    values: dict[Ref, Value]
    failing: dict[str, Outcome]
    touching: dict[Ref, list[Outcome]] = field(default_factory=lambda: defaultdict(list))

    def place(self, ref: Ref) -> int:
        return self.position.get(ref.address, len(self.position))


def tell_stories(report: Report, outcomes: Sequence[Outcome], position: Position) -> list[Story]:
    """Every failing sum in exactly one story; the same outcomes always give the same stories."""
    failing = {
        outcome.check.id: outcome
        for outcome in outcomes
        if outcome.status is Status.FAIL and isinstance(outcome.check.predicate, Linear)
    }
    if not failing:
        return []
    desk = _Desk(report, position, values_seen(report, outcomes), failing)
    for outcome in outcomes:
        for ref in dict.fromkeys(term.ref for term in terms_over(outcome)):
            desk.touching[ref].append(outcome)
    singles = list(_single_changes(desk, desk.values, failing.values()))
    left = set(failing)
    stories: list[Story] = []
    for changes, least in ((singles, 2), (_double_changes(desk, singles), 3)):
        while best := _best(desk, changes, left, least):
            story = _story(desk, best, left)
            stories.append(story)
            left -= {outcome.check.id for outcome in story.outcomes}
    for outcome in outcomes:
        if outcome.check.id in left:
            alone = [change for change in singles if outcome.check.id in change.settles]
            stories.append(_lone(desk, outcome, alone))
    return stories


def _single_changes(desk: _Desk, values: Values, failing: Iterable[Outcome]) -> Iterator[_Change]:
    """Every one-cell edit that makes some failing equation hold and breaks nothing."""
    tried: set[tuple[Ref, Decimal]] = set()
    for outcome in failing:
        for ref, after in _mendings(outcome, values):
            if (ref, after) in tried or ref.address not in desk.report.entries:
                continue
            tried.add((ref, after))
            change = _tried(desk, {**values, ref: Number(after)}, ((ref, after),))
            if change:
                yield change


def _mendings(outcome: Outcome, values: Values) -> Iterator[tuple[Ref, Decimal]]:
    """Each cell of a fully read equation with the value that alone would make it hold."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return
    low, high = bounds(linear, values, blank_is_zero=True)
    if low is None or low != high or low == 0:
        return
    for term in linear.terms:
        value = values.get(term.ref)
        if term.ref.lag or not isinstance(value, Number | Blank):
            continue
        before, step = (
            (value.value, value.step) if isinstance(value, Number) else (Decimal(0), Decimal(1))
        )
        after = before - low / term.coefficient
        if (after >= 0 or term.signed) and after % step == 0:
            yield term.ref, after


def _tried(desk: _Desk, values: Values, edits: tuple[tuple[Ref, Decimal], ...]) -> _Change | None:
    """The change with what it settles, or None when it would break something."""
    touched = {outcome.check.id: outcome for ref, _ in edits for outcome in desk.touching[ref]}
    if any(spoiled(outcome, values) for outcome in touched.values()):
        return None
    mended = frozenset(
        key for key, outcome in touched.items() if key in desk.failing and settled(outcome, values)
    )
    return _Change(edits, mended) if mended else None


def _double_changes(desk: _Desk, singles: Sequence[_Change]) -> list[_Change]:
    """Pairs of edits that settle more together than apart: two slips on one line."""
    found: dict[frozenset[tuple[Ref, Decimal]], _Change] = {}
    for first in singles:
        if len(first.values) != 1:
            continue
        ((ref, after),) = first.values
        values = {**desk.values, ref: Number(after)}
        near = [
            outcome
            for outcome in desk.touching[ref]
            if outcome.check.id in desk.failing and outcome.check.id not in first.settles
        ]
        for outcome in near:
            for other, value in _mendings(outcome, values):
                if other == ref or other.address not in desk.report.entries:
                    continue
                edits = tuple(
                    sorted(((ref, after), (other, value)), key=lambda e: desk.place(e[0]))
                )
                if frozenset(edits) in found:
                    continue
                change = _tried(desk, {**values, other: Number(value)}, edits)
                if change and len(change.settles) >= 3:
                    found[frozenset(edits)] = change
    return list(found.values())


def _best(desk: _Desk, changes: Sequence[_Change], left: set[str], least: int) -> list[_Change]:
    """The changes that settle most of what is left, at least so many, in the form's order.

    The first leads; those after it are rivals, which settle as many and share a check with it.
    """
    ranked = sorted(
        (change for change in changes if len(change.settles & left) >= least),
        key=lambda change: (
            -len(change.settles & left),
            [desk.place(ref) for ref, _ in change.values],
        ),
    )
    if not ranked:
        return []
    most = ranked[0].settles & left
    return [
        change
        for change in ranked
        if len(change.settles & left) == len(most) and change.settles & most
    ]


def _story(desk: _Desk, best: list[_Change], left: set[str]) -> Story:
    first = best[0]
    told = first.settles & left
    same = [change for change in best if change.settles & left == told]
    grade = Grade.LIKELY if len(best) == 1 else Grade.POSSIBLE
    primary = first.values[0][0].address if len(same) == 1 else None
    outcomes = [outcome for key, outcome in desk.failing.items() if key in told]
    return Story(
        tuple(sorted(outcomes, key=lambda outcome: _filing(outcome, primary))),
        primary,
        tuple(_suggestion(desk, change, grade) for change in same),
    )


def _lone(desk: _Desk, outcome: Outcome, changes: list[_Change]) -> Story:
    changes = sorted(changes, key=lambda change: [desk.place(ref) for ref, _ in change.values])
    offers = tuple(_suggestion(desk, change, Grade.POSSIBLE) for change in changes)
    return Story((outcome,), None, offers)


def _filing(outcome: Outcome, primary: Address | None) -> tuple[int, bool]:
    """Worst first, then the check that is about the very cell; otherwise as the rules stand."""
    ranks = ("error", "warning", "info")
    subject = outcome.check.subject
    about = subject is not None and subject.address == primary
    return ranks.index(outcome.check.rule.severity.value), not about


def _suggestion(desk: _Desk, change: _Change, grade: Grade) -> Suggestion:
    edits = []
    for ref, after in change.values:
        raw = desk.report.entries[ref.address].raw
        edits.append(Edit(ref.address, raw or "", format(after, "f")))
    order = [key for key in desk.failing if key in change.settles]
    return Suggestion(tuple(edits), tuple(order), grade)
