"""What no invented figures can show: rules that decide nothing, cells left no choice, conditions
that are never met. Checks in; out comes what is so, by a solver where no witness spares it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from auditor.model.check import Check, Linear, Severity
from auditor.model.finding import Status
from auditor.model.form import Address, Form
from auditor.model.report import Ref
from auditor.model.strength import Needless
from auditor.strength.system import (
    Bounds,
    Cells,
    Unsolved,
    bounds_of,
    breaches,
    cells_of,
    solution,
)
from auditor.strength.trial import Bench

_ORDER = list(Severity)


class NeedlessRules(NamedTuple):
    """What was found, and whether the solver left something open."""

    found: tuple[Needless, ...]
    unsolved: bool


class Checks(NamedTuple):
    """Ids of checks, and whether the solver left something open."""

    found: tuple[str, ...]
    unsolved: bool


class Boxes(NamedTuple):
    """Boxes, and whether the solver left something open."""

    found: frozenset[Address]
    unsolved: bool


class Forced(NamedTuple):
    """Cells with the one figure that they may hold, and whether the solver left something open."""

    found: tuple[tuple[Address, str], ...]
    unsolved: bool


def needless_rules(
    form: Form, checks: Sequence[Check], alone: Mapping[str, int], fired: Mapping[str, int]
) -> NeedlessRules:
    """The rules that were never the only one, of their severity or graver, to see a mistake.

    Whether a rule made of sums can ever be is then proved; of others no more is said. Rules that no
    mistake made fire are not among them, unless it is proved.
    """
    cells = cells_of(form, checks)
    found: list[Needless] = []
    unsolved = False
    for rule in {check.rule.id: check.rule for check in checks}.values():
        if alone.get(rule.id):
            continue
        own = [check for check in checks if check.rule.id == rule.id]
        others = [
            check
            for check in checks
            if check.rule.id != rule.id
            and _ORDER.index(check.rule.severity) <= _ORDER.index(rule.severity)
        ]
        if not all(isinstance(check.predicate, Linear) for check in own):
            if fired.get(rule.id):
                found.append(Needless(rule.id, False))
            continue
        base = _unconditional(others, cells)
        try:
            if not any(_may_decide(check, base, cells) for check in own):
                found.append(Needless(rule.id, True))
        except Unsolved:
            unsolved = True
    return NeedlessRules(tuple(found), unsolved)


def _may_decide(check: Check, base: Sequence[Bounds], cells: Cells) -> bool:
    """Whether some figures that the base allows break the check."""
    assert isinstance(check.predicate, Linear)
    bounds = bounds_of(check.predicate, cells)
    given = _conditions(check, cells)
    return bounds is not None and any(
        solution([*base, *given, broken], cells) is not None for broken in breaches(bounds)
    )


def idle_checks(form: Form, checks: Sequence[Check], benches: Iterable[Bench]) -> Checks:
    """The checks whose conditions no figures meet for which the errors' sums hold."""
    applied = {
        outcome.check.id
        for bench in benches
        for outcome in bench.outcomes
        if outcome.status in (Status.PASS, Status.FAIL)
    }
    cells = cells_of(form, checks)
    base = _unconditional(_errors(checks), cells)
    found, unsolved = [], False
    for check in checks:
        given = _conditions(check, cells)
        if not given or check.id in applied:
            continue
        try:
            if solution([*base, *given], cells) is None:
                found.append(check.id)
        except Unsolved:
            unsolved = True
    return Checks(tuple(found), unsolved)


def betrayed(form: Form, checks: Sequence[Check], boxes: Iterable[Address]) -> Boxes:
    """Those boxes of which some other figure that they may hold breaks an error or a warning."""
    grave = [check for check in checks if check.rule.severity is not Severity.INFO]
    cells = cells_of(form, checks)
    base = _unconditional(grave, cells)
    found, unsolved = set(), False
    for box in boxes:
        try:
            if any(_betrays(check, box, base, cells) for check in grave):
                found.add(box)
        except Unsolved:
            unsolved = True
    return Boxes(frozenset(found), unsolved)


def _betrays(check: Check, box: Address, base: Sequence[Bounds], cells: Cells) -> bool:
    """Whether, in figures that the base allows, a change of that box alone breaks the check."""
    bounds = bounds_of(check.predicate, cells) if isinstance(check.predicate, Linear) else None
    if bounds is None or Ref(box) not in bounds.terms:
        return False
    given = [_with_another(each, box) for each in _conditions(check, cells)]
    return any(
        solution([*base, *given, _with_another(broken, box)], cells) is not None
        for broken in breaches(bounds)
    )


def _with_another(bounds: Bounds, box: Address) -> Bounds:
    """The same sum over another figure of the box than the rest of the system speaks of."""
    other = Ref(box, -1)
    terms = {other if ref == Ref(box) else ref: times for ref, times in bounds.terms.items()}
    return Bounds(terms, bounds.low, bounds.high)


def forced_cells(
    form: Form, checks: Sequence[Check], boxes: Iterable[Address], benches: Sequence[Bench]
) -> Forced:
    """The cells that the errors' sums leave one figure only; two reports that differ spare the
    question."""
    cells = cells_of(form, checks)
    base = _unconditional(_errors(checks), cells)
    summed = {ref.address for bounds in base for ref in bounds.terms}
    found: list[tuple[Address, str]] = []
    unsolved = False
    for box in boxes:
        if box not in summed or len({bench.figures[box] for bench in benches}) > 1:
            continue
        try:
            witness = solution(base, cells)
            if witness is None:
                break  # a contradiction, which is told as such
            value = witness[Ref(box)]
            only = Bounds({Ref(box): 1}, float(value), float(value))
            others = breaches(only, 1.0 if box in cells.whole else 1e-4)
            if all(solution([*base, other], cells) is None for other in others):
                found.append((box, f"{value:f}"))
        except Unsolved:
            unsolved = True
    return Forced(tuple(found), unsolved)


def _errors(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if check.rule.severity is Severity.ERROR]


def _unconditional(checks: Iterable[Check], cells: Cells) -> list[Bounds]:
    return [
        bounds
        for check in checks
        if isinstance(check.predicate, Linear)
        and not check.guards
        and (bounds := bounds_of(check.predicate, cells))
    ]


def _conditions(check: Check, cells: Cells) -> list[Bounds]:
    """The conditions on sums; what a name or a way of writing decides may always be met."""
    return [
        bounds
        for guard in check.guards
        if isinstance(guard, Linear) and (bounds := bounds_of(guard, cells))
    ]
