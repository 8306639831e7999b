"""A table's header and its rows in; the columns in which the rows have their figures, out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.header import Columns, Header, columns_of, read_header, ruled_columns
from auditor.forms.phrases import Phrase
from auditor.forms.rows.anchors import Band
from auditor.forms.rows.candidates import fewest_figures
from auditor.forms.tape import Tape
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table


def columns_in(
    tape: Tape,
    table: Table,
    atoms: Sequence[Atom],
    bands: Sequence[Band],
) -> Columns | None:
    """The columns in which every row has its figures; None where rows differ."""
    if any(row.columns != table.rows[0].columns for row in table.rows):
        return None
    stop = place_of(atoms, bands[0]) if bands else 0
    phrases = [atom for atom in atoms if isinstance(atom, Phrase) and atom.start < stop]
    header = read_header(tape, table, phrases, tape.unit_at(stop).row)
    ruled = ruled_columns(tape, table, phrases)
    if ruled and _fails(table, bands, header.columns) and not _fails(table, bands, ruled):
        header = Header(ruled, True)
    most = max((fewest_figures((*band.before, *band.after)) for band in bands), default=0)
    return columns_of(table, header, most)


def _fails(table: Table, bands: Sequence[Band], columns: Sequence[str]) -> bool:
    """Whether the rows that have all their figures mostly break their own sums in these columns."""
    broken = 0
    whole = 0
    for band in bands:
        texts = [t.text for line in (*band.before, *band.after) for t in line.tokens if t.text]
        if len(texts) == len(columns) and all(map(str.isdecimal, texts)):
            figures = dict(zip(columns, map(int, texts), strict=True))
            whole += any(figures.values())
            broken += any(
                sum(figures[key] for key in constraint.left)
                != sum(figures[key] for key in constraint.right)
                for constraint in table.sums
                if constraint.each == "row"
            )
    return broken > whole / 2


def place_of(atoms: Sequence[Atom], band: Band) -> int:
    """Where the label of a row stands on the tape."""
    atom = atoms[band.atom]
    return atom.tokens[0].start if isinstance(atom, Figs) else atom.start
