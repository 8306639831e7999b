"""`growth: {mentions: [mention, …], units: 1}`: comparisons with the year before are right.

`mentions` are compared with last year's report where it is given; `units` says how many units of
its last printed digit a percentage may be off.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from auditor.checks.prose.claims import MentionReadings
from auditor.checks.prose.comparisons import Compared
from auditor.errors import DefinitionError
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.yamlshape import DECIMAL, Keys, list_of, may, named, need
from auditor.yamlsource import Item, nearest


class _Body(NamedTuple):
    """The rule as written."""

    mentions: tuple[str, ...]
    units: Decimal


SHAPE = Keys(
    may("mentions", list_of(named("mention")), "Compared with last year's report.", ()),
    need("units", DECIMAL, "Units of its last printed digit that a percentage may be off."),
)


def read(item: Item) -> _Body:
    """The names of the mentions, and the tolerance."""
    return _Body(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all comparisons; a mention that no edition has is an error."""
    known = {mention.key: mention for mention in form.wordings.mentions}
    claims = []
    for name in rule.body.mentions:
        mention = known.get(name)
        if mention is not None:
            claims.append(
                MentionReadings(mention.key, mention.label, mention.equals, mention.severity)
            )
        elif name not in form.wordings.absent:
            raise DefinitionError(
                "definition",
                f"{rule.id}: {form.id} has no mention {name!r}",
                place=str(rule.place),
                hint=nearest(name, list(known)),
            )
    yield Check(rule.id, rule, ProsePredicate("growth", Compared(tuple(claims), rule.body.units)))
