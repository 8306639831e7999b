"""What was decided about a finding before, in words: the same in every format for people."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.finding import Finding
from auditor.wording import phrase


def decided(finding: Finding, language: str) -> Iterator[str]:
    """A line for its disposition with reason, name and day, and one for a severity changed."""
    settled = finding.disposition
    if settled is not None:
        yield phrase(
            f"{settled.kind.value}-is",
            language,
            reason=settled.reason,
            by=settled.by,
            given=settled.given,
            expires=settled.expires,
            place=settled.place,
        )
    if finding.declared is not None:
        severity = phrase(f"severity-{finding.declared.value}", language)
        yield phrase("declared-is", language, severity=severity)
