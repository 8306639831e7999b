"""Atoms of a table in; the labels among them, with every row that each may stand for, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Stray
from auditor.model.form import Table
from auditor.model.noun import noun
from auditor.model.report import Match

_LABEL, _ALIAS, _AMBIGUOUS, _TORN = 10.0, 9.0, 4.0, 7.0
"""What it costs to leave a label out: a whole one, a known other wording, one that also names
something else, a piece (times the share of the label that it covers)."""


@noun
class Anchor:
    """A label on the tape and a row that it may stand for."""

    atom: int
    row: int
    weight: float
    match: Match


def anchors_of(atoms: Sequence[Atom], table: Table) -> Iterator[Anchor]:
    order = {row.key: index for index, row in enumerate(table.rows)}
    for index, atom in enumerate(atoms):
        if isinstance(atom, Phrase):
            rows = atom.rows(table.key)
            clear = len(rows) == 1 and len(atom.senses) == 1
            for sense in rows:
                weight = (_ALIAS if sense.alias else _LABEL) if clear else _AMBIGUOUS
                match = Match.ALIAS if sense.alias else Match.EXACT
                yield Anchor(index, order[sense.key], weight, match)
        elif isinstance(atom, Stray):
            for key, cover in atom.resembles:
                yield Anchor(index, order[key], _TORN * cover, Match.FUZZY)
