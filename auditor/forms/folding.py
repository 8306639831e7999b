"""Characters that mean the same, read as the same; one printed character gives one folded.

NFKC for full-width and compatibility forms, a table for the radicals that NFKC leaves alone, and
the form's own variants. Offsets stay true, because whatever would change the length is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

# U+2E80..2EFF have no compatibility mapping; these are written by PDF exporters instead of the
# ideographs they look like.
_RADICALS = {
    0x2E9F: 0x6BCD, 0x2EA0: 0x6C11, 0x2EAE: 0x7AF9, 0x2EC4: 0x897F, 0x2EC5: 0x89C1,
    0x2EC9: 0x8D1D, 0x2ECB: 0x8F66, 0x2ED3: 0x957F, 0x2ED4: 0x95E8, 0x2ED8: 0x9752,
    0x2EDA: 0x9875, 0x2EDB: 0x98CE, 0x2EDC: 0x98DE, 0x2EDD: 0x98DF, 0x2EE2: 0x9A6C,
    0x2EE5: 0x9C7C, 0x2EE6: 0x9E1F, 0x2EE8: 0x9EA6, 0x2EE9: 0x9EC4, 0x2EEC: 0x9F50,
    0x2EEE: 0x9F7F, 0x2EF0: 0x9F99,
}  # fmt: skip

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
    point = _RADICALS.get(ord(char), ord(char))
    if unicodedata.category(chr(point)) == "Cf":
        return ord(GAP)
    if unicodedata.decomposition(chr(point)).startswith(_MARKS):
        return point
    folded = unicodedata.normalize("NFKC", chr(point))
    return ord(folded) if len(folded) == 1 else point


def bare(text: str) -> str:
    """Folded text without blanks and punctuation: what labels are compared by."""
    return "".join(filter(str.isalnum, text))
