"""A form's wordings in; the places of a text where they stand, and what they label, out."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, cached_property

from msgspec import Struct

from auditor.model.form import Form, Table
from auditor.patterns import compiled
from auditor.source_text import CELL, LINE, Figures, Folding, SourceText, normalize

_MEANINGFUL = 0.7
"""Share of an unknown word's characters, in order, that a label has of which it is a piece."""
_BEGINNING = 8


class Likeness:
    """A table's labels. `rows`: row key → bare label; `all_labels`: of columns and parts too."""

    def __init__(self, rows: Mapping[str, str], all_labels: Sequence[str]) -> None:
        self._rows = rows
        self._all = all_labels

    def is_prose(self, text: str) -> bool:
        """Whether an unknown word resembles no label of the table, not even a piece of one."""
        return all(_in_common(text, label) < _MEANINGFUL * len(text) for label in self._all)

    def begins(self, text: str) -> bool:
        """Whether words begin with a piece of a label; two damaged ones may follow each other."""
        return not self.is_prose(normalize(text).strip("0123456789")[:_BEGINNING])

    def begins_row(self, text: str) -> bool:
        """Whether a text is the beginning of a row's label."""
        return len(text) > 2 and any(label.startswith(text) for label in self._rows.values())

    def ends(self, words: str) -> bool:
        """Whether words end as the label of a row does."""
        tail = normalize(words)[-2:]
        return len(tail) == 2 and any(label.endswith(tail) for label in self._rows.values())

    def rows_like(self, text: str) -> tuple[tuple[str, float], ...]:
        """The rows whose label a text may be, misprinted or torn, with the share of the label that
        it covers. A text that stands in one label is no misprint of another, and one that ends as
        another begins (`handling(7)To`) is the pieces of two."""
        near: list[tuple[str, float]] = []
        is_piece = any(text in label for label in self._rows.values())
        for key, label in self._rows.items() if len(text) >= 3 else ():
            if len(label) < 0.6 * len(text) or (is_piece and text not in label):
                continue
            if self._runs_into_another(text, label):
                continue
            common = _in_common(text, label)
            cover = common / len(label)
            misprinted = cover >= 0.55 and common >= 0.6 * len(text)
            torn = cover >= 0.3 and len(text) >= 8 and common >= 0.85 * len(text)
            if misprinted or torn:
                near.append((key, cover))
        return tuple(near)

    def _runs_into_another(self, text: str, label: str) -> bool:
        tails = (text[at:] for at in range(1, len(text) - 1))
        return any(
            other.startswith(tail) and tail not in label
            for tail in tails
            for other in self._rows.values()
        )


def _in_common(text: str, label: str) -> int:
    """How many characters both have, in the same order."""
    return _similarity()(text, label)


@cache
def _similarity() -> Callable[[str, str], int]:
    from rapidfuzz.distance import LCSseq  # slow to import, and a clean report needs it nowhere

    return LCSseq.similarity


class Role(Enum):
    """What a wording labels."""

    ROW = "row"
    COLUMN = "column"
    GROUP = "group"
    CAPTION = "caption"


class LabelMeaning(Struct, frozen=True):
    """One thing that a wording may stand for."""

    table: str
    role: Role
    key: str
    number: str
    """The enumerator in front of the wording on the form, such as `1` or `(七)` without marks."""
    alias: bool


class LabelMatch(Struct, frozen=True):
    """A wording found on the text; `start`..`end` are places in `SourceText.text`."""

    start: int
    end: int
    senses: tuple[LabelMeaning, ...]
    numbered: bool
    """Whether the enumerator of the first sense stands in front of it."""

    @property
    def names_row(self) -> bool:
        """Whether it may label a row of any table."""
        return any(sense.role is Role.ROW for sense in self.senses)

    def row(self, table: str) -> str | None:
        """The key of the first row of a table that this may label."""
        for sense in self.senses:
            if sense.table == table and sense.role is Role.ROW:
                return sense.key
        return None

    def rows(self, table: str) -> list[LabelMeaning]:
        """The rows of a table that this may label."""
        return [s for s in self.senses if s.table == table and s.role is Role.ROW]

    def columns(self, table: str) -> list[LabelMeaning]:
        """The columns of a table that this may label."""
        return [s for s in self.senses if s.table == table and s.role is Role.COLUMN]


_ENUMERATOR = compiled(r"\((\w{1,2})\)|(\w{1,2})[.\u3001]")

_LONG, _HEAD, _MOST_TORN = 8, 4, 0.25
"""Length of wordings of which a beginning is one too, and the least of it, as characters and as a
share."""
_LONGEST_PART = 60
"""Characters of figures within a label."""

_BLANK_ROW = compiled(r"\s(?:[^\w\s]\s+){2,}")
"""Nothing but signs, apart from each other."""


def split_label(label: str, folding: Folding) -> tuple[str, str]:
    """A printed label as (enumerator, core), both bare."""
    folded = folding.fold(label)
    found = _ENUMERATOR.match(folded)
    if not found:
        return "", normalize(folded)
    return found[1] or found[2], normalize(folded[found.end() :])


class Vocabulary:
    """Every wording of a form, by its core."""

    def __init__(self, form: Form, folding: Folding) -> None:
        self.folding = folding
        self.senses: dict[str, list[LabelMeaning]] = defaultdict(list)
        self.free: set[str] = set()
        """Cores of wordings that are no part of a longer word: those of a report's own rows, which
        may be as short as two letters."""
        self.labels: dict[str, dict[str, str]] = {}
        """Per table, row key → the whole label, bare."""
        for table in form.tables:
            self._add_table(table)
        self.wordings: dict[str, list[str]] = {table.key: [] for table in form.tables}
        """The cores of each table's wordings."""
        self.beside_rows: dict[str, list[str]] = {table.key: [] for table in form.tables}
        """Those of them that label no row."""
        for core, senses in self.senses.items():
            for key in dict.fromkeys(sense.table for sense in senses):
                self.wordings[key].append(core)
                if all(each.role is not Role.ROW for each in senses if each.table == key):
                    self.beside_rows[key].append(core)

    def _add_table(self, table: Table) -> None:
        self.labels[table.key] = {}
        is_open = {group.key for group in table.groups if group.is_open}
        for row in table.rows:
            if row.is_unprinted:
                self.labels[table.key][row.key] = ""
                continue
            number, core = split_label(row.label, self.folding)
            self.labels[table.key][row.key] = number + core
            self._add(table.key, Role.ROW, row.key, (row.label, *row.aliases))
            if row.group in is_open:
                self.free.add(core)
        for column in table.columns:
            self._add(table.key, Role.COLUMN, column.key, (column.label, *column.aliases))
        for group in table.groups:
            if group.is_axis:
                continue
            self._add(table.key, Role.GROUP, group.key, (group.label, *group.aliases))
        for caption in table.captions:
            self._add(table.key, Role.CAPTION, caption, (caption,))

    def _add(self, table: str, role: Role, key: str, wordings: tuple[str, ...]) -> None:
        for index, wording in enumerate(wordings):
            number, core = split_label(wording, self.folding)
            if core:
                self.senses[core].append(LabelMeaning(table, role, key, number, index > 0))


def find_labels(source: SourceText, vocabulary: Vocabulary) -> list[LabelMatch]:
    """The form's words in reading order, longest first where they overlap."""
    found: list[tuple[int, int, str]] = []
    wrapped: list[tuple[int, int, str]] = []
    """A report's own rows over several lines: a heading and the row below it may read like one."""
    for core in vocabulary.senses:
        start = source.compact.find(core)
        while start >= 0:
            place = (start, -len(core), core)
            if core not in vocabulary.free:
                found.append(place)
            elif _is_free(source, start, start + len(core)):
                wraps = _row_at(source, start) != _row_at(source, start + len(core) - 1)
                (wrapped if wraps else found).append(place)
            start = source.compact.find(core, start + 1)
    found += [
        (start, minus, core)
        for start, minus, core in wrapped
        if not any(other < start - minus and other - size > start for other, size, _ in found)
    ]
    found += _torn(source, vocabulary)
    found.sort()
    found_labels: list[LabelMatch] = []
    taken = 0
    for start, minus_length, core in found:
        if start < taken:
            continue
        end = start - minus_length
        blanks = _BLANK_ROW.search(source.text, source.offsets[start], source.offsets[end - 1])
        if blanks:  # its own row of blank marks stands in the middle of it
            end = bisect_left(source.offsets, blanks.start(), start, end)
        senses = vocabulary.senses[core]
        first, numbered_senses = _enumerated(source, start, taken, senses)
        chosen = tuple(numbered_senses or senses)
        found_labels.append(
            LabelMatch(
                source.offsets[first], source.offsets[end - 1] + 1, chosen, bool(numbered_senses)
            )
        )
        taken = end
    return found_labels


def _row_at(source: SourceText, place: int) -> int:
    """The printed line of a character of the compact text."""
    return source.span_at(source.offsets[place]).row


def _is_free(source: SourceText, start: int, end: int) -> bool:
    """Whether no word stands beside a place of the compact text, in its cell or on its line."""
    first, last = source.offsets[start], source.offsets[end - 1] + 1
    before = source.text[source.span_at(first).start : first].rstrip()
    span = source.span_at(last - 1)
    behind = source.text[last : span.end].lstrip()
    return not before[-1:].isalpha() and not behind[:1].isalpha()


def _torn(source: SourceText, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """The beginnings of long wordings that figures interrupt: those of a row often stand in the
    middle of its label, and its rest below. As (place, minus length, wording); only where no other
    begins as well."""
    heads: dict[str, list[str]] = defaultdict(list)
    for core in vocabulary.senses:
        if len(core) >= _LONG:
            heads[core[:_HEAD]].append(core)
    text = source.compact
    for head, cores in heads.items():
        start = text.find(head)
        while start >= 0:
            reached = sorted((_common(text, start, core), core) for core in cores)
            most, core = reached[-1]
            rival = reached[-2][0] if len(reached) > 1 else 0
            if rival < most < len(core) and most >= _MOST_TORN * len(core):
                end = start + most
                is_parted = (
                    text[end : end + 1].isdecimal()
                    and source.offsets[end] > source.offsets[end - 1] + 1
                )
                if is_parted and text.find(core[most:], end, end + _LONGEST_PART) >= 0:
                    yield start, -most, core
            start = text.find(head, start + 1)


def _common(text: str, start: int, core: str) -> int:
    """How many characters from `start` on are those of a wording."""
    pairs = zip(text[start : start + len(core)], core, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), len(core))


def _enumerated(
    source: SourceText, start: int, taken: int, senses: list[LabelMeaning]
) -> tuple[int, list[LabelMeaning]]:
    """Where the label begins with its enumerator, and the senses that have this enumerator."""
    for number in {sense.number for sense in senses if sense.number}:
        first = start - len(number)
        if first < taken or source.compact[first:start] != number:
            continue
        if number.isdigit() and not _is_enumerator(source, first, start):
            continue
        return first, [sense for sense in senses if sense.number == number]
    return start, []


def _is_enumerator(source: SourceText, first: int, start: int) -> bool:
    """Whether a digit before a label belongs to it: a mark follows, or nothing numeric precedes."""
    between = source.text[source.offsets[start - 1] + 1 : source.offsets[start]]
    if between.strip(" " + LINE + CELL):
        return True
    if LINE in between or CELL in between:
        return False
    before = source.text[: source.offsets[first]].rstrip(" ")
    return not before or before[-1] in (LINE, CELL) or not before[-1].isdigit()


_known: dict[int, tuple[Form, Lexicon]] = {}
"""By identity; the form is kept beside, so that no other can have it."""
_MOST_KNOWN = 64
"""Forms of which the words are kept: a report that names its own rows is a form of its own."""


class Lexicon:
    """What a form's wordings come to; nothing of a report is kept in it."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.folding = Folding(form.fold, form.numerals)
        self.variants = frozenset(form.fold.items())
        """Forms that have the same ones fold a text alike."""
        self.headers = frozenset(normalize(self.folding.fold(each)) for each in form.recognised_by)
        """By which the form is recognised, bare."""

    @cached_property
    def labels(self) -> frozenset[str]:
        """Of all rows, bare."""
        rows = (row for table in self._form.tables for row in table.rows)
        return frozenset(normalize(self.folding.fold(row.label)) for row in rows)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a text is cut by; only the form that is recognised needs them."""
        return Vocabulary(self._form, self.folding)

    @cached_property
    def figures(self) -> Figures:
        """How its figures are written."""
        return Figures(self._form.numerals, self.folding)


def lexicon_of(form: Form) -> Lexicon:
    """The words of a form; a hundred reports share them."""
    found = _known.get(id(form))
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.pop(next(iter(_known)))
        found = _known[id(form)] = form, Lexicon(form)
    return found[1]
