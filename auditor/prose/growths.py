"""Sentences and claims in; every comparison with the year before, `同比增长70.3%`, out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Claim, Growth, Quantity
from auditor.model.wordings import Wordings
from auditor.prose.clauses import Clauses
from auditor.prose.movements import Movements
from auditor.prose.quantities import PERCENT, any_of

_BACK = 30
"""Characters between this year's figure and the words that compare it."""
_MOST = 16
"""Figures in front of the comparison, those in brackets counted."""
_ASIDE = 12
"""Characters between a change and the same change told otherwise."""


class Growths:
    """A form's words for comparisons with the year before."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        def words(name: str) -> str:
            return any_of([folding.fold(word) for word in wordings.words(name)])

        sign = folding.fold(wordings.words("years")[0])
        self._marks = re.compile(
            rf"(?:(?:{words('growth_joints')})(?P<year>20\d\d){sign}"
            rf"[^\d,;(\u3002%]{{0,6}}|(?:{words('growth_marks')}))"
            rf"[^\d,;(\u3002%]{{0,12}}"
        )
        self._movements = Movements(wordings, folding)
        self._falls = re.compile(words("falls"))
        self._rises = re.compile(words("rises"))

    def read(
        self, sentences: Sequence[Clauses], said: Sequence[Claim], year: int | None
    ) -> Iterator[Growth]:
        """Every comparison, in the order of the text."""
        claims = {
            (each.sentence, each.quantity.start): each.mention
            for each in said
            if each.quantity is not None
        }
        for here in sentences:
            for found in self._marks.finditer(here.text):
                growth = self._growth(here, found, year)
                if growth is not None:
                    figure = growth.figure
                    yield Growth(
                        figure, growth.change, growth.falls,
                        claims.get((figure.sentence, figure.start)),
                        growth.last, growth.difference, growth.is_yearly, growth.is_sure,
                    )  # fmt: skip
            for figure, change, falls, last in self._moved(here):
                claim = claims.get((figure.sentence, figure.start))
                yield Growth(figure, change, falls, claim, last)

    def _moved(self, here: Clauses) -> Iterator[tuple[Quantity, Quantity, bool, Quantity]]:
        """`由60件降至48件，降幅20%`: the figure, the change behind it, and what it was before."""
        places = {each.start: index for index, each in enumerate(here.all)}
        moved = self._movements.names(here.text, here.all)
        for start in [start for start, place in moved.items() if place is not None]:
            at = places[start]
            last, figure, *behind = here.all[at - 1 : at + 2]
            if not behind or behind[0].start > figure.end + _ASIDE or figure.unit != last.unit:
                continue
            falls = self._turns(here, figure.end, behind[0].start)
            marked = self._marks.search(here.text, figure.end, behind[0].start)
            if falls is not None and not marked and behind[0].unit in (PERCENT, figure.unit):
                yield figure, behind[0], falls, last

    def _growth(self, here: Clauses, found: re.Match[str], of: int | None) -> Growth | None:
        compared = self._compared(here, found)
        if compared is None:
            return None
        figure, sure = compared
        level = here.depth(figure.start)
        behind = here.all[bisect_right(here.all, found.start(), key=_start) :][:4]
        last = None
        if (
            behind
            and behind[0].unit != PERCENT
            and here.depth(behind[0].start) > level
            and self._turns(here, found.start(), behind[0].start) is None
        ):
            # 比2022年（31起）下降29%: what stands in brackets before the turn is last year's.
            last, behind = behind[0], behind[1:]
        if not behind or behind[0].start > found.end() + _BACK:
            return None
        change = behind[0]
        falls = self._turns(here, last.end if last else found.start(), change.start)
        if falls is None or change.unit not in (PERCENT, figure.unit, ""):
            return None
        difference = None
        if len(behind) > 1 and behind[1].start <= change.end + _ASIDE:
            other = behind[1]
            between = here.text[change.end : other.start]
            if (other.unit == PERCENT) != (change.unit == PERCENT) and (
                between == "(" or self._turns(here, change.end, other.start) is falls
            ):
                change, difference = (other, change) if other.unit == PERCENT else (change, other)
        if not change.unit and change.unit != figure.unit:
            return None
        year = found["year"]
        yearly = year is None or of is None or int(year) == of - 1
        return Growth(figure, change, falls, None, last, difference, yearly, sure)

    def _compared(self, here: Clauses, found: re.Match[str]) -> tuple[Quantity, bool] | None:
        """This year's figure, and whether it can be no other: the last one outside brackets."""
        at, level = here.before(found.start()), here.depth(found.start())
        before = here.counts[max(0, at - _MOST) : at]
        figures = [each for each in before if here.depth(each.start) <= level]
        if not figures:
            return None
        figure = figures[-1]
        around = here.bracket(before[-1].start) if before[-1] is not figure else None
        reached = max(figure.end, around[1] if around else 0)
        if reached + _BACK < found.start():
            return None
        if here.stretch(figure.start) != here.stretch(found.start()):
            return None
        rival = figures[-2] if len(figures) > 1 else None
        sure = (
            rival is None
            or here.stretch(rival.start) != here.stretch(figure.start)
            or self._marks.search(here.text, rival.end, figure.start) is not None
        )
        return figure, sure

    def _turns(self, here: Clauses, start: int, end: int) -> bool | None:
        """Whether the words between speak of a fall; None when they speak of neither or both."""
        falls = self._falls.search(here.text, start, end) is not None
        rises = self._rises.search(here.text, start, end) is not None
        return falls if falls != rises else None


def _start(quantity: Quantity) -> int:
    return quantity.start
