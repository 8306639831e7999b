"""`at_least: [[left…], [right…]]`: the left sum is not below the right one."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.compare import compare
from auditor.checks.operands import SIDES
from auditor.model.check import Check, Relation, Rule
from auditor.model.form import Form

SHAPE = SIDES
read = SHAPE.read


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One comparison for every line that the rule runs over."""
    return compare(rule, form, Relation.GE)
