"""One table's region in; the lines of boxes it has, each with every admissible reading, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.candidates import is_printed as is_printed_in
from auditor.layout.candidates import readings_of, texts_of, without_zeros
from auditor.layout.columns import columns_in
from auditor.layout.extents import Extent, extents_of, unknown_rows_in
from auditor.layout.labels import LabelMatch
from auditor.layout.rowlabels import (
    RowMatch,
    find_rows,
    printed_again,
    without_index_numbers,
    without_separators,
)
from auditor.layout.solver import RowDraft
from auditor.layout.tokens import Kind, NumberRun, TablePart, Token, UnknownText
from auditor.model.form import Address, Line, Table
from auditor.model.report import Match, Number, UnknownRow
from auditor.model.source import Notice
from auditor.source_text import Figures, SourceText


class Words(Struct, frozen=True):
    """What a table's text is told by."""

    labels: Mapping[str, str]
    """Row key → bare label."""
    others: Sequence[str]
    """The table's other wordings, bare."""
    figures: Figures


class TableDraft(Struct):
    """What one table came to before its readings are settled."""

    table: Table
    rows: list[RowDraft]
    missing: list[Address]
    notices: list[Notice] = []
    unknown_texts: list[UnknownText] = []
    variants: list[str] = []
    """Optional rows that this copy has."""
    unknown: list[UnknownRow] = []


def draft_table(
    source: SourceText, table: Table, parts: Sequence[TablePart], words: Words
) -> TableDraft:
    """The rows of a table, by its row labels or, printed in one line, by the count of figures."""
    if table.layout == "single":
        return _single(source, table, parts, words)
    return _by_rows(source, table, parts, words)


def _by_rows(
    source: SourceText, table: Table, parts: Sequence[TablePart], words: Words
) -> TableDraft:
    table_draft = TableDraft(table, [], [])
    parts = without_separators(table, without_index_numbers(table, parts))
    matches = _choose_variant(table, find_rows(parts, table))
    columns = columns_in(source, table, parts, matches)
    table_draft.notices += columns.notices if columns else ()
    anchored = {match.part for match in matches}
    glued = any([part.has_glued for part in parts if isinstance(part, NumberRun)])
    again = printed_again(table, parts, matches)
    extents = extents_of(source, table, parts, matches, words.labels, words.others)
    table_draft.unknown += _unknown(source, table, parts, extents, words)
    found: dict[str, RowDraft] = {}
    for extent in extents:
        match = extent.match
        row = table.rows[match.row]
        boxes = table.addresses(row)
        if columns is not None and columns.keys != row.columns:
            boxes = tuple([Address(table.key, row.key, key) for key in columns.keys])
        draft = _row_draft(source, extent, row, boxes, glued)
        if draft is None:
            continue
        if match.row in again and any(
            texts_of(each) not in again[match.row] for each in draft.readings
        ):
            draft.readings = []
        if columns is not None and not columns.are_sure:
            draft.readings = []
        found[row.key] = draft
        _note_surplus(
            table_draft, draft, (*extent.above, *match.before, *match.after, *extent.below)
        )
        if row.instead_of:
            table_draft.variants.append(row.key)
    replaced = {key for row in table.rows if row.key in found for key in row.instead_of}
    for row in table.rows:
        own = found.get(row.key)
        if row.key in replaced or (own is None and (row.instead_of or row.optional)):
            continue
        if own is not None:
            table_draft.rows.append(own)
        covered = own.addresses if own else ()
        if covered != (boxes := table.addresses(row)):
            table_draft.missing += [box for box in boxes if box not in covered]
    table_draft.unknown_texts += [
        part
        for index, part in enumerate(parts)
        if isinstance(part, UnknownText) and index not in anchored
    ]
    return table_draft


def _unknown(
    source: SourceText,
    table: Table,
    parts: Sequence[TablePart],
    extents: Sequence[Extent],
    words: Words,
) -> Iterator[UnknownRow]:
    """The rows of a table that the form does not have."""
    matches = [extent.match for extent in extents]
    for number, line in unknown_rows_in(table, parts, extents):
        first, last = line.tokens[0].start, line.tokens[-1].end
        label = source.text[source.row_start(first) : first].strip()
        values = [words.figures.value(t.text) for t in line.tokens if t.kind is Kind.FIGURE]
        yield UnknownRow(
            " ".join(label.split()),
            table.key,
            tuple(table.rows[match.row].key for match in matches[number - 1 : number + 1]),
            tuple(value.value for value in values if isinstance(value, Number)),
            source.origin(first, last),
        )


def _by_cell(source: SourceText, line: NumberRun, size: int) -> NumberRun | None:
    """A line with one token for each of its cells, where these are as many as the boxes: of several
    figures in one cell (`995727 / 35`, with last year's) nobody knows which is the box's, but none
    of them is the next box's. None where cells that hold several are more or fewer."""
    if not line.in_cells or len(line.tokens) <= size:
        return line
    by_cell = groupby(line.tokens, key=lambda token: source.span_at(token.start))
    cells = [list(tokens) for _, tokens in by_cell]
    if len(cells) == len(line.tokens) or len(cells) == 1:
        return line
    if len(cells) != size:
        return None
    return NumberRun(
        tuple(each[0] if len(each) == 1 else _unread(source, each) for each in cells),
        line.row,
        line.in_cells,
        line.follows_label,
    )


def _unread(source: SourceText, tokens: Sequence[Token]) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    return Token(Kind.UNREAD, source.text[start:end], start, end)


def _row_draft(
    source: SourceText, extent: Extent, row: Line, addresses: tuple[Address, ...], glued: bool
) -> RowDraft | None:
    """The boxes of a row and how they may be read; None where nothing stands beside its label."""
    match = extent.match
    size = len(addresses)
    lines = [line for each in match.lines if (line := _by_cell(source, each, size))]
    if extent.is_in_block or len(lines) < len(match.lines):
        return RowDraft(addresses, [], Match.POSITION, row.label)
    if not any(line.tokens for line in (*lines, *extent.above, *extent.below)):
        return None
    readings = readings_of(lines, extent.above, extent.below, size, glued, extent.shares_line)
    torn = [
        index
        for index, token in enumerate(readings[0] if readings else ())
        if (token is None or not token.text) and _has_several(lines)
    ]
    is_printed = bool(readings) and is_printed_in(readings[0], lines)
    is_solid = extent.is_solid and is_printed
    return RowDraft(
        addresses,
        readings,
        Match.POSITION if extent.is_apart else match.match,
        row.label,
        is_solid=is_solid,
        unproven=set(torn),
        surplus=_surplus(lines, size),
        follows_label=extent.follows_label,
        is_printed=is_printed,
        is_apart=extent.is_apart,
        beside=[token for line in (*extent.above, *extent.below) for token in line.tokens],
    )


def _surplus(lines: Sequence[NumberRun], size: int) -> int:
    """How many figures are too many; below zero, how many figures or empty cells too few."""
    tokens, filled = sum([len(line.tokens) for line in lines]), sum([line.filled for line in lines])
    return min(tokens, size) - size if filled <= size else filled - size


def _has_several(lines: Sequence[NumberRun]) -> bool:
    """Whether a cell holds more than one figure: a blank one beside it may be where one belongs."""
    unread = (t.text.split() for line in lines for t in line.tokens if t.kind is Kind.UNREAD)
    return any(sum(word.isdecimal() for word in words) > 1 for words in unread)


def _note_surplus(table_draft: TableDraft, draft: RowDraft, lines: Sequence[NumberRun]) -> None:
    """Say that there were more figures than boxes where that leaves one reading all the same."""
    found = sum(line.filled for line in lines)
    size = len(draft.addresses)
    if len(draft.readings) == 1 and found > size:
        details = (("row", draft.label), ("found", str(found)), ("expected", str(size)))
        table_draft.notices.append(Notice("figure-count", details, draft.addresses))


def _choose_variant(table: Table, matches: Sequence[RowMatch]) -> list[RowMatch]:
    """Without the matches of optional rows that have no figures of their own."""
    with_figures = {table.rows[match.row].key for match in matches if match.filled}
    return [
        match
        for match in matches
        if not (instead := table.rows[match.row].instead_of)
        or (table.rows[match.row].key in with_figures and with_figures.isdisjoint(instead))
    ]


def _single(
    source: SourceText, table: Table, parts: Sequence[TablePart], words: Words
) -> TableDraft:
    table_draft = TableDraft(table, [], [])
    matches = find_rows(parts, table)
    whole = sum(match.filled == len(table.rows[match.row].columns) for match in matches)
    if whole * 2 > len(table.rows):
        # Most rows have their own figures beside their own label: this copy prints rows.
        return _by_rows(source, table, parts, words)
    boxes = table.boxes()
    printed = _data_lines(source, parts, len(boxes))
    lines = [line for each in printed if (line := _by_cell(source, each, len(boxes)))]
    table_draft.unknown_texts += [part for part in parts if isinstance(part, UnknownText)]
    if not lines or len(lines) < len(printed):
        table_draft.missing += boxes
        return table_draft
    own, above, below = _around_full(lines, len(boxes))
    header_rows = _header_rows(source, parts)
    shares_line = any(line.row in header_rows for line in own)
    readings = readings_of(own, above, below, len(boxes), shares_line=shares_line)
    if led := _led_by_word(source, parts, own):
        rest = readings_of(led, above, below, len(boxes), shares_line=shares_line)
        known = set(map(texts_of, readings))
        readings += [each for each in rest if texts_of(each) not in known]
    if not (above or below):
        tokens = [token for line in own for token in line.tokens if token.text]
        readings += without_zeros(tokens, len(boxes)) if len(tokens) > len(boxes) else ()
    if not _is_in_order(table, parts):
        table_draft.notices.append(Notice("column-doubt", (("table", table.key),), boxes))
        readings = []
    draft = RowDraft(boxes, readings, Match.POSITION, table.headings[0])
    table_draft.rows.append(draft)
    _note_surplus(table_draft, draft, lines)
    printed = [line for line in own if line.filled]
    draft.follows_label = len(printed) == 1
    draft.is_printed = bool(readings) and is_printed_in(readings[0], own)
    alike = draft.follows_label or all(line.filled == 1 for line in printed)
    draft.is_solid = len(readings) == 1 and draft.is_printed and alike and not (above or below)
    if len(readings) == 1 and sum(line.filled for line in lines) == len(boxes):
        draft.match = Match.EXACT
    return table_draft


def _led_by_word(
    source: SourceText, parts: Sequence[TablePart], lines: Sequence[NumberRun]
) -> list[NumberRun]:
    """The lines with the word that stands in the cell before the first figure, which may be the
    first box's (`x58`) as well as a caption; none where no word does."""
    first = lines[0]
    at = next(
        at
        for at, part in enumerate(parts)
        if isinstance(part, NumberRun) and part.tokens[0].start == first.tokens[0].start
    )
    word = parts[at - 1] if at else None
    if not first.in_cells or not isinstance(word, UnknownText) or word.row != first.row:
        return []
    token = Token(Kind.UNREAD, source.text[word.start : word.end], word.start, word.end)
    return [replace(first, tokens=(token, *first.tokens)), *lines[1:]]


def _is_in_order(table: Table, parts: Sequence[TablePart]) -> bool:
    """Whether the labels of a table that is printed in one line stand in the form's order."""
    order = [row.key for row in table.rows]
    labels = [part for part in parts if isinstance(part, LabelMatch) and len(part.senses) == 1]
    found = [order.index(sense.key) for part in labels for sense in part.rows(table.key)]
    return found == sorted(found)


def _around_full(
    lines: Sequence[NumberRun], size: int
) -> tuple[Sequence[NumberRun], Sequence[NumberRun], Sequence[NumberRun]]:
    """The one line that has a figure for each box, where there is one, and what stands above and
    below it; all lines otherwise."""
    full = [at for at, line in enumerate(lines) if line.filled == size]
    if len(full) != 1:
        return lines, (), ()
    at = full[0]
    above, below = (
        [line for line in part if line.filled] for part in (lines[:at], lines[at + 1 :])
    )
    return lines[at : at + 1], above, below


def _data_lines(source: SourceText, parts: Sequence[TablePart], size: int) -> list[NumberRun]:
    """The lines that are no header's: empty cells on the line of a label are the header's own."""
    header_rows = _header_rows(source, parts)
    runs = [part for part in parts if isinstance(part, NumberRun)] if header_rows else []
    lines = [line for line in runs if line.filled or line.row not in header_rows]
    whole = [line for line in lines if line.filled and len(line.tokens) >= size]
    if len(whole) == 1 and all(line is whole[0] or not line.filled for line in lines):
        return whole
    return lines


def _header_rows(source: SourceText, parts: Sequence[TablePart]) -> set[int]:
    """The printed lines on which labels stand."""
    return {source.span_at(part.start).row for part in parts if isinstance(part, LabelMatch)}


def missing_rows(table: Table, missing: Sequence[Address]) -> list[Line]:
    """Rows of which every box is missing."""
    lost = set(missing)
    return [row for row in table.rows if lost.issuperset(table.addresses(row))]


def is_empty_table(rows: Sequence[RowDraft]) -> bool:
    """Whether no box of any row holds a figure or a mark in any reading."""
    return not any(
        token is not None and token.text
        for draft in rows
        for reading in draft.readings
        for token in reading
    )
