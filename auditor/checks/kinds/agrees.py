"""`agrees: [mention, …]`: figures stated in sentences equal a cell or sum that they may mean."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.mentioned import MENTIONS, mentioned
from auditor.checks.prose.claims import MentionReadings
from auditor.errors import DefinitionError
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Address, Form

SHAPE = MENTIONS
read = SHAPE.read


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has; one without cells is an error."""
    parts = form.wordings.more.parties
    for check_id, mention in mentioned(rule, form):
        if not mention.equals:
            raise DefinitionError(
                "definition",
                f"{rule.id}: the mention {mention.key!r} says no cells that it may equal",
                place=str(rule.place),
            )
        cells = {cell for alternative in mention.equals for _, cell in alternative.terms}
        totals = tuple((cell, parts) for cell, parts in _totals(form) if cell in cells)
        added = tuple(e.key for e in form.wordings.mentions if e.adds_to == mention.key)
        claim = MentionReadings(
            mention.key,
            mention.label,
            mention.equals,
            mention.severity,
            mention.denied,
            added,
            mention.of is None and mention.key not in parts,
            totals,
        )
        yield Check(check_id, rule, ProsePredicate("agrees", claim))


def _totals(form: Form) -> Iterator[tuple[Address, tuple[Address, ...]]]:
    """The cells that the form's row identities total, with their parts."""
    for table in form.tables:
        for identity in table.sums:
            if identity.each == "row" and len(identity.left) == 1:
                for row in table.rows:
                    yield (
                        Address(table.key, row.key, identity.left[0]),
                        tuple(Address(table.key, row.key, column) for column in identity.right),
                    )
