"""`share: {units: 1}`: printed percentages are the shares that their figures give.

`units` says how many units of its last printed digit a percentage may be off.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.share import Shares
from auditor.model.check import Check, Rule, Told
from auditor.model.form import Form
from auditor.yamlsource import Item


def read(item: Item) -> Shares:
    """The tolerance."""
    fields = item.mapped()
    body = Shares(fields.need("units").decimal())
    fields.done()
    return body


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all shares."""
    yield Check(rule.id, rule, Told("share", rule.body))
