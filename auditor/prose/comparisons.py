"""Sentences in; shares, comparisons with the year before, and totals of what was published, out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from auditor.model.prose import Breakdown, Claim, Growth, Published, Quantity, Share
from auditor.model.wordings import Wordings
from auditor.prose.claims import MovementReader
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import WordSet
from auditor.prose.numerals import PERCENT, any_of

_BETWEEN = 16
"""Characters between a figure and its percentage, at most."""
_SHARE_BACK, _MOST_BASES = 3, 12
"""Sentences in front, and figures in all, among which the base is looked for."""


class ShareReader:
    """A form's words for shares."""

    def __init__(self, wordings: Wordings) -> None:
        said = any_of(wordings.more.share_words)
        self._units = frozenset(wordings.more.listed_units)
        # RightReader the figure: (16.3%  ,占16.3%  (占总数的16.3%
        self._between = re.compile(rf"\)?(?:\(|[,\u3001]?\(?(?:{said})[^\d,;()\u3001\u3002%]*)")
        self._fillers = re.compile(
            rf"(?:{said}|" + any_of(wordings.more.share_fillers) + r"|[(),\u3001])*"
        )
        # 占全市总量的0.3%: of a figure that the report need not print.
        self._wide = re.compile(any_of(wordings.wide))
        self._each = re.compile(any_of(wordings.more.list_hints))

    def read(
        self, sentences: Sequence[SentenceView], breakdowns: Sequence[Breakdown]
    ) -> Iterator[Share]:
        """Every share, in the order of the text."""
        lists: dict[tuple[int, int], list[Breakdown]] = defaultdict(list)
        for breakdown in breakdowns:
            for each in breakdown.figures:
                lists[each.sentence, each.start].append(breakdown)
        for number, here in enumerate(sentences):
            for before, percent in zip(here.all, here.all[1:], strict=False):
                if percent.unit != PERCENT or before.unit == PERCENT:
                    continue
                between = here.text[before.end : percent.start]
                if (
                    len(between) <= _BETWEEN
                    and self._between.fullmatch(between)
                    and not self._each.search(between)
                    and not self._wide.search(between)
                ):
                    named = self._fillers.fullmatch(between) is None
                    yield self._share(sentences, number, before, percent, lists, named)

    def _family(self, quantity: Quantity) -> str:
        return "" if not quantity.unit or quantity.unit in self._units else quantity.unit

    def _share(
        self,
        sentences: Sequence[SentenceView],
        number: int,
        part: Quantity,
        percent: Quantity,
        lists: dict[tuple[int, int], list[Breakdown]],
        named: bool,
    ) -> Share:
        """The share, whose base may be `named` in words."""
        own = lists[part.sentence, part.start]
        heads = [head for breakdown in own for head in (breakdown.total, *breakdown.others)]
        here = sentences[number]
        at = here.counts_before(part.start)
        near = [*heads, *reversed(here.counts[max(0, at - _MOST_BASES) : at])]
        for back in range(number - 1, max(-1, number - 1 - _SHARE_BACK), -1):
            if sentences[back].line.section == here.line.section:
                near += reversed(sentences[back].counts[-_MOST_BASES:])
        bases = list(
            {
                (each.sentence, each.start): each
                for each in near
                if each.value >= part.value and self._family(part) == self._family(each)
            }.values()
        )
        alone = own[0].total if len(own) == 1 and not own[0].others and not named else None
        return Share(part, percent, tuple(bases[: 2 * _MOST_BASES]), alone)


_BACK = 30
"""Characters between this year's figure and the words that compare it."""
_MOST = 16
"""Figures in front of the comparison, those in brackets counted."""
_ASIDE = 12
"""Characters between a change and the same change told otherwise."""


class GrowthReader:
    """A form's words for comparisons with the year before."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more
        sign = wordings.more.year_sign
        self._marks = re.compile(
            rf"(?:(?:{any_of(more.growth_joints)})(?P<year>20\d\d){sign}"
            rf"[^\d,;(\u3002%]{{0,6}}|(?:{any_of(more.growth_marks)}))"
            rf"[^\d,;(\u3002%]{{0,12}}"
        )
        self._movements = MovementReader(wordings)
        self._falls = re.compile(any_of(more.falls))
        self._rises = re.compile(any_of(more.rises))

    def read(
        self, sentences: Sequence[SentenceView], said: Sequence[Claim], year: int | None
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

    def _moved(self, here: SentenceView) -> Iterator[tuple[Quantity, Quantity, bool, Quantity]]:
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

    def _growth(self, here: SentenceView, found: re.Match[str], of: int | None) -> Growth | None:
        compared = self._compared(here, found)
        if compared is None:
            return None
        figure, sure = compared
        level = here.depth(figure.start)
        at = bisect_right(here.all, found.start(), key=_start_of)
        behind = here.all[at : at + 4]
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

    def _compared(self, here: SentenceView, found: re.Match[str]) -> tuple[Quantity, bool] | None:
        """This year's figure, and whether it can be no other: the last one outside brackets."""
        at, level = here.counts_before(found.start()), here.depth(found.start())
        before = here.counts[max(0, at - _MOST) : at]
        figures = [each for each in before if here.depth(each.start) <= level]
        if not figures:
            return None
        figure = figures[-1]
        around = here.bracket(before[-1].start) if before[-1] is not figure else None
        reached = max(figure.end, around[1] if around else 0)
        if reached + _BACK < found.start():
            return None
        if here.part(figure.start) != here.part(found.start()):
            return None
        rival = figures[-2] if len(figures) > 1 else None
        sure = (
            rival is None
            or here.part(rival.start) != here.part(figure.start)
            or self._marks.search(here.text, rival.end, figure.start) is not None
        )
        return figure, sure

    def _turns(self, here: SentenceView, start: int, end: int) -> bool | None:
        """Whether the words between speak of a fall; None when they speak of neither or both."""
        falls = self._falls.search(here.text, start, end) is not None
        rises = self._rises.search(here.text, start, end) is not None
        return falls if falls != rises else None


def _start_of(quantity: Quantity) -> int:
    return quantity.start


_REACH = 80
"""Characters of a clause in front of a figure that are looked at."""


class PublicationReader:
    """A form's words for what an agency publishes."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more
        fillers = wordings.fillers
        self._nouns = WordSet(more.published_nouns)
        self._glue = WordSet([*fillers, *more.published_sums, *more.published_nouns])
        self._verbs = WordSet(more.published_verbs)
        self._sums = re.compile(any_of(more.published_sums))
        self._elsewhere = re.compile(any_of([*more.published_elsewhere, *wordings.wide]))
        self._units = frozenset(wordings.more.published_units)

    def read(
        self,
        sentences: Sequence[SentenceView],
        said: Sequence[Claim],
        breakdowns: Sequence[Breakdown],
    ) -> Iterator[Published]:
        """Every such total, in the order of the text."""
        posts = {
            (each.sentence, each.quantity.start): each
            for each in said
            if each.mention == "posts" and each.quantity is not None
        }
        parts = {
            (each.sentence, each.start) for breakdown in breakdowns for each in breakdown.figures
        }
        for here in sentences:
            for figure in here.counts:
                at = (figure.sentence, figure.start)
                if figure.vague or figure.unit not in self._units or at in parts:
                    continue
                start = max(here.item_start(figure.start), figure.start - _REACH)
                end = min(here.item_end(figure.end), figure.end + _REACH)
                if self._elsewhere.search(here.text, start, end):
                    continue
                general = at in posts
                if general or self._is_total(here, start, figure.start, figure.end, end):
                    yield Published(figure, start, end, general)

    def _is_total(self, here: SentenceView, clause: int, start: int, end: int, stop: int) -> bool:
        """Whether the words around say that so many pieces were published, of whatever kind."""
        text = here.text
        if not self._sums.search(text, clause, start):
            return False
        behind = text[end:stop].rstrip(")")
        named = any(behind == noun for noun in self._nouns.beginning(text, end))
        if behind and not named:
            return False
        reached = {start}
        for at in range(start, clause - 1, -1):
            if at not in reached:
                continue
            if not named and any(self._nouns.ending(text, at)):
                named = True
            if named and any(self._verbs.ending(text, at)):
                return True
            reached |= {at - len(word) for word in self._glue.ending(text, at)}
        return False
