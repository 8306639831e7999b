"""Sentences in; every total with the parts printed after it, `共12件，其中……7件、……5件`, out.

Which of several readings is meant is not settled here: a list keeps every figure that may be its
total and says of every part where it stands. `auditor.checks.prose.lists` tries them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from auditor.model.prose import Breakdown, Part, Quantity
from auditor.model.wordings import Wordings
from auditor.prose.clauses import SentenceView
from auditor.prose.numerals import any_of

_MOST_PARTS, _MOST_TOTALS, _MOST_MARKS, _MOST_FOLLOWING = 40, 4, 50, 3
"""More than that in one sentence is no prose."""
_INTRODUCING, _BEHIND = 24, 12
"""Characters between a marker and the first part; between a figure and its bracket."""
_OPENING = 12
"""Characters in front of a marker that opens its sentence and speaks of the one before."""
_VIEW = 14
"""Characters between `从` and `看`."""
_NEXT = 2
"""Sentences behind a list that may go on with it, and in front that may hold its total."""


class _Mark(NamedTuple):
    """Where a list may begin."""

    start: int
    end: int
    bracket: tuple[int, int] | None
    """The bracket that it fills."""
    is_hint: bool = False
    """Words that may begin something else."""
    is_view: bool = False
    """`从申请方式看`: further views of a sentence divide the same total."""


def _end_of_topic(
    here: SentenceView, mark: _Mark, total: Quantity, topics: Mapping[tuple[int, int], str]
) -> int:
    """Where a list ends at the latest: with its bracket, or in front of another topic's figure."""
    end = mark.bracket[1] if mark.bracket else len(here.text)
    topic = topics.get((total.sentence, total.start))
    for each in here.counts[here.counts_before(mark.end) :] if topic else ():
        if each.start >= end:
            break
        if topics.get((each.sentence, each.start), topic) != topic:
            return here.item_start(each.start)
    return end


def _is_joined(between: str) -> bool:
    """Whether a figure is the next item of one enumeration: no list ends between the two."""
    return "\u3001" in between and not any(mark in between for mark in ",;:\u3002")


class ListReader:
    """A form's words for lists."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more
        leads = any_of(more.list_leads)
        marks = any_of(more.list_marks)
        hints = any_of(more.list_hints)
        paused = any_of(more.list_hints_paused)
        begins, ends = any_of(more.list_view_begins), any_of(more.list_view_ends)
        self._marks = re.compile(
            rf"(?:{marks})|(?:\A|(?<=[,;:(\u3002]))(?:{leads})|[(:]"
            rf"|(?:\A|(?<=[,;]))(?P<view>(?:{begins})[^\d,;:\u3002()]{{1,{_VIEW}}}(?:{ends})[,:])"
            rf"|(?P<hint>{hints}|(?:{paused})(?=,))"
        )
        self._at_start = re.compile(rf"(?:\W|\d)*(?:{marks}|{leads})")
        self._examples = re.compile(any_of(more.list_examples))
        self._so_on = tuple(more.list_and_so_on)
        self._rest = re.compile(any_of(more.list_rest))
        self._ends = re.compile(any_of(more.list_ends))
        self._units = frozenset(wordings.more.listed_units)

    def read(
        self, sentences: Sequence[SentenceView], topics: Mapping[tuple[int, int], str]
    ) -> Iterator[Breakdown]:
        """Every list, in the order of the text; `topics` are those that figures claim to be on, by
        sentence and place: a list ends where the topic is no longer its total's."""
        for number, here in enumerate(sentences):
            if len(here.counts) < 2:
                continue
            marks = [found for found in self._begins(here)][:_MOST_MARKS]
            viewed: list[list[Quantity]] = []
            for mark in marks:
                divided = (
                    viewed if mark.is_view and viewed else [*self._totals(sentences, number, mark)]
                )
                viewed = divided if mark.is_view else viewed
                for totals in divided:
                    breakdown = self._breakdown(sentences, number, mark, totals, marks, topics)
                    if breakdown is not None:
                        yield breakdown

    def _begins(self, here: SentenceView) -> Iterator[_Mark]:
        """The places where a list may begin: at words, brackets and colons behind figures."""
        ends = {each.end for each in here.counts}
        taken = -1
        for found in self._marks.finditer(here.text):
            start, end = found.span()
            if start <= taken:
                continue
            bare = found.group() in "(:"
            if bare and here.text[start] == ":" and start not in ends:
                continue
            bracket = here.bracket(end)
            if bare and here.text[start] == "(":
                if bracket is None or bracket[0] != start or not self._follows(here, start):
                    continue
                taken = end  # a word at the very start of the bracket marks the same list
            elif bracket is not None and not self._follows(here, bracket[0]):
                continue
            yield _Mark(start, end, bracket, bool(found["hint"]), bool(found["view"]))

    def _follows(self, here: SentenceView, bracket: int) -> bool:
        """Whether the bracket stands behind a figure of the same clause."""
        at = here.counts_before(bracket)
        if not at:
            return False
        figure = here.counts[at - 1]
        if figure.end + _BEHIND < bracket:
            return False
        between = here.text[figure.end : bracket].rstrip(",")
        return here.item(figure.end - 1) == here.item(figure.end + len(between) - 1)

    def _totals(
        self, sentences: Sequence[SentenceView], number: int, mark: _Mark
    ) -> Iterator[list[Quantity]]:
        """The figures in front that may be the total, nearest first, for each kind of unit."""
        here = sentences[number]
        if mark.bracket is not None and here.text[mark.start] == "(":
            yield [here.counts[here.counts_before(mark.start) - 1]]
            return
        found = self._in_front(here, mark.start, here.depth(mark.start))
        if mark.bracket is not None:
            inside = [each for each in found if each.start > mark.bracket[0]]
            outer = mark.bracket[0]
            found = inside or self._in_front(here, outer, here.depth(outer))
        if not found and not here.counts_before(mark.start) and mark.start <= _OPENING:
            for back in range(number - 1, max(-1, number - 1 - _NEXT), -1):
                before = sentences[back]
                if before.line.section != here.line.section:
                    break
                found = self._in_front(before, len(before.text), 0, apart=True)
                if found:
                    break
        for family in dict.fromkeys(self._family(each) for each in found):
            yield [each for each in found if self._family(each) == family][:_MOST_TOTALS]

    def _in_front(
        self, here: SentenceView, limit: int, level: int, apart: bool = False
    ) -> list[Quantity]:
        """Figures before a place and outside deeper brackets, of the same stretch if there are any;
        a list `apart`, in a sentence of its own, is as well of the others."""
        last = here.counts_before(limit)
        near = [
            each
            for each in reversed(here.counts[max(0, last - 4 * _MOST_TOTALS) : last])
            if here.depth(each.start) <= level
        ]
        own = [each for each in near if here.part(each.start) == here.part(limit - 1)]
        return near if apart else own or near

    def _family(self, quantity: Quantity) -> str:
        return "" if not quantity.unit or quantity.unit in self._units else quantity.unit

    def _breakdown(
        self,
        sentences: Sequence[SentenceView],
        number: int,
        mark: _Mark,
        totals: list[Quantity],
        marks: Sequence[_Mark],
        topics: Mapping[tuple[int, int], str],
    ) -> Breakdown | None:
        here = sentences[number]
        family = self._family(totals[0])
        end = _end_of_topic(here, mark, totals[0], topics)
        outside = self._ends.search(here.text, mark.end, end)
        if outside:
            end = outside.start()
        views = [each.start for each in marks if each.is_view and mark.end < each.start < end]
        end = min([end, *views])
        parts = self._parts(here, mark, end, family, marks)
        if not parts:
            return None
        goes_on = not mark.bracket and not outside and not views
        following = self._following(sentences, number, family) if goes_on else []
        rest = [each for each, is_rest in following if is_rest]
        first, last = parts[0].figure, parts[-1].figure
        if rest and len(parts) < _MOST_PARTS:
            at = parts[-1]
            parts += [Part(each, (), at.clause + n, at.stretch) for n, each in enumerate(rest, 1)]
        if len(parts) < 2:
            return None
        introduced = max(mark.end, first.start - _INTRODUCING)
        is_open = (
            self._examples.search(here.text, introduced, first.start) is not None
            or here.text.startswith(self._so_on, last.end)
            or any(part.figure.vague for part in parts)
        )
        closing = here.item_start(last.start)
        return Breakdown(
            total=totals[0],
            parts=tuple(parts),
            others=tuple(totals[1:]),
            following=tuple(each for each, is_rest in following if not is_rest),
            open=is_open,
            closed=bool(rest) or self._rest.match(here.text, closing) is not None,
            loose=mark.is_hint,
        )

    def _parts(
        self, here: SentenceView, mark: _Mark, end: int, family: str, marks: Sequence[_Mark]
    ) -> list[Part]:
        level = here.depth(mark.end) if mark.bracket else here.depth(mark.start)
        nested: list[Quantity] = []
        parts: list[Part] = []
        inner = [
            each.start
            for each in marks
            if mark.end < each.start < end and not each.bracket and not each.is_hint
        ]
        for each in here.counts[here.counts_before(mark.end) :]:
            if each.start >= end or len(parts) == _MOST_PARTS:
                break
            if self._family(each) != family:
                continue
            if here.depth(each.start) > level:
                if parts and len(nested) < _MOST_PARTS:
                    last = parts[-1]
                    nested = [*last.nested, each]
                    parts[-1] = replace(last, nested=tuple(nested))
                continue
            stretch = here.part(each.start)
            parts.append(
                Part(
                    each,
                    clause=here.item(each.start),
                    stretch=stretch,
                    inner=any(at < each.start and here.part(at) == stretch for at in inner),
                    joined=bool(parts) and _is_joined(here.text[parts[-1].figure.end : each.start]),
                )
            )
        return parts

    def _following(
        self, sentences: Sequence[SentenceView], number: int, family: str
    ) -> list[tuple[Quantity, bool]]:
        """Figures of the next sentences, and whether each is said to be the rest."""
        here = sentences[number]
        found: list[tuple[Quantity, bool]] = []
        for after in sentences[number + 1 : number + 1 + _NEXT]:
            if after.line.section != here.line.section or self._at_start.match(after.text):
                break
            for each in after.counts[: 2 * _MOST_FOLLOWING]:
                if len(found) == _MOST_FOLLOWING:
                    return found
                if self._family(each) == family and not after.depth(each.start):
                    is_rest = self._rest.match(after.text, after.item_start(each.start))
                    found.append((each, is_rest is not None))
        return found
