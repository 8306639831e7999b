"""Checks on sentences: what each aspect of a `ProsePredicate` makes of the facts.

An aspect is a module with two functions: `judge` gives the outcomes of one check, one for every
claim, list or heading that it looks at, and `imagine` makes the facts of a rule's own test. To add
one, add its file, its line here, and its keyword in `auditor.checks.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from auditor.checks.prose import (
    agrees,
    breakdown,
    brief,
    charged,
    cites,
    dated,
    edition,
    growth,
    leftover,
    names,
    published,
    same,
    same_digits,
    sections,
    share,
    stated,
    years,
)
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.prose import Prose
from auditor.model.report import Facts, Ref


class Judge(Protocol):
    """What every module of this package provides."""

    def judge(self, check: Check, body: Any, facts: Facts, prose: Prose) -> Iterator[Outcome]:
        """What the check finds, in the order of the text; nothing where nothing is said."""

    def imagine(self, given: Mapping[str, str], body: Any) -> Prose:
        """The prose of a rule's test; it may look only at the keys that `GIVEN` names."""

    def refs(self, body: Any) -> list[Ref]:
        """The figures of the form that the check may read."""

    def concerns(self, given: Mapping[str, str], body: Any) -> bool:
        """Whether a rule's test is about this check; a rule may have one for every mention."""

    @property
    def GIVEN(self) -> tuple[str, ...]:
        """Keys of a test that are about sentences; all others name boxes of the form."""


JUDGES: Mapping[str, Judge] = {
    "agrees": agrees,
    "breakdown": breakdown,
    "share": share,
    "growth": growth,
    "same": same,
    "published": published,
    "sections": sections,
    "edition": edition,
    "cites": cites,
    "years": years,
    "names": names,
    "dated": dated,
    "brief": brief,
    "stated": stated,
    "charged": charged,
    "same_digits": same_digits,
    "leftover": leftover,
}
