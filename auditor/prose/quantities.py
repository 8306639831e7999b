"""The text of a sentence in; its figures with unit, scale and vagueness, and its dates, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from auditor.model.prose import Quantity
from auditor.model.report import step_of
from auditor.model.source import Origin
from auditor.prose.grammar import Grammar

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


_BY_MARKS = re.compile(r"20\d\d[-./]")
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
