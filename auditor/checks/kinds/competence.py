"""`competence: {cells, never}`: bodies whose name matches a pattern have nothing to report here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.checks.compare import check_id, subject
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.linear import linear
from auditor.checks.operands import CELLS, PATTERNS, Named, Sides
from auditor.checks.select import scopes
from auditor.model.check import Check, Issuer, Relation, Rule
from auditor.model.form import Form
from auditor.yamlshape import Keys, need
from auditor.yamlsource import Item


class Competence(NamedTuple):
    """Cells, and the names of those who may not fill them."""

    cells: tuple[Named, ...]
    never: tuple[str, ...]


SHAPE = Keys(
    need("cells", CELLS, "Boxes that those bodies leave empty or zero."),
    need("never", PATTERNS, "The names of those bodies."),
)


def read(item: Item) -> Competence:
    """The cells and the patterns."""
    return Competence(**SHAPE.read(item))


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """Σ cells ≤ 0, where the agency's name matches."""
    body: Competence = rule.body
    for scope in scopes(rule, form, body.cells + guard_names(rule)):
        yield Check(
            check_id(rule, scope.line),
            rule,
            linear(scope, Sides(body.cells, (0,)), Relation.LE),
            (Issuer(body.never), *compile_guards(rule, scope)),
            subject(scope, body.cells),
        )
