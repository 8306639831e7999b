"""A table's header and its rows in; the columns in which the rows have their figures, out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.header import Columns, Header, columns_of, read_header
from auditor.forms.phrases import Phrase
from auditor.forms.rows.anchors import Band
from auditor.forms.rows.candidates import fewest_figures
from auditor.forms.tape import Tape
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table

_MARGIN = 2
"""Rows that an order of columns must break less than the form's own to be the printed one."""


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
    if header.otherwise and header.otherwise != header.columns:
        broken, instead = (
            _broken(table, bands, columns) for columns in (header.columns, header.otherwise)
        )
        if instead < broken:
            header = Header(header.otherwise, broken - instead >= _MARGIN)
        elif instead == broken and _have_figures(bands):
            header = Header(header.columns, False)
    most = max((fewest_figures((*band.before, *band.after)) for band in bands), default=0)
    return columns_of(table, header, most)


def _broken(table: Table, bands: Sequence[Band], columns: Sequence[str]) -> int:
    """How many rows that have all their figures break their own sums in these columns."""
    broken = 0
    for band in bands:
        texts = [t.text for line in (*band.before, *band.after) for t in line.tokens if t.text]
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


def _have_figures(bands: Sequence[Band]) -> bool:
    """Whether any row has more than zeros and signs for blanks."""
    lines = (line for band in bands for line in (*band.before, *band.after))
    return any(token.text.strip("0").isdecimal() for line in lines for token in line.tokens)


def place_of(atoms: Sequence[Atom], band: Band) -> int:
    """Where the label of a row stands on the tape."""
    atom = atoms[band.atom]
    return atom.tokens[0].start if isinstance(atom, Figs) else atom.start
