"""What the formats are tried on: the examples, a report with everything in it, one that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from msgspec.structs import replace

from auditor.findings import verdict_of
from auditor.model.check import Place, Severity
from auditor.model.finding import Accepted, Audit, Disposition, DispositionKind, Failure
from auditor.model.form import Address
from auditor.model.report import Entry, Illegible, Match, Missing, Report
from auditor.model.source import Document, Origin
from auditor.pipeline import audit, audit_report, read_report
from auditor.reporters import Item, Judged, Style
from tests.support import EXAMPLES, ROOT, library, reported

FAILURE = Failure("reports/broken & torn.pdf", None, None, "damaged", "the file ends, too early")


def judged(found: Audit) -> Judged:
    """An audit with what it comes to."""
    return Judged(found, verdict_of(found))


@cache
def example(name: str) -> Judged:
    """One of the shipped examples, audited."""
    path = EXAMPLES / f"{name}.txt"
    document = Document(path.relative_to(ROOT).as_posix(), path.read_bytes())
    return judged(audit(document, library()))


@cache
def prose() -> Judged:
    """The clean example with a sentence that contradicts its table."""
    content = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
    wrong = content.replace("新收政府信息公开申请50件", "新收政府信息公开申请51件")
    assert wrong != content
    return judged(audit(Document("sentence.txt", wrong.encode()), library()))


@cache
def paper() -> Judged:
    """The example with mistakes as if it were a PDF with a hostile name: pages, boxes, no lines.

    Some of its cells are lost and illegible, so that not all of it was read.
    """
    content = (EXAMPLES / "three-mistakes.txt").read_bytes()
    form, report = read_report(Document("three-mistakes.txt", content), library())
    entries = {box: _on_page(entry) for box, entry in report.entries.items()}
    for text, value in (
        ("applications/granted/other", Illegible(("1", "11"))),
        ("disclosure/fees/amount", Missing()),
    ):
        box = Address.parse(text)
        raw = None if isinstance(value, Missing) else "1 1"
        entries[box] = Entry(box, raw, value, None, Match.NONE)
    source = replace(report.source, name="=2+2, 100%|年报.pdf", media_type="application/pdf")
    identity = replace(report.identity, agency="@水务局<script>")
    return judged(audit_report(form, Report(source, form.id, identity, entries), library()))


def _on_page(entry: Entry) -> Entry:
    line = entry.origin.line if entry.origin else 1
    return replace(entry, origin=Origin(page=3, bbox=(1.0, float(line or 1), 20.5, 30.0)))


def batch() -> list[Item]:
    """All of them."""
    return [
        *(example(name) for name in ("clean", "damaged-layout", "three-mistakes")),
        prose(),
        paper(),
        FAILURE,
    ]


WAIVER = Accepted(
    kind=DispositionKind.WAIVED,
    place=Place("waivers.yaml", 2),
    rule="",
    address="*",
    reason="<系统> 已报备, 100%",
    by="张三",
    name="*",
    expires=date(2027, 6, 30),
    values={},
)
ANSWER = Accepted(
    kind=DispositionKind.ANSWERED,
    place=Place("waivers.yaml", 9),
    rule="",
    address="*",
    reason="两件|并作一件",
    by="李四",
    name="*",
    given=date(2026, 3, 1),
)
"""Neither says yet which rule it is about."""


@cache
def _settled() -> Judged:
    """A report with a waived error, an answered warning and a known error."""
    content = (EXAMPLES / "three-mistakes.txt").read_bytes()
    form, report = read_report(Document("decided.txt", content), library())
    found = audit_report(form, report, library())
    waived, known, answered, *_ = found.findings
    findings = (
        replace(waived, disposition=_given(WAIVER)),
        replace(known, disposition=Disposition(DispositionKind.KNOWN)),
        replace(
            answered,
            severity=Severity.WARNING,
            declared=answered.severity,
            disposition=_given(ANSWER),
        ),
    )
    return judged(replace(found, findings=findings, compared=True))


def _given(item: Accepted) -> Disposition:
    return Disposition(item.kind, item.place, item.reason, item.by, item.given, item.expires)


def decided() -> list[Item]:
    """A report about all of whose findings something was decided, and one with new ones."""
    return [_settled(), example("three-mistakes")]


def drawn(name: str, items: Sequence[Item], language: str = "en", width: int = 80) -> bytes:
    """The output in that format."""
    return reported(name, items, Style(language=language, width=width))
