"""The final accounts of a department, which are YAML alone, as departments publish them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.finding import Audit, Status
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import media_type_of
from tests.support import library

_EXAMPLE = Path(__file__).parents[1] / "docs" / "final-accounts.txt"
_WRONG, _RIGHT = "58\t3117.38", "58\t3171.38"


def _audited(text: str) -> Audit:
    data = text.encode()
    judged = audit(Document("accounts.txt", data, media_type_of(data)), library())
    assert judged.form.id == "cn-final-accounts/2023"
    return judged


def _mended() -> str:
    text = _EXAMPLE.read_text(encoding="utf-8")
    assert text.count(_WRONG) == 1
    return text.replace(_WRONG, _RIGHT)


def _changed(printed: str, instead: str) -> str:
    text = _mended()
    assert text.count(printed) == 1
    return text.replace(printed, instead)


def test_the_example_has_one_total_that_is_wrong() -> None:
    judged = _audited(_EXAMPLE.read_text(encoding="utf-8"))
    assert (judged.report.identity.agency, judged.report.identity.year) == ("青溪市档案馆", 2023)
    (finding,) = judged.findings
    assert str(finding.primary) == "summary/expenditure_total/amount"
    assert (finding.actual, finding.expected) == ("3117.38", "3171.38")
    assert len(finding.outcomes) == 3


def test_the_example_without_it_passes_every_check() -> None:
    judged = _audited(_mended())
    assert not judged.findings
    assert {each.status for each in judged.outcomes} == {Status.PASS, Status.NOT_APPLICABLE}
    assert all(coverage.complete for coverage in judged.coverage)
    items = [row.label for row in judged.form.table("payments").rows]
    assert items[:3] == ["合计", "201 一般公共服务支出", "20126 档案事务"]


def test_a_hundredth_that_rounding_explains_is_no_error() -> None:
    assert not _audited(_changed("五、教育支出\t36\t6.20", "五、教育支出\t36\t6.22")).findings


@pytest.mark.parametrize(
    ("printed", "instead", "cell"),
    [
        ("五、事业收入\t5\t42.10", "五、事业收入\t5\t24.10", "summary/services/amount"),
        ("61\t\n总计\t31\t3211.99", "61\t\n总计\t31\t3311.99", "summary/all_income/amount"),
        ("2012604\t档案馆\t2480.77", "2012604\t档案馆\t2840.77", "payments/2012604-档案馆/total"),
        ("合计\t\t3186.91\t3126.45", "合计\t\t3186.91\t3216.45", "receipts/all_receipts/fiscal"),
    ],
)
def test_a_slip_is_found_at_its_cell(printed: str, instead: str, cell: str) -> None:
    errors = [
        finding
        for finding in _audited(_changed(printed, instead)).findings
        if finding.severity is Severity.ERROR
    ]
    assert [str(finding.primary) for finding in errors] == [cell]


def test_table_one_alone_is_checked_as_far_as_it_goes() -> None:
    alone = _mended().split("收入决算表")[0]
    judged = _audited(alone)
    assert not judged.findings
    tables = {box.table for box in judged.report.entries}
    assert tables == {"summary"}
    assert all(
        each.status is Status.NOT_APPLICABLE
        for each in judged.outcomes
        if each.check.rule.id.startswith(("receipts", "payments"))
    )


@pytest.mark.parametrize(
    ("left_out", "status"), [("外交支出", Status.PASS), ("五、教育支出", Status.UNDETERMINED)]
)
def test_lines_may_be_left_out_where_the_sum_then_holds(left_out: str, status: Status) -> None:
    text = "\n".join(line for line in _mended().splitlines() if left_out not in line)
    judged = _audited(text)
    (total,) = [each for each in judged.outcomes if each.check.rule.id == "expenditure-total"]
    assert total.status is status
    assert not [each for each in judged.findings if each.rule_id == "expenditure-total"]
