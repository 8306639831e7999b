"""Sentences and tape in; title, period, signature and whatever else is no figure of the form, out.

What cannot be told for certain is left out: no title where several years contradict each other, no
signature unless a line looks like the name of an agency. A year counts as stale only where it opens
a clause that tells of work done, with a figure, and nothing near it says that another is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from auditor.layout.labels import Vocabulary
from auditor.model.prose import Heading, Metadata, Passage, Printed, Quantity, StaleYear
from auditor.model.report import Identity
from auditor.model.wordings import Wordings
from auditor.prose.numerals import DateReader, any_of, packed
from auditor.prose.sentences import PREAMBLE, SentenceText, find_misplaced, find_unseen
from auditor.source_text import CELL, INVISIBLE, LINE, SourceText

_OPENING, _CLOSING = r"[(\[\u3014\u3010<]", r"[)\]\u3015\u3011>]"
_IN_QUOTES = re.compile(
    r"\u201c[^\u201c\u201d]*\u201d|\u2018[^\u2018\u2019]*\u2019|\u300a[^\u300a\u300b]*\u300b"
)
_CROSSES = r"(?<![0-9A-Za-z\u00d7])(?:20)?(?:[Xx]{2,}|[\u00d7\u2573\u2715]{2,})(?![0-9A-Za-z])"
"""Crosses in place of words: `XX局`, `20XX年`, `××件`; inside quotation marks they are examples."""
_LONGEST_BLANK = 30


def passage(tape: SourceText, line: SentenceText, start: int, end: int) -> Passage:
    """The stretch `start`..`end` of a sentence."""
    return Passage(
        line.printed[start:end], line.sentence, start, end, line.origin(tape, start, end)
    )


def find_cited(
    tape: SourceText, lines: Sequence[SentenceText], wordings: Wordings
) -> Iterator[Passage]:
    """Notices on the form, by the series that they are numbered in: 国办公开办函〔2021〕30号."""
    series = any_of(wordings.more.notice_series)
    cited = re.compile(rf"(?:{series})({_OPENING}?20\d\d{_CLOSING}?\D?\d{{1,3}}(?!\d).?)")
    for line in lines:
        for found in cited.finditer(line.text):
            yield passage(tape, line, *found.span(1))


def find_leftovers(
    tape: SourceText, lines: Sequence[SentenceText], wordings: Wordings
) -> Iterator[Passage]:
    """Words of the template, crosses and lines to fill in, and dates left empty."""

    more = wordings.more
    fill_in = rf"{_OPENING}(?:{any_of(more.fill_in)})[^)\]\u3011]{{0,{_LONGEST_BLANK}}}{_CLOSING}"
    said = re.compile(rf"{any_of(more.instructions)}|{fill_in}")
    behind = any_of([*wordings.units, more.year_sign, more.month_sign, *more.day_signs])
    crossed = re.compile(rf"{_CROSSES}(?=\w)|_{{2,}}(?={behind})")
    empty = re.compile(rf"{more.year_sign}{more.month_sign}(?:{any_of(more.day_signs)})")
    for line in lines:
        for found in said.finditer(line.text):
            yield passage(tape, line, *found.span())
        if "_" in line.text or re.search(_CROSSES, line.text):
            quoted = [each.span() for each in _IN_QUOTES.finditer(line.text)]
            for found in crossed.finditer(line.text):
                if not any(start < found.start() < end for start, end in quoted):
                    yield passage(tape, line, *found.span())
        for found in empty.finditer(line.text):
            if _stands_alone(tape, line, *found.span()):
                yield passage(tape, line, *found.span())


def _stands_alone(tape: SourceText, line: SentenceText, start: int, end: int) -> bool:
    """Whether nothing else stands on the line, so that it is a date and not a word: 年 月 日."""
    first, last = line.at[start], line.at[end - 1] + 1
    before = re.split(f"[{LINE}{CELL}]", tape.text[max(0, first - _LONGEST_BLANK) : first])[-1]
    behind = re.split(f"[{LINE}{CELL}]", tape.text[last : last + _LONGEST_BLANK])[0]
    return not before.strip(" (\u3000") and not behind.strip(" )\u3000")


_OPENS = frozenset(",;:()\u3001!?")
_IN_QUOTES_OR_BRACKETS = re.compile(
    r"\u201c[^\u201c\u201d]*\u201d|\u300a[^\u300a\u300b]*\u300b|\([^()]*\)"
)
_NAME_REACH = 60
"""Characters in front of a year in which the agency's name is looked for."""
_OLDEST = 4
"""Years back from the report's: older ones are history, not an old draft."""


def find_stale_years(
    tape: SourceText,
    lines: Sequence[SentenceText],
    quantities: Sequence[Quantity],
    wordings: Wordings,
    report_year: int | None,
    agency: str | None,
) -> Iterator[StaleYear]:
    """The first stale year of every sentence that has one."""
    if report_year is None:
        return
    sign = wordings.more.year_sign
    years = re.compile(rf"(?<!\d)(20\d\d)\s*{sign}")
    if all(int(year) == report_year for line in lines for year in years.findall(line.text)):
        return  # as nearly all reports: spares them compiling all that follows
    work = re.compile(any_of(wordings.more.work_done))
    lawful = re.compile(any_of(wordings.more.other_years))
    ahead = re.compile(any_of(wordings.more.plans))
    behind = wordings.more.year_attributes
    own = [*wordings.own, *wordings.wide, *([agency] if agency else [])]
    lead = re.compile(rf"(?:{any_of(own)})\Z")
    figures: dict[int, list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        if quantity.unit and quantity.unit != "%":
            figures[quantity.sentence].append(quantity)
    counted = {
        line.sentence: {*work.findall(line.text)}
        for line in lines
        if figures[line.sentence] and f"{report_year}{sign}" in line.text
    }
    for line in lines:
        text = line.text
        named = [*years.finditer(text)]
        if not named or not figures[line.sentence] or lawful.search(text):
            continue
        if any(int(found[1]) == report_year for found in named):
            continue
        told = {*work.findall(text)}
        if any(told & counted.get(line.sentence + step, set()) for step in (-1, 1)):
            continue  # told beside this year's, for comparison
        quoted = [each.span() for each in _IN_QUOTES_OR_BRACKETS.finditer(text)]
        for found in named:
            year = int(found[1])
            begin = max(0, found.start() - _NAME_REACH)
            before = lead.sub("", text[begin : found.start()])
            opens = before[-1] in _OPENS if before else begin == 0
            if not opens or not report_year - _OLDEST < year <= report_year + 1:
                continue
            if any(start < found.start() < end for start, end in quoted):
                continue
            if text.startswith(behind, found.end()) or (
                year > report_year and ahead.search(text, found.end())
            ):
                continue
            if not any(
                work.search(text, found.end(), quantity.start) or work.match(text, quantity.end)
                for quantity in figures[line.sentence]
                if quantity.start > found.end()
            ):
                continue
            origin = line.origin(tape, found.start(), found.end())
            yield StaleYear(year, line.sentence, found.start(), found.end(), origin)
            break


_STOPS = "\u3002!?;"
_BRACKETS = "() \u3010\u3011[]"
_NAME = range(4, 41)
_REACH = 24
"""Characters behind 发布时间 in which its date is looked for."""


class Signed(Struct, frozen=True):
    """A name and a date; None for what is not there."""

    name: Printed | None = None
    printed: Printed | None = None
    on: date | None = None


class _Piece(NamedTuple):
    """A line behind the last full stop on it."""

    text: str
    place: int
    end: int


def find_signature(tape: SourceText, start: int, dates: DateReader, wordings: Wordings) -> Signed:
    """The first date that stands alone or behind an agency's name, and that name."""
    ends = wordings.more.agency_ends
    never = wordings.more.no_signature

    def is_name(text: str) -> bool:
        return (
            len(text) in _NAME
            and text.endswith(ends)
            and all(char.isalpha() or char in "()" for char in text)
            and not any(word in text for word in never)
        )

    pieces = [*_pieces(tape, start)]
    alone: Signed | None = None
    for index, piece in enumerate(pieces):
        told = [*dates.find(piece.text)]
        if not told or told[-1].on() is None or piece.text[told[-1].end :].strip(_BRACKETS):
            continue
        head = piece.text[: told[-1].start].strip(_BRACKETS)
        before = pieces[index - 1] if index else None
        origin = tape.origin(piece.place, piece.end)
        printed = Printed(piece.text[told[-1].start : told[-1].end], origin)
        if is_name(head):
            return Signed(Printed(head, origin), printed, told[-1].on())
        if not head and before is not None and is_name(before.text):
            name = Printed(before.text, tape.origin(before.place, before.end))
            return Signed(name, printed, told[-1].on())
        if not head and alone is None:
            alone = Signed(None, printed, told[-1].on())
    if alone is None and pieces and is_name(pieces[-1].text):
        name = Printed(pieces[-1].text, tape.origin(pieces[-1].place, pieces[-1].end))
        return Signed(name)
    return alone or Signed()


def _pieces(tape: SourceText, start: int) -> Iterator[_Piece]:
    """The lines from `start` on; of one with full stops, what stands behind the last of them."""
    place = start
    for line in re.split(f"[{LINE}{CELL}]", tape.text[start:]):
        stop = max(line.rfind(mark) for mark in _STOPS) + 1
        text = packed(line[stop:]).strip()
        if text:
            first = place + stop + len(line[stop:]) - len(line[stop:].lstrip())
            yield _Piece(text, first, place + len(line.rstrip()))
        place += len(line) + 1


def find_published(
    tape: SourceText,
    lines: Sequence[SentenceText],
    dates: DateReader,
    wordings: Wordings,
) -> Signed:
    """The earliest date that a page prints behind 发布时间 or the like."""
    labels = re.compile(any_of(wordings.more.published))
    found: list[tuple[date, Printed]] = []
    for line in lines:
        for label in labels.finditer(line.text):
            for told in dates.find(line.text[label.end() : label.end() + _REACH]):
                on = told.on()
                if on is not None and told.start <= 1:
                    end = label.end() + told.end
                    origin = line.origin(tape, label.start(), end)
                    found.append((on, Printed(line.printed[label.start() : end], origin)))
                break
    if not found:
        return Signed()
    on, printed = min(found, key=lambda each: each[0])
    return Signed(None, printed, on)


_FRONT = 4000
"""Characters in which a title is looked for."""
_TITLE_LENGTH = 80
_ENDS_TITLE = frozenset("\u3002,:;!?|#>*")
_QUOTED = "\u300a"
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_WHOLE_YEAR = ((1, 1), (12, 31))


def read_formalities(
    tape: SourceText,
    lines: Sequence[SentenceText],
    headings: Sequence[tuple[int, int, Heading]],
    quantities: Sequence[Quantity],
    wordings: Wordings,
    vocabulary: Vocabulary,
    identity: Identity,
    dates: DateReader,
) -> Metadata:
    """What the report says of itself, as far as it can be told."""
    first = headings[0][0] if headings else len(tape.text)
    title = _find_title(tape, first, wordings, identity.agency)
    titled = title or _Title()
    period = _find_period(tape, lines, dates, wordings)
    years = {titled.year, *((period.start.year, period.end.year) if period else ())} - {None}
    year = years.pop() if len(years) == 1 else None
    last = headings[-1] if headings else None
    sign = Signed()
    if last is not None and last[2].section in {each.key for each in wordings.sections[-2:]}:
        sign = find_signature(tape, last[1], dates, wordings)
    published = find_published(tape, lines, dates, wordings)
    return Metadata(
        title=titled.printed,
        title_agency=titled.agency,
        title_year=titled.year,
        signature=sign.name,
        signed=sign.printed,
        signed_on=sign.on,
        published=published.printed,
        published_on=published.on,
        period=period.printed if period else None,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        contents=tuple(_contents(lines, sign)),
        misplaced=tuple(find_misplaced(tape, headings, wordings, vocabulary)),
        unseen=tuple(find_unseen(tape, headings, wordings, vocabulary)),
        cited=tuple(find_cited(tape, lines, wordings)),
        stale_years=tuple(
            find_stale_years(tape, lines, quantities, wordings, year, identity.agency)
        ),
        leftovers=tuple(find_leftovers(tape, lines, wordings)),
    )


def _contents(lines: Sequence[SentenceText], sign: Signed) -> Iterator[tuple[str, str]]:
    """What every section says; the signature stands under the report, not in its last section."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.section, []).append(line.text.replace(" ", ""))
    signed = [each.text for each in (sign.name, sign.printed) if each]
    for section, pieces in texts.items():
        text = "".join(pieces)
        for printed in signed:
            head, found, tail = text.rpartition(printed.replace(" ", ""))
            text = head + tail if found else text
        yield section, text


class _Title(Struct, frozen=True):
    printed: Printed | None = None
    agency: str | None = None
    year: int | None = None


def _find_title(
    tape: SourceText, before: int, wordings: Wordings, agency: str | None
) -> _Title | None:
    """The title, without its year where several titles in front of the text contradict each other.

    Titles in running text (根据……年度报告的要求) count only where no other is printed.
    """
    at = [
        place
        for place, char in enumerate(tape.text[: min(before, _FRONT)])
        if not (char.isspace() or char == INVISIBLE) or char in LINE + CELL
    ]
    text = "".join(tape.text[place] for place in at)
    titles: list[_Title] = []
    joined = [index for index, char in enumerate(text) if char not in LINE + CELL]
    solid = "".join(text[index] for index in joined)
    ends = re.compile(any_of(wordings.more.title_ends))
    never = wordings.more.title_never
    stop = solid.find("\u3002")
    for found in ends.finditer(solid):
        if titles and 0 <= stop < found.start():
            break
        if solid.startswith(never, found.end()):
            continue
        start = found.start()
        while start > max(0, found.start() - _TITLE_LENGTH) and solid[start - 1] not in _ENDS_TITLE:
            start -= 1
            if solid[start] == _QUOTED:
                break
        if solid[start] == _QUOTED:
            continue
        years = [*_YEAR.finditer(solid, start, found.start())]
        if not years:
            continue
        named = solid.rfind(agency, start, found.start()) if agency else -1
        begin = min(years[-1].start(), named) if named >= 0 else years[-1].start()
        line = max(text.rfind(mark, 0, joined[begin] + 1) for mark in LINE + CELL) + 1
        begin = max(start, next(i for i, place in enumerate(joined) if place >= line))
        printed = Printed(
            solid[begin : found.end()], tape.origin(at[joined[begin]], at[joined[begin]] + 1)
        )
        titles.append(_Title(printed, agency if named >= 0 else None, int(years[-1].group())))
    if not titles:
        return None
    agreed = len({title.year for title in titles}) == 1
    return titles[0] if agreed else _Title(titles[0].printed, titles[0].agency, None)


class _Period(Struct, frozen=True):
    printed: Printed
    start: date
    end: date


def _find_period(
    tape: SourceText,
    lines: Sequence[SentenceText],
    dates: DateReader,
    wordings: Wordings,
) -> _Period | None:
    """What the figures are said to cover; the preamble's own statement first."""
    words = wordings.more.period_words
    joints = {*wordings.more.until}
    found = [
        (line.section != PREAMBLE, period)
        for line in lines
        for period in _periods(tape, line, dates, words, joints)
    ]
    return min(found, key=lambda each: each[0])[1] if found else None


def _periods(
    tape: SourceText,
    line: SentenceText,
    dates: DateReader,
    words: tuple[str, ...],
    joints: set[str],
) -> Iterator[_Period]:
    told = [*dates.find(line.text)]
    for one, other in pairwise(told):
        start, end = one.on(), other.on(one.year)
        if start is None or end is None or line.text[one.end : other.start] not in joints:
            continue
        whole = ((start.month, start.day), (end.month, end.day)) == _WHOLE_YEAR
        named = any(word in line.text[: one.start] for word in words)
        if named or (whole and line.section == PREAMBLE):
            text = line.printed[one.start : other.end]
            yield _Period(Printed(text, line.origin(tape, one.start, other.end)), start, end)
