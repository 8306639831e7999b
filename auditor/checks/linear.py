"""Two sums and a relation become one `Linear`: terms on the left, the constant on the right."""

from __future__ import annotations

from decimal import Decimal

from auditor.checks.operands import Sides
from auditor.checks.select import Scope
from auditor.model.check import Linear, Relation, Term
from auditor.model.report import Ref


def linear(scope: Scope, sides: Sides, relation: Relation) -> Linear:
    """left − right related to a constant; a box that stands on both sides is one term."""
    weights: dict[Ref, int] = {}
    constant = 0
    for operands, sign in ((sides.left, 1), (sides.right, -1)):
        for operand in operands:
            if isinstance(operand, int):
                constant -= sign * operand
                continue
            for ref in scope.refs(operand):
                weights[ref] = weights.get(ref, 0) + sign * operand.times
    terms = tuple(Term(weight, ref, scope.signed(ref)) for ref, weight in weights.items() if weight)
    return Linear(terms, relation, Decimal(constant))
