"""What the checks would say of other figures, asked of the evaluator that judged the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from auditor.checks.evaluate import evaluate
from auditor.diagnosis.sums import Edits, plain_decimal
from auditor.model.check import Told
from auditor.model.finding import Outcome, Status
from auditor.model.report import Facts, Number, Ref


class Tried(NamedTuple):
    """What edits would come to."""

    settles: tuple[str, ...]
    """Failing checks that would no longer fail, in the order of the checks."""
    breaks: tuple[str, ...]
    """Checks that would fail, and did not."""
    decides: tuple[str, ...]
    """Undetermined checks that would pass."""


class Trial:
    """Tries edits on a report's facts, without changing them."""

    def __init__(self, facts: Facts, outcomes: Iterable[Outcome]) -> None:
        self._facts = facts
        self._before: dict[str, Outcome] = {}
        self._touching: dict[Ref, list[str]] = defaultdict(list)
        for outcome in outcomes:
            check = outcome.check
            if isinstance(check.predicate, Told):
                continue
            self._before[check.id] = outcome
            for ref in check.refs:
                self._touching[ref].append(check.id)

    def of(self, edits: Edits) -> Tried:
        """What every check that reads an edited cell would come to."""
        touched = {key for ref in edits for key in self._touching.get(ref, ())}
        checks = [outcome.check for key, outcome in self._before.items() if key in touched]
        values = dict(self._facts.values)
        raw = dict(self._facts.raw)
        for ref, new in edits.items():
            after = plain_decimal(new)
            values[ref] = Number(after, _step(after))
            raw[ref] = format(after, "f")
        settles, breaks, decides = [], [], []
        for outcome in evaluate(checks, replace(self._facts, values=values, raw=raw)):
            before = self._before[outcome.check.id].status
            failed = before is Status.FAIL
            fails = outcome.status is Status.FAIL
            if failed and outcome.status in (Status.PASS, Status.NOT_APPLICABLE):
                settles.append(outcome.check.id)
            elif fails and not failed:
                breaks.append(outcome.check.id)
            elif before is Status.UNDETERMINED and outcome.status is Status.PASS:
                decides.append(outcome.check.id)
        return Tried(tuple(settles), tuple(breaks), tuple(decides))


def _step(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
