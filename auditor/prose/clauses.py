"""A sentence's clauses, stretches, brackets and years: what is asked of it while it is read.

A clause ends at a comma, a stretch at a semicolon. Figures in titles and quotation marks are left
out. `上半年` turns to another time until `全年` or a semicolon, `复议机关` to another body
until the agency names itself; a month told in passing holds for its own clause only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.lexer import ProseToken, brackets
from auditor.prose.numerals import PERCENT, any_of
from auditor.prose.sentences import SentenceText

_DECEMBER = 12
_LONGEST_ATTRIBUTE = 12
"""Characters of what is told of earlier years in front of a noun."""
_NEAR = 12
"""Characters before a month in which a span of months ends."""
_TRAIL = 4
"""Characters that may stand between a month and the comma that makes it govern what follows."""
_CLAUSE = re.compile(r"[,;:()\u3002!?]")
_MOST = 60
"""Tokens or turns that one question looks at."""
_QUOTING = dict(zip("\u300a\u201c\u300c\u300e", "\u300b\u201d\u300d\u300f", strict=True))
_LISTED = "\u3001"
"""Between the items of a list within a clause."""
_REACH = 200
"""A clause is looked at no further than this; so reading is linear in the text."""
_BREAK = re.compile("[,;:\u3001\u3002!?]")
_STRETCH = re.compile("[;\u3002!?]")
_NOTHING = re.compile("(?!)")
_NO_PAIRS: Mapping[int, tuple[int, int]] = {}
_COMPARED_REACH = 40
"""Characters in front of a figure in which a comparison is looked for."""


class Turn(Struct, frozen=True):
    """From `at` on, until the next turn, figures are of another time or body, or the report's."""

    at: int
    away: bool
    is_this_year: bool = False
    """Whether words for the report's year make the turn."""


class PeriodReader:
    """The words that turn a sentence away from the report's own year and body, and back."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more

        year, month, day = more.year_sign, more.month_sign, more.day_signs[0]
        until, since = any_of(more.until), any_of(more.since)
        nothing = any_of(dict(wordings.marks).get("none", ()))
        own = any_of(wordings.own)
        self._events = re.compile(
            rf"(?P<span>20\d\d{year}?(?:{until})20\d\d{year})"
            rf"|(?P<year>20\d\d){year}(?P<since>{since})?"
            rf"|(?<!\d)(?P<month>\d{{1,2}}){month}(?P<last>31{day}|{any_of(more.month_ends)})?"
            rf"|(?P<back>{any_of(more.this_year)})"
            rf"|(?P<past>{any_of(more.past_times)}|{since})"
            rf"|(?P<away>{any_of(more.other_times)})"
            rf"|(?P<body>{any_of(more.other_bodies)})"
            rf"|(?P<own>{own})"
            rf"|(?P<denial>,(?:{nothing}))"
            r"|(?P<stop>;)"
        )
        # `2018年以来制发的42件` is of those years; what is said of them is of the report's.
        self._attribute = re.compile(
            rf"[^,;:]{{1,{_LONGEST_ATTRIBUTE}}}(?:{any_of(more.attributive)})\d"
        )
        self._pause = re.compile("[,;]")
        self._spans = re.compile(rf"\d(?:{until})\Z")

    def turns(self, text: str, year: int | None) -> Iterator[Turn]:
        """Every turn, in the order of the text; none where nothing turns away."""
        of_body = of_time = of_past = False
        pauses = [each.start() for each in self._pause.finditer(text)]
        for found in self._events.finditer(text):
            at, kind = found.end(), found.lastgroup
            if found["month"]:
                of_time = not self._ends_year(text, found)
                kind = "month"
                pause = self._pause_behind(pauses, at)
                if of_time and pause is not None and pause - at > _TRAIL:
                    yield Turn(at, True)
                    at, of_time = pause, False
            elif found["year"]:
                if int(found["year"]) == year:
                    of_time = False
                elif found["since"]:
                    of_time = of_past = True
                    pause = self._pause_behind(pauses, at)
                    if pause is not None and self._attribute.match(text, at):
                        yield Turn(at, True)
                        at, of_time = pause, False
                else:
                    continue
            elif kind in ("span", "away", "past"):
                of_time, of_past = True, kind == "past"
            elif kind == "denial":
                of_time = of_time and not of_past
            elif kind in ("back", "stop"):
                of_time = False
            else:
                of_body = kind == "body"
            yield Turn(at, of_time or of_body, kind in ("back", "year") and not of_time)

    def _pause_behind(self, pauses: Sequence[int], at: int) -> int | None:
        """The place of the first pause from `at` on."""
        index = bisect_left(pauses, at)
        return pauses[index] if index < len(pauses) else None

    def _ends_year(self, text: str, found: re.Match[str]) -> bool:
        """Whether a month closes the year: 12月31日, 12月底, 1-12月."""
        return int(found["month"]) == _DECEMBER and (
            found["last"] is not None
            or self._spans.search(text, max(0, found.start() - _NEAR), found.start()) is not None
        )


class SentenceView:
    """One sentence with what was found out about it before its claims are read."""

    def __init__(
        self,
        line: SentenceText,
        tokens: Sequence[ProseToken],
        topics: Sequence[str | None],
        quantities: Sequence[Quantity],
        inherited: str | None,
        seen: frozenset[str],
        year: int | None,
        turns: Sequence[Turn] = (),
        agency: str = "",
        pairs: Mapping[int, tuple[int, int]] = _NO_PAIRS,
        begins: bool = False,
        compared: re.Pattern[str] = _NOTHING,
    ) -> None:
        self.line, self.text, self.tokens = line, line.text, tokens
        self.agency, self.year = agency, year
        self.pairs = pairs
        """By the place of a figure, the stretch of its name, where names and figures pair off."""
        self.begins = begins
        """Whether a section or a subheading begins with it."""
        self.is_wide = False
        """Whether figures of a wider scope were told before."""
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
        self._enclosing = _enclosing(tokens, self.partner)
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
        self._items = [found.start() for found in _BREAK.finditer(line.text)]
        self._stretches = [found.start() for found in _STRETCH.finditer(line.text)]
        self.all = [each for each in quantities if not quoted[self._token_at(each.start)]]
        """Every figure outside quotation marks."""
        self.counts = [
            each
            for each in self.all
            if each.unit != PERCENT and not self._is_compared(each, compared)
        ]
        """Those that count something of this year."""
        self._counted = [each.start for each in self.counts]

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

    def note_subject(self, at: int, foreign: bool) -> None:
        """Notes whose work the clause of a place tells of, for the clauses behind it."""
        self._subject = at, foreign

    def was_foreign(self, at: int) -> bool:
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

    def item(self, at: int) -> int:
        """The number of the item of a place: items end at commas, `、` and the like."""
        return bisect_left(self._items, at)

    def item_start(self, at: int) -> int:
        """Where the item of a place begins."""
        before = self.item(at)
        return self._items[before - 1] + 1 if before else 0

    def item_end(self, at: int) -> int:
        """Where the item of a place ends."""
        before = self.item(at)
        return self._items[before] if before < len(self._items) else len(self.text)

    def part(self, at: int) -> int:
        """The number of the part of a place: parts of a sentence end at semicolons."""
        return bisect_left(self._stretches, at)

    def bracket(self, at: int) -> tuple[int, int] | None:
        """Where the innermost bracket around a place opens and closes."""
        return self._enclosing[self._token_at(at)] if at < len(self.text) else None

    def depth(self, at: int) -> int:
        """How many brackets stand around a place, three at most."""
        found, depth = self.bracket(at), 0
        while found is not None and depth < 3:
            depth, found = depth + 1, self.bracket(found[0])
        return depth

    def counts_before(self, at: int) -> int:
        """How many of the counts begin before a place."""
        return bisect_left(self._counted, at)

    def _token_at(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def _is_compared(self, quantity: Quantity, compared: re.Pattern[str]) -> bool:
        start = self.item_start(quantity.start)
        around = self.bracket(quantity.start)
        if around is not None:
            start = min(start, self.item_start(around[0]))
        start = max(start, quantity.start - _COMPARED_REACH)
        return compared.search(self.text, start, quantity.start) is not None


def _quoted(tokens: Sequence[ProseToken]) -> list[bool]:
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


def _enclosing(
    tokens: Sequence[ProseToken], partner: Mapping[int, int]
) -> list[tuple[int, int] | None]:
    """For each token the places of the innermost bracket around it."""
    found: list[tuple[int, int] | None] = []
    around: list[int] = []
    for index in range(len(tokens)):
        if around and partner[around[-1]] == index:
            around.pop()
        inner = around[-1] if around else -1
        found.append((tokens[inner].start, tokens[partner[inner]].start) if around else None)
        if partner.get(index, -1) > index:
            around.append(index)
    return found
