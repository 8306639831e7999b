"""One table's region in; the lines of boxes it has, each with every admissible reading, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from auditor.forms.numerals import is_glued
from auditor.forms.phrases import Phrase
from auditor.forms.rows.again import printed_again
from auditor.forms.rows.anchors import Band, find_bands
from auditor.forms.rows.blocks import Blocks, Dealt, take_blocks
from auditor.forms.rows.columns import columns_in, place_of
from auditor.forms.rows.readings import (
    MOST_READINGS,
    UNKNOWN,
    Reading,
    Shape,
    has_last_alone,
    otherwise,
    readings_of,
    texts_of,
    windows_of,
    without_one_empty,
)
from auditor.forms.rows.settle import Slot
from auditor.forms.rows.shifted import shifted
from auditor.forms.tape import Tape
from auditor.forms.tokens import Atom, Figs, Kind, Stray
from auditor.model.form import Address, Line, Table
from auditor.model.report import Match
from auditor.model.source import Notice

_FEWEST_TORN = 3
"""Rows with their last figure on a line of its own, from which on that is no accident."""


@dataclass(slots=True)
class Sheet:
    """What one table came to before its readings are settled."""

    table: Table
    slots: list[Slot]
    missing: list[Address]
    notices: list[Notice] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    """Optional rows that this copy has."""


def read_sheet(tape: Tape, table: Table, atoms: Sequence[Atom]) -> Sheet:
    """The slots of a table, by its row labels or, printed in one line, by the count of figures."""
    if table.layout == "single":
        return _single(tape, table, atoms)
    return _by_rows(tape, table, atoms)


def _by_rows(tape: Tape, table: Table, atoms: Sequence[Atom]) -> Sheet:
    sheet = Sheet(table, [], [])
    blocks = take_blocks(table, atoms)
    rest = blocks.rest
    bands = find_bands(rest, table)
    bands = _choose_variant(table, bands)
    columns = columns_in(tape, table, atoms, rest, bands)
    sheet.notices += columns.notices if columns else ()
    anchored = {band.atom for band in bands}
    glued = any(
        is_glued(token.text) for atom in rest if isinstance(atom, Figs) for token in atom.tokens
    )
    shapes = _shapes(tape, rest, bands, len(columns.keys)) if columns else {}
    shifts = shifted(bands, [len(row.columns) for row in table.rows])
    again = printed_again(table, rest, bands)
    found: dict[str, Slot] = {}
    torn: list[str] = []
    for band in bands:
        row = table.rows[band.row]
        own = row.columns if columns is None else columns.keys
        column = tape.unit_at(place_of(rest, band)).column
        lines, readings = _read(band, len(own), shapes.get(column, shapes.get(-1, UNKNOWN)), glued)
        if not any(line.tokens for line in (*band.before, *band.after)):
            continue
        if band.row in shifts:
            others = readings_of(shifts[band.row], len(own))
            readings = [*readings, *others] if others else []
        if any(texts_of(each) not in again[band.row] for each in readings if band.row in again):
            readings = []
        match = band.match
        if any(line.filled for line in band.before):
            match = Match.POSITION
        found[row.key] = Slot(
            tuple(Address(table.key, row.key, column) for column in own),
            readings if columns is None or columns.are_sure else [],
            match,
            row.label,
            needs_proof=match is Match.POSITION,
            otherwise=otherwise(lines, len(own)) if len(readings) == 1 else None,
        )
        if has_last_alone(lines, len(own)):
            torn.append(row.key)
        _note_surplus(sheet, found[row.key], lines, row.label)
        if row.instead_of:
            sheet.variants.append(row.key)
    for key in torn if len(torn) >= _FEWEST_TORN else ():
        found[key].otherwise = None  # so this copy prints its rows
    found |= {slot.addresses[0].row: slot for slot in _block_slots(table, blocks)}
    replaced = {key for row in table.rows if row.key in found for key in row.instead_of}
    for row in table.rows:
        slot = found.get(row.key)
        if row.key in replaced or (slot is None and row.instead_of):
            continue
        if slot is not None:
            sheet.slots.append(slot)
        covered = set(slot.addresses) if slot else set()
        sheet.missing += [a for a in table.addresses(row) if a not in covered]
    sheet.strays += [
        atom for index, atom in enumerate(rest) if isinstance(atom, Stray) and index not in anchored
    ]
    return sheet


def _read(
    band: Band, size: int, shape: Shape, glued: bool
) -> tuple[tuple[Figs, ...], list[Reading]]:
    """The lines that may hold a row's figures, and how they may be read. Beside a row that has all
    its boxes, others may be torn off it or not; as many as it has boxes are another row's, whose
    label is lost."""
    own = (*band.before, *band.after)
    lines = (*own, *band.astray)
    boxes = sum(len(line.tokens) for line in own)
    if boxes < size or not band.astray:
        return lines, readings_of(lines, size, shape, glued)
    readings = readings_of(own, size, shape, glued)
    if sum(line.filled for line in band.astray) >= size > 1:
        return own, readings
    more = (*readings_of(lines, size, shape, glued), *without_one_empty(lines, size))
    return lines, list({texts_of(each): each for each in (*readings, *more)}.values())


def _block_slots(table: Table, blocks: Blocks) -> Iterator[Slot]:
    """The slots of rows whose labels stand apart from their figures."""
    lost: Dealt = dict.fromkeys(blocks.lost, ())
    for dealt in (*blocks.dealt, lost):
        for index in dealt:
            row = table.rows[index]
            # A row's own sums say that a line of figures is whole, and not whose: any of these.
            able = [
                reading
                for other, lines in dealt.items()
                if lines and table.rows[other].columns == row.columns
                for reading in readings_of(lines, len(row.columns))
            ]
            yield Slot(
                tuple(Address(table.key, row.key, column) for column in row.columns),
                able if len(able) <= MOST_READINGS else [],
                Match.POSITION,
                row.label,
                needs_proof=True,
            )


def _note_surplus(sheet: Sheet, slot: Slot, lines: Sequence[Figs], label: str) -> None:
    """Say that there were more figures than boxes where that leaves one reading all the same."""
    found = sum(line.filled for line in lines)
    if len(slot.readings) == 1 and found > len(slot.addresses):
        details = (("row", label), ("found", str(found)), ("expected", str(len(slot.addresses))))
        sheet.notices.append(Notice("figure-count", details, slot.addresses))


def _choose_variant(table: Table, bands: Sequence[Band]) -> list[Band]:
    """Without the bands of optional rows that have no figures of their own."""
    kept = []
    with_figures = {
        table.rows[band.row].key
        for band in bands
        if any(line.filled for line in (*band.before, *band.after))
    }
    for band in bands:
        row = table.rows[band.row]
        if row.instead_of and (
            row.key not in with_figures or any(key in with_figures for key in row.instead_of)
        ):
            continue
        kept.append(band)
    return kept


def _shapes(
    tape: Tape, atoms: Sequence[Atom], bands: Sequence[Band], size: int
) -> dict[int, Shape]:
    """Per column in which a label stands, and over all of them (-1), how the rows lie that leave no
    choice."""
    starts: dict[int, set[int]] = {}
    cells: dict[int, set[int]] = {}
    for band in bands:
        lines = (*band.before, *band.after)
        windows = windows_of(lines, size)
        if len(windows) == 1:
            for column in (tape.unit_at(place_of(atoms, band)).column, -1):
                starts.setdefault(column, set()).update(windows)
                cells.setdefault(column, set()).add(sum(len(line.tokens) for line in lines))
    return {
        column: Shape(
            frozenset(found) if len(found) == 1 else frozenset(),
            max(cells[column]) if len(cells[column]) == 1 else 0,
        )
        for column, found in starts.items()
    }


def _single(tape: Tape, table: Table, atoms: Sequence[Atom]) -> Sheet:
    sheet = Sheet(table, [], [])
    bands = find_bands(atoms, table)
    whole = sum(
        sum(line.filled for line in (*band.before, *band.after))
        == len(table.rows[band.row].columns)
        for band in bands
    )
    if whole * 2 > len(table.rows):
        # Most rows have their own figures beside their own label: this copy prints rows.
        return _by_rows(tape, table, atoms)
    boxes = table.boxes()
    lines = _data_lines(tape, atoms, len(boxes))
    sheet.strays += [atom for atom in atoms if isinstance(atom, Stray)]
    if not lines:
        sheet.missing += boxes
        return sheet
    readings = readings_of(lines, len(boxes))
    doubt = otherwise(lines, len(boxes)) if len(readings) == 1 else None
    sheet.slots.append(Slot(boxes, readings, Match.POSITION, table.headings[0], otherwise=doubt))
    _note_surplus(sheet, sheet.slots[0], lines, table.headings[0])
    if readings and len(readings) == 1 and sum(line.filled for line in lines) == len(boxes):
        sheet.slots[0].match = Match.EXACT
    return sheet


def _data_lines(tape: Tape, atoms: Sequence[Atom], size: int) -> list[Figs]:
    """The lines of figures below a header: those after its last label, or on lines without one.
    Empty cells behind a label are the header's own."""
    header_rows = {tape.unit_at(atom.start).row for atom in atoms if isinstance(atom, Phrase)}
    last = max((index for index, atom in enumerate(atoms) if isinstance(atom, Phrase)), default=-1)
    lines = [
        atom
        for index, atom in enumerate(atoms)
        if isinstance(atom, Figs)
        and (atom.row not in header_rows or (index > last and atom.filled))
        and last >= 0
    ]
    whole = [line for line in lines if line.filled and len(line.tokens) >= size]
    if len(whole) == 1 and all(line is whole[0] or not line.filled for line in lines):
        return whole
    full = [line for line in lines if line.filled == size]
    return full if len(full) == 1 else lines


def missing_rows(table: Table, missing: Sequence[Address]) -> list[Line]:
    """Rows of which every box is missing."""
    lost = set(missing)
    return [row for row in table.rows if lost.issuperset(table.addresses(row))]


def is_empty_table(slots: Sequence[Slot]) -> bool:
    """Whether no box of any slot holds a figure or a mark in any reading."""
    return all(
        token is None or token.kind is Kind.EMPTY
        for slot in slots
        for reading in slot.readings
        for token in reading
    )
