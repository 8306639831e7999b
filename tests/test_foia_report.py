"""The annual FOIA report, which is YAML alone, as agencies hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.finding import Audit, Status
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import media_type_of
from tests.support import library

_EXAMPLE = Path(__file__).parents[1] / "docs" / "foia-report.txt"
_WRONG, _RIGHT = "1,264 | 1,270 | 52", "1,264 | 1,270 | 25"


def _audited(text: str) -> Audit:
    data = text.encode()
    judged = audit(Document("report.txt", data, media_type_of(data)), library())
    assert judged.form.id == "us-foia-annual/2008"
    return judged


def _errors(judged: Audit) -> list[set[str]]:
    return [
        {str(box) for box in finding.addresses}
        for finding in judged.findings
        if finding.severity is Severity.ERROR
    ]


def _mended() -> str:
    text = _EXAMPLE.read_text(encoding="utf-8")
    assert text.count(_WRONG) == 1
    return text.replace(_WRONG, _RIGHT)


def test_the_example_has_one_figure_that_is_wrong() -> None:
    judged = _audited(_EXAMPLE.read_text(encoding="utf-8"))
    assert judged.report.identity.agency == "Department of Coasts and Parks"
    assert judged.report.identity.year == 2023
    (finding,) = [each for each in judged.findings if each.severity is Severity.ERROR]
    assert str(finding.primary) == "requests/parks-board/end"
    assert (finding.actual, finding.expected) == ("52", "25")


def test_the_example_without_it_passes_every_check() -> None:
    judged = _audited(_mended())
    assert not judged.findings
    assert {each.status for each in judged.outcomes} == {Status.PASS, Status.NOT_APPLICABLE}
    components = [row.label for row in judged.form.table("requests").rows[:-1]]
    assert components == [
        "Harbor Office",
        "Office of the Inspector General",
        "Parks Board",
        "Region 4 Office",
    ]


@pytest.mark.parametrize(
    ("printed", "instead", "cell"),
    [
        ("Harbor Office | 6 | 1 | 1 | 2 | 10", "Harbor Office | 6 | 1 | 1 | 3 | 10", "closed"),
        ("Region 4 Office | 6 | 6.4 | 1 | 20", "Region 4 Office | 60 | 6.4 | 1 | 20", "median"),
        ("Harbor Office | 6 | 0", "Harbor Office | 60 | 0", "requests"),
        ("AGENCY OVERALL | 18 | 3", "AGENCY OVERALL | 19 | 3", "requests"),
    ],
)
def test_a_slip_is_found_in_its_cell(printed: str, instead: str, cell: str) -> None:
    text = _mended()
    assert text.count(printed) == 1
    found = _errors(_audited(text.replace(printed, instead)))
    assert any(box.endswith(f"/{cell}") for boxes in found for box in boxes)


def test_other_components_are_other_rows() -> None:
    judged = _audited(_mended().replace("Harbor Office", "Bureau of Tides"))
    assert "bureau-of-tides" in [row.key for row in judged.form.table("appeals").rows]
    assert not judged.findings
