"""Real reports, where there are any: no cell may be read wrong, whatever else goes missing.

They are other people's texts and no part of this project. `AUDIT_REAL_REPORTS` names a folder of
`NAME.txt` or `NAME.html` with `NAME.truth.json` beside each; without it, `../shared/reports` is
tried.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from auditor.model.form import Address
from auditor.model.report import Number
from auditor.model.source import Document
from auditor.pipeline import read_report
from tests.support import ROOT, library

FOLDER = Path(os.environ.get("AUDIT_REAL_REPORTS") or ROOT.parent / "shared" / "reports")
REPORTS = [
    path
    for pattern in ("*.txt", "*.html", "*.pdf")
    for path in sorted(FOLDER.glob(pattern))
    if path.with_suffix(".truth.json").exists()
]


def _same(read: Decimal | None, accepted: str | None) -> bool:
    if read is None or accepted is None:
        return read is None and accepted is None
    try:
        return read == Decimal(accepted)
    except InvalidOperation:
        return False


@pytest.mark.skipif(not REPORTS, reason="no real reports here; AUDIT_REAL_REPORTS names a folder")
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_no_cell_of_a_real_report_is_read_wrong(path: Path) -> None:
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    form, report = read_report(Document(path.name, path.read_bytes()), library())
    assert form.id == truth["form"]
    assert report.identity.year == truth["identity"]["year"]
    wrong = []
    for written, accepted in truth["cells"].items():
        entry = report.entries.get(Address.parse(written))
        read = entry.value.value if entry and isinstance(entry.value, Number) else None
        if read is not None and not any(_same(read, each) for each in accepted):
            wrong.append(f"{written}: read {read}, is {' or '.join(map(str, accepted))}")
    assert wrong == []
