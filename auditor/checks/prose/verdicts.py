"""How the aspects of a report's formalities are told: outcomes without arithmetic."""

from __future__ import annotations

from auditor.model.address import Words
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.prose import Printed, Quote


def passed(check: Check) -> Outcome:
    """It was looked at and is in order."""
    return Outcome(check, Status.PASS)


def unclear(check: Check, reason: Reason = Reason.MISSING) -> Outcome:
    """It could not be looked at: what it is about was not found in the text."""
    return Outcome(check, Status.UNDETERMINED, reason=reason)


def unsaid(check: Check) -> Outcome:
    """The text says nothing of the kind, and need not."""
    return Outcome(check, Status.NOT_APPLICABLE, reason=Reason.UNSAID)


def failed(
    check: Check,
    code: str,
    *quotes: Quote,
    severity: Severity | None = None,
    subject: str = "",
    expected: str | None = None,
    actual: str | None = None,
    **details: str | Words,
) -> Outcome:
    """It is not in order; `code` and `details` say how."""
    prose_result = ProseResult(
        code,
        tuple(details.items()),
        quotes,
        severity=severity,
        subject=subject or code,
        expected=expected,
        actual=actual,
    )
    return Outcome(check, Status.FAIL, prose_result=prose_result)


def quoted(printed: Printed) -> Quote:
    """A piece of text as evidence, all of it marked."""
    return Quote(printed.text, ((0, len(printed.text)),), printed.origin)
