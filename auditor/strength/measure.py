"""A form, its checks and a seed in; out comes how strong the rules are, measured and proved.

Measured on invented reports of every size: what mistakes of every kind, in every cell, come to.
Proved by a solver, where no invented figures show it: see `auditor.strength.proofs`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from msgspec import Struct

from auditor.model.check import Check, Linear, ProsePredicate, Relation, Severity
from auditor.model.form import Address, Form
from auditor.model.report import Ref
from auditor.model.strength import CellStrength, MistakeTally, Strength
from auditor.strength.figures import SIZES, consistent_figures
from auditor.strength.proofs import (
    Proofs,
    Unsolved,
    bounds_of,
    cells_of,
    conflict,
    solution,
)
from auditor.strength.trials import (
    KINDS,
    ONE_CELL,
    ConsistentReport,
    Mutation,
    is_detected,
    mutations,
)

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
    boxes = [box for table in form.tables for box in table.boxes()]
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
    parts = [part for part in (check.predicate, *check.guards) if isinstance(part, Linear)]
    own = not any(term.ref.lag for part in parts[:1] for term in part.terms)
    return own and all(any(not term.ref.lag for term in part.terms) for part in parts)


def directions_of(checks: Sequence[Check]) -> dict[Address, tuple[tuple[str, Fraction], ...]]:
    """How each cell enters the equations without conditions that are errors or warnings; cells that
    enter them in the same proportion cannot be told apart by them."""
    found: dict[Address, dict[str, int]] = defaultdict(dict)
    for check in checks:
        sums = check.predicate
        if (
            isinstance(sums, Linear)
            and sums.relation is Relation.EQ
            and sums.is_exact
            and not (check.guards or check.rule.severity is Severity.INFO)
        ):
            for term in sums.terms:
                found[term.ref.address][check.id] = term.coefficient
    return {
        box: tuple((key, Fraction(each, next(iter(own.values())))) for key, each in own.items())
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
        if report.failing:
            report = _mended(report, form, checks, agency)
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
        and (bounds := bounds_of(outcome.check.predicate, cells))
    ]
    near = {Ref(box): float(figure) for box, figure in report.figures.items()}
    try:
        found = solution(system, cells, near)
    except Unsolved:
        found = None
    if found is None:
        return report
    figures = {box: found.get(Ref(box), figure) for box, figure in report.figures.items()}
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
