"""`A、B分别为3件、2件` in; for each figure, where the name that it belongs to stands, out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.quantities import any_of

_BETWEEN = 3
"""Characters that may stand between two figures of one list."""
_REACH = 60
_MOST = 8
"""Figures of one list."""


class Respective:
    """The words that pair names with the figures behind them, in order."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        fold = folding.fold
        self._mark = re.compile(any_of([fold(word) for word in wordings.words("respectively")]))
        joints = [*wordings.words("joints"), *wordings.words("ands")]
        self._joint = re.compile(any_of([fold(word) for word in joints]))

    def names(self, text: str, quantities: Sequence[Quantity]) -> Mapping[int, tuple[int, int]]:
        """By the place of a figure, its name's stretch; only where names and figures pair off."""
        found: dict[int, tuple[int, int]] = {}
        places = [quantity.start for quantity in quantities]
        for mark in self._mark.finditer(text):
            figures: list[Quantity] = []
            limit = mark.end() + _BETWEEN
            for quantity in quantities[bisect_left(places, mark.end()) :][:_MOST]:
                if quantity.start > limit:
                    break
                figures.append(quantity)
                limit = quantity.end + _BETWEEN
            first = max(0, mark.start() - _REACH)
            stops = [text.rfind(stop, first, mark.start()) for stop in ",;:(\u3002"]
            start = max(first, max(stops) + 1)
            names, begin = [], start
            for joint in self._joint.finditer(text, start, mark.start()):
                names.append((begin, joint.start()))
                begin = joint.end()
            names.append((begin, mark.start()))
            if len(figures) >= 2 and len(names) >= len(figures):
                chosen = names[-len(figures) :]
                found |= {each.start: name for each, name in zip(figures, chosen, strict=True)}
        return found
