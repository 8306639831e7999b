"""Strangers' text as any screen, log, file or spreadsheet may have it: what could steer them is
named or guarded instead.

An escape sequence rewrites a terminal, U+202E turns a line round, a carriage return writes over it,
a newline in a name begins a line that looks like one of ours. All of it goes through `visible` at
the border, on its way out; names go through `in_one_line` on their way in.

A formula begins a cell, and a cell begins where the program that opens the file says so: at a
comma of ours, and inside of a text at each semicolon, tab or end of line where it was told that
those part the cells. A quote that is not a cell's first sign keeps nothing together there. Such
texts are `guarded`.
"""

from __future__ import annotations

import re

from auditor.patterns import lazy_pattern

_STEERING = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u061c\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
    "\\ud800-\\udfff\U000e0000-\U000e007f"
)
"""Controls but for the tab and ends of lines, what turns the direction of text or ends its lines,
halves of characters, tags."""
_CONTROLS = lazy_pattern(f"[{_STEERING}]|\\r(?!\\n)")
_UNSEEN = lazy_pattern(f"[{_STEERING}\\xad\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f\ufeff]")
"""What has no width besides."""
_NOT_IN_A_LINE = lazy_pattern(f"[{_STEERING}\\t\\n\\r]")


def visible(text: str) -> str:
    """The text with what could steer a screen named, as in `[U+202E]`; lines stay lines."""
    return text if _is_plain(text) else _CONTROLS.sub(_named, text)


def visible_throughout(text: str) -> str:
    """As `visible`, and what has no width is named too: what looks alike is alike."""
    return _UNSEEN.sub(_named, text)


def in_one_line(name: str) -> str:
    """As `visible`, for what is no more than a line: its ends of lines and tabs are named too."""
    return name if name.isprintable() else _NOT_IN_A_LINE.sub(_named, name)


def escaped(json: str) -> str:
    """A text of JSON with the same characters written as JSON escapes them: it means the same."""
    return json if _is_plain(json) else _CONTROLS.sub(_escape, json)


def _is_plain(text: str) -> bool:
    """Whether all of it is sure to be harmless, which most text is: quicker than any pattern."""
    return text.replace("\n", "").isprintable()


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_BEGINS = "(\\A|[;\t\r\n])"
_RISKY = "(?='*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
"""What a formula may begin with, the full-width forms too (OWASP, CSV injection)."""
_UNGUARDED = lazy_pattern(_BEGINS + _RISKY)
_GUARDED = lazy_pattern(f"{_BEGINS}'{_RISKY}")


def guarded(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet would begin to compute with it."""
    return _UNGUARDED.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return _GUARDED.sub(r"\1", text)
