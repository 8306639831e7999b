"""A report in, its facts out; checks and facts in, their outcomes out, in the same order.

Arithmetic is exact. A figure that was not read is any number that its box may hold: a sum that no
such number can save fails, one that every such number leaves true passes, the rest is undetermined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any, assert_never

from msgspec import Struct

from auditor.checks.prose import claims, comparisons, formalities, lists
from auditor.model.check import (
    BlankPolicy,
    Check,
    Filled,
    Issuer,
    Linear,
    ProsePredicate,
    Ratio,
    Relation,
    Term,
    Written,
    half_units,
)
from auditor.model.finding import Operand, Outcome, Reason, Status
from auditor.model.form import Address
from auditor.model.prose import Prose
from auditor.model.report import (
    CHILDREN,
    Below,
    Blank,
    Facts,
    Illegible,
    Missing,
    NotApplicable,
    Number,
    Ref,
    Report,
    Unprinted,
    Value,
    is_unread,
)
from auditor.patterns import compiled, lazy_pattern

if TYPE_CHECKING:
    from fractions import Fraction

    _Interval = tuple[Fraction, Fraction]

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Sums and products of decimals are exact in it."""
_ZERO = Decimal(0)
Judged = Linear | Ratio | Filled | Written
"""Predicates over boxes, which have one outcome each."""
_PLAIN = lazy_pattern(
    r"[+\-\u2212\uff0d\u2013]?(?:\d{1,3}(?:[,\uff0c]\d{3})+|\d+)(?:[.\uff0e]\d+)?"
)
"""A number and nothing else, in any script's digits, once blanks are taken out."""

YEAR = Address("text", "", "year")


def gather(
    report: Report,
    previous: Report | None = None,
    children: Sequence[Report] = (),
    left_out: Sequence[Address] = (),
) -> Facts:
    """Every figure of the reports by ref; which year they are for is a figure too.

    Whether `previous` is the report of the year before, and `children` are those of all bodies
    below this one, is for the caller to know; so is which optional boxes it has `left_out`.
    """
    values: dict[Ref, Value] = {}
    raw: dict[Ref, str] = {}
    for lag, one in enumerate((report, previous)):
        if one is None:
            continue
        year = one.identity.year
        values[Ref(YEAR, lag)] = Missing() if year is None else Number(Decimal(year))
        if year is not None:
            raw[Ref(YEAR, lag)] = str(year)
        for address, entry in one.entries.items():
            ref = Ref(address, lag)
            values[ref] = entry.value
            if entry.raw is not None:
                raw[ref] = entry.raw
    values |= {Ref(address): Unprinted() for address in left_out}
    for address in report.entries if children else ():
        values[Ref(address, CHILDREN)] = _added_up(address, children)
    return Facts(
        values,
        raw,
        report.identity.agency,
        previous is not None,
        bool(children),
        report.assumed,
        report.prose,
        frozenset({address.table for address in report.entries} | {YEAR.table}),
        frozenset(
            (unknown.table, row)
            for unknown in report.unknown_rows
            if unknown.counts
            for row in unknown.between
        ),
    )


def _added_up(address: Address, reports: Sequence[Report]) -> Value:
    """What a box comes to in all of the reports: blanks are zero, and one that was not read leaves
    it open. It may be off by what rounding has done to each."""
    known, step, filled = _ZERO, _ZERO, False
    for report in reports:
        entry = report.entries.get(address)
        if entry is None or not isinstance(entry.value, Number | Blank):
            return Missing()
        if isinstance(entry.value, Number):
            known, step, filled = known + entry.value.value, step + entry.value.step, True
    return Number(known, step) if filled else Blank()


def _elsewhere(ref: Ref, facts: Facts) -> Reason:
    """Why there is no such figure of other reports: none are at hand, or they lack the box."""
    if ref.lag == CHILDREN:
        return Reason.ABSENT if facts.has_children else Reason.CHILDREN
    return Reason.ABSENT if facts.has_predecessor else Reason.PREDECESSOR


def evaluate(checks: Iterable[Check], facts: Facts) -> tuple[Outcome, ...]:
    """What each check finds. Never raises on account of a figure.

    A check on sentences gives an outcome for every claim that it looks at, all others give one.
    """
    found: list[Outcome] = []
    with localcontext(_EXACT):
        for check in checks:
            predicate = check.predicate
            if isinstance(predicate, ProsePredicate):
                found += _on_sentences(check, predicate, facts)
            elif check.subject is not None and check.subject not in facts.values:
                found.append(Outcome(check, Status.NOT_APPLICABLE, reason=Reason.ABSENT))
            elif isinstance(predicate, Written) and not check.guards:
                found.append(_written(check, predicate, facts))  # two for every cell of a form
            else:
                found.append(_outcome(check, predicate, facts))
    return tuple(found)


def _on_sentences(check: Check, told: ProsePredicate, facts: Facts) -> Sequence[Outcome]:
    closed = _closed(check, facts)
    if closed is not None:
        return (Outcome(check, closed[0], reason=closed[1]),)
    prose = facts.prose
    judge = EVALUATORS[told.aspect].evaluate
    found = () if prose is None else tuple(judge(check, told.body, facts, prose))
    return found or (Outcome(check, Status.NOT_APPLICABLE, reason=Reason.UNSAID),)


def _outcome(check: Check, predicate: Judged, facts: Facts) -> Outcome:
    found = _judge(check, predicate, facts)
    if check.guards and found.status is not Status.NOT_APPLICABLE:
        closed = _closed(check, facts)
        if closed is not None:
            # What it would have said is not to be told: the rule may not apply.
            status, reason = closed
            return Outcome(check, status, found.operands, found.residual, reason)
    return found


def _closed(check: Check, facts: Facts) -> tuple[Status, Reason | None] | None:
    """Why the guards keep a check from being told; None when all hold. One that is false wins."""
    doubt: Reason | None = None
    doubtful = False
    for guard in check.guards:
        match guard:
            case Issuer(patterns):
                if facts.agency is None:
                    doubtful, doubt = True, doubt or Reason.AGENCY
                elif not any(compiled(pattern).search(facts.agency) for pattern in patterns):
                    return Status.NOT_APPLICABLE, Reason.GUARD
            case Linear() | Written():
                judged = _judge(check, guard, facts, guarding=True)
                if judged.status is Status.UNDETERMINED:
                    doubtful, doubt = True, doubt or judged.reason
                elif judged.reason in (Reason.ABSENT, Reason.PREDECESSOR, Reason.CHILDREN):
                    return Status.NOT_APPLICABLE, judged.reason
                elif judged.status is not Status.PASS:
                    return Status.NOT_APPLICABLE, Reason.GUARD
            case _:
                assert_never(guard)
    return (Status.UNDETERMINED, doubt) if doubtful else None


def _judge(check: Check, predicate: Judged, facts: Facts, guarding: bool = False) -> Outcome:
    """What a predicate, the check's own or one of its guards, comes to."""
    match predicate:
        case Linear():
            return _linear(check, predicate, facts, guarding)
        case Ratio():
            return _ratio(check, predicate, facts)
        case Written():
            return _written(check, predicate, facts)
        case Filled():
            return _filled(check, predicate, facts)
        case _:
            assert_never(predicate)


class _Spread(Struct, frozen=True):
    """A weighted sum over what was read, and how far the unread figures leave it open."""

    known: Decimal
    operands: tuple[Operand, ...]
    low: Decimal | None
    """What it comes to at least; None where what is not known leaves that open."""
    high: Decimal | None
    blank: bool
    illegible: bool
    missing: bool
    unprinted: bool = False
    """Whether rows are left out, which count for nothing where the sum then holds."""
    open_low: bool = False
    """Whether it comes to more than `low`, as it does where a limit is not reached."""
    open_high: bool = False
    unfiled: Reason | None = None
    """Why a figure is not at hand: of the year before, or none where the report has nothing to
    count."""


def _spread(
    terms: Iterable[Term],
    facts: Facts,
    policy: BlankPolicy,
    guarding: bool = False,
    constant: Decimal = _ZERO,
) -> _Spread:
    """In a guard, figures of last year that are not at hand are left out."""
    operands: list[Operand] = []
    known = -constant
    less = more = _ZERO
    below = above = blank = illegible = missing = unprinted = False
    for term in terms:
        ref, weight = term.ref, term.coefficient
        value = facts.values.get(ref)
        if value is None:
            if ref.lag and not guarding:
                # Last year's report may be missing, or of an edition without this box.
                reason = _elsewhere(ref, facts)
                return _Spread(known, (), None, None, blank, illegible, missing, unfiled=reason)
            if facts.tables is not None and ref.address.table not in facts.tables:
                reason = Reason.ABSENT
                return _Spread(known, (), None, None, blank, illegible, missing, unfiled=reason)
            continue  # a row that this copy of the form does not print
        if isinstance(value, NotApplicable):
            return _Spread(known, (), None, None, blank, illegible, missing, unfiled=Reason.ABSENT)
        if not isinstance(value, Unprinted):
            operands.append(Operand(ref, value, weight))
        if isinstance(value, Number):
            known += value.value if weight == 1 else weight * value.value
            continue
        if isinstance(value, Blank):
            if policy is BlankPolicy.ZERO:
                continue
            blank = True
        elif isinstance(value, Illegible):
            illegible = True
            if isinstance(value, Below):
                share = weight * value.limit
                less += share if share < 0 else 0
                more += share if share > 0 else 0
                continue
        elif isinstance(value, Unprinted):
            unprinted = True
        else:
            missing = True
        above |= weight > 0 or term.signed
        below |= weight < 0 or term.signed
    low, high = None if below else known + less, None if above else known + more
    # Of a limit only zero, on the other side, can be reached.
    ends = (less != 0, more != 0)
    return _Spread(known, tuple(operands), low, high, blank, illegible, missing, unprinted, *ends)


def _linear(check: Check, sums: Linear, facts: Facts, guarding: bool) -> Outcome:
    """The sum with blanks as zero, or the span of sums that the unread figures leave open.

    One that only a figure in a blank box could save fails, and says so; as a guard it is open.
    """
    policy = check.rule.blank
    found = _spread(sums.terms, facts, policy, guarding, sums.constant)
    if found.unfiled is not None:
        return Outcome(check, Status.NOT_APPLICABLE, reason=found.unfiled)
    seen, known = found.operands, found.known
    if not seen:
        refs = [term.ref for term in sums.terms]
        lagging = bool(refs) and all(ref.lag for ref in refs)
        reason = _elsewhere(refs[0], facts) if lagging else Reason.ABSENT
        return Outcome(check, Status.NOT_APPLICABLE, reason=reason)
    if facts.beside_unknown and _crosses_unknown_row(seen, facts):
        return Outcome(check, Status.UNDETERMINED, seen, None, Reason.UNKNOWN_ROW)
    unread = found.illegible or found.missing
    residual = None if unread else known
    zeroed = found.unprinted or found.blank
    zeroed = zeroed and not unread and policy is BlankPolicy.ZERO_IF_HOLDS
    low, high = found.low, found.high
    slack = sums.slack((each.coefficient, each.value) for each in seen)
    certain = low is not None and low == high
    if _holds(sums, known, slack) if certain or zeroed else _always(sums, low, high, slack):
        # A guard may rest on what the reader took for granted; a pass may not.
        if facts.assumed and not guarding and _addresses(seen) in facts.assumed:
            return Outcome(check, Status.UNDETERMINED, seen, residual, Reason.ASSUMED)
        return Outcome(check, Status.PASS, seen, residual)
    if certain or _never(sums, found, slack):
        return Outcome(check, Status.FAIL, seen, residual)
    if zeroed and not found.unprinted and not guarding:
        # Whatever was meant, the page is wrong: a box lacks its figure, or another figure is off.
        return Outcome(check, Status.FAIL, seen, residual, Reason.BLANK)
    is_missing = found.missing or found.unprinted
    reason = Reason.ILLEGIBLE if found.illegible else Reason.MISSING if is_missing else Reason.BLANK
    return Outcome(check, Status.UNDETERMINED, seen, residual, reason)


def _ratio(check: Check, ratio: Ratio, facts: Facts) -> Outcome:
    """Whether some figures that were rounded to the printed ones have just this ratio.

    Each is an interval of half a unit around its last digit, so the quotient is one too. A blank
    is zero, and where that is not what is due, a figure is missing or wrong.
    """
    policy = check.rule.blank
    sides = [
        _spread(terms, facts, BlankPolicy.ZERO)
        for terms in ((ratio.printed,), ratio.part, ratio.whole)
    ]
    unfiled = next((side.unfiled for side in sides if side.unfiled), None)
    if unfiled or not all(side.operands for side in sides):
        return Outcome(check, Status.NOT_APPLICABLE, reason=unfiled or Reason.ABSENT)
    seen = tuple({each.ref: each for side in sides for each in side.operands}.values())
    if facts.beside_unknown and _crosses_unknown_row(seen, facts):
        return Outcome(check, Status.UNDETERMINED, seen, None, Reason.UNKNOWN_ROW)
    printed = _interval(sides[0], True, ratio.tolerance)
    part, whole = (_interval(side, ratio.rounding) for side in sides[1:])
    if whole is not None and whole[0] <= 0 <= whole[1]:
        return Outcome(check, Status.NOT_APPLICABLE, seen, reason=Reason.ZERO)
    if printed is None or part is None or whole is None:
        is_illegible = any(side.illegible for side in sides)
        reason = Reason.ILLEGIBLE if is_illegible else Reason.MISSING
        return Outcome(check, Status.UNDETERMINED, seen, None, reason)
    blank = any(isinstance(each.value, Blank) for each in seen)
    if blank and policy is BlankPolicy.UNDETERMINED:
        return Outcome(check, Status.UNDETERMINED, seen, None, Reason.BLANK)
    due = ratio.due(facts.values)
    residual = None if due is None or sides[0].illegible else sides[0].known - due
    least, most = _quotients(ratio, part, whole)
    if least <= printed[1] and most >= printed[0]:
        return Outcome(check, Status.PASS, seen, residual)
    zeroed = blank and policy is BlankPolicy.ZERO_IF_HOLDS
    return Outcome(check, Status.FAIL, seen, residual, Reason.BLANK if zeroed else None)


def ratio_range(ratio: Ratio, facts: Facts) -> _Interval:
    """What the ratio may be, at least and at most, where all its figures were read."""
    with localcontext(_EXACT):
        part, whole = (
            _interval(_spread(terms, facts, BlankPolicy.ZERO), ratio.rounding)
            for terms in (ratio.part, ratio.whole)
        )
    assert part and whole
    return _quotients(ratio, part, whole)


def _quotients(ratio: Ratio, part: _Interval, whole: _Interval) -> _Interval:
    from fractions import Fraction

    corners = [Fraction(ratio.scale) * above / below for above in part for below in whole]
    return min(corners), max(corners)


def _interval(side: _Spread, of_counts: bool, tolerance: Decimal = _ZERO) -> _Interval | None:
    """What the figures may have come to before they were rounded; None where one was not read."""
    if side.low is None or side.high is None:
        return None
    figures = ((each.coefficient, each.value) for each in side.operands)
    slack = tolerance + half_units(figures, of_counts)
    from fractions import Fraction  # few forms have ratios

    return Fraction(side.low - slack), Fraction(side.high + slack)


def _crosses_unknown_row(operands: tuple[Operand, ...], facts: Facts) -> bool:
    """Whether a sum runs over several rows of a table, beside a row that the form does not have."""
    rows = {
        (operand.ref.address.table, operand.ref.address.row)
        for operand in operands
        if not operand.ref.lag
    }
    crossed = {table for table, _ in rows & facts.beside_unknown}
    return any(sum(table == own for own, _ in rows) > 1 for table in crossed)


def _addresses(operands: tuple[Operand, ...]) -> frozenset[object]:
    return frozenset(operand.ref.address for operand in operands if not operand.ref.lag)


def _holds(sums: Linear, excess: Decimal, slack: Decimal) -> bool:
    match sums.relation:
        case Relation.EQ:
            return abs(excess) <= slack
        case Relation.LE:
            return excess <= slack
        case Relation.GE:
            return excess >= -slack
        case _:
            assert_never(sums.relation)


def _always(sums: Linear, low: Decimal | None, high: Decimal | None, slack: Decimal) -> bool:
    """Whether every sum from `low` to `high` holds; None is without bound."""
    if sums.relation is Relation.LE:
        return high is not None and high <= slack
    if sums.relation is Relation.GE:
        return low is not None and low >= -slack
    return False  # an unread operand always leaves an equality more than one value


def _never(sums: Linear, found: _Spread, slack: Decimal) -> bool:
    """Whether no sum within the spread holds."""
    low, high = found.low, found.high
    above = low is not None and (low > slack or (low == slack and found.open_low))
    below = high is not None and (high < -slack or (high == -slack and found.open_high))
    too_high = sums.relation is not Relation.GE and above
    return too_high or (sums.relation is not Relation.LE and below)


def _written(check: Check, figure: Written, facts: Facts) -> Outcome:
    value = facts.values.get(figure.ref)
    if value is None or isinstance(value, Unprinted):
        reason = _elsewhere(figure.ref, facts) if figure.ref.lag else Reason.ABSENT
        return Outcome(check, Status.NOT_APPLICABLE, reason=reason)
    seen = (Operand(figure.ref, value),)
    match value:
        case Number():
            if figure.bare:
                raw = facts.raw.get(figure.ref)
                if raw is None:
                    return Outcome(check, Status.UNDETERMINED, seen, reason=Reason.MISSING)
                good = is_bare(raw)
            else:
                is_lawful = figure.negative or value.value >= _ZERO
                good = is_lawful and _decimals(value.step) <= figure.decimals
            return Outcome(check, Status.PASS if good else Status.FAIL, seen)
        case Blank():
            return Outcome(check, Status.NOT_APPLICABLE, seen, reason=Reason.BLANK)
        case Illegible():
            return Outcome(check, Status.UNDETERMINED, seen, reason=Reason.ILLEGIBLE)
        case Missing():
            return Outcome(check, Status.UNDETERMINED, seen, reason=Reason.MISSING)
        case _:
            assert_never(value)


def is_bare(raw: str) -> bool:
    """Whether what is printed is a number and nothing beside it."""
    if all(map(str.isdecimal, raw.split(".", 1))):
        return True
    return bool(_PLAIN.fullmatch("".join(raw.split())))


def _decimals(step: Decimal) -> int:
    """Printed decimals: 2 for a step of 0.01, none for one of 1 or 100."""
    if step >= 1:
        return 0
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _of_most(here: tuple[Operand, ...]) -> set[type]:
    """Blank where more than half of the boxes are; what was not read, where that might be so."""
    half = len(here) / 2
    unread = [type(each.value) for each in here if is_unread(each.value)]
    blanks = sum(isinstance(each.value, Blank) for each in here)
    if blanks > half:
        return {Blank}
    return set(unread) if blanks + len(unread) > half else set()


def _filled(check: Check, boxes: Filled, facts: Facts) -> Outcome:
    found = [(ref, facts.values.get(ref)) for ref in boxes.refs]
    there = ((ref, value) for ref, value in found if not isinstance(value, Unprinted))
    here = tuple([Operand(ref, value) for ref, value in there if value is not None])
    if not boxes.wanted:
        return Outcome(check, Status.FAIL if here else Status.PASS, here)
    if not here:
        return Outcome(check, Status.NOT_APPLICABLE, reason=Reason.ABSENT)
    # A rule may want every box of a table, and a diagnosis asks it thousands of times.
    sorts = {type(operand.value) for operand in here}
    if boxes.mostly:
        sorts = _of_most(here)
    if Blank in sorts:
        blank = tuple(operand for operand in here if isinstance(operand.value, Blank))
        return Outcome(check, Status.FAIL, blank)
    if Illegible in sorts:
        return Outcome(check, Status.UNDETERMINED, here, reason=Reason.ILLEGIBLE)
    if Missing in sorts:
        return Outcome(check, Status.UNDETERMINED, here, reason=Reason.MISSING)
    return Outcome(check, Status.PASS, here)


# Checks on sentences, by aspect.

Evaluate = Callable[[Check, Any, Facts, Prose], Iterator[Outcome]]


def _no_refs(body: Any) -> Sequence[Ref]:
    return ()


def _single(evaluate: Callable[[Check, Any, Facts, Prose], Outcome]) -> Evaluate:
    return lambda check, body, facts, prose: iter((evaluate(check, body, facts, prose),))


class Evaluator(Struct, frozen=True):
    """One aspect."""

    evaluate: Evaluate
    """What the check finds, in the order of the text; nothing where nothing is said."""
    refs: Callable[[Any], Sequence[Ref]] = _no_refs
    """The figures of the form that the check may read."""


EVALUATORS: Mapping[str, Evaluator] = {
    "agrees": Evaluator(claims.evaluate_claim, claims.claim_refs),
    "same": Evaluator(claims.evaluate_same, claims.claim_refs),
    "breakdown": Evaluator(lists.evaluate_lists),
    "share": Evaluator(comparisons.evaluate_shares),
    "growth": Evaluator(comparisons.evaluate_growths, comparisons.growth_refs),
    "published": Evaluator(comparisons.evaluate_published),
    "sections": Evaluator(formalities.evaluate_sections),
    "edition": Evaluator(_single(formalities.evaluate_edition), formalities.edition_refs),
    "cites": Evaluator(_single(formalities.evaluate_basis)),
    "years": Evaluator(formalities.evaluate_years),
    "names": Evaluator(_single(formalities.evaluate_names)),
    "dated": Evaluator(_single(formalities.evaluate_date)),
    "brief": Evaluator(_single(formalities.evaluate_brevity)),
    "stated": Evaluator(_single(formalities.evaluate_statement)),
    "charged": Evaluator(formalities.evaluate_tariff, formalities.tariff_refs),
    "same_digits": Evaluator(formalities.evaluate_digits, formalities.digits_refs),
    "leftover": Evaluator(formalities.evaluate_template),
}
