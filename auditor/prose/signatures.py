"""The text behind the last heading in; who signed and when, and when a page was published, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from auditor.forms.folding import Folding
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.noun import noun
from auditor.model.prose import Printed
from auditor.model.wordings import Wordings
from auditor.prose.dates import Dates, packed
from auditor.prose.layout import Line
from auditor.prose.quantities import any_of

_STOPS = "\u3002!?;"
_BRACKETS = "() \u3010\u3011[]"
_NAME = range(4, 41)
_REACH = 24
"""Characters behind 发布时间 in which its date is looked for."""


@noun
class Signed:
    """A name and a date; None for what is not there."""

    name: Printed | None = None
    printed: Printed | None = None
    on: date | None = None


class _Piece(NamedTuple):
    """A line behind the last full stop on it."""

    text: str
    place: int
    end: int


def find_signature(
    tape: Tape, start: int, dates: Dates, wordings: Wordings, folding: Folding
) -> Signed:
    """The first date that stands alone or behind an agency's name, and that name."""
    ends = tuple(folding.fold(word) for word in wordings.words("agency_ends"))
    never = [folding.fold(word) for word in wordings.words("no_signature")]

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


def _pieces(tape: Tape, start: int) -> Iterator[_Piece]:
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
    tape: Tape, lines: Sequence[Line], dates: Dates, wordings: Wordings, folding: Folding
) -> Signed:
    """The earliest date that a page prints behind 发布时间 or the like."""
    labels = re.compile(any_of([folding.fold(word) for word in wordings.words("published")]))
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
