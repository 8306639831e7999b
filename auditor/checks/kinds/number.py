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
from auditor.checks.operands import Named, read_cells
from auditor.checks.select import scopes
from auditor.model.check import Check, Rule, Written
from auditor.model.form import Form
from auditor.yamlsource import Item


class Figures(NamedTuple):
    """Cells and how they are to be written."""

    cells: tuple[Named, ...]
    decimals: int
    negative: bool
    bare: bool


def read(item: Item) -> Figures:
    """The cells and what is asked of them."""
    fields = item.mapped()
    decimals, negative, bare = (fields.get(key) for key in ("decimals", "negative", "bare"))
    if decimals is not None and decimals.whole() < 0:
        raise decimals.wrong("decimals cannot be fewer than none")
    body = Figures(
        read_cells(fields.need("cells")),
        decimals.whole() if decimals else 0,
        negative.flag() if negative else False,
        bare.flag() if bare else False,
    )
    fields.done()
    if body.bare and (decimals or negative):
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
