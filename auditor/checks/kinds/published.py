"""`published: {near: 2, alike: 25}`: totals of what was published in the year are told alike.

Totals further apart than so many per cent are taken for two quantities; `alike` is for those told
in the same words and unit.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.published import Nearness
from auditor.model.check import Check, Rule, Told
from auditor.model.form import Form
from auditor.yamlsource import Item


def read(item: Item) -> Nearness:
    """The distances."""
    fields = item.mapped()
    body = Nearness(fields.need("near").decimal(), fields.need("alike").decimal())
    fields.done()
    return body


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all totals."""
    yield Check(rule.id, rule, Told("published", rule.body))
