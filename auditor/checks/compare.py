"""What the kinds that compare two sums have in common: a check for every line they run over."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.linear import linear
from auditor.checks.operands import Named, Operands
from auditor.checks.select import Scope, scopes
from auditor.model.check import Check, Relation, Rule
from auditor.model.form import Form
from auditor.model.report import Ref


def compare(rule: Rule, form: Form, relation: Relation) -> Iterator[Check]:
    """Checks that the two sides of the rule's body stand in `relation`, line by line."""
    for scope in scopes(rule, form, rule.body.named + guard_names(rule)):
        yield Check(
            check_id(rule, scope.line),
            rule,
            linear(scope, rule.body, relation),
            compile_guards(rule, scope),
            subject(scope, rule.body.left) or subject(scope, rule.body.right),
        )


def subject(scope: Scope, side: Operands) -> Ref | None:
    """The box that stands alone on one side of a comparison; None where none does."""
    if len(side) == 1 and isinstance(side[0], Named) and not side[0].lag:
        found = scope.refs(side[0])
        if len(found) == 1:
            return found[0]
    return None


def check_id(rule: Rule, line: str | None) -> str:
    """`rule-id[line]`, or the rule's id for a rule with one check."""
    return f"{rule.id}[{line}]" if line else rule.id
