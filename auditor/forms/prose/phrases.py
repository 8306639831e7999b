"""Sentences in; the claims that words alone make, such as 未收到 and 均已办结, out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import Context, Words, merged
from auditor.forms.prose.quantities import any_of
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings

_REACH = 60
_BETWEEN = 16
"""Characters that may stand for the `…` of a phrase."""
_GAP = "\u2026"
_ENDS = frozenset(",;:()\u3002!?\u3001")


class Phrases:
    """The phrases and denials of a form's mentions."""

    def __init__(self, wordings: Wordings, folding: Folding, topics: Mapping[str, str]) -> None:
        fold = folding.fold
        self._topics = topics
        self._weak = {topic.key for topic in wordings.topics if topic.weak}
        self._joints = {fold(word) for word in wordings.words("joints")}
        self._of_new = tuple(map(fold, wordings.words("of_new")))
        self._joined = tuple(map(fold, (*wordings.words("joints"), *wordings.words("ands"))))
        self._never = tuple(map(fold, wordings.words("never_all")))
        self._glue = Words([*map(fold, wordings.fillers), *topics])
        self._whole: dict[str, list[Mention]] = defaultdict(list)
        self._torn: dict[str, dict[str, list[Mention]]] = defaultdict(lambda: defaultdict(list))
        self._denials: dict[str, list[Mention]] = defaultdict(list)
        for mention in wordings.mentions:
            for phrase in mention.phrases:
                # Folding knows the ellipsis as another character.
                head, gap, tail = phrase.partition(_GAP)
                if gap:
                    self._torn[fold(head)][fold(tail)].append(mention)
                else:
                    self._whole[fold(phrase)].append(mention)
            for word in mention.denials:
                self._denials[fold(word)].append(mention)
        self._leads = re.compile(any_of([*self._whole, *self._torn]))
        self._denying = re.compile(any_of([*self._denials]))
        self._tails = {head: Words(tails) for head, tails in self._torn.items()}

    def find(
        self, context: Context, quantities: Sequence[Quantity]
    ) -> Iterator[tuple[Mention, int, int, bool]]:
        """Each mention claimed, where its words begin and end, and whether it is denied."""
        text = context.text
        starts = {quantity.start for quantity in quantities}
        ends = {quantity.end for quantity in quantities}
        for found in self._leads.finditer(text):
            if text[: found.start()].endswith(self._never):
                continue
            counts = self._counts(text, found.start(), ends)
            end = found.end()
            mentions = self._whole.get(found.group(), [])
            if not mentions:
                end, mentions = self._finish(text, found.group(), end)
            joined = text.startswith(self._joined, end)
            for mention in mentions:
                if not (mention.of_all and (counts or (mention.takes and joined))):
                    yield mention, found.start(), end, False
        for found in self._denying.finditer(text):
            if self._counts(text, found.start(), ends):
                continue  # of so many others: 24家未收到
            end, topics = self._denied(text, found.end(), starts)
            if any(word in text[found.end() : end] for word in self._of_new):
                continue
            for mention in self._denials[found.group()]:
                if mention.topic in topics and not (
                    mention.topic in self._weak and topics - self._weak
                ):
                    yield mention, found.start(), end, True

    def _counts(self, text: str, start: int, ends: set[int]) -> bool:
        """Whether the words say something of a figure right before them, not of all."""
        reached = {start}
        for at in range(start, max(-1, start - _BETWEEN), -1):
            if at in reached:
                if at in ends:
                    return True
                reached |= {at - len(word) for word in self._glue.ending(text, at)}
        return False

    def _finish(self, text: str, head: str, start: int) -> tuple[int, list[Mention]]:
        """Where a phrase that began with `head` ends, over fillers; nobody's where it does not."""
        reached = {start}
        for at in range(start, min(len(text), start + _BETWEEN)):
            if at in reached:
                for tail in self._tails[head].beginning(text, at):
                    return at + len(tail), self._torn[head][tail]
                reached |= {at + len(word) for word in self._glue.beginning(text, at)}
        return start, []

    def _denied(self, text: str, start: int, figures: set[int]) -> tuple[int, frozenset[str]]:
        """The topics that a denial covers, where the rest of its clause is made of known words."""
        reached: dict[int, frozenset[str]] = {start: frozenset()}
        for at in range(start, min(len(text), start + _REACH) + 1):
            topics = reached.get(at)
            if topics is None:
                continue
            if at == len(text) or (text[at] in _ENDS and text[at] not in self._joints):
                return at, topics
            if at in figures:
                break
            words = [*self._glue.beginning(text, at)]
            if text[at] in self._joints:
                words.append(text[at])
            for word in words:
                topic = self._topics.get(word)
                end = at + len(word)
                reached[end] = merged(reached, end, topics | {topic} if topic else topics)
        return start, frozenset()
