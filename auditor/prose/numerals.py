"""Sentences in; their figures with unit, scale and vagueness, and dates, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.report import step_of
from auditor.model.wordings import Wordings
from auditor.prose.sentences import SentenceText
from auditor.source_text import INVISIBLE, SourceText

PERCENT = "%"
_LONGEST_BARE = 5
"""Digits of a figure without a unit: longer ones are postcodes and telephone numbers."""
_LONGEST_SPELLED = 9
"""Characters of a spelled numeral below ten thousand; longer ones are no numerals."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDS = ",;:()\u3002!?\u3001"
_CLOCK = re.compile(r"\d:\d\d|\d\d:\d")
"""The time of day: 8:30."""
_JOINED = re.compile(r"[0-9A-Za-z.\-\u2013\u2014~\u3014\[/_@:]\Z")


def any_of(words: Sequence[str]) -> str:
    """A pattern for any of the words, the longest first; for none of them, one that never fits."""
    return _any_of(tuple(words))


@lru_cache(256)
def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) or "(?!)"


class NumeralReader:
    """The patterns for figures in sentences, compiled from a form's wordings."""

    def __init__(self, wordings: Wordings) -> None:

        self.digits = {char: value for char, value in wordings.digits}
        self.scales = {char: value for char, value in wordings.scales}
        great = [char for char, value in self.scales.items() if value >= 10_000]
        small = [char for char, value in self.scales.items() if value < 10_000]
        spelled = "".join(re.escape(char) for char in [*self.digits, *small])
        vague = any_of(wordings.vague_after)
        self._figure = re.compile(
            rf"(?P<vague_before>{any_of(wordings.vague_before)})?"
            rf"(?:(?P<plain>\d{{1,3}}(?:[, ]\d{{3}})+(?![\d,])|\d+(?:\.\d+)?)"
            rf"|(?P<spelled>[{spelled}]+))"
            rf"(?P<scale>{any_of(great)})?"
            rf"(?P<vague_mid>{vague})?"
            rf"(?P<unit>{any_of(wordings.units)}|%)?"
            rf"(?P<vague_after>{vague})?"
        )
        self._never_behind = tuple(wordings.more.never_behind)
        self._never_behind_unit = tuple(wordings.more.never_behind_unit)
        self._never_before = tuple(wordings.more.never_before)

    def find(self, tape: SourceText, lines: Sequence[SentenceText]) -> Iterator[Quantity]:
        """Every quantity, in the order of the text."""
        for line in lines:
            position = 0
            while found := self._figure.search(line.text, position):
                position = max(found.end(), position + 1)
                quantity = self._quantity(tape, line, found)
                if quantity is not None:
                    yield quantity

    def _quantity(
        self, tape: SourceText, line: SentenceText, found: re.Match[str]
    ) -> Quantity | None:
        text, end = line.text, found.end()
        name = "plain" if found["plain"] else "spelled"
        start = found.start(name)
        unit = found["unit"] or ""
        if self._is_no_count(text, start, end, found[name], unit, bool(found["scale"])):
            return None
        digits = found[name]
        if "," in digits and not _are_separators(line.printed[start : start + len(digits)]):
            return None  # a list with full-width commas
        if found["spelled"]:
            whole = self._spelled(digits)
            if whole is None or not (unit or whole == 0):
                return None
            value, step = Decimal(whole), Decimal(1)
        else:
            value = Decimal(digits.replace(",", "").replace(" ", ""))
            step = step_of(value)
        scale = found["scale"] or ""
        if scale:
            value, step = value * self.scales[scale], step * self.scales[scale]
        return Quantity(
            line.sentence,
            start,
            end,
            line.printed[start:end],
            value,
            step,
            unit,
            line.origin(tape, start, end),
            bool(found["vague_before"] or found["vague_mid"] or found["vague_after"]),
            scale,
        )

    def _is_no_count(
        self, text: str, start: int, end: int, digits: str, unit: str, scaled: bool
    ) -> bool:
        before, behind = text[max(0, start - 4) : start], text[end : end + 4]
        never = self._never_behind_unit if unit else self._never_before
        if before.endswith(self._never_behind) or behind.startswith(never):
            return True
        if digits[0].isdecimal():
            if before and _JOINED.search(before) and not before.endswith((":", "/")):
                return True
            if _CLOCK.search(text[max(0, start - 3) : end + 3]) is not None:
                return True
            if before.endswith(" ") and before[:-1][-1:].isdecimal():
                return True  # cut by a line's end, or two figures with nothing between them
            if not unit and behind[:1] == " ":
                return True
        elif not unit:
            # A lone zero is a figure where it ends its clause: 数量为零.
            return self._spelled(digits) != 0 or len(digits) > 1 or bool(behind[:1].strip(_ENDS))
        if unit:
            return False
        if behind[:1] and (behind[0].isalnum() or behind[0] in "-\u2013\u2014~./\u3015]"):
            return True
        return not scaled and (len(digits) > _LONGEST_BARE or _YEAR.fullmatch(digits) is not None)

    def _spelled(self, word: str) -> int | None:
        """The number that a spelled numeral below ten thousand says; None when it says none."""
        if len(word) > _LONGEST_SPELLED:
            return None
        if not any(char in self.scales for char in word):
            if len(word) == 1:
                return self.digits[word]
            return None if len(word) < 2 else int("".join(str(self.digits[char]) for char in word))
        total, digit, last = 0, None, 10_000
        for char in word:
            if char in self.digits:
                if digit:
                    return None
                digit = self.digits[char]
                continue
            scale = self.scales[char]
            if scale >= last:
                return None
            total += (1 if digit is None else digit) * scale
            digit, last = None, scale
        return total + (digit or 0)


def _are_separators(printed: str) -> bool:
    """Whether the commas of a printed figure separate thousands: as wide as its digits."""
    narrow = [char.isascii() for char in printed]
    return all(narrow) or not any(narrow)


_APART = re.compile(rf"(?<![0-9])[\s{INVISIBLE}]+|[\s{INVISIBLE}]+(?![0-9])")
_BY_MARKS = re.compile(r"20\d\d[-./]")


def packed(text: str) -> str:
    """Folded text without blanks, but for those that keep two figures apart."""
    return _APART.sub("", text)


class Dated(Struct, frozen=True):
    """A date as printed; `year` is None where only month and day are."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def on(self, year: int | None = None) -> date | None:
        """The day itself, in `year` where none is printed; None where there is no such day."""
        told = self.year or year
        try:
            return date(told, self.month, self.day) if told else None
        except ValueError:
            return None


class DateReader:
    """The patterns for dates, compiled from a form's wordings."""

    def __init__(self, wordings: Wordings) -> None:
        self._digits = {char: value for char, value in wordings.digits if value < 10}
        self._digits |= {char: 0 for char in wordings.more.zeros}
        self._ten = {char for char, value in wordings.scales if value == 10}
        more = wordings.more
        year, month, days = more.year_sign, more.month_sign, more.day_signs
        self._month = month
        spelled = "".join(re.escape(char) for char in self._digits)
        small = "".join(re.escape(char) for char in [*self._digits, *self._ten])
        self._date = re.compile(
            rf"(?:(?P<year>(?<!\d)20\d\d|[{spelled}]{{4}}){year})?"
            rf"(?P<month>(?<!\d)\d{{1,2}}|[{small}]{{1,2}}){month}"
            rf"(?P<day>\d{{1,2}}|[{small}]{{1,3}})(?:{any_of(days)})"
            r"|(?<!\d)(?P<y>20\d\d)(?P<mark>[-./])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)"
        )

    def find(self, text: str) -> Iterator[Dated]:
        """Every date, in the order of the text."""
        if self._month not in text and not _BY_MARKS.search(text):
            return  # most sentences name none, and the search for one is slow
        for found in self._date.finditer(text):
            year: int | None
            if found["y"]:
                year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
            else:
                year = self._year(found["year"]) if found["year"] else None
                month, day = self._small(found["month"]), self._small(found["day"])
            dated = Dated(found.start(), found.end(), year, month, day)
            if dated.on(2000) is not None:
                yield dated

    def _year(self, said: str) -> int:
        return int("".join(str(self._digits.get(char, char)) for char in said))

    def _small(self, said: str) -> int:
        """A number below a hundred in figures or words; 0 where it is none."""
        if said.isdecimal():
            return int(said)
        tens, ten, ones = said, "", ""
        for sign in self._ten:
            tens, ten, ones = said.partition(sign)
            if ten:
                break
        first = self._digits.get(tens, -1) if tens else 1
        last = self._digits.get(ones, -1) if ones else 0
        if not ten:
            return max(first, 0)
        return first * 10 + last if first >= 0 and last >= 0 else 0
