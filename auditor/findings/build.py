"""Failures and what explains them in; findings in words out, the worst first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from auditor.findings.conclude import rank
from auditor.findings.explain import (
    Equation,
    caution,
    claim,
    list_cells,
    only_if_filled,
    pointing,
    printed,
    written_message,
)
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Filled, Linear, ProsePredicate, Severity, Written
from auditor.model.finding import (
    Certainty,
    Diagnosis,
    Explanation,
    Finding,
    Outcome,
    ProseResult,
)
from auditor.model.form import Address, Form, Words
from auditor.model.report import Blank, Match, Ref, Report

_FEWEST_LEFT_EMPTY = 3
"""Empty boxes of one row or column from which on leaving them empty is no slip."""
_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}
_UNIT = "unit-mixed"


def build_findings(
    report: Report,
    form: Form,
    failing: Sequence[Outcome],
    diagnosis: Diagnosis,
    selected_rules: Collection[str] | None,
) -> tuple[Finding, ...]:
    """Every failure in exactly one finding; `selected_rules` limits stories to those rule ids."""
    return _Builder(report, form).build(failing, diagnosis, selected_rules)


class _Builder:
    """Makes the findings of one report."""

    def __init__(self, report: Report, form: Form) -> None:
        self.report = report
        self.form = form
        boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
        self._position = {box: index for index, box in enumerate(boxes)}

    def build(
        self,
        failing: Sequence[Outcome],
        diagnosis: Diagnosis,
        selected_rules: Collection[str] | None,
    ) -> tuple[Finding, ...]:
        stories = []
        for story in diagnosis.explanations:
            own = tuple(
                outcome
                for outcome in story.outcomes
                if selected_rules is None or outcome.check.rule.id in selected_rules
            )
            if own:
                stories.append(_with_writing(replace(story, outcomes=own), failing))
        joined = {outcome.check.id for story in stories for outcome in story.outcomes}
        findings = [self._of_sums(story) for story in stories]
        findings += self._of_blanks(failing)
        findings += [
            self._of_writing(outcome, outcome.check.predicate.ref.address)
            for outcome in failing
            if isinstance(outcome.check.predicate, Written) and outcome.check.id not in joined
        ]
        findings += self._of_prose(failing)
        return tuple(sorted(findings, key=self._order))

    def _order(self, finding: Finding) -> tuple[int, int, str, str]:
        cells = (finding.primary,) if finding.primary else finding.addresses
        place = min(map(self._place, cells), default=len(self._position))
        return rank(finding.severity), place, finding.rule_id, finding.fingerprint

    def _place(self, address: Address) -> int:
        return self._position.get(address, len(self._position))

    def _of_sums(self, story: Explanation) -> Finding:
        """Failing sums with one cause."""
        first, report, form = story.outcomes[0], self.report, self.form
        assert isinstance(first.check.predicate, Linear)
        primary = story.primary
        edits = story.suggestions[0].edits if primary and story.suggestions else ()
        edit = next((each for each in edits if each.address == primary), None)
        if edit is not None:
            expected, actual = edit.after, printed(report, edit.address)
        else:
            primary = first.check.subject.address if first.check.subject else None
            equation = Equation(first, form, LANGUAGES[0])
            expected, actual = equation.right_total, equation.left_total

        def said(language: str) -> str:
            filled = only_if_filled(story.outcomes, report, form, language)
            if edit is not None:
                return pointing(report, form, story, edit, language) + filled
            claims = (claim(outcome, form, language) for outcome in story.outcomes)
            listed = phrase("list-semicolon", language).join(claims)
            return caution(report, story, language) + listed + filled

        return self._finding(story, said, primary, expected, actual)

    def _of_blanks(self, failing: Sequence[Outcome]) -> Iterator[Finding]:
        """One finding for each rule and table, or for several rules that tell of the same boxes:
        how many are blank, and which."""
        groups: dict[tuple[str, str, bool], list[tuple[Outcome, list[Address]]]] = {}
        for outcome in failing:
            filled = outcome.check.predicate
            if isinstance(filled, Filled):
                cells = [operand.ref.address for operand in outcome.operands]
                table = cells[0].table if cells else outcome.check.rule.table
                key = (outcome.check.rule.id, table, filled.wanted)
                groups.setdefault(key, []).append((outcome, cells))
        joined: dict[tuple[str, bool, tuple[Address, ...]], list[Outcome]] = {}
        for (_, table, wanted), members in groups.items():
            named = dict.fromkeys(cell for _, own in members for cell in own)
            boxes = tuple(sorted(named, key=self._place))
            joined.setdefault((table, wanted, boxes), []).extend(outcome for outcome, _ in members)
        for (table, wanted, boxes), outcomes in joined.items():
            outcomes.sort(key=lambda outcome: rank(outcome.check.rule.severity))
            said = self._listing("blanks-listed" if wanted else "unwanted", table, boxes)
            primary = boxes[0] if len(boxes) == 1 else None
            yield self._finding(Explanation(tuple(outcomes)), said, primary, also=boxes)

    def _listing(self, code: str, table: str, boxes: Sequence[Address]) -> Callable[[str], str]:
        def said(language: str) -> str:
            titles = {each.key: each.title.get(language, table) for each in self.form.tables}
            title = titles.get(table) or phrase("text-figure", language)
            listed = list_cells(self.report, self.form, boxes, language)
            return phrase(code, language, table=title, count=len(boxes), list=listed)

        return said

    def _of_writing(self, outcome: Outcome, cell: Address) -> Finding:
        """A figure that is written wrongly."""

        def said(language: str) -> str:
            return written_message(outcome, self.report, self.form, language)

        return self._finding(Explanation((outcome,)), said, cell, actual=printed(self.report, cell))

    def _finding(
        self,
        story: Explanation,
        said: Callable[[str], str],
        primary: Address | None,
        expected: str | None = None,
        actual: str | None = None,
        also: Sequence[Address] = (),
    ) -> Finding:
        first, report = story.outcomes[0], self.report
        cells = dict.fromkeys(also)
        for outcome in story.outcomes:
            cells |= dict.fromkeys(ref.address for ref in _refs(outcome))
        addresses = tuple(sorted(cells, key=self._place))
        entries = [report.entries[cell] for cell in addresses if cell in report.entries]
        unsure = any(entry.match in _UNSURE or entry.recognised for entry in entries)
        at = report.entries.get(primary) if primary else None
        names = [f"{ref.address}@{ref.lag}" for ref in _refs(first)]
        return Finding(
            rule_id=first.check.rule.id,
            severity=_severity(report, story),
            certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
            message={language: said(language) for language in LANGUAGES},
            outcomes=story.outcomes,
            addresses=addresses,
            primary=primary,
            expected=expected,
            actual=actual,
            origin=at.origin
            if at
            else next((entry.origin for entry in entries if entry.origin), None),
            suggestions=story.suggestions,
            fingerprint=fingerprint(report, first.check.rule.id, names),
            min_cells=story.min_cells,
            has_more=story.has_more,
        )

    def _of_prose(self, failing: Iterable[Outcome]) -> Iterator[Finding]:
        """A finding for every failure of a check on sentences; what is said more than once is told
        once, with every quote.

        Where a unit was mixed up, that is told, and not also that the amounts differ.
        """
        # Those about units first: they lead the findings that they explain.
        told = sorted(
            ((each, each.prose_result) for each in failing if each.prose_result is not None),
            key=lambda one: one[1].code != _UNIT,
        )
        groups: dict[tuple[str, str, str | None], list[Outcome]] = {}
        units: list[tuple[tuple[str, str, str | None], Outcome]] = []
        for outcome, found in told:
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
        entries = [report.entries[cell] for cell in cells if cell in report.entries]
        unsure = any(entry.match in _UNSURE for entry in entries)
        names = [found.subject, *map(str, cells), *([f"#{number}"] if number > 1 else [])]
        own = [one.prose_result for one in outcomes if one.check.rule is rule]
        quotes = tuple(quote for each in own if each for quote in each.quotes)
        return Finding(
            rule_id=rule.id,
            severity=found.severity or rule.severity,
            certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
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


def _with_writing(story: Explanation, failing: Sequence[Outcome]) -> Explanation:
    """The story with what is wrong about the writing of the very figure that it corrects."""
    if len(story.suggestions) != 1:
        return story
    (offer,) = story.suggestions
    cells = {edit.address for edit in offer.edits}
    also = tuple(
        outcome
        for outcome in failing
        if isinstance(outcome.check.predicate, Written)
        and outcome.check.predicate.ref.address in cells
        and outcome.check.id in offer.settles
    )
    return replace(story, outcomes=(*story.outcomes, *also))


def _severity(report: Report, story: Explanation) -> Severity:
    """The worst of what a story explains. Where a whole line of boxes was left empty, such as the
    totals of all results, that is how this copy is kept, and worth no more than a warning."""
    worst = min((outcome.check.rule.severity for outcome in story.outcomes), key=rank)
    filled = [edit.address for edit in story.suggestions[0].edits] if story.suggestions else []
    in_one_line = len({box.column for box in filled}) == 1 or len({box.row for box in filled}) == 1
    is_habit = (
        len(filled) >= _FEWEST_LEFT_EMPTY
        and in_one_line
        and all(isinstance(report.entries[box].value, Blank) for box in filled)
    )
    return max(worst, Severity.WARNING, key=rank) if is_habit else worst


def _refs(outcome: Outcome) -> tuple[Ref, ...]:
    operands = tuple(operand.ref for operand in outcome.operands)
    match outcome.check.predicate:
        case Linear(terms=terms):
            return operands or tuple(term.ref for term in terms)
        case Filled(refs=refs):
            return refs
        case Written(ref=ref):
            return (ref,)
        case ProsePredicate():
            return operands


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


def in_words(found: ProseResult) -> Words:
    """What was found, in every language; the quotes stand beside it."""
    return {each: phrase(found.code, each, **found.in_language(each)) for each in LANGUAGES}


def fingerprint(report: Report, rule_id: str, names: Iterable[str]) -> str:
    """The same for the same breach in a corrected or re-read copy: no values, no wording.

    Nor does it matter how wide or how spaced the agency's name is printed.
    """
    identity = report.identity
    parts = [report.form_id, identity.issuer, str(identity.year or ""), rule_id]
    return hashlib.sha256("\n".join([*parts, *sorted(names)]).encode()).hexdigest()[:16]
