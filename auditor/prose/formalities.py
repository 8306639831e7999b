"""Sentences and source text in; title, period, signature and whatever else is no figure, out.

What cannot be told for certain is left out: no title where several years contradict each other, no
signature unless a line looks like the name of an agency. A year counts as stale only where it opens
a clause that tells of work done, with a figure, and nothing near it says that another is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from auditor.layout.labels import Vocabulary
from auditor.model.prose import Metadata, Passage, Printed, StaleYear
from auditor.model.report import Identity
from auditor.patterns import compiled, lazy_pattern
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import PERCENT, Grammar, find_dates
from auditor.prose.sentences import PREAMBLE, FoundHeadings, find_misplaced, find_unseen
from auditor.source_text import CELL, INVISIBLE, LINE, SourceText

_BREAK = compiled(f"[{LINE}{CELL}]")
_WHOLE_YEAR = ((1, 1), (12, 31))


class Signed(Struct, frozen=True):
    """A name and a date; None for what is not there."""

    name: Printed | None = None
    printed: Printed | None = None
    on: date | None = None


class _Title(Struct, frozen=True):
    printed: Printed | None = None
    agency: str | None = None
    year: int | None = None


class _Period(Struct, frozen=True):
    printed: Printed | None = None
    start: date | None = None
    end: date | None = None


def read_formalities(
    g: Grammar,
    source: SourceText,
    sentences: Sequence[SentenceView],
    headings: FoundHeadings,
    vocabulary: Vocabulary,
    identity: Identity,
) -> Metadata:
    """What the report says of itself, as far as it can be told."""
    title = _find_title(
        g, source, headings[0][0] if headings else len(source.text), identity.agency
    )
    period = _find_period(sentences)
    years = {title.year, *(day.year for day in (period.start, period.end) if day)} - {None}
    year = years.pop() if len(years) == 1 else None
    sign = Signed()
    if headings and headings[-1][2].section in {each.key for each in g.wordings.sections[-2:]}:
        sign = _find_signature(g, source, headings[-1][1])
    published = _find_published(sentences)
    return Metadata(
        title=title.printed,
        title_agency=title.agency,
        title_year=title.year,
        signature=sign.name,
        signed=sign.printed,
        signed_on=sign.on,
        published=published.printed,
        published_on=published.on,
        period=period.printed,
        period_start=period.start,
        period_end=period.end,
        contents=tuple(_contents(sentences, sign)),
        misplaced=tuple(find_misplaced(g, source, headings, vocabulary)),
        unseen=tuple(find_unseen(g, source, headings, vocabulary)),
        cited=tuple(_find_cited(sentences)),
        stale_years=tuple(_find_stale_years(sentences, year, identity.agency)),
        leftovers=tuple(_find_leftovers(source, sentences)),
    )


def _contents(sentences: Sequence[SentenceView], sign: Signed) -> Iterator[tuple[str, str]]:
    """What every section says; the signature stands under the report, not in its last section."""
    texts: dict[str, list[str]] = {}
    for s in sentences:
        texts.setdefault(s.section, []).append(s.text.replace(" ", ""))
    for section, pieces in texts.items():
        text = "".join(pieces)
        for printed in (sign.name, sign.printed):
            if printed is not None:
                head, _, tail = text.rpartition(printed.text.replace(" ", ""))
                text = head + tail
        yield section, text


# --- title and period -----------------------------------------------------------------------------
_FRONT = 4000
"""Characters in which a title is looked for."""
_TITLE_LENGTH = 80
_ENDS_TITLE = frozenset("\u3002,:;!?|#>*")
_QUOTED = "\u300a"
_YEAR = compiled(r"(?<!\d)20\d\d(?!\d)")


def _find_title(g: Grammar, source: SourceText, before: int, agency: str | None) -> _Title:
    """The title, without its year where several titles in front of the text contradict each other.

    Titles in running text (根据……年度报告的要求) count only where no other is printed.
    """
    front = source.text[: min(before, _FRONT)]
    at = [place for place, char in enumerate(front) if not (char.isspace() or char == INVISIBLE)]
    solid = "".join([front[place] for place in at])
    titles: list[_Title] = []
    stop = solid.find("\u3002")
    for found in g.pattern("{title_ends}").finditer(solid):
        if titles and 0 <= stop < found.start():
            break
        if solid.startswith(g.words("title_never"), found.end()):
            continue
        start = found.start()
        while start > max(0, found.start() - _TITLE_LENGTH) and solid[start - 1] not in _ENDS_TITLE:
            start -= 1
            if solid[start] == _QUOTED:
                break
        years = [*_YEAR.finditer(solid, start, found.start())]
        if solid[start] == _QUOTED or not years:
            continue
        named = solid.rfind(agency, start, found.start()) if agency else -1
        begin = min(years[-1].start(), named) if named >= 0 else years[-1].start()
        line = max(front.rfind(mark, 0, at[begin]) for mark in LINE + CELL)
        begin = max(start, next(i for i, place in enumerate(at) if place > line))
        printed = Printed(solid[begin : found.end()], source.origin(at[begin], at[begin] + 1))
        titles.append(_Title(printed, agency if named >= 0 else None, int(years[-1].group())))
    if not titles:
        return _Title()
    agreed = len({title.year for title in titles}) == 1
    return titles[0] if agreed else _Title(titles[0].printed, titles[0].agency, None)


def _find_period(sentences: Sequence[SentenceView]) -> _Period:
    """What the figures are said to cover; the preamble's own statement first."""
    found = [(s.section != PREAMBLE, period) for s in sentences for period in _periods(s)]
    return min(found, key=lambda each: each[0])[1] if found else _Period()


def _periods(s: SentenceView) -> Iterator[_Period]:
    for one, other in pairwise(find_dates(s.g, s.text)):
        start, end = one.on(), other.on(one.year)
        joint = s.text[one.end : other.start]
        if start is None or end is None or joint not in s.g.set("until"):
            continue
        whole = ((start.month, start.day), (end.month, end.day)) == _WHOLE_YEAR
        named = s.g.pattern("{period_words}").search(s.text, 0, one.start)
        if named or (whole and s.section == PREAMBLE):
            text = s.printed[one.start : other.end]
            yield _Period(Printed(text, s.origin(one.start, other.end)), start, end)


# --- signature and publication --------------------------------------------------------------------
_STOPS = "\u3002!?;"
_BRACKETS = "() \u3010\u3011[]"
_NAME = range(4, 41)
_APART = compiled(rf"(?<![0-9])[\s{INVISIBLE}]+|[\s{INVISIBLE}]+(?![0-9])")
_REACH = 24
"""Characters behind 发布时间 in which its date is looked for."""


class _Piece(Struct, frozen=True):
    """A line behind the last full stop on it."""

    text: str
    start: int
    end: int


def packed(text: str) -> str:
    """Folded text without blanks, but for those that keep two figures apart."""
    return _APART.sub("", text)


def _find_signature(g: Grammar, source: SourceText, start: int) -> Signed:
    """The first date that stands alone or behind an agency's name, and that name."""
    alone: Signed | None = None
    before: _Piece | None = None
    for piece in _pieces(source, start):
        last, before = before, piece
        dates = [*find_dates(g, piece.text)]
        if not dates or dates[-1].on() is None or piece.text[dates[-1].end :].strip(_BRACKETS):
            continue
        head = piece.text[: dates[-1].start].strip(_BRACKETS)
        origin = source.origin(piece.start, piece.end)
        printed = Printed(piece.text[dates[-1].start : dates[-1].end], origin)
        if _is_name(g, head):
            return Signed(Printed(head, origin), printed, dates[-1].on())
        if not head and last is not None and _is_name(g, last.text):
            name = Printed(last.text, source.origin(last.start, last.end))
            return Signed(name, printed, dates[-1].on())
        if not head and alone is None:
            alone = Signed(None, printed, dates[-1].on())
    if alone is None and before is not None and _is_name(g, before.text):
        return Signed(Printed(before.text, source.origin(before.start, before.end)))
    return alone or Signed()


_YEAR_ALONE = lazy_pattern(r"(?<!\d)\d{4}(?!\d)")


def _is_name(g: Grammar, text: str) -> bool:
    """Whether a line may be the name of an agency."""
    return (
        len(text) in _NAME
        and text.endswith(g.words("agency_ends"))
        and text[0].isalpha()
        and all(char.isalnum() or char in "()" for char in text)
        and not _YEAR_ALONE.search(text)  # other digits may be a name's, as of the eighth division
        and not g.pattern("{no_signature}").search(text)
    )


def _pieces(source: SourceText, start: int) -> Iterator[_Piece]:
    """The lines from `start` on; of one with full stops, what stands behind the last of them."""
    place = start
    for line in _BREAK.split(source.text[start:]):
        stop = max(line.rfind(mark) for mark in _STOPS) + 1
        text = packed(line[stop:]).strip()
        if text:
            first = place + len(line) - len(line[stop:].lstrip())
            yield _Piece(text, first, place + len(line.rstrip()))
        place += len(line) + 1


def _find_published(sentences: Sequence[SentenceView]) -> Signed:
    """The earliest date that a page prints behind 发布时间 or the like."""
    found: list[Signed] = []
    for s in sentences:
        for label in s.g.pattern("{published}").finditer(s.text):
            for dated in find_dates(s.g, s.text[label.end() : label.end() + _REACH]):
                if dated.on() is not None and dated.start <= 1:
                    start, end = label.start(), label.end() + dated.end
                    printed = Printed(s.printed[start:end], s.origin(start, end))
                    found.append(Signed(None, printed, dated.on()))
                break
    return min(found, key=lambda each: each.on or date.max, default=Signed())


# --- notices, leftovers of the template, years of an old draft ------------------------------------
_CITED = r"{notice_series}([(\[\u3014\u3010<]?20\d\d[)\]\u3015\u3011>]?\D?\d{1,3}(?!\d).?)"
_INSTRUCTION = r"{instructions}|[(\[\u3014\u3010<]{fill_in}[^)\]\u3011]{0,30}[)\]\u3015\u3011>]"
_CROSSES = r"(?<![0-9A-Za-z\u00d7])(?:20)?(?:[Xx]{2,}|[\u00d7\u2573\u2715]{2,})(?![0-9A-Za-z])"
"""Crosses in place of words: `XX局`, `20XX年`, `××件`; inside quotation marks they are examples."""
_CROSSED = "Xx\u00d7\u2573\u2715_"
_FILL_IN = rf"{_CROSSES}(?=\w)|_{{2,}}(?={{units+year_sign+month_sign+day_signs}})"
_EMPTY_DATE = "{year_sign}{month_sign}{day_signs}"
_LONGEST_BLANK = 30
_IN_QUOTES = lazy_pattern(
    r"\u201c[^\u201c\u201d]*\u201d|\u2018[^\u2018\u2019]*\u2019|\u300a[^\u300a\u300b]*\u300b"
)
_IN_QUOTES_OR_BRACKETS = lazy_pattern(
    r"\u201c[^\u201c\u201d]*\u201d|\u300a[^\u300a\u300b]*\u300b|\([^()]*\)"
)


def _find_cited(sentences: Sequence[SentenceView]) -> Iterator[Passage]:
    """Notices on the form, by the series that they are numbered in: 国办公开办函〔2021〕30号."""
    for s in sentences:
        for found in s.g.pattern(_CITED, s.g.words("notice_series")).finditer(s.text):
            yield _passage(s, *found.span(1))


def _passage(s: SentenceView, start: int, end: int) -> Passage:
    return Passage(s.printed[start:end], s.number, start, end, s.origin(start, end))


def _find_leftovers(source: SourceText, sentences: Sequence[SentenceView]) -> Iterator[Passage]:
    """Words of the template, crosses and lines to fill in, and dates left empty."""
    for s in sentences:
        for found in s.g.pattern(_INSTRUCTION, s.g.words("instructions+fill_in")).finditer(s.text):
            yield _passage(s, *found.span())
        for found in s.g.pattern(_FILL_IN, _CROSSED).finditer(s.text):
            if not _is_inside(_IN_QUOTES, s.text, found.start()):
                yield _passage(s, *found.span())
        for found in s.g.pattern(_EMPTY_DATE).finditer(s.text):
            # Nothing else stands on the line, so that it is a date and not a word: 年 月 日.
            first, last = s.offsets[found.start()], s.offsets[found.end() - 1] + 1
            before = _BREAK.split(source.text[max(0, first - _LONGEST_BLANK) : first])[-1]
            behind = _BREAK.split(source.text[last : last + _LONGEST_BLANK])[0]
            if not before.strip(" (\u3000") and not behind.strip(" )\u3000"):
                yield _passage(s, *found.span())


def _is_inside(quotes: re.Pattern[str], text: str, at: int) -> bool:
    """Whether a place stands within a pair of marks."""
    return any(each.start() < at < each.end() for each in quotes.finditer(text))


_YEARS = r"(?<!\d)(20\d\d)\s*{year_sign}"
_OPENS = frozenset(",;:()\u3001!?")
_NAME_REACH = 60
"""Characters in front of a year in which the agency's name is looked for."""
_OLDEST = 4
"""Years back from the report's: older ones are history, not an old draft."""


def _find_stale_years(
    sentences: Sequence[SentenceView], report_year: int | None, agency: str | None
) -> Iterator[StaleYear]:
    """The first stale year of every sentence that has one."""
    if report_year is None:
        return
    for at, s in enumerate(sentences):
        years = [*s.g.pattern(_YEARS).finditer(s.text)]
        if not years or any(int(found[1]) == report_year for found in years):
            continue
        figures = [each for each in s.quantities if each.unit and each.unit != PERCENT]
        if not figures or s.g.pattern("{other_years}").search(s.text):
            continue
        work = s.g.pattern("{work_done}")
        words = {*work.findall(s.text)}
        beside = (*sentences[max(0, at - 1) : at], *sentences[at + 1 : at + 2])
        if any(
            f"{report_year}{s.g.wordings.more.year_sign}" in other.text
            and any(each.unit and each.unit != PERCENT for each in other.quantities)
            and not words.isdisjoint(work.findall(other.text))
            for other in beside
        ):
            continue  # words beside this year's, for comparison
        for found in years:
            start, end = found.span()
            worked = any(
                work.search(s.text, end, each.start) or work.match(s.text, each.end)
                for each in figures
                if each.start > end
            )
            if worked and _is_stale(s, found, report_year, agency):
                yield StaleYear(int(found[1]), s.number, start, end, s.origin(start, end))
                break


def _is_stale(s: SentenceView, found: re.Match[str], report_year: int, agency: str | None) -> bool:
    """Whether a year opens its clause, is near the report's, and nothing says that it is meant."""
    year = int(found[1])
    if not report_year - _OLDEST < year <= report_year + 1:
        return False
    begin = max(0, found.start() - _NAME_REACH)
    before = s.text[begin : found.start()]
    names = (*s.g.words("own+wide"), *([agency] if agency else []))
    name = max((name for name in names if before.endswith(name)), key=len, default="")
    before = before.removesuffix(name)
    if before[-1] not in _OPENS if before else begin > 0:
        return False
    if _is_inside(_IN_QUOTES_OR_BRACKETS, s.text, found.start()):
        return False
    if s.text.startswith(s.g.words("year_attributes"), found.end()):
        return False
    return year <= report_year or not s.g.pattern("{plans}").search(s.text, found.end())
