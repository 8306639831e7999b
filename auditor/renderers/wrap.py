"""Text laid out in a given width of cells: Chinese breaks between any two characters, Latin at blanks.

Guarantee: nothing is lost or added but line breaks and the indent of the lines that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

_PIECES = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]|\s+|[^\s\u2e80-\uffef]+|."
)
_NEVER_FIRST = frozenset("，。、；：！？）】》”’％,.;:!?)]}")
_NEVER_LAST = frozenset("（【《“‘([{")


def wrapped(text: str, width: int, style: str = "", hang: int = 0) -> Text:
    """The text in lines of at most `width` cells, those after the first indented by `hang`."""
    return Text("\n".join(_lines(text, width, " " * hang)), style=style)


def _lines(text: str, width: int, indent: str) -> Iterator[str]:
    line, used = "", 0
    for piece in _unbroken(text):
        size = cell_len(piece)
        if used + cell_len(piece.rstrip()) > width and line.strip():
            yield line.rstrip()
            line, used = indent, len(indent)
            piece = piece.lstrip()
            size = cell_len(piece)
        while used + size > width and size > width - len(indent):
            head = _head(piece, width - used)
            yield line + head
            piece = piece[len(head) :]
            line, used, size = indent, len(indent), cell_len(piece)
        line, used = line + piece, used + size
    yield line.rstrip()


def _unbroken(text: str) -> Iterator[str]:
    """Pieces between which a line may break: marks stay with the character they belong to."""
    held = ""
    for piece in _PIECES.findall(text.replace("\n", " ")):
        if held and piece[0] not in _NEVER_FIRST and held[-1] not in _NEVER_LAST:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _head(piece: str, width: int) -> str:
    """As much of a piece as fits, at least one character."""
    size = 0
    for index, character in enumerate(piece):
        size += cell_len(character)
        if size > width and index:
            return piece[:index]
    return piece
