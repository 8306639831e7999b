"""What is asked of a sentence while its claims are read: its tokens, clauses, topics and years."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from auditor.model.prose import Quantity
from auditor.prose.frames import Turn
from auditor.prose.layout import Line
from auditor.prose.lexer import Token, brackets

_CLAUSE = re.compile(r"[,;:()\u3002!?]")
_MOST = 60
"""Tokens or turns that one question looks at."""
_QUOTING = dict(zip("\u300a\u201c\u300c\u300e", "\u300b\u201d\u300d\u300f", strict=True))
_LISTED = "\u3001"
"""Between the items of a list within a clause."""
_REACH = 200
"""A clause is looked at no further than this; so reading is linear in the text."""


class Context:
    """One sentence with what was found out about it before its claims are read."""

    def __init__(
        self,
        line: Line,
        tokens: Sequence[Token],
        topics: Sequence[str | None],
        quantities: Sequence[Quantity],
        inherited: str | None,
        seen: frozenset[str],
        year: int | None,
        turns: Sequence[Turn] = (),
        agency: str = "",
        is_wide: bool = False,
    ) -> None:
        self.line, self.text, self.tokens = line, line.text, tokens
        self.agency, self.is_wide, self.year = agency, is_wide, year
        self.topics = topics
        """Of each token, what it names."""
        self.partner = brackets(tokens)
        quoted = _quoted(tokens)
        self.figures = {
            token.quantity.start: index
            for index, token in enumerate(tokens)
            if token.quantity is not None and not quoted[index]
        }
        """By the place of a figure outside quotation marks, the index of its token."""
        self.starts = [token.start for token in tokens]
        self._named = [(t.end, key) for t, key in zip(tokens, topics, strict=True) if key]
        self._ends = [end for end, _ in self._named]
        self._first = {key: end for end, key in reversed(self._named)}
        """Where each topic is named first."""
        self._inherited, self._seen = inherited, seen
        self._turns, self._turned = turns, [turn.at for turn in turns]
        self._subject: tuple[int, bool] | None = None
        self._figured = [each.start for each in quantities]
        self._breaks = [found.start() for found in _CLAUSE.finditer(line.text)]
        self._years = [
            (token.end, token.meaning.time)
            for before, token in zip([None, *tokens], tokens, strict=False)
            if token.meaning.time
            and self.text[token.start].isdecimal()
            and (before is None or before.mark in (*",;:\u3002",))
        ]
        self._parts = [token.start for token in tokens if token.meaning.has("part")]
        self._known: dict[tuple[str, ...], bool] = {}
        self._year_ends = [end for end, _ in self._years]

    def has_any(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words stands anywhere in the sentence."""
        found = self._known.get(words)
        if found is None:
            found = self._known[words] = any(word in self.text for word in words)
        return found

    def is_parted(self, start: int, end: int) -> bool:
        """Whether a word that begins a list stands in a stretch."""
        return bisect_left(self._parts, start) < bisect_left(self._parts, end)

    def span(self, first: int) -> range:
        """The indices of tokens from one on, as far as one question looks."""
        return range(first, min(len(self.tokens), first + _MOST))

    def list_mark(self, start: int, first: bool = False) -> int:
        """The token that begins the list in which a place stands, the nearest or the first of its
        stretch; -1 where it stands in none."""
        begin, end = bisect_left(self._parts, self.stretch(start)), bisect_left(self._parts, start)
        if begin == end:
            return -1
        return self.index(self._parts[begin if first else end - 1])

    def index(self, at: int) -> int:
        """The token that begins at a place, or the first behind it."""
        return bisect_left(self.starts, at)

    def topic(self, at: int) -> str | None:
        """What the text is about at a place."""
        named = bisect_right(self._ends, at)
        return self._named[named - 1][1] if named else self._inherited

    def has_named(self, topic: str, at: int) -> bool:
        """Whether a topic was named before a place, here or since the last subheading."""
        return topic in self._seen or self._first.get(topic, at + 1) <= at

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
        return bisect_left(self._figured, start) < bisect_left(self._figured, end)

    def is_away(self, at: int) -> bool:
        """Whether the sentence speaks of another time or body at a place."""
        before = bisect_right(self._turned, at)
        return before > 0 and self._turns[before - 1].away

    def is_of_another_year(self, at: int) -> bool:
        """Whether the year named last, at the start of a clause, is not the report's."""
        before = bisect_right(self._year_ends, at)
        if not before or self.year is None or self._years[before - 1][1] == "this":
            return False
        first = bisect_left(self._turned, self._years[before - 1][0])
        last = bisect_right(self._turned, at)
        return not any(turn.is_this_year for turn in self._turns[first : min(last, first + _MOST)])

    def names_another_year(self, start: int, end: int) -> bool:
        """Whether the tokens of a stretch name the year before."""
        span = range(self.index(start), self.index(end))
        return any(self.tokens[at].meaning.time == "last" for at in span)


def _quoted(tokens: Sequence[Token]) -> list[bool]:
    """Of each token whether it stands in a title or in quotation marks that close."""
    found = [False] * len(tokens)
    opened, closing = -1, ""
    for index, token in enumerate(tokens):
        if opened < 0 and token.mark in _QUOTING:
            opened, closing = index, _QUOTING[token.mark]
        elif opened >= 0 and token.mark == closing:
            found[opened:index] = [True] * (index - opened)
            opened = -1
    return found
