"""Sentences in; notices cited, and instructions or placeholders of the template left in, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.prose import Passage
from auditor.model.wordings import Wordings
from auditor.prose.layout import Line
from auditor.prose.quantities import any_of

_OPENING, _CLOSING = r"[(\[\u3014\u3010<]", r"[)\]\u3015\u3011>]"
_QUOTED = re.compile(
    r"\u201c[^\u201c\u201d]*\u201d|\u2018[^\u2018\u2019]*\u2019|\u300a[^\u300a\u300b]*\u300b"
)
_CROSSES = r"(?<![0-9A-Za-z\u00d7])(?:20)?(?:[Xx]{2,}|[\u00d7\u2573\u2715]{2,})(?![0-9A-Za-z])"
"""Crosses in place of words: `XX局`, `20XX年`, `××件`; inside quotation marks they are examples."""
_LONGEST = 30


def passage(tape: Tape, line: Line, start: int, end: int) -> Passage:
    """The stretch `start`..`end` of a sentence."""
    return Passage(
        line.printed[start:end], line.sentence, start, end, line.origin(tape, start, end)
    )


def find_cited(
    tape: Tape, lines: Sequence[Line], wordings: Wordings, folding: Folding
) -> Iterator[Passage]:
    """Notices on the form, by the series that they are numbered in: 国办公开办函〔2021〕30号."""
    series = any_of([folding.fold(word) for word in wordings.words("notice_series")])
    cited = re.compile(rf"(?:{series})({_OPENING}?20\d\d{_CLOSING}?\D?\d{{1,3}}(?!\d).?)")
    for line in lines:
        for found in cited.finditer(line.text):
            yield passage(tape, line, *found.span(1))


def find_leftovers(
    tape: Tape, lines: Sequence[Line], wordings: Wordings, folding: Folding
) -> Iterator[Passage]:
    """Words of the template, crosses and lines to fill in, and dates left empty."""

    def words(name: str) -> str:
        return any_of([folding.fold(word) for word in wordings.words(name)])

    fill_in = rf"{_OPENING}(?:{words('fill_in')})[^)\]\u3011]{{0,{_LONGEST}}}{_CLOSING}"
    said = re.compile(rf"{words('instructions')}|{fill_in}")
    behind = any_of([*wordings.units, *map(folding.fold, wordings.words("date_signs"))])
    crossed = re.compile(rf"{_CROSSES}(?=\w)|_{{2,}}(?={behind})")
    year, month, *days = map(folding.fold, wordings.words("date_signs"))
    empty = re.compile(rf"{year}{month}(?:{any_of(days)})")
    for line in lines:
        for found in said.finditer(line.text):
            yield passage(tape, line, *found.span())
        if "_" in line.text or re.search(_CROSSES, line.text):
            quoted = [each.span() for each in _QUOTED.finditer(line.text)]
            for found in crossed.finditer(line.text):
                if not any(start < found.start() < end for start, end in quoted):
                    yield passage(tape, line, *found.span())
        for found in empty.finditer(line.text):
            if _stands_alone(tape, line, *found.span()):
                yield passage(tape, line, *found.span())


def _stands_alone(tape: Tape, line: Line, start: int, end: int) -> bool:
    """Whether nothing else stands on the line, so that it is a date and not a word: 年 月 日."""
    first, last = line.at[start], line.at[end - 1] + 1
    before = re.split(f"[{LINE}{CELL}]", tape.text[max(0, first - _LONGEST) : first])[-1]
    behind = re.split(f"[{LINE}{CELL}]", tape.text[last : last + _LONGEST])[0]
    return not before.strip(" (\u3000") and not behind.strip(" )\u3000")
