"""What was decided about findings before, in words and as data: the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.messages import phrase
from auditor.model.disposition import Disposition
from auditor.model.finding import Finding, Verdict
from auditor.reporters import Judged


def decided(finding: Finding, language: str) -> Iterator[str]:
    """A line for its disposition with reason, name and day, and one for a severity changed."""
    if finding.disposition is not None:
        yield disposed(finding.disposition, language)
    if finding.declared is not None:
        severity = phrase(f"severity-{finding.declared.value}", language)
        yield phrase("declared-is", language, severity=severity)


def disposed(settled: Disposition, language: str) -> str:
    """A disposition with reason, name and day."""
    return phrase(
        f"{settled.kind.value}-is",
        language,
        reason=settled.reason,
        by=settled.by,
        given=settled.given,
        expires=settled.expires,
        place=settled.place,
    )


def tagged(finding: Finding, language: str) -> str:
    """The severity, and beside it what was decided, each in a word."""
    said = phrase(f"severity-{finding.severity.value}", language)
    if finding.disposition is not None:
        said += " · " + phrase(f"disposition-{finding.disposition.kind.value}", language)
    return said


def recorded(settled: Disposition) -> dict[str, str]:
    """A disposition as data; what it does not have is left out."""
    fields = {
        "kind": settled.kind.value,
        "reason": settled.reason,
        "by": settled.by,
        "date": settled.given,
        "expires": settled.expires,
        "place": settled.place,
    }
    return {key: str(value) for key, value in fields.items() if value is not None}


def came_to(item: Judged) -> str:
    """The verdict; in place of `clean`, `settled` or `below` where there are findings."""
    if item.verdict is Verdict.CLEAN and item.audit.findings:
        return "settled" if any(item.audit.dispositions.values()) else "below"
    return item.verdict.value
