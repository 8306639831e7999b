"""A sentence in; what it claims without a figure, of all or of none, out: 均已办结, 未收到申请."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model.wordings import Mention, Wordings
from auditor.prose.claims import ENDS, MentionMatcher, by_head
from auditor.prose.clauses import SentenceView

_CAUSE = 16
"""Unknown characters in what a denial names as the cause."""


class _Denial:
    """What a denial is of, as far as its words were read."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.end = first
        self.heads: set[str] = set()
        self.topics: set[str] = set()
        self.of_cause: set[str] = set()
        """Heads in what is named as the cause; those of what is denied where no topic follows."""
        self.in_cause = False
        self.parties = 0
        """Kinds of applicants: of one the denial is only theirs, of several it is of all."""

    def closed(self, parties: frozenset[str]) -> _Denial:
        """The denial when all its words are read."""
        self.heads |= self.of_cause
        if self.parties > 1:
            self.heads -= parties
        return self


class DenialReader:
    """Reads what words alone claim."""

    def __init__(self, wordings: Wordings, matcher: MentionMatcher) -> None:
        self._matcher = matcher
        self._all = by_head(wordings, lambda mention: mention.all)
        self._spread = {each.topic: each.spreads for each in wordings.mentions if each.spreads}
        self._topic_of = {each.key: each.topic for each in wordings.mentions}
        self._parties = frozenset(wordings.more.parties)
        self._closing = frozenset(wordings.more.closing)

    def of_all(self, s: SentenceView) -> Iterator[tuple[Mention, int, int]]:
        """Mentions that are claimed of all: `均已办结`."""
        for index, token in enumerate(s.tokens):
            if not token.meaning.has("all") or (index and s.tokens[index - 1].meaning.has("none")):
                continue
            for at in s.span(index):
                here = s.tokens[at]
                found = [m for head in sorted(here.meaning.heads) for m in self._all.get(head, ())]
                if found:
                    yield from self._told_of_all(s, found, index, at)
                    break
                glue = here.meaning.has("glue") or here.meaning.has("all") or here.meaning.time
                if at > index and not (glue or s.topics[at] in self._matcher.scope.weak):
                    break

    def _told_of_all(
        self, s: SentenceView, mentions: Iterable[Mention], index: int, at: int
    ) -> Iterator[tuple[Mention, int, int]]:
        counts = self._counts(s, index)
        behind = s.tokens[at + 1] if at + 1 < len(s.tokens) else None
        joined = behind is not None and (behind.meaning.has("and") or behind.mark == "\u3001")
        figure = behind is not None and behind.quantity is not None
        for mention in mentions:
            if mention.of_all and (counts or figure or (mention.takes and joined)):
                continue
            start, end = s.tokens[index].start, s.tokens[at].end
            if not self._matcher.scope.on_topic(s, mention, start, (), ()):
                continue
            if not self._matcher.scope.refusal(s, mention, start, end):
                yield mention, start, end

    def _counts(self, s: SentenceView, index: int) -> bool:
        """Whether words say something of a figure right before them, not of all."""
        for at in range(index - 1, max(-1, index - len(s.span(0))), -1):
            token = s.tokens[at]
            if token.quantity is not None:
                return True
            if not (token.meaning.has("glue") or s.topics[at]):
                return False
        return False

    def denied(self, s: SentenceView) -> Iterator[tuple[Mention, int, int]]:
        """Mentions of which the sentence says that there was none: `未收到申请`."""
        for index, token in enumerate(s.tokens):
            if not token.meaning.has("none") or self._counts(s, index):
                continue
            told = self._denial(s, index)
            if told is not None and not told.heads and not told.topics:
                told = self._named_before(s, index)
            if told is None:
                continue
            start, end = s.tokens[told.first].start, s.tokens[told.end - 1].end
            for mention in self._matcher.mentions:
                if not self._denies(s, mention, told.heads, told.topics, start):
                    continue
                if not self._matcher.scope.refusal(s, mention, start, end):
                    yield mention, start, end

    def _denial(self, s: SentenceView, index: int) -> _Denial | None:
        """What a denial is of; None for one whose words are not all known."""
        told = _Denial(index)
        for at in s.span(index + 1):
            token, topic = s.tokens[at], s.topics[at]
            if token.mark:
                if token.mark in ENDS and not (token.mark == "," and self._goes_with(s, at + 1)):
                    told.end = at
                    return told.closed(self._parties)
                continue
            if token.meaning.has("none") and told.topics:
                told.end = at
                return told.closed(self._parties)
            if token.quantity is not None or topic in self._matcher.decoys:
                return None
            if token.meaning.has("none") or token.meaning.has("other"):
                return None
            if token.is_unknown:
                if not told.in_cause or token.end - token.start > _CAUSE:
                    return None
                continue
            self._take(s, at, told)
        told.end = len(s.tokens)
        return told.closed(self._parties) if told.end - index <= len(s.span(0)) else None

    def _take(self, s: SentenceView, at: int, told: _Denial) -> None:
        """Adds a word to a denial. What is named as the cause is not denied."""
        meaning, topic = s.tokens[at].meaning, s.topics[at]
        if meaning.has("cause"):
            told.in_cause = True
        if meaning.has("applied") or meaning.heads & self._parties:
            told.parties += 1
        if topic and topic not in self._matcher.scope.weak:
            told.topics.add(topic)
            told.in_cause, told.of_cause = False, set()
        elif topic and s.text[s.tokens[at].start : s.tokens[at].end] not in self._matcher.not_alone:
            if not told.in_cause or "receive" in told.heads:
                told.topics.add(topic)
        elif topic is None and not meaning.has("glue"):
            (told.of_cause if told.in_cause else told.heads).update(meaning.heads)

    def _named_before(self, s: SentenceView, index: int) -> _Denial | None:
        """The denial of what stands in front of its word: `行政复议、行政诉讼情况：无。`"""
        behind = s.tokens[index + 1] if index + 1 < len(s.tokens) else None
        if behind is not None and behind.mark not in ENDS:
            return None
        told = _Denial(index)
        told.end = index + 1
        for at in range(index - 1, max(-1, index - len(s.span(0))), -1):
            token, topic = s.tokens[at], s.topics[at]
            if token.quantity is not None or (token.mark in ENDS and token.mark != ":"):
                break
            if topic and topic not in self._matcher.decoys:
                told.topics.add(topic)
                told.first = at
            elif not token.mark and not token.meaning.has("glue"):
                break
        return told if told.topics - self._matcher.scope.weak else None

    def _goes_with(self, s: SentenceView, first: int) -> bool:
        """Whether a clause goes on with a denial: 无…引起行政复议，提起行政诉讼情况发生."""
        named = False
        for at in s.span(first):
            token, topic = s.tokens[at], s.topics[at]
            if token.mark in ENDS:
                break
            named = named or (topic is not None and topic not in self._matcher.scope.weak)
            if token.quantity is not None or not (token.meaning.is_passed or token.mark):
                return False
        last = s.tokens[at - 1] if at > first else None
        return named and last is not None and s.text[last.start : last.end] in self._closing

    def _denies(
        self, s: SentenceView, mention: Mention, heads: set[str], topics: set[str], start: int
    ) -> bool:
        """Whether a denial with these heads and topics is one of the mention."""
        own = {*topics}
        for topic, keys in self._spread.items():
            if topic in own:
                own |= {self._topic_of[key] for key in keys}
        allowed = {*mention.none, *self._parties, "arise"}
        if heads & self._parties and mention.topic in self._matcher.scope.weak:
            return False
        if mention.topic in self._matcher.scope.weak and own - self._matcher.scope.weak:
            return False
        if heads & {*mention.none}:
            if heads - allowed - {"receive", "process"}:
                return False
            return mention.topic in own or (
                not own - self._matcher.scope.weak
                and self._matcher.scope.on_topic(s, mention, start, [*own], ())
            )
        return mention.none_named and mention.topic in own and not heads - allowed
