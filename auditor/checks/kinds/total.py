"""`total: {total: X, of: [parts…]}`: a printed total is the sum of its parts.

A total is never its own part, so `of: [results.*]` may name the group in which the total stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.checks.compare import check_id
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.operands import CELLS, NAMED, Named
from auditor.checks.select import scopes
from auditor.model.check import Check, Linear, Relation, Rule, Term
from auditor.model.form import Form
from auditor.yamlshape import Keys, need
from auditor.yamlsource import Item


class Total(NamedTuple):
    """A total and its parts, as written."""

    total: Named
    of: tuple[Named, ...]


SHAPE = Keys(
    need("total", NAMED, "The printed total: one box on every line."),
    need("of", CELLS, "Its parts."),
)


def read(item: Item) -> Total:
    """The total and its parts."""
    return Total(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """total − Σ parts = 0 for every line; the total is the subject."""
    body: Total = rule.body
    for scope in scopes(rule, form, (body.total, *body.of, *guard_names(rule))):
        whole = scope.refs(body.total)
        if len(whole) != 1:
            raise body.total.wrong(f"{body.total.selector!r} names {len(whole)} boxes, not one")
        weights = {whole[0]: body.total.times}
        for part in body.of:
            for ref in scope.refs(part):
                if ref != whole[0]:
                    weights[ref] = weights.get(ref, 0) - part.times
        terms = tuple(Term(weight, ref, scope.signed(ref)) for ref, weight in weights.items())
        yield Check(
            check_id(rule, scope.line),
            rule,
            Linear(terms, Relation.EQ),
            compile_guards(rule, scope),
            whole[0],
        )
