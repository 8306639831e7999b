"""A sentence's clauses, stretches, brackets and years: what is asked of it while it is read.

A clause ends at a comma, a stretch at a semicolon. Figures in titles and quotation marks are left
out. `上半年` turns to another time until `全年` or a semicolon, `复议机关` to another body
until the agency names itself; a month told in passing holds for its own clause only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

from msgspec import Struct

from auditor.model.prose import Quantity, Sentence
from auditor.model.source import Origin
from auditor.patterns import compiled
from auditor.prose.lexer import PERCENT, Grammar, Lexer, ProseToken, find_quantities
from auditor.source_text import SourceText

ENDS = frozenset(",;:()\u3002!?")
LISTED = "\u3001"
"""Between the items of a list within a clause."""
_DECEMBER = 12
_NEAR = 12
"""Characters before a month in which a span of months ends."""
_TRAIL = 4
"""Characters that may stand between a month and the comma that makes it govern what follows."""
_MOST = 60
"""Tokens or turns that one question looks at."""
_REACH = 200
"""A clause is looked at no further than this; so reading is linear in the text."""
_COMPARED_REACH = 40
"""Characters in front of a figure in which a comparison is looked for."""
_OPENING = dict(zip("([\u3010", ")]\u3011", strict=True))
_QUOTING = dict(zip("\u300a\u201c\u300c\u300e", "\u300b\u201d\u300d\u300f", strict=True))
_EVENTS = (
    r"(?P<span>20\d\d{year_sign}?{until}20\d\d{year_sign})"
    r"|(?P<year>20\d\d){year_sign}(?P<since>{since})?"
    r"|(?<!\d)(?P<month>\d{1,2}){month_sign}(?P<last>31{day_signs}|{month_ends})?"
    r"|(?P<back>{this_year})|(?P<past>{past_times+since})|(?P<away>{other_times})"
    r"|(?P<body>{other_bodies})|(?P<own>{own})|(?P<denial>,{none})|(?P<stop>;)"
)
_ATTRIBUTE = r"[^,;:]{1,12}{attributive}\d"
"""`2018年以来制发的42件` is of those years; what is said of them is of the report's."""
_SPAN_OF_MONTHS = r"\d{until}\Z"


class Turn(Struct, frozen=True):
    """From `at` on, until the next turn, figures are of another time or body, or the report's."""

    at: int
    away: bool
    is_this_year: bool = False
    """Whether words for the report's year make the turn."""


def find_turns(g: Grammar, text: str, year: int | None) -> Iterator[Turn]:
    """Every turn away from the report's own year and body, and back, in the order of the text."""
    of_body = of_time = of_past = False
    pauses = Boundaries(text, ",;")
    for found in g.pattern(_EVENTS).finditer(text):
        at, kind = found.end(), found.lastgroup
        if found["month"]:
            of_time = not _ends_year(g, text, found)
            kind = "month"
            if of_time and _TRAIL < pauses.end(at) - at < len(text) - at:
                yield Turn(at, True)
                at, of_time = pauses.end(at), False
        elif found["year"]:
            if int(found["year"]) == year:
                of_time = False
            elif found["since"]:
                of_time = of_past = True
                if pauses.end(at) < len(text) and g.pattern(_ATTRIBUTE).match(text, at):
                    yield Turn(at, True)
                    at, of_time = pauses.end(at), False
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


def _ends_year(g: Grammar, text: str, found: re.Match[str]) -> bool:
    """Whether a month closes the year: 12月31日, 12月底, 1-12月."""
    first = max(0, found.start() - _NEAR)
    return int(found["month"]) == _DECEMBER and (
        found["last"] is not None
        or g.pattern(_SPAN_OF_MONTHS).search(text, first, found.start()) is not None
    )


@cache
def _any_mark(marks: str) -> re.Pattern[str]:
    return compiled(f"[{re.escape(marks)}]")


class Boundaries:
    """The marks that part a sentence into clauses, items or stretches."""

    def __init__(self, text: str, marks: str) -> None:
        self._places = [found.start() for found in _any_mark(marks).finditer(text)]
        self._size = len(text)

    def number(self, at: int) -> int:
        """How many of them stand in front of a place."""
        return bisect_left(self._places, at)

    def start(self, at: int) -> int:
        """The place behind the last of them in front of a place."""
        before = bisect_left(self._places, at)
        return self._places[before - 1] + 1 if before else 0

    def end(self, at: int) -> int:
        """The first of them from a place on; the end of the text where there is none."""
        before = bisect_left(self._places, at)
        return self._places[before] if before < len(self._places) else self._size


class SentenceView:
    """One sentence with what is found out about it before its claims are read."""

    def __init__(
        self,
        lexer: Lexer,
        source: SourceText,
        sentence: Sentence,
        number: int,
        text: str,
        offsets: Sequence[int],
        year: int | None,
        agency: str,
    ) -> None:
        self.g, self._source = lexer.grammar, source
        self.sentence, self.section, self.number = sentence, sentence.section, number
        self.printed, self.text = sentence.text, text
        """As printed, and folded; both have the same characters in the same places."""
        self.offsets = offsets
        """Of each character where it stands in the source text."""
        self.year, self.agency = year, agency
        self.begins = False
        """Whether a section or a subheading begins with it."""
        self.inherited: str | None = None
        """The topic named last before it."""
        self.named_before: frozenset[str] = frozenset()
        """The topics named since the last subheading."""
        self.is_wide = False
        """Whether figures of a wider scope were told before."""
        self._subject: tuple[int, bool] | None = None
        self._known: dict[tuple[str, ...], bool] = {}
        self._clauses = Boundaries(text, ",;:()\u3002!?")
        self.items = Boundaries(text, ",;:\u3001\u3002!?")
        self.parts = Boundaries(text, ";\u3002!?")
        self._stretches = Boundaries(text, ");")
        self.quantities = tuple(find_quantities(self.g, number, text, self.printed, self.origin))
        self.pairs = pair_names(self.g, text, self.quantities)
        """By the place of a figure, the stretch of its name, where names and figures pair off."""
        cuts = {place for span in self.pairs.values() for place in span}
        self.tokens = lexer.tokens(text, self.quantities, year, cuts)
        self._starts = [token.start for token in self.tokens]
        self.topics = _topics(self.g, text, self.tokens)
        """Of each token, what it names."""
        named = zip(self.tokens, self.topics, strict=True)
        self._named = [(token.end, topic) for token, topic in named if topic]
        self._first_named = {topic: end for end, topic in reversed(self._named)}
        self._list_words = [t.start for t in self.tokens if "part" in t.meaning.marks]
        marks = [(index, token.mark) for index, token in enumerate(self.tokens) if token.mark]
        self.partner = _partners(marks)
        """For each bracket that has a partner, both ways, the index of the partner."""
        self._enclosing = _enclosing(self.tokens, self.partner)
        quoted = _quoted(marks, len(self.tokens))
        self.all = [each for each in self.quantities if not quoted[self._token_at(each.start)]]
        """Every figure outside quotation marks."""
        self.figures = {
            token.quantity.start: index
            for index, token in enumerate(self.tokens)
            if token.quantity is not None and not quoted[index]
        }
        """By the place of such a figure, the index of its token."""
        self.counts = [
            each for each in self.all if each.unit != PERCENT and not self._is_compared(each)
        ]
        """Those that count something of this year."""

    def origin(self, start: int, end: int) -> Origin:
        """Where the characters `start`..`end` stood, by their first line."""
        unit = self._source.span_at(self.offsets[start])
        last = end - 1
        while last > start and self._source.span_at(self.offsets[last]) is not unit:
            last -= 1
        return self._source.origin(self.offsets[start], self.offsets[last] + 1)

    def _is_compared(self, quantity: Quantity) -> bool:
        start = self.items.start(quantity.start)
        around = self.bracket(quantity.start)
        if around is not None:
            start = min(start, self.items.start(around[0]))
        start = max(start, quantity.start - _COMPARED_REACH)
        compared = self.g.pattern("{compared}").search(self.text, start, quantity.start)
        return compared is not None

    def counts_before(self, at: int) -> int:
        """How many of the counts begin before a place."""
        return bisect_left(self.counts, at, key=_start)

    def has_figure(self, start: int, end: int) -> bool:
        """Whether a figure begins in a stretch."""
        first = bisect_left(self.quantities, start, key=_start)
        return first < len(self.quantities) and self.quantities[first].start < end

    def has_any(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words stands anywhere in the sentence."""
        if words not in self._known:
            self._known[words] = any(word in self.text for word in words)
        return self._known[words]

    def span(self, first: int) -> range:
        """The indices of tokens from one on, as far as one question looks."""
        return range(first, min(len(self.tokens), first + _MOST))

    def span_left(self, first: int) -> range:
        """The same leftwards."""
        return range(first, max(-1, first - _MOST), -1)

    def beyond(self, span: range, times: bool = False) -> int:
        """The first token of a span that is neither glue nor a topic, nor a time; -1 for none."""
        for at in span:
            meaning = self.tokens[at].meaning
            if not (meaning.is_glue or self.topics[at] or (times and meaning.time)):
                return at
        return -1

    def index(self, at: int) -> int:
        """The token that begins at a place, or the first behind it."""
        return bisect_left(self._starts, at)

    def _token_at(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    def word(self, index: int) -> str:
        """The text of a token."""
        return self.text[self.tokens[index].start : self.tokens[index].end]

    def clause(self, at: int) -> int:
        """Where the clause of a place begins."""
        return max(self._clauses.start(at), at - _REACH)

    def end_of_item(self, at: int) -> int:
        """Where the item of a place ends in the list within its clause."""
        last = min(self._clauses.end(at), at + _REACH)
        listed = self.text.find(LISTED, at, last)
        return listed if listed >= 0 else last

    def stretch(self, at: int) -> int:
        """Where the stretch of a place begins that 其中 and 含 may govern: behind the last closed
        bracket or semicolon."""
        return max(self._stretches.start(at), at - _REACH)

    def is_parted(self, start: int, end: int) -> bool:
        """Whether a word that begins a list stands in a stretch."""
        return bisect_left(self._list_words, start) < bisect_left(self._list_words, end)

    def list_mark(self, start: int, first: bool = False) -> int:
        """The token that begins the list in which a place stands, the nearest or the first of its
        stretch; -1 where it stands in none."""
        stretch = self.stretch(start)
        if not self.is_parted(stretch, start):
            return -1
        at = bisect_left(self._list_words, stretch if first else start) - (not first)
        return self.index(self._list_words[at])

    def bracket(self, at: int) -> tuple[int, int] | None:
        """Where the innermost bracket around a place opens and closes."""
        return self._enclosing[self._token_at(at)] if at < len(self.text) else None

    def depth(self, at: int) -> int:
        """How many brackets stand around a place, three at most."""
        found, depth = self.bracket(at), 0
        while found is not None and depth < 3:
            depth, found = depth + 1, self.bracket(found[0])
        return depth

    def topic(self, at: int) -> str | None:
        """What the text is about at a place."""
        named = bisect_right(self._named, at, key=_place)
        return self._named[named - 1][1] if named else self.inherited

    def has_named(self, topic: str, at: int) -> bool:
        """Whether a topic was named before a place, here or since the last subheading."""
        return topic in self.named_before or self._first_named.get(topic, at + 1) <= at

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

    @cached_property
    def _turns(self) -> list[Turn]:
        return [*find_turns(self.g, self.text, self.year)]

    def is_away(self, at: int) -> bool:
        """Whether the sentence speaks of another time or body at a place."""
        before = bisect_right(self._turns, at, key=_turned)
        return before > 0 and self._turns[before - 1].away

    @cached_property
    def _years(self) -> list[tuple[int, str]]:
        """The years that begin a clause: behind each, and which it is."""
        return [
            (token.end, token.meaning.time)
            for at, token in enumerate(self.tokens)
            if token.meaning.time
            and self.text[token.start].isdecimal()
            and (not at or self.tokens[at - 1].mark in tuple(",;:\u3002"))
        ]

    def is_of_another_year(self, at: int) -> bool:
        """Whether the year named last, at the start of a clause, is not the report's."""
        before = bisect_right(self._years, at, key=_place)
        if not before or self.year is None or self._years[before - 1][1] == "this":
            return False
        first = bisect_left(self._turns, self._years[before - 1][0], key=_turned)
        last = bisect_right(self._turns, at, key=_turned)
        return not any(turn.is_this_year for turn in self._turns[first : min(last, first + _MOST)])

    def names_another_year(self, start: int, end: int) -> bool:
        """Whether the tokens of a stretch name the year before."""
        span = range(self.index(start), self.index(end))
        return any(self.tokens[at].meaning.time == "last" for at in span)


def _start(quantity: Quantity) -> int:
    return quantity.start


def _place(named: tuple[int, str]) -> int:
    return named[0]


def _turned(turn: Turn) -> int:
    return turn.at


def _topics(g: Grammar, text: str, tokens: Sequence[ProseToken]) -> Sequence[str | None]:
    """The topic that each token names. A word such as 申请 names one only where it stands free:
    工伤认定申请 is an application for something else."""
    guarded = g.set("guarded")
    found = [token.meaning.topic for token in tokens]
    last: str | None = None
    for index, token in enumerate(tokens):
        topic = found[index]
        if not topic:
            last = last if last and "applied" in token.meaning.marks else None
            continue
        if index and text[token.start : token.end] in guarded:
            before = tokens[index - 1]
            if before.is_unknown:
                topic = min(g.decoys, default=None)
            elif last and last not in g.weak and not before.mark and before.meaning.topic:
                topic = last
        found[index] = topic
        last = topic or (last if "applied" in token.meaning.marks else None)
    return found


Marks = Sequence[tuple[int, str]]
"""The tokens of a sentence that are punctuation: index and sign."""


def _partners(marks: Marks) -> dict[int, int]:
    found: dict[int, int] = {}
    opened: list[tuple[int, str]] = []
    for index, mark in marks:
        if mark in _OPENING:
            opened.append((index, _OPENING[mark]))
        elif opened and mark == opened[-1][1]:
            first, _ = opened.pop()
            found[first], found[index] = index, first
    return found


def _enclosing(
    tokens: Sequence[ProseToken], partner: Mapping[int, int]
) -> Sequence[tuple[int, int] | None]:
    """For each token the places of the innermost bracket around it."""
    if not partner:
        return [None] * len(tokens)
    found: list[tuple[int, int] | None] = []
    around: list[int] = []
    for index in range(len(tokens)):
        if around and partner[around[-1]] == index:
            around.pop()
        first = around[-1] if around else -1
        found.append((tokens[first].start, tokens[partner[first]].start) if around else None)
        if partner.get(index, -1) > index:
            around.append(index)
    return found


def _quoted(marks: Marks, size: int) -> list[bool]:
    """Of so many tokens whether each stands in a title or in quotation marks that close."""
    found = [False] * size
    opened, closing = -1, ""
    for index, mark in marks:
        if opened < 0 and mark in _QUOTING:
            opened, closing = index, _QUOTING[mark]
        elif opened >= 0 and mark == closing:
            found[opened:index] = [True] * (index - opened)
            opened = -1
    return found


_BETWEEN = 3
"""Characters that may stand between two figures of one list."""
_PAIRED = 60
_MOST_PAIRED = 8
"""Figures of one list."""


def pair_names(
    g: Grammar, text: str, quantities: Sequence[Quantity]
) -> Mapping[int, tuple[int, int]]:
    """By the place of a figure the stretch of its name, where a word such as 分别为 says that names
    in front of it and figures behind it pair off, in order."""
    found: dict[int, tuple[int, int]] = {}
    joint = g.pattern("{joints+ands}")
    places = [quantity.start for quantity in quantities]
    for mark in g.pattern("{respectively}").finditer(text):
        figures: list[Quantity] = []
        limit = mark.end() + _BETWEEN
        at = bisect_left(places, mark.end())
        for quantity in quantities[at : at + _MOST_PAIRED]:
            if quantity.start > limit:
                break
            figures.append(quantity)
            limit = quantity.end + _BETWEEN
        first = max(0, mark.start() - _PAIRED)
        start = max(first, *(text.rfind(stop, first, mark.start()) + 1 for stop in ",;:(\u3002"))
        joints = [each.span() for each in joint.finditer(text, start, mark.start())]
        begins = [start, *(end for _, end in joints)]
        ends = [*(begin for begin, _ in joints), mark.start()]
        names = list(zip(begins, ends, strict=True))
        if 2 <= len(figures) <= len(names):
            chosen = names[-len(figures) :]
            found |= {each.start: name for each, name in zip(figures, chosen, strict=True)}
    return found
