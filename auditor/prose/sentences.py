"""A text and where its tables stand in; headings, and the sentences outside the tables, out.

A heading may be torn, worded anew or lost in copying: a section counts as without one only where
nothing between its neighbours resembles it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from auditor.layout.labels import Vocabulary
from auditor.layout.numerals import Figures
from auditor.layout.sections import Region, places_of
from auditor.model.prose import Heading, Printed, Sentence
from auditor.model.source import Origin
from auditor.model.wordings import SectionForm, Wordings
from auditor.source_text import CELL, INVISIBLE, LINE, SourceText, normalize

PREAMBLE = "preamble"
_STOPS = frozenset("\u3002!?")
_LEAD = re.compile(r"[\s#*>\-\u2060]*\Z")
_CLOSING = frozenset(')\u201d\u300d\u300f\uff09"')
_HEADING_LENGTH = 40
_LONGEST_SENTENCE = 1_000
"""A sentence that goes on for longer than this ends with its line."""
_BLANK = re.compile(r"[\s\u2060\u200b\xa0]")
_RUN = re.compile(
    rf"[^\s{INVISIBLE}{''.join(_STOPS)}{re.escape(''.join(_CLOSING))}]+"
    rf"|[{''.join(_STOPS)}{re.escape(''.join(_CLOSING))}]"
)
"""Characters among which no sentence ends, or one with which it may."""
_FIGURE_LINE = re.compile(r"[\d\s.,/*\-\u2013\u2014\u2212]*")


class SentenceText(Struct, frozen=True):
    """A sentence as it is read: folded, and where each character stands on the source."""

    text: str
    at: tuple[int, ...]
    sentence: int
    section: str
    printed: str

    def origin(self, source: SourceText, start: int, end: int) -> Origin:
        """Where the characters `start`..`end` stood, by their first line."""
        unit = source.span_at(self.at[start])
        last = end - 1
        while last > start and source.span_at(self.at[last]) is not unit:
            last -= 1
        return source.origin(self.at[start], self.at[last] + 1)


def find_headings(
    source: SourceText, wordings: Wordings, vocabulary: Vocabulary, regions: Mapping[str, Region]
) -> list[tuple[int, int, Heading]]:
    """Start, end and heading of every section that can be told, in the order of the text.

    The preamble lists the same words, so a heading begins its line or follows an enumerator; those
    of the tables are where their regions begin.
    """
    found: list[tuple[int, int, Heading]] = []
    before = 0
    digits = dict(wordings.digits)
    limits = sorted(region.start for region in regions.values())
    for section in wordings.sections:
        places = sorted(places_of(source, section.headings, vocabulary).items())
        able = [
            place
            for place in places
            if place[0] >= before and _begins(source, place[0], section, digits)
        ]
        region = regions.get(section.table or "")
        if region is not None:
            # The preamble may list the headings; the last in front of the table is its own.
            able = [place for place in able if place[0] <= region.start][-1:] or [
                place for place in places if place[1] == region.start
            ]
        elif section.is_first and limits:
            able = [place for place in able if place[0] < limits[0]][-1:]
        if not able:
            continue
        start, end = able[0]
        found.append((start, end, heading_at(source, section, start, end, digits)))
        before = max(before, end)
    return sorted(found, key=lambda each: each[0])


def _begins(
    source: SourceText, start: int, section: SectionForm, digits: Mapping[str, int]
) -> bool:
    """Whether it begins its line, but for marks, or is numbered after a full stop.

    Where all stands on one line, its own number may also follow the last figure of a table.
    """
    unit = source.span_at(start)
    lead = source.text[unit.start : start]
    if _LEAD.fullmatch(lead):
        return True
    number = _numbered(source.text[start : start + 6], digits)
    last = lead.rstrip()[-1:]
    return number is not None and (
        last in _STOPS or (last.isdecimal() and number == section.number)
    )


def _numbered(text: str, digits: Mapping[str, int]) -> int | None:
    """What the enumerator in front of a heading counts; None where there is none."""
    found = re.match(r"\s*[(]?\s*([^\W_])\s*[)\u3001.:]", text)
    if not found:
        return None
    mark = found[1]
    return int(mark) if mark.isdecimal() else digits.get(mark)


def heading_at(
    source: SourceText, section: SectionForm, start: int, end: int, digits: Mapping[str, int]
) -> Heading:
    """What stands at `start`..`end`, as the heading of a section."""
    printed = _BLANK.sub("", source.text[start:end])
    number = _numbered(source.text[start:end], digits)
    return Heading(section.key, Printed(printed, source.origin(start, end)), number)


def split_sentences(
    source: SourceText,
    headings: Sequence[tuple[int, int, Heading]],
    tables: Sequence[tuple[int, int]],
    figures: Figures,
    digits: Sequence[str],
) -> list[SentenceText]:
    """The sentences in reading order, those of tables left out."""
    bounds = sorted(
        [(start, end, heading.section) for start, end, heading in headings]
        + [(start, end, "") for start, end in tables]
    )
    lines: list[SentenceText] = []
    numeral = f"[{re.escape(''.join(digits))}]"
    opening = re.compile(
        rf"\s*(?:[(](?:{numeral}{{1,2}}|\d{{1,2}})[)]|{numeral}{{1,2}}\u3001|\d{{1,2}}[.\u3001](?!\d))"
    )
    section, position = PREAMBLE, 0
    for start, end, key in [*bounds, (len(source.text), len(source.text), "")]:
        for at, text in _pieces(source, position, start, figures, opening):
            if not any(map(str.isalnum, text)):
                continue
            lines.append(SentenceText(text, at, len(lines), section, _printed(source, at, text)))
        section, position = key or section, max(position, end)
    return lines


def _pieces(
    source: SourceText, start: int, end: int, figures: Figures, opening: re.Pattern[str]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Sentences of one stretch, ended by a full stop, a cell or a heading: places, characters."""
    at: list[int] = []
    text: list[str] = []
    first = bisect_right(source.starts, start) - 1
    for index in range(max(first, 0), len(source.spans)):
        unit = source.spans[index]
        if unit.start >= end:
            break
        left, right = max(start, unit.start), min(end, unit.start + len(unit.raw))
        piece = source.text[left:right]
        if figures.is_page_mark(piece.strip()) or _FIGURE_LINE.fullmatch(piece):
            continue
        if at and (
            unit.is_cell
            or opening.match(piece)
            or len(text) > _LONGEST_SENTENCE
            or (len(text) < _HEADING_LENGTH and _is_title("".join(text), opening))
        ):
            yield tuple(at), "".join(text)
            at, text = [], []
        for found in _RUN.finditer(piece):
            run, place = found[0], left + found.start()
            char = run[0]
            if at and place != at[-1] + 1 and _are_latin(text[-1], char):
                # A gap between figures or letters is kept: they may not be one.
                at.append(place - 1 if place > left else place)
                text.append(" ")
            at.extend(range(place, place + len(run)))
            text.extend(run)
            if char in _CLOSING and text[-2:-1] and text[-2] in _STOPS:
                yield tuple(at), "".join(text)
                at, text = [], []
                continue
            if char in _STOPS and source.text[place + 1 : place + 2] not in _CLOSING:
                yield tuple(at), "".join(text)
                at, text = [], []
        if at and (unit.is_cell or source.text[right : right + 1] == CELL):
            yield tuple(at), "".join(text)
            at, text = [], []
    if at:
        yield tuple(at), "".join(text)


def _are_latin(*chars: str) -> bool:
    return all(char.isascii() and char.isalnum() for char in chars)


def _is_title(text: str, opening: re.Pattern[str]) -> bool:
    """Whether what stands so far is a heading on a line of its own."""
    is_sentence = any(mark in text for mark in "\uff0c,\uff1b;\u3002")
    return opening.match(text) is not None and not is_sentence


def _printed(source: SourceText, at: Sequence[int], text: str) -> str:
    """The characters as printed; the blank that keeps two figures apart stands for itself."""
    found: list[str] = []
    start = end = -1
    raw = ""
    for place, char in zip(at, text, strict=True):
        if not start <= place < end:
            unit = source.span_at(place)
            start, raw = unit.start, unit.raw
            end = start + len(raw)
        found.append(char if char == " " else raw[place - start])
    return "".join(found)


def as_sentences(source: SourceText, lines: Sequence[SentenceText]) -> tuple[Sentence, ...]:
    """The sentences for the report; those of one printed unit share a paragraph."""
    found: list[Sentence] = []
    paragraph, last = 0, -1
    for line in lines:
        unit = source.span_at(line.at[0])
        before = range(unit.start, line.at[0])  # most end at the first character
        begins = all(_BLANK.fullmatch(source.text[place]) for place in before)
        ended = not found or found[-1].text[-1:] in "\u3002!?\uff01\uff1f"
        if last >= 0 and begins and ended:
            paragraph += 1
        last = unit.start
        found.append(Sentence(line.printed, line.section, paragraph, line.origin(source, 0, 1)))
    return tuple(found)


_LONGEST_HEADING = 40
FoundHeadings = Sequence[tuple[int, int, Heading]]


def find_misplaced(
    source: SourceText, headings: FoundHeadings, wordings: Wordings, vocabulary: Vocabulary
) -> Iterator[Heading]:
    """Headings of sections that none was found for in order, on lines of their own elsewhere."""
    have = {heading.section for _, _, heading in headings}
    if not headings:
        return
    digits = dict(wordings.digits)
    for section in wordings.sections:
        if section.key in have:
            continue
        for start, end in sorted(places_of(source, section.headings, vocabulary).items()):
            heading = heading_at(source, section, start, end, digits)
            alone = not source.text[_line_start(source, start) : start].strip()
            ended = not source.text[end : _line_end(source, end)].strip()
            if start > headings[0][0] and heading.number is not None and alone and ended:
                yield heading
                break


def find_unseen(
    source: SourceText, headings: FoundHeadings, wordings: Wordings, vocabulary: Vocabulary
) -> Iterator[str]:
    """Sections that neither a heading's wording nor a line with their number speaks of."""
    if not headings:
        return
    places = {heading.section: (start, end) for start, end, heading in headings}
    order = [section.key for section in wordings.sections]
    numerals = {value: digit for digit, value in wordings.digits}
    for section in wordings.sections:
        if section.key in places or section.is_first:
            continue
        at = order.index(section.key)
        before = [places[key][1] for key in order[:at] if key in places]
        after = [places[key][0] for key in order[at:] if key in places]
        text = source.text[max(before, default=0) : min(after, default=len(source.text))]
        fold, core = vocabulary.folding.fold, normalize(text)
        told = any(normalize(fold(wording)) in core for wording in section.headings)
        if not told and not _has_number(text, section, numerals):
            yield section.key


def _has_number(text: str, section: SectionForm, numerals: Mapping[int, str]) -> bool:
    """Whether a short line begins with the section's number, or any text does behind a stop."""
    number = re.escape(numerals[section.number])
    # Each run of blanks is tried from its first only: a page may have ten thousand in a row.
    enumerator = re.compile(
        rf"(?<!\s)(?=(\s*+)[(]?\s*+(?:{number}|{section.number})\s*+[)\u3001.]"
        rf"[^{LINE}]{{2,{_LONGEST_HEADING}}})"
    )
    for found in enumerator.finditer(text):
        blanks, before = found[1], text[found.start() - 1 : found.start()]
        if LINE in blanks or CELL in blanks or before in ("", "\u3002"):
            return True
        if blanks and before.isdecimal():
            return True
    return False


def _line_start(source: SourceText, at: int) -> int:
    return max(source.text.rfind(LINE, 0, at), source.text.rfind(CELL, 0, at)) + 1


def _line_end(source: SourceText, at: int) -> int:
    ends = [place for mark in (LINE, CELL) if (place := source.text.find(mark, at)) >= 0]
    return min(ends, default=len(source.text))
