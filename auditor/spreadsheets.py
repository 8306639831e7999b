"""Texts that no spreadsheet takes for formulas: any text in, a safe one out, and back.

A formula begins a cell, and a cell begins where the program that opens the file says so: at a
comma of ours, and inside of a text at each semicolon, tab or end of line where it was told that
those part the cells. A quote that is not a cell's first sign keeps nothing together there.
"""

from __future__ import annotations

import re

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_BEGINS = "(\\A|[;\t\r\n])"
_RISKY = "(?='*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
"""What a formula may begin with, the full-width forms too (OWASP, CSV injection)."""
_UNGUARDED = re.compile(_BEGINS + _RISKY)
_GUARDED = re.compile(f"{_BEGINS}'{_RISKY}")


def guarded(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet would begin to compute with it."""
    return _UNGUARDED.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return _GUARDED.sub(r"\1", text)
