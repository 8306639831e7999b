"""Failures and what explains them in; findings in words out, the worst first; and findings revised.

An audit may be had with other severities, or with the edits that are sure enough: those of a
finding are tried where they are the only smallest set that explains it. Nothing is written
anywhere: a corrected report is a value to be judged again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from auditor.findings.explain import (
    caution,
    claim,
    in_words,
    only_if_filled,
    pointing,
    printed,
    spelled_out,
    written_message,
)
from auditor.messages import LANGUAGES, FormTranslator
from auditor.model.check import Filled, Linear, Ratio, Severity, Written
from auditor.model.finding import (
    Audit,
    Certainty,
    Diagnosis,
    Edit,
    Explanation,
    Finding,
    Outcome,
    Repair,
)
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Entry, Number, Ref, Report, step_of

_FEWEST_LEFT_EMPTY = 3
"""Empty boxes of one row or column from which on leaving them empty is no slip."""
_UNIT = "unit-mixed"


def build_findings(
    report: Report,
    form: Form,
    failing: Sequence[Outcome],
    diagnosis: Diagnosis,
    selected_rules: Collection[str] | None,
) -> tuple[Finding, ...]:
    """Every failure in exactly one finding; `selected_rules` limits explanations to those ids."""
    return _Builder(report, form).build(failing, diagnosis, selected_rules)


class _Builder:
    """Makes the findings of one report."""

    def __init__(self, report: Report, form: Form) -> None:
        self.report = report
        self.tables = {table.key: table for table in form.tables}
        boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
        self._position = {box: index for index, box in enumerate(boxes)}
        self._translators = [FormTranslator(form, language) for language in LANGUAGES]

    def build(
        self,
        failing: Sequence[Outcome],
        diagnosis: Diagnosis,
        selected_rules: Collection[str] | None,
    ) -> tuple[Finding, ...]:
        findings, explained = [], set()
        for cause in diagnosis.explanations:
            own = tuple(
                outcome
                for outcome in cause.outcomes
                if selected_rules is None or outcome.check.rule.id in selected_rules
            )
            if own:
                whole = _with_writing(replace(cause, outcomes=own), failing)
                explained |= {outcome.check.id for outcome in whole.outcomes}
                findings.append(self._of_sums(whole))
        findings += self._of_blanks(failing)
        for outcome in failing:
            written = outcome.check.predicate
            if isinstance(written, Written) and outcome.check.id not in explained:
                findings.append(self._of_writing(outcome, written))
        findings += self._of_prose(failing)
        return tuple(sorted(findings, key=self._order))

    def _order(self, finding: Finding) -> tuple[int, int, str, str]:
        cells = (finding.primary,) if finding.primary else finding.addresses
        place = min(map(self._place, cells), default=len(self._position))
        return finding.severity.rank, place, finding.rule_id, finding.fingerprint

    def _place(self, address: Address) -> int:
        return self._position.get(address, len(self._position))

    def _of_sums(self, cause: Explanation) -> Finding:
        """Failing sums with one cause."""
        first, report = cause.outcomes[0], self.report
        primary = cause.primary
        edits = cause.suggestions[0].edits if primary and cause.suggestions else ()
        edit = next((each for each in edits if each.address == primary), None)
        if edit is not None:
            expected, actual = edit.after, printed(report, edit.address)
        else:
            primary = first.check.subject.address if first.check.subject else None
            equation = spelled_out(first, self._translators[0])
            expected, actual = equation.right_total, equation.left_total

        def message(say: FormTranslator) -> str:
            filled = only_if_filled(cause.outcomes, report, say)
            if edit is not None:
                return pointing(report, cause, edit, say) + filled
            claims = say.semicolons(claim(outcome, say) for outcome in cause.outcomes)
            return caution(report, cause, say) + claims + filled

        return self._finding(cause, message, primary, expected, actual)

    def _of_blanks(self, failing: Sequence[Outcome]) -> Iterator[Finding]:
        """One finding for each rule and table, or for several rules that tell of the same boxes:
        how many are blank, and which."""
        groups: dict[tuple[str, str, bool], list[Outcome]] = {}
        for outcome in failing:
            filled, rule = outcome.check.predicate, outcome.check.rule
            if isinstance(filled, Filled):
                operands = outcome.operands
                table = operands[0].ref.address.table if operands else rule.table
                groups.setdefault((rule.id, table, filled.wanted), []).append(outcome)
        joined: dict[tuple[str, bool, tuple[Address, ...]], list[Outcome]] = {}
        for (_, table, wanted), members in groups.items():
            cells = (operand.ref.address for outcome in members for operand in outcome.operands)
            boxes = tuple(sorted(dict.fromkeys(cells), key=self._place))
            joined.setdefault((table, wanted, boxes), []).extend(members)
        for (table, wanted, boxes), outcomes in joined.items():
            outcomes.sort(key=lambda outcome: outcome.check.rule.severity.rank)
            message = self._listing("blanks-listed" if wanted else "unwanted", table, boxes)
            primary = boxes[0] if len(boxes) == 1 else None
            yield self._finding(Explanation(tuple(outcomes)), message, primary, also=boxes)

    def _listing(
        self, code: str, table: str, boxes: Sequence[Address]
    ) -> Callable[[FormTranslator], str]:
        def message(say: FormTranslator) -> str:
            listed = say.cells_of_table(self.report, boxes)
            named = self.tables.get(table)
            title = say.title(named) if named else say("text-figure")
            return say(code, table=title, count=len(boxes), list=listed)

        return message

    def _of_writing(self, outcome: Outcome, written: Written) -> Finding:
        """A figure that is written wrongly."""

        def message(say: FormTranslator) -> str:
            return written_message(outcome, written, self.report, say)

        cell = written.ref.address
        return self._finding(
            Explanation((outcome,)), message, cell, actual=printed(self.report, cell)
        )

    def _finding(
        self,
        cause: Explanation,
        message: Callable[[FormTranslator], str],
        primary: Address | None,
        expected: str | None = None,
        actual: str | None = None,
        also: Sequence[Address] = (),
    ) -> Finding:
        first, report = cause.outcomes[0], self.report
        cells = (ref.address for outcome in cause.outcomes for ref in _refs(outcome))
        addresses = tuple(sorted(dict.fromkeys((*also, *cells)), key=self._place))
        entries = [report.entries[cell] for cell in addresses if cell in report.entries]
        is_unsure = any(entry.match.is_unsure or entry.recognised for entry in entries)
        at = report.entries.get(primary) if primary else None
        origins = [at.origin] if at else [entry.origin for entry in entries if entry.origin]
        names = [f"{ref.address}@{ref.lag}" for ref in _refs(first)]
        return Finding(
            rule_id=first.check.rule.id,
            severity=_severity(report, cause),
            certainty=Certainty.LIKELY if is_unsure else Certainty.CERTAIN,
            message={say.language: message(say) for say in self._translators},
            outcomes=cause.outcomes,
            addresses=addresses,
            primary=primary,
            expected=expected,
            actual=actual,
            origin=next(iter(origins), None),
            suggestions=cause.suggestions,
            fingerprint=fingerprint(report, first.check.rule.id, names),
            min_cells=cause.min_cells,
            has_more=cause.has_more,
        )

    def _of_prose(self, failing: Iterable[Outcome]) -> Iterator[Finding]:
        """A finding for every failure of a check on sentences; what is said more than once is told
        once, with every quote.

        Where a unit was mixed up, that is told, and not also that the amounts differ.
        """
        # Those about units first: they lead the findings that they explain.
        results = sorted(
            ((each, each.prose_result) for each in failing if each.prose_result is not None),
            key=lambda one: one[1].code != _UNIT,
        )
        groups: dict[tuple[str, str, str | None], list[Outcome]] = {}
        units: list[tuple[tuple[str, str, str | None], Outcome]] = []
        for outcome, found in results:
            own = (outcome.check.rule.id, found.subject, found.actual)
            if found.code == _UNIT:
                units.append((own, outcome))
            else:
                own = next((key for key, unit in units if _explains(unit, outcome)), own)
            groups.setdefault(own, []).append(outcome)
        seen: dict[tuple[str, str], int] = {}
        for (rule, subject, _), outcomes in groups.items():
            seen[rule, subject] = seen.get((rule, subject), 0) + 1
            yield self._of_claim(outcomes, seen[rule, subject])

    def _of_claim(self, outcomes: Sequence[Outcome], number: int) -> Finding:
        """The finding about one claim; `number` tells it from others of the same subject."""
        report, first = self.report, outcomes[0]
        rule, found = first.check.rule, first.prose_result
        assert found is not None
        cells = tuple(dict.fromkeys(each.ref.address for one in outcomes for each in one.operands))
        is_unsure = any(report.entries[c].match.is_unsure for c in cells if c in report.entries)
        names = [found.subject, *map(str, cells), *([f"#{number}"] if number > 1 else [])]
        own = [one.prose_result for one in outcomes if one.check.rule is rule]
        quotes = tuple(quote for each in own if each for quote in each.quotes)
        return Finding(
            rule_id=rule.id,
            severity=first.severity,
            certainty=Certainty.LIKELY if is_unsure else Certainty.CERTAIN,
            message=in_words(found),
            outcomes=tuple(outcomes),
            addresses=cells,
            primary=found.primary,
            expected=found.expected,
            actual=found.actual,
            origin=quotes[0].origin if quotes else None,
            suggestions=(),
            fingerprint=fingerprint(report, rule.id, names),
            quotes=quotes,
        )


def _with_writing(cause: Explanation, failing: Sequence[Outcome]) -> Explanation:
    """The same with what is wrong about the writing of the very figure that it corrects."""
    if len(cause.suggestions) != 1:
        return cause
    (offer,) = cause.suggestions
    cells = {edit.address for edit in offer.edits}
    also = tuple(
        outcome
        for outcome in failing
        if isinstance(outcome.check.predicate, Written)
        and outcome.check.predicate.ref.address in cells
        and outcome.check.id in offer.settles
    )
    return replace(cause, outcomes=(*cause.outcomes, *also))


def _severity(report: Report, cause: Explanation) -> Severity:
    """The worst of what is explained. Where a whole line of boxes was left empty, such as the
    totals of all results, that is how this copy is kept, and no more than a warning."""
    worst = min((each.check.rule.severity for each in cause.outcomes), key=lambda each: each.rank)
    filled = [edit.address for edit in cause.suggestions[0].edits] if cause.suggestions else []
    in_one_line = len({box.column for box in filled}) == 1 or len({box.row for box in filled}) == 1
    is_habit = (
        len(filled) >= _FEWEST_LEFT_EMPTY
        and in_one_line
        and all(isinstance(report.entries[box].value, Blank) for box in filled)
    )
    return Severity.WARNING if is_habit and worst is Severity.ERROR else worst


def _refs(outcome: Outcome) -> tuple[Ref, ...]:
    """The figures that a check reads: of a sum those that this copy of the form has."""
    operands = tuple(operand.ref for operand in outcome.operands)
    is_sum = isinstance(outcome.check.predicate, Linear | Ratio)
    return operands if is_sum and operands else outcome.check.figures


def _explains(unit: Outcome, other: Outcome) -> bool:
    """Whether a mixed-up unit is why another check fails: the same figure, the same cell."""
    if unit.prose_result is None or other.prose_result is None:
        return False
    cells = {operand.ref for operand in unit.operands}
    return cells == {operand.ref for operand in other.operands} and any(
        one.text == two.text and any(a < d and c < b for a, b in one.marks for c, d in two.marks)
        for one in unit.prose_result.quotes
        for two in other.prose_result.quotes
    )


def fingerprint(report: Report, rule_id: str, names: Iterable[str]) -> str:
    """The same for the same breach in a corrected or re-read copy: no values, no wording.

    Nor does it matter how wide or how spaced the agency's name is printed.
    """
    identity = report.identity
    parts = [report.form_id, identity.issuer, str(identity.year or ""), rule_id]
    return hashlib.sha256("\n".join([*parts, *sorted(names)]).encode()).hexdigest()[:16]


def regrade(audit: Audit, severities: Mapping[str, Severity]) -> Audit:
    """The audit with findings graded anew, worst first; `severities` are by rule.

    What a finding explains decides, as ever: it has the worst severity of its failures. Outcomes,
    counts and what was read stay as they are.
    """
    findings = [_regraded(finding, severities) for finding in audit.findings]
    findings.sort(key=lambda finding: finding.severity.rank)
    return replace(audit, findings=tuple(findings))


def _regraded(finding: Finding, severities: Mapping[str, Severity]) -> Finding:
    if not any(outcome.check.rule.id in severities for outcome in finding.outcomes):
        return finding
    wanted = (_graded(each, severities) for each in finding.outcomes)
    severity = min(wanted, key=lambda each: each.rank)
    if severity is finding.severity:
        return finding
    return replace(finding, severity=severity, declared=finding.severity)


def _graded(outcome: Outcome, severities: Mapping[str, Severity]) -> Severity:
    """A failure that its own check tells as milder than the rule is stays as mild."""
    rule = outcome.check.rule
    wanted = severities.get(rule.id, outcome.severity)
    is_milder = outcome.severity.rank > rule.severity.rank
    return max(wanted, outcome.severity, key=lambda each: each.rank) if is_milder else wanted


def repairs_of(audit: Audit) -> tuple[Repair, ...]:
    """What would be tried, worst first; of two that would change one cell, the first."""
    found: list[Repair] = []
    taken: set[Address] = set()
    for finding in audit.findings:
        if len(finding.suggestions) != 1 or finding.has_more:
            continue
        (offer,) = finding.suggestions
        cells = {edit.address for edit in offer.edits}
        if taken.isdisjoint(cells):
            taken |= cells
            found.append(Repair(finding, offer))
    return tuple(found)


def choices_of(audit: Audit, repairs: Iterable[Repair]) -> tuple[Finding, ...]:
    """The findings for which there are suggestions, and which are not among the repairs."""
    repaired = [repair.finding for repair in repairs]
    return tuple(
        each
        for each in audit.findings
        if each.suggestions and not any(each is other for other in repaired)
    )


def corrected(report: Report, repairs: Iterable[Repair]) -> Report:
    """The report as it would read after the edits."""
    edits = (edit for repair in repairs for edit in repair.suggestion.edits)
    changed = {edit.address: _edited(report.entries[edit.address], edit) for edit in edits}
    return replace(report, entries={**report.entries, **changed})


def _edited(entry: Entry, edit: Edit) -> Entry:
    after = Decimal(edit.after)
    return replace(entry, raw=edit.after, value=Number(after, step_of(after)))
