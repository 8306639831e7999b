"""Sentences as evidence: cut to what stands around the figures, which are marked as in tables."""

from __future__ import annotations

from auditor.model.prose import Quote
from auditor.wording import phrase

_MOST = 160
"""Characters of a sentence that are shown; more only where the marks lie further apart."""
_CUT = "\u2026"


def quoted(quote: Quote, language: str) -> str:
    """The sentence with its figures marked `▶5◀`."""
    first = min((start for start, _ in quote.marks), default=0)
    last = max((end for _, end in quote.marks), default=0)
    spare = max(0, _MOST - (last - first))
    start = max(0, first - spare // 2)
    end = min(len(quote.text), last + spare // 2)
    said, position = _CUT if start else "", start
    for left, right in quote.marks:
        said += f"{quote.text[position:left]}\u25b6{quote.text[left:right]}\u25c0"
        position = right
    said += quote.text[position:end] + (_CUT if end < len(quote.text) else "")
    return phrase("quote", language, text=said)
