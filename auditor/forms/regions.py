"""Tape and Form in; the stretch of the tape in which each table stands out.

Headings are also listed in the preamble and quoted in prose, so they are chosen together: in order,
with as many of each table's own labels behind its heading as possible.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from auditor.forms.folding import bare
from auditor.forms.phrases import Phrase, Role, Vocabulary
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.form import Form, Table

_MOST_STARTS = 40
_ENUMERATOR = re.compile(r"[(]?(?:[^\W\d_]|0?\d)[)\u3001.:][\s*#_]*\Z")
"""Only one digit: those before it may be the last figure of the table above."""
_LINE_LEAD = re.compile(
    rf"(?<![^{LINE}{CELL}])[^{LINE}{CELL}\d]{{0,4}}\d{{1,2}}[^{LINE}{CELL}\w]*\Z"
)
"""A number that stands before a heading on the heading's own line, or in its own cell."""
_LONGEST_LEAD = 10
_STOPS = "\u3002!?"
_LAST_LENGTH = 6000
"""How far the last table may reach when no heading follows it."""

Label = tuple[int, str]
"""Where a row or column label stands, and its key."""


class Region(Struct, frozen=True):
    """One table's stretch of the tape and the form's words in it."""

    table: Table
    start: int
    """Where its heading ends."""
    end: int
    phrases: tuple[Phrase, ...]


def extent_of(tape: Tape, region: Region, figures: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where a table's own text begins and ends in its region; `figures`: where its figures stand.

    A table has no full stops: what ends with one, before the first figure or behind the last, is a
    sentence beside it.
    """
    places = [phrase.start for phrase in region.phrases] + [phrase.end for phrase in region.phrases]
    first = min((start for start, _ in figures), default=min(places, default=region.end))
    last = max((end for _, end in figures), default=max(places, default=region.end))
    stop = max(tape.text.rfind(mark, region.start, first) for mark in _STOPS)
    labels = [phrase.start for phrase in region.phrases if stop < phrase.start <= first]
    start = min(labels, default=first)
    behind = [tape.text.find(mark, last, region.end) for mark in _STOPS]
    stop = min([place for place in behind if place >= 0], default=region.end)
    ends = [phrase.end for phrase in region.phrases if last < phrase.end <= stop]
    if stop == region.end:
        return start, max(ends, default=last)
    # A sentence follows: it begins where the line after the last label or figure does.
    begin = tape.unit_at(stop).start
    inside = [end for end in ends if end <= begin]
    return start, max([last, *inside])


class _Choice(NamedTuple):
    score: int
    starts: tuple[int, ...]
    """A start per table so far; -1 for a table that is not there."""


def find_regions(
    tape: Tape, form: Form, vocabulary: Vocabulary, phrases: Sequence[Phrase]
) -> list[Region]:
    """The regions of the tables that can be found, in printed order; a lost table has none."""
    labels = [_labels(phrases, table) for table in form.tables]
    headings = [places_of(tape, table.headings, vocabulary) for table in form.tables]
    ends = sorted(places_of(tape, form.after, vocabulary))
    choices = [_Choice(0, ())]
    for number in range(len(form.tables)):
        # Where a heading is lost, the table may begin at any of its labels.
        starts = sorted(headings[number]) or sorted({place for place, _ in labels[number]})
        grown = [_Choice(choice.score, (*choice.starts, -1)) for choice in choices]
        for start in starts[-_MOST_STARTS:]:
            fitting = [
                _Choice(choice.score + _gain(choice, labels, start), (*choice.starts, start))
                for choice in choices
                if start > max(choice.starts, default=-1)
            ]
            if fitting:
                grown.append(max(fitting))
        choices = grown
    best = max(
        _Choice(choice.score + _gain(choice, labels, _end(tape, choice, ends)), choice.starts)
        for choice in choices
    )
    return _regions(tape, form, phrases, best, headings, ends)


def _gain(choice: _Choice, labels: Sequence[Sequence[Label]], end: int) -> int:
    """Labels of the last table chosen so far that stand before `end`."""
    start = max(choice.starts, default=-1)
    if start < 0:
        return 0
    number = choice.starts.index(start)
    first = bisect_left(labels[number], (start, ""))
    last = bisect_left(labels[number], (end, ""))
    return len({key for _, key in labels[number][first:last]})


def _labels(phrases: Sequence[Phrase], table: Table) -> list[Label]:
    return [
        (phrase.start, f"{sense.role.value} {sense.key}")
        for phrase in phrases
        for sense in phrase.senses
        if sense.table == table.key and sense.role in (Role.ROW, Role.COLUMN)
    ]


def places_of(tape: Tape, wordings: Sequence[str], vocabulary: Vocabulary) -> dict[int, int]:
    """Where any of the wordings begins, with the enumerator in front of it, and where it ends."""
    found: list[tuple[int, int]] = []
    for wording in wordings:
        core = bare(vocabulary.folding.fold(wording))
        start = tape.core.find(core)
        while start >= 0:
            found.append((start, -len(core)))
            start = tape.core.find(core, start + 1)
    places: dict[int, int] = {}
    taken = 0
    for start, minus_length in sorted(found):
        if start < taken:
            continue
        taken = start - minus_length
        places[_with_enumerator(tape, tape.at[start])] = tape.at[taken - 1] + 1
    return places


def _with_enumerator(tape: Tape, place: int) -> int:
    """Where a heading begins with the number in front of it, which is no figure of any table."""
    for pattern in (_ENUMERATOR, _LINE_LEAD):
        found = pattern.search(tape.text, max(0, place - _LONGEST_LEAD), place)
        if found:
            return found.start()
    return place


def _end(tape: Tape, choice: _Choice, ends: Sequence[int]) -> int:
    start = max(choice.starts, default=-1)
    following = bisect_left(ends, start + 1)
    if following < len(ends):
        return ends[following]
    return min(len(tape.text), start + _LAST_LENGTH)


def _regions(
    tape: Tape,
    form: Form,
    phrases: Sequence[Phrase],
    best: _Choice,
    headings: Sequence[Mapping[int, int]],
    ends: Sequence[int],
) -> list[Region]:
    places = [phrase.start for phrase in phrases]
    found = []
    for number, table in enumerate(form.tables):
        start = best.starts[number]
        if start < 0:
            continue
        later = [other for other in best.starts if other > start]
        end = min(later) if later else _end(tape, best, ends)
        start = headings[number].get(start, start)
        inside = tuple(phrases[bisect_left(places, start) : bisect_left(places, end)])
        found.append(Region(table, start, end, inside))
    return found
