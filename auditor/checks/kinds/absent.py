"""`absent: [cells…]`: this copy of the form has none of these boxes."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.compare import check_id
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.operands import Named, read_cells
from auditor.checks.select import scopes
from auditor.model.check import Check, Filled, Rule
from auditor.model.form import Form
from auditor.yamlsource import Item


def read(item: Item) -> tuple[Named, ...]:
    """The cells."""
    return read_cells(item)


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every line that the rule runs over; without `each`, one for all cells."""
    for scope in scopes(rule, form, rule.body + guard_names(rule)):
        refs = dict.fromkeys(ref for named in rule.body for ref in scope.refs(named))
        yield Check(
            check_id(rule, scope.line),
            rule,
            Filled(tuple(refs), wanted=False),
            compile_guards(rule, scope),
        )
