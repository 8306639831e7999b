"""The way from a text report to a finding is the one that docs/architecture.md tells."""

from __future__ import annotations

import re
import sys
from types import FrameType

from auditor.findings import verdict_of
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.reporters import Judged, Style
from auditor.reporters.terminal import TerminalReporter
from tests.support import EXAMPLES, ROOT, library

PACKAGE = ROOT / "auditor"
MOST = 12


def steps() -> list[str]:
    """The files that the page names, a step each."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    _, _, told = page.partition("## From a text report to a finding\n")
    return re.findall(r"^\d+\. `([\w/]+\.py)`", told.partition("\n## ")[0], re.MULTILINE)


def test_the_way_has_few_steps_each_a_file() -> None:
    assert 0 < len(steps()) <= MOST
    assert [name for name in steps() if not (PACKAGE / name).is_file()] == []


def test_a_report_takes_the_steps_in_the_order_told() -> None:
    content = (EXAMPLES / "three-mistakes.txt").read_bytes()
    rules = library()
    visited: dict[str, None] = {}

    def visit(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(str(PACKAGE)):
            visited.setdefault(name.removeprefix(f"{PACKAGE}/"))

    before = sys.getprofile()
    sys.setprofile(visit)
    try:
        found = audit(Document("report.txt", content), rules)
        written: list[str | bytes] = []
        TerminalReporter(Style(), written.append).report(Judged(found, verdict_of(found)))
    finally:
        sys.setprofile(before)
    assert "disputes-row-total" in "".join(map(str, written))
    first, *composed = steps()
    assert first.startswith("cli/")
    assert [name for name in visited if name in composed] == composed
