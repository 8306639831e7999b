"""Sentences in; what their figures say of each other out: totals with the parts printed after them
(`共12件，其中……7件、……5件`), shares, comparisons with the year before, and what was published.

Which of several readings is meant is not settled here: a list keeps every figure that may be its
total and says of every part where it stands. `auditor.checks.prose.lists` tries them all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.prose import Breakdown, Claim, Growth, Part, Published, Quantity, Share
from auditor.prose.claims import moved_figures
from auditor.prose.clauses import LISTED, SentenceView
from auditor.prose.lexer import PERCENT

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
        begins = (f"{joint}20" for joint in s.g.words("growth_joints"))
        compares = s.g.pattern(_COMPARES, (*s.g.words("growth_marks"), *begins))
        compared = map(lambda found: _growth(s, found), compares.finditer(s.text))
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


_MOST_PARTS, _MOST_TOTALS, _MOST_MARKS, _MOST_FOLLOWING = 40, 4, 50, 3
"""More than that in one sentence is no prose."""
_INTRODUCING, _BEHIND = 24, 12
"""Characters between a marker and the first part; between a figure and its bracket."""
_OPENING = 12
"""Characters in front of a marker that opens its sentence and speaks of the one before."""
_NEXT = 2
"""Sentences behind a list that may go on with it, and in front that may hold its total."""
_MARK = (
    r"{list_marks}|(?:\A|(?<=[,;:(\u3002])){list_leads}|[(:]"
    r"|(?:\A|(?<=[,;]))(?P<view>{list_view_begins}[^\d,;:\u3002()]{1,14}{list_view_ends}[,:])"
    r"|(?P<hint>{list_hints}|{list_hints_paused}(?=,))"
)
_MARK_AT_START = r"(?:\W|\d)*{list_marks+list_leads}"
Topics = Mapping[tuple[int, int], str]
"""Of figures, by sentence and place, the topic that they are claimed to be on."""


class _Mark(Struct, frozen=True):
    """Where a list may begin."""

    start: int
    end: int
    bracket: tuple[int, int] | None
    """The bracket that it fills."""
    is_hint: bool = False
    """Words that may begin something else."""
    is_view: bool = False
    """`从申请方式看`: further views of a sentence divide the same total."""


def read_lists(sentences: Sequence[SentenceView], claims: Sequence[Claim]) -> Iterator[Breakdown]:
    """Every list, in the order of the text; one ends where the topic is no longer its total's."""
    topics = {
        (each.sentence, each.quantity.start): sentences[each.sentence]
        .g.mentions[each.mention]
        .topic
        for each in claims
        if each.quantity is not None
    }
    for number, s in enumerate(sentences):
        if len(s.counts) < 2:
            continue
        marks = [*_begins(s)][:_MOST_MARKS]
        viewed: list[list[Quantity]] = []
        for mark in marks:
            divided = viewed if mark.is_view and viewed else [*_totals(sentences, number, mark)]
            viewed = divided if mark.is_view else viewed
            for totals in divided:
                breakdown = _breakdown(sentences, number, mark, totals, marks, topics)
                if breakdown is not None:
                    yield breakdown


def _begins(s: SentenceView) -> Iterator[_Mark]:
    """The places where a list may begin: at words, brackets and colons behind figures."""
    ends = {each.end for each in s.counts}
    taken = -1
    for found in s.g.pattern(_MARK).finditer(s.text):
        start, end = found.span()
        if start <= taken or (found[0] == ":" and start not in ends):
            continue
        bracket = s.bracket(end)
        if found[0] == "(":
            if bracket is None or bracket[0] != start or not _follows(s, start):
                continue
            taken = end  # a word at the very start of the bracket marks the same list
        elif bracket is not None and not _follows(s, bracket[0]):
            continue
        yield _Mark(start, end, bracket, bool(found["hint"]), bool(found["view"]))


def _follows(s: SentenceView, bracket: int) -> bool:
    """Whether the bracket stands behind a figure of the same clause."""
    at = s.counts_before(bracket)
    if not at or s.counts[at - 1].end + _BEHIND < bracket:
        return False
    end = s.counts[at - 1].end
    between = s.text[end:bracket].rstrip(",")
    return s.items.number(end - 1) == s.items.number(end + len(between) - 1)


def _totals(
    sentences: Sequence[SentenceView], number: int, mark: _Mark
) -> Iterator[list[Quantity]]:
    """The figures in front that may be the total, nearest first, for each kind of unit."""
    s = sentences[number]
    if mark.bracket is not None and s.text[mark.start] == "(":
        yield [s.counts[s.counts_before(mark.start) - 1]]
        return
    found = _in_front(s, mark.start, s.depth(mark.start))
    if mark.bracket is not None:
        outer = mark.bracket[0]
        inside = [each for each in found if each.start > outer]
        found = inside or _in_front(s, outer, s.depth(outer))
    if not found and not s.counts_before(mark.start) and mark.start <= _OPENING:
        for before in reversed(sentences[max(0, number - _NEXT) : number]):
            if found or before.section != s.section:
                break
            found = _in_front(before, len(before.text), 0, apart=True)
    for kind in dict.fromkeys(family(s, each) for each in found):
        yield [each for each in found if family(s, each) == kind][:_MOST_TOTALS]


def _in_front(s: SentenceView, limit: int, level: int, apart: bool = False) -> list[Quantity]:
    """Figures before a place and outside deeper brackets, of the same stretch if there are any;
    a list `apart`, in a sentence of its own, is as well of the others."""
    last = s.counts_before(limit)
    near = [
        each
        for each in reversed(s.counts[max(0, last - 4 * _MOST_TOTALS) : last])
        if s.depth(each.start) <= level
    ]
    part = s.parts.number(limit - 1)
    own = [each for each in near if s.parts.number(each.start) == part]
    return near if apart else own or near


def _end_of_topic(s: SentenceView, mark: _Mark, total: Quantity, topics: Topics) -> int:
    """Where a list ends at the latest: with its bracket, or in front of another topic's figure."""
    end = mark.bracket[1] if mark.bracket else len(s.text)
    topic = topics.get((total.sentence, total.start))
    for each in s.counts[s.counts_before(mark.end) :] if topic else ():
        if each.start >= end:
            break
        if topics.get((each.sentence, each.start), topic) != topic:
            return s.items.start(each.start)
    return end


def _breakdown(
    sentences: Sequence[SentenceView],
    number: int,
    mark: _Mark,
    totals: list[Quantity],
    marks: Sequence[_Mark],
    topics: Topics,
) -> Breakdown | None:
    """The list that begins at a mark; None for one of fewer than two parts."""
    s = sentences[number]
    kind = family(s, totals[0])
    end = _end_of_topic(s, mark, totals[0], topics)
    outside = s.g.pattern("{list_ends}").search(s.text, mark.end, end)
    end = outside.start() if outside else end
    views = [each.start for each in marks if each.is_view and mark.end < each.start < end]
    parts = _parts(s, mark, min([end, *views]), kind, marks)
    if not parts:
        return None
    goes_on = not mark.bracket and not outside and not views
    following = _following(sentences, number, kind) if goes_on else []
    rest = [each for each, is_rest in following if is_rest]
    first, last = parts[0].figure, parts[-1].figure
    if rest and len(parts) < _MOST_PARTS:
        at = parts[-1]
        parts += [Part(each, (), at.clause + n, at.stretch) for n, each in enumerate(rest, 1)]
    if len(parts) < 2:
        return None
    introduced = max(mark.end, first.start - _INTRODUCING)
    is_open = (
        s.g.pattern("{list_examples}").search(s.text, introduced, first.start) is not None
        or s.text.startswith(s.g.words("list_and_so_on"), last.end)
        or any(part.figure.vague for part in parts)
    )
    return Breakdown(
        total=totals[0],
        parts=tuple(parts),
        others=tuple(totals[1:]),
        following=tuple(each for each, is_rest in following if not is_rest),
        open=is_open,
        closed=bool(rest) or _is_rest(s, last),
        loose=mark.is_hint,
    )


def _parts(s: SentenceView, mark: _Mark, end: int, kind: str, marks: Sequence[_Mark]) -> list[Part]:
    """The figures of one kind behind a mark; those in brackets as nested in the one in front."""
    level = s.depth(mark.end if mark.bracket else mark.start)
    parts: list[Part] = []
    inner = [
        each.start
        for each in marks
        if mark.end < each.start < end and not each.bracket and not each.is_hint
    ]
    for each in s.counts[s.counts_before(mark.end) :]:
        if each.start >= end or len(parts) == _MOST_PARTS:
            break
        if family(s, each) != kind:
            continue
        if s.depth(each.start) > level:
            if parts and len(parts[-1].nested) < _MOST_PARTS:
                parts[-1] = replace(parts[-1], nested=(*parts[-1].nested, each))
            continue
        stretch = s.parts.number(each.start)
        between = s.text[parts[-1].figure.end : each.start] if parts else ""
        parts.append(
            Part(
                each,
                clause=s.items.number(each.start),
                stretch=stretch,
                inner=any(at < each.start and s.parts.number(at) == stretch for at in inner),
                joined=LISTED in between and not any(mark in between for mark in ",;:\u3002"),
            )
        )
    return parts


def _following(
    sentences: Sequence[SentenceView], number: int, kind: str
) -> list[tuple[Quantity, bool]]:
    """Figures of the next sentences, and whether each is said to be the rest."""
    found: list[tuple[Quantity, bool]] = []
    for after in sentences[number + 1 : number + 1 + _NEXT]:
        if after.section != sentences[number].section:
            break
        if after.g.pattern(_MARK_AT_START).match(after.text):
            break
        for each in after.counts[: 2 * _MOST_FOLLOWING]:
            if family(after, each) == kind and not after.depth(each.start):
                found.append((each, _is_rest(after, each)))
    return found[:_MOST_FOLLOWING]


def _is_rest(s: SentenceView, figure: Quantity) -> bool:
    """Whether a figure is said to be all that is left: 其余3件."""
    return s.g.pattern("{list_rest}").match(s.text, s.items.start(figure.start)) is not None
