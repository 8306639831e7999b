"""`published: {near: 2, alike: 25}`: totals of what was published in the year are told alike.

Totals further apart than so many per cent are taken for two quantities; `alike` is for those told
in the same words and unit.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.comparisons import Nearness
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.yamlshape import DECIMAL, Keys, need
from auditor.yamlsource import Item

SHAPE = Keys(
    need("near", DECIMAL, "Totals further apart, in per cent, are two quantities."),
    need("alike", DECIMAL, "The same, for totals told in the same words and unit."),
)


def read(item: Item) -> Nearness:
    """The distances."""
    return Nearness(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all totals."""
    yield Check(rule.id, rule, ProsePredicate("published", rule.body))
