"""`复议由5件下降到3件` in; which figure is of before, and where the other's name ends, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from auditor.forms.folding import Folding
from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.quantities import any_of

_REACH = 20
"""Characters between the first figure and what stands on either side of it."""


class Movements:
    """The words between which a quantity moves: 由 … 降至 …."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        def words(name: str) -> str:
            return any_of([folding.fold(word) for word in wordings.words(name)])

        self._from = re.compile(rf"(?:{words('moves_from')})[^,;:\u3002()]{{0,{_REACH}}}\Z")
        self._to = re.compile(rf"(?:{words('moves')})(?:{words('moves_to')})")

    def names(self, text: str, quantities: Sequence[Quantity]) -> Mapping[int, int | None]:
        """By the place of a figure, where the name of the second ends; None for the first."""
        found: dict[int, int | None] = {}
        for first, second in pairwise(quantities):
            begin = max(0, first.start - _REACH)
            led = self._from.search(text, begin, first.start)
            between = text[first.end : second.start]
            if (
                led
                and len(between) <= _REACH
                and not any(mark in between for mark in ",;:()")
                and self._to.search(between)
            ):
                found[first.start], found[second.start] = None, led.start()
        return found
