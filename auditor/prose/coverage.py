"""All that was read of a text in; of every count in it, what became of it, out.

A count is matched with a quantity of the form, or checked within the text (as the total or a part
of a list, of a comparison, or among all that was published), or set aside for a reason, or not
understood. A report that tells only of what it matched would let silence look like agreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.model.prose import Breakdown, Claim, Counted, Growth, Published, Quantity
from auditor.prose.quantities import PERCENT

Place = tuple[int, int]
"""Sentence and character of a figure."""
_CASES_ONLY = "unit"


def counted(
    quantities: Sequence[Quantity],
    said: Sequence[Claim],
    reasons: Mapping[Place, str],
    breakdowns: Sequence[Breakdown],
    growths: Sequence[Growth],
    published: Sequence[Published],
    units: frozenset[str],
) -> Iterator[Counted]:
    """What became of every count, in the order of the text; `units` are of cases and papers."""
    matched: dict[Place, str] = {}
    for each in said:
        if each.quantity is not None:
            matched.setdefault(_place(each.quantity), each.mention)
    within = {*_within(breakdowns, growths, published)}
    for figure in quantities:
        if figure.unit == PERCENT:
            continue
        place = _place(figure)
        if place in matched:
            state, why = "matched", matched[place]
        elif place in within:
            state, why = "within", ""
        elif place in reasons:
            state, why = "apart", reasons[place]
        elif figure.unit and figure.unit not in units:
            state, why = "apart", _CASES_ONLY
        else:
            state, why = "unread", ""
        yield Counted(*place, figure.end, state, why)


def _within(
    breakdowns: Sequence[Breakdown], growths: Sequence[Growth], published: Sequence[Published]
) -> Iterator[Place]:
    """The figures that are compared with others of the text itself."""
    for breakdown in breakdowns:
        for figure in (breakdown.total, *breakdown.figures):
            yield _place(figure)
        for part in breakdown.parts:
            yield from map(_place, part.nested)
    for growth in growths:
        for told in (growth.figure, growth.change, growth.last, growth.difference):
            if told is not None:
                yield _place(told)
    for each in published:
        yield _place(each.figure)


def _place(figure: Quantity) -> Place:
    return figure.sentence, figure.start
