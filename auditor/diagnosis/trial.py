"""What the checks would say of other figures, asked of the evaluator that judged the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from auditor.checks.evaluate import evaluate
from auditor.diagnosis.sums import Edits, Exact, plain_decimal
from auditor.model.check import Check, Filled, Linear, Told, Written
from auditor.model.finding import Outcome, Status
from auditor.model.report import Facts, Number, Ref


class Tried(NamedTuple):
    """What edits would come to."""

    settles: tuple[str, ...]
    """Failing checks that would no longer fail, in the order of the checks."""
    breaks: tuple[str, ...]
    """Checks that would fail, and did not."""


class Trial:
    """Tries edits on a report's facts, without changing them."""

    def __init__(self, facts: Facts, outcomes: Iterable[Outcome]) -> None:
        self._facts = facts
        self._before: dict[str, Outcome] = {}
        self._touching: dict[Ref, list[str]] = defaultdict(list)
        self._known: dict[frozenset[tuple[Ref, Exact]], Tried] = {}
        for outcome in outcomes:
            check = outcome.check
            if isinstance(check.predicate, Told):
                continue
            self._before[check.id] = outcome
            for ref in refs_of(check):
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
            values[ref] = Number(after, _step(after))
            raw[ref] = format(after, "f")
        settles, breaks = [], []
        for outcome in evaluate(checks, replace(self._facts, values=values, raw=raw)):
            failed = self._before[outcome.check.id].status is Status.FAIL
            fails = outcome.status is Status.FAIL
            if failed and outcome.status in (Status.PASS, Status.NOT_APPLICABLE):
                settles.append(outcome.check.id)
            elif fails and not failed:
                breaks.append(outcome.check.id)
        return Tried(tuple(settles), tuple(breaks))


def refs_of(check: Check) -> Iterable[Ref]:
    """The figures that a check on figures reads, those of its conditions included."""
    if isinstance(check.predicate, Written) and not check.guards:
        return (check.predicate.ref,)
    found: list[Ref] = []
    for part in (check.predicate, *check.guards):
        match part:
            case Linear(terms=terms):
                found += [term.ref for term in terms]
            case Filled(refs=refs):
                found += refs
            case Written(ref=ref):
                found.append(ref)
            case _:
                pass
    return dict.fromkeys(found)


def _step(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
