"""Sentences in; every total with the parts printed after it, `共12件，其中……7件、……5件`, out.

Which of several readings is meant is not settled here: a list keeps every figure that may be its
total and says of every part where it stands. `auditor.checks.prose.lists` tries them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from auditor.model.prose import Breakdown, Claim, Part, Quantity
from auditor.prose.clauses import LISTED, SentenceView
from auditor.prose.comparisons import family

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
