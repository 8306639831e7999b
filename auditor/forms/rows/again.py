"""Atoms of a table and its bands in; what rows that are printed once more say there, out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from auditor.forms.phrases import Phrase
from auditor.forms.rows.anchors import Band
from auditor.forms.tokens import Atom, Figs, Kind
from auditor.model.form import Table


def printed_again(
    table: Table, atoms: Sequence[Atom], bands: Sequence[Band]
) -> dict[int, set[tuple[str, ...]]]:
    """What rows say that are printed once more, by row: where that is something else, nobody can
    tell which is meant."""
    found: dict[int, set[tuple[str, ...]]] = {}
    taken = {band.atom for band in bands}
    places = {row.key: index for index, row in enumerate(table.rows)}
    for index, (label, line) in enumerate(pairwise(atoms)):
        if index in taken or not isinstance(label, Phrase) or not isinstance(line, Figs):
            continue
        if len(label.senses) == 1 and line.is_led and label.rows(table.key):
            row = places[label.senses[0].key]
            if line.filled == len(table.rows[row].columns):
                texts = tuple(t.text for t in line.tokens if t.kind is not Kind.EMPTY)
                found.setdefault(row, set()).add(texts)
    return found
