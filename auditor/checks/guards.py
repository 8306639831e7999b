"""When a rule applies: items under `when` in, guards on exact refs out.

Each guard is one key: `equal`, `at_most`, `at_least` (as the kinds of those names), `whole` (the
figure has no decimals) or `issuer` (the agency's name matches one of the patterns).
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.checks.linear import linear
from auditor.checks.operands import Named, Sides, read_named, read_patterns, read_sides
from auditor.checks.select import Scope
from auditor.model.check import Guard, Issuer, Relation, Rule, Written
from auditor.yamlsource import Item, nearest

RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


class Compared(NamedTuple):
    """A guard on two sums."""

    relation: Relation
    sides: Sides


class Whole(NamedTuple):
    """A guard that a figure is written without decimals."""

    named: Named


def read_guard(item: Item) -> Compared | Whole | Issuer:
    """One member of `when`."""
    fields = list(item.mapped().rest())
    if len(fields) != 1:
        raise item.wrong("a guard is exactly one key and its value")
    key, value = fields[0]
    if key in RELATIONS:
        return Compared(RELATIONS[key], read_sides(value))
    if key == "whole":
        return Whole(read_named(value))
    if key == "issuer":
        return Issuer(read_patterns(value))
    raise value.wrong("unknown guard", nearest(key, [*RELATIONS, "whole", "issuer"]))


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
