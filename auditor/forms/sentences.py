"""Tape and its labels in; the sentences that stand between the tables' labels out.

A sentence in a table's section may name columns and rows ("the others are in the table below"): its
words are no headings, and its figures no cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from auditor.forms.folding import bare
from auditor.forms.phrases import Phrase
from auditor.forms.tape import CELL, LINE, Tape

Span = tuple[int, int]

_SENTENCE = re.compile(rf"[^{LINE}{CELL}\u3002]+\u3002?")
_MARKS = re.compile(r"[,;\u3002]")
"""Signs that part clauses; a label that has one is a wording of the form, and covered by it."""
_FIGURES = re.compile(r"(?<!\S)[\d.]+(?!\S)")
_SHORTEST = 5
_FEWEST_CELLS = 3
"""Cells beside one that make it a row of a table."""
_MOST_COVERED, _MOST_IN_FULL = 0.5, 0.8
"""Share of a sentence's characters that may be the form's own words; where a full stop ends it."""


def sentences_in(
    tape: Tape, phrases: Sequence[Phrase], headings: Iterable[int], wordings: Iterable[str]
) -> list[Span]:
    """Where sentences stand, as places in `Tape.text`: text with a sign of clauses, most of which
    is no wording of the form. `headings`: places where they begin and end, over which no sentence
    goes; `wordings`: the form's, bare."""
    known = LINE.join(wordings)
    found: list[Span] = []
    for start, end in _parts(tape.text, sorted(headings)):
        if _is_among_cells(tape, start):
            continue
        text = tape.text[start:end]
        if not _MARKS.search(text) or (words := _letters(text)) < _SHORTEST:
            continue
        if bare(_FIGURES.sub("", text)) in known:
            continue  # the rest of a label that goes on on another line, and figures beside it
        most = _MOST_IN_FULL if text.endswith("\u3002") else _MOST_COVERED
        if _covered(tape, phrases, start, end) < most * words:
            found.append((start, end))
    return found


def _parts(text: str, cuts: Sequence[int]) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        inside = cuts[bisect_left(cuts, start + 1) : bisect_left(cuts, end)]
        yield from pairwise((start, *inside, end))


def _covered(tape: Tape, phrases: Sequence[Phrase], start: int, end: int) -> int:
    """How many letters of a stretch are those of labels, of which one may begin on a line above."""
    covered = 0
    for phrase in phrases[bisect_left(phrases, start + 1, key=lambda each: each.end) :]:
        if phrase.start >= end:
            break
        covered += _letters(tape.text[max(phrase.start, start) : min(phrase.end, end)])
    return covered


def _is_among_cells(tape: Tape, place: int) -> bool:
    """Whether a place is in a cell of a row of several: no sentence stands there."""
    unit = tape.unit_at(place)
    return unit.is_cell and len(list(islice(tape.beside(unit), _FEWEST_CELLS))) == _FEWEST_CELLS


def outside(phrases: Sequence[Phrase], sentences: Sequence[Span]) -> list[Phrase]:
    """The labels that do not stand in a sentence."""
    ends = [end for _, end in sentences]
    found = []
    for phrase in phrases:
        at = bisect_left(ends, phrase.start + 1)
        if at == len(sentences) or phrase.start < sentences[at][0]:
            found.append(phrase)
    return found


def _letters(text: str) -> int:
    return sum(not char.isdecimal() for char in bare(text))
