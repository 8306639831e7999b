"""An audit and an address in; everything that reads the cell, in words, out."""

from __future__ import annotations

from decimal import Decimal

from auditor.findings.explain import Equation, in_words, printed
from auditor.messages import LANGUAGES
from auditor.messages.form import FormTranslator
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


def report_of_cell(audit: Audit, address: Address) -> CellReport:
    """What stands in the cell, every check that reads it, and the findings about it.

    `audit` tells all rules: a failing check that is in no finding is one we doubt.
    """
    explained = {outcome.check.id for finding in audit.findings for outcome in finding.outcomes}
    own = [outcome for outcome in audit.outcomes if _reads(outcome, address)]
    checks = tuple(
        CheckResult(
            outcome,
            _message(outcome, address, audit),
            Ref(address) in outcome.check.refs and Ref(address) not in outcome.check.figures,
            outcome.status is Status.FAIL and outcome.check.id not in explained,
        )
        for outcome in own
    )
    about = [
        finding
        for finding in audit.findings
        if address in finding.addresses
        or any(outcome is each for outcome in finding.outcomes for each in own)
    ]
    naming = tuple(finding for finding in about if _names(finding, address))
    touching = tuple(finding for finding in about if finding not in naming)
    return CellReport(audit, address, _entry(audit.report, address), checks, naming, touching)


def verdict_on(cell: CellReport) -> Verdict:
    """Findings where a check on the cell fails as an error; not audited where the cell was not
    read, or another one that a check on it needs."""
    checks = [each for each in cell.checks if _bears_on(each.outcome, cell.address)]
    failing = [each for each in checks if each.outcome.status is Status.FAIL]
    if any(each.outcome.severity is Severity.ERROR and not each.doubted for each in failing):
        return Verdict.FINDINGS
    is_read = cell.entry is not None and isinstance(cell.entry.value, Number | Blank)
    is_open = any(
        each.outcome.status is Status.UNDETERMINED and each.outcome.reason in _UNREAD
        for each in checks
    )
    if not is_read or is_open or any(each.doubted for each in failing):
        return Verdict.NOT_AUDITED
    return Verdict.CLEAN


def _bears_on(outcome: Outcome, address: Address) -> bool:
    """Whether what the check found is about the cell: that others are blank or unread is not."""
    if not isinstance(outcome.check.predicate, Filled):
        return True
    is_operand = any(each.ref == Ref(address) for each in outcome.operands)
    return outcome.status is Status.FAIL and is_operand


def _entry(report: Report, address: Address) -> Entry | None:
    if address == _YEAR and report.identity.year is not None:
        year = Decimal(report.identity.year)
        return Entry(address, str(year), Number(year), None, Match.EXACT)
    return report.entries.get(address) or report.stated.get(address)


def _reads(outcome: Outcome, address: Address) -> bool:
    if not isinstance(outcome.check.predicate, ProsePredicate):
        return Ref(address) in outcome.check.refs
    found = outcome.prose_result
    if found is None:
        return False
    is_subject = address.table == "text" and found.subject == address.column
    is_operand = any(each.ref == Ref(address) for each in outcome.operands)
    return is_subject or found.primary == address or is_operand


def _names(finding: Finding, address: Address) -> bool:
    edits = (edit for offer in finding.suggestions for edit in offer.edits)
    return finding.primary == address or any(edit.address == address for edit in edits)


def _message(outcome: Outcome, address: Address, audit: Audit) -> Words:
    if outcome.prose_result is not None:
        return in_words(outcome.prose_result)
    translators = (FormTranslator(audit.form, language) for language in LANGUAGES)
    return {say.language: _figures(outcome, address, audit.report, say) for say in translators}


def _figures(outcome: Outcome, address: Address, report: Report, say: FormTranslator) -> str:
    """The check with its figures; nothing where there are none to tell."""
    match outcome.check.predicate:
        case Linear() if outcome.operands:
            equation = Equation(outcome, say, spelled=Ref(address))
            if outcome.status is Status.FAIL:
                return equation.claim()
            return equation.as_it_stands(outcome.status is Status.PASS)
        case Written(ref=ref) if outcome.status is not Status.NOT_APPLICABLE:
            entry = report.entries.get(ref.address)
            value = printed(report, ref.address) or say("blank")
            return say("figure-reads", raw=(entry.raw if entry else None) or "", value=value)
        case Filled(wanted=True) if outcome.status is Status.FAIL:
            is_blank = any(each.ref == Ref(address) for each in outcome.operands)
            code = "cell-is-blank" if is_blank else "others-are-blank"
            return say(code, count=len(outcome.operands))
        case _:
            return ""
