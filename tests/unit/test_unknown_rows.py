"""A row with figures that the form does not have: it is named, and no sum over it is judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest
from msgspec.structs import replace

from auditor.findings import verdict_of
from auditor.layout.reconcile import agreed
from auditor.model.check import Severity
from auditor.model.finding import Audit, Reason, Status, Verdict
from auditor.model.form import Address
from auditor.model.report import Report, UnknownRow
from auditor.model.source import Notice, Origin
from auditor.pipeline import audit_report
from auditor.reporters import REPORTERS, Item, Judged, Reading, Style
from tests.kit import as_report
from tests.support import form, library, reported

FORM = form("cn-goi-annual/2021")
ZEROS = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}
ADDED = ("denied_admin_query", "unavailable_not_held")
"""The rows between which one stands that the form does not have."""
BY_TWO = {
    "applications/new_received/natural_person": 5,
    "applications/new_received/total": 5,
    "applications/granted/natural_person": 3,
    "applications/granted/total": 3,
    "applications/total_handled/natural_person": 5,
    "applications/total_handled/total": 5,
}
"""The results lack two that the row between them has."""


def report_of(
    figures: Mapping[str, int], between: tuple[str, ...] = ADDED, counted: tuple[int, ...] = (2, 2)
) -> Report:
    known = ZEROS | {Address.parse(box): Decimal(count) for box, count in figures.items()}
    row = UnknownRow(
        "9.其他不予公开", "applications", between, tuple(map(Decimal, counted)), Origin(line=41)
    )
    report = as_report(FORM, known, "青溪市水务局", 2023)
    return replace(report, unknown_rows=(row,), notices=(Notice("encoding-doubt"),))


def judged(report: Report) -> Audit:
    return audit_report(FORM, report, library())


def open_checks(audit: Audit) -> set[str]:
    return {
        outcome.check.id
        for outcome in audit.outcomes
        if outcome.reason is Reason.UNKNOWN_ROW and outcome.status is Status.UNDETERMINED
    }


def test_the_author_is_not_blamed_for_a_total_over_a_row_that_we_do_not_know() -> None:
    audit = judged(report_of(BY_TWO))
    assert not [each for each in audit.findings if each.severity is Severity.ERROR]
    assert open_checks(audit) == {
        f"applications-column-total[{column.key}]" for column in FORM.table("applications").columns
    }
    assert verdict_of(audit) is Verdict.NOT_AUDITED


def test_what_does_not_run_over_its_place_is_judged_as_ever() -> None:
    audit = judged(report_of({**BY_TWO, "applications/new_received/total": 6}))
    (found,) = [each for each in audit.findings if each.severity is Severity.ERROR]
    assert {each.check.id for each in found.outcomes} == {
        "applications-row-total[new_received]",
        "applications-balance[total]",
    }
    assert verdict_of(audit) is Verdict.FINDINGS


def test_a_sum_that_is_open_is_no_evidence_for_a_repair() -> None:
    """Without the column of results two cells explain the row's failure, and none of them alone."""
    figures = {"applications/granted/total": 2, "applications/total_handled/total": 2}
    found = judged(report_of(figures)).findings
    repairs = {str(e.address) for f in found for offer in f.suggestions for e in offer.edits}
    assert "applications/granted/natural_person" in repairs


@pytest.mark.parametrize(
    ("between", "opened"),
    [
        (("new_received", "carried_over"), {"balance"}),
        (("other_misc", "total_handled"), {"balance", "column-total"}),
        (("carried_forward",), {"balance"}),
        (ADDED, {"column-total"}),
        ((), set()),
    ],
)
def test_the_sums_over_the_place_are_those_that_its_neighbours_enter(
    between: tuple[str, ...], opened: set[str]
) -> None:
    found = open_checks(judged(report_of({}, between)))
    rules = {check.partition("[")[0].removeprefix("applications-") for check in found}
    assert rules - {"backlog", "other-share"} == opened


def test_a_row_of_zeros_is_named_and_changes_nothing() -> None:
    audit = judged(report_of({}, counted=(0, 0)))
    assert open_checks(audit) == set()
    assert audit.notices[0].code == "unknown-row-of-zeros"
    assert verdict_of(audit) is Verdict.CLEAN


def test_a_report_in_two_copies_keeps_the_row() -> None:
    first = report_of(BY_TWO)
    both = agreed(replace(first, unknown_rows=()), first)
    assert both is not None
    assert both.unknown_rows == first.unknown_rows


def said(name: str, language: str, item: Item) -> str:
    return reported(name, [item], Style(language=language, width=500)).decode()


@pytest.mark.parametrize("name", [name for name in REPORTERS if name != "xlsx"])
def test_every_format_names_the_row_in_both_languages(name: str) -> None:
    audit = judged(report_of(BY_TWO))
    for language in ("zh", "en"):
        assert "其他不予公开" in said(name, language, Judged(audit, verdict_of(audit)))


@pytest.mark.parametrize(
    ("language", "words", "findings"),
    [
        ("zh", "标准格式没有的一行“9.其他不予公开”（2 2；在“", "发现的问题"),
        ("en", ": “9.其他不予公开” (2 2; at “8.属于行政查询事项 / 1.本机关不掌握", "Findings ("),
    ],
)
def test_the_row_is_named_before_what_was_found(language: str, words: str, findings: str) -> None:
    audit = judged(report_of({**BY_TWO, "applications/new_received/total": 6}))
    text = said("terminal", language, Judged(audit, verdict_of(audit)))
    assert text.index(words) < text.index(findings)
    html = said("html", language, Judged(audit, verdict_of(audit)))
    assert html.index("其他不予公开") < html.index('id="r1-findings"')
    assert (
        json.loads(said("json", language, Judged(audit, verdict_of(audit))))["reports"][0][
            "notices"
        ][0]["code"]
        == "unknown-row"
    )


def test_a_reading_shows_the_row_too() -> None:
    item = Reading(FORM, report_of(BY_TWO))
    (row,) = json.loads(said("json", "en", item))["reports"][0]["unknown_rows"]
    assert row == {
        "text": "9.其他不予公开",
        "table": "applications",
        "between": list(ADDED),
        "figures": ["2", "2"],
        "origin": row["origin"],
    }
    assert row["origin"]["line"] == 41
    assert "9.其他不予公开" in said("terminal", "zh", item)
