"""Characters that mean the same, read as the same; one printed character gives one folded.

NFKC for full-width and compatibility forms, a table for the radicals that NFKC leaves alone, and
the form's own variants. Offsets stay true, because whatever would change the length is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from auditor import cjk

_MARKS = ("<super>", "<sub>", "<circle>")
"""Raised, lowered and circled digits mark notes and items: they are no digits of a figure."""

_LONGEST_WORD, _MOST_WORDS = 40, 4_096
"""The same words are asked for again and again: a form's wordings, and figures."""

GAP = "\u2060"
"""Stands for a character that is not there to be seen, so that offsets stay true."""


class Folding:
    """A cache of folded characters; the same text always gives the same result."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._table = _Table(variants)
        self._word = lru_cache(_MOST_WORDS)(self._fold)

    def fold(self, text: str) -> str:
        """The folded text, exactly as long as the printed one."""
        return self._word(text) if len(text) <= _LONGEST_WORD else self._fold(text)

    def _fold(self, text: str) -> str:
        return text.translate(self._table)


class _Table(dict[int, int]):
    """What each character folds to, worked out when it is first met."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        super().__init__()
        self._variants = {ord(old): ord(new) for old, new in variants.items() if len(old) == 1}

    def __missing__(self, char: int) -> int:
        point = _compatible(chr(char))
        self[char] = folded = self._variants.get(point, point)
        return folded


@cache
def _compatible(char: str) -> int:
    point = cjk.RADICALS.get(ord(char), ord(char))
    if unicodedata.category(chr(point)) == "Cf":
        return ord(GAP)
    if unicodedata.decomposition(chr(point)).startswith(_MARKS):
        return point
    folded = unicodedata.normalize("NFKC", chr(point))
    return ord(folded) if len(folded) == 1 else point


def bare(text: str) -> str:
    """Folded text without blanks and punctuation: what labels are compared by."""
    return "".join(filter(str.isalnum, text))
