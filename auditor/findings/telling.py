"""Failures and what explains them in; findings in words out, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from auditor.findings import explain
from auditor.findings.pointing import caution, only_if_filled, pointing, printed
from auditor.findings.prose import fingerprint, tell_prose
from auditor.findings.receipts import rank
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Filled, Linear, ProsePredicate, Severity, Written
from auditor.model.finding import (
    Certainty,
    Diagnosis,
    Explanation,
    Finding,
    Outcome,
)
from auditor.model.form import Address, Form
from auditor.model.noun import noun
from auditor.model.report import Blank, Match, Ref, Report

_FEWEST_LEFT_EMPTY = 3
"""Empty boxes of one row or column from which on leaving them empty is no slip."""
_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}


@noun
class _Bench:
    """What every finding is made from."""

    report: Report
    form: Form
    position: dict[Address, int]


def tell(
    report: Report,
    form: Form,
    failing: Sequence[Outcome],
    diagnosis: Diagnosis,
    selected_rules: Collection[str] | None,
) -> tuple[Finding, ...]:
    """Every failure in exactly one finding; `selected_rules` limits stories to those rule ids."""
    bench = _Bench(report, form, _positions(form))
    stories = [_limited(story, selected_rules) for story in diagnosis.explanations]
    stories = [_joined(story, failing) for story in stories if story.outcomes]
    findings = [_from_story(bench, story) for story in stories]
    findings += _blanks(bench, failing)
    joined = {outcome.check.id for story in stories for outcome in story.outcomes}
    alone = (each for each in failing if each.check.id not in joined)
    findings += [_alone(bench, each) for each in alone if is_written(each)]
    findings += tell_prose(
        report, form, [each for each in failing if each.prose_result is not None]
    )
    return tuple(sorted(findings, key=lambda finding: _order(bench, finding)))


def _limited(story: Explanation, selected_rules: Collection[str] | None) -> Explanation:
    """The story of the selected rules only."""
    if selected_rules is None:
        return story
    own = tuple(outcome for outcome in story.outcomes if outcome.check.rule.id in selected_rules)
    return replace(story, outcomes=own)


def _joined(story: Explanation, failing: Sequence[Outcome]) -> Explanation:
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


def _positions(form: Form) -> dict[Address, int]:
    boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
    return {box: index for index, box in enumerate(boxes)}


def _order(bench: _Bench, finding: Finding) -> tuple[int, int, str, str]:
    at = finding.primary or min(finding.addresses, key=lambda box: _place(bench, box), default=None)
    place = len(bench.position) if at is None else _place(bench, at)
    return rank(finding.severity), place, finding.rule_id, finding.fingerprint


def _place(bench: _Bench, address: Address) -> int:
    return bench.position.get(address, len(bench.position))


def _from_story(bench: _Bench, story: Explanation) -> Finding:
    first = story.outcomes[0]
    primary = story.primary
    edit = None
    if primary is not None and story.suggestions:
        edit = next(each for each in story.suggestions[0].edits if each.address == primary)
    linear = first.check.predicate
    assert isinstance(linear, Linear)
    if edit is not None:
        expected, actual = edit.after, printed(bench.report, edit.address)
        message = {
            language: pointing(bench.report, bench.form, story, edit, language)
            for language in LANGUAGES
        }
    else:
        primary = first.check.subject.address if first.check.subject else None
        both = explain.sides(first, linear)
        expected, actual = explain.plain(both.right_total), explain.plain(both.left_total)
        message = {
            language: caution(bench.report, story, language)
            + phrase("list-semicolon", language).join(
                explain.claim(outcome, bench.form, language) for outcome in story.outcomes
            )
            for language in LANGUAGES
        }
    for language in LANGUAGES:
        message[language] += only_if_filled(story.outcomes, bench.report, bench.form, language)
    return _finding(bench, story, message, primary, expected, actual)


def _blanks(bench: _Bench, failing: Sequence[Outcome]) -> list[Finding]:
    """One finding for each rule and table, or for several rules that tell of the same boxes: how
    many are blank, and which."""
    groups: dict[tuple[str, str, bool], list[tuple[Outcome, list[Address]]]] = {}
    for outcome in failing:
        filled = outcome.check.predicate
        if not isinstance(filled, Filled):
            continue
        cells = [operand.ref.address for operand in outcome.operands]
        table = cells[0].table if cells else outcome.check.rule.table
        key = (outcome.check.rule.id, table, filled.wanted)
        groups.setdefault(key, []).append((outcome, cells))
    joined: dict[tuple[str, bool, tuple[Address, ...]], list[Outcome]] = {}
    for (_, table, wanted), members in groups.items():
        named = dict.fromkeys(cell for _, own in members for cell in own)
        boxes = tuple(sorted(named, key=lambda cell: _place(bench, cell)))
        joined.setdefault((table, wanted, boxes), []).extend(outcome for outcome, _ in members)
    found = []
    for (table, wanted, boxes), outcomes in joined.items():
        outcomes.sort(key=lambda outcome: rank(outcome.check.rule.severity))
        message = {
            language: phrase(
                "blanks-listed" if wanted else "unwanted",
                language,
                table=_title(bench.form, table, language),
                count=len(boxes),
                list=explain.list_cells(bench.report, bench.form, boxes, language),
            )
            for language in LANGUAGES
        }
        primary = boxes[0] if len(boxes) == 1 else None
        story = Explanation(tuple(outcomes))
        found.append(_finding(bench, story, message, primary, None, None, boxes))
    return found


def _title(form: Form, table: str, language: str) -> str:
    try:
        return form.table(table).title.get(language, table)
    except KeyError:
        return phrase("text-figure", language)


def is_written(outcome: Outcome) -> bool:
    """Whether the check is about how one figure is written."""
    return isinstance(outcome.check.predicate, Written)


def _alone(bench: _Bench, outcome: Outcome) -> Finding:
    """A figure that is written wrongly."""
    written = outcome.check.predicate
    assert isinstance(written, Written)
    message = {
        language: explain.written_message(outcome, bench.report, bench.form, language)
        for language in LANGUAGES
    }
    cell = written.ref.address
    return _finding(
        bench, Explanation((outcome,)), message, cell, None, printed(bench.report, cell)
    )


def _finding(
    bench: _Bench,
    story: Explanation,
    message: dict[str, str],
    primary: Address | None,
    expected: str | None,
    actual: str | None,
    also: Sequence[Address] = (),
) -> Finding:
    first = story.outcomes[0]
    cells = dict.fromkeys(also)
    for outcome in story.outcomes:
        cells |= dict.fromkeys(ref.address for ref in _refs(outcome))
    addresses = tuple(sorted(cells, key=lambda cell: _place(bench, cell)))
    entries = [bench.report.entries[cell] for cell in addresses if cell in bench.report.entries]
    unsure = any(entry.match in _UNSURE or entry.recognised for entry in entries)
    at = bench.report.entries.get(primary) if primary else None
    origin = at.origin if at else next((entry.origin for entry in entries if entry.origin), None)
    return Finding(
        rule_id=first.check.rule.id,
        severity=_severity(bench.report, story),
        certainty=Certainty.LIKELY if unsure else Certainty.CERTAIN,
        message=message,
        outcomes=story.outcomes,
        addresses=addresses,
        primary=primary,
        expected=expected,
        actual=actual,
        origin=origin,
        suggestions=story.suggestions,
        fingerprint=fingerprint(bench.report, first.check.rule.id, _names(first)),
        min_cells=story.min_cells,
        has_more=story.has_more,
    )


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
    match outcome.check.predicate:
        case Linear(terms=terms):
            return tuple(operand.ref for operand in outcome.operands) or tuple(
                term.ref for term in terms
            )
        case Filled(refs=refs):
            return refs
        case Written(ref=ref):
            return (ref,)
        case ProsePredicate():
            return tuple(operand.ref for operand in outcome.operands)


def _names(outcome: Outcome) -> list[str]:
    return [f"{ref.address}@{ref.lag}" for ref in _refs(outcome)]
