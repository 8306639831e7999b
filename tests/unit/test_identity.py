"""Who reports, as the title says it: digits of a name are part of it, those beside it are not."""

from __future__ import annotations

import pytest

from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from tests.support import EXAMPLES, library

TITLE = "青溪市水务局2024年政府信息公开工作年度报告"
REPORT = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")


def agency_of(title: str) -> str | None:
    assert TITLE in REPORT
    content = REPORT.replace(TITLE, title).encode()
    _, report = read_report(Document("report.txt", content), library())
    assert report.identity.year == 2024
    return report.identity.agency


@pytest.mark.parametrize(
    "name",
    [
        "国家税务总局青溪市税务局第2稽查局",
        "第8师石河子市",
        "新疆生产建设兵团第14师昆玉市",
        "新疆生产建设兵团第八师143团",
        "青溪市第1中学",
        "青溪市12345政务服务便民热线办公室",
    ],
)
def test_digits_of_a_name_are_part_of_it(name: str) -> None:
    assert agency_of(f"{name}2024年政府信息公开工作年度报告") == name
    assert agency_of(f"2024年度{name}政府信息公开工作年度报告") == name


def test_full_width_digits_are_digits() -> None:
    assert agency_of("第８师石河子市２０２４年政府信息公开工作年度报告") == "第8师石河子市"


@pytest.mark.parametrize("before", ["附件1", "第12期", "第3页", "第1号", "2025-01-20"])
def test_numbers_beside_a_title_are_no_part_of_a_name(before: str) -> None:
    assert agency_of(f"{before}{TITLE}") is None
    assert agency_of(f"{before}\n{TITLE}") == "青溪市水务局"


def test_a_signature_with_digits_is_compared_with_the_title() -> None:
    def statuses(signed: str) -> list[str]:
        text = REPORT.replace("青溪市水务局", "第8师石河子市教育局")
        content = f"{text}\n{signed}\n2025年1月20日\n".encode()
        found = audit(Document("report.txt", content), library())
        return [o.status.value for o in found.outcomes if o.check.rule.id == "agency-names"]

    assert statuses("第8师石河子市教育局") == ["pass"]
    assert statuses("第7师石河子市教育局") == ["fail"]
