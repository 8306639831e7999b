"""A table's header and its rows in; the columns in which the rows have their figures, out."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.layout.candidates import fewest_figures
from auditor.layout.labels import LabelMatch, Role
from auditor.layout.rowlabels import RowMatch
from auditor.layout.tokens import NumberRun, TablePart
from auditor.model.form import Address, Table
from auditor.model.source import Notice
from auditor.source_text import SourceText

_BRACKETS = "(\uff08"


class Columns(Struct, frozen=True):
    """The columns in which the rows of a table have their figures."""

    keys: tuple[str, ...]
    are_sure: bool = True
    """Whether figures may be given to columns at all: not where the header contradicts the form's
    order and no single line shows the true one, nor where it lacks columns and its words are not in
    the form's order."""
    notices: tuple[Notice, ...] = ()


_MOST_WHOLE = 0.8
"""Share of the rows that have as many figures as columns where a header says that some lack."""
_MARGIN = 2
"""Rows that an order of columns must break less than the form's own to be the printed one."""


def columns_in(
    source: SourceText, table: Table, parts: Sequence[TablePart], matches: Sequence[RowMatch]
) -> Columns | None:
    """The columns in which every row has its figures; None where rows differ."""
    whole = table.rows[0].columns
    if any(row.columns != whole for row in table.rows):
        return None
    stop = place_of(parts, matches[0]) if matches else 0
    labels = [part for part in parts if isinstance(part, LabelMatch) and part.start < stop]
    keys, *others = _orders(source, table, labels, source.span_at(stop).row)
    most = max((fewest_figures(match.lines) for match in matches), default=0)
    if keys is not None and len(keys) < len(whole):
        if most >= len(whole):  # the header is torn, not the table
            return Columns(whole)
        counts = [match.filled for match in matches if match.filled]
        if not others and counts.count(len(keys)) >= _MOST_WHOLE * len(counts):
            return Columns(keys, notices=(_missing_columns(table, keys),))
        keys = None
    elif keys is not None and others and others[0] != keys:
        broken, instead = (_broken(table, matches, order or ()) for order in (keys, others[0]))
        if instead < broken:
            keys = others[0] if broken - instead >= _MARGIN else None
        elif instead == broken and _have_figures(matches):
            keys = None
    if keys is None:
        return Columns(whole, False, (Notice("column-doubt", (("table", table.key),)),))
    order = (Notice("column-order", (("table", table.key),)),) if keys != whole else ()
    return Columns(keys, notices=order)


def _orders(
    source: SourceText, table: Table, labels: Sequence[LabelMatch], body: int
) -> Sequence[tuple[str, ...] | None]:
    """The columns of a table whose rows all have the same boxes, in the order that the labels above
    its rows show, and another that they may show: the sums of rows tell which; None where they are
    in no order. `body`: the line on which the first row is printed.

    A header that shows nothing, or everything, has all columns; a line that shows each column once
    gives their order, unless labels over several columns stand on it too, or the first row: then
    it is several lines run together.
    """
    order = tuple(column.key for column in table.columns)
    lines: dict[int, list[str]] = {}
    seen: dict[str, int] = {}
    overs: list[tuple[int, int]] = []
    for label in labels:
        span = source.span_at(label.start)
        if _is_over_columns(label, table):
            overs.append((span.row, len(seen)))
        for sense in label.columns(table.key)[:1]:
            lines.setdefault(span.row, []).append(sense.key)
            seen.setdefault(sense.key, span.row)
    merged = {row for row, place in overs if place}
    for row, shown in lines.items():
        if sorted(shown) == sorted(order) and row not in merged and (row != body or not merged):
            return [tuple(shown)]
    in_turn = tuple(key for shown in lines.values() for key in shown)
    ruled = _ruled_columns(source, table, labels)
    if len(lines) == len(order) and sorted(in_turn) == sorted(order) and not merged:
        return [order, in_turn] if _is_total_early(table, in_turn) else [in_turn]
    # First its merged cells, line by line, then what stands below them.
    places_of_overs = [place for _, place in overs]
    is_run_together = places_of_overs[:1] == [0] and any(
        0 < at < len(seen) for at in places_of_overs
    )
    places = [(order.index(key), row) for key, row in seen.items()]
    if not _almost_sorted(places, is_run_together):
        return [ruled]
    if len(order) < len(seen) * 2 < len(order) * 2:
        # Of a header that lacks columns, one out of place may be a piece of another word.
        partial = tuple(key for key in order if key in seen)
        return [partial] if places == sorted(places) else [partial, None]
    return [order, ruled] if ruled else [order]


def _ruled_columns(
    source: SourceText, table: Table, labels: Sequence[LabelMatch]
) -> tuple[str, ...] | None:
    """The columns from left to right by the cells of a ruled header; None where these do not say.
    Where merged cells were lost on the way they may say something else than what was printed."""
    places: dict[str, int] = {}
    for label in labels:
        place = source.span_at(label.start).place
        for sense in label.columns(table.key)[:1] if place is not None else ():
            places.setdefault(sense.key, place or 0)
    if len(places) < len(table.columns) or len(set(places.values())) < len(places):
        return None
    return tuple(sorted(places, key=places.__getitem__))


def _missing_columns(table: Table, shown: Sequence[str]) -> Notice:
    lost = [column for column in table.columns if column.key not in shown]
    labels = ", ".join(column.label for column in lost)
    rows = [row for row in table.rows if not row.instead_of]
    return Notice(
        "missing-columns",
        (("table", table.key), ("columns", labels)),
        tuple(Address(table.key, row.key, column.key) for row in rows for column in lost),
    )


def _is_total_early(table: Table, shown: Sequence[str]) -> bool:
    """Whether nothing but the total of a row is out of the form's order, and stands behind the
    first column: it is a merged cell, and these are read with the header's first line."""
    sides = [side for each in table.sums if each.each == "row" for side in (each.left, each.right)]
    totals = {side[0] for side in sides if len(side) == 1}
    order = [column.key for column in table.columns if column.key not in totals]
    return shown[0] not in totals and [key for key in shown if key not in totals] == order


def _is_over_columns(label: LabelMatch, table: Table) -> bool:
    """Whether this is a label that the form prints over several columns; a note is in brackets."""
    return any(
        sense.table == table.key and sense.role is Role.CAPTION and sense.key[0] not in _BRACKETS
        for sense in label.senses
    )


def _almost_sorted(places: list[tuple[int, int]], is_run_together: bool) -> bool:
    """Whether (place, printed line) are in order but for one that is printed before its neighbours:
    a merged cell, such as the total, stands with the header's first line."""
    for left_out, (_, line) in enumerate(places):
        rest = [place for place, _ in places[:left_out] + places[left_out + 1 :]]
        at_front = left_out == 0 and len(places) > 1 and line == places[1][1]
        doubtful = at_front and not is_run_together
        if rest == sorted(rest) and not (doubtful and places != sorted(places)):
            return True
    return not places


def _broken(table: Table, matches: Sequence[RowMatch], columns: Sequence[str]) -> int:
    """How many rows that have all their figures break their own sums in these columns."""
    broken = 0
    for match in matches:
        texts = [t.text for line in match.lines for t in line.tokens if t.text]
        if len(texts) == len(columns):
            figures = {
                key: int(text) if text.isdecimal() else 0
                for key, text in zip(columns, texts, strict=True)
            }
            broken += any(
                sum(figures[key] for key in constraint.left)
                != sum(figures[key] for key in constraint.right)
                for constraint in table.sums
                if constraint.each == "row"
            )
    return broken


def _have_figures(matches: Sequence[RowMatch]) -> bool:
    """Whether any row has more than zeros and signs for blanks."""
    lines = (line for match in matches for line in match.lines)
    return any(token.text.strip("0").isdecimal() for line in lines for token in line.tokens)


def place_of(parts: Sequence[TablePart], match: RowMatch) -> int:
    """Where the label of a row stands on the text."""
    part = parts[match.part]
    return part.tokens[0].start if isinstance(part, NumberRun) else part.start
