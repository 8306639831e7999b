"""A form, its checks and a seed in; out comes how strong the rules are, measured and proved.

Measured on invented reports of every size: what mistakes of every kind, in every cell, come to.
Proved by a solver, where no invented figures show it: see `auditor.strength.prove`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from msgspec import Struct

from auditor.model.check import Check, Linear, ProsePredicate, Relation, Rule, Severity
from auditor.model.form import Address, Form
from auditor.model.report import Ref
from auditor.model.strength import CellStrength, Strength, Tally
from auditor.strength.figures import SIZES, consistent_figures
from auditor.strength.mutate import KINDS, ONE_CELL, Mutation, mutations
from auditor.strength.prove import betrayed, forced_cells, idle_checks, needless_rules
from auditor.strength.system import Unsolved, bounds_of, cells_of, conflict, solution
from auditor.strength.trial import Bench, is_detected

REPORTS = 6
"""Consistent reports of each size."""
_ROUNDS = 2
"""How often each kind of mistake is only looked at, not diagnosed, in each cell and size."""


class _Scale(Struct, frozen=True):
    """Consistent reports of one size."""

    size: str
    benches: tuple[Bench, ...]
    unmade: int


def weigh(
    form: Form, checks: Sequence[Check], agencies: Sequence[str], trials: int, seed: int
) -> Strength:
    """How strong the checks are; the same seed gives the same.

    In every cell so many mistakes are diagnosed, and half as many pairs; `agencies` are names on
    which conditions of rules depend.
    """
    rng = Random(seed)
    weighed = [check for check in checks if _is_weighed(check)]
    scales = [_scale(form, weighed, agencies, size, rng) for size in SIZES]
    benches = [bench for scale in scales for bench in scale.benches]
    boxes = [box for table in form.tables for box in table.boxes()]
    directions = directions_of(weighed)
    kinds = {kind: Tally(kind) for kind in KINDS}
    tallies: dict[Address, Tally] = {}
    seen: set[Address] = set(directions)
    alone: Counter[str] = Counter()
    fired: Counter[str] = Counter()
    for box in boxes if benches else ():
        for mutation, bench in _glances(scales, box, rng):
            broken = bench.broken(mutation.changes)
            fired.update(rule.id for rule in broken)
            for rule in broken:
                alone[rule.id] += all(o is rule or _is_milder(o, rule) for o in broken)
            if mutation.admissible and len(mutation.changes) == 1 and is_detected(broken):
                seen.add(box)
        tally = Tally("cell")
        for mutation, bench in _mistakes(scales, box, rng, trials):
            found = bench.judge(mutation.changes)
            kinds[mutation.kind] = found.added(kinds[mutation.kind])
            tally = found.added(tally)
        tallies[box] = tally
    pairs = Tally("pair")
    certain = [box for box in boxes if box in directions]
    for mutation, bench in _pairs(scales, certain, rng, trials * len(certain) // 2):
        pairs = bench.judge(mutation.changes).added(pairs)
    proved = betrayed(form, weighed, [box for box in boxes if box not in seen])
    shared = Counter(directions.values())
    conflicting = conflict(weighed, form)
    needless = needless_rules(form, weighed, alone, fired)
    idle = idle_checks(form, weighed, benches)
    forced = forced_cells(form, weighed, boxes, benches)
    return Strength(
        form,
        seed,
        tuple((scale.size, len(scale.benches)) for scale in scales),
        sum(scale.unmade for scale in scales),
        tuple(tally for tally in kinds.values() if tally.trials),
        pairs,
        tuple(
            CellStrength(
                box,
                box in directions,
                box in seen or box in proved.found,
                shared[directions.get(box, ())] == 1,
                tallies.get(box, Tally("cell")),
            )
            for box in boxes
        ),
        needless.found,
        tuple(dict.fromkeys(c.rule.id for c in weighed if not fired[c.rule.id])),
        tuple(dict.fromkeys(c.rule.id for c in checks if not _is_weighed(c))),
        forced.found,
        idle.found,
        (tuple(check.id for check in conflicting),) if conflicting else (),
        needless.unsolved or idle.unsolved or forced.unsolved or proved.unsolved,
    )


def _is_weighed(check: Check) -> bool:
    """Whether one report without sentences is enough for the check to come to something."""
    if isinstance(check.predicate, ProsePredicate):
        return False
    # A condition on last year may hold by what this year says, as a sum that is zero without it.
    parts = [part for part in (check.predicate, *check.guards) if isinstance(part, Linear)]
    own = not any(term.ref.lag for part in parts[:1] for term in part.terms)
    return own and all(any(not term.ref.lag for term in part.terms) for part in parts)


def _is_milder(one: Rule, other: Rule) -> bool:
    order = list(Severity)
    return order.index(one.severity) > order.index(other.severity)


def directions_of(checks: Sequence[Check]) -> dict[Address, tuple[tuple[str, Fraction], ...]]:
    """How each cell enters the equations without conditions that are errors or warnings; cells that
    enter them in the same proportion cannot be told apart by them."""
    found: dict[Address, dict[str, int]] = defaultdict(dict)
    for check in checks:
        sums = check.predicate
        if (
            isinstance(sums, Linear)
            and sums.relation is Relation.EQ
            and not (sums.tolerance or check.guards or check.rule.severity is Severity.INFO)
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
    found: list[Bench] = []
    for _ in range(REPORTS):
        agency = rng.choice([None, *agencies])
        bench = Bench(form, checks, consistent_figures(form, rng, size), agency)
        if bench.failing:
            bench = _mended(bench, form, checks, agency)
        if not bench.failing:
            found.append(bench)
    return _Scale(size, tuple(found), REPORTS - len(found))


def _mended(bench: Bench, form: Form, checks: Sequence[Check], agency: str | None) -> Bench:
    """The report with the nearest figures for which all sums that apply to it hold."""
    cells = cells_of(form, checks)
    system = [
        bounds
        for outcome in bench.outcomes
        if isinstance(outcome.check.predicate, Linear)
        and outcome.check.rule.severity is not Severity.INFO
        and outcome.residual is not None
        and (bounds := bounds_of(outcome.check.predicate, cells))
    ]
    near = {Ref(box): float(figure) for box, figure in bench.figures.items()}
    try:
        found = solution(system, cells, near)
    except Unsolved:
        found = None
    if found is None:
        return bench
    figures = {box: found.get(Ref(box), figure) for box, figure in bench.figures.items()}
    return Bench(form, checks, figures, agency)


def _glances(
    scales: Sequence[_Scale], box: Address, rng: Random
) -> Iterator[tuple[Mutation, Bench]]:
    """Mistakes of every kind in one cell, in reports of every size."""
    for scale in scales:
        for _ in range(_ROUNDS if scale.benches else 0):
            bench = rng.choice(scale.benches)
            for mutation in mutations(bench.form, bench.figures, box, rng, KINDS):
                yield mutation, bench


def _mistakes(
    scales: Sequence[_Scale], box: Address, rng: Random, count: int, kinds: Sequence[str] = ()
) -> Iterator[tuple[Mutation, Bench]]:
    """So many mistakes in one cell, each of a kind that can be made there; sizes take turns."""
    filled = [scale for scale in scales if scale.benches]
    first = rng.randrange(len(filled))
    for index in range(count):
        bench = rng.choice(filled[(first + index) % len(filled)].benches)
        order = rng.sample(kinds or KINDS, len(kinds or KINDS))
        mutation = next(mutations(bench.form, bench.figures, box, rng, order), None)
        if mutation is not None:
            yield mutation, bench


def _pairs(
    scales: Sequence[_Scale], boxes: Sequence[Address], rng: Random, count: int
) -> Iterator[tuple[Mutation, Bench]]:
    """Two mistakes at once, each in a cell of its own."""
    filled = [scale for scale in scales if scale.benches]
    for index in range(count if filled and len(boxes) > 1 else 0):
        bench = rng.choice(filled[index % len(filled)].benches)
        changes: dict[Address, Decimal | None] = {}
        for box in rng.sample(boxes, 2):
            order = rng.sample(ONE_CELL, len(ONE_CELL))
            one = next(mutations(bench.form, bench.figures, box, rng, order), None)
            changes.update(one.changes if one else {})
        if len(changes) == 2:
            yield Mutation("pair", changes), bench
