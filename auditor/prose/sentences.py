"""A text and where its tables stand in; headings, and the sentences outside the tables, out.

A heading may be torn, worded anew or lost in copying: a section counts as without one only where
nothing between its neighbours resembles it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from auditor.layout import Outline
from auditor.layout.labels import Vocabulary
from auditor.layout.sections import places_of
from auditor.model.prose import Heading, Printed, Sentence
from auditor.model.wordings import SectionForm
from auditor.patterns import compiled
from auditor.prose.lexer import Grammar
from auditor.source_text import CELL, INVISIBLE, LINE, Figures, SourceText, normalize

PREAMBLE = "preamble"
_STOPS = frozenset("\u3002!?")
_LEADING = "#*>-\u2060"
_CLOSING = frozenset(')\u201d\u300d\u300f\uff09"')
_HEADING_LENGTH = 40
_LONGEST_SENTENCE = 1_000
"""A sentence that goes on for longer than this ends with its line."""
_BLANK = compiled(r"[\s\u2060\u200b]")
_MARKS = re.escape("".join(sorted(_STOPS | _CLOSING)))
_RUN = compiled(rf"[^\s{INVISIBLE}{_MARKS}]+|[{_MARKS}]")
"""Characters among which no sentence ends, or one with which it may."""
_AMONG_FIGURES = ".,/*-\u2013\u2014\u2212"
_NUMBERED = r"\s*(?:[(](?:{digits}{1,2}|\d{1,2})[)]|{digits}{1,2}\u3001|\d{1,2}[.\u3001](?!\d))"
"""How a heading within a section begins: (一), 一、, 1."""
_ENUMERATOR = compiled(r"\s*[(]?\s*([^\W_])\s*[)\u3001.:]")

FoundHeadings = Sequence[tuple[int, int, Heading]]
"""Start, end and heading of sections, in the order of the text."""


def find_headings(g: Grammar, outline: Outline, vocabulary: Vocabulary) -> FoundHeadings:
    """The headings of all sections that can be told.

    The preamble lists the same words, so a heading begins its line or follows an enumerator; those
    of the tables are where their regions begin.
    """
    source = outline.source
    found: list[tuple[int, int, Heading]] = []
    before = 0
    limits = sorted(region.start for region in outline.regions.values())
    for section in g.wordings.sections:
        places = sorted(places_of(source, section.headings, vocabulary).items())
        able = [
            place
            for place in places
            if place[0] >= before and _begins(g, source, place[0], section)
        ]
        region = outline.regions.get(section.table or "")
        if region is not None:
            # The preamble may list the headings; the last in front of the table is its own.
            able = [place for place in able if place[0] <= region.start][-1:] or [
                place for place in places if place[1] == region.start
            ]
        elif section.is_first and limits:
            able = [place for place in able if place[0] < limits[0]][-1:]
        if able:
            start, end = able[0]
            found.append((start, end, _heading_at(g, source, section, start, end)))
            before = max(before, end)
    return sorted(found, key=lambda each: each[0])


def _begins(g: Grammar, source: SourceText, start: int, section: SectionForm) -> bool:
    """Whether it begins its line, but for marks, or is numbered after a full stop.

    Where all stands on one line, its own number may also follow the last figure of a table.
    """
    lead = source.text[source.span_at(start).start : start]
    if all(char.isspace() or char in _LEADING for char in lead):
        return True
    number = _numbered(g, source.text[start : start + 6])
    last = lead.rstrip()[-1:]
    return number is not None and (
        last in _STOPS or (last.isdecimal() and number == section.number)
    )


def _numbered(g: Grammar, text: str) -> int | None:
    """What the enumerator in front of a heading counts; None where there is none."""
    found = _ENUMERATOR.match(text)
    if not found:
        return None
    return int(found[1]) if found[1].isdecimal() else g.digits.get(found[1])


def _heading_at(
    g: Grammar, source: SourceText, section: SectionForm, start: int, end: int
) -> Heading:
    printed = Printed(_BLANK.sub("", source.text[start:end]), source.origin(start, end))
    return Heading(section.key, printed, _numbered(g, source.text[start:end]))


def find_misplaced(
    g: Grammar, source: SourceText, headings: FoundHeadings, vocabulary: Vocabulary
) -> Iterator[Heading]:
    """Headings of sections that none was found for in order, on lines of their own elsewhere."""
    have = {heading.section for _, _, heading in headings}
    for section in g.wordings.sections if headings else ():
        if section.key in have:
            continue
        for start, end in sorted(places_of(source, section.headings, vocabulary).items()):
            heading = _heading_at(g, source, section, start, end)
            alone = not source.text[_line_start(source, start) : start].strip()
            ended = not source.text[end : _line_end(source, end)].strip()
            if start > headings[0][0] and heading.number is not None and alone and ended:
                yield heading
                break


def find_unseen(
    g: Grammar, source: SourceText, headings: FoundHeadings, vocabulary: Vocabulary
) -> Iterator[str]:
    """Sections that neither a heading's wording nor a line with their number speaks of."""
    places = {heading.section: (start, end) for start, end, heading in headings}
    order = [section.key for section in g.wordings.sections]
    numerals = {value: digit for digit, value in g.wordings.digits}
    for at, section in enumerate(g.wordings.sections if headings else ()):
        if section.key in places or section.is_first:
            continue
        before = [places[key][1] for key in order[:at] if key in places]
        after = [places[key][0] for key in order[at:] if key in places]
        text = source.text[max(before, default=0) : min(after, default=len(source.text))]
        fold, compact = vocabulary.folding.fold, normalize(text)
        named = any(normalize(fold(wording)) in compact for wording in section.headings)
        if not named and not _has_number(text, section, numerals):
            yield section.key


def _has_number(text: str, section: SectionForm, numerals: Mapping[int, str]) -> bool:
    """Whether a short line begins with the section's number, or any text does behind a stop."""
    number = re.escape(numerals[section.number])
    # Each run of blanks is tried from its first only: a page may have ten thousand in a row.
    enumerator = compiled(
        rf"(?<!\s)(?=(\s*+)[(]?\s*+(?:{number}|{section.number})\s*+[)\u3001.]"
        rf"[^{LINE}]{{2,{_HEADING_LENGTH}}})"
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


def split_sentences(
    g: Grammar, outline: Outline, headings: FoundHeadings, figures: Figures
) -> Iterator[tuple[Sentence, str, tuple[int, ...]]]:
    """The sentences in reading order, those of tables left out; of each its folded text, and where
    its characters stand in the source text. Those of one printed line share a paragraph."""
    source = outline.source
    bounds = sorted(
        [(start, end, heading.section) for start, end, heading in headings]
        + [(start, end, "") for start, end in outline.tables]
    )
    opening = g.pattern(_NUMBERED)
    section, position = PREAMBLE, 0
    paragraph, ended = -1, True
    for start, end, key in [*bounds, (len(source.text), len(source.text), "")]:
        for offsets, text, printed in _pieces(source, position, start, figures, opening):
            if not any(map(str.isalnum, text)):
                continue
            # Most end at the first character.
            before = range(source.span_at(offsets[0]).start, offsets[0])
            begins = all(_BLANK.fullmatch(source.text[place]) for place in before)
            paragraph += paragraph < 0 or (begins and ended)
            ended = printed[-1] in "\u3002!?\uff01\uff1f"
            origin = source.origin(offsets[0], offsets[0] + 1)
            yield Sentence(printed, section, paragraph, origin), text, offsets
        section, position = key or section, max(position, end)


def _pieces(
    source: SourceText, start: int, end: int, figures: Figures, opening: re.Pattern[str]
) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Sentences of one stretch, ended by a full stop, a cell or a heading: places, characters, and
    these as printed; the blank that keeps two figures apart stands for itself."""
    at: list[int] = []
    text: list[str] = []
    printed: list[str] = []

    def taken() -> tuple[tuple[int, ...], str, str]:
        whole = tuple(at), "".join(text), "".join(printed)
        at.clear()
        text.clear()
        printed.clear()
        return whole

    first = bisect_right(source.starts, start) - 1
    for index in range(max(first, 0), len(source.spans)):
        unit = source.spans[index]
        if unit.start >= end:
            break
        left, right = max(start, unit.start), min(end, unit.end)
        piece = source.text[left:right]
        if figures.is_page_mark(piece.strip()) or all(
            char.isdecimal() or char.isspace() or char in _AMONG_FIGURES for char in piece
        ):
            continue
        if at and (
            unit.is_cell
            or opening.match(piece)
            or len(text) > _LONGEST_SENTENCE
            or (len(text) < _HEADING_LENGTH and _is_title("".join(text), opening))
        ):
            yield taken()
        for found in _RUN.finditer(piece):
            run, place = found[0], left + found.start()
            char = run[0]
            if at and place != at[-1] + 1 and _are_latin(text[-1], char):
                # A gap between figures or letters is kept: they may not be one.
                at.append(place - 1 if place > left else place)
                text.append(" ")
                printed.append(" ")
            at.extend(range(place, place + len(run)))
            text.extend(run)
            printed.append(unit.raw[place - unit.start : place - unit.start + len(run)])
            behind = source.text[place + 1 : place + 2]
            if (char in _STOPS and behind not in _CLOSING) or (
                char in _CLOSING and text[-2:-1] and text[-2] in _STOPS
            ):
                yield taken()
        if at and (unit.is_cell or source.text[right : right + 1] == CELL):
            yield taken()
    if at:
        yield taken()


def _are_latin(*chars: str) -> bool:
    return all(char.isascii() and char.isalnum() for char in chars)


def _is_title(text: str, opening: re.Pattern[str]) -> bool:
    """Whether what stands so far is a heading on a line of its own."""
    is_sentence = any(mark in text for mark in "\uff0c,\uff1b;\u3002")
    return opening.match(text) is not None and not is_sentence
