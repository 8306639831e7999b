"""What is asked of a sentence while its claims are read: its clauses, topics and years."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.forms.prose.frames import Turn
from auditor.forms.prose.layout import Line
from auditor.model.noun import noun
from auditor.model.prose import Quantity

_CLAUSE = re.compile(r"[,;:()\u3002!?]")
_LISTED = "\u3001"
"""Between the items of a list within a clause."""
_REACH = 200
"""A clause is looked at no further than this; so reading is linear in the text."""
PAD = "^"
"""Fills the place of a year that was put into words; a filler."""


def _lengths(words: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """How long the words are that have a character at one end, the longest first."""
    found: dict[str, set[int]] = {}
    for char, length in words:
        found.setdefault(char, set()).add(length)
    return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}


class Words:
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


@noun
class YearWords:
    """How this year, the last and the next are called, and the sign behind a year's number."""

    sign: str
    last: str
    this: str
    next: str


def put_years_into_words(text: str, year: int | None, words: YearWords) -> str:
    """The text, as long as before, with the years around the report's as words: `^^^上年`."""
    if year is None:
        return text
    for number, word, leads in (
        (year - 1, words.last, True),
        (year, words.this, True),
        (year + 1, words.next, False),
    ):
        printed = f"{number}{words.sign}"
        padding = PAD * (len(printed) - len(word))
        text = text.replace(printed, padding + word if leads else word + padding)
    return text


class Context:
    """One sentence with what was found out about it before its claims are read."""

    def __init__(
        self,
        line: Line,
        text: str,
        topics: list[tuple[int, str]],
        inherited: str | None,
        seen: frozenset[str],
        years: list[tuple[int, int]],
        year: int | None,
        turns: Sequence[Turn] = (),
        quantities: Sequence[Quantity] = (),
        agency: str = "",
        is_wide: bool = False,
    ) -> None:
        self.line, self.text, self.agency, self.is_wide = line, text, agency, is_wide
        self._turns, self._turned = turns, [turn.at for turn in turns]
        self._subject: tuple[int, bool] | None = None
        self._starts = [quantity.start for quantity in quantities]
        self._topics, self._inherited, self._seen = topics, inherited, seen
        self._ends = [end for end, _ in topics]
        self._years, self._year = years, year
        self._breaks = [found.start() for found in _CLAUSE.finditer(line.text)]

    def topic(self, at: int) -> str | None:
        """What the text is about at a place."""
        named = bisect_right(self._ends, at)
        return self._topics[named - 1][1] if named else self._inherited

    def has_named(self, topic: str, at: int) -> bool:
        """Whether a topic was named before a place, here or since the last subheading."""
        return topic in self._seen or any(key == topic and end <= at for end, key in self._topics)

    def stretch(self, at: int) -> int:
        """Where the stretch of a place begins that 其中 and 含 may govern: behind the last closed
        bracket or semicolon."""
        start = max(0, at - _REACH)
        return max([start - 1, *(self.text.rfind(mark, start, at) for mark in ");")]) + 1

    def clause(self, at: int) -> int:
        """Where the clause of a place begins."""
        before = bisect_right(self._breaks, at - 1)
        return max(self._breaks[before - 1] + 1 if before else 0, at - _REACH)

    def end_of_clause(self, at: int) -> int:
        """Where the clause of a place ends."""
        following = bisect_right(self._breaks, at - 1)
        end = self._breaks[following] if following < len(self._breaks) else len(self.text)
        return min(end, at + _REACH)

    def end_of_item(self, at: int) -> int:
        """Where the item of a place ends in the list within its clause."""
        last = self.end_of_clause(at)
        listed = self.text.find(_LISTED, at, last)
        return listed if listed >= 0 else last

    def subject(self, at: int) -> int:
        """Where the clause of a place begins, brackets in front of it stepped over."""
        start = self.clause(at)
        while start and self.text[start - 1] == ")":
            opened = self.text.rfind("(", max(0, start - _REACH), start)
            if opened < 0:
                break
            start = self.clause(opened)
        return start

    def has_subject(self, at: int, foreign: bool) -> None:
        """Notes whose work the clause of a place tells of, for the clauses behind it."""
        self._subject = at, foreign

    def is_of_foreign(self, at: int) -> bool:
        """Whether the subject named last before a place, in its stretch, is another body."""
        if self._subject is None or self._subject[0] > at:
            return False
        return self._subject[1] and ";" not in self.text[self._subject[0] : at]

    def has_figure(self, start: int, end: int) -> bool:
        """Whether a figure begins in a stretch."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    def is_away(self, at: int) -> bool:
        """Whether the sentence speaks of another time or body at a place."""
        before = bisect_right(self._turned, at)
        return before > 0 and self._turns[before - 1].away

    def is_of_another_year(self, at: int) -> bool:
        """Whether the year named last, at the start of a clause, is not the report's."""
        named = [(end, year) for end, year in self._years if end <= at]
        if not named or self._year is None or named[-1][1] == self._year:
            return False
        return not any(turn.is_this_year and named[-1][0] <= turn.at <= at for turn in self._turns)


def merged(reached: Mapping[int, frozenset[str]], at: int, more: frozenset[str]) -> frozenset[str]:
    """What is known at a place, joined with what another way to it has seen."""
    return reached.get(at, frozenset()) | more
