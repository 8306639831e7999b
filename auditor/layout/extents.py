"""Rows as found in; for each the figures beside it that belong to nobody yet, and whether its own
are surely its own, out.

Every figure between two labels is accounted for: it is the upper row's, the lower row's, that of a
row which the form does not have, or left over; what is left over may be either neighbour's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.labels import LabelMatch, Role
from auditor.layout.rowlabels import RowMatch
from auditor.layout.tokens import Kind, NumberRun, TablePart, UnknownText
from auditor.model.form import Table
from auditor.model.report import Match
from auditor.source_text import SourceText


class Extent(Struct, frozen=True):
    """What may be one row's."""

    match: RowMatch
    above: tuple[NumberRun, ...]
    """Left over between the label above and this one."""
    below: tuple[NumberRun, ...]
    """Left over between this label and the next."""
    is_in_block: bool
    """Whether nothing but their order says whose the figures are: labels stand together here and
    figures stand together, or both alternate and may be shifted by a row."""
    is_apart: bool
    """Whether its figures stand before its label, under the heading of a column behind it, or below
    a piece of it, or its label may be a column's: only sums can say that they are its own."""
    follows_label: bool
    """Whether all its figures stand on the printed line of its label."""
    shares_line: bool
    """Whether another row's label stands on the printed line of its label."""
    is_solid: bool
    """Whether its figures are on one printed line, or on one each, nothing is left over beside
    them, and no run of labels and figures may be shifted."""


def extents_of(
    source: SourceText,
    table: Table,
    parts: Sequence[TablePart],
    matches: Sequence[RowMatch],
    labels: Mapping[str, str],
    others: Sequence[str],
) -> list[Extent]:
    """The extents of rows, in order. `labels`: row key → bare label; `others`: the table's other
    wordings, bare."""
    rows = [_printed_row(source, parts[match.part]) for match in matches]
    cores = [labels[table.rows[match.row].key] for match in matches]
    matches = [
        _up_to_size(table, _without_others(parts, match, (core, *others)))
        for match, core in zip(matches, cores, strict=True)
    ]
    gaps = _gaps(parts, matches, cores, others)
    in_blocks = _in_blocks(table, matches, gaps, rows)
    is_scrambled = _is_scrambled(table, parts, matches)
    headed = {
        _printed_row(source, part)
        for part in parts
        if isinstance(part, LabelMatch) and all(s.role is Role.COLUMN for s in part.senses)
    }
    found = []
    for number, match in enumerate(matches):
        lines = _lines(match)
        alike = len(lines) == 1 or all(
            line.filled == 1 and line.row != rows[number] for line in lines
        )
        above, below = gaps[number], gaps[number + 1]
        if number and number - 1 in in_blocks and number not in in_blocks:
            above += tuple(_lines(matches[number - 1]))
        if number + 1 < len(matches):  # what the next row has before its label may be this one's
            below += matches[number + 1].before
        follows_label = bool(lines) and all(line.row == rows[number] for line in lines)
        is_doubtful = is_scrambled or match.match is Match.FUZZY
        is_second = number > 0 and _is_bare(parts, matches[number - 1], match)
        is_beside = follows_label and (not number or rows[number - 1] != rows[number])
        is_apart = (
            _is_before(match)
            or (is_doubtful and not follows_label)
            or (is_second and not is_beside)
            or _is_under_headings(table, parts, match)
            or ((rows[number] in headed or not lines) and _may_be_heading(parts[match.part]))
        )
        found.append(
            Extent(
                match,
                above,
                below,
                number in in_blocks,
                is_apart,
                follows_label,
                rows.count(rows[number]) > 1,
                alike and not (above or below or is_apart or number in in_blocks),
            )
        )
    return found


def _without_others(parts: Sequence[TablePart], match: RowMatch, words: Sequence[str]) -> RowMatch:
    """The row without the lines behind its label that begin with another row's."""
    own: list[NumberRun] = []
    at = first = match.part + 1
    for line in match.after:
        while parts[at] is not line:
            at += 1
        if at == first or not _is_anothers(parts, at, words):
            own.append(line)
    return match if len(own) == len(match.after) else replace(match, after=tuple(own))


def _up_to_size(table: Table, match: RowMatch) -> RowMatch:
    """The row with no more lines than fill its boxes: what follows below is left over."""
    size = len(table.rows[match.row].columns)
    filled = 0
    for count, line in enumerate(match.after, start=1):
        filled += line.filled
        if filled >= size and not match.before:
            is_more = any(rest.filled for rest in match.after[count:])
            return replace(match, after=match.after[:count]) if is_more else match
    return match


def _is_before(match: RowMatch) -> bool:
    return any(line.filled for line in match.before)


def _printed_row(source: SourceText, label: TablePart) -> int:
    """The printed line on which a label ends."""
    return source.span_at(label.end - 1).row if isinstance(label, LabelMatch) else label.row


def _gaps(
    parts: Sequence[TablePart],
    matches: Sequence[RowMatch],
    cores: Sequence[str],
    others: Sequence[str],
) -> list[tuple[NumberRun, ...]]:
    """The figures left over above each row, and below the last."""
    own = {id(line) for match in matches for line in match.lines}
    found: list[tuple[NumberRun, ...]] = []
    for number in range(len(matches) + 1):
        first = matches[number - 1].part + 1 if number else 0
        end = matches[number].part if number < len(matches) else len(parts)
        beside = (*cores[max(number - 1, 0) : number + 1], *others)
        edge = not number or number == len(matches)
        found.append(tuple(_left_over(parts, first, end, own, beside, edge, not number)))
    return found


def _left_over(
    parts: Sequence[TablePart],
    first: int,
    end: int,
    own: set[int],
    beside: Sequence[str],
    at_edge: bool,
    is_top: bool,
) -> list[NumberRun]:
    """The lines of figures between two labels that are nobody's. In front of the first label and
    behind the last only those next to it and to its figures: what other words part from these is
    another's."""
    found: list[NumberRun] = []
    if at_edge and not is_top:
        first = max((at for at in range(first, end) if id(parts[at]) in own), default=first)
    for index in range(first, end):
        part = parts[index]
        if isinstance(part, NumberRun):
            if id(part) not in own and _says(part) and not _is_anothers(parts, index, beside):
                found.append(part)
        elif at_edge and (isinstance(part, LabelMatch) or len(part.text) > 1):
            if is_top:
                found.clear()
            elif isinstance(part, LabelMatch) or not any(part.text in core for core in beside):
                break
    return found


def unknown_rows_in(
    table: Table, parts: Sequence[TablePart], extents: Sequence[Extent]
) -> Iterator[tuple[int, NumberRun]]:
    """Lines of figures that words lead which are no label of the form's, by how many rows stand
    above them; only between two rows that follow each other on the form: elsewhere they are those
    of a row whose label is damaged."""
    for number, (above, below) in enumerate(pairwise([one.match for one in extents]), start=1):
        between = table.rows[above.row + 1 : below.row]
        if any(not (row.instead_of or row.optional) for row in between):
            continue
        taken = {id(line) for match in (above, below) for line in match.lines}
        taken |= {id(line) for line in (*extents[number - 1].below, *extents[number].above)}
        for at in range(above.part + 1, below.part):
            line, word = parts[at], parts[at - 1]
            if (
                not isinstance(line, NumberRun)
                or not isinstance(word, UnknownText)
                or id(line) in taken
            ):
                continue
            if line.filled > 1 and word.row == line.row:
                yield number, line


def _says(line: NumberRun) -> bool:
    """Whether a line has a digit, or a sign for an empty box."""
    return any(
        token.kind in (Kind.FIGURE, Kind.MARK) or any(map(str.isdigit, token.text))
        for token in line.tokens
    )


def _is_anothers(parts: Sequence[TablePart], index: int, beside: Sequence[str]) -> bool:
    """Whether words that are no piece of the labels beside it stand in front of a line of figures,
    on the same printed line: they are the label of another row."""
    line = parts[index]
    assert isinstance(line, NumberRun)
    if line.follows_label:
        return True
    word = parts[index - 1] if index else None
    return (
        isinstance(word, UnknownText)
        and (len(word.text) > 1 or line.in_cells)
        and word.row == line.row
        and not any(word.text in core for core in beside)
    )


def _in_blocks(
    table: Table,
    matches: Sequence[RowMatch],
    gaps: Sequence[tuple[NumberRun, ...]],
    rows: Sequence[int],
) -> set[int]:
    """The places of rows with no figure on the line of their label, or another label on it, where
    nothing but their order says whose the figures are.

    A label that was lost leaves figures over at one end of a run of them, and figures that were
    lost leave a label over at the other: each row may then have what stands before its label or
    what stands behind it. Where both are over, the text may be in blocks. Sums do not help: they
    hold whichever part has which row of a total. Where the order is lost in one place, it may be in
    others.
    """
    is_loose = [
        rows.count(row) > 1 or not any(line.row == row for line in _lines(match))
        for match, row in zip(matches, rows, strict=True)
    ]
    surplus = [
        sum(line.filled for line in _lines(match)) - len(table.rows[match.row].columns)
        for match in matches
    ]
    loose = [place for place, is_one in enumerate(is_loose) if is_one]
    for is_run, group in groupby(range(len(matches)), key=is_loose.__getitem__):
        run = list(group)
        if not is_run:
            continue
        # The row above may have the run's first figures, behind its own.
        over = [surplus[place] > 0 for place in range(max(run[0] - 1, 0), run[-1] + 1)]
        is_before = any(_is_before(matches[place]) for place in run)
        is_over = is_before or any(over) or any(gaps[run[0] : run[-1] + 2])
        has_empty = any(not _lines(matches[place]) for place in run)
        if gaps[run[0]] or is_before or (is_over and has_empty):
            return set(loose)
    return set()


def _is_under_headings(table: Table, parts: Sequence[TablePart], match: RowMatch) -> bool:
    """Whether headings of columns stand between a row's label and its figures, and not each once:
    the figures may be those columns' then, or another row's."""
    seen: list[str] = []
    is_heading = False
    for part in parts[match.part + 1 :]:
        if isinstance(part, NumberRun):
            break
        if isinstance(part, LabelMatch):
            columns = part.columns(table.key)
            seen += [sense.key for sense in columns[:1]]
            is_heading = is_heading or (bool(columns) and part.row(table.key) is None)
    return is_heading and sorted(seen) != sorted(table.rows[match.row].columns)


def _may_be_heading(label: TablePart) -> bool:
    """Whether a row's label also heads a column: beside headings of others it does."""
    return isinstance(label, LabelMatch) and any(s.role is Role.COLUMN for s in label.senses)


def _lines(match: RowMatch) -> list[NumberRun]:
    return [line for line in match.lines if line.filled]


def _is_scrambled(table: Table, parts: Sequence[TablePart], matches: Sequence[RowMatch]) -> bool:
    """Whether a label of a row that was not found stands out of the form's order."""
    order = table.row_places
    found = {match.row for match in matches}
    places = [match.part for match in matches]
    for at, part in enumerate(parts):
        if not isinstance(part, LabelMatch) or len(part.senses) != 1:
            continue
        key = part.row(table.key)
        row = None if key is None else order[key]
        if row is None or row in found:
            continue
        above = bisect_left(places, at)
        if (above and matches[above - 1].row > row) or (
            above < len(matches) and matches[above].row < row
        ):
            return True
    return False


def _is_bare(parts: Sequence[TablePart], match: RowMatch, below: RowMatch) -> bool:
    """Whether nothing stands between a label without figures and the next: what follows that one
    may be either's."""
    between = parts[match.part : below.part]
    return not _lines(match) and not any(isinstance(part, NumberRun) for part in between)
