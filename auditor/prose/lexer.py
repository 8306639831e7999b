"""A sentence and its figures in; typed tokens out: heads, topics, times, marks, figures, unknown.

The words of a form overlap in every way (申请公开, 公开, 依申请公开). Of all ways to cut a sentence
into words the one with the fewest unknown characters is taken, and of those the one with the fewest
words; each place is looked at once, so cutting takes linear time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.wordings import Wordings
from auditor.prose.grammar import Grammar

MARKS = frozenset(
    " ,;:()[]\u3001\u3002!?\u3010\u3011\u300a\u300b\u300c\u300d\u300e\u300f\u201c\u201d/"
)
_UNKNOWN_COST = 10
"""What an unknown character costs beside a word, which costs one."""
_MOST_GLUE = 3
"""Words without meaning that may stand between the heads of a compound."""
_LONGEST_ROW = 12
_PASSED = frozenset({"glue", "all", "and"})
_YEAR = r"(?<!\d)(20\d\d){year_signs}"


class Meaning(Struct, frozen=True):
    """What a word may be; several at once where only its neighbours tell."""

    heads: frozenset[str] = frozenset()
    """What is done or comes of it."""
    topic: str | None = None
    time: str | None = None
    """`last`, `this`, `next` or `other` year."""
    marks: frozenset[str] = frozenset()
    """Small words: glue, and, none, all, of, each."""
    is_glue: bool = False
    is_passed: bool = False
    """Whether it changes nothing where it stands between a word and its figure."""
    compounds: tuple[tuple[tuple[str, ...], Meaning], ...] = ()
    """The rows of keys that may begin with it, and what they make."""


UNKNOWN, NO_WORD = Meaning(), Meaning()
"""Of text that no list has; of figures and punctuation."""


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
        return self.meaning is UNKNOWN


class Lexer:
    """The words of a form, and the compounds that their heads make."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        wordings = grammar.wordings
        self._years = grammar.pattern(_YEAR)
        self._rows = [(row, Meaning(frozenset({made}))) for row, made in wordings.compounds]
        meanings = {
            word: self._meaning(**slots) for word, slots in _slots_of_words(wordings).items()
        }
        self._of_time = {
            time: self._meaning(time={time}) for time in ("last", "this", "next", "other")
        }
        words = [(word, len(word), meanings[word]) for word in sorted(meanings, key=len)[::-1]]
        beginning: dict[str, list[tuple[str, int, Meaning]]] = {}
        for each in words:
            beginning.setdefault(each[0][:2], []).append(each)
        single = {word: [(word, length, known)] for word, length, known in words if length == 1}
        self._beginning: Mapping[str, Sequence[tuple[str, int, Meaning]]] = single | {
            pair: [*found, *single.get(pair[0], ())]
            for pair, found in beginning.items()
            if len(pair) == 2
        }
        """By two characters, and by one, the words that begin with them, the longest first."""

    def _meaning(
        self,
        head: Collection[str] = (),
        topic: Collection[str] = (),
        time: Collection[str] = (),
        mark: Collection[str] = (),
    ) -> Meaning:
        keys = {*head, *time}
        return Meaning(
            frozenset(head),
            min(topic, default=None),
            next(iter(time), None),
            frozenset(mark),
            "glue" in mark,
            bool(topic or time or not _PASSED.isdisjoint(mark)),
            tuple((row, made) for row, made in self._rows if row[0] in keys),
        )

    def tokens(
        self,
        text: str,
        quantities: Sequence[Quantity],
        year: int | None,
        cuts: Collection[int] = (),
    ) -> tuple[ProseToken, ...]:
        """The sentence, cut into words, figures, marks and unknown text; no word crosses a cut."""
        given = {
            each.start: ProseToken(each.start, each.end, NO_WORD, "", each) for each in quantities
        }
        for found in self._years.finditer(text):
            time = self._of_time[_time(int(found[1]), year)]
            given.setdefault(found.start(), ProseToken(found.start(), found.end(), time))
        ends, meanings = self._cut(text, given, cuts)
        return tuple(_tokens(text, given, ends, meanings))

    def _cut(
        self, text: str, given: Mapping[int, ProseToken], cuts: Collection[int]
    ) -> tuple[list[int], list[Meaning | None]]:
        """For every place where the cheapest word ends that begins there, and what it means; None
        where it is a given token or a mark."""
        size = len(text)
        costs = [0] * (size + 1)
        ends = [*range(1, size + 1)]
        meanings: list[Meaning | None] = [UNKNOWN] * size
        beginning, of_marks = self._beginning.get, MARKS
        for at in range(size - 1, -1, -1):
            end, char = at + 1, text[at]
            if at in given:
                end, meanings[at] = given[at].end, None
                least = 1 + costs[end]
            elif char in of_marks:
                meanings[at] = None
                least = 1 + costs[end]
            else:
                least = _UNKNOWN_COST + costs[end]
            for word, length, known in beginning(text[at : at + 2]) or beginning(char) or ():
                last = at + length
                if last > size or (cost := 1 + costs[last]) > least:
                    continue
                if (cost == least and last <= end) or not text.startswith(word, at):
                    continue
                if not cuts or not any(at < cut < last for cut in cuts):
                    end, meanings[at], least = last, known, cost
            costs[at], ends[at] = least, end
        return ends, meanings


def _slots_of_words(wordings: Wordings) -> Mapping[str, dict[str, set[str]]]:
    """For every word the keys that it stands under: as a head, topic, time or mark."""
    found: dict[str, dict[str, set[str]]] = {}
    topics = [(topic.key, topic.words) for topic in wordings.topics]
    lists: Iterable[tuple[str, Sequence[tuple[str, tuple[str, ...]]]]] = (
        ("head", wordings.heads),
        ("topic", topics),
        ("time", wordings.times),
        ("mark", wordings.marks),
    )
    for slot, keyed in lists:
        for key, words in keyed:
            for word in words:
                found.setdefault(word, {}).setdefault(slot, set()).add(key)
    return found


def _time(named: int, year: int | None) -> str:
    if year is None:
        return "this"
    return {year - 1: "last", year: "this", year + 1: "next"}.get(named, "other")


def _tokens(
    text: str,
    given: Mapping[int, ProseToken],
    ends: Sequence[int],
    meanings: Sequence[Meaning | None],
) -> list[ProseToken]:
    """The tokens of the cheapest way: unknown characters in a row as one, and those as one that
    are a row of heads and times with a meaning of its own."""
    found: list[ProseToken] = []
    rows: list[int] = []
    at, size = 0, len(ends)
    while at < size:
        end, meaning = ends[at], meanings[at]
        if meaning is None:
            found.append(given.get(at) or ProseToken(at, end, NO_WORD, text[at]))
        else:
            while meaning is UNKNOWN and end < size and meanings[end] is UNKNOWN:
                end += 1
            found.append(ProseToken(at, end, meaning))
        if found[-1].meaning.compounds:
            rows.append(len(found) - 1)
        at = end
    free, merged = 0, 0
    for index in rows:
        first = index - merged
        for row, made in found[first].meaning.compounds if first >= free else ():
            last = _row_end(found, first, row)
            if last:
                found[first:last] = [ProseToken(found[first].start, found[last - 1].end, made)]
                free, merged = first + 1, merged + last - first - 1
                break
    return found


def _row_end(tokens: Sequence[ProseToken], at: int, row: Sequence[str]) -> int:
    """Where a row of keys ends that begins at a token; 0 where it does not stand there."""
    glue = place = 0
    for index in range(at, min(len(tokens), at + _LONGEST_ROW)):
        meaning = tokens[index].meaning
        if meaning.time == row[place] or row[place] in meaning.heads:
            place, glue = place + 1, 0
            if place == len(row):
                return index + 1
        elif not meaning.is_glue or glue == _MOST_GLUE:
            return 0
        else:
            glue += 1
    return 0
