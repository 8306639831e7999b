"""A figure in; what the words in front of it claim, out.

The tokens are walked leftwards as long as they are small words, topics and times; the first head
that a mention takes makes the claim. Unknown text ends the walk, but for what stands between a head
and a topic that stands for itself: `收到某某提交的政府信息公开申请5件`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from auditor.forms.folding import Folding
from auditor.model.wordings import Mention, Wordings
from auditor.prose.contexts import Context
from auditor.prose.lexer import Token
from auditor.prose.matching import OTHERWISE, ClaimCandidate, Figure, Matcher, by_head
from auditor.prose.scope import OTHER_MATTER

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

    def __init__(self, first: int) -> None:
        self.at = first - 1
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


class Before:
    """Reads the words in front of figures."""

    def __init__(self, wordings: Wordings, folding: Folding, matcher: Matcher) -> None:
        self._matcher = matcher
        self._table = by_head(wordings, lambda mention: mention.before)
        self._persons = frozenset(map(folding.fold, wordings.words("persons")))
        self._governing = frozenset(wordings.words("governing"))
        self._finer: dict[str, list[Mention]] = defaultdict(list)
        for mention in wordings.mentions:
            if mention.of:
                self._finer[mention.of].append(mention)

    def claim(
        self, s: Context, figure: Figure, last: int = -1, floor: int = 0
    ) -> ClaimCandidate | None:
        """The claim of the words in front of a figure, or of those that end at token `last`."""
        walk = _Walk(figure.token if last < 0 else last)
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

    def _steps_over(self, s: Context, walk: _Walk, token: Token) -> bool:
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

    def _goes_on(self, s: Context, figure: Figure, walk: _Walk, token: Token) -> bool:
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

    def _headed(self, s: Context, figure: Figure, walk: _Walk) -> ClaimCandidate | None:
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
        while (joined := _joined(s.tokens, first)) >= 0:
            more = self._matcher.able(s, figure, self._table, joined, walk.topics)
            more = [each for each in more if each not in found and not each.of]
            if not more:
                break
            found += more
            first = joined
        return ClaimCandidate(tuple(found), s.tokens[first].start, figure.quantity.end)

    def _finer_of(
        self, s: Context, figure: Figure, mentions: Sequence[Mention], walk: _Walk
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

    def _named(self, s: Context, figure: Figure, walk: _Walk) -> ClaimCandidate | None:
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
        s: Context,
        figure: Figure,
        mention: Mention,
        topics: Sequence[str],
        start: int,
        stopped: int,
    ) -> tuple[Mention, ...] | None:
        """What the head of the item before claims here too: `主动公开规章12件，规范性文件4件`; None
        where the mention may have it itself, or there is no such item."""
        if stopped < 1 or s.tokens[stopped].mark not in (",", _LISTED):
            return None
        if mention.topic in self._matcher.scope.weak:
            return None
        if s.tokens[stopped - 1].quantity is None:
            return None
        for at in range(stopped - 2, max(-1, stopped - 2 - len(s.span(0))), -1):
            heads = s.tokens[at].meaning.heads
            if s.tokens[at].mark or s.tokens[at].quantity is not None:
                return None
            is_plain = not s.tokens[at].meaning.has("glue") and not s.topics[at]
            if heads and (is_plain or not heads.isdisjoint(_SHOWN)):
                if not heads.isdisjoint(mention.before):
                    return None
                found = self._matcher.able(s, figure, self._table, at, topics, start)
                found = [each for each in found if each.topic == mention.topic]
                return tuple(found) if found or not heads.isdisjoint(_SHOWN) else None
        return None

    def _opens(self, s: Context, mention: Mention, start: int, stopped: int) -> bool:
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
        self, s: Context, figure: Figure, mentions: Sequence[Mention]
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


def _joined(tokens: Sequence[Token], at: int) -> int:
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
