"""What stands on a page, as the reader of PDF sees it: characters and rules.

Coordinates are points from the upper left corner of the page as it is read: text upright, whatever
the page's own turn.
"""

from __future__ import annotations

from typing import NamedTuple


class Char(NamedTuple):
    """One character. `x0`, `x1` and `base` are measured along its own line of writing."""

    text: str
    x0: float
    x1: float
    base: float
    em: float
    turn: int
    """Quarter turns against the page's upright text; `x0`, `x1`, `base` are in the turned frame."""
    cx: float
    cy: float
    """Its centre on the page."""


class Rule(NamedTuple):
    """A straight rule: `at` across, from `start` to `end` along."""

    at: float
    start: float
    end: float


class Marks(NamedTuple):
    """All that one page has."""

    width: float
    height: float
    chars: tuple[Char, ...]
    across: tuple[Rule, ...]
    """Horizontal rules: `at` is y."""
    down: tuple[Rule, ...]
    """Vertical rules: `at` is x."""
    has_image: bool
    """A picture, or text that is not to be seen, stands where text should."""
    is_scan: bool
    """The text under the picture is invisible: some recogniser's, not the author's."""
    turns: int = 0
    """Quarter turns clockwise that make the text upright, beyond those that the page asks for."""
    is_undrawn: bool = False
    """It has text, and none of it can be drawn: its fonts are neither in the file nor on this
    machine. As a picture the page would look blank."""


class Frame(NamedTuple):
    """A page box and by how many quarter turns clockwise it is turned to be read."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point in the file's coordinates stands on the page as it is read."""
        match self.turns % 4:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as it is read."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)
