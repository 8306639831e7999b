"""Sentences in; shares, comparisons with the year before, and totals of what was published, out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from auditor.model.prose import Breakdown, Claim, Growth, Published, Quantity, Share
from auditor.prose.claims import moved_figures
from auditor.prose.clauses import SentenceView
from auditor.prose.quantities import PERCENT

Place = tuple[int, int]
_BETWEEN = 16
"""Characters between a figure and its percentage, at most."""
_SHARE_BACK, _MOST_BASES = 3, 12
"""Sentences in front, and figures in all, among which the base is looked for."""
_SHARE = r"\)?(?:\(|[,\u3001]?\(?{share_words}[^\d,;()\u3001\u3002%]*)"
"""Between a figure and its percentage: (16.3%  ,占16.3%  (占总数的16.3%"""
_UNNAMED = r"(?:{share_words}|{share_fillers}|[(),\u3001])*"
_NO_SHARE = "{list_hints+wide}"
"""占全市总量的0.3%: of a figure that the report need not print."""


def read_shares(
    sentences: Sequence[SentenceView], breakdowns: Sequence[Breakdown]
) -> Iterator[Share]:
    """Every share, in the order of the text."""
    lists: dict[Place, list[Breakdown]] = defaultdict(list)
    for breakdown in breakdowns:
        for each in breakdown.figures:
            lists[each.sentence, each.start].append(breakdown)
    for number, s in enumerate(sentences):
        for part, percent in pairwise(s.all):
            between = s.text[part.end : percent.start]
            if (
                percent.unit == PERCENT != part.unit
                and len(between) <= _BETWEEN
                and s.g.pattern(_SHARE).fullmatch(between)
                and not s.g.pattern(_NO_SHARE).search(between)
            ):
                own = lists[part.sentence, part.start]
                bases = _bases(sentences, number, part, own)
                only = len(own) == 1 and not own[0].others
                unnamed = s.g.pattern(_UNNAMED).fullmatch(between) is not None
                yield Share(part, percent, bases, own[0].total if only and unnamed else None)


def _bases(
    sentences: Sequence[SentenceView], number: int, part: Quantity, own: Sequence[Breakdown]
) -> tuple[Quantity, ...]:
    """The figures of which one may be a share: totals of its lists, and those in front of it."""
    s = sentences[number]
    near = [total for breakdown in own for total in (breakdown.total, *breakdown.others)]
    at = s.counts_before(part.start)
    near += reversed(s.counts[max(0, at - _MOST_BASES) : at])
    for before in reversed(sentences[max(0, number - _SHARE_BACK) : number]):
        if before.section == s.section:
            near += reversed(before.counts[-_MOST_BASES:])
    found = {
        (each.sentence, each.start): each
        for each in near
        if each.value >= part.value and family(s, part) == family(s, each)
    }
    return tuple(found.values())[: 2 * _MOST_BASES]


def family(s: SentenceView, quantity: Quantity) -> str:
    """What a figure counts as far as lists and shares go: cases and papers are one family."""
    listed = not quantity.unit or quantity.unit in s.g.set("listed_units")
    return "" if listed else quantity.unit


_BACK = 30
"""Characters between this year's figure and the words that compare it."""
_MOST = 16
"""Figures in front of the comparison, those in brackets counted."""
_ASIDE = 12
"""Characters between a change and the same change told otherwise."""
_COMPARES = (
    r"(?:{growth_joints}(?P<year>20\d\d){year_sign}[^\d,;(\u3002%]{0,6}|{growth_marks})"
    r"[^\d,;(\u3002%]{0,12}"
)


def read_growths(sentences: Sequence[SentenceView], claims: Sequence[Claim]) -> Iterator[Growth]:
    """Every comparison with the year before, in the order of the text."""
    mentions = {
        (each.sentence, each.quantity.start): each.mention
        for each in claims
        if each.quantity is not None
    }
    for s in sentences:
        compared = map(lambda found: _growth(s, found), s.g.pattern(_COMPARES).finditer(s.text))
        for growth in (*compared, *_moved(s)):
            if growth is not None:
                figure = growth.figure
                yield replace(growth, mention=mentions.get((figure.sentence, figure.start)))


def _moved(s: SentenceView) -> Iterator[Growth]:
    """`由60件降至48件，降幅20%`: the figure, the change behind it, and what it was before."""
    moved = moved_figures(s)
    for at, figure in enumerate(s.all):
        if moved.get(figure.start) is None or at + 1 == len(s.all):
            continue
        last, change = s.all[at - 1], s.all[at + 1]
        if change.start > figure.end + _ASIDE or figure.unit != last.unit:
            continue
        falls = _turns(s, figure.end, change.start)
        marked = s.g.pattern(_COMPARES).search(s.text, figure.end, change.start)
        if falls is not None and not marked and change.unit in (PERCENT, figure.unit):
            yield Growth(figure, change, falls, None, last)


def _growth(s: SentenceView, found: re.Match[str]) -> Growth | None:
    """The comparison that words make of the figures on either side of them."""
    compared = _compared(s, found)
    if compared is None:
        return None
    figure, sure = compared
    at = bisect_right(s.all, found.start(), key=lambda each: each.start)
    behind = s.all[at : at + 4]
    last = None
    if (
        behind
        and behind[0].unit != PERCENT
        and s.depth(behind[0].start) > s.depth(figure.start)
        and _turns(s, found.start(), behind[0].start) is None
    ):
        # 比2022年（31起）下降29%: what stands in brackets before the turn is last year's.
        last, *behind = behind
    if not behind or behind[0].start > found.end() + _BACK:
        return None
    change, *others = behind
    falls = _turns(s, last.end if last else found.start(), change.start)
    if falls is None or change.unit not in (PERCENT, figure.unit, ""):
        return None
    difference = None
    if others and others[0].start <= change.end + _ASIDE:
        other = others[0]
        between = s.text[change.end : other.start]
        if (other.unit == PERCENT) != (change.unit == PERCENT) and (
            between == "(" or _turns(s, change.end, other.start) is falls
        ):
            change, difference = (other, change) if other.unit == PERCENT else (change, other)
    if not change.unit and figure.unit:
        return None
    yearly = not found["year"] or s.year is None or int(found["year"]) == s.year - 1
    return Growth(figure, change, falls, None, last, difference, yearly, sure)


def _compared(s: SentenceView, found: re.Match[str]) -> tuple[Quantity, bool] | None:
    """This year's figure, and whether it can be no other: the last one outside brackets."""
    at, level = s.counts_before(found.start()), s.depth(found.start())
    before = s.counts[max(0, at - _MOST) : at]
    figures = [each for each in before if s.depth(each.start) <= level]
    if not figures:
        return None
    figure = figures[-1]
    around = s.bracket(before[-1].start) if before[-1] is not figure else None
    reached = max(figure.end, around[1] if around else 0)
    part = s.parts.number(figure.start)
    if reached + _BACK < found.start() or part != s.parts.number(found.start()):
        return None
    sure = (
        len(figures) == 1
        or s.parts.number(figures[-2].start) != part
        or s.g.pattern(_COMPARES).search(s.text, figures[-2].end, figure.start) is not None
    )
    return figure, sure


def _turns(s: SentenceView, start: int, end: int) -> bool | None:
    """Whether the words between speak of a fall; None when they speak of neither or both."""
    falls = s.g.pattern("{falls}").search(s.text, start, end) is not None
    rises = s.g.pattern("{rises}").search(s.text, start, end) is not None
    return falls if falls != rises else None


_REACH = 80
"""Characters of a clause in front of a figure that are looked at."""


def read_published(
    sentences: Sequence[SentenceView], claims: Sequence[Claim], breakdowns: Sequence[Breakdown]
) -> Iterator[Published]:
    """Every total of what an agency published, in the order of the text."""
    posts = {
        (each.sentence, each.quantity.start)
        for each in claims
        if each.mention == "posts" and each.quantity is not None
    }
    parts = {(each.sentence, each.start) for breakdown in breakdowns for each in breakdown.figures}
    for s in sentences:
        for figure in s.counts:
            at = (figure.sentence, figure.start)
            if figure.vague or figure.unit not in s.g.set("published_units") or at in parts:
                continue
            start = max(s.items.start(figure.start), figure.start - _REACH)
            end = min(s.items.end(figure.end), figure.end + _REACH)
            if s.g.pattern("{published_elsewhere+wide}").search(s.text, start, end):
                continue
            if at in posts or _is_total(s, figure, start, end):
                yield Published(figure, start, end, at in posts)


def _is_total(s: SentenceView, figure: Quantity, clause: int, stop: int) -> bool:
    """Whether the words around say that so many pieces were published, of whatever kind."""
    g, text = s.g, s.text
    if not g.pattern("{published_sums}").search(text, clause, figure.start):
        return False
    behind = text[figure.end : stop].rstrip(")")
    named = behind in g.set("published_nouns")
    if behind and not named:
        return False
    nouns, verbs = g.word_set("published_nouns"), g.word_set("published_verbs")
    passed = g.word_set("glue+published_sums+published_nouns")
    reached = {figure.start}
    for at in range(figure.start, clause - 1, -1):
        if at not in reached:
            continue
        named = named or any(nouns.ending(text, at))
        if named and any(verbs.ending(text, at)):
            return True
        reached |= {at - len(word) for word in passed.ending(text, at)}
    return False
