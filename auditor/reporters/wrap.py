"""Text laid out in a width of cells: Chinese breaks between characters, Latin at blanks.

Guarantee: nothing is lost or added but line breaks and the indent of the lines that follow.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

_NEVER_FIRST = frozenset("，。、；：！？）】》”’％,.;:!?)]}")
_WIDE = "\u2e80"
"""From here on, characters are Chinese or stand beside them."""
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
    for character in text.replace("\n", " "):
        if held and _may_break(held[-1], character):
            yield held
            held = ""
        held += character
    if held:
        yield held


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after.isspace():
        return False
    return before.isspace() or before >= _WIDE or after >= _WIDE


def _head(piece: str, width: int) -> str:
    """As much of a piece as fits, at least one character."""
    size = 0
    for index, character in enumerate(piece):
        size += cell_len(character)
        if size > width and index:
            return piece[:index]
    return piece
