"""How strong the rules of a form are: what they were seen to catch, and what not."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import astuple

from auditor.model import Address
from auditor.model.form import Form


class MistakeTally(Struct, frozen=True):
    """What became of mistakes of one kind."""

    kind: str
    trials: int = 0
    detected: int = 0
    """An error or a warning that held fails."""
    listed: int = 0
    """The true repair is among the smallest changes offered."""
    located: int = 0
    """The true repair is the only one offered; where a figure was left out, its box is named."""
    likely: int = 0
    """It is offered as likely."""
    wrong: int = 0
    """Another than the true repair is offered as likely."""

    def __add__(self, other: MistakeTally) -> MistakeTally:
        """Both together, of this one's kind."""
        own, more = (astuple(each)[1:] for each in (self, other))
        return MistakeTally(self.kind, *(a + b for a, b in zip(own, more, strict=True)))


class CellStrength(Struct, frozen=True):
    """What became of mistakes in one cell."""

    address: Address
    certain: bool
    """An equation without conditions runs over it: any other figure is an error or a warning."""
    protected: bool
    """Some other figure that the cell may hold is one, as seen or as proved."""
    unique: bool
    """No other cell enters the same equations in the same proportion: they tell which it is."""
    tally: MistakeTally

    @property
    def protection(self) -> str:
        """What the rules do for it: `located`, `detected`, `partly` or `none`."""
        if self.certain:
            return "located" if self.unique else "detected"
        return "partly" if self.protected else "none"


class Needless(Struct, frozen=True):
    """A rule that decides nothing that others do not."""

    rule_id: str
    proved: bool
    """No figures break it alone; else it was only never seen alone."""


class Strength(Struct, frozen=True):
    """The rules of one form, weighed."""

    form: Form
    seed: int
    scales: tuple[tuple[str, int], ...]
    """Consistent reports of each size, and how many there are."""
    unmade: int
    """Reports given up because the rules would not let them be."""
    kinds: tuple[MistakeTally, ...]
    pairs: MistakeTally
    """Two cells wrong at once."""
    cells: tuple[CellStrength, ...]
    needless: tuple[Needless, ...]
    silent: tuple[str, ...]
    """Rules on figures that no mistake made fire."""
    aside: tuple[str, ...]
    """Rules that need sentences or last year's report, and were not weighed."""
    forced: tuple[tuple[Address, str], ...]
    """Cells that the rules leave one figure only."""
    idle: tuple[str, ...]
    """Checks whose conditions no figures meet."""
    conflicts: tuple[tuple[str, ...], ...]
    """Checks that no figures satisfy together, none of which can be spared."""
    unsolved: bool = False
    """Whether the solver was missing or came to no end, so that something may be lacking."""

    @property
    def unprotected(self) -> tuple[CellStrength, ...]:
        """The cells in which any figure passes."""
        return tuple(cell for cell in self.cells if not cell.protected)
