"""How strong a set of rules is: forms, checks, a seed in; what they would catch, what not, out.

Measured on invented reports of every size (`trials`): what mistakes of every kind, in every cell,
come to. Proved by a solver, where no invented figures show it: contradictions, rules that decide
nothing, idle conditions; it takes checks as sums over cells, and witnesses among invented reports
spare it.

Nothing here is needed to audit a report. The one exception, rules that contradict one another, is
told as soon as somebody's own rules are loaded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any, TypeVar

from msgspec import Struct

from auditor.diagnosis.search import new_solver, run_solver
from auditor.model.check import (
    Check,
    Coefficient,
    Linear,
    ProsePredicate,
    Ratio,
    Relation,
    Severity,
    Written,
)
from auditor.model.finding import Status
from auditor.model.form import Address, Form
from auditor.model.report import Ref, step_of
from auditor.model.strength import CellStrength, MistakeTally, Needless, Strength
from auditor.strength.trials import (
    KINDS,
    ONE_CELL,
    SIZES,
    ConsistentReport,
    Mutation,
    consistent_figures,
    is_detected,
    mutations,
)

_INFINITE = float("inf")
_SECONDS = 10.0


class Bounds(Struct, frozen=True):
    """Σ coefficient × value, between two limits."""

    terms: Mapping[Ref, Coefficient]
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


def bounds_of(linear: Linear, cells: Cells, unrounded: bool = False) -> Bounds | None:
    """The sum as the solver takes it; None where the form prints none of its boxes, and where it
    goes by how figures are rounded, unless it is to hold `unrounded`."""
    if linear.rounding and not unrounded:
        return None
    terms: dict[Ref, Coefficient] = {}
    for term in linear.terms:
        if term.ref.address not in cells.absent:
            terms[term.ref] = terms.get(term.ref, 0) + term.coefficient
    if not terms:
        return None
    due, slack = float(linear.constant), float(linear.tolerance)
    low = -_INFINITE if linear.relation is Relation.LE else due - slack
    high = _INFINITE if linear.relation is Relation.GE else due + slack
    return Bounds(terms, low, high)


def _is_provable(check: Check) -> bool:
    return isinstance(check.predicate, Linear) and not check.predicate.rounding


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
    status, known = run_solver(solver), highspy.HighsModelStatus
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
    cells = cells_of(form, checks)
    parts = {
        check.id: bounds
        for check in sums
        if isinstance(check.predicate, Linear) and (bounds := bounds_of(check.predicate, cells))
    }
    try:
        if solution(tuple(parts.values()), cells) is not None:
            return ()  # as where zeros satisfy all, which takes no solver
        kept = _irreducible(parts, cells)
    except Unsolved:
        return ()
    return tuple(check for check in sums if check.id in kept)


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


_About = TypeVar("_About")


class Proofs:
    """What is proved of a form's checks, one question after the other."""

    def __init__(self, form: Form, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._cells = cells_of(form, checks)
        errors = [check for check in checks if check.rule.severity is Severity.ERROR]
        self._errors = self._unconditional(errors)
        self.unsolved = False
        """Whether the solver left something open, which is then not among what was proved."""

    def needless_rules(
        self, alone: Mapping[str, int], fired: Mapping[str, int]
    ) -> tuple[Needless, ...]:
        """The rules that were never the only one, of their severity or graver, to see a mistake.

        Whether a rule made of sums that are not rounded can ever be is then proved; of others no
        more is said. Rules that no mistake made fire are not among them, unless it is proved.
        """
        found: list[Needless] = []
        for rule in {check.rule.id: check.rule for check in self._checks}.values():
            if alone.get(rule.id):
                continue
            own = [check for check in self._checks if check.rule.id == rule.id]
            if not all(_is_provable(check) for check in own):
                if fired.get(rule.id):
                    found.append(Needless(rule.id, False))
                continue
            base = self._unconditional(
                check
                for check in self._checks
                if check.rule.id != rule.id and check.rule.severity.reaches(rule.severity)
            )
            broken = ([*base, *each] for check in own for each in self._broken(check))
            if self._is_proved(self._none_holds, broken):
                found.append(Needless(rule.id, True))
        return tuple(found)

    def idle_checks(self, reports: Iterable[ConsistentReport]) -> tuple[str, ...]:
        """Ids of checks whose conditions no figures meet for which the errors' sums hold."""
        applied = {
            outcome.check.id
            for report in reports
            for outcome in report.outcomes
            if outcome.status in (Status.PASS, Status.FAIL)
        }
        return tuple(
            check.id
            for check in self._checks
            if check.id not in applied
            and (given := self._conditions(check))
            and self._is_proved(self._none_holds, [[*self._errors, *given]])
        )

    def betrayed(self, boxes: Iterable[Address]) -> frozenset[Address]:
        """Those of which some other figure that they may hold breaks an error or a warning."""
        grave = [check for check in self._checks if check.rule.severity.reaches(Severity.WARNING)]
        base = self._unconditional(grave)

        def changed(box: Address) -> Iterator[list[Bounds]]:
            """Figures that the base allows, and a change of that box alone that breaks a check."""
            for check in grave:
                for system in self._broken(check):
                    if any(Ref(box) in bounds.terms for bounds in system[-1:]):
                        yield [*base, *(_with_another(bounds, box) for bounds in system)]

        return frozenset(box for box in boxes if self._is_proved(self._any_holds, changed(box)))

    def forced_cells(
        self, boxes: Iterable[Address], reports: Sequence[ConsistentReport]
    ) -> tuple[tuple[Address, str], ...]:
        """The cells that the errors' sums leave one figure only, with it; two reports that differ
        spare the question."""
        summed = {ref.address for bounds in self._errors for ref in bounds.terms}
        found: dict[Address, str] = {}
        for box in boxes:
            if box in summed and len({report.figures[box] for report in reports}) <= 1:
                self._is_proved(partial(self._force, found), box)
        return tuple(found.items())

    def _force(self, found: dict[Address, str], box: Address) -> bool:
        witness = solution(self._errors, self._cells)
        if witness is None:
            return False  # a contradiction, which is told as such
        value = float(witness[Ref(box)])
        least = 1.0 if box in self._cells.whole else 1e-4
        others = breaches(Bounds({Ref(box): 1}, value, value), least)
        if self._any_holds([*self._errors, other] for other in others):
            return False
        found[box] = f"{witness[Ref(box)]:f}"
        return True

    def _is_proved(self, question: Callable[[_About], bool], about: _About) -> bool:
        try:
            return question(about)
        except Unsolved:
            self.unsolved = True
            return False

    def _any_holds(self, systems: Iterable[Sequence[Bounds]]) -> bool:
        """Whether there are figures that satisfy one of the systems. Raises `Unsolved`."""
        return any(solution(system, self._cells) is not None for system in systems)

    def _none_holds(self, systems: Iterable[Sequence[Bounds]]) -> bool:
        return not self._any_holds(systems)

    def _broken(self, check: Check) -> Iterator[list[Bounds]]:
        """The check's conditions, and each way to break it last."""
        predicate = check.predicate
        bounds = bounds_of(predicate, self._cells) if isinstance(predicate, Linear) else None
        for broken in breaches(bounds) if bounds else ():
            yield [*self._conditions(check), broken]

    def _unconditional(self, checks: Iterable[Check]) -> list[Bounds]:
        return [
            bounds
            for check in checks
            if isinstance(check.predicate, Linear)
            and not check.guards
            and (bounds := bounds_of(check.predicate, self._cells))
        ]

    def _conditions(self, check: Check) -> list[Bounds]:
        """Those on sums; what a name or a way of writing decides may always be met."""
        return [
            bounds
            for guard in check.guards
            if isinstance(guard, Linear) and (bounds := bounds_of(guard, self._cells))
        ]


def _with_another(bounds: Bounds, box: Address) -> Bounds:
    """The same sum over another figure of the box than the rest of the system speaks of."""
    other = Ref(box, -1)
    terms = {other if ref == Ref(box) else ref: times for ref, times in bounds.terms.items()}
    return Bounds(terms, bounds.low, bounds.high)


REPORTS = 6
"""Consistent reports of each size."""
_ROUNDS = 2
"""How often each kind of mistake is only looked at, not diagnosed, in each cell and size."""


class _Scale(Struct, frozen=True):
    """Consistent reports of one size."""

    size: str
    reports: tuple[ConsistentReport, ...]
    unmade: int


def measure_strength(
    form: Form, checks: Sequence[Check], agencies: Sequence[str], trials: int, seed: int
) -> Strength:
    """How strong the checks are; the same seed gives the same.

    In every cell so many mistakes are diagnosed, and half as many pairs; `agencies` are names on
    which conditions of rules depend.
    """
    rng = Random(seed)
    measured = [check for check in checks if _is_measured(check)]
    scales = [_scale(form, measured, agencies, size, rng) for size in SIZES]
    reports = [report for scale in scales for report in scale.reports]
    boxes = [
        box
        for table in form.tables
        for box in table.boxes()
        if table.column(box.column).type == "number"
    ]
    directions = directions_of(measured)
    seen = _Observed(set(directions))
    for box in boxes if reports else ():
        seen.observe(box, scales, rng, trials)
    pairs = MistakeTally("pair")
    certain = [box for box in boxes if box in directions]
    for mutation, report in _pairs(scales, certain, rng, trials * len(certain) // 2):
        pairs += report.try_mistake(mutation.changes)
    proofs = Proofs(form, measured)
    protected = seen.protected | proofs.betrayed(box for box in boxes if box not in seen.protected)
    shared = Counter(directions.values())
    conflicting = conflict(measured, form)
    needless = proofs.needless_rules(seen.alone, seen.fired)
    idle = proofs.idle_checks(reports)
    forced = proofs.forced_cells(boxes, reports)
    cells = tuple(
        CellStrength(
            box,
            box in directions,
            box in protected,
            shared[directions.get(box, ())] == 1,
            seen.cells.get(box, MistakeTally("cell")),
        )
        for box in boxes
    )
    return Strength(
        form,
        seed,
        tuple((scale.size, len(scale.reports)) for scale in scales),
        sum(scale.unmade for scale in scales),
        tuple(tally for tally in seen.kinds.values() if tally.trials),
        pairs,
        cells,
        needless,
        tuple(dict.fromkeys(c.rule.id for c in measured if not seen.fired[c.rule.id])),
        tuple(dict.fromkeys(c.rule.id for c in checks if not _is_measured(c))),
        forced,
        idle,
        (tuple(check.id for check in conflicting),) if conflicting else (),
        proofs.unsolved,
    )


class _Observed:
    """What mistakes in single cells came to, counted as they are made."""

    def __init__(self, protected: set[Address]) -> None:
        self.protected = protected
        """Cells in which some other figure is seen to be an error or a warning."""
        self.kinds = {kind: MistakeTally(kind) for kind in KINDS}
        self.cells: dict[Address, MistakeTally] = {}
        self.fired: Counter[str] = Counter()
        """How often each rule saw a mistake."""
        self.alone: Counter[str] = Counter()
        """How often no other rule of its severity or worse did."""

    def observe(self, box: Address, scales: Sequence[_Scale], rng: Random, trials: int) -> None:
        """Mistakes of every kind in one cell, and so many of them diagnosed."""
        for mutation, report in _glances(scales, box, rng):
            broken = report.broken(mutation.changes)
            self.fired.update(rule.id for rule in broken)
            for rule in broken:
                self.alone[rule.id] += all(
                    other is rule or not other.severity.reaches(rule.severity) for other in broken
                )
            if mutation.admissible and len(mutation.changes) == 1 and is_detected(broken):
                self.protected.add(box)
        tally = MistakeTally("cell")
        for mutation, report in _mistakes(scales, box, rng, trials):
            found = report.try_mistake(mutation.changes)
            self.kinds[mutation.kind] += found
            tally += found
        self.cells[box] = tally


def _is_measured(check: Check) -> bool:
    """Whether one report without sentences is enough for the check to come to something."""
    if isinstance(check.predicate, ProsePredicate):
        return False
    # A condition on last year may hold by what this year says, as a sum that is zero without it.
    guards = [part for part in check.guards if isinstance(part, Linear)]
    own = not any(ref.lag for ref in check.figures)
    return own and all(any(not term.ref.lag for term in part.terms) for part in guards)


def directions_of(checks: Sequence[Check]) -> dict[Address, tuple[tuple[str, Fraction], ...]]:
    """How each cell enters the equations without conditions that are errors or warnings; cells that
    enter them in the same proportion cannot be told apart by them."""
    found: dict[Address, dict[str, Coefficient]] = defaultdict(dict)
    for check in checks:
        sums = check.predicate
        if (
            isinstance(sums, Linear)
            and sums.relation is Relation.EQ
            and sums.is_exact
            and not (check.guards or check.rule.severity is Severity.INFO)
            and not any(term.ref.lag for term in sums.terms)  # another report may not be there
        ):
            for term in sums.terms:
                found[term.ref.address][check.id] = term.coefficient
    return {
        box: tuple(
            (key, Fraction(each) / Fraction(next(iter(own.values())))) for key, each in own.items()
        )
        for box, own in found.items()
    }


def _scale(
    form: Form, checks: Sequence[Check], agencies: Sequence[str], size: str, rng: Random
) -> _Scale:
    """Reports of one size, mended where the rules ask for more than the form's own sums."""
    found: list[ConsistentReport] = []
    for _ in range(REPORTS):
        agency = rng.choice([None, *agencies])
        report = ConsistentReport(form, checks, consistent_figures(form, rng, size), agency)
        for mended in (_mended, _with_ratios):
            if report.failing:
                report = mended(report, form, checks, agency)
        if not report.failing:
            found.append(report)
    return _Scale(size, tuple(found), REPORTS - len(found))


def _mended(
    report: ConsistentReport, form: Form, checks: Sequence[Check], agency: str | None
) -> ConsistentReport:
    """The report with the nearest figures for which all sums that apply to it hold."""
    cells = cells_of(form, checks)
    system = [
        bounds
        for outcome in report.outcomes
        if isinstance(outcome.check.predicate, Linear)
        and outcome.check.rule.severity is not Severity.INFO
        and outcome.residual is not None
        and (bounds := bounds_of(outcome.check.predicate, cells, unrounded=True))
    ]
    near = {Ref(box): float(figure) for box, figure in report.figures.items()}
    try:
        found = solution(system, cells, near)
    except Unsolved:
        found = None
    if found is None:
        return report
    figures = {
        box: _as_fine(found.get(Ref(box), figure), figure) for box, figure in report.figures.items()
    }
    return ConsistentReport(form, checks, figures, agency)


def _as_fine(mended: Decimal, figure: Decimal) -> Decimal:
    """The figure with as many decimals as the one that it replaces, where that has any."""
    return mended if step_of(figure) == 1 else mended.quantize(step_of(figure))


def _with_ratios(
    report: ConsistentReport, form: Form, checks: Sequence[Check], agency: str | None
) -> ConsistentReport:
    """The report with the shares and rates that its figures give."""
    figures = dict(report.figures)
    for outcome in report.failing:
        ratio = outcome.check.predicate
        if isinstance(ratio, Ratio) and outcome.residual is not None:
            figures[ratio.printed.ref.address] -= outcome.residual
    return ConsistentReport(form, checks, figures, agency)


def _glances(
    scales: Sequence[_Scale], box: Address, rng: Random
) -> Iterator[tuple[Mutation, ConsistentReport]]:
    """Mistakes of every kind in one cell, in reports of every size."""
    for scale in scales:
        for _ in range(_ROUNDS if scale.reports else 0):
            report = rng.choice(scale.reports)
            for mutation in mutations(report.form, report.figures, box, rng, KINDS):
                yield mutation, report


def _mistakes(
    scales: Sequence[_Scale], box: Address, rng: Random, count: int, kinds: Sequence[str] = ()
) -> Iterator[tuple[Mutation, ConsistentReport]]:
    """So many mistakes in one cell, each of a kind that can be made there; sizes take turns."""
    filled = [scale for scale in scales if scale.reports]
    first = rng.randrange(len(filled))
    for index in range(count):
        report = rng.choice(filled[(first + index) % len(filled)].reports)
        order = rng.sample(kinds or KINDS, len(kinds or KINDS))
        mutation = next(mutations(report.form, report.figures, box, rng, order), None)
        if mutation is not None:
            yield mutation, report


def _pairs(
    scales: Sequence[_Scale], boxes: Sequence[Address], rng: Random, count: int
) -> Iterator[tuple[Mutation, ConsistentReport]]:
    """Two mistakes at once, each in a cell of its own."""
    filled = [scale for scale in scales if scale.reports]
    for index in range(count if filled and len(boxes) > 1 else 0):
        report = rng.choice(filled[index % len(filled)].reports)
        changes: dict[Address, Decimal | None] = {}
        for box in rng.sample(boxes, 2):
            order = rng.sample(ONE_CELL, len(ONE_CELL))
            one = next(mutations(report.form, report.figures, box, rng, order), None)
            changes.update(one.changes if one else {})
        if len(changes) == 2:
            yield Mutation("pair", changes), report
