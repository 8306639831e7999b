"""`breakdown: {near: 10}`: the parts of every list come to its total.

`near` says by how many per cent of its total a list may miss and still be taken for a complete one.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.lists import Lists
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.yamlshape import DECIMAL, Keys, need
from auditor.yamlsource import Item

SHAPE = Keys(
    need("near", DECIMAL, "By how many per cent of its total a list may miss and still count."),
)


def read(item: Item) -> Lists:
    """The distance."""
    return Lists(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all lists."""
    yield Check(rule.id, rule, ProsePredicate("breakdown", rule.body))
