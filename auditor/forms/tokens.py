"""What a region of the tape is made of: labels, stray words, and figures that may fill boxes."""

from __future__ import annotations

from enum import Enum

from auditor.forms.phrases import Phrase
from auditor.model.noun import noun


class Kind(Enum):
    """What a token says."""

    FIGURE = "figure"
    MARK = "mark"
    """A sign for an empty box."""
    EMPTY = "empty"
    """A cell with nothing in it."""
    UNREAD = "unread"
    """A cell whose text is no figure; it keeps its place."""


@noun
class Token:
    """What may fill one box."""

    kind: Kind
    text: str
    """Folded; empty for EMPTY."""
    start: int
    end: int
    rivals: tuple[str, ...] = ()
    """What the same ink may also say, as figures or marks; none of them is sure, nor is `text`."""


@noun
class Figs:
    """Tokens on one printed line with no label between them."""

    tokens: tuple[Token, ...]
    row: int
    in_cells: bool = False
    """Whether they stand in cells, and not in a line of text."""
    is_led: bool = False
    """Whether a label of a row ends in front of them on their own printed line."""

    @property
    def filled(self) -> int:
        """How many tokens are more than an empty cell."""
        return len(self.tokens) - [token.kind for token in self.tokens].count(Kind.EMPTY)


@noun
class Stray:
    """Words that are no whole label of the form."""

    text: str
    start: int
    end: int
    resembles: tuple[tuple[str, float], ...]
    """Rows of the table whose label it may be a piece of, with the share of the label it covers."""
    row: int = -1
    """The printed line on which it ends."""
    is_sentence: bool = False
    """Whether it is a sentence, or part of one."""


Atom = Phrase | Figs | Stray
