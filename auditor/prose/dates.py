"""Text in, dates out: 2024年1月10日, 二〇二四年一月十日, 2024-01-10, and 1月10日 without a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from auditor.forms.folding import GAP, Folding
from auditor.model.noun import noun
from auditor.model.wordings import Wordings
from auditor.prose.quantities import any_of

_APART = re.compile(rf"(?<![0-9])[\s{GAP}]+|[\s{GAP}]+(?![0-9])")


_BY_MARKS = re.compile(r"20\d\d[-./]")


def packed(text: str) -> str:
    """Folded text without blanks, but for those that keep two figures apart."""
    return _APART.sub("", text)


@noun
class Dated:
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


class Dates:
    """The patterns for dates, compiled from a form's wordings."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        fold = folding.fold
        self._digits = {fold(char): value for char, value in wordings.digits if value < 10}
        self._digits |= {fold(char): 0 for char in wordings.words("zeros")}
        self._ten = {fold(char) for char, value in wordings.scales if value == 10}
        year, month, *days = map(fold, wordings.words("date_signs"))
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
