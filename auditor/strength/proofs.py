"""What no invented figures can show: contradictions, rules that decide nothing, idle conditions.

In: checks as sums over cells. Out: what a solver proves of them. Witnesses among invented reports
spare the solver.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from auditor.diagnosis.solver import new_solver, run
from auditor.model.check import Check, Linear, Relation, Severity, Written
from auditor.model.finding import Status
from auditor.model.form import Address, Form
from auditor.model.report import Ref
from auditor.model.strength import Needless
from auditor.strength.trials import ConsistentReport

_INFINITE = float("inf")
_SECONDS = 10.0


class Bounds(Struct, frozen=True):
    """Σ coefficient × value, between two limits."""

    terms: Mapping[Ref, int]
    low: float
    high: float

    @property
    def allows_zeros(self) -> bool:
        """Whether it holds where every figure is zero."""
        return self.low <= 0 <= self.high


class Cells(Struct, frozen=True):
    """What the figures of a form may be, apart from its sums."""

    absent: frozenset[Address]
    """Boxes of rows that are printed only instead of others."""
    signed: frozenset[Ref]
    whole: frozenset[Address]


class Unsolved(Exception):
    """The solver is not there, or has not come to an end in time."""


def cells_of(form: Form, checks: Iterable[Check]) -> Cells:
    """What the form and the rules say of single boxes."""
    signed: set[Ref] = set()
    whole: set[Address] = set()
    for check in checks:
        match check.predicate:
            case Linear(terms=terms):
                signed.update(term.ref for term in terms if term.signed)
            case Written(ref=ref, decimals=0, bare=False) if check.rule.severity is Severity.ERROR:
                whole.add(ref.address)
            case _:
                pass
    absent = {
        box
        for table in form.tables
        for row in table.rows
        if row.instead_of
        for box in table.addresses(row)
    }
    return Cells(frozenset(absent), frozenset(signed), frozenset(whole))


def bounds_of(linear: Linear, cells: Cells) -> Bounds | None:
    """The sum as the solver takes it; None where the form prints none of its boxes."""
    terms: dict[Ref, int] = {}
    for term in linear.terms:
        if term.ref.address not in cells.absent:
            terms[term.ref] = terms.get(term.ref, 0) + term.coefficient
    if not terms:
        return None
    due, slack = float(linear.constant), float(linear.tolerance)
    low = -_INFINITE if linear.relation is Relation.LE else due - slack
    high = _INFINITE if linear.relation is Relation.GE else due + slack
    return Bounds(terms, low, high)


def breaches(bounds: Bounds, least: float = 1.0) -> tuple[Bounds, ...]:
    """What must hold for the sum to be broken by at least so much: one of these."""
    found = []
    if bounds.low != -_INFINITE:
        found.append(Bounds(bounds.terms, -_INFINITE, bounds.low - least))
    if bounds.high != _INFINITE:
        found.append(Bounds(bounds.terms, bounds.high + least, _INFINITE))
    return tuple(found)


def solution(
    system: Sequence[Bounds],
    cells: Cells,
    near: Mapping[Ref, float] | None = None,
) -> dict[Ref, Decimal] | None:
    """Figures that satisfy the system, None when there are none; raises `Unsolved`.

    With `near`, they are the nearest to these.
    """
    if near is None and all(bounds.allows_zeros for bounds in system):
        return {ref: Decimal(0) for bounds in system for ref in bounds.terms}
    try:
        highspy, solver = new_solver()
    except ImportError:
        raise Unsolved from None
    refs = list(dict.fromkeys(ref for bounds in system for ref in bounds.terms))
    at = {ref: index for index, ref in enumerate(refs)}
    for option, value in (("time_limit", _SECONDS), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(option, value)
    for ref in refs:
        solver.addVar(-_INFINITE if ref in cells.signed else 0.0, _INFINITE)
        if ref.address in cells.whole:
            solver.changeColIntegrality(at[ref], highspy.HighsVarType.kInteger)
    for bounds in system:
        columns = [at[ref] for ref in bounds.terms]
        values = [float(each) for each in bounds.terms.values()]
        solver.addRow(bounds.low, bounds.high, len(columns), columns, values)
    for index, ref in enumerate(refs) if near else ():
        _stay_near(solver, index, len(refs) + index, near[ref] if near and ref in near else 0.0)
    status, known = run(solver), highspy.HighsModelStatus
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return None  # what is minimised, if anything, is never below zero
    if status != known.kOptimal:
        raise Unsolved
    found = solver.getSolution().col_value
    return {ref: _figure(found[index], ref, cells) for ref, index in at.items()}


def _stay_near(solver: Any, index: int, distance: int, target: float) -> None:
    """A variable for how far the figure is from its target, which is to be as little as can be."""
    solver.addVar(0.0, _INFINITE)
    solver.changeColCost(distance, 1.0)
    solver.addRow(-_INFINITE, target, 2, [index, distance], [1.0, -1.0])
    solver.addRow(target, _INFINITE, 2, [index, distance], [1.0, 1.0])


def _figure(value: float, ref: Ref, cells: Cells) -> Decimal:
    whole = ref.address in cells.whole or abs(value - round(value)) < 1e-7
    return Decimal(round(value)) if whole else Decimal(f"{value:.6f}")


def conflict(checks: Sequence[Check], form: Form) -> tuple[Check, ...]:
    """Fewest checks, in the sense that none can be spared, that no figures satisfy together.

    Only unconditional sums of severity error take part; empty where they agree, and where it cannot
    be told. The later of the checks given is kept rather than an earlier one.
    """
    sums = [
        check
        for check in checks
        if isinstance(check.predicate, Linear)
        and not check.guards
        and check.rule.severity is Severity.ERROR
    ]
    if all(_allows_zeros(check.predicate) for check in sums):
        return ()
    cells = cells_of(form, checks)
    parts = {
        check.id: bounds
        for check in sums
        if isinstance(check.predicate, Linear) and (bounds := bounds_of(check.predicate, cells))
    }
    try:
        if solution(tuple(parts.values()), cells) is not None:
            return ()
        kept = _irreducible(parts, cells)
    except Unsolved:
        return ()
    return tuple(check for check in sums if check.id in kept)


def _allows_zeros(linear: object) -> bool:
    if not isinstance(linear, Linear):
        return True
    match linear.relation:
        case Relation.EQ:
            return abs(linear.constant) <= linear.tolerance
        case Relation.LE:
            return linear.constant >= -linear.tolerance
        case Relation.GE:
            return linear.constant <= linear.tolerance


def _irreducible(parts: Mapping[str, Bounds], cells: Cells) -> Collection[str]:
    """A deletion filter: what can be left out while no figures satisfy the rest, is.

    As J. W. Chinneck and E. W. Dravnieks have it (ORSA Journal on Computing 3, 1991); by halves at
    first, since most of a library has nothing to do with a contradiction.
    """
    kept = list(parts)
    size = max(len(kept) // 2, 1)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if rest and solution([parts[key] for key in rest], cells) is None:
                kept = rest
            else:
                start += size
        if size == 1:
            return kept
        size = max(size // 2, 1)


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
            if check.rule.id != rule.id and check.rule.severity.reaches(rule.severity)
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


def idle_checks(form: Form, checks: Sequence[Check], benches: Iterable[ConsistentReport]) -> Checks:
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
    form: Form,
    checks: Sequence[Check],
    boxes: Iterable[Address],
    benches: Sequence[ConsistentReport],
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
