"""`share: {units: 1}`: printed percentages are the shares that their figures give.

`units` says how many units of its last printed digit a percentage may be off.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.comparisons import Shares
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.yamlshape import DECIMAL, Keys, need
from auditor.yamlsource import Item

SHAPE = Keys(
    need("units", DECIMAL, "Units of its last printed digit that a percentage may be off."),
)


def read(item: Item) -> Shares:
    """The tolerance."""
    return Shares(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all shares."""
    yield Check(rule.id, rule, ProsePredicate("share", rule.body))
