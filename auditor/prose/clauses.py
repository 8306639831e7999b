"""Sentences and quantities in; sentences whose brackets, clauses and stretches are counted, out.

A clause ends at any comma, a stretch at a semicolon. Figures in titles and quotation marks are left
out, and so are those that are only compared with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.layout import Line
from auditor.prose.quantities import PERCENT, any_of

_CLAUSE = re.compile("[,;:\u3001\u3002!?]")
_STRETCH = re.compile("[;\u3002!?]")
_QUOTING = dict(zip("\u300a\u201c\u300c\u300e", "\u300b\u201d\u300d\u300f", strict=True))
_BRACKETS = {"(": ")", "[": "]", "\u3010": "\u3011"}
_REACH = 40
"""Characters in front of a figure in which a comparison is looked for."""


class Clauses:
    """One sentence as lists, shares and growth see it."""

    def __init__(
        self, line: Line, quantities: Sequence[Quantity], compared: re.Pattern[str]
    ) -> None:
        self.line, self.text = line, line.text
        self._breaks = [found.start() for found in _CLAUSE.finditer(line.text)]
        self._ends = [found.start() for found in _STRETCH.finditer(line.text)]
        self._bracket = _enclosing(line.text)
        quoted = _quoted(line.text)
        self.all = [each for each in quantities if not quoted[each.start]]
        """Every figure outside quotation marks."""
        self.counts = [
            each
            for each in self.all
            if each.unit != PERCENT and not self._is_compared(each, compared)
        ]
        """Those that count something of this year."""
        self.starts = [each.start for each in self.counts]

    def clause(self, at: int) -> int:
        """The number of the clause of a place."""
        return bisect_left(self._breaks, at)

    def clause_start(self, at: int) -> int:
        """Where the clause of a place begins."""
        before = bisect_left(self._breaks, at)
        return self._breaks[before - 1] + 1 if before else 0

    def clause_end(self, at: int) -> int:
        """Where the clause of a place ends."""
        before = bisect_left(self._breaks, at)
        return self._breaks[before] if before < len(self._breaks) else len(self.text)

    def stretch(self, at: int) -> int:
        """The number of the stretch of a place."""
        return bisect_left(self._ends, at)

    def bracket(self, at: int) -> tuple[int, int] | None:
        """Where the innermost bracket around a place opens and closes."""
        return self._bracket[at] if at < len(self._bracket) else None

    def depth(self, at: int) -> int:
        """How many brackets stand around a place, three at most."""
        found, depth = self.bracket(at), 0
        while found is not None and depth < 3:
            depth, found = depth + 1, self.bracket(found[0])
        return depth

    def before(self, at: int) -> int:
        """How many of the counts begin before a place."""
        return bisect_left(self.starts, at)

    def _is_compared(self, quantity: Quantity, compared: re.Pattern[str]) -> bool:
        start = self.clause_start(quantity.start)
        around = self.bracket(quantity.start)
        if around is not None:
            start = min(start, self.clause_start(around[0]))
        start = max(start, quantity.start - _REACH)
        return compared.search(self.text, start, quantity.start) is not None


def clauses_of(
    lines: Sequence[Line], quantities: Sequence[Quantity], wordings: Wordings, folding: Folding
) -> list[Clauses]:
    """All sentences, each with its own figures."""
    compared = re.compile(any_of([folding.fold(word) for word in wordings.words("compared")]))
    own: dict[int, list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        own[quantity.sentence].append(quantity)
    return [Clauses(line, own[line.sentence], compared) for line in lines]


def _enclosing(text: str) -> list[tuple[int, int] | None]:
    """For each place the bracket around it; one that never closes is none."""
    if not any(mark in text for mark in _BRACKETS):
        return [None] * len(text)
    closes: dict[int, int] = {}
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _BRACKETS:
            opened.append(at)
        elif opened and char == _BRACKETS[text[opened[-1]]]:
            closes[opened.pop()] = at
    found: list[tuple[int, int] | None] = []
    around: list[tuple[int, int]] = []
    for at in range(len(text)):
        if around and at == around[-1][1]:
            around.pop()
        found.append(around[-1] if around else None)
        if at in closes:
            around.append((at, closes[at]))
    return found


def _quoted(text: str) -> list[bool]:
    """For each place, whether it stands in a title or in quotation marks that close."""
    found = [False] * len(text)
    if not any(mark in text for mark in _QUOTING):
        return found
    opened: tuple[int, str] | None = None
    for at, char in enumerate(text):
        if opened is None:
            if char in _QUOTING:
                opened = at, _QUOTING[char]
        elif char == opened[1]:
            found[opened[0] : at] = [True] * (at - opened[0])
            opened = None
    return found
