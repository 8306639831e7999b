"""When a rule applies: items under `when` in, guards on exact refs out.

Each guard is one key: `equal`, `at_most`, `at_least` (as the kinds of those names), `whole` (the
figure has no decimals) or `issuer` (the agency's name matches one of the patterns).
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.checks.linear import linear
from auditor.checks.operands import NAMED, PATTERNS, SIDES, Named, Sides
from auditor.checks.select import Scope
from auditor.model.check import Guard, Issuer, Relation, Rule, Written
from auditor.yamlshape import Keys, Shape, may
from auditor.yamlsource import Item

RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


class Compared(NamedTuple):
    """A guard on two sums."""

    relation: Relation
    sides: Sides


class Whole(NamedTuple):
    """A guard that a figure is written without decimals."""

    named: Named


_KEYS = Keys(
    may("equal", SIDES, "Both sums are the same."),
    may("at_most", SIDES, "The left sum does not exceed the right one."),
    may("at_least", SIDES, "The left sum is not below the right one."),
    may("whole", NAMED, "The figure is written without decimals."),
    may("issuer", PATTERNS, "The agency's name matches one of these patterns."),
    also={"minProperties": 1, "maxProperties": 1},
    about="A condition: exactly one key.",
)


def read_guard(item: Item) -> Compared | Whole | Issuer:
    """One member of `when`."""
    given = {key: value for key, value in _KEYS.read(item).items() if value is not None}
    if len(given) != 1:
        raise item.wrong("a guard is exactly one key and its value")
    ((key, value),) = given.items()
    if key in RELATIONS:
        return Compared(RELATIONS[key], value)
    return Whole(value) if key == "whole" else Issuer(value)


GUARD = Shape(read_guard, lambda: _KEYS.schema)


def guard_names(rule: Rule) -> tuple[Named, ...]:
    """Every selector in the rule's guards."""
    found: list[Named] = []
    for guard in rule.when:
        if isinstance(guard, Compared):
            found += guard.sides.named
        elif isinstance(guard, Whole):
            found.append(guard.named)
    return tuple(found)


def compile_guards(rule: Rule, scope: Scope) -> tuple[Guard, ...]:
    """The rule's guards on the boxes of one line."""
    found: list[Guard] = []
    for guard in rule.when:
        if isinstance(guard, Compared):
            found.append(linear(scope, guard.sides, guard.relation))
        elif isinstance(guard, Whole):
            found += [Written(ref, negative=True) for ref in scope.refs(guard.named)]
        else:
            found.append(guard)
    return tuple(found)
