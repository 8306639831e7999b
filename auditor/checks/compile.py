"""A rule and a form in, the rule's checks out."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.checks.kinds import RuleKind
from auditor.checks.kinds.claims import CLAIMS
from auditor.checks.kinds.figures import FIGURES
from auditor.checks.kinds.formalities import FORMALITIES
from auditor.errors import DefinitionError
from auditor.model.check import Check, Rule
from auditor.model.form import Form

KINDS: Mapping[str, RuleKind] = {**FIGURES, **CLAIMS, **FORMALITIES}
"""By the keyword that a rule carries."""


def compile_rule(rule: Rule, form: Form) -> tuple[Check, ...]:
    """The rule on every line it runs over, in the form's order; never none.

    Raises `DefinitionError` where the rule names something that the form does not have.
    """
    found = tuple(KINDS[rule.kind].compile(rule, form))
    if not found:
        raise DefinitionError(
            "definition", f"{rule.id}: the rule gives no check on {form.id}", place=str(rule.place)
        )
    return found
