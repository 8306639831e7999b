"""One consistent report and its checks in; what a mistake in it comes to out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.diagnosis import diagnose
from auditor.model.check import Check, ProsePredicate, Rule, Severity
from auditor.model.finding import Diagnosis, Explanation, Grade, Outcome, Status
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Facts, Number, Ref, Report
from auditor.model.strength import Tally
from auditor.strength.figures import Figures, as_report, step_of, written
from auditor.strength.mutate import Changes

_GRAVE = (Severity.ERROR, Severity.WARNING)


class Judged(Struct, frozen=True):
    """What the checks and the diagnosis make of one mistake."""

    detected: bool
    listed: bool
    located: bool
    likely: bool
    wrong: bool

    def added(self, tally: Tally) -> Tally:
        """The tally with this one."""
        return Tally(
            tally.kind,
            tally.trials + 1,
            tally.detected + self.detected,
            tally.listed + self.listed,
            tally.located + self.located,
            tally.likely + self.likely,
            tally.wrong + self.wrong,
        )


class Bench:
    """A consistent report on which mistakes are tried; it is not changed by them."""

    def __init__(
        self, form: Form, checks: Iterable[Check], figures: Figures, agency: str | None = None
    ) -> None:
        self.form = form
        self.figures = figures
        self._agency = agency
        self.checks = tuple(
            check for check in checks if not isinstance(check.predicate, ProsePredicate)
        )
        self._facts = gather(self._report({}))
        self.outcomes = evaluate(self.checks, self._facts)
        self._touching: dict[Address, list[int]] = defaultdict(list)
        for index, check in enumerate(self.checks):
            for box in {ref.address for ref in check.refs if not ref.lag}:
                self._touching[box].append(index)

    @property
    def failing(self) -> tuple[Outcome, ...]:
        """Errors and warnings that fail before any mistake; a consistent report has none."""
        return tuple(each for each in self.outcomes if _is_grave_failure(each))

    def broken(self, changes: Changes) -> list[Rule]:
        """The rules of which some check fails that did not, of any severity; each once."""
        facts = self._changed(changes)
        before = self.outcomes
        found = {
            after.check.rule.id: after.check.rule
            for index, after in self._touched(changes, facts)
            if after.status is Status.FAIL and before[index].status is not Status.FAIL
        }
        return list(found.values())

    def diagnosed(self, changes: Changes) -> tuple[Report, Facts, tuple[Outcome, ...]]:
        """The report with the mistake, and what the checks say of it; what a diagnosis needs."""
        facts = self._changed(changes)
        outcomes = list(self.outcomes)
        for index, after in self._touched(changes, facts):
            outcomes[index] = after
        return self._report(changes), facts, tuple(outcomes)

    def judge(self, changes: Changes) -> Judged:
        """What becomes of one mistake."""
        if not is_detected(self.broken(changes)):
            return Judged(False, False, False, False, False)
        report, facts, outcomes = self.diagnosed(changes)
        if all(figure is None for figure in changes.values()):
            boxes = {Ref(box) for box in changes}
            named = any(
                _is_grave_failure(outcome) and {each.ref for each in outcome.operands} == boxes
                for outcome in outcomes
            )
            return Judged(True, named, named, False, False)
        diagnosis = diagnose(report, self.form, facts, outcomes)
        return judged(diagnosis, self.figures, changes)

    def _touched(self, changes: Changes, facts: Facts) -> list[tuple[int, Outcome]]:
        found = sorted({index for box in changes for index in self._touching[box]})
        after = evaluate([self.checks[index] for index in found], facts)
        return list(zip(found, after, strict=True))

    def _changed(self, changes: Changes) -> Facts:
        values, raw = dict(self._facts.values), dict(self._facts.raw)
        for box, figure in changes.items():
            ref = Ref(box)
            values[ref] = Blank() if figure is None else Number(figure, step_of(figure))
            raw[ref] = "" if figure is None else written(figure)
        return replace(self._facts, values=values, raw=raw)

    def _report(self, changes: Changes) -> Report:
        return as_report(self.form, {**self.figures, **changes}, self._agency, None)


def is_detected(broken: Iterable[Rule]) -> bool:
    """Whether an error or a warning is among them."""
    return any(rule.severity in _GRAVE for rule in broken)


def judged(diagnosis: Diagnosis, figures: Figures, changes: Changes) -> Judged:
    """The diagnosis of a mistake beside the truth."""
    stories = [story for story in diagnosis.explanations if story.suggestions]
    truth = {box: figures[box] for box in changes}
    offers = [_offers(story) for story in stories]
    right = [[edits for edits in each if edits.items() <= truth.items()] for each in offers]
    only = [each[0] for each in offers if len(each) == 1]
    likely = [
        {edit.address: Decimal(edit.after) for edit in offer.edits}
        for story in stories
        for offer in story.suggestions
        if offer.grade is Grade.LIKELY
    ]
    return Judged(
        detected=True,
        listed=_covers(truth, (edits for each in right for edits in each)),
        located=_covers(truth, (edits for edits in only if edits.items() <= truth.items()))
        and len(only) == len(offers)
        and not any(story.has_more for story in stories),
        likely=_covers(truth, (edits for edits in likely if edits.items() <= truth.items())),
        wrong=any(not edits.items() <= truth.items() for edits in likely),
    )


def _offers(story: Explanation) -> list[dict[Address, Decimal]]:
    return [
        {edit.address: Decimal(edit.after) for edit in offer.edits} for offer in story.suggestions
    ]


def _covers(truth: Figures, sets: Iterable[Figures]) -> bool:
    return {box for edits in sets for box in edits} == truth.keys()


def _is_grave_failure(outcome: Outcome) -> bool:
    return outcome.status is Status.FAIL and outcome.check.rule.severity in _GRAVE
