"""The government website's annual sheet, which is YAML alone, as people hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.definitions import load_library
from auditor.model.check import Severity
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import media_type_of
from tests.support import library

_EXAMPLE = Path(__file__).parents[1] / "docs" / "website-sheet.txt"


def _audited(text: str) -> tuple[list[str], list[str]]:
    """The addresses of the first cells of errors, and of warnings."""
    data = text.encode()
    judged = audit(Document("sheet.txt", data, media_type_of(data)), library())
    assert judged.form.id == "cn-gov-website-annual/2018"
    by = {
        severity: [
            "/".join(str(box).split("/")[1:-1])
            for finding in judged.findings
            if finding.severity is severity
            for box in finding.addresses
        ]
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    return by[Severity.ERROR], by[Severity.WARNING]


def test_the_example_has_one_total_that_its_parts_do_not_add_up_to() -> None:
    errors, warnings = _audited(_EXAMPLE.read_text(encoding="utf-8"))
    assert set(errors) == {
        "published",
        "published_overview",
        "published_news",
        "published_catalogue",
    }
    assert not warnings


@pytest.mark.parametrize(
    ("printed", "instead", "row"),
    [
        ("总数 | 915", "总数 | 951", "handled"),
        ("解读材料数量（单位：条） | 11", "解读材料数量（单位：条） | 1", "interpretation_texts"),
        (
            "可全程在线办理政务服务事项数量（单位：项） | 24",
            "可全程在线办理政务服务事项数量（单位：项） | 42",
            "services_online",
        ),
    ],
)
def test_a_slip_is_found_at_its_row(printed: str, instead: str, row: str) -> None:
    text = _EXAMPLE.read_text(encoding="utf-8").replace("总数 | 742", "总数 | 732")
    assert _audited(text) == ([], [])
    assert row in _audited(text.replace(printed, instead))[0]


def test_more_settled_than_received_is_only_a_warning() -> None:
    text = _EXAMPLE.read_text(encoding="utf-8").replace("总数 | 742", "总数 | 732")
    text = text.replace("收到留言数量（单位：条） | 88", "收到留言数量（单位：条） | 80")
    errors, warnings = _audited(text)
    assert not errors
    assert "messages_settled" in warnings


def test_a_form_of_ones_own_for_the_same_sheet_is_preferred(tmp_path: Path) -> None:
    """Its headers fit as well as those of the form that comes with the package."""
    own = Path(__file__).parents[1] / "rules/cn-gov-website-annual/2018/form.yaml"
    place = tmp_path / "my-website/2018"
    place.mkdir(parents=True)
    text = own.read_text(encoding="utf-8").replace("cn-gov-website-annual/2018", "my-website/2018")
    (place / "form.yaml").write_text(text, encoding="utf-8")
    data = _EXAMPLE.read_bytes()
    judged = audit(Document("sheet.txt", data, media_type_of(data)), load_library(tmp_path))
    assert judged.form.id == "my-website/2018"
