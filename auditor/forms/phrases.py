"""Form in, Vocabulary out; Tape in, the places where the form's own words stand.

Labels are compared without blanks and punctuation, so a label torn by a line break is found whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct

from auditor.forms.folding import Folding, bare
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.form import Form, Table


class Role(Enum):
    """What a wording labels."""

    ROW = "row"
    COLUMN = "column"
    GROUP = "group"
    CAPTION = "caption"


class Sense(Struct, frozen=True):
    """One thing that a wording may stand for."""

    table: str
    role: Role
    key: str
    number: str
    """The enumerator in front of the wording on the form, such as `1` or `(七)` without marks."""
    alias: bool


class Phrase(Struct, frozen=True):
    """A wording found on the tape; `start`..`end` are places in `Tape.text`."""

    start: int
    end: int
    senses: tuple[Sense, ...]
    numbered: bool
    """Whether the enumerator of the first sense stands in front of it."""

    def rows(self, table: str) -> list[Sense]:
        """The rows of a table that this may label."""
        return [s for s in self.senses if s.table == table and s.role is Role.ROW]

    def columns(self, table: str) -> list[Sense]:
        """The columns of a table that this may label."""
        return [s for s in self.senses if s.table == table and s.role is Role.COLUMN]


_ENUMERATOR = re.compile(r"\((\w{1,2})\)|(\w{1,2})[.\u3001]")

_LONG, _HEAD, _MOST_TORN = 8, 4, 0.25
"""Length of wordings of which a beginning is one too, and the least of it, as characters and as a
share."""
_LONGEST_PART = 60
"""Characters of figures within a label."""

_BLANK_ROW = re.compile(r"\s(?:[^\w\s]\s+){2,}")
"""Nothing but signs, apart from each other."""


def split_label(label: str, folding: Folding) -> tuple[str, str]:
    """A printed label as (enumerator, core), both bare."""
    folded = folding.fold(label)
    found = _ENUMERATOR.match(folded)
    if not found:
        return "", bare(folded)
    return found[1] or found[2], bare(folded[found.end() :])


class Vocabulary:
    """Every wording of a form, by its core."""

    def __init__(self, form: Form, folding: Folding) -> None:
        self.folding = folding
        self.senses: dict[str, list[Sense]] = defaultdict(list)
        self.labels: dict[str, dict[str, str]] = {}
        """Per table, row key → the whole label, bare."""
        for table in form.tables:
            self._add_table(table)
        self._wordings = {
            table.key: [
                core
                for core, senses in self.senses.items()
                if any(sense.table == table.key for sense in senses)
            ]
            for table in form.tables
        }

    def wordings_of(self, table: str) -> Sequence[str]:
        """The cores of a table's wordings."""
        return self._wordings[table]

    def beside_rows(self, table: str) -> Sequence[str]:
        """The cores of a table's wordings that label no row."""
        return [
            core
            for core in self._wordings[table]
            if all(each.role is not Role.ROW for each in self.senses[core] if each.table == table)
        ]

    def _add_table(self, table: Table) -> None:
        self.labels[table.key] = {}
        for row in table.rows:
            number, core = split_label(row.label, self.folding)
            self.labels[table.key][row.key] = number + core
            self._add(table.key, Role.ROW, row.key, (row.label, *row.aliases))
        for column in table.columns:
            self._add(table.key, Role.COLUMN, column.key, (column.label, *column.aliases))
        for group in table.groups:
            self._add(table.key, Role.GROUP, group.key, (group.label, *group.aliases))
        for caption in table.captions:
            self._add(table.key, Role.CAPTION, caption, (caption,))

    def _add(self, table: str, role: Role, key: str, wordings: tuple[str, ...]) -> None:
        for index, wording in enumerate(wordings):
            number, core = split_label(wording, self.folding)
            if core:
                self.senses[core].append(Sense(table, role, key, number, index > 0))


def find_phrases(tape: Tape, vocabulary: Vocabulary) -> list[Phrase]:
    """The form's words in reading order, longest first where they overlap."""
    found: list[tuple[int, int, str]] = []
    for core in vocabulary.senses:
        start = tape.core.find(core)
        while start >= 0:
            found.append((start, -len(core), core))
            start = tape.core.find(core, start + 1)
    found += _torn(tape, vocabulary)
    found.sort()
    phrases: list[Phrase] = []
    taken = 0
    for start, minus_length, core in found:
        if start < taken:
            continue
        end = start - minus_length
        blanks = _BLANK_ROW.search(tape.text, tape.at[start], tape.at[end - 1])
        if blanks:  # its own row of blank marks stands in the middle of it
            end = bisect_left(tape.at, blanks.start(), start, end)
        senses = vocabulary.senses[core]
        first, numbered_senses = _enumerated(tape, start, taken, senses)
        chosen = tuple(numbered_senses or senses)
        phrases.append(Phrase(tape.at[first], tape.at[end - 1] + 1, chosen, bool(numbered_senses)))
        taken = end
    return phrases


def _torn(tape: Tape, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """The beginnings of long wordings that figures interrupt: those of a row often stand in the
    middle of its label, and its rest below. As (place, minus length, wording); only where no other
    begins as well."""
    heads: dict[str, list[str]] = defaultdict(list)
    for core in vocabulary.senses:
        if len(core) >= _LONG:
            heads[core[:_HEAD]].append(core)
    text = tape.core
    for head, cores in heads.items():
        start = text.find(head)
        while start >= 0:
            reached = sorted((_common(text, start, core), core) for core in cores)
            most, core = reached[-1]
            rival = reached[-2][0] if len(reached) > 1 else 0
            if rival < most < len(core) and most >= _MOST_TORN * len(core):
                end = start + most
                is_parted = text[end : end + 1].isdecimal() and tape.at[end] > tape.at[end - 1] + 1
                if is_parted and text.find(core[most:], end, end + _LONGEST_PART) >= 0:
                    yield start, -most, core
            start = text.find(head, start + 1)


def _common(text: str, start: int, core: str) -> int:
    """How many characters from `start` on are those of a wording."""
    pairs = zip(text[start : start + len(core)], core, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), len(core))


def _enumerated(tape: Tape, start: int, taken: int, senses: list[Sense]) -> tuple[int, list[Sense]]:
    """Where the label begins with its enumerator, and the senses that have this enumerator."""
    for number in {sense.number for sense in senses if sense.number}:
        first = start - len(number)
        if first < taken or tape.core[first:start] != number:
            continue
        if number.isdigit() and not _is_enumerator(tape, first, start):
            continue
        return first, [sense for sense in senses if sense.number == number]
    return start, []


def _is_enumerator(tape: Tape, first: int, start: int) -> bool:
    """Whether a digit before a label belongs to it: a mark follows, or nothing numeric precedes."""
    between = tape.text[tape.at[start - 1] + 1 : tape.at[start]]
    if between.strip(" " + LINE + CELL):
        return True
    if LINE in between or CELL in between:
        return False
    before = tape.text[: tape.at[first]].rstrip(" ")
    return not before or before[-1] in (LINE, CELL) or not before[-1].isdigit()
