"""The folded text of a document in; the same without the page marks that ran into its lines, out.

A mark on a line of its own is told by its shape. Within a line the same signs may be figures and
signs for empty boxes: there they are marks only where they count the pages, one after the other,
and nothing else in the text is such a sign.
"""

from __future__ import annotations

import re

from auditor import cjk

_SHAPES = (
    (re.compile(r"(?<!\S)[-\u2014\u2013] ?(\d{1,3}) ?[-\u2014\u2013](?!\S)"), r"[-\u2014\u2013]+"),
    (re.compile(rf"(?<!\S){cjk.ORDINAL} ?(\d{{1,3}}) ?{cjk.PAGE}(?!\S)"), cjk.ORDINAL),
    (re.compile(r"(?<!\S)(\d{1,3}) ?/ ?\d{1,3}(?!\S)"), r"/"),
)
"""Each shape of a mark, and what is no sign of its own where marks of that shape are meant."""
_FEWEST = 2
_FIRST = (1, 2, 3)
"""Page on which marks may begin: covers and lists of contents often have none."""


def without_page_marks(text: str) -> str:
    """The text with blanks in place of the marks, as long as before."""
    for shape, sign in _SHAPES:
        numbers = list(map(int, shape.findall(text)))
        if len(numbers) < _FEWEST or numbers[0] not in _FIRST:
            continue
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            continue
        without = shape.sub(lambda mark: " " * len(mark[0]), text)
        if not re.search(rf"(?<!\S)(?:{sign})(?!\S)", without):
            text = without
    return text
