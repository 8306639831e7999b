"""What rules compute, put onto exact boxes: sums that are compared, boxes that are filled, guards.

In: a rule's body as read, and the lines of a form that it runs over. Out: checks. A guard (`when`)
is one key: `equal`, `at_most`, `at_least` (as the kinds of those names), `whole` (the figure has no
decimals) or `issuer` (the agency's name matches one of the patterns).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from auditor.checks.selectors import (
    Comparison,
    Named,
    Operands,
    Patterns,
    RuleScope,
    scopes,
)
from auditor.model.check import (
    Check,
    Coefficient,
    Filled,
    Guard,
    Issuer,
    Linear,
    Relation,
    Rule,
    Term,
    Written,
)
from auditor.model.form import Form
from auditor.model.report import Ref
from auditor.yamlsource import Item, Schema, read_fields, struct_schema

RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


class Condition(Struct, frozen=True):
    """A condition: exactly one key."""

    equal: Comparison | None = None
    """Both sums are the same."""
    at_most: Comparison | None = None
    """The left sum does not exceed the right one."""
    at_least: Comparison | None = None
    """The left sum is not below the right one."""
    whole: Named | None = None
    """The figure is written without decimals."""
    issuer: Patterns | None = None
    """The agency's name matches one of these patterns."""

    @classmethod
    def from_item(cls, item: Item) -> Condition:
        """One member of `when`."""
        found = read_fields(cls, item)
        if len(item.mapped()) != 1:
            raise item.wrong("a guard is exactly one key and its value")
        return found

    @classmethod
    def item_schema(cls) -> Schema:
        return {**struct_schema(cls), "minProperties": 1, "maxProperties": 1}

    @property
    def compared(self) -> tuple[Relation, Comparison] | None:
        """Two sums and how they are to compare, if it is about sums."""
        found = ((relation, getattr(self, key)) for key, relation in RELATIONS.items())
        return next(((relation, sides) for relation, sides in found if sides), None)


def guard_names(rule: Rule) -> tuple[Named, ...]:
    """Every selector in the rule's guards."""
    found: list[Named] = []
    for guard in rule.when:
        found += guard.compared[1].named if guard.compared else ()
        found += (guard.whole,) if guard.whole else ()
    return tuple(found)


def compile_guards(rule: Rule, scope: RuleScope) -> tuple[Guard, ...]:
    """The rule's guards on the boxes of one line."""
    found: list[Guard] = []
    for guard in rule.when:
        if guard.compared:
            relation, sides = guard.compared
            found.append(linear(scope, sides, relation))
        elif guard.whole:
            found += [Written(ref, negative=True) for ref in scope.refs(guard.whole)]
        else:
            found.append(Issuer(guard.issuer))
    return tuple(found)


def linear(
    scope: RuleScope, sides: Comparison, relation: Relation, rule: Rule | None = None
) -> Linear:
    """left − right related to a constant; a box that stands on both sides is one term. `rule` is
    the one whose tolerance it has."""
    weights: dict[Ref, Coefficient] = {}
    constant = Decimal(0)
    for operands, sign in ((sides.left, 1), (sides.right, -1)):
        for operand in operands:
            if isinstance(operand, Decimal):
                constant -= sign * operand
                continue
            for ref in scope.refs(operand):
                weights[ref] = weights.get(ref, 0) + sign * operand.times
    terms = tuple(Term(weight, ref, scope.signed(ref)) for ref, weight in weights.items() if weight)
    if rule is None:
        return Linear(terms, relation, constant)
    return Linear(terms, relation, constant, rule.tolerance, rule.rounding)


def compare(rule: Rule, form: Form, relation: Relation) -> Iterator[Check]:
    """Checks that the two sides of the rule's body stand in `relation`, line by line."""
    for scope in scopes(rule, form, rule.body.named + guard_names(rule)):
        yield Check(
            check_id(rule, scope.line),
            rule,
            linear(scope, rule.body, relation, rule),
            compile_guards(rule, scope),
            subject(scope, rule.body.left) or subject(scope, rule.body.right),
        )


def subject(scope: RuleScope, side: Operands) -> Ref | None:
    """The box that stands alone on one side of a comparison; None where none does."""
    if len(side) == 1 and isinstance(side[0], Named) and not side[0].lag:
        found = scope.refs(side[0])
        if len(found) == 1:
            return found[0]
    return None


def check_id(rule: Rule, line: str | None) -> str:
    """`rule-id[line]`, or the rule's id for a rule with one check."""
    return f"{rule.id}[{line}]" if line else rule.id


def presence_checks(
    rule: Rule, form: Form, wanted: bool = True, mostly: bool = False
) -> Iterator[Check]:
    """One check for every line that the rule runs over; without `each`, one for all cells."""
    for scope in scopes(rule, form, rule.body + guard_names(rule)):
        refs = dict.fromkeys(ref for named in rule.body for ref in scope.refs(named))
        yield Check(
            check_id(rule, scope.line),
            rule,
            Filled(tuple(refs), wanted, mostly),
            compile_guards(rule, scope),
        )
