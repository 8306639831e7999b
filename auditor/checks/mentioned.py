"""A rule's list of mentions in; those of them that an edition has out."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import DefinitionError
from auditor.model.check import Rule
from auditor.model.form import Form
from auditor.model.wordings import Mention
from auditor.yamlshape import list_of, named
from auditor.yamlsource import nearest

MENTIONS = list_of(named("mention"), "at least one mention is needed here")
"""The names of mentions."""


def mentioned(rule: Rule, form: Form) -> Iterator[tuple[str, Mention]]:
    """The id of a check for every mention that this edition has, and the mention.

    Raises `DefinitionError` for a name that no edition has.
    """
    known = {mention.key: mention for mention in form.wordings.mentions}
    for name in rule.body:
        if name in known:
            yield f"{rule.id}[{name}]" if len(rule.body) > 1 else rule.id, known[name]
        elif name not in form.wordings.absent:
            raise DefinitionError(
                "definition",
                f"{rule.id}: {form.id} has no mention {name!r}",
                place=str(rule.place),
                hint=nearest(name, list(known)),
            )
