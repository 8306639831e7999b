"""A text and its labels in; the stretch of each table, and the sentences between tables, out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from msgspec import Struct

from auditor.layout.labels import LabelMatch, LabelMeaning, Role, Vocabulary
from auditor.model.form import Form, Table
from auditor.patterns import compiled
from auditor.source_text import CELL, LINE, SourceText, normalize

_MOST_STARTS = 40
_ENUMERATOR = compiled(r"[(]?(?:[^\W\d_]|0?\d)[)\u3001.:][\s*#_]*\Z")
"""Only one digit: those before it may be the last figure of the table above."""
_LINE_LEAD = compiled(rf"(?<![^{LINE}{CELL}])[^{LINE}{CELL}\d]{{0,4}}\d{{1,2}}[^{LINE}{CELL}\w]*\Z")
"""A number that stands before a heading on the heading's own line, or in its own cell."""
_LONGEST_LEAD = 10
_STOPS = "\u3002!?"
_LAST_LENGTH = 6000
"""How far the last table may reach when no heading follows it."""

Label = tuple[int, str]
"""Where a row or column label stands, and its key."""


class Region(Struct, frozen=True):
    """One table's stretch of the text and the form's words in it."""

    table: Table
    start: int
    """Where its heading ends."""
    end: int
    labels: tuple[LabelMatch, ...]


def extent_of(
    source: SourceText, region: Region, figures: tuple[int, int] | None
) -> tuple[int, int]:
    """Where a table's own text begins and ends in its region; `figures`: where the first of its
    figures begins and the last ends.

    A table has no full stops: what ends with one, before the first figure or behind the last, is a
    sentence beside it.
    """
    places = [label.start for label in region.labels] + [label.end for label in region.labels]
    first, last = figures or (min(places, default=region.end), max(places, default=region.end))
    stop = max(source.text.rfind(mark, region.start, first) for mark in _STOPS)
    places = [label.start for label in region.labels if stop < label.start <= first]
    start = min(places, default=first)
    behind = [source.text.find(mark, last, region.end) for mark in _STOPS]
    stop = min([place for place in behind if place >= 0], default=region.end)
    ends = [label.end for label in region.labels if last < label.end <= stop]
    if stop == region.end:
        return start, max(ends, default=last)
    # A sentence follows: it begins where the line after the last label or figure does.
    begin = source.span_at(stop).start
    inside = [end for end in ends if end <= begin]
    return start, max([last, *inside])


class _Choice(NamedTuple):
    score: int
    starts: tuple[int, ...]
    """A start per table so far; -1 for a table that is not there."""


def find_regions(
    source: SourceText, form: Form, vocabulary: Vocabulary, labels: Sequence[LabelMatch]
) -> list[Region]:
    """The regions of the tables that can be found, in printed order; a lost table has none."""
    places = [_labels(labels, table) for table in form.tables]
    headings = [places_of(source, table.headings, vocabulary) for table in form.tables]
    ends = sorted(places_of(source, form.after, vocabulary))
    choices = [_Choice(0, ())]
    for number in range(len(form.tables)):
        # Where a heading is lost, the table may begin at any label that no other table has.
        starts = sorted(headings[number]) or sorted(
            _own_places(labels, form.tables[number], vocabulary)
        )
        grown = [_Choice(choice.score, (*choice.starts, -1)) for choice in choices]
        for start in starts[-_MOST_STARTS:]:
            fitting = [
                _Choice(choice.score + _gain(choice, places, start), (*choice.starts, start))
                for choice in choices
                if start > max(choice.starts, default=-1)
            ]
            if fitting:
                grown.append(max(fitting))
        choices = grown
    best = max(
        _Choice(choice.score + _gain(choice, places, _end(source, choice, ends)), choice.starts)
        for choice in choices
    )
    return _regions(source, form, labels, best, headings, ends)


def _gain(choice: _Choice, places: Sequence[Sequence[Label]], end: int) -> int:
    """Labels of the last table chosen so far that stand before `end`."""
    start = max(choice.starts, default=-1)
    if start < 0:
        return 0
    number = choice.starts.index(start)
    first = bisect_left(places[number], (start, ""))
    last = bisect_left(places[number], (end, ""))
    return len({key for _, key in places[number][first:last]})


def _own_places(labels: Sequence[LabelMatch], table: Table, vocabulary: Vocabulary) -> set[int]:
    """Where labels of rows and columns stand that may be no other table's; all labels of a table
    that has none but shared ones."""

    def is_own(senses: Sequence[LabelMeaning]) -> bool:
        return all(sense.table == table.key for sense in senses)

    wordings = vocabulary.wordings[table.key]
    if any(is_own(vocabulary.senses[core]) for core in wordings):
        labels = [each for each in labels if is_own(each.senses)]
    return {place for place, _ in _labels(labels, table)}


def _labels(labels: Sequence[LabelMatch], table: Table) -> list[Label]:
    return [
        (label.start, f"{sense.role.value} {sense.key}")
        for label in labels
        for sense in label.senses
        if sense.table == table.key and sense.role in (Role.ROW, Role.COLUMN)
    ]


def places_of(
    source: SourceText, wordings: Sequence[str], vocabulary: Vocabulary
) -> dict[int, int]:
    """Where any of the wordings begins, with the enumerator in front of it, and where it ends."""
    found: list[tuple[int, int]] = []
    for wording in wordings:
        core = normalize(vocabulary.folding.fold(wording))
        start = source.compact.find(core)
        while start >= 0:
            found.append((start, -len(core)))
            start = source.compact.find(core, start + 1)
    places: dict[int, int] = {}
    taken = 0
    for start, minus_length in sorted(found):
        if start < taken:
            continue
        taken = start - minus_length
        places[_with_enumerator(source, source.offsets[start])] = source.offsets[taken - 1] + 1
    return places


def heading_places(source: SourceText, form: Form, vocabulary: Vocabulary) -> list[int]:
    """Where the form's headings begin and end."""
    titles = [*form.after, *(heading for table in form.tables for heading in table.headings)]
    places = places_of(source, titles, vocabulary)
    return [*places.keys(), *places.values()]


def _with_enumerator(source: SourceText, place: int) -> int:
    """Where a heading begins with the number in front of it, which is no figure of any table."""
    for pattern in (_ENUMERATOR, _LINE_LEAD):
        found = pattern.search(source.text, max(0, place - _LONGEST_LEAD), place)
        if found:
            return found.start()
    return place


def _end(source: SourceText, choice: _Choice, ends: Sequence[int]) -> int:
    start = max(choice.starts, default=-1)
    following = bisect_left(ends, start + 1)
    if following < len(ends):
        return ends[following]
    return min(len(source.text), start + _LAST_LENGTH)


def _regions(
    source: SourceText,
    form: Form,
    labels: Sequence[LabelMatch],
    best: _Choice,
    headings: Sequence[Mapping[int, int]],
    ends: Sequence[int],
) -> list[Region]:
    places = [label.start for label in labels]
    found = []
    for number, table in enumerate(form.tables):
        start = best.starts[number]
        if start < 0:
            continue
        later = [other for other in best.starts if other > start]
        end = min(later) if later else _end(source, best, ends)
        start = headings[number].get(start, start)
        inside = tuple(labels[bisect_left(places, start) : bisect_left(places, end)])
        found.append(Region(table, start, end, inside))
    return found


Span = tuple[int, int]

_SENTENCE = compiled(rf"[^{LINE}{CELL}\u3002]+\u3002?")
_MARKS = compiled(r"[,;\u3002]")
"""Signs that part clauses; a label that has one is a wording of the form, and covered by it."""
_NO_LETTERS = compiled(r"[\W\d_]+")
_FIGURES = compiled(r"(?<!\S)[\d.]+(?!\S)")
_SHORTEST = 5
_FEWEST_CELLS = 3
"""Cells beside one that make it a row of a table."""
_MOST_COVERED, _MOST_IN_FULL = 0.5, 0.8
"""Share of a sentence's characters that may be the form's own words; where a full stop ends it."""


def sentences_in(
    source: SourceText,
    labels: Sequence[LabelMatch],
    headings: Iterable[int],
    wordings: Iterable[str],
) -> list[Span]:
    """Where sentences stand, as places in `SourceText.text`: text with a sign of clauses, most of
    which is no wording of the form. `headings`: places where they begin and end, over which no
    sentence goes; `wordings`: the form's, bare."""
    known = LINE.join(wordings)
    found: list[Span] = []
    for start, end in _parts(source.text, sorted(headings)):
        if not _MARKS.search(source.text, start, end) or _is_among_cells(source, start):
            continue
        text = source.text[start:end]
        if (words := _letters(text)) < _SHORTEST:
            continue
        if normalize(_FIGURES.sub("", text)) in known:
            continue  # the rest of a label that goes on on another line, and figures beside it
        most = _MOST_IN_FULL if text.endswith("\u3002") else _MOST_COVERED
        if _covered(source, labels, start, end) < most * words:
            found.append((start, end))
    return found


def _parts(text: str, cuts: Sequence[int]) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        if not _MARKS.search(text, start, end):
            continue  # so it is with most cells
        inside = cuts[bisect_left(cuts, start + 1) : bisect_left(cuts, end)]
        yield from pairwise((start, *inside, end))


def _covered(source: SourceText, labels: Sequence[LabelMatch], start: int, end: int) -> int:
    """How many letters of a stretch are those of labels, of which one may begin on a line above."""
    covered = 0
    for label in labels[bisect_left(labels, start + 1, key=lambda each: each.end) :]:
        if label.start >= end:
            break
        covered += _letters(source.text[max(label.start, start) : min(label.end, end)])
    return covered


def _is_among_cells(source: SourceText, place: int) -> bool:
    """Whether a place is in a cell of a row of several: no sentence stands there."""
    span = source.span_at(place)
    return span.is_cell and len(list(islice(source.beside(span), _FEWEST_CELLS))) == _FEWEST_CELLS


def outside(labels: Sequence[LabelMatch], sentences: Sequence[Span]) -> list[LabelMatch]:
    """The labels that do not stand in a sentence."""
    ends = [end for _, end in sentences]
    found = []
    for label in labels:
        at = bisect_left(ends, label.start + 1)
        if at == len(sentences) or label.start < sentences[at][0]:
            found.append(label)
    return found


def _letters(text: str) -> int:
    return len(_NO_LETTERS.sub("", text))
