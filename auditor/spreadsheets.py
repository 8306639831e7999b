"""Texts that no spreadsheet takes for formulas: any text in, a safe one out, and back."""

from __future__ import annotations

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula may begin with, the full-width forms too (OWASP, CSV injection)."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute with it."""
    return f"'{text}" if text.lstrip("'").startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
