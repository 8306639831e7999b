"""`same: [mention, …]`: a quantity that two sections state is the same in both."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.mentioned import MENTIONS, mentioned
from auditor.checks.prose.claims import MentionReadings
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form

SHAPE = MENTIONS
read = SHAPE.read


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has."""
    for check_id, mention in mentioned(rule, form):
        claim = MentionReadings(mention.key, mention.label, mention.equals, mention.severity)
        yield Check(check_id, rule, ProsePredicate("same", claim))
