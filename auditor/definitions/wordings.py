"""`prose.yaml` and the form it is for in, `Wordings` out; a slip is a `DefinitionError`.

Cells are named as rules name them: `row/column` within `table`, with `group.*` and `*` for several.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.model import Words
from auditor.model.check import Alternative, Relation, Severity
from auditor.model.form import Address, Form, Table
from auditor.model.wordings import (
    Mention,
    MentionWords,
    PlainWords,
    SectionForm,
    Topic,
    Wordings,
)
from auditor.yamlsource import Item, Name, nearest, read, unique

_REFERENCE = re.compile(r"\{(\w+\??)\}")
_DEEPEST = 3
"""Words made of words made of words."""
_RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}
_Lists = Mapping[str, tuple[str, ...]]


class SectionItem(SectionForm, frozen=True, kw_only=True):
    """A section as written."""

    table: Name | None = None
    """The table that stands in it."""


class AlternativeItem(Struct, frozen=True):
    """A reading of a figure as written."""

    cells: tuple[Name, ...]
    """Cells that are added up, as row/column."""
    less: tuple[Name, ...] = ()
    """Cells that are taken off."""
    relation: Literal["equal", "at_most", "at_least"] = "equal"
    """How the figure compares with the sum."""
    severity: Severity | None = None
    """What is said where only this reading fits; none: in order."""
    times: int = 1
    """The sum in units of the figure: 10000 for one in yuan."""
    note: Words | None = None
    """What the reading means, for the finding."""
    editions: tuple[str, ...] = ()
    """Only for these editions of the form."""


class MentionItem(MentionWords, frozen=True, kw_only=True):
    """A mention as written."""

    key: Name
    """The name that rules use."""
    table: Name
    """The table whose cells it may equal."""
    topic: Name
    """Which must have been named, there or before."""
    near: Name | None = None
    """A topic that must have been named since the last subheading."""
    at_home: Name | None = None
    """The section in which `near` is not asked for."""
    equals: tuple[AlternativeItem, ...] = ()
    """Readings, tried in order."""
    editions: tuple[str, ...] = ()
    """Only for these editions of the form."""


class CompoundItem(Struct, frozen=True, rename={"made": "is"}):
    """Heads and times that are one head."""

    row: tuple[str, ...]
    """Keys of heads and times, in order; glue may stand between them."""
    made: str
    """The head that they make."""


class WordingsFile(PlainWords, frozen=True, kw_only=True):
    """How sentences speak of the report: sections, topics, and quantities that prose states."""

    sections: tuple[SectionItem, ...]
    """The sections of the report, in order."""
    topics: tuple[Topic, ...]
    """What sentences speak of."""
    mentions: tuple[MentionItem, ...]
    """The quantities that sentences state."""
    digits: Mapping[str, int]
    scales: Mapping[str, int]
    parts: _Lists = field(default_factory=dict)
    """Words that other words are made of: {name}, {name?}."""
    heads: _Lists = field(default_factory=dict)
    """Words for what is done and what comes of it, by key."""
    compounds: tuple[CompoundItem, ...] = ()
    """Rows of heads and times that are one head."""
    times: _Lists = field(default_factory=dict)
    """Words for the last, this and the next year."""
    marks: _Lists = field(default_factory=dict)
    """Small words, by what they are."""


def load_wordings(item: Item, form: Form) -> Wordings:
    """The wordings of one edition; what is for other editions only is left out."""
    given = read(WordingsFile, item)
    edition = form.id.rpartition("/")[2]
    composed = Composer(item, given.parts, given.heads)
    topics = tuple(replace(each, words=composed(each.words)) for each in given.topics)
    known = [topic.key for topic in topics]
    sections = [each.key for each in given.sections]
    mentions: list[Mention] = []
    absent: list[str] = []
    here: list[Name] = []
    for each in given.mentions:
        is_here = not each.editions or edition in each.editions
        mention = _mention(each, form, edition if is_here else None, known, sections)
        if is_here:
            mentions.append(mention)
            here.append(each.key)
        else:
            absent.append(mention.key)
    unique(here)
    _need_heads(item, given, mentions)
    plain = {name: getattr(given, name) for name in PlainWords.__struct_fields__}
    return Wordings(
        **plain,
        sections=tuple(_section(each, form) for each in given.sections),
        topics=topics,
        mentions=tuple(mentions),
        absent=tuple(absent),
        heads=tuple((key, composed(words)) for key, words in given.heads.items()),
        compounds=tuple((each.row, each.made) for each in given.compounds),
        times=tuple(given.times.items()),
        marks=tuple(given.marks.items()),
        digits=tuple(given.digits.items()),
        scales=tuple(given.scales.items()),
    )


class Composer:
    """Words that are written as made of others, `{and}` and `{and?}`, spelled out."""

    def __init__(self, item: Item, *lists: Mapping[str, Sequence[str]]) -> None:
        self._item = item
        self._lists = {key: words for each in lists for key, words in each.items()}

    def __call__(self, words: Sequence[str], depth: int = 0) -> tuple[str, ...]:
        """Every word that each of them stands for. Raises `DefinitionError` for an unknown name."""
        found: list[str] = []
        for word in words:
            pieces = _REFERENCE.split(word)
            choices: list[Sequence[str]] = []
            for index, piece in enumerate(pieces):
                choices.append(self._choices(piece, depth) if index % 2 else (piece,))
            found += ("".join(each) for each in product(*choices))
        return tuple(dict.fromkeys(found))

    def _choices(self, name: str, depth: int) -> Sequence[str]:
        key = name.removesuffix("?")
        if key not in self._lists or depth > _DEEPEST:
            raise self._item.wrong(f"no words are called {key!r}", nearest(key, [*self._lists]))
        spelled = self(self._lists[key], depth + 1)
        return ("", *spelled) if name.endswith("?") else spelled


def _need_heads(item: Item, given: WordingsFile, mentions: Sequence[Mention]) -> None:
    """Every head that a mention or a compound names has words, or is a compound."""
    known = {*given.heads, *(each.made for each in given.compounds)}
    named = [key for each in given.compounds for key in each.row if key not in given.times]
    for each in mentions:
        named += (*each.before, *each.after, *each.all, *each.none, *each.zero)
    for head in named:
        if head not in known:
            raise item.wrong(f"no words are called {head!r}", nearest(head, known))


def _section(given: SectionItem, form: Form) -> SectionForm:
    table = given.table.one_of([each.key for each in form.tables]) if given.table else None
    return SectionForm(given.key, given.number, given.headings, table)


def _mention(
    given: MentionItem,
    form: Form,
    edition: str | None,
    topics: Collection[str],
    sections: Collection[str],
) -> Mention:
    """The mention; without its readings where the form is of an edition that it is not for."""
    table = form.table(given.table.one_of([each.key for each in form.tables]))
    said = {name: getattr(given, name) for name in MentionWords.__struct_fields__}
    said["key"] = str(given.key)
    said["topic"] = given.topic.one_of(topics)
    said["near"] = given.near.one_of(topics) if given.near else None
    said["at_home"] = given.at_home.one_of(sections) if given.at_home else None
    return Mention(**said, equals=tuple(_alternatives(given, table, edition)) if edition else ())


def _alternatives(given: MentionItem, table: Table, edition: str) -> Iterator[Alternative]:
    for each in given.equals:
        if each.editions and edition not in each.editions:
            continue
        terms = tuple(
            (sign, address)
            for sign, side in ((1, each.cells), (-1, each.less))
            for cell in side
            for address in _cells(cell, table)
        )
        yield Alternative(terms, _RELATIONS[each.relation], each.severity, each.times, each.note)


def _cells(name: Name, table: Table) -> Iterator[Address]:
    row_said, slash, column_said = name.partition("/")
    if not slash:
        raise name.item.wrong("a cell is written as row/column")
    if row_said.endswith(".*"):
        rows = [row for row in table.rows if row.group == row_said[:-2]]
    else:
        rows = [row for row in table.rows if row.key == row_said]
    if not rows:
        known = [row.key for row in table.rows] + [f"{group.key}.*" for group in table.groups]
        raise name.item.wrong(
            f"table {table.key!r} has no row {row_said!r}", nearest(row_said, known)
        )
    columns = [column.key for column in table.columns]
    if column_said != "*" and column_said not in columns:
        raise name.item.wrong(
            f"table {table.key!r} has no column {column_said!r}", nearest(column_said, columns)
        )
    for row in rows:
        for key in row.columns:
            if column_said in ("*", key):
                yield Address(table.key, row.key, key)
