"""Sentences as evidence: cut to what stands around the figures, which are marked as in tables."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.messages import phrase
from auditor.model.prose import Quote

_MOST = 160
"""Characters of a sentence that are shown; more only where the marks lie further apart."""
_CUT = "\u2026"


def quoted(quote: Quote, language: str) -> str:
    """The sentence with its figures marked `▶5◀`."""
    said = "".join(f"\u25b6{text}\u25c0" if mark else text for text, mark in pieces(quote))
    return phrase("quote", language, text=said)


def pieces(quote: Quote, most: int = _MOST) -> Iterator[tuple[str, bool]]:
    """What is shown of the sentence, each piece with whether it is marked."""
    first = min((start for start, _ in quote.marks), default=0)
    last = max((end for _, end in quote.marks), default=0)
    spare = max(0, most - (last - first))
    start = max(0, first - spare // 2)
    end = min(len(quote.text), last + spare // 2)
    before, position = _CUT if start else "", start
    for left, right in quote.marks:
        yield before + quote.text[position:left], False
        yield quote.text[left:right], True
        before, position = "", right
    yield before + quote.text[position:end] + (_CUT if end < len(quote.text) else ""), False
