"""`same: [mention, …]`: a quantity that two sections state is the same in both."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.prose.agrees import Claim
from auditor.errors import DefinitionError
from auditor.model.check import Check, Rule, Told
from auditor.model.form import Form
from auditor.yamlsource import Item, nearest


def read(item: Item) -> tuple[str, ...]:
    """The names of the mentions."""
    found = item.texts()
    if not found:
        raise item.wrong("at least one mention is needed here")
    return found


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has; one that no edition has is an error."""
    known = {mention.key: mention for mention in form.wordings.mentions}
    for name in rule.body:
        mention = known.get(name)
        if mention is not None:
            claim = Claim(mention.key, mention.label, mention.equals, mention.severity)
            check_id = f"{rule.id}[{name}]" if len(rule.body) > 1 else rule.id
            yield Check(check_id, rule, Told("same", claim))
        elif name not in form.wordings.absent:
            raise DefinitionError(
                "definition",
                f"{rule.id}: {form.id} has no mention {name!r}",
                place=str(rule.place),
                hint=nearest(name, list(known)),
            )
