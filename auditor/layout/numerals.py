"""Printed figures in, values out: what counts as a figure on a form, and what its value is."""

from __future__ import annotations

import re
from decimal import Decimal

from auditor.model.form import Numerals
from auditor.model.report import Below, Blank, Illegible, NotApplicable, Number, Value, step_of
from auditor.source_text import BELOW, INVISIBLE, Folding

MOST_DIGITS = 18
"""More are no count of anything, and sums of them would be rounded."""
_ONE = Decimal(1)


class Figures:
    """The figures and blank marks of one form, compiled from its `numerals`."""

    def __init__(self, numerals: Numerals, folding: Folding) -> None:
        def any_of(words: tuple[str, ...]) -> str:
            folded = sorted({folding.fold(word) for word in words}, key=len, reverse=True)
            return "|".join(re.escape(word) for word in folded) or "(?!)"

        digits = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
        below = BELOW if numerals.below else "(?!)"
        self._figure = re.compile(
            rf"(?P<below>{below})?"
            rf"(?:{any_of(numerals.vague)})?(?P<minus>{any_of(numerals.minus)})?(?P<digits>{digits})"
            rf"(?:{any_of(numerals.vague)})?(?:{any_of(numerals.units)})?"
        )
        self._pages = re.compile("|".join(numerals.pages)) if numerals.pages else None
        self._blanks = frozenset(map(folding.fold, numerals.blanks))
        self._not_applicable = frozenset(map(folding.fold, numerals.not_applicable))

    def is_page_mark(self, line: str) -> bool:
        """Whether a folded line is a page mark and nothing else."""
        return self._pages is not None and self._pages.fullmatch(line) is not None

    def is_blank_mark(self, word: str) -> bool:
        """Whether a folded word stands for an empty box."""
        return word in self._blanks or word in self._not_applicable

    def is_figure(self, word: str) -> bool:
        """Whether a folded word is a figure and nothing else, units and `约` included."""
        return self._figure.fullmatch(word) is not None

    def value(self, printed: str) -> Value:
        """What a folded figure or blank mark stands for; `ValueError` when it is neither.

        Digits without end are illegible: torn from several cells, or a fault of some export.
        """
        word = printed.replace(INVISIBLE, "").strip()
        if word in self._not_applicable:
            return NotApplicable()
        if not word or self.is_blank_mark(word):
            return Blank()
        if word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS:
            return Number(Decimal(word), _ONE)
        found = self._figure.fullmatch(word)
        if not found:
            raise ValueError(printed)
        if sum(map(str.isdigit, found["digits"])) > MOST_DIGITS:
            return Illegible((word,))
        digits = Decimal(found["digits"].replace(",", ""))
        if found["below"]:
            return Illegible((word,)) if found["minus"] else Below((f"<{digits:f}",), digits)
        return Number(-digits if found["minus"] else digits, step_of(digits))


def is_glued(word: str) -> bool:
    """Whether a figure has a leading zero that no single number has, such as `00` or `023`."""
    return len(word) > 1 and word[0] == "0" and word[1].isdigit()
