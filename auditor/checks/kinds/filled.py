"""`filled: [cells…]`: something is written in every one of these boxes."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.operands import CELLS
from auditor.checks.presence import presence_checks
from auditor.model.check import Check, Rule
from auditor.model.form import Form

SHAPE = CELLS
read = SHAPE.read


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """A check for every line that the rule runs over."""
    return presence_checks(rule, form)
