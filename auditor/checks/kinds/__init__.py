"""The kinds of rule, by the keyword that a rule carries.

A kind is a module, or an object: `SHAPE` declares what stands under the keyword, `read` reads it,
`compile` puts a rule of that kind onto the boxes of one form. To add a kind, add its file and its
line here; the JSON Schema for editors (`auditor.schema`) follows from its `SHAPE` and docstring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from auditor.checks.kinds import (
    absent,
    agrees,
    at_least,
    at_most,
    breakdown,
    competence,
    equal,
    filled,
    growth,
    mostly_filled,
    number,
    published,
    same,
    share,
    total,
)
from auditor.checks.kinds.formal import FORMAL
from auditor.model.check import Check, Rule
from auditor.model.form import Form
from auditor.yamlshape import Keys, Shape
from auditor.yamlsource import Item


class Kind(Protocol):
    """What every module of this package provides."""

    @property
    def SHAPE(self) -> Shape[Any] | Keys:
        """What stands under the keyword."""

    def read(self, item: Item) -> Any:
        """The rule's body; `DefinitionError` when it has another shape."""

    def compile(self, rule: Rule, form: Form) -> Iterator[Check]:
        """The rule's checks on this form, in the form's order."""


KINDS: Mapping[str, Kind] = {
    "equal": equal,
    "total": total,
    "at_most": at_most,
    "at_least": at_least,
    "filled": filled,
    "mostly_filled": mostly_filled,
    "absent": absent,
    "number": number,
    "competence": competence,
    "agrees": agrees,
    "breakdown": breakdown,
    "share": share,
    "growth": growth,
    "same": same,
    "published": published,
    **FORMAL,
}
