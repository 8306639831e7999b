"""Failing sums in; explanations out: the fewest cells that explain them, and what each should be.

A suggestion is offered only after it was tried: it settles the checks it names, and no check that
did not fail fails after it.

Also a guard against ourselves (`impossible`): where every row and every column of a table is
totalled, the sums depend on one another: with all figures read, one of them cannot fail alone. When
just that seems to happen, we are wrong somewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from auditor.diagnosis.equations import (
    Edits,
    EquationBlock,
    Sums,
    Trial,
    blocks_of,
    exact,
    linked,
    plain_decimal,
    quotient,
    sums_of,
)
from auditor.diagnosis.search import (
    Covers,
    TooManySets,
    filled_blanks,
    shifted_rows,
    smallest_edits,
)
from auditor.diagnosis.slips import Surroundings, explain
from auditor.model.check import Coefficient, Linear, Ratio, Relation, Term
from auditor.model.finding import (
    ENGINE_DOUBT,
    Edit,
    Explanation,
    Grade,
    Outcome,
    Status,
    Suggestion,
)
from auditor.model.form import Address, Form, Table
from auditor.model.report import Facts, Number, Report
from auditor.model.source import Notice

_Sum = frozenset[tuple[Address, Coefficient]]


def impossible(
    report: Report, form: Form, outcomes: Sequence[Outcome]
) -> tuple[frozenset[str], tuple[Notice, ...]]:
    """Ids of the failures that cannot be, and a notice for each."""
    doubted: set[str] = set()
    notices: list[Notice] = []
    for table in form.tables:
        family = _family(report, table, outcomes)
        failing = [outcome for outcome in family if outcome.status is Status.FAIL]
        passing = [outcome for outcome in family if outcome.status is Status.PASS]
        if len(failing) == 1 and len(passing) == len(family) - 1:
            lone = failing[0]
            doubted.add(lone.check.id)
            details = (
                ("table", table.key),
                ("count", str(len(family))),
                ("check", lone.check.id),
            )
            cells = tuple(operand.ref.address for operand in lone.operands)
            notices.append(Notice(ENGINE_DOUBT, details, cells))
    return frozenset(doubted), tuple(notices)


def _family(report: Report, table: Table, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes for every sum of a table totalled both ways; none unless all are there, or
    where not just one of them fails."""
    entries = {box: entry for box, entry in report.entries.items() if box.table == table.key}
    both_ways = {constraint.each for constraint in table.sums} >= {"row", "column"}
    if not both_ways or not entries or not all(each.is_exact for each in table.sums):
        return []
    if not all(isinstance(entry.value, Number) for entry in entries.values()):
        return []
    broken = {
        _as_sum(each, table.key, entries) for each in outcomes if each.status is Status.FAIL
    } - {None}
    if not broken:
        return []
    wanted = {_upright(frozenset(terms.items())) for terms in table.sums_over(entries)}
    if len(broken & wanted) != 1:
        return []  # only one that fails alone is of interest
    found: dict[_Sum, Outcome] = {}
    for outcome in outcomes:
        own = _as_sum(outcome, table.key, entries)
        if own in wanted:
            found.setdefault(own, outcome)
    return list(found.values()) if len(found) == len(wanted) else []


def _as_sum(outcome: Outcome, table: str, present: Collection[Address]) -> _Sum | None:
    """The check as an exact sum to zero over figures of this report, or None when it is not one."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return None
    if linear.constant or not linear.is_exact or any(term.ref.lag for term in linear.terms):
        return None
    if any(term.ref.address.table != table for term in linear.terms):
        return None
    terms = ((term.ref.address, term.coefficient) for term in linear.terms)
    return _upright(frozenset(term for term in terms if term[0] in present))


def _upright(sum_: _Sum) -> _Sum:
    """The same sum with a positive first coefficient, so that both ways of writing it are one."""
    if not sum_ or min(sum_)[1] > 0:
        return sum_
    return frozenset((address, -coefficient) for address, coefficient in sum_)


OFFERS = 24
"""How many sets of edits an explanation offers at most."""


class _Explained(Struct, frozen=True):
    """What explains the failures of one block."""

    sets: tuple[Edits, ...]
    size: int
    """So many cells at least have to change."""
    complete: bool
    """Whether there are no other sets of that size."""
    settled: bool = True
    """Whether the failures around these, too, have one explanation only."""


class _SearchInput(Struct, frozen=True):
    """What the search needs at hand; written once, before it starts."""

    report: Report
    sums: Sums
    trial: Trial
    around: Surroundings
    failing: Mapping[str, Outcome]

    def accepts(self, edits: Edits) -> bool:
        """Whether the edits break nothing."""
        return not self.trial.of(edits).breaks


def explain_failures(
    report: Report,
    form: Form,
    facts: Facts,
    outcomes: Sequence[Outcome],
) -> list[Explanation]:
    """Every failing sum in exactly one explanation; the same outcomes always give the same."""
    failing = {
        outcome.check.id: outcome
        for outcome in outcomes
        if outcome.status is Status.FAIL and isinstance(outcome.check.predicate, Linear | Ratio)
    }
    if not failing:
        return []
    boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
    position = {box: index for index, box in enumerate(boxes)}
    sums = sums_of(report, facts, outcomes, position)
    around = Surroundings(report, form, facts, sums)
    search = _SearchInput(report, sums, Trial(facts, outcomes), around, failing)
    explanations: list[Explanation] = []
    left = dict(failing)
    for block in blocks_of(sums):
        for rows, explained in _explanations(search, block):
            explanation = _explanation(search, rows, explained, left.keys())
            left = {key: each for key, each in left.items() if each not in explanation.outcomes}
            explanations.append(explanation)
    return [*explanations, *(_lone(search, outcome) for outcome in left.values())]


def _explanations(
    search: _SearchInput, block: EquationBlock
) -> Iterator[tuple[frozenset[int], _Explained]]:
    """The failures of a block in parts, each with what explains it."""
    whole = _explain(search, block)
    if whole.sets and whole.size <= len(block.failing):
        for rows, sets in linked(search.sums, block.failing, whole.sets):
            good = tuple(edits for edits in sets if search.accepts(edits))
            size = min(map(len, good), default=2)
            complete = whole.complete and len(good) == len(sets)
            yield rows, _Explained(good, size, complete, len(whole.sets) == 1)
        return
    # Changing as many cells as sums fail explains nothing, but some of them may be clear alone.
    for group in block.groups:
        singles = tuple(filter(search.accepts, Covers(search.sums, block.rows, group).sets(1)))
        least = whole.size if len(block.groups) == 1 else 2
        yield group, _Explained(singles, 1 if singles else least, False)


def _explain(search: _SearchInput, block: EquationBlock) -> _Explained:
    """The smallest sets of cells that explain all failures of a block.

    No cell enters two groups of failures, so that there are at least as many wrong cells.
    """
    sums, failing, least = search.sums, block.failing, len(block.groups)
    covers = Covers(sums, block.rows)
    with suppress(TooManySets):
        for size in range(least, 3):
            if found := covers.sets(size):
                good = tuple(filter(search.accepts, found))
                return _Explained(good, size, len(good) == len(found))
    filled = filled_blanks(sums, failing)
    if filled and search.accepts(filled):
        return _Explained((filled,), len(filled), False)
    shifts = tuple(filter(search.accepts, shifted_rows(sums, failing)))
    fewest = smallest_edits(sums, block.rows, max(least, 2), search.accepts)
    sets = (*shifts, *fewest.edits)
    if not sets:
        # Without a search, one cell for each group will do where every group has one.
        alone = [Covers(sums, block.rows, group).sets(1) for group in block.groups]
        if len(alone) == least and all(len(each) == 1 for each in alone):
            together = {ref: after for [edits] in alone for ref, after in edits.items()}
            sets = (together,) if search.accepts(together) else ()
    return _Explained(sets, fewest.least, fewest.complete and not shifts)


def _explanation(
    search: _SearchInput, rows: frozenset[int], explained: _Explained, left: Collection[str]
) -> Explanation:
    """One cause: the failures that it explains, those of other sorts that it settles included."""
    own = [search.sums.rows[row].outcome.check.id for row in sorted(rows)]
    sets, ratios = _settling_ratios(search, explained.sets)
    ranked = sorted(sets, key=lambda edits: _plausible(search, edits))
    offers = [_suggestion(search, edits) for edits in ranked[:OFFERS]]
    # Where no more sums fail than cells would change, nothing confirms the values: a sum that runs
    # one way only may leave one cell because the others cannot be negative, and two be wrong.
    confirmed = len(offers) == 1 and len(rows) + ratios > len(offers[0].edits)
    sure = explained.complete and explained.settled and confirmed
    if sure and _is_explained(search, ranked[0], offers[0]):
        offers = [replace(offers[0], grade=Grade.LIKELY)]
    also = set.intersection(*(set(offer.settles) for offer in offers)) if offers else set()
    reported = [key for key in search.failing if key in own or (key in also and key in left)]
    primary = offers[0].edits[0].address if len(offers) == 1 else None
    outcomes = [search.failing[key] for key in reported]
    return Explanation(
        tuple(sorted(outcomes, key=lambda outcome: _filing(outcome, primary))),
        primary,
        tuple(offers),
        min_cells=0 if offers else explained.size,
        has_more=len(ranked) > OFFERS or not explained.complete,
    )


def _settling_ratios(search: _SearchInput, sets: Sequence[Edits]) -> tuple[Sequence[Edits], int]:
    """Those of the sets after which ratios hold too that fail now, where some are such, and how
    many ratios that are: after the others one more cell would have to change."""
    found = 0
    for key, outcome in search.failing.items():
        if isinstance(outcome.check.predicate, Ratio):
            better = [edits for edits in sets if key in search.trial.of(edits).settles]
            sets, found = (better, found + 1) if better else (sets, found)
    return sets, found


def _lone(search: _SearchInput, outcome: Outcome) -> Explanation:
    """A failure that no cause is known to share; what would mend it alone is offered."""
    changes = sorted(_mendings(search, outcome), key=lambda edits: _plausible(search, edits))
    return Explanation((outcome,), None, tuple(_suggestion(search, edits) for edits in changes))


def _mendings(search: _SearchInput, outcome: Outcome) -> Iterator[Edits]:
    """Each cell of a fully read equation, and the printed figure of a ratio, with the value that
    alone would make it hold."""
    sums = outcome.check.predicate
    terms: tuple[Term, ...] = ()
    if isinstance(sums, Ratio):
        terms = (sums.printed,)  # what part and whole should be, no single figure says
    elif isinstance(sums, Linear) and sums.relation is Relation.EQ:
        terms = sums.terms
    for term in terms if outcome.residual else ():
        column = search.sums.columns.get(term.ref)
        if column is None or outcome.residual is None:
            continue
        change = quotient(-exact(outcome.residual), exact(term.coefficient))
        edits = {term.ref: column.before + change}
        if column.admits(edits[term.ref]):
            tried = search.trial.of(edits)
            if outcome.check.id in tried.settles and not tried.breaks:
                yield edits


def _plausible(search: _SearchInput, edits: Edits) -> tuple[int, bool, list[int]]:
    """Cells read with doubt first, then what a slip explains, then the form's order."""
    weight = sum(search.sums.columns[ref].weight for ref in edits)
    return weight, not explain(edits, search.around), sorted(map(search.sums.place, edits))


def _filing(outcome: Outcome, primary: Address | None) -> tuple[int, bool]:
    """Worst first, then the check that is about the very cell; otherwise as the rules stand."""
    subject = outcome.check.subject
    about = subject is not None and subject.address == primary
    return outcome.check.rule.severity.rank, not about


def _suggestion(search: _SearchInput, edits: Edits) -> Suggestion:
    tried = search.trial.of(edits)
    cells = [
        Edit(
            ref.address,
            search.report.entries[ref.address].raw or "",
            format(plain_decimal(edits[ref]), "f"),
        )
        for ref in sorted(edits, key=search.sums.place)
    ]
    # A sentence that repeats the figure must change with it.
    said = [Edit(Address("text", "", name), was, due) for name, was, due in tried.restated]
    return Suggestion(
        (*cells, *dict.fromkeys(said)),
        tried.settles,
        Grade.POSSIBLE,
        explain(edits, search.around),
    )


def _is_explained(search: _SearchInput, edits: Edits, offer: Suggestion) -> bool:
    """Whether one slip of the author's explains it, and no sentence speaks for the figure: two at
    once in one line may as well be a third and its neighbour, for a figure in the wrong box changes
    two cells by the same."""
    one = len(offer.slips) == 1 and not offer.slips[0].misreading
    return one and not search.trial.of(edits).restated
