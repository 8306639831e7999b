"""Blank cells that should hold a number: offered where sums determine it, and only there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from auditor.model.finding import Audit, Finding, Grade, Status, Suggestion
from auditor.model.form import Address
from auditor.model.report import Blank, Entry, Illegible, Match, Number, Report
from auditor.pipeline import audit_report
from auditor.testing.figures import as_report, consistent_figures
from tests.support import form, library

FORM = form("cn-goi-annual/2021")
ZEROS = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}
ROW = {"granted": 3, "total_handled": 3, "new_received": 3}
PARTS = {
    f"applications/{row}/{column}": count
    for row, count in ROW.items()
    for column in ("business", "total")
}
CELL = "applications/granted/business"


def report_of(figures: Mapping[str, int], blanks: Iterable[str]) -> Report:
    known = ZEROS | {Address.parse(box): Decimal(count) for box, count in figures.items()}
    return blanked(as_report(FORM, known, "青溪市水务局", 2023), map(Address.parse, blanks))


def blanked(report: Report, boxes: Iterable[Address]) -> Report:
    blank = {box: Entry(box, "/", Blank(), None, Match.EXACT) for box in boxes}
    return replace(report, entries={**report.entries, **blank})


def finding_of(audit: Audit) -> Finding:
    (found,) = [each for each in audit.findings if each.rule_id.endswith("-blank")]
    return found


def offers(figures: Mapping[str, int], *blanks: str) -> tuple[Suggestion, ...]:
    return finding_of(audit_report(FORM, report_of(figures, blanks), library())).suggestions


def test_a_blank_on_which_two_sums_agree_is_a_likely_number() -> None:
    (offer,) = offers(PARTS, CELL)
    ((edit, grade),) = [(edit, offer.grade) for edit in offer.edits]
    assert (str(edit.address), edit.before, edit.after) == (CELL, "/", "3")
    assert grade is Grade.LIKELY
    assert [slip.code for slip in offer.slips] == ["slip-blank"]
    assert {"applications-column-total[business]", "applications-row-total[granted]"} <= set(
        offer.settles
    )


def test_a_blank_under_one_sum_only_is_a_possible_number() -> None:
    figures = {"disputes/review/upheld": 2, "disputes/review/total": 5}
    (offer,) = offers(figures, "disputes/review/other")
    assert offer.edits[0].after == "3"
    assert offer.grade is Grade.POSSIBLE


def test_blanks_that_are_zero_in_other_sums_do_not_stand_in_the_way() -> None:
    (offer,) = offers(PARTS, CELL, "applications/granted/other", "applications/new_received/other")
    assert [str(edit.address) for edit in offer.edits] == [CELL]
    assert offer.grade is Grade.LIKELY


@pytest.mark.parametrize(
    ("figures", "blanks"),
    [
        # Either of the two might be the 3 that the total needs.
        (
            {"disputes/review/upheld": 2, "disputes/review/total": 5},
            ["disputes/review/other", "disputes/review/pending"],
        ),
        # The row wants 3, the column 4.
        ({**PARTS, "applications/total_handled/business": 4}, [CELL]),
        # Nothing is missing: the blank is zero.
        (PARTS, ["applications/granted/research"]),
        # More parts than the total has: no count in the blank would mend it.
        (
            {"disputes/review/upheld": 5, "disputes/review/total": 2},
            ["disputes/review/other"],
        ),
    ],
)
def test_nothing_is_offered_where_it_cannot_be_told(
    figures: dict[str, int], blanks: list[str]
) -> None:
    assert offers(figures, *blanks) == ()


def test_an_unread_cell_beside_the_blank_leaves_the_other_sum_to_say_what_is_possible() -> None:
    report = report_of(PARTS, [CELL])
    unread = Address.parse("applications/granted/natural_person")
    entry = Entry(unread, "?", Illegible(), None, Match.NONE)
    report = replace(report, entries={**report.entries, unread: entry})
    (offer,) = finding_of(audit_report(FORM, report, library())).suggestions
    assert offer.grade is Grade.POSSIBLE


def test_two_blanks_that_are_both_determined_are_one_suggestion() -> None:
    figures = {
        **PARTS,
        "applications/granted/natural_person": 4,
        "applications/declined_repeat/natural_person": 2,
        "applications/declined_repeat/total": 2,
        "applications/granted/total": 7,
        "applications/total_handled/natural_person": 6,
        "applications/total_handled/total": 9,
        "applications/new_received/natural_person": 6,
        "applications/new_received/total": 9,
    }
    second = "applications/declined_repeat/natural_person"
    (offer,) = offers(figures, CELL, second)
    assert {(str(edit.address), edit.after) for edit in offer.edits} == {(CELL, "3"), (second, "2")}
    assert offer.grade is Grade.LIKELY


@pytest.mark.parametrize("seed", range(12))
def test_a_single_blank_is_filled_with_what_stood_there_or_left_alone(seed: int) -> None:
    rng = Random(seed)
    figures = consistent_figures(FORM, rng, "medium")
    whole = as_report(FORM, figures, "青溪市水务局", 2023)
    summed = [box for box in figures if box.table in ("applications", "disputes")]
    for box in rng.sample(summed, 6):
        audit = audit_report(FORM, blanked(whole, [box]), library())
        found = finding_of(audit).suggestions
        if not figures[box]:
            assert found == ()
            continue
        ((edit,),) = [offer.edits for offer in found]
        assert (edit.address, edit.after) == (box, str(figures[box]))
        after = audit_report(FORM, with_figure(whole, box, figures[box]), library())
        settled = {each.check.id: each.status for each in after.outcomes}
        assert all(settled[check] is Status.PASS for check in found[0].settles)


def with_figure(report: Report, box: Address, figure: Decimal) -> Report:
    entry = Entry(box, str(figure), Number(figure), None, Match.EXACT)
    return replace(report, entries={**report.entries, box: entry})
