"""A line with figures as a form's country writes them in; the same, as all else reads them, out.

`1.234,5` becomes `1,234.5`, `(83)` becomes `-83` and `<1` `‹1`, each as long as before, so that
every character keeps its place. A figure that is none in the form's own way of writing, but would
be in another's, is made unreadable: it is never read as a thousand times what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.model.form import Numerals
from auditor.model.source import UNREAD

BELOW = "\u2039"
"""In front of a limit: the figure is less than that."""

_SEPARATED = re.compile(r"(?<![\w.,'])\d+(?:[.,'\u2019]\d+)+(?![\w])")
_ANY_COUNTRY = re.compile(r"\d{1,3}(?:[.,'\u2019]\d{3})*(?:[.,]\d+)?|\d+[.,]\d+")
_BRACKETS = re.compile(r"(?<!\S)\((?=\d)([\d.,']+)\)(?=\s*(?:$|[-(\d<]))")


def localizer(numerals: Numerals) -> Callable[[str], str] | None:
    """What writes a line's figures the common way; None for a form that writes them so."""
    steps: list[Callable[[str], str]] = []
    if (numerals.decimal, numerals.group) != (".", ","):
        steps.append(_separators(numerals.decimal, numerals.group))
    if numerals.below:
        words = "|".join(map(re.escape, sorted(numerals.below, key=len, reverse=True)))
        limit = re.compile(rf"(?<!\w)(?:{words})\s*(?=\d)")
        steps.append(lambda text: limit.sub(lambda each: BELOW.rjust(len(each[0])), text))
    if numerals.negative == "brackets":
        steps.append(lambda text: _BRACKETS.sub(r"-\1 ", text))
    if not steps:
        return None

    def localized(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return localized


def _separators(decimal: str, group: str) -> Callable[[str], str]:
    # What blanks part is one figure in a cell only, and read there.
    parts = group not in ("none", " ")
    grouped = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|" if parts else ""
    own = re.compile(rf"(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?")
    common = str.maketrans({decimal: "."} | ({group: ","} if parts else {}))
    unread = str.maketrans(dict.fromkeys(".,'\u2019", UNREAD))

    def rewritten(found: re.Match[str]) -> str:
        figure = found[0]
        if own.fullmatch(figure):
            return figure.translate(common)
        return figure.translate(unread) if _ANY_COUNTRY.fullmatch(figure) else figure

    return lambda text: _SEPARATED.sub(rewritten, text)
