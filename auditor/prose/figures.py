"""The figures of one sentence in; the claims of each, and why the others claim nothing, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.model.noun import noun
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.before import Before
from auditor.prose.behind import Behind
from auditor.prose.contexts import Context
from auditor.prose.matching import ClaimCandidate, Figure, Matcher
from auditor.prose.movements import Movements
from auditor.prose.scope import OTHER_TIME

Names = Mapping[int, tuple[int, int]]
"""By the place of a figure, the stretch of its name, where names and figures pair off."""


@noun
class Reading:
    """What one figure claims; without claims, why it is none of the report's own."""

    quantity: Quantity
    claims: tuple[ClaimCandidate, ...]
    refusal: str = ""


class Figures:
    """Reads all figures of a sentence."""

    def __init__(self, wordings: Wordings, folding: Folding, matcher: Matcher) -> None:
        self._matcher = matcher
        self._before = Before(wordings, folding, matcher)
        self._behind = Behind(wordings, folding, matcher)
        self._movements = Movements(wordings, folding)

    def read(self, s: Context, quantities: Sequence[Quantity], names: Names) -> Iterator[Reading]:
        """Every figure outside words and quotation marks, in the order of the text."""
        moved = self._movements.names(s.text, quantities)
        alike: tuple[Mention, ...] | None = None
        for quantity in quantities:
            if quantity.start not in s.figures:
                continue
            figure = self._matcher.figure(s, quantity, [])
            if quantity.start in moved and moved[quantity.start] is None:
                yield Reading(quantity, (), OTHER_TIME)
                continue
            claims = [each for each in self._claims(s, figure, names, moved, alike or ()) if each]
            refused = tuple(mention for _, mention in figure.refused if mention)
            own = claims[0].mentions if claims else refused
            alike = own if alike is None or _keys(alike) == _keys(own) else ()
            why = figure.refused[0][0] if figure.refused and not claims else ""
            yield Reading(quantity, tuple(claims), why)

    def _claims(
        self,
        s: Context,
        figure: Figure,
        names: Names,
        moved: Mapping[int, int | None],
        alike: tuple[Mention, ...],
    ) -> Iterator[ClaimCandidate | None]:
        """What a figure claims; `alike` are the mentions of all the figures before it."""
        place = moved.get(figure.quantity.start)
        if figure.quantity.start in names:
            floor, end = names[figure.quantity.start]
            yield self._before.claim(s, figure, s.index(end), s.index(floor))
        elif place is not None:
            yield self._before.claim(s, figure, s.index(place))
        else:
            found = [each for each in self._beside(s, figure) if each]
            yield from found
            if not found:
                yield self._behind.named(s, figure) or self._before.sum_of(s, figure, alike)

    def _beside(self, s: Context, figure: Figure) -> Iterator[ClaimCandidate | None]:
        """What the words on either side of a figure claim, and what the next clause adds."""
        right = self._behind.claim(s, figure)
        left = self._before.claim(s, figure)
        if right and left and right.mentions != left.mentions:
            if left.far or (right.is_part and not left.is_part):
                left = None
            elif not (left.is_part and not right.is_part):
                return  # two claims for one figure: either may be meant
        yield left or right
        yield self._behind.going_on(s, figure)


def _keys(mentions: tuple[Mention, ...]) -> list[str]:
    return [mention.key for mention in mentions]
