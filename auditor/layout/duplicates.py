"""A document that prints the tables twice in; its two halves, and what both of them say, out.

Web pages go on with the text of their attachment. Where every cell that was read in both copies is
the same, whichever is meant says so; where one differs, nobody can tell which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from auditor.layout.identity import titled
from auditor.layout.labels import LabelMatch, Vocabulary
from auditor.layout.sections import places_of
from auditor.model.form import Form, Table
from auditor.model.report import Report, is_same, is_unread
from auditor.model.source import Extract, Grid, Notice, Paragraph
from auditor.source_text import SourceText

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
        if len(label.senses) == 1 and label.rows(table.key):
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
