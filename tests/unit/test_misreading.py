"""Where the smallest explanation is a misreading, the document comes first, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from msgspec.structs import replace

from auditor.model.finding import Finding, Grade
from auditor.model.form import Address
from auditor.model.report import Report
from auditor.model.source import Origin
from auditor.pipeline import audit_report
from auditor.testing import as_report
from tests.golden import slips
from tests.support import form, library

FORM = form("cn-goi-annual/2021")
MISREAD = {
    "number-split": "slip-number-split",
    "numbers-merged": "slip-numbers-merged",
    "row-shifted": "slip-row-shifted",
}


def finding_of(name: str, origin: Origin | None) -> Finding:
    """The one finding about the report with that slip, all of it standing in one place."""
    changes = slips.SLIPS[name].boxes
    report = as_report(FORM, figures_with(changes), "青溪市水务局", slips.YEAR)
    (found,) = audit_report(FORM, placed(report, origin), library()).findings
    return found


def figures_with(changes: Mapping[str, str | None]) -> dict[Address, Decimal]:
    changed = {Address.parse(box): Decimal(said) for box, said in changes.items() if said}
    return slips.figures(slips.YEAR) | changed


def placed(report: Report, origin: Origin | None) -> Report:
    entries = {box: replace(entry, origin=origin) for box, entry in report.entries.items()}
    return replace(report, entries=entries)


@pytest.mark.parametrize("name", MISREAD)
def test_a_misreading_is_said_first_with_page_and_line(name: str) -> None:
    found = finding_of(name, Origin(page=3, line=12))
    assert found.message["zh"].startswith("请先看原文（第3页、第12行）：可能是读取有误")
    assert found.message["en"].startswith("look at the document first (page 3, line 12)")
    (offer,) = found.suggestions
    assert [slip.code for slip in offer.slips] == [MISREAD[name]]
    assert offer.grade is Grade.POSSIBLE


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin(page=2, bbox=(10, 20, 30, 40)), "（第2页）"),
        (Origin(selector="Sheet1!C5"), "（Sheet1!C5）"),
        (None, "（此格所在处）"),
    ],
)
def test_the_place_is_told_as_far_as_the_format_has_one(origin: Origin | None, said: str) -> None:
    assert finding_of("number-split", origin).message["zh"].startswith(f"请先看原文{said}")


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("digits-swapped", Grade.LIKELY),
        # Two cells and two failing sums: no more sums confirm the figures than cells change.
        ("boxes-swapped", Grade.POSSIBLE),
        ("neighbouring-box", Grade.POSSIBLE),
    ],
)
def test_an_author_s_slip_is_not_called_a_misreading(name: str, grade: Grade) -> None:
    found = finding_of(name, Origin(page=3, line=12))
    assert "请先看原文" not in found.message["zh"]
    (offer,) = found.suggestions
    assert [slip.misreading for slip in offer.slips] == [False]
    assert offer.grade is grade


def test_the_edits_of_a_misreading_undo_it() -> None:
    for name in MISREAD:
        (offer,) = finding_of(name, None).suggestions
        right = slips.figures(slips.YEAR)
        assert {each.address: Decimal(each.after) for each in offer.edits} == {
            Address.parse(box): right[Address.parse(box)]
            for box, said in slips.SLIPS[name].boxes.items()
            if Decimal(said or 0) != right[Address.parse(box)]
        }
