"""A sentence and its figures in; typed tokens out: heads, topics, times, marks, figures, unknown.

The words of a form overlap in every way (申请公开, 公开, 依申请公开). Of all ways to cut a sentence
into words the one with the fewest unknown characters is taken, and of those the one with the fewest
words; each place is looked at once, so cutting takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.numerals import any_of

MARKS = frozenset(
    ",;:()[]\u3001\u3002!?\u3010\u3011\u300a\u300b\u300c\u300d\u300e\u300f\u201c\u201d/"
)
_OPENING = dict(zip("([\u3010", ")]\u3011", strict=True))
_UNKNOWN = 10
"""What an unknown character costs beside a word, which costs one."""
_MOST_GLUE = 3
"""Words without meaning that may stand between the heads of a compound."""
_LONGEST_ROW = 12
_PASSED = frozenset({"glue", "all", "and"})


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

    def beginning(self, text: str, at: int) -> Iterator[str]:
        """The words that begin at `at`, the longest first."""
        for length in self._beginning.get(text[at], ()) if at < len(text) else ():
            if text[at : at + length] in self._words and at + length <= len(text):
                yield text[at : at + length]


def _lengths(words: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """How long the words are that have a character at one end, the longest first."""
    found: dict[str, set[int]] = {}
    for char, length in words:
        found.setdefault(char, set()).add(length)
    return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}


class Meaning(Struct, frozen=True):
    """What a word may be; several at once where only its neighbours tell."""

    heads: frozenset[str] = frozenset()
    """What is done or comes of it."""
    topic: str | None = None
    time: str | None = None
    """`last`, `this`, `next` or `other` year."""
    marks: frozenset[str] = frozenset()
    """Small words: glue, and, none, all, of, each."""

    def has(self, mark: str) -> bool:
        """Whether it is such a small word."""
        return mark in self.marks

    @property
    def is_passed(self) -> bool:
        """Whether it changes nothing where it stands between a word and its figure."""
        return self.time is not None or self.topic is not None or not _PASSED.isdisjoint(self.marks)


UNKNOWN = Meaning()


class ProseToken(NamedTuple):
    """A stretch of a sentence and what it is."""

    start: int
    end: int
    meaning: Meaning
    mark: str = ""
    """The punctuation; empty for words and figures."""
    quantity: Quantity | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether it is text that no list has."""
        return self.meaning is UNKNOWN and not self.mark and self.quantity is None


class Lexer:
    """The words of a form, and the compounds that their heads make."""

    def __init__(self, wordings: Wordings) -> None:
        found: dict[str, dict[str, set[str]]] = {}

        def add(words: Iterable[str], slot: str, key: str) -> None:
            for word in words:
                found.setdefault(word, {}).setdefault(slot, set()).add(key)

        for key, words in wordings.heads:
            add(words, "head", key)
        for topic in wordings.topics:
            add(topic.words, "topic", topic.key)
        for key, words in wordings.times:
            add(words, "time", key)
        for key, words in wordings.marks:
            add(words, "mark", key)
        self._meanings: Mapping[str, Meaning] = {
            word: Meaning(
                frozenset(slots.get("head", ())),
                next(iter(sorted(slots.get("topic", ()))), None),
                next(iter(slots.get("time", ())), None),
                frozenset(slots.get("mark", ())),
            )
            for word, slots in found.items()
        }
        self._words = WordSet(self._meanings)
        signs = any_of(wordings.more.year_signs)
        self._years = re.compile(rf"(?<!\d)(20\d\d)(?:{signs})")
        self._rows = [(row, Meaning(frozenset({key}))) for row, key in wordings.compounds]

    def tokens(
        self,
        text: str,
        quantities: Sequence[Quantity],
        year: int | None,
        cuts: Collection[int] = (),
    ) -> tuple[ProseToken, ...]:
        """The sentence, cut into words, figures, marks and unknown text; no word crosses a cut."""
        jumps: dict[int, ProseToken] = {
            each.start: ProseToken(each.start, each.end, UNKNOWN, "", each) for each in quantities
        }
        for told in self._years.finditer(text):
            time = _time(int(told[1]), year)
            jumps.setdefault(told.start(), ProseToken(told.start(), told.end(), Meaning(time=time)))
        cost = [0] * (len(text) + 1)
        best: list[ProseToken] = [ProseToken(0, 0, UNKNOWN)] * len(text)
        for at in range(len(text) - 1, -1, -1):
            if at in jumps:
                token = jumps[at]
                least = 1 + cost[token.end]
            elif text[at] in MARKS or text[at] == " ":
                token, least = ProseToken(at, at + 1, UNKNOWN, text[at]), 1 + cost[at + 1]
            else:
                token, least = ProseToken(at, at + 1, UNKNOWN), _UNKNOWN + cost[at + 1]
            for word in self._words.beginning(text, at):
                end = at + len(word)
                if cuts and any(at < cut < end for cut in cuts):
                    continue
                if 1 + cost[end] < least or (1 + cost[end] == least and end > token.end):
                    token, least = ProseToken(at, end, self._meanings[word]), 1 + cost[end]
            cost[at], best[at] = least, token
        return tuple(self._compounded([*_walked(best)]))

    def _compounded(self, tokens: list[ProseToken]) -> Iterator[ProseToken]:
        at = 0
        while at < len(tokens):
            token, end = self._compound(tokens, at)
            yield token
            at = end

    def _compound(self, tokens: Sequence[ProseToken], at: int) -> tuple[ProseToken, int]:
        """The compound that begins at a token, or the token itself, and where the next begins."""
        first = tokens[at]
        if first.meaning.time or first.meaning.heads:
            for row, meaning in self._rows:
                end = _row_end(tokens, at, row)
                if end:
                    return ProseToken(first.start, tokens[end - 1].end, meaning), end
        return first, at + 1


def _row_end(tokens: Sequence[ProseToken], at: int, row: Sequence[str]) -> int:
    """Where a row of keys ends that begins at a token; 0 where it does not stand there."""
    glue = 0
    place = 0
    for index in range(at, min(len(tokens), at + _LONGEST_ROW)):
        meaning = tokens[index].meaning
        if meaning.time == row[place] or row[place] in meaning.heads:
            place, glue = place + 1, 0
            if place == len(row):
                return index + 1
        elif not place or not meaning.has("glue") or glue == _MOST_GLUE:
            return 0
        else:
            glue += 1
    return 0


def _time(told: int, year: int | None) -> str:
    if year is None:
        return "this"
    return {year - 1: "last", year: "this", year + 1: "next"}.get(told, "other")


def _walked(best: Sequence[ProseToken]) -> Iterator[ProseToken]:
    """The tokens of the best way, unknown characters in a row as one."""
    at, unknown = 0, -1
    while at < len(best):
        token = best[at]
        if token.is_unknown:
            unknown = at if unknown < 0 else unknown
        else:
            if unknown >= 0:
                yield ProseToken(unknown, at, UNKNOWN)
                unknown = -1
            yield token
        at = token.end
    if unknown >= 0:
        yield ProseToken(unknown, at, UNKNOWN)


def brackets(tokens: Sequence[ProseToken]) -> dict[int, int]:
    """For each bracket that has a partner, both ways, the index of the partner."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.mark in _OPENING:
            opened.append(index)
        elif token.mark and opened and token.mark == _OPENING[tokens[opened[-1]].mark]:
            first = opened.pop()
            found[first], found[index] = index, first
    return found
