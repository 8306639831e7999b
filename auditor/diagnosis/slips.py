"""Declared models of how a figure comes to be wrong: in go edits, out comes what explains them.

After the typing, sign and rounding errors that M. Scholtus, "Algorithms for correcting sign errors
and rounding errors in business survey data", Journal of Official Statistics 27 (2011), and the R
package deducorrect correct; the slips between neighbouring boxes are those seen in published
reports. A model says no more than that a slip of its kind would do it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.diagnosis.equations import Edits, Exact, Sums, exact
from auditor.model.finding import Slip
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Entry, Facts, Number, Ref, Report


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a slip may have to do with: the printed figures around a cell and last year's."""

    report: Report
    form: Form
    facts: Facts
    sums: Sums

    def printed(self, box: Address) -> Exact | None:
        """The figure printed there; zero for a blank, None where none was read or no box is."""
        entry = self.report.entries.get(box)
        return None if entry is None else _value(entry)

    def beside(self, box: Address) -> Iterator[Address]:
        """The boxes to the left and right, above and below."""
        return beside(self.form, self.report.entries, box)

    def parts(self, box: Address) -> tuple[tuple[Address, ...], ...]:
        """What each equation that the box is the total of adds up."""
        found = []
        for row in self.sums.rows:
            subject = row.outcome.check.subject
            if subject is not None and subject == Ref(box):
                found.append(tuple(ref.address for ref in row.terms if ref != subject))
        return tuple(found)


def beside(form: Form, present: Container[Address], box: Address) -> Iterator[Address]:
    """The boxes to the left and right, above and below, among the rows that are there."""
    table = form.table(box.table)
    columns = table.row(box.row).columns
    at = columns.index(box.column)
    yield from (box._replace(column=key) for key in columns[max(at - 1, 0) : at])
    yield from (box._replace(column=key) for key in columns[at + 1 : at + 2])
    rows = [row.key for row in table.rows if box._replace(row=row.key) in present]
    at = rows.index(box.row)
    yield from (box._replace(row=key) for key in rows[max(at - 1, 0) : at])
    yield from (box._replace(row=key) for key in rows[at + 1 : at + 2])


Model = Callable[[Address, Exact, Exact, Surroundings], Slip | None]
"""Box, figure printed, figure due, surroundings → the slip, where one of its kind would do it."""


def explain(edits: Edits, around: Surroundings) -> tuple[Slip, ...]:
    """One slip for all the edits, or one for each; nothing unless every edit is explained."""
    ordered = {ref: edits[ref] for ref in sorted(edits, key=around.sums.place)}
    together = _together(ordered, around)
    if together is not None:
        return (together,)
    found = [_of_cell(ref.address, after, around) for ref, after in ordered.items()]
    slips = tuple(slip for slip in found if slip is not None)
    return slips if len(slips) == len(found) else ()


def _of_cell(box: Address, after: Exact, around: Surroundings) -> Slip | None:
    before = around.printed(box)
    if before is None:
        return None
    found = (model(box, before, after, around) for model in MODELS)
    return next((slip for slip in found if slip is not None), None)


def _left_blank(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    entry = around.report.entries[box]
    return Slip("slip-blank") if isinstance(entry.value, Blank) else None


def _sign(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    return Slip("slip-sign") if before == -after else None


def _unit(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    is_unit = before and (before == after * 10000 or before * 10000 == after)
    return Slip("slip-unit") if is_unit else None


def _digits(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    wrong, right = _figures(before), _figures(after)
    if wrong is None or right is None or max(len(wrong), len(right)) < 2:
        return None
    if len(wrong) == len(right):
        if any(_swapped(wrong, at) == right for at in range(len(wrong) - 1)):
            return Slip("slip-digits-swapped")
        differing = sum(a != b for a, b in zip(wrong, right, strict=True))
        return Slip("slip-digit-changed") if differing == 1 else None
    if len(wrong) + 1 == len(right):
        return Slip("slip-digit-dropped") if _without_one(right, wrong) else None
    if len(wrong) == len(right) + 1 and _without_one(wrong, right):
        at = next(i for i in range(len(wrong)) if wrong[:i] + wrong[i + 1 :] == right)
        doubled = wrong[at] in wrong[max(at - 1, 0) : at] + wrong[at + 1 : at + 2]
        return Slip("slip-digit-doubled" if doubled else "slip-digit-added")
    return None


def _part_left_out(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    """The total lacks one of its parts, or has it twice."""
    for parts in around.parts(box):
        for part in parts:
            share = around.printed(part)
            if share and after - before == share:
                return Slip("slip-part-left-out", (part,))
            if share and before - after == share:
                return Slip("slip-part-twice", (part,))
    return None


def _copied(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    """The figure of the box beside it stands here too."""
    for other in around.beside(box):
        if before and around.printed(other) == before:
            return Slip("slip-copied", (other,))
    return None


def _other_total(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    """The total of another row, or of another column."""
    if not before or not around.parts(box):
        return None
    for row in around.sums.rows:
        subject = row.outcome.check.subject
        if subject is None or subject.lag or subject.address.table != box.table:
            continue
        along = subject.address.row == box.row or subject.address.column == box.column
        if along and subject.address != box and around.printed(subject.address) == before:
            return Slip("slip-other-total", (subject.address,))
    return None


def _last_year(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    value = around.facts.values.get(Ref(box, 1))
    same = isinstance(value, Number) and before and exact(value.value) == before
    return Slip("slip-last-year") if same else None


def _not_updated(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    """A total that its parts, each confirmed by other sums, have left behind."""
    column = around.sums.columns.get(Ref(box))
    return Slip("slip-total-stale") if around.parts(box) and column and column.total else None


def _one_digit(box: Address, before: Exact, after: Exact, around: Surroundings) -> Slip | None:
    wrong, right = _figures(before), _figures(after)
    short = wrong is not None and right is not None and len(wrong) == len(right) == 1
    return Slip("slip-digit-changed") if short else None


MODELS: Sequence[Model] = (
    _left_blank,
    _sign,
    _unit,
    _digits,
    _part_left_out,
    _copied,
    _other_total,
    _last_year,
    _one_digit,
    _not_updated,
)
"""The most telling first: a digit is changed by chance more easily than two are swapped."""


def _together(edits: Mapping[Ref, Exact], around: Surroundings) -> Slip | None:
    """The slip that is behind all of several edits."""
    if len(edits) < 2:
        return None
    before = {ref: around.sums.columns[ref].before for ref in edits}
    cells = tuple(ref.address for ref in edits)
    one_row = len({(cell.table, cell.row) for cell in cells}) == 1
    if len(edits) == 2:
        (a, new_a), (b, new_b) = edits.items()
        beside = b.address in tuple(around.beside(a.address))
        if beside and one_row:
            misread = _torn(before[a], new_a, before[b], new_b)
            if misread:
                return Slip(misread, cells, misreading=True)
        if (before[a], before[b]) == (new_b, new_a):
            moved = not (before[a] and before[b])
            if beside:
                return Slip("slip-neighbour" if moved else "slip-cells-swapped", cells)
            one_column = a.address.column == b.address.column
            if one_row or one_column:
                return Slip("slip-cells-swapped", cells)
        return None
    if one_row and sorted(before.values()) == sorted(edits.values()):
        return Slip("slip-row-shifted", cells, misreading=True)
    return None


def _torn(left: Exact, new_left: Exact, right: Exact, new_right: Exact) -> str | None:
    """Whether two neighbours hold the pieces of one number, or one of them the numbers of both."""
    pieces, whole = (_figures(left), _figures(right)), (_figures(new_left), _figures(new_right))
    if None in pieces or None in whole:
        return None
    joined, due = "".join(map(str, pieces)), "".join(map(str, whole))
    if left and right and 0 in (new_left, new_right) and joined in whole:
        return "slip-number-split"
    if new_left and new_right and 0 in (left, right) and due in pieces:
        return "slip-numbers-merged"
    return None


def _value(entry: Entry) -> Exact | None:
    if isinstance(entry.value, Number):
        return exact(entry.value.value)
    return 0 if isinstance(entry.value, Blank) else None


def _figures(value: Exact) -> str | None:
    """The digits of a whole number that is not negative."""
    return str(value) if isinstance(value, int) and value >= 0 else None


def _swapped(digits: str, at: int) -> str:
    return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def _without_one(long: str, short: str) -> bool:
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
