"""Two readings of one document in; the first, without what the second contradicts, out.

A second reading may only take away: a cell on which the two differ is illegible, with both named,
and what the second did not read certainly says nothing.

So it is where a document prints its tables twice (`halves_of`), as web pages do that go on with the
text of their attachment. Where every cell that was read in both copies is the same, whichever is
meant says so; where one differs, nobody can tell which is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from auditor.layout.labels import LabelMatch, Vocabulary
from auditor.layout.recognise import titled
from auditor.layout.sections import places_of
from auditor.layout.solver import sums_of
from auditor.model.form import Address, Form, Table
from auditor.model.report import (
    Blank,
    Entry,
    Illegible,
    Match,
    Missing,
    Number,
    Report,
    is_same,
    is_unread,
)
from auditor.model.source import Extract, Grid, Notice, Paragraph
from auditor.source_text import SourceText

CONFIRMED = "second-reader-agrees"
DIFFERS = "second-reader-differs"
CONTRADICTED = "second-reader-astray"
SILENT = "second-reader-silent"

_SURE = {Match.EXACT, Match.ALIAS}
_MOST_DISPLACED = 0.25
"""Share of a table's cells beyond which a difference is no slip in a cell, but another table."""
_SAME = 0.9
_HOLD = 0.9
_BREAK = 0.75
"""Of a table's printed sums, how many must bear a reading out and how few may bear one out that is
refuted."""
_LISTED = 8


def reconcile(
    report: Report, second: Report, form: Form, asked: Collection[Address] | None = None
) -> Report:
    """The report with every cell illegible on which the second reading differs.

    `asked` are the cells for whose sake it was read again, None for all: those among them that it
    could not confirm are named in a notice. Of other tables it may have seen a part only, so they
    are not compared.
    """
    tables = {box.table for box in (report.entries if asked is None else asked)}
    seen = {box: entry for box, entry in second.entries.items() if box.table in tables}
    second = replace(second, entries=seen)
    agree = [box for box, _ in _compared(report, second, same=True)]
    differ = dict(_compared(report, second, same=False))
    displaced = [
        table for table in form.tables if _is_displaced(table, report, second, agree, differ)
    ]
    notices: list[Notice] = []
    for table in displaced:
        own = [box for box in differ if box.table == table.key]
        details = (("table", table.key), ("count", str(len(own))))
        notices.append(Notice(CONTRADICTED, details, tuple(own)))
        for box in own:
            del differ[box]
        agree = [box for box in agree if box.table != table.key]
    entries = dict(report.entries)
    for box, other in differ.items():
        entries[box] = _doubted(entries[box], other)
    for key in dict.fromkeys(box.table for box in differ):
        own = [box for box in differ if box.table == key]
        pairs = [f"{_shown(report.entries[box])} / {_shown(differ[box])}" for box in own[:_LISTED]]
        more = [f"(+{len(own) - _LISTED})"] if len(own) > _LISTED else []
        details = (("count", str(len(own))), ("readings", "; ".join([*pairs, *more])))
        notices.append(Notice(DIFFERS, details, tuple(own), entries[own[0]].origin))
    silent = [
        box
        for box in (report.entries if asked is None else asked)
        if box not in differ
        and box not in agree
        and box.table not in {table.key for table in displaced}
        and isinstance(report.entries[box].value, Number | Blank)
    ]
    if silent:
        notices.append(Notice(SILENT, (("count", str(len(silent))),), tuple(silent)))
    if agree:
        legible = sum(
            box.table in tables and isinstance(entry.value, Number | Blank)
            for box, entry in report.entries.items()
        )
        counts = (("count", str(len(agree))), ("of", str(legible)))
        notices.append(Notice(CONFIRMED, counts))
    return replace(report, entries=entries, notices=(*report.notices, *notices))


def is_confirmed(report: Report, second: Report, boxes: Collection[Address]) -> bool:
    """Whether the second reading has for certain and alike every cell that was read of the tables
    in which some boxes stand."""
    tables = {box.table for box in boxes}
    alike = dict(_compared(report, second, same=True))
    return all(
        box in alike
        for box, entry in report.entries.items()
        if box.table in tables and isinstance(entry.value, Number | Blank)
    )


def doubtful(report: Report) -> list[Address]:
    """The cells that were not read, or only with the help of sums; of pictures there is no other
    reader."""
    return [
        box
        for box, entry in report.entries.items()
        if not entry.recognised
        and (
            (isinstance(entry.value, Illegible) and is_unread(entry.value))
            or entry.match is Match.INFERRED
        )
    ]


def _compared(report: Report, second: Report, same: bool) -> Iterable[tuple[Address, Entry]]:
    """The boxes that both readings have for certain, where they agree or where they do not."""
    for box, entry in report.entries.items():
        other = second.entries.get(box)
        if (
            other is not None
            and other.match in _SURE
            and isinstance(entry.value, Number | Blank)
            and isinstance(other.value, Number | Blank)
            and is_same(entry.value, other.value) is same
        ):
            yield box, other


def _is_displaced(
    table: Table,
    report: Report,
    second: Report,
    agree: Collection[Address],
    differ: Mapping[Address, Entry],
) -> bool:
    """Whether the second reading put the table's figures into other places: much of it differs, its
    figures are the first reading's, the printed sums bear that one out, and they refute the second.

    Where the figures themselves differ, or the sums bear out neither, nobody is believed.
    """
    other = sum(box.table == table.key for box in differ)
    both = other + sum(box.table == table.key for box in agree)
    if other <= _MOST_DISPLACED * both:
        return False
    own_figures, figures = _figures(table, report), _figures(table, second)
    if (figures & own_figures).total() < _SAME * figures.total():
        return False
    sums = sums_of(table, list(report.entries))
    own_held, own_broken = _proof(report, sums)
    held, broken = _proof(second, sums)
    return (
        own_held >= _HOLD * (own_held + own_broken)
        and own_held > len(table.columns)
        and held < _BREAK * (held + broken)
    )


def _figures(table: Table, report: Report) -> Counter[Decimal]:
    """The table's figures but zeros, wherever they stand."""
    return Counter(
        entry.value.value
        for box, entry in report.entries.items()
        if box.table == table.key and isinstance(entry.value, Number) and entry.value.value
    )


def _proof(report: Report, sums: Iterable[Mapping[Address, int]]) -> tuple[int, int]:
    """How many sums hold and how many do not, of those that were read whole, were not taken for
    granted, and say more than that nothing is nothing."""
    held = broken = 0
    for total in sums:
        if frozenset(total) in report.assumed:
            continue
        values = [_value_of(report, box) for box in total]
        if any(value is None for value in values) or not any(values):
            continue
        left = sum((value or 0) * sign for value, sign in zip(values, total.values(), strict=True))
        held, broken = (held + 1, broken) if left == 0 else (held, broken + 1)
    return held, broken


def _value_of(report: Report, box: Address) -> Decimal | None:
    match report.entries[box].value if box in report.entries else Missing():
        case Number(value=value):
            return value
        case Blank():
            return Decimal(0)
        case _:
            return None


def _doubted(entry: Entry, other: Entry) -> Entry:
    readings = (_said(entry), _said(other))
    return replace(entry, raw=" | ".join(readings), value=Illegible(readings), match=Match.NONE)


def _said(entry: Entry) -> str:
    """The figure as printed; nothing for a blank."""
    return (entry.raw or "").strip()


def _shown(entry: Entry) -> str:
    return _said(entry) or "_"


_FEWEST_IN_BOTH = 0.8
"""Share of the first copy's cells that must have been read in the second."""


def halves_of(
    extract: Extract,
    form: Form,
    source: SourceText,
    vocabulary: Vocabulary,
    table: Table,
    labels: Sequence[LabelMatch],
) -> tuple[Extract, Extract] | None:
    """The document cut before the heading under which the second copy begins; None where there is
    no such line, or more than one report by its titles. `table` stands there twice."""
    places: dict[str, list[int]] = {}
    for label in labels:
        if len(label.senses) == 1 and label.row(table.key):
            places.setdefault(label.senses[0].key, []).append(label.start)
    if sum(len(each) > 2 for each in places.values()) * 2 > len(places):
        return None  # more than two copies
    first = max(each[0] for each in places.values())
    second = min(each[1] for each in places.values() if len(each) > 1)
    headings = places_of(source, form.tables[0].headings, vocabulary)
    able = [place for place in headings if first < place < second]
    if not able or any(len(each) > 1 for each in titled(source, form.imprint)):
        return None
    span = source.span_at(max(able))
    if span.start <= first:
        return None
    return _cut(extract, sum(start < span.start for start in source.starts))


def _cut(extract: Extract, units: int) -> tuple[Extract, Extract] | None:
    """The extract cut after so many cells and paragraphs; None where that is within a row."""
    before: list[Paragraph | Grid] = []
    for index, block in enumerate(extract.blocks):
        size = sum(map(len, block.rows)) if isinstance(block, Grid) else 1
        if units < size:
            behind = extract.blocks[index + 1 :]
            if units == 0:
                return _halves(extract, before, (block, *behind))
            assert isinstance(block, Grid)
            for count in range(1, len(block.rows)):
                if units == sum(map(len, block.rows[:count])):
                    before.append(replace(block, rows=block.rows[:count]))
                    return _halves(
                        extract, before, (replace(block, rows=block.rows[count:]), *behind)
                    )
            return None
        before.append(block)
        units -= size
    return None


def _halves(
    extract: Extract, before: Sequence[Paragraph | Grid], behind: Sequence[Paragraph | Grid]
) -> tuple[Extract, Extract]:
    return Extract(tuple(before), extract.notices), Extract(tuple(behind))


def agreed(first: Report, second: Report) -> Report | None:
    """The first copy's report, and what only the second shows; None where they differ anywhere, or
    too few cells were read in both."""
    entries = dict(first.entries)
    own = both = 0
    for box, entry in first.entries.items():
        other = second.entries.get(box)
        own += not is_unread(entry.value)
        if other is None or is_unread(other.value):
            continue
        if is_unread(entry.value):
            entries[box] = other
        elif is_same(entry.value, other.value):
            both += 1
        else:
            return None
    if both < _FEWEST_IN_BOTH * max(own, 1):
        return None
    notice = Notice("copies-agree", (("count", str(both)),))
    return replace(
        first,
        entries=entries,
        notices=(*first.notices, notice),
        assumed=first.assumed | second.assumed,
        unknown_rows=first.unknown_rows or second.unknown_rows,
    )
