"""What the checks would say of other figures, asked of the evaluator that judged the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from auditor.checks.evaluate import evaluate
from auditor.checks.prose import EVALUATORS
from auditor.diagnosis.equations import Edits, Exact, plain_decimal
from auditor.model.check import ProsePredicate
from auditor.model.finding import Outcome, Status
from auditor.model.report import Facts, Number, Ref, Value, step_of


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
        told = {key for ref in edits for key in self._stated.get(ref, ())}
        for key in (each for each in self._claims if each in told):
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
