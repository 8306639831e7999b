"""Two readings of one report: what they agree on stays, what they do not is illegible."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.layout.reconcile import CONFIRMED, CONTRADICTED, DIFFERS, SILENT, doubtful, reconcile
from auditor.model.form import Address
from auditor.model.report import (
    Blank,
    Entry,
    Identity,
    Illegible,
    Match,
    Missing,
    Number,
    Report,
    Source,
    Value,
)
from tests.kit import consistent_figures
from tests.support import form

FORM = form()
FIGURES = consistent_figures(FORM, Random(4))
CELL = Address("applications", "granted", "total")


def report(figures: Mapping[Address, Decimal]) -> Report:
    entries = {
        box: Entry(box, str(figure), Number(figure), None, Match.EXACT)
        for box, figure in figures.items()
    }
    return Report(Source("x.pdf", "", "application/pdf"), FORM.id, Identity(), entries)


def with_entry(whole: Report, box: Address, raw: str | None, value: Value, match: Match) -> Report:
    return replace(whole, entries={**whole.entries, box: Entry(box, raw, value, None, match)})


WHOLE = report(FIGURES)


def codes(found: Report) -> list[str]:
    return [notice.code for notice in found.notices]


def test_readings_that_agree_change_nothing_and_are_counted() -> None:
    found = reconcile(WHOLE, WHOLE, FORM)
    assert found.entries == WHOLE.entries
    (notice,) = found.notices
    assert notice.code == CONFIRMED
    assert dict(notice.details) == {"count": str(len(FIGURES)), "of": str(len(FIGURES))}


def test_a_cell_read_differently_is_illegible_with_both_readings() -> None:
    other = report({**FIGURES, CELL: FIGURES[CELL] + 5})
    found = reconcile(WHOLE, other, FORM)
    readings = str(FIGURES[CELL]), str(FIGURES[CELL] + 5)
    assert found.entries[CELL].value == Illegible(readings)
    assert {box for box in FIGURES if found.entries[box] != WHOLE.entries[box]} == {CELL}
    differs = next(notice for notice in found.notices if notice.code == DIFFERS)
    assert differs.addresses == (CELL,)
    assert dict(differs.details)["readings"] == " / ".join(readings)


def test_a_blank_and_a_figure_differ() -> None:
    blank = with_entry(WHOLE, CELL, "", Blank(), Match.EXACT)
    for one, other in ((WHOLE, blank), (blank, WHOLE)):
        assert isinstance(reconcile(one, other, FORM).entries[CELL].value, Illegible)


def test_what_the_second_reading_only_inferred_or_did_not_find_says_nothing() -> None:
    for value, match in (
        (Number(Decimal(99)), Match.INFERRED),
        (Number(Decimal(99)), Match.POSITION),
        (Illegible(("9", "99")), Match.NONE),
        (Missing(), Match.NONE),
    ):
        other = with_entry(WHOLE, CELL, "99", value, match)
        found = reconcile(WHOLE, other, FORM)
        assert found.entries == WHOLE.entries
        silent = next(notice for notice in found.notices if notice.code == SILENT)
        assert silent.addresses == (CELL,)


def test_only_cells_in_question_are_said_to_be_unconfirmed() -> None:
    nothing = replace(WHOLE, entries={})
    assert codes(reconcile(WHOLE, nothing, FORM, [])) == []
    (silent,) = reconcile(WHOLE, nothing, FORM, [CELL]).notices
    assert (silent.code, silent.addresses) == (SILENT, (CELL,))


@given(st.sampled_from(list(FIGURES)), st.integers(0, 999))
def test_a_second_reading_never_makes_a_figure_of_what_was_not_read(
    box: Address, said: int
) -> None:
    for value in (Illegible(("1", "7")), Missing()):
        first = with_entry(WHOLE, box, None, value, Match.NONE)
        other = report({**FIGURES, box: Decimal(said)})
        assert reconcile(first, other, FORM).entries[box].value == value


def _rotated(figures: Mapping[Address, Decimal]) -> dict[Address, Decimal]:
    """Every row of table three has the figures of the next."""
    table = FORM.table("applications")
    rows = [row for row in table.rows if table.addresses(row)[0] in figures]
    found = dict(figures)
    for row, following in zip(rows, [*rows[1:], rows[0]], strict=True):
        for box, other in zip(table.addresses(row), table.addresses(following), strict=True):
            found[box] = figures[other]
    return found


def test_a_second_reading_that_puts_a_whole_table_elsewhere_is_not_believed() -> None:
    other = report(_rotated(FIGURES))
    found = reconcile(WHOLE, other, FORM)
    assert found.entries == WHOLE.entries
    notice = next(each for each in found.notices if each.code == CONTRADICTED)
    assert dict(notice.details)["table"] == "applications"
    assert all(other.entries[box].value != WHOLE.entries[box].value for box in notice.addresses)
    assert len(notice.addresses) > 40
    assert CONFIRMED in codes(found)


def test_a_first_reading_that_the_sums_refute_is_not_saved_by_them() -> None:
    """The same two readings the other way round: nobody is believed, and nothing is taken over."""
    first = report(_rotated(FIGURES))
    found = reconcile(first, WHOLE, FORM)
    for box in FIGURES:
        same = first.entries[box].value == WHOLE.entries[box].value
        assert isinstance(found.entries[box].value, Number) is same
    assert CONTRADICTED not in codes(found)


def test_other_figures_all_over_a_table_are_never_explained_away() -> None:
    """Hidden text may add up where what is drawn does not: only places can be contradicted."""
    drawn = {
        box: figure + 1000 if box.table == "applications" else figure
        for box, figure in FIGURES.items()
    }
    found = reconcile(WHOLE, report(drawn), FORM)
    unread = {box for box, entry in found.entries.items() if isinstance(entry.value, Illegible)}
    assert unread == {box for box in FIGURES if box.table == "applications"}


def test_doubtful_is_what_was_not_read_or_only_inferred() -> None:
    first = with_entry(WHOLE, CELL, "1", Illegible(("1",)), Match.NONE)
    other = Address("applications", "granted", "business")
    first = with_entry(first, other, "1", Number(Decimal(1)), Match.INFERRED)
    assert set(doubtful(first)) == {CELL, other}
    assert doubtful(WHOLE) == []


def test_a_table_that_was_not_asked_about_is_not_compared() -> None:
    fee = Address("disclosure", "fees", "amount")
    other = report({**FIGURES, fee: FIGURES[fee] + 1, CELL: FIGURES[CELL] + 1})
    found = reconcile(WHOLE, other, FORM, [CELL])
    assert found.entries[fee] == WHOLE.entries[fee]
    assert isinstance(found.entries[CELL].value, Illegible)
