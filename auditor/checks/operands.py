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
from auditor.yamlsource import Item

_WHOLE = re.compile(r"-?[0-9]+")


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
    fields = item.mapped()
    selector = fields.need("of").text()
    times, lag = fields.get("times"), fields.get("lag")
    fields.done()
    if lag is not None:
        lag.one_of(("0", "1"))
    return Named(
        selector, place, item.key, times.whole() if times else 1, lag.whole() if lag else 0
    )


def read_operand(item: Item) -> Named | int:
    """A selector or a whole number."""
    if not item.is_mapping and _WHOLE.fullmatch(item.text()):
        return item.whole()
    return read_named(item)


def read_cells(item: Item) -> tuple[Named, ...]:
    """A list of selectors; an empty list is an error."""
    found = tuple(read_named(member) for member in item.items())
    if not found:
        raise item.wrong("at least one selector is needed here")
    return found


def read_sides(item: Item) -> Sides:
    """`[[left…], [right…]]`, with a selector on at least one side."""
    members = item.items()
    if len(members) != 2:
        raise item.wrong("two lists are needed here, the left and the right side")
    left, right = (tuple(read_operand(each) for each in side.items()) for side in members)
    sides = Sides(left, right)
    if not left or not right or not sides.named:
        raise item.wrong("both sides need an operand, and one of them a selector")
    return sides


def read_patterns(item: Item) -> tuple[str, ...]:
    """A list of regular expressions, each of which compiles; an empty list is an error."""
    found = item.items()
    if not found:
        raise item.wrong("at least one pattern is needed here")
    for member in found:
        try:
            re.compile(member.text())
        except re.error as error:
            raise member.wrong(f"not a regular expression: {error}") from None
    return tuple(member.text() for member in found)
