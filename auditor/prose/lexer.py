"""A form's words and the text of a sentence in; its figures, its dates and its typed tokens out.

Readers of sentences name the lists of `prose.yaml` (`Grammar`). In a pattern `{moves}` stands for
any word of a list, the longest first, and `{own+wide}` for any of two. All that stands between such
words is of bounded length, so that reading takes time in proportion to the text.

Figures have a unit, a scale and how vague they are; tokens are heads, topics, times, marks, figures
and unknown text. The words of a form overlap in every way (申请公开, 公开, 依申请公开). Of all ways
to cut a sentence into words the one with the fewest unknown characters is taken, and of those the
one with the fewest words; each place is looked at once, so cutting takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.report import step_of
from auditor.model.source import Origin
from auditor.model.wordings import Mention, Wordings, WordLists
from auditor.patterns import compiled, lazy_pattern

_NAMES = compiled(r"\{([a-z_]\w*(?:\+\w+)*)\}")
_LISTS = ("units", "counts", "vague_before", "vague_after", "wide", "own")

_LONG = 4
"""Characters of a topic's word that cannot be a part of another's."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; for none of them, one that never fits."""
    # In an order that is the same in each run: what it is compiled to is kept.
    listed = sorted(set(words), key=lambda word: (len(word), word), reverse=True)
    escaped = [re.escape(word) for word in listed if len(word) > 1]
    signs = "".join(re.escape(word) for word in listed if len(word) == 1)
    return "|".join([*escaped, f"[{signs}]"] if signs else escaped) or "(?!)"


class WordSet:
    """A set of words that can be asked which of them begin or end at a place."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    @cached_property
    def _beginning(self) -> Mapping[str, Sequence[int]]:
        return _lengths({(word[0], len(word)) for word in self._words if word})

    @cached_property
    def _ending(self) -> Mapping[str, Sequence[int]]:
        return _lengths({(word[-1], len(word)) for word in self._words if word})

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


def _lengths(words: Set[tuple[str, int]]) -> dict[str, list[int]]:
    """How long the words are that have a character at one end, the longest first."""
    found: dict[str, list[int]] = {}
    for char, length in sorted(words, reverse=True):
        found.setdefault(char, []).append(length)
    return found


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

    def pattern(self, template: str, needed: Collection[str] = ()) -> re.Pattern[str]:
        """A pattern with the words of lists in place of their names; one of the `needed` words
        stands in whatever it finds, as do those of a list that is all of it."""
        known = self._patterns.get(template)
        if known is None:
            spelled = _NAMES.sub(lambda name: f"(?:{any_of(self.words(name[1]))})", template)
            if whole := _NAMES.fullmatch(template):
                needed = self.words(whole[1])
            known = self._patterns[template] = lazy_pattern(spelled, needed=needed)
        return known

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


PERCENT = "%"
_LONGEST_BARE = 5
"""Digits of a figure without a unit: longer ones are postcodes and telephone numbers."""
_LONGEST_SPELLED = 9
"""Characters of a spelled numeral below ten thousand; longer ones are no numerals."""
_YEAR = compiled(r"(?:19|20)\d\d")
_ENDS = ",;:()\u3002!?\u3001"
_CLOCK = lazy_pattern(r"\d:\d\d|\d\d:\d", needed=":")
"""The time of day: 8:30."""
_JOINTS = ".-\u2013\u2014~\u3014[_@"
_FIGURE = (
    r"(?P<vague_before>{vague_before})?"
    r"(?:(?P<plain>\d{1,3}(?:[, ]\d{3})+(?![\d,])|\d+(?:\.\d+)?)"
    r"|(?P<spelled>{digits+small_scales}+))"
    r"(?P<scale>{great_scales})?(?P<vague_mid>{vague_after})?"
    r"(?P<unit>{units}|%)?(?P<vague_after>{vague_after})?"
)


def find_quantities(
    g: Grammar, number: int, text: str, printed: str, origin: Callable[[int, int], Origin]
) -> Iterator[Quantity]:
    """Every quantity of a sentence, in the order of its text.

    `number` is the sentence's, `printed` its text as it was before folding, `origin` tells where
    a stretch of it stood.
    """
    figure = g.pattern(_FIGURE)
    position = 0
    while found := figure.search(text, position):
        position = max(found.end(), position + 1)
        digits = found["plain"] or found["spelled"]
        start, end = found.start("plain" if found["plain"] else "spelled"), found.end()
        unit, scale = found["unit"] or "", found["scale"] or ""
        if _is_no_count(g, text, start, end, digits, unit, bool(scale)):
            continue
        if "," in digits and not _are_separators(printed[start : start + len(digits)]):
            continue  # a list with full-width commas
        if found["spelled"]:
            whole = _spelled(g, digits)
            if whole is None or not (unit or whole == 0):
                continue
            value, step = Decimal(whole), Decimal(1)
        else:
            value = Decimal(digits.replace(",", "").replace(" ", ""))
            step = step_of(value)
        times = g.scales[scale] if scale else 1
        vague = found["vague_before"] or found["vague_mid"] or found["vague_after"]
        yield Quantity(
            number, start, end, printed[start:end], value * times, step * times, unit,
            origin(start, end), bool(vague), scale,
        )  # fmt: skip


def _is_no_count(
    g: Grammar, text: str, start: int, end: int, digits: str, unit: str, scaled: bool
) -> bool:
    """Whether the words around a figure make it a number of a document, a time and the like."""
    before, behind = text[max(0, start - 4) : start], text[end : end + 4]
    never = g.words("never_behind_unit" if unit else "never_before")
    if before.endswith(g.words("never_behind")) or behind.startswith(never):
        return True
    if digits[0].isdecimal():
        last = before[-1:]
        if last and (last in _JOINTS or (last.isascii() and last.isalnum())):
            return True
        if _CLOCK.search(text[max(0, start - 3) : end + 3]) is not None:
            return True
        if before.endswith(" ") and before[:-1][-1:].isdecimal():
            return True  # cut by a line's end, or two figures with nothing between them
        if not unit and behind[:1] == " ":
            return True
    elif not unit:
        # A lone zero is a figure where it ends its clause: 数量为零.
        return _spelled(g, digits) != 0 or len(digits) > 1 or bool(behind[:1].strip(_ENDS))
    if unit:
        return False
    if behind[:1] and (behind[0].isalnum() or behind[0] in "-\u2013\u2014~./\u3015]"):
        return True
    return not scaled and (len(digits) > _LONGEST_BARE or _YEAR.fullmatch(digits) is not None)


def _spelled(g: Grammar, word: str) -> int | None:
    """The number that a spelled numeral below ten thousand says; None when it says none."""
    if len(word) > _LONGEST_SPELLED:
        return None
    if g.scales.keys().isdisjoint(word):
        return int("".join(str(g.digits[char]) for char in word))
    total, digit, last = 0, None, 10_000
    for char in word:
        if char in g.digits:
            if digit:
                return None
            digit = g.digits[char]
            continue
        scale = g.scales[char]
        if scale >= last:
            return None
        total += (1 if digit is None else digit) * scale
        digit, last = None, scale
    return total + (digit or 0)


def _are_separators(printed: str) -> bool:
    """Whether the commas of a printed figure separate thousands: as wide as its digits."""
    narrow = [char.isascii() for char in printed]
    return all(narrow) or not any(narrow)


class Dated(Struct, frozen=True):
    """A date as printed; `year` is None where only month and day are."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def on(self, year: int | None = None) -> date | None:
        """The day itself, in `year` where none is printed; None where there is no such day."""
        of_year = self.year or year
        try:
            return date(of_year, self.month, self.day) if of_year else None
        except ValueError:
            return None


_BY_MARKS = lazy_pattern(r"20\d\d[-./]", needed="-./")
_DATE = (
    r"(?:(?P<year>(?<!\d)20\d\d|{digits+zeros}{4}){year_sign})?"
    r"(?P<month>(?<!\d)\d{1,2}|{digits+zeros+tens}{1,2}){month_sign}"
    r"(?P<day>\d{1,2}|{digits+zeros+tens}{1,3}){day_signs}"
    r"|(?<!\d)(?P<y>20\d\d)(?P<mark>[-./])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)"
)


def find_dates(g: Grammar, text: str) -> Iterator[Dated]:
    """Every date, in the order of the text."""
    if not any(sign in text for sign in g.words("month_sign")) and not _BY_MARKS.search(text):
        return  # most sentences name none, and the search for one is slow
    for found in g.pattern(_DATE).finditer(text):
        year: int | None = None
        if found["y"]:
            year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
        else:
            if found["year"]:
                year = int("".join(str(g.date_digits.get(char, char)) for char in found["year"]))
            month, day = _below_hundred(g, found["month"]), _below_hundred(g, found["day"])
        dated = Dated(found.start(), found.end(), year, month, day)
        if dated.on(2000) is not None:
            yield dated


def _below_hundred(g: Grammar, printed: str) -> int:
    """A number below a hundred in figures or words; 0 where it is none."""
    if printed.isdecimal():
        return int(printed)
    tens, ten, ones = printed.partition(g.words("tens")[0])
    first = g.date_digits.get(tens, -1) if tens else 1
    last = g.date_digits.get(ones, -1) if ones else 0
    if not ten:
        return max(first, 0)
    return first * 10 + last if first >= 0 and last >= 0 else 0


MARKS = frozenset(
    " ,;:()[]\u3001\u3002!?\u3010\u3011\u300a\u300b\u300c\u300d\u300e\u300f\u201c\u201d/"
)
_MARK = compiled(rf"[{re.escape(''.join(sorted(MARKS)))}]")
_ALONE = (1,)
_UNKNOWN_COST = 10
"""What an unknown character costs beside a word, which costs one."""
_MOST_GLUE = 3
"""Words without meaning that may stand between the heads of a compound."""
_LONGEST_ROW = 12
_PASSED = frozenset({"glue", "all", "and"})
SLOTS = "head", "topic", "time", "mark"
"""What a word may be in a sentence."""
_PRINTED_YEAR = r"(?<!\d)(20\d\d){year_signs}"


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


class ProseToken(Struct, frozen=True):
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
        self._rows = [(row, Meaning(frozenset({made}))) for row, made in wordings.compounds]
        meaning_of = cache(self._meaning)  # thousands of words share some hundred of them
        self._meanings = {
            word: meaning_of(frozenset(slots)) for word, slots in _slots_of_words(wordings).items()
        }
        self._of_time = {
            time: meaning_of(frozenset({("time", time)}))
            for time in ("last", "this", "next", "other")
        }
        lengths: dict[str, tuple[int, ...]] = {}
        for word in sorted(self._meanings, key=len):
            known = lengths.get(word[:2], _ALONE)
            lengths[word[:2]] = known if known[-1] == len(word) else (*known, len(word))
        self._lengths = lengths
        """How long the words are that begin with two characters; any character may be a word."""

    def _meaning(self, slots: frozenset[tuple[str, str]]) -> Meaning:
        head, topic, time, mark = (
            frozenset(key for slot, key in slots if slot == wanted) for wanted in SLOTS
        )
        keys = head | time
        return Meaning(
            head,
            min(topic, default=None),
            min(time, default=None),
            mark,
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
        for found in self.grammar.pattern(_PRINTED_YEAR).finditer(text):
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
        for found in _MARK.finditer(text):
            meanings[found.start()] = None
        for at, token in given.items():
            ends[at], meanings[at] = token.end, None
        lengths_of, meaning_of = self._lengths.get, self._meanings.get
        for at in range(size - 1, -1, -1):
            end = ends[at]
            least = costs[end] + (1 if meanings[at] is None else _UNKNOWN_COST)
            for last in lengths_of(text[at : at + 2], _ALONE):
                known = meaning_of(text[at : (last := at + last)])
                if known is not None and last <= size and (cost := 1 + costs[last]) <= least:
                    is_better = cost < least or last > end
                    if is_better and not any(at < cut < last for cut in cuts):
                        end, meanings[at], least = last, known, cost
            costs[at], ends[at] = least, end
        return ends, meanings


def _slots_of_words(wordings: Wordings) -> Mapping[str, set[tuple[str, str]]]:
    """For every word the slots that it fills, each with the key that it stands under."""
    found: dict[str, set[tuple[str, str]]] = {}
    topics = [(topic.key, topic.words) for topic in wordings.topics]
    lists: tuple[Sequence[tuple[str, tuple[str, ...]]], ...] = (
        wordings.heads, topics, wordings.times, wordings.marks,
    )  # fmt: skip
    for slot, keyed in zip(SLOTS, lists, strict=True):
        for key, words in keyed:
            for word in words:
                found.setdefault(word, set()).add((slot, key))
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
            token = given.get(at) or ProseToken(at, end, NO_WORD, text[at])
        else:
            while meaning is UNKNOWN and end < size and meanings[end] is UNKNOWN:
                end += 1
            token = ProseToken(at, end, meaning)
        if token.meaning.compounds:
            rows.append(len(found))
        found.append(token)
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
