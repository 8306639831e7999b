"""`number: {cells, decimals, negative, bare}`: how figures are written.

Without `bare`, the figure has at most `decimals` decimals (default 0) and, unless `negative` is
true, is not below zero. With `bare: true`, nothing but the figure stands in the box: no unit, no
`about`. The two are separate rules because they weigh differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.checks.compare import check_id
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.operands import CELLS, Named
from auditor.checks.select import scopes
from auditor.model.check import Check, Rule, Written
from auditor.model.form import Form
from auditor.yamlshape import FLAG, TRUE, Keys, may, need, whole_from
from auditor.yamlsource import Item


class Figures(NamedTuple):
    """Cells and how they are to be written."""

    cells: tuple[Named, ...]
    decimals: int
    negative: bool
    bare: bool


SHAPE = Keys(
    need("cells", CELLS, "The boxes."),
    may("decimals", whole_from(0), "How many decimals a figure may have.", 0),
    may("negative", FLAG, "Whether it may be below zero.", False),
    may("bare", FLAG, "True: nothing but the figure stands in the box.", False),
    also={
        # `bare: true` takes no other key.
        "if": {"properties": {"bare": TRUE}, "required": ["bare"]},
        "then": {"properties": {"decimals": False, "negative": False}},
    },
)


def read(item: Item) -> Figures:
    """The cells and what is asked of them."""
    fields = item.mapped()
    body = Figures(**SHAPE.take(fields))
    if body.bare and ("decimals" in fields or "negative" in fields):
        raise item.wrong("a bare test looks at the decoration only, so it takes no other key")
    return body


def compile(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every cell; the cell is the subject."""
    body: Figures = rule.body
    for scope in scopes(rule, form, body.cells + guard_names(rule)):
        guards = compile_guards(rule, scope)
        for ref in dict.fromkeys(ref for named in body.cells for ref in scope.refs(named)):
            _, _, box = str(ref.address).partition("/")
            written = Written(ref, body.decimals, body.negative, body.bare)
            yield Check(check_id(rule, box), rule, written, guards, ref)
