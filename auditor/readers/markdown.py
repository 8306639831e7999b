"""What Markdown keeps of HTML, and its own signs: where tables stand, and the text without marks.

Marks are replaced by as many blanks, so that every other character keeps its place on its line.
"""

from __future__ import annotations

import re

_TABLE_TAG = re.compile(r"<(?P<end>/?)table\b[^<>]{0,2000}>", re.IGNORECASE)
_CELL_TAG = re.compile(r"<t[dh]\b", re.IGNORECASE)
_MARKUP = re.compile(
    # Blanks by name or number, and elements that only arrange words.
    r"&(?:nbsp|ensp|emsp|thinsp|#160|#8194|#8195|#12288|#x0*a0|#x200[2-9]|#x3000);"
    r"|</?(?:br|b|strong|i|em|u|p|span|font|center|div|td|th|tr|tbody|thead|table)\b[^<>\n]{0,200}>"
    r"|(?<!\*)\*\*(?!\*)(?=[^*\n]+\*\*(?!\*))|(?<=[^\s*|])\*\*(?!\*)"
    r"|\\(?=[-.*_#()\[\]])",
    re.IGNORECASE,
)


def tables_in(text: str) -> list[tuple[int, int]]:
    """Where each outermost HTML table with cells begins and ends; one that never ends is none."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for tag in _TABLE_TAG.finditer(text):
        if not tag["end"]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth and _CELL_TAG.search(text, start, tag.end()):
                found.append((start, tag.end()))
    return found


def without_marks(text: str) -> str:
    """The text with blanks for marks that say nothing."""
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)
