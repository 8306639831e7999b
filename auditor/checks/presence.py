"""A rule over boxes in; checks that all or most are filled, or that none is there, out."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.compare import check_id
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.select import scopes
from auditor.model.check import Check, Filled, Rule
from auditor.model.form import Form


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
