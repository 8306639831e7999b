"""The header of a table as printed: which columns it shows, and whether in the form's order."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.phrases import Phrase, Role
from auditor.forms.tape import Tape
from auditor.forms.tokens import Atom, Figs
from auditor.model.form import Table
from auditor.model.noun import noun


@noun
class Header:
    """Column keys in the order in which the table's figures stand."""

    columns: tuple[str, ...]
    in_order: bool
    """False when the header contradicts the form's order and no single line shows the true one."""


def read_header(tape: Tape, table: Table, phrases: Sequence[Phrase]) -> Header:
    """The columns of a table whose rows all have the same boxes, from the phrases above its rows.

    A header that shows nothing, or everything, has all columns; a line that shows each column once
    gives their order.
    """
    order = [column.key for column in table.columns]
    lines: dict[int, list[str]] = {}
    seen: dict[str, int] = {}
    cell_rows: set[int] = set()
    for phrase in phrases:
        unit = tape.unit_at(phrase.start)
        if unit.is_cell:
            cell_rows.add(unit.row)
        for sense in phrase.columns(table.key)[:1]:
            lines.setdefault(unit.row, []).append(sense.key)
            seen.setdefault(sense.key, unit.row)
    for row, shown in lines.items():
        if sorted(shown) == sorted(order) and row in cell_rows:
            return Header(tuple(shown), True)
    if not _almost_sorted([(order.index(key), row) for key, row in seen.items()]):
        return Header(tuple(order), False)
    if len(seen) * 2 > len(order) and len(seen) < len(order):
        return Header(tuple(key for key in order if key in seen), True)
    return Header(tuple(order), True)


def _almost_sorted(places: list[tuple[int, int]]) -> bool:
    """Whether (place, printed line) are in order but for one that is printed before its neighbours:
    a merged cell, such as the total, stands with the header's first line."""
    for left_out, (_, line) in enumerate(places):
        rest = [place for place, _ in places[:left_out] + places[left_out + 1 :]]
        at_front = left_out == 0 and len(places) > 1 and line == places[1][1]
        if rest == sorted(rest) and not (at_front and places != sorted(places)):
            return True
    return not places


def lines_within_reach(atoms: Sequence[Atom], table: Table, edge: Sequence[int]) -> list[int]:
    """For each atom, how many lines of figures stand before the next part's header behind it.

    A part's caption with column labels behind it, and no figure between, begins another block. A
    header without a caption may be the row's own.
    """
    found = [edge[-1]] * len(atoms)
    reach, headed = edge[-1], False
    for index in range(len(atoms) - 1, -1, -1):
        found[index] = reach
        atom = atoms[index]
        if isinstance(atom, Figs):
            headed = False
        elif isinstance(atom, Phrase):
            roles = [sense.role for sense in atom.senses if sense.table == table.key]
            only = roles[0] if roles and roles.count(roles[0]) == len(roles) else None
            if only is Role.COLUMN:
                headed = True
            elif only is Role.CAPTION and headed and table.layout == "rows":
                reach = edge[index]
            elif only is Role.ROW:
                headed = False
    return found
