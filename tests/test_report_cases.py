"""Reports as extractors give them, where there are any: no cell is read wrong, nobody accused.

They are no part of this project. `AUDIT_REPORT_CASES` names a folder of folders (`text`, `real`) in
which `NAME.truth.json` says what a report holds; without it, `../shared/cases` is tried.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.form import Address
from auditor.model.report import Number
from auditor.model.source import Document
from auditor.pipeline import audit
from tests.support import ROOT, library

FOLDER = Path(os.environ.get("AUDIT_REPORT_CASES") or ROOT.parent / "shared" / "cases")
TRUTHS = [
    path for name in ("text", "real") for path in sorted((FOLDER / name).glob("*.truth.json"))
]


def _is_accepted(read: Decimal, accepted: list[str | None]) -> bool:
    return any(each is not None and Decimal(each) == read for each in accepted)


@pytest.mark.skipif(
    not TRUTHS, reason=f"no reports with truth in {FOLDER}; AUDIT_REPORT_CASES names a folder"
)
@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.removesuffix(".truth.json"))
def test_no_cell_of_a_damaged_report_is_read_wrong_and_no_clean_one_accused(path: Path) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    name = truth.get("report") or path.name.removesuffix(".truth.json") + ".txt"
    judged = audit(Document(name, (path.parent / name).read_bytes()), library())
    wrong = []
    for written, accepted in truth["cells"].items():
        entry = judged.report.entries.get(Address.parse(written))
        value = entry.value if entry else None
        if accepted is None or not isinstance(value, Number):
            continue
        if not _is_accepted(value.value, accepted):
            wrong.append(f"{written}: read {value.value}, is {' or '.join(map(str, accepted))}")
    assert wrong == []
    errors = [each.message["en"] for each in judged.findings if each.severity is Severity.ERROR]
    assert not (truth.get("clean") and errors), errors
