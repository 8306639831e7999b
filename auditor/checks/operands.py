"""How a rule names figures: YAML items in, operands out, each remembering where it was written.

An operand is a selector (`new_received`, `denied.*`, `regulations/*`), a whole number, or a mapping
`{of: selector, times: 3, lag: 1}`; `lag: 1` means the figure in last year's report. Whether a
selector names anything is known only with a form: see `auditor.checks.select`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from auditor.errors import DefinitionError
from auditor.model.check import Place
from auditor.yamlshape import TEXT, WHOLE, Keys, Shape, list_of, may, named, need
from auditor.yamlsource import Item

_WHOLE = re.compile(r"-?[0-9]+")
SELECTOR = named("selector")
_MAPPED = Keys(
    need("of", SELECTOR),
    may("times", WHOLE, "How often they count; may be negative.", 1),
    # A number or a text to YAML, one digit to us.
    may(
        "lag",
        Shape(lambda item: int(item.one_of(("0", "1"))), {"enum": [0, 1, "0", "1"]}),
        "1 for the figure in the report of the year before.",
        0,
    ),
    about="Boxes counted several times, or those of last year's report.",
)


class Named(NamedTuple):
    """Boxes as a rule names them, still to be found on a form."""

    selector: str
    place: Place
    key: str
    """Dotted path inside the rule file, for messages."""
    times: int = 1
    lag: int = 0

    def wrong(self, message: str, hint: str = "") -> DefinitionError:
        """The error to raise about this selector."""
        return DefinitionError(
            "definition", f"{self.key}: {message}", place=str(self.place), hint=hint
        )


Operands = tuple[Named | int, ...]
"""One side of a comparison; whole numbers stand for themselves."""


class Sides(NamedTuple):
    """Two sums to compare."""

    left: Operands
    right: Operands

    @property
    def named(self) -> tuple[Named, ...]:
        """Every selector on either side."""
        return tuple(operand for operand in self.left + self.right if isinstance(operand, Named))


def read_named(item: Item) -> Named:
    """A selector, alone or as a mapping with `times` or `lag`."""
    place = Place(item.file, item.line)
    if not item.is_mapping:
        return Named(item.text(), place, item.key)
    given = _MAPPED.read(item)
    return Named(given["of"], place, item.key, given["times"], given["lag"])


OPERAND_WHOLE = {
    "anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^{_WHOLE.pattern}$"}]
}
"""What `read_operand` takes for a number."""


def read_operand(item: Item) -> Named | int:
    """A selector or a whole number."""
    if not item.is_mapping and _WHOLE.fullmatch(item.text()):
        return item.whole()
    return read_named(item)


def read_sides(item: Item) -> Sides:
    """`[[left…], [right…]]`, with a selector on at least one side."""
    members = item.items()
    if len(members) != 2:
        raise item.wrong("two lists are needed here, the left and the right side")
    left, right = (_SIDE.read(side) for side in members)
    sides = Sides(left, right)
    if not sides.named:
        raise item.wrong("both sides need an operand, and one of them a selector")
    return sides


def _pattern(item: Item) -> str:
    """A regular expression that compiles."""
    try:
        re.compile(item.text())
    except re.error as error:
        raise item.wrong(f"not a regular expression: {error}") from None
    return item.text()


NAMED = Shape(read_named, lambda: {"anyOf": [SELECTOR.schema, _MAPPED.schema]})
"""A selector, alone or with how it counts."""
CELLS = list_of(NAMED, "at least one selector is needed here")
OPERAND = Shape(read_operand, lambda: {"anyOf": [OPERAND_WHOLE, NAMED.schema]})
_SIDE = list_of(OPERAND, "both sides need an operand, and one of them a selector")
SIDES = Shape(
    read_sides,
    lambda: {
        "type": "array",
        "items": _SIDE.schema,
        "minItems": 2,
        "maxItems": 2,
        "contains": {"contains": {"not": OPERAND_WHOLE}},
    },
)
"""Two sums to compare."""
PATTERNS = list_of(
    Shape(_pattern, {**TEXT.schema, "description": "A regular expression, in Python's syntax."}),
    "at least one pattern is needed here",
)
