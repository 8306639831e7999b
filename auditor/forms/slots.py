"""One table's region in; the lines of boxes it has, each with every admissible reading, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.forms.anchors import Band, find_bands
from auditor.forms.blocks import take_blocks
from auditor.forms.header import read_header
from auditor.forms.numerals import is_glued
from auditor.forms.phrases import Phrase
from auditor.forms.readings import MOST_READINGS, readings_of, windows_of
from auditor.forms.settle import Slot
from auditor.forms.tape import Tape
from auditor.forms.tokens import Atom, Figs, Kind, Stray
from auditor.model.form import Address, Line, Table
from auditor.model.report import Match
from auditor.model.source import Notice


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
    blocks, rest = take_blocks(table, atoms)
    bands = find_bands(rest, table)
    bands = _choose_variant(table, bands)
    columns, usable = _columns(tape, table, atoms, rest, bands, sheet)
    anchored = {band.atom for band in bands}
    glued = any(
        is_glued(token.text) for atom in rest if isinstance(atom, Figs) for token in atom.tokens
    )
    offsets = _offsets(tape, rest, bands, len(columns)) if columns else {}
    found: dict[str, Slot] = {}
    for band in bands:
        row = table.rows[band.row]
        own = row.columns if columns is None else columns
        lines = (*band.before, *band.after, *band.astray)
        column = tape.unit_at(_place(rest, band)).column
        readings = readings_of(lines, len(own), offsets.get(column, frozenset()), glued)
        if not any(line.tokens for line in (*band.before, *band.after)):
            continue
        match = band.match
        if any(line.filled for line in band.before):
            match = Match.POSITION
        found[row.key] = Slot(
            tuple(Address(table.key, row.key, column) for column in own),
            readings if usable else [],
            match,
            row.label,
            needs_proof=match is Match.POSITION,
        )
        _note_surplus(sheet, found[row.key], lines, row.label)
        if row.instead_of:
            sheet.variants.append(row.key)
    for row_index in blocks:
        row = table.rows[row_index]
        # A row's own sums say that a line of figures is whole, and not whose it is: any of them.
        able = [
            reading
            for other, lines in blocks.items()
            if table.rows[other].columns == row.columns
            for reading in readings_of(lines, len(row.columns))
        ]
        found[row.key] = Slot(
            tuple(Address(table.key, row.key, column) for column in row.columns),
            able if len(able) <= MOST_READINGS else [],
            Match.POSITION,
            row.label,
            needs_proof=True,
        )
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


def _note_surplus(sheet: Sheet, slot: Slot, lines: Sequence[Figs], label: str) -> None:
    """Say that there were more figures than boxes where that leaves one reading all the same."""
    found = sum(line.filled for line in lines)
    if len(slot.readings) == 1 and found > len(slot.addresses):
        details = (("row", label), ("found", str(found)), ("expected", str(len(slot.addresses))))
        sheet.notices.append(Notice("figure-count", details, slot.addresses))


def _columns(
    tape: Tape,
    table: Table,
    atoms: Sequence[Atom],
    rest: Sequence[Atom],
    bands: Sequence[Band],
    sheet: Sheet,
) -> tuple[tuple[str, ...] | None, bool]:
    """The columns in which every row has its figures, None where rows differ; and whether the
    figures may be given to columns at all."""
    if any(row.columns != table.rows[0].columns for row in table.rows):
        return None, True
    stop = _place(rest, bands[0]) if bands else 0
    phrases = [atom for atom in atoms if isinstance(atom, Phrase) and atom.start < stop]
    header = read_header(tape, table, phrases)
    if not header.in_order:
        sheet.notices.append(Notice("column-doubt", (("table", table.key),)))
        return header.columns, False
    if len(header.columns) == len(table.columns) and header.columns != table.rows[0].columns:
        sheet.notices.append(Notice("column-order", (("table", table.key),)))
    size = len(table.columns)
    if len(header.columns) < size:
        counts = [sum(line.filled for line in (*band.before, *band.after)) for band in bands]
        if any(count >= size for count in counts):
            # The header is torn, not the table: some rows still have all their figures.
            return table.rows[0].columns, True
        lost = [column.label for column in table.columns if column.key not in header.columns]
        sheet.notices.append(
            Notice(
                "missing-columns",
                (("table", table.key), ("columns", ", ".join(lost))),
                tuple(
                    Address(table.key, row.key, column.key)
                    for row in table.rows
                    if not row.instead_of
                    for column in table.columns
                    if column.key not in header.columns
                ),
            )
        )
    return header.columns, True


def _place(atoms: Sequence[Atom], band: Band) -> int:
    """Where the label of a row stands on the tape."""
    atom = atoms[band.atom]
    return atom.tokens[0].start if isinstance(atom, Figs) else atom.start


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


def _offsets(
    tape: Tape, atoms: Sequence[Atom], bands: Sequence[Band], size: int
) -> dict[int, frozenset[int]]:
    """Per column in which a label stands, how many cells part it from its figures, as the rows tell
    that leave no choice."""
    found: dict[int, set[int]] = {}
    for band in bands:
        windows = windows_of((*band.before, *band.after), size)
        if len(windows) == 1:
            column = tape.unit_at(_place(atoms, band)).column
            found.setdefault(column, set()).update(windows)
    return {column: frozenset(starts) for column, starts in found.items() if len(starts) == 1}


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
    sheet.slots.append(Slot(boxes, readings, Match.POSITION, table.headings[0]))
    _note_surplus(sheet, sheet.slots[0], lines, table.headings[0])
    if readings and len(readings) == 1 and sum(line.filled for line in lines) == len(boxes):
        sheet.slots[0].match = Match.EXACT
    return sheet


def _data_lines(tape: Tape, atoms: Sequence[Atom], size: int) -> list[Figs]:
    """The lines of figures below a header: those after its last label, or on lines without one."""
    header_rows = {tape.unit_at(atom.start).row for atom in atoms if isinstance(atom, Phrase)}
    last = max((index for index, atom in enumerate(atoms) if isinstance(atom, Phrase)), default=-1)
    lines = [
        atom
        for index, atom in enumerate(atoms)
        if isinstance(atom, Figs) and (index > last or atom.row not in header_rows) and last >= 0
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
