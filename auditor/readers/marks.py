"""Raised text and what stands before it in, whether it is a footnote's mark out.

A mark after a figure (`12` with a raised `1`) is no digit of it, and after a label no figure.
"""

from __future__ import annotations

import re

_MARK = re.compile(
    r"\s*[\[(\uff08\u3014\u3010\u2460-\u2473]?\s*"
    r"(?:[*\uff0a\u2020\u2021\u203b#\u6ce8\u2460-\u2473]{0,3}\d{0,2}|[a-z])"
    r"\s*[\])\uff09\u3015\u3011]?\s*"
)
"""A number, a letter or signs, perhaps in brackets; U+6CE8 is the word for "note"."""


def is_mark(raised: str, before: str) -> bool:
    """Whether raised text is a footnote's mark: short, and right behind something said."""
    return bool(before.strip()) and bool(raised.strip()) and _MARK.fullmatch(raised) is not None
