"""Blank cells: no error hides behind one, and none is made of one that is zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from auditor.findings import verdict_of
from auditor.model.check import Severity
from auditor.model.finding import Audit, Finding, Grade, Reason, Status, Suggestion, Verdict
from auditor.model.form import Address
from auditor.model.report import Blank, Entry, Illegible, Match, Missing, Number, Report, Value
from auditor.pipeline import audit_report
from auditor.testing import as_report, consistent_figures
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


def judged(figures: Mapping[str, int], *blanks: str) -> Audit:
    return audit_report(FORM, report_of(figures, blanks), library())


def sums_of(audit: Audit) -> list[Finding]:
    """What is told of sums, and not of the boxes that are blank."""
    return [each for each in audit.findings if not each.rule_id.endswith("-blank")]


def offers(figures: Mapping[str, int], *blanks: str) -> tuple[Suggestion, ...]:
    (found,) = sums_of(judged(figures, *blanks))
    return found.suggestions


def test_a_sum_that_only_a_figure_in_a_blank_box_saves_is_an_error_that_names_the_box() -> None:
    audit = judged(PARTS, CELL)
    (found,) = sums_of(audit)
    assert (found.severity, verdict_of(audit)) == (Severity.ERROR, Verdict.FINDINGS)
    assert {outcome.reason for outcome in found.outcomes} == {Reason.BLANK}
    assert (str(found.primary), found.expected, found.actual) == (CELL, "3", "/")
    assert (
        "只有空白的 （一）予以公开 × 商业企业 填 3 才相符：请补填此格，或更正合计"
        in (found.message["zh"])
    )
    assert found.message["en"].endswith(
        "it adds up only if （一）予以公开 × 商业企业, which is blank, holds 3: fill the box or "
        "correct the total"
    )


def test_a_blank_on_which_two_sums_agree_is_a_likely_number() -> None:
    (offer,) = offers(PARTS, CELL)
    ((edit, grade),) = [(edit, offer.grade) for edit in offer.edits]
    assert (str(edit.address), edit.before, edit.after) == (CELL, "/", "3")
    assert grade is Grade.LIKELY
    assert [slip.code for slip in offer.slips] == ["slip-blank"]
    assert {"applications-column-total[business]", "applications-row-total[granted]"} <= set(
        offer.settles
    )


def test_under_one_sum_the_box_may_be_filled_or_the_total_corrected() -> None:
    figures = {"disputes/review/upheld": 2, "disputes/review/total": 3}
    found = offers(figures, "disputes/review/other")
    first, *others = [(str(edit.address), edit.after) for offer in found for edit in offer.edits]
    assert first == ("disputes/review/other", "1")
    assert ("disputes/review/total", "2") in others
    assert {offer.grade for offer in found} == {Grade.POSSIBLE}


def test_several_blanks_that_one_sum_leaves_open_are_listed() -> None:
    figures = {"disputes/review/upheld": 2, "disputes/review/total": 5}
    audit = judged(figures, "disputes/review/other", "disputes/review/pending")
    (found,) = sums_of(audit)
    assert "只有空白格中填有数字才相符" in found.message["zh"]
    assert "其他结果" in found.message["zh"]
    assert "尚未审结" in found.message["zh"]
    filled = {(str(o.edits[0].address), o.edits[0].after) for o in found.suggestions[:2]}
    assert filled == {("disputes/review/other", "3"), ("disputes/review/pending", "3")}


def test_only_a_blank_that_could_make_it_add_up_is_named() -> None:
    figures = {"disputes/review/upheld": 2}
    (found,) = sums_of(judged(figures, "disputes/review/total", "disputes/review/other"))
    assert found.message["en"].endswith(
        "it adds up only if 行政复议 × 总计, which is blank, holds 2: fill the box or correct the "
        "parts"
    )
    assert found.message["zh"].endswith("才相符：请补填此格，或更正各分项")


def test_blanks_that_are_zero_in_other_sums_do_not_stand_in_the_way() -> None:
    (offer,) = offers(PARTS, CELL, "applications/granted/other", "applications/new_received/other")
    assert [str(edit.address) for edit in offer.edits] == [CELL]
    assert offer.grade is Grade.LIKELY


def test_blanks_that_are_zero_are_told_as_blank_and_nothing_else() -> None:
    audit = judged(PARTS, "applications/granted/research", "disputes/review/other")
    assert sums_of(audit) == []
    assert verdict_of(audit) is Verdict.BELOW


@pytest.mark.parametrize(
    "figures",
    [
        # The row wants 3, the column 4.
        {**PARTS, "applications/total_handled/business": 4},
        # More parts than the total has: no count in the blank would mend it.
        {"disputes/review/upheld": 5, "disputes/review/total": 2, **PARTS},
    ],
)
def test_a_blank_is_not_filled_with_what_one_sum_wants_and_another_denies(
    figures: dict[str, int],
) -> None:
    blank = CELL if len(figures) == len(PARTS) else "disputes/review/other"
    audit = judged(figures, blank)
    assert sums_of(audit)
    alone = [offer for f in audit.findings for offer in f.suggestions if len(offer.edits) == 1]
    assert blank not in [str(offer.edits[0].address) for offer in alone]


@pytest.mark.parametrize("doubt", [Illegible(), Missing()])
def test_what_we_did_not_read_is_our_doubt_and_no_blank(doubt: Value) -> None:
    report = report_of(PARTS, [])
    box = Address.parse(CELL)
    entry = Entry(box, None, doubt, None, Match.NONE)
    audit = audit_report(FORM, replace(report, entries={**report.entries, box: entry}), library())
    assert sums_of(audit) == []
    assert verdict_of(audit) is Verdict.NOT_AUDITED


def test_a_blank_beside_a_cell_that_was_not_read_leaves_their_sum_open() -> None:
    report = report_of(PARTS, [CELL])
    unread = Address.parse("applications/granted/natural_person")
    entry = Entry(unread, "?", Illegible(), None, Match.NONE)
    report = replace(report, entries={**report.entries, unread: entry})
    audit = audit_report(FORM, report, library())
    (found,) = sums_of(audit)
    assert [outcome.check.id for outcome in found.outcomes] == [
        "applications-column-total[business]"
    ]
    assert {offer.grade for offer in found.suggestions} == {Grade.POSSIBLE}


def test_two_blanks_that_are_both_determined_are_filled_each_by_itself() -> None:
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
    found = sums_of(judged(figures, CELL, second))
    edits = {
        (str(edit.address), edit.after) for each in found for edit in each.suggestions[0].edits
    }
    assert edits == {(CELL, "3"), (second, "2")}
    assert {offer.grade for each in found for offer in each.suggestions} == {Grade.LIKELY}


@pytest.mark.parametrize("seed", range(6))
def test_a_column_of_totals_left_blank_is_filled_as_a_whole(seed: int) -> None:
    figures: dict[Address, Decimal | None] = dict(consistent_figures(FORM, Random(seed), "medium"))
    totals = {box: figures[box] for box in figures if box.table == "applications"}
    totals = {box: value for box, value in totals.items() if box.column == "total"}
    report = as_report(FORM, figures | dict.fromkeys(totals), "青溪市水务局", 2023)
    (found,) = [f for f in sums_of(audit_report(FORM, report, library())) if f.suggestions]
    (offer,) = found.suggestions
    assert {edit.address: edit.after for edit in offer.edits} == {
        box: str(value) for box, value in totals.items() if value
    }


@pytest.mark.parametrize("seed", range(12))
def test_a_single_blank_is_an_error_where_a_figure_stood_and_is_filled_with_it(seed: int) -> None:
    rng = Random(seed)
    figures = consistent_figures(FORM, rng, "medium")
    whole = as_report(FORM, figures, "青溪市水务局", 2023)
    summed = [box for box in figures if box.table in ("applications", "disputes")]
    for box in rng.sample(summed, 6):
        audit = audit_report(FORM, blanked(whole, [box]), library())
        errors = [each for each in sums_of(audit) if each.severity is Severity.ERROR]
        if not figures[box]:
            assert errors == []
            continue
        (found,) = errors
        edits = [(e.address, e.after) for offer in found.suggestions for e in offer.edits]
        assert (box, str(figures[box])) == edits[0]
        after = audit_report(FORM, with_figure(whole, box, figures[box]), library())
        settled = {each.check.id: each.status for each in after.outcomes}
        assert all(settled[check] is Status.PASS for check in found.suggestions[0].settles)


def test_a_table_of_which_most_is_blank_is_a_warning_told_once() -> None:
    boxes = [str(box) for box in ZEROS if box.table == "disclosure"]
    half, more = boxes[: len(boxes) // 2], boxes[: len(boxes) // 2 + 1]
    (few,) = judged({}, *half).findings
    assert (few.rule_id, few.severity) == ("disclosure-blank", Severity.INFO)
    (many,) = judged({}, *more).findings
    assert (many.rule_id, many.severity) == ("disclosure-mostly-blank", Severity.WARNING)
    assert [each.check.rule.id for each in many.outcomes] == [
        "disclosure-mostly-blank",
        "disclosure-blank",
    ]


def test_a_rule_that_takes_blanks_for_unknown_keeps_a_report_from_being_clean() -> None:
    audit = judged(PARTS, "applications/granted/research")
    at = next(i for i, o in enumerate(audit.outcomes) if o.check.id.endswith("-total[granted]"))
    open_ = replace(audit.outcomes[at], status=Status.UNDETERMINED, reason=Reason.BLANK)
    outcomes = (*audit.outcomes[:at], open_, *audit.outcomes[at + 1 :])
    assert verdict_of(replace(audit, outcomes=outcomes)) is Verdict.NOT_AUDITED


def with_figure(report: Report, box: Address, figure: Decimal) -> Report:
    entry = Entry(box, str(figure), Number(figure), None, Match.EXACT)
    return replace(report, entries={**report.entries, box: entry})
