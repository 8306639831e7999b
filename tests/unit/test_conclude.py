"""Failures become findings: one story for one wrong cell, with a suggestion that holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.diagnosis import diagnose
from auditor.findings import conclude, verdict_of
from auditor.model.check import Severity
from auditor.model.finding import (
    ENGINE_DOUBT,
    Audit,
    Certainty,
    Finding,
    Grade,
    Outcome,
    Status,
    Verdict,
)
from auditor.model.form import Address
from auditor.model.report import (
    Below,
    Blank,
    Entry,
    Illegible,
    Match,
    Missing,
    Number,
    Report,
    Value,
)
from auditor.pipeline import audit_report
from auditor.testing import as_report, consistent_figures
from tests.support import form, library

FORM = form("cn-goi-annual/2021")
CELL = Address("applications", "granted", "natural_person")
ZEROS = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}


def report_with(changes: Mapping[str, int] | None = None, seed: int | None = None) -> Report:
    """A report whose sums hold, but for the given changes."""
    figures = dict(ZEROS) if seed is None else consistent_figures(FORM, Random(seed), "small")
    for text, more in (changes or {}).items():
        figures[Address.parse(text)] += more
    return as_report(FORM, figures, "青溪市水务局", 2023)


def reread(report: Report, address: Address, value: Value, raw: str | None = "") -> Report:
    """The report with one box read otherwise."""
    match = Match.NONE if isinstance(value, Illegible | Missing) else Match.EXACT
    entry = Entry(address, raw, value, None, match)
    return replace(report, entries={**report.entries, address: entry})


def audited(report: Report, selected_rules: frozenset[str] | None = None) -> Audit:
    return audit_report(FORM, report, library(), selected_rules=selected_rules)


def errors(audit: Audit) -> list[Finding]:
    return [finding for finding in audit.findings if finding.severity is Severity.ERROR]


def test_a_report_whose_sums_hold_is_clean() -> None:
    audit = audited(report_with())
    assert errors(audit) == []
    assert verdict_of(audit) is Verdict.CLEAN


def test_one_wrong_cell_of_a_table_totalled_both_ways_is_one_finding_that_names_it() -> None:
    (finding,) = errors(audited(report_with({str(CELL): 3})))
    assert finding.primary == CELL
    assert (finding.actual, finding.expected) == ("3", "0")
    (suggestion,) = finding.suggestions
    assert suggestion.grade is Grade.LIKELY
    assert {(edit.address, edit.before, edit.after) for edit in suggestion.edits} == {
        (CELL, "3", "0")
    }
    assert {outcome.check.id for outcome in finding.outcomes} == set(suggestion.settles)
    assert len(suggestion.settles) == 2


def test_a_wrong_total_is_told_as_what_it_should_be() -> None:
    cell = "applications/total_handled/business"
    (finding,) = errors(audited(report_with({cell: 1})))
    assert str(finding.primary) == cell
    assert finding.message["zh"].startswith(
        "一格可以解释全部 3 处不符：（七）总计 × 商业企业 为 1，应为 0。"
    )
    assert "（七）总计 × 商业企业 is 1, should be 0: all its 21 parts" in finding.message["en"]


def test_a_message_spells_the_sum_and_counts_the_zeros_it_leaves_out() -> None:
    report = report_with({"disputes/review/upheld": 2, "disputes/review/total": 5})
    (finding,) = errors(audited(report))
    assert finding.message["zh"] == (
        "行政复议 × 总计 为 5，而 结果维持 2＋结果纠正 0＋其他结果 0＋尚未审结 0＝2，差 3"
    )
    wrong = report_with({str(CELL): 3, "applications/granted/total": 3})
    messages = [finding.message["zh"] for finding in audited(wrong).findings]
    assert any("（其余 20 格为 0）" in message for message in messages)


def test_a_message_tells_a_limit_as_it_is_printed_and_the_difference_as_at_most() -> None:
    total = Address("disputes", "review", "total")
    report = reread(report_with({"disputes/review/total": 1}), total, Number(Decimal(1)), "1")
    upheld = Address("disputes", "review", "upheld")
    audit = audited(reread(report, upheld, Below(("<1",), Decimal(1)), "<1"))
    (finding,) = errors(audit)
    assert "<1" in finding.message["en"] and "off by \u22641" in finding.message["en"]
    assert all(each.illegible == 0 for each in audit.coverage)


def test_where_only_one_sum_is_broken_every_cell_that_would_mend_it_is_offered() -> None:
    report = report_with({"disputes/review/upheld": 2, "disputes/review/total": 5})
    (finding,) = errors(audited(report))
    assert str(finding.primary) == "disputes/review/total"
    assert (finding.actual, finding.expected) == ("5", "2")
    assert {suggestion.grade for suggestion in finding.suggestions} == {Grade.POSSIBLE}
    offered = {str(each.edits[0].address): each.edits[0].after for each in finding.suggestions}
    assert offered["disputes/review/upheld"] == "5"
    assert offered["disputes/review/total"] == "2"
    assert len(offered) == 5


def test_no_suggestion_makes_a_count_negative() -> None:
    report = report_with({"disputes/review/upheld": 5, "disputes/review/total": 2})
    (finding,) = errors(audited(report))
    offered = {str(suggestion.edits[0].address) for suggestion in finding.suggestions}
    assert offered == {"disputes/review/upheld", "disputes/review/total"}


def test_two_slips_on_one_line_are_one_finding_with_both_edits() -> None:
    changes = {"applications/granted/natural_person": 3, "applications/granted/research": 5}
    (finding,) = errors(audited(report_with(changes)))
    (suggestion,) = finding.suggestions
    assert {str(edit.address): edit.after for edit in suggestion.edits} == dict.fromkeys(
        changes, "0"
    )
    assert len(suggestion.settles) == 3


def test_two_wrong_cells_far_apart_are_two_findings() -> None:
    changes = {"applications/granted/natural_person": 3, "applications/declined_repeat/other": 5}
    found = errors(audited(report_with(changes)))
    assert {str(finding.primary) for finding in found} == set(changes)


def test_one_failure_that_the_other_sums_rule_out_is_our_doubt_and_no_finding() -> None:
    report = report_with()
    facts = gather(report)
    outcomes = list(evaluate(library().checks(FORM.id), facts))
    index = next(
        index
        for index, outcome in enumerate(outcomes)
        if outcome.check.id == "applications-row-total[granted]"
    )
    lone: Outcome = replace(outcomes[index], status=Status.FAIL, residual=Decimal(1))
    outcomes[index] = lone
    diagnosis = diagnose(report, FORM, facts, outcomes)
    audit = conclude(report, FORM, outcomes, diagnosis, "digest")
    assert errors(audit) == []
    assert [notice.code for notice in audit.notices] == [ENGINE_DOUBT]
    assert verdict_of(audit) is Verdict.NOT_AUDITED


def test_blank_boxes_of_a_table_are_one_finding_that_counts_and_lists_them() -> None:
    report = report_with()
    for column in ("natural_person", "business"):
        report = reread(report, Address("applications", "granted", column), Blank(), "/")
    found = [f for f in audited(report).findings if f.rule_id == "applications-blank"]
    assert len(found) == 1
    assert "2 格空白：（一）予以公开（自然人、商业企业）" in found[0].message["zh"]


def test_certainty_is_only_likely_where_a_cell_was_not_read_by_its_own_label() -> None:
    report = report_with({str(CELL): 3})
    assert errors(audited(report))[0].certainty is Certainty.CERTAIN
    torn = replace(report.entries[CELL], match=Match.FUZZY)
    report = replace(report, entries={**report.entries, CELL: torn})
    assert errors(audited(report))[0].certainty is Certainty.LIKELY


def test_a_fingerprint_stays_when_the_figure_changes_and_differs_by_year() -> None:
    three, five = (errors(audited(report_with({str(CELL): more})))[0] for more in (3, 5))
    assert three.fingerprint == five.fingerprint
    assert len(three.fingerprint) == 16
    report = report_with({str(CELL): 3})
    later = replace(report, identity=replace(report.identity, year=2024))
    assert errors(audited(later))[0].fingerprint != three.fingerprint


def test_a_box_that_was_not_read_keeps_the_report_from_being_clean() -> None:
    for value in (Illegible(("1", "11")), Missing()):
        audit = audited(reread(report_with(), CELL, value, None))
        assert verdict_of(audit) is Verdict.NOT_AUDITED
        (receipt,) = [each for each in audit.coverage if each.table == "applications"]
        assert receipt.illegible + receipt.missing == 1
        assert receipt.expected == 175


def test_a_table_without_any_number_keeps_the_report_from_being_clean() -> None:
    report = report_with()
    for box in FORM.table("disputes").boxes():
        report = reread(report, box, Blank(), "")
    assert verdict_of(audited(report)) is Verdict.NOT_AUDITED


def test_findings_win_over_what_was_not_read() -> None:
    report = reread(report_with({str(CELL): 3}), Address("disputes", "review", "total"), Missing())
    audit = audited(report)
    assert verdict_of(audit) is Verdict.FINDINGS


def test_a_rule_that_is_not_told_keeps_its_outcomes_and_loses_its_findings() -> None:
    report = report_with({str(CELL): 3})
    audit = audited(report, selected_rules=frozenset({"applications-row-total"}))
    assert {finding.rule_id for finding in audit.findings} == {"applications-row-total"}
    assert audit.counts == audited(report).counts


def test_findings_come_worst_first_and_always_in_the_same_order() -> None:
    audit = audited(report_with({str(CELL): 3, "disclosure/regulations/issued": 2}, seed=7))
    ranks = [("error", "warning", "info").index(f.severity.value) for f in audit.findings]
    assert ranks == sorted(ranks)
    again = audited(report_with({str(CELL): 3, "disclosure/regulations/issued": 2}, seed=7))
    assert audit.findings == again.findings


def test_every_failure_is_told_exactly_once() -> None:
    changes = {str(CELL): 3, "disputes/review/total": 2, "applications/carried_over/other": 9}
    audit = audited(report_with(changes, seed=3))
    failed = [o.check.id for o in audit.outcomes if o.status is Status.FAIL]
    told = [o.check.id for finding in audit.findings for o in finding.outcomes]
    assert sorted(failed) == sorted(told)


def test_a_figure_filled_in_for_a_blank_counts_as_an_edit_from_nothing() -> None:
    report = report_with(
        {
            "applications/granted/total": 4,
            "applications/new_received/total": 4,
            "applications/new_received/natural_person": 4,
            "applications/total_handled/total": 4,
            "applications/total_handled/natural_person": 4,
        }
    )
    report = reread(report, CELL, Blank(), "/")
    edits = [
        edit
        for finding in audited(report).findings
        for suggestion in finding.suggestions
        for edit in suggestion.edits
    ]
    assert all(edit.before == "/" for edit in edits if edit.address == CELL)
    assert isinstance(report.entries[CELL].value, Blank)
    assert Number(Decimal(4)) == report.entries[Address("applications", "granted", "total")].value
