"""An audit and an address in; everything that reads the cell, in words, out."""

from __future__ import annotations

from decimal import Decimal

from auditor.findings.build import in_words
from auditor.findings.explain import Equation, printed
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Filled, Linear, ProsePredicate, Severity, Written
from auditor.model.finding import (
    Audit,
    CellReport,
    CheckResult,
    Finding,
    Outcome,
    Reason,
    Status,
    Verdict,
)
from auditor.model.form import Address, Words
from auditor.model.report import Blank, Entry, Match, Number, Ref, Report

_YEAR = Address("text", "", "year")
_UNREAD = (Reason.ILLEGIBLE, Reason.MISSING)


def addresses_of(audit: Audit) -> tuple[Address, ...]:
    """Every cell of the form, the figures that its sentences may state, what else checks read."""
    form = audit.form
    boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
    stated = [Address("text", "", mention.key) for mention in form.wordings.mentions]
    others = (ref.address for outcome in audit.outcomes for ref in outcome.check.refs)
    return tuple(dict.fromkeys((*boxes, *stated, *others)))


def account_of(audit: Audit, address: Address) -> CellReport:
    """What stands in the cell, every check that reads it, and the findings about it.

    `audit` tells all rules: a failing check that is in no finding is one we doubt.
    """
    told = {outcome.check.id for finding in audit.findings for outcome in finding.outcomes}
    checks = tuple(
        CheckResult(
            outcome,
            _said(outcome, address, audit),
            _only_in_condition(outcome, address),
            outcome.status is Status.FAIL and outcome.check.id not in told,
        )
        for outcome in audit.outcomes
        if _reads(outcome, address)
    )
    own = [each.outcome for each in checks]
    about = [
        finding
        for finding in audit.findings
        if address in finding.addresses
        or any(outcome is each for outcome in finding.outcomes for each in own)
    ]
    naming = tuple(finding for finding in about if _names(finding, address))
    touching = tuple(finding for finding in about if finding not in naming)
    return CellReport(audit, address, _entry(audit.report, address), checks, naming, touching)


def verdict_on(account: CellReport) -> Verdict:
    """Findings where a check on the cell fails as an error; not audited where the cell was not
    read, or another one that a check on it needs."""
    checks = [each for each in account.checks if _bears_on(each.outcome, account.address)]
    failing = [each for each in checks if each.outcome.status is Status.FAIL]
    if any(level_of(each.outcome) is Severity.ERROR and not each.doubted for each in failing):
        return Verdict.FINDINGS
    read = account.entry is not None and isinstance(account.entry.value, Number | Blank)
    open_ = any(
        each.outcome.status is Status.UNDETERMINED and each.outcome.reason in _UNREAD
        for each in checks
    )
    if not read or open_ or any(each.doubted for each in failing):
        return Verdict.NOT_AUDITED
    return Verdict.CLEAN


def _bears_on(outcome: Outcome, address: Address) -> bool:
    """Whether what the check found is about the cell: that others are blank or unread is not."""
    if not isinstance(outcome.check.predicate, Filled) or outcome.status is not Status.FAIL:
        return not isinstance(outcome.check.predicate, Filled)
    return any(each.ref == Ref(address) for each in outcome.operands)


def level_of(outcome: Outcome) -> Severity:
    """How bad a failure is: as the rule says, unless the claim itself says otherwise."""
    own = outcome.prose_result.severity if outcome.prose_result else None
    return own or outcome.check.rule.severity


def _entry(report: Report, address: Address) -> Entry | None:
    if address == _YEAR and report.identity.year is not None:
        year = Decimal(report.identity.year)
        return Entry(address, str(year), Number(year), None, Match.EXACT)
    return report.entries.get(address) or report.stated.get(address)


def _reads(outcome: Outcome, address: Address) -> bool:
    if not isinstance(outcome.check.predicate, ProsePredicate):
        return Ref(address) in outcome.check.refs
    prose_result = outcome.prose_result
    if prose_result is None:
        return False
    if address.table == "text" and prose_result.subject == address.column:
        return True
    return prose_result.primary == address or any(
        each.ref == Ref(address) for each in outcome.operands
    )


def _only_in_condition(outcome: Outcome, address: Address) -> bool:
    return Ref(address) in outcome.check.refs and Ref(address) not in outcome.check.figures


def _names(finding: Finding, address: Address) -> bool:
    edits = (edit for offer in finding.suggestions for edit in offer.edits)
    return finding.primary == address or any(edit.address == address for edit in edits)


def _said(outcome: Outcome, address: Address, audit: Audit) -> Words:
    if outcome.prose_result is not None:
        return in_words(outcome.prose_result)
    return {language: _figures(outcome, address, audit, language) for language in LANGUAGES}


def _figures(outcome: Outcome, address: Address, audit: Audit, language: str) -> str:
    """The check with its figures; nothing where there are none to tell."""
    match outcome.check.predicate:
        case Linear() if outcome.operands:
            equation = Equation(outcome, audit.form, language, keep=Ref(address))
            if outcome.status is Status.FAIL:
                return equation.claim()
            return equation.as_it_stands(outcome.status is Status.PASS)
        case Written(ref=ref) if outcome.status is not Status.NOT_APPLICABLE:
            entry = audit.report.entries.get(ref.address)
            value = printed(audit.report, ref.address) or phrase("blank", language)
            raw = (entry.raw if entry else None) or ""
            return phrase("figure-reads", language, raw=raw, value=value)
        case Filled(wanted=True) if outcome.status is Status.FAIL:
            blank = any(each.ref == Ref(address) for each in outcome.operands)
            code = "cell-is-blank" if blank else "others-are-blank"
            return phrase(code, language, count=len(outcome.operands))
        case _:
            return ""
