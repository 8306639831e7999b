"""The words of a form in; sets, patterns and tables of them, made when first asked for, out.

Readers of sentences name the lists of `prose.yaml`. In a pattern `{moves}` stands for any word of a
list, the longest first, and `{own+wide}` for any of two. All that stands between such words is of
bounded length, so that reading takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from auditor.model.wordings import Mention, Wordings, WordLists

_NAMES = re.compile(r"\{([a-z_]\w*(?:\+\w+)*)\}")
_LISTS = ("units", "counts", "vague_before", "vague_after", "wide", "own")

_LONG = 4
"""Characters of a topic's word that cannot be a part of another's."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; for none of them, one that never fits."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) or "(?!)"


class WordSet:
    """A set of words that can be asked which of them begin or end at a place."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._beginning = _lengths((word[0], len(word)) for word in self._words if word)
        self._ending = _lengths((word[-1], len(word)) for word in self._words if word)

    def ending(self, text: str, at: int) -> Iterator[str]:
        """The words that end before `at`, the longest first."""
        for length in self._ending.get(text[at - 1], ()) if at > 0 else ():
            if length <= at and text[at - length : at] in self._words:
                yield text[at - length : at]

    def longest(self, text: str, at: int) -> str:
        """The longest word that begins at `at`; empty for none."""
        for length in self._beginning.get(text[at : at + 1], ()):
            if at + length <= len(text) and text[at : at + length] in self._words:
                return text[at : at + length]
        return ""


def _lengths(words: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """How long the words are that have a character at one end, the longest first."""
    found: dict[str, set[int]] = {}
    for char, length in words:
        found.setdefault(char, set()).add(length)
    return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}


class Grammar:
    """The words of one form; nothing in it is of a report."""

    def __init__(self, wordings: Wordings) -> None:
        self.wordings = wordings
        self.lists: dict[str, tuple[str, ...]] = dict(wordings.marks)
        for source, names in ((wordings.more, WordLists.__annotations__), (wordings, _LISTS)):
            for name in names:
                words = getattr(source, name)
                self.lists[name] = (words,) if isinstance(words, str) else words
        self.lists["topics"] = tuple(word for topic in wordings.topics for word in topic.words)
        self.lists["heads"] = tuple(word for _, words in wordings.heads for word in words)
        self.digits, self.scales = dict(wordings.digits), dict(wordings.scales)
        self.date_digits = self.digits | dict.fromkeys(wordings.more.zeros, 0)
        self.lists["digits"] = tuple(self.digits)
        scales = self.scales.items()
        self.lists["tens"] = tuple(sign for sign, times in scales if times == 10)
        self.lists["small_scales"] = tuple(sign for sign, times in scales if times < 10_000)
        self.lists["great_scales"] = tuple(sign for sign, times in scales if times >= 10_000)
        topics = wordings.topics
        for topic in topics:
            self.lists[f"long_{topic.key}"] = tuple(w for w in topic.words if len(w) >= _LONG)
        self.weak = frozenset(topic.key for topic in topics if topic.weak)
        self.decoys = frozenset(topic.key for topic in topics if topic.decoy)
        self.mentions = {mention.key: mention for mention in wordings.mentions}
        self.spreading = [mention for mention in wordings.mentions if mention.spreads]
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}
        self._word_sets: dict[str, WordSet] = {}

    def words(self, names: str) -> tuple[str, ...]:
        """The words of a list, or of several joined by `+`."""
        if names not in self.lists:
            several = names.split("+")
            self.lists[names] = tuple(word for name in several for word in self.lists[name])
        return self.lists[names]

    def set(self, names: str) -> frozenset[str]:
        """The same, to look words up in."""
        if names not in self._sets:
            self._sets[names] = frozenset(self.words(names))
        return self._sets[names]

    def word_set(self, names: str) -> WordSet:
        """The same, to ask which words begin or end at a place."""
        if names not in self._word_sets:
            self._word_sets[names] = WordSet(self.words(names))
        return self._word_sets[names]

    def pattern(self, template: str) -> re.Pattern[str]:
        """A pattern with the words of lists in place of their names."""
        if template not in self._patterns:
            spelled = _NAMES.sub(lambda name: f"(?:{any_of(self.words(name[1]))})", template)
            self._patterns[template] = re.compile(spelled)
        return self._patterns[template]

    def claimed(self, side: str, head: str) -> Sequence[Mention]:
        """The mentions that name a head on one side: `before`, `after`, or for `all`."""
        return self._by_head[side].get(head, ())

    @cached_property
    def _by_head(self) -> Mapping[str, Mapping[str, Sequence[Mention]]]:
        found: dict[str, dict[str, list[Mention]]] = {"before": {}, "after": {}, "all": {}}
        for mention in self.wordings.mentions:
            for side, table in found.items():
                for head in getattr(mention, side):
                    table.setdefault(head, []).append(mention)
        return found
