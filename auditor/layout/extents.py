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

from auditor.layout.labels import LabelMatch
from auditor.layout.rowlabels import RowMatch
from auditor.layout.source_text import SourceText
from auditor.layout.tokens import Kind, NumberRun, TableToken, UnknownText
from auditor.model.form import Table
from auditor.model.report import Match

_MOST_FUZZY = 0.5
"""Share of the labels that are damaged, from which on none of these says whose row it is."""


class Extent(Struct, frozen=True):
    """What may be one row's."""

    band: RowMatch
    above: tuple[NumberRun, ...]
    """Left over between the label above and this one."""
    below: tuple[NumberRun, ...]
    """Left over between this label and the next."""
    is_in_block: bool
    """Whether nothing but their order says whose the figures are: labels stand together here and
    figures stand together, or both alternate and may be shifted by a row."""
    is_apart: bool
    """Whether its figures stand before its label, under the heading of a column behind it, or below
    a piece of it: only sums can say that they are its own."""
    follows_label: bool
    """Whether all its figures stand on the printed line of its label."""
    is_solid: bool
    """Whether its figures are on one printed line, or on one each, nothing is left over beside
    them, and no run of labels and figures may be shifted."""


def extents_of(
    tape: SourceText,
    table: Table,
    atoms: Sequence[TableToken],
    bands: Sequence[RowMatch],
    labels: Mapping[str, str],
    others: Sequence[str],
) -> list[Extent]:
    """The extents of rows, in order. `labels`: row key → bare label; `others`: the table's other
    wordings, bare."""
    rows = [_printed_row(tape, atoms[band.atom]) for band in bands]
    cores = [labels[table.rows[band.row].key] for band in bands]
    bands = [
        _up_to_size(table, _without(band, _others(atoms, band, (core, *others))))
        for band, core in zip(bands, cores, strict=True)
    ]
    gaps = _gaps(atoms, bands, cores, others)
    in_blocks = _in_blocks(table, bands, gaps, rows)
    is_scrambled = _is_scrambled(table, atoms, bands)
    fuzzy = sum(band.match is Match.FUZZY for band in bands)
    are_damaged = fuzzy > _MOST_FUZZY * len(bands)
    found = []
    for number, band in enumerate(bands):
        lines = _lines(band)
        alike = len(lines) == 1 or all(
            line.filled == 1 and line.row != rows[number] for line in lines
        )
        above, below = gaps[number], gaps[number + 1]
        if number and number - 1 in in_blocks and number not in in_blocks:
            above += tuple(_lines(bands[number - 1]))
        if number + 1 < len(bands):  # what the next row has before its label may be this one's
            below += bands[number + 1].before
        follows_label = bool(lines) and all(line.row == rows[number] for line in lines)
        is_second = number > 0 and _is_bare(atoms, bands[number - 1], band)
        is_beside = follows_label and (not number or rows[number - 1] != rows[number])
        is_damaged = band.match is Match.FUZZY and (are_damaged or not follows_label)
        is_unsure = (
            is_damaged or (is_scrambled and not follows_label) or (is_second and not is_beside)
        )
        is_apart = (
            _is_before(band)
            or is_unsure
            or _is_under_headings(table, atoms, band)
            or _is_parted(atoms, band, rows[number])
            or _is_behind_another(atoms, band, table.rows[band.row].key)
        )
        found.append(
            Extent(
                band,
                above,
                below,
                number in in_blocks,
                is_apart,
                follows_label,
                alike and not (above or below or is_apart or number in in_blocks),
            )
        )
    return found


def _others(atoms: Sequence[TableToken], band: RowMatch, words: Sequence[str]) -> set[int]:
    """The lines behind a row's label that begin with another row's."""
    behind = atoms[band.atom + 1 :]
    return {
        id(atom)
        for at, atom in enumerate(behind)
        if isinstance(atom, NumberRun) and at and _is_anothers(behind, at, words)
    }


def _without(band: RowMatch, lines: set[int]) -> RowMatch:
    return replace(
        band,
        before=tuple(line for line in band.before if id(line) not in lines),
        after=tuple(line for line in band.after if id(line) not in lines),
    )


def _up_to_size(table: Table, band: RowMatch) -> RowMatch:
    """The row with no more lines than fill its boxes: what follows below is left over."""
    size = len(table.rows[band.row].columns)
    if band.before:
        return band
    filled = 0
    for count, line in enumerate(band.after, start=1):
        filled += line.filled
        if filled >= size:
            rest = band.after[count:]
            return replace(band, after=band.after[:count]) if any(r.filled for r in rest) else band
    return band


def _is_before(band: RowMatch) -> bool:
    return any(line.filled for line in band.before)


def _printed_row(tape: SourceText, label: TableToken) -> int:
    """The printed line on which a label ends."""
    return tape.unit_at(label.end - 1).row if isinstance(label, LabelMatch) else label.row


def _gaps(
    atoms: Sequence[TableToken],
    bands: Sequence[RowMatch],
    cores: Sequence[str],
    others: Sequence[str],
) -> list[tuple[NumberRun, ...]]:
    """The figures left over above each row, and below the last."""
    own = {id(line) for band in bands for line in (*band.before, *band.after)}
    found: list[tuple[NumberRun, ...]] = []
    for number in range(len(bands) + 1):
        first = bands[number - 1].atom + 1 if number else 0
        end = bands[number].atom if number < len(bands) else len(atoms)
        beside = (*cores[max(number - 1, 0) : number + 1], *others)
        edge = not number or number == len(bands)
        found.append(tuple(_left_over(atoms, first, end, own, beside, edge, not number)))
    return found


def _left_over(
    atoms: Sequence[TableToken],
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
        first = max((at for at in range(first, end) if id(atoms[at]) in own), default=first)
    for index in range(first, end):
        atom = atoms[index]
        if isinstance(atom, NumberRun):
            if id(atom) not in own and _says(atom) and not _is_anothers(atoms, index, beside):
                found.append(atom)
        elif at_edge and (isinstance(atom, LabelMatch) or len(atom.text) > 1):
            if is_top:
                found.clear()
            elif isinstance(atom, LabelMatch) or not any(atom.text in core for core in beside):
                break
    return found


def unknown_rows_in(
    table: Table, atoms: Sequence[TableToken], extents: Sequence[Extent]
) -> Iterator[tuple[int, NumberRun]]:
    """Lines of figures that words lead which are no label of the form's, by how many rows stand
    above them; only between two rows that follow each other on the form: elsewhere they are those
    of a row whose label is damaged."""
    for number, (above, below) in enumerate(pairwise([one.band for one in extents]), start=1):
        between = table.rows[above.row + 1 : below.row]
        if any(not row.instead_of for row in between):
            continue
        taken = {id(line) for band in (above, below) for line in (*band.before, *band.after)}
        taken |= {id(line) for line in (*extents[number - 1].below, *extents[number].above)}
        for at in range(above.atom + 1, below.atom):
            line, word = atoms[at], atoms[at - 1]
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


def _is_anothers(atoms: Sequence[TableToken], index: int, beside: Sequence[str]) -> bool:
    """Whether words that are no piece of the labels beside it stand in front of a line of figures,
    on the same printed line: they are the label of another row."""
    line = atoms[index]
    assert isinstance(line, NumberRun)
    if line.follows_label:
        return True
    word = atoms[index - 1] if index else None
    return (
        isinstance(word, UnknownText)
        and (len(word.text) > 1 or line.in_cells)
        and word.row == line.row
        and not any(word.text in core for core in beside)
    )


def _in_blocks(
    table: Table,
    bands: Sequence[RowMatch],
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
        rows.count(row) > 1 or not any(line.row == row for line in _lines(band))
        for band, row in zip(bands, rows, strict=True)
    ]
    surplus = [
        sum(line.filled for line in _lines(band)) - len(table.rows[band.row].columns)
        for band in bands
    ]
    loose = [place for place, is_one in enumerate(is_loose) if is_one]
    for is_run, group in groupby(range(len(bands)), key=is_loose.__getitem__):
        run = list(group)
        if not is_run:
            continue
        # The row above may have the run's first figures, behind its own.
        over = [surplus[place] > 0 for place in range(max(run[0] - 1, 0), run[-1] + 1)]
        is_before = any(_is_before(bands[place]) for place in run)
        is_over = is_before or any(over) or any(gaps[run[0] : run[-1] + 2])
        has_empty = any(not _lines(bands[place]) for place in run)
        if gaps[run[0]] or is_before or (is_over and has_empty):
            return set(loose)
    return set()


def _is_parted(atoms: Sequence[TableToken], band: RowMatch, row: int) -> bool:
    """Whether words stand between a row's figures, none of which is on the line of its label: those
    before the words may belong behind them. Figures that are all alike are the same either way."""
    lines = [at for at in range(band.atom + 1, len(atoms)) if atoms[at] in band.after]
    texts = {token.text for line in band.after for token in line.tokens}
    if not lines or len(texts) < 2 or band.after[0].row == row:
        return False
    return any(not isinstance(atom, NumberRun) for atom in atoms[lines[0] : lines[-1]])


def _is_behind_another(atoms: Sequence[TableToken], band: RowMatch, key: str) -> bool:
    """Whether words that resemble another row's label stand between a row's label and its
    figures."""
    for atom in atoms[band.atom + 1 :]:
        if isinstance(atom, NumberRun):
            break
        if isinstance(atom, UnknownText) and atom.resembles:
            return all(other != key for other, _ in atom.resembles)
    return False


def _is_under_headings(table: Table, atoms: Sequence[TableToken], band: RowMatch) -> bool:
    """Whether headings of columns stand between a row's label and its figures, and not each once:
    the figures may be those columns' then, or another row's."""
    seen: list[str] = []
    is_heading = False
    for atom in atoms[band.atom + 1 :]:
        if isinstance(atom, NumberRun):
            break
        if isinstance(atom, LabelMatch):
            columns = atom.columns(table.key)
            seen += [sense.key for sense in columns[:1]]
            is_heading = is_heading or (bool(columns) and not atom.rows(table.key))
    return is_heading and sorted(seen) != sorted(table.rows[band.row].columns)


def _lines(band: RowMatch) -> list[NumberRun]:
    return [line for line in (*band.before, *band.after) if line.filled]


def _is_scrambled(table: Table, atoms: Sequence[TableToken], bands: Sequence[RowMatch]) -> bool:
    """Whether a label of a row that was not found stands out of the form's order."""
    order = {row.key: index for index, row in enumerate(table.rows)}
    found = {band.row for band in bands}
    places = [band.atom for band in bands]
    for at, atom in enumerate(atoms):
        if not isinstance(atom, LabelMatch) or len(atom.senses) != 1:
            continue
        row = next((order[sense.key] for sense in atom.rows(table.key)), None)
        if row is None or row in found:
            continue
        above = bisect_left(places, at)
        if (above and bands[above - 1].row > row) or (
            above < len(bands) and bands[above].row < row
        ):
            return True
    return False


def _is_bare(atoms: Sequence[TableToken], band: RowMatch, below: RowMatch) -> bool:
    """Whether nothing stands between a label without figures and the next: what follows that one
    may be either's."""
    between = atoms[band.atom : below.atom]
    return not _lines(band) and not any(isinstance(atom, NumberRun) for atom in between)
