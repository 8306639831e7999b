"""`A、B分别为3件、2件` in; for each figure, where the name that it belongs to stands, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.quantities import any_of
from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings

_BETWEEN = 3
"""Characters that may stand between two figures of one list."""
_REACH = 60


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
        for mark in self._mark.finditer(text):
            figures: list[Quantity] = []
            for quantity in quantities:
                limit = figures[-1].end + _BETWEEN if figures else mark.end() + _BETWEEN
                if mark.end() <= quantity.start <= limit:
                    figures.append(quantity)
            start = max([text.rfind(stop, 0, mark.start()) for stop in ",;:(\u3002"]) + 1
            start = max(start, mark.start() - _REACH)
            names, begin = [], start
            for joint in self._joint.finditer(text, start, mark.start()):
                names.append((begin, joint.start()))
                begin = joint.end()
            names.append((begin, mark.start()))
            if len(figures) >= 2 and len(names) >= len(figures):
                chosen = names[-len(figures) :]
                found |= {each.start: name for each, name in zip(figures, chosen, strict=True)}
        return found
