"""Figures of a sentence in; what the words on either side of each claim it to be, out.

In front, the tokens are walked leftwards as long as they are small words, topics and times; the
first head that a mention takes makes the claim. Unknown text ends the walk, but for what stands
between a head and a topic that stands for itself: `收到某某提交的政府信息公开申请5件`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import UNKNOWN, ProseToken
from auditor.prose.numerals import PERCENT, any_of
from auditor.prose.scope import OTHER_MATTER, OTHER_TIME, ScopeRules

OTHERWISE = "otherwise"
"""The heads of what the form has no boxes for."""
ENDS = frozenset(",;:()\u3002!?")
Refusals = list[tuple[str, Mention | None]]
"""Why a figure is no claim, each with the mention that was not meant."""


class ClaimCandidate(Struct, frozen=True):
    """One way to read a figure: the mentions, and how far their words reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int
    far: bool = False
    """Whether its words stand in the clause before."""

    @property
    def is_part(self) -> bool:
        """Whether every mention is a part of another."""
        return all(mention.of for mention in self.mentions)


class FigurePlace(NamedTuple):
    """A figure whose claims are looked for."""

    quantity: Quantity
    token: int
    """The index of its token."""
    beside: tuple[str, ...]
    """The topics whose words follow right behind it: `102件申请`."""
    refused: Refusals


def by_head(
    wordings: Wordings, heads: Callable[[Mention], Sequence[str]]
) -> Mapping[str, Sequence[Mention]]:
    """The mentions that name each head."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in wordings.mentions:
        for head in heads(mention):
            found[head].append(mention)
    return found


class MentionMatcher:
    """What a form's mentions ask of unit, topic, place and list."""

    def __init__(self, wordings: Wordings, scope: ScopeRules) -> None:
        self.scope = scope
        self.mentions = wordings.mentions
        self.decoys = frozenset(topic.key for topic in wordings.topics if topic.decoy)
        self.not_alone = frozenset(wordings.more.not_alone)
        self._asked = frozenset(wordings.more.governing) - {"issue"}
        self._papers = frozenset(wordings.more.papers)

    def figure(self, s: SentenceView, quantity: Quantity, refused: Refusals) -> FigurePlace:
        """A figure, with the topics right behind it."""
        index = s.figures[quantity.start]
        beside = []
        for at in s.span(index + 1):
            topic = s.topics[at]
            if topic and topic not in self.decoys:
                beside.append(topic)
            elif not s.tokens[at].meaning.has("glue"):
                break
        return FigurePlace(quantity, index, tuple(beside), refused)

    def able(
        self,
        s: SentenceView,
        figure: FigurePlace,
        table: Mapping[str, Sequence[Mention]],
        at: int,
        topics: Sequence[str],
        start: int = -1,
    ) -> list[Mention]:
        """The mentions of the head at a token that fit the unit, the topic and the place."""
        token = s.tokens[at]
        start = token.start if start < 0 else start
        beside = (*filter(None, (s.topics[at],)), *figure.beside)
        found = []
        for head in sorted(token.meaning.heads):
            for mention in table.get(head, ()):
                if not self._counts(mention, head, figure.quantity):
                    continue
                if not self.scope.on_topic(s, mention, start, topics, beside):
                    continue
                why = self.scope.refusal(s, mention, start, max(figure.quantity.end, token.end))
                if not why and mention.of and self._is_in_list_of_papers(s, figure, start):
                    why = OTHER_MATTER
                if why:
                    figure.refused.append((why, mention))
                elif mention not in found:
                    found.append(mention)
        return found

    def named(
        self,
        s: SentenceView,
        figure: FigurePlace,
        mention: Mention,
        topics: Sequence[str],
        start: int,
    ) -> bool:
        """Whether a mention may be claimed by its topic alone, in words from `start` on."""
        if not self.scope.has_unit(mention, figure.quantity):
            return False
        if not self.scope.on_topic(s, mention, start, topics, figure.beside):
            return False
        why = self.scope.refusal(s, mention, start, figure.quantity.end)
        if not why and mention.topic in self.scope.weak:
            why = OTHER_MATTER if self.is_beside_papers(s, figure, start) else ""
        elif not why and self._is_item(s, mention, start):
            why = OTHER_MATTER
        if why:
            figure.refused.append((why, mention))
        return not why

    def is_negated(self, s: SentenceView, at: int) -> bool:
        """Whether the word in front turns a head into its opposite, or into something else."""
        before = s.tokens[at - 1].meaning if at else UNKNOWN
        return before.has("none") or before.has("never") or OTHERWISE in before.heads

    def _counts(self, mention: Mention, head: str, quantity: Quantity) -> bool:
        """Whether the figure is of the kind that the mention counts."""
        if head in mention.zero:
            return not quantity.value
        if mention.percent is not None:
            return quantity.unit == PERCENT and quantity.value == mention.percent
        return self.scope.has_unit(mention, quantity)

    def _is_item(self, s: SentenceView, mention: Mention, start: int) -> bool:
        """Whether a place stands in a list of what the form has no boxes for."""
        clause = range(s.index(s.clause(start)), s.index(start))
        for at in clause:
            meaning = s.tokens[at].meaning
            if OTHERWISE in meaning.heads and not meaning.has("glue"):
                return True
        mark = s.list_mark(start)
        if mark < 0 or s.topic(s.tokens[mark].start) not in self.decoys:
            return False
        return self.total_heads(s, mark).isdisjoint(mention.before)

    def total_heads(self, s: SentenceView, mark: int) -> frozenset[str]:
        """The heads of the total of a list that begins at a token; `OTHERWISE` for a total of what
        the form has no boxes for, and none where the topic alone says what it counts."""
        limit, decoy = len(s.span(0)), False
        total = next(
            (at for at in range(mark, max(-1, mark - limit), -1) if s.tokens[at].quantity), -1
        )
        for at in range(total - 1, max(-1, total - limit), -1):
            token, topic = s.tokens[at], s.topics[at]
            if token.mark in ENDS or token.quantity is not None:
                break
            if topic in self.decoys:
                decoy = True
                continue
            if topic and s.text[token.start : token.end] not in self.not_alone:
                break
            if token.meaning.heads and not token.meaning.has("glue"):
                return token.meaning.heads
            if not self._papers.isdisjoint(token.meaning.heads):
                return token.meaning.heads
        return frozenset((OTHERWISE,)) if decoy else frozenset()

    def _is_in_list_of_papers(self, s: SentenceView, figure: FigurePlace, start: int) -> bool:
        """Whether a place stands in a list that divides papers and not answers: by its total
        (`制发349条，其中……不予公开52条`), or beside a part that was published of itself."""
        mark = s.list_mark(start, first=True)
        if mark >= 0 and not self.total_heads(s, mark).isdisjoint((*self._papers, OTHERWISE)):
            return True
        return self.is_beside_papers(s, figure, start)

    def is_beside_papers(self, s: SentenceView, figure: FigurePlace, start: int) -> bool:
        """Whether what was published of itself is counted in front, in the same unit and with
        nothing between that was applied for: `主动公开326条，依申请公开0条`."""
        first = s.index(s.stretch(start))
        posted = False
        for at in range(first, s.index(start)):
            token = s.tokens[at]
            if token.mark == ";":
                posted = False
            elif not self._asked.isdisjoint(token.meaning.heads):
                return False
            elif "posts" in token.meaning.heads:
                behind = (t.quantity for t in s.tokens[at + 1 : at + 6] if t.quantity)
                posted = next(behind, figure.quantity).unit == figure.quantity.unit
        return posted


_MOVED = 20
"""Characters between the first figure and what stands on either side of it."""


class MovementReader:
    """The words between which a quantity moves: 由 … 降至 …."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more
        self._from = re.compile(rf"(?:{any_of(more.moves_from)})[^,;:\u3002()]{{0,{_MOVED}}}\Z")
        self._to = re.compile(rf"(?:{any_of(more.moves)})(?:{any_of(more.moves_to)})")

    def names(self, text: str, quantities: Sequence[Quantity]) -> Mapping[int, int | None]:
        """By the place of a figure, where the name of the second ends; None for the first."""
        found: dict[int, int | None] = {}
        for first, second in pairwise(quantities):
            begin = max(0, first.start - _MOVED)
            led = self._from.search(text, begin, first.start)
            between = text[first.end : second.start]
            if (
                led
                and len(between) <= _MOVED
                and not any(mark in between for mark in ",;:()")
                and self._to.search(between)
            ):
                found[first.start], found[second.start] = None, led.start()
        return found


_BETWEEN = 3
"""Characters that may stand between two figures of one list."""
_PAIRED = 60
_MOST_PAIRED = 8
"""Figures of one list."""


class PairReader:
    """The words that pair names with the figures behind them, in order."""

    def __init__(self, wordings: Wordings) -> None:
        self._mark = re.compile(any_of(wordings.more.respectively))
        joints = [*wordings.more.joints, *wordings.more.ands]
        self._joint = re.compile(any_of(joints))

    def names(self, text: str, quantities: Sequence[Quantity]) -> Mapping[int, tuple[int, int]]:
        """By the place of a figure, its name's stretch; only where names and figures pair off."""
        found: dict[int, tuple[int, int]] = {}
        places = [quantity.start for quantity in quantities]
        for mark in self._mark.finditer(text):
            figures: list[Quantity] = []
            limit = mark.end() + _BETWEEN
            at = bisect_left(places, mark.end())
            for quantity in quantities[at : at + _MOST_PAIRED]:
                if quantity.start > limit:
                    break
                figures.append(quantity)
                limit = quantity.end + _BETWEEN
            first = max(0, mark.start() - _PAIRED)
            stops = [text.rfind(stop, first, mark.start()) for stop in ",;:(\u3002"]
            start = max(first, max(stops) + 1)
            names, begin = [], start
            for joint in self._joint.finditer(text, start, mark.start()):
                names.append((begin, joint.start()))
                begin = joint.end()
            names.append((begin, mark.start()))
            if len(figures) >= 2 and len(names) >= len(figures):
                chosen = names[-len(figures) :]
                found |= {each.start: name for each, name in zip(figures, chosen, strict=True)}
        return found


_PAUSES = frozenset(",:(")
_QUOTES = frozenset("\u201c\u201d\u300a\u300b")
_LISTED = "\u3001"
_REACH = 60
"""Characters that a claim may span in front of its figure."""
_GAP = 40
"""Characters between a head and the topic that it governs from afar."""
_SHOWN = frozenset({"publish", "posts"})
"""Heads that count what is shown, and not what is done."""
_STRONG = 4
"""Characters of a topic's word that stands for itself, whatever is in front of it."""


class _Walk:
    """How far the words in front of a figure were read, and what they named."""

    def __init__(self, first: int, floor: int) -> None:
        self.at, self.floor = first - 1, floor
        self.first = first
        self.topics: list[str] = []
        """Nearest first."""
        self.named = -1
        """The token of the topic that is nearest."""
        self.pause = -1
        """The mark that was stepped over, and how many topics were named behind it."""
        self.behind_pause = 0
        self.governed = False
        self.gap = 0


class LeftReader:
    """Reads the words in front of figures."""

    def __init__(self, wordings: Wordings, matcher: MentionMatcher) -> None:
        self._matcher = matcher
        self._table = by_head(wordings, lambda mention: mention.before)
        self._persons = frozenset(wordings.more.persons)
        self._governing = frozenset(wordings.more.governing)
        self._finer: dict[str, list[Mention]] = defaultdict(list)
        for mention in wordings.mentions:
            if mention.of:
                self._finer[mention.of].append(mention)

    def claim(
        self, s: SentenceView, figure: FigurePlace, last: int = -1, floor: int = 0
    ) -> ClaimCandidate | None:
        """The claim of the words in front of a figure, or of those that end at token `last`."""
        walk = _Walk(figure.token if last < 0 else last, floor)
        limit = s.tokens[walk.first].start - _REACH if walk.first < len(s.tokens) else 0
        while walk.at >= floor and (walk.gap or s.tokens[walk.at].start >= limit):
            token = s.tokens[walk.at]
            if token.quantity is not None:
                break
            if token.mark:
                if not self._steps_over(s, walk, token):
                    break
                continue
            if token.meaning.heads and not self._matcher.is_negated(s, walk.at):
                claim = self._headed(s, figure, walk)
                if claim is not None:
                    return replace(claim, far=True) if walk.pause >= 0 else claim
            if not walk.gap and s.topics[walk.at] in self._matcher.decoys:
                figure.refused.append((OTHER_MATTER, None))
                return None
            if not self._goes_on(s, figure, walk, token):
                break
            walk.at -= 1
        return self._named(s, figure, walk) if walk.named >= 0 else None

    def _steps_over(self, s: SentenceView, walk: _Walk, token: ProseToken) -> bool:
        """Whether a mark is none to the walk: a bracket without figures, a quotation mark, one
        pause, and the marks of a list within what a head governs from afar."""
        opened = s.partner.get(walk.at, -1) if token.mark in ")]\u3011" else -1
        touches = walk.at == walk.first - 1
        if 0 <= opened < walk.at and (
            touches or not s.has_figure(s.tokens[opened].start, token.start)
        ):
            walk.at = opened - 1
            return True
        if token.mark == _LISTED and walk.governed:
            walk.gap += 1
        elif token.mark in _PAUSES and walk.pause < 0 and not walk.gap:
            if token.mark == "," and touches:
                return False
            walk.pause, walk.behind_pause = walk.at, len(walk.topics)
        elif token.mark not in _QUOTES:
            return False
        walk.at -= 1
        return True

    def _goes_on(
        self, s: SentenceView, figure: FigurePlace, walk: _Walk, token: ProseToken
    ) -> bool:
        """Whether a word changes nothing, or what it adds was noted."""
        topic, meaning = s.topics[walk.at], token.meaning
        if walk.gap:
            walk.gap += token.end - token.start
            return walk.gap <= _GAP
        if topic:
            walk.topics.append(topic)
            walk.named = walk.at if walk.named < 0 else walk.named
            walk.governed = walk.governed or token.end - token.start >= _STRONG
        elif meaning.heads and not meaning.has("glue"):
            if OTHERWISE in meaning.heads:
                figure.refused.append((OTHER_MATTER, None))
                walk.named = -1
            return False
        elif not meaning.is_passed:
            if not walk.governed or not (token.is_unknown or meaning.has("applied")):
                return False
            walk.gap = token.end - token.start
        return True

    def _headed(self, s: SentenceView, figure: FigurePlace, walk: _Walk) -> ClaimCandidate | None:
        """The claim of the head at a token and of those joined to it: 收到并答复."""
        if walk.gap and self._governing.isdisjoint(s.tokens[walk.at].meaning.heads):
            return None
        found = self._matcher.able(s, figure, self._table, walk.at, walk.topics)
        if not found:
            return None
        finer = self._finer_of(s, figure, found, walk)
        if finer is not None:
            return finer
        first = walk.at
        while (joined := _joined(s.tokens, first)) >= walk.floor:
            more = self._matcher.able(s, figure, self._table, joined, walk.topics)
            more = [each for each in more if each not in found and not each.of]
            if not more:
                break
            found += more
            first = joined
        return ClaimCandidate(tuple(found), s.tokens[first].start, figure.quantity.end)

    def _finer_of(
        self, s: SentenceView, figure: FigurePlace, mentions: Sequence[Mention], walk: _Walk
    ) -> ClaimCandidate | None:
        """The claim of a head that tells which part of another it is: 重复申请不予处理3件."""
        at = walk.at - 1
        if at < 0 or not s.tokens[at].meaning.heads:
            return None
        parts = [part for each in mentions for part in self._finer[each.key]]
        found = self._matcher.able(s, figure, self._table, at, walk.topics)
        found = [each for each in found if each in parts]
        return (
            ClaimCandidate(tuple(found), s.tokens[at].start, figure.quantity.end) if found else None
        )

    def _named(self, s: SentenceView, figure: FigurePlace, walk: _Walk) -> ClaimCandidate | None:
        """The claim of a topic that stands in front of a figure without a head."""
        token, topics, stopped = s.tokens[walk.named], walk.topics, walk.at
        if walk.named > walk.pause >= 0:
            stopped, topics = walk.pause, topics[: walk.behind_pause]
        elif walk.gap and stopped >= 0 and s.tokens[stopped].quantity is not None:
            stopped += 1  # the mark between two items of a list: 规章1件、规范性文件5件
        for mention in self._matcher.mentions:
            if not mention.named or mention.topic != topics[0]:
                continue
            if mention.named == "alone" and (
                s.text[token.start : token.end] in self._matcher.not_alone
                or not self._opens(s, mention, token.start, stopped)
            ):
                continue
            if mention.named == "alone":
                governed = self._coordinate(s, figure, mention, topics, token.start, stopped)
                if governed is not None:
                    return (
                        ClaimCandidate(governed, token.start, figure.quantity.end)
                        if governed
                        else None
                    )
            if self._matcher.named(s, figure, mention, topics, token.start):
                return ClaimCandidate((mention,), token.start, figure.quantity.end)
        return None

    def _coordinate(
        self,
        s: SentenceView,
        figure: FigurePlace,
        mention: Mention,
        topics: Sequence[str],
        start: int,
        stopped: int,
    ) -> tuple[Mention, ...] | None:
        """What the head of the item before claims here too: `主动公开规章12件，规范性文件4件`; None
        where the mention may have it itself. Behind `、` it has none without that head."""
        if stopped < 1 or s.tokens[stopped].mark not in (",", _LISTED):
            return None
        alone = () if s.tokens[stopped].mark == _LISTED else None
        if mention.topic in self._matcher.scope.weak or s.tokens[stopped - 1].quantity is None:
            return alone
        for at in range(stopped - 2, max(-1, stopped - 2 - len(s.span(0))), -1):
            heads = s.tokens[at].meaning.heads
            if s.tokens[at].mark or s.tokens[at].quantity is not None:
                return alone
            is_plain = not s.tokens[at].meaning.has("glue") and not s.topics[at]
            if heads and (is_plain or not heads.isdisjoint(_SHOWN)):
                if not heads.isdisjoint(mention.before):
                    return None
                found = self._matcher.able(s, figure, self._table, at, topics, start)
                found = [each for each in found if each.topic == mention.topic]
                return tuple(found) if found or not heads.isdisjoint(_SHOWN) else alone
        return alone

    def _opens(self, s: SentenceView, mention: Mention, start: int, stopped: int) -> bool:
        """Whether nothing but small words stands in front of a place in its clause, and no list but
        one of papers that were made: `制发公文88件，其中规范性文件3件`."""
        mark = s.list_mark(start)
        if mark >= 0 and (
            mention.topic in self._matcher.scope.weak
            or self._matcher.total_heads(s, mark).isdisjoint(mention.before)
        ):
            return False
        if stopped == mark >= 0:
            return True
        if stopped < 0:
            return True
        token = s.tokens[stopped]
        if token.quantity is not None:
            return token.quantity.unit in self._persons
        return bool(token.mark) and token.mark != "("

    def sum_of(
        self, s: SentenceView, figure: FigurePlace, mentions: Sequence[Mention]
    ) -> ClaimCandidate | None:
        """The claim of a figure that sums up those before it: `上半年18件，下半年30件，共48件`."""
        sums, at = False, figure.token
        lowest = max(0, figure.token - len(s.span(0)))
        while at > lowest and s.tokens[at - 1].meaning.is_passed and not s.topics[at - 1]:
            at -= 1
            sums = sums or s.tokens[at].meaning.has("sum")
        if not sums or (at and not s.tokens[at - 1].mark):
            return None
        start, end, scope = s.tokens[at].start, figure.quantity.end, self._matcher.scope
        found = [
            each
            for each in mentions
            if not each.of
            and scope.has_unit(each, figure.quantity)
            and not scope.refusal(s, each, start, end)
        ]
        return ClaimCandidate(tuple(found), start, end) if found else None


def _joined(tokens: Sequence[ProseToken], at: int) -> int:
    """The head that is joined to the one at a token by a word such as 并; -1 for none."""
    seen = False
    for before in range(at - 1, max(-1, at - 4), -1):
        token = tokens[before]
        if token.meaning.heads and seen and not token.meaning.has("and"):
            return before
        if token.meaning.has("and") or token.mark == _LISTED:
            seen = True
        elif not token.meaning.has("glue"):
            return -1
    return -1


_MODIFYING = 16
"""Unknown characters between a figure and the topic that it counts."""


class RightReader:
    """Reads the words behind figures."""

    def __init__(self, wordings: Wordings, matcher: MentionMatcher) -> None:
        self._matcher = matcher
        self._table = by_head(wordings, lambda mention: mention.after)
        self._going_on = wordings.more.goes_on

    def claim(self, s: SentenceView, figure: FigurePlace, first: int = -1) -> ClaimCandidate | None:
        """The claim whose words begin behind the figure, unless they belong to the next one."""
        start = figure.quantity.start
        for at in s.span(figure.token + 1 if first < 0 else first):
            token = s.tokens[at]
            if token.quantity is not None or token.start > figure.quantity.end + _REACH:
                return None
            if token.mark in _QUOTES and token.mark:
                continue
            if token.mark or token.is_unknown:
                return None
            if token.meaning.heads and not self._matcher.is_negated(s, at):
                topics = [topic for topic in s.topics[figure.token + 1 : at] if topic]
                able = self._matcher.able(s, figure, self._table, at, topics, start)
                if able and not self._is_other_word(s, at) and not self._leads_on(s, at + 1):
                    return ClaimCandidate(tuple(able), start, token.end)
                if not token.meaning.has("glue") and s.topics[at] is None:
                    return None
            if s.topics[at] in self._matcher.decoys:
                return None
        return None

    def _is_other_word(self, s: SentenceView, at: int) -> bool:
        """Whether the text goes on with a word, so that it may be another, or how and not how
        many: 受理点, 答复不及时."""
        behind = s.tokens[at + 1] if at + 1 < len(s.tokens) else None
        if behind is None:
            return False
        meaning = behind.meaning if not behind.mark else UNKNOWN
        return behind.is_unknown or meaning.has("none") or meaning.has("never")

    def _leads_on(self, s: SentenceView, first: int) -> bool:
        """Whether nothing but small words and topics stands between a token and a figure."""
        for at in s.span(first):
            token = s.tokens[at]
            if token.quantity is not None:
                return token.quantity.unit != PERCENT
            if not (token.meaning.has("glue") or s.topics[at] or token.meaning.time):
                return False
        return False

    def named(self, s: SentenceView, figure: FigurePlace) -> ClaimCandidate | None:
        """The claim of a topic that stands behind its figure: `发生1起涉及某事的行政复议案件`."""
        last, unknown = -1, 0
        for at in s.span(figure.token + 1):
            token = s.tokens[at]
            if token.mark or token.quantity is not None:
                break
            if s.topics[at] in self._matcher.decoys or token.meaning.has("none"):
                return None
            unknown += token.end - token.start if token.is_unknown else 0
            if s.topics[at] and s.topics[at] not in self._matcher.scope.weak:
                last = at
        if last < 0 or unknown > _MODIFYING:
            return None
        topic = str(s.topics[last])
        between = s.topics[figure.token + 1 : last + 1]
        whole = figure._replace(beside=tuple(each for each in between if each))
        for mention in self._matcher.mentions:
            if mention.named != "always" or mention.topic != topic:
                continue
            if self._matcher.named(s, whole, mention, (), figure.quantity.start):
                return ClaimCandidate((mention,), figure.quantity.start, s.tokens[last].end)
        return None

    def going_on(self, s: SentenceView, figure: FigurePlace) -> ClaimCandidate | None:
        """What the next clause, if it has no figure, says of this one: `复议1件，为其他结果`."""
        index = figure.token + 1
        if index + 1 >= len(s.tokens) or s.tokens[index].mark != ",":
            return None
        if not s.text.startswith(self._going_on, s.tokens[index].end):
            return None
        for at in s.span(index + 1):
            if s.tokens[at].quantity is not None:
                return None
            if s.tokens[at].mark in ENDS:
                break
        claim = self.claim(s, figure, index + 1)
        return claim if claim and claim.is_part else None


class FigureReading(Struct, frozen=True):
    """What one figure claims; without claims, why it is none of the report's own."""

    quantity: Quantity
    claims: tuple[ClaimCandidate, ...]
    refusal: str = ""


class FigureReader:
    """Reads all figures of a sentence."""

    def __init__(self, wordings: Wordings, matcher: MentionMatcher) -> None:
        self._matcher = matcher
        self._before = LeftReader(wordings, matcher)
        self._behind = RightReader(wordings, matcher)
        self._movements = MovementReader(wordings)

    def read(self, s: SentenceView) -> Iterator[FigureReading]:
        """Every figure outside words and quotation marks, in the order of the text."""
        moved = self._movements.names(s.text, s.all)
        alike: tuple[Mention, ...] | None = None
        for quantity in s.all:
            if quantity.start not in s.figures:
                continue
            figure = self._matcher.figure(s, quantity, [])
            if quantity.start in moved and moved[quantity.start] is None:
                yield FigureReading(quantity, (), OTHER_TIME)
                continue
            claims = [each for each in self._claims(s, figure, moved, alike or ()) if each]
            refused = tuple(mention for _, mention in figure.refused if mention)
            own = claims[0].mentions if claims else refused
            alike = own if alike is None or _keys(alike) == _keys(own) else ()
            why = figure.refused[0][0] if figure.refused and not claims else ""
            yield FigureReading(quantity, tuple(claims), why)

    def _claims(
        self,
        s: SentenceView,
        figure: FigurePlace,
        moved: Mapping[int, int | None],
        alike: tuple[Mention, ...],
    ) -> Iterator[ClaimCandidate | None]:
        """What a figure claims; `alike` are the mentions of all the figures before it."""
        place = moved.get(figure.quantity.start)
        if figure.quantity.start in s.pairs:
            floor, end = s.pairs[figure.quantity.start]
            # The noun stands once, behind the last name: 自然人、法人提出的申请分别为3件、2件.
            shared = {*s.topics[s.index(floor) : figure.token]} & self._matcher.scope.weak
            figure = figure._replace(beside=(*figure.beside, *sorted(map(str, shared))))
            yield self._before.claim(s, figure, s.index(end), s.index(floor))
        elif place is not None:
            yield self._before.claim(s, figure, s.index(place))
        else:
            found = [each for each in self._beside(s, figure) if each]
            yield from found
            if not found:
                yield self._behind.named(s, figure) or self._before.sum_of(s, figure, alike)

    def _beside(self, s: SentenceView, figure: FigurePlace) -> Iterator[ClaimCandidate | None]:
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
