"""A figure that a sentence states, and the cells or sums that it may mean.

All readings that the wording admits are tried before anything is said. A figure that fits only a
reading with a severity of its own is told as that reading says. Where no cell can judge it, a
quantity that two sections state is still the same in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.checks.prose import cite, outcome, plain, unread
from auditor.model import Address, Words
from auditor.model.check import Alternative, Check, Relation, Severity
from auditor.model.finding import Operand, Outcome, Reason, Status
from auditor.model.prose import Claim, Prose, Quantity
from auditor.model.report import Blank, Facts, Number, Ref

_MOST_ADDED = 24
"""Figures of one sentence that are added up in rows."""


class MentionReadings(Struct, frozen=True):
    """A mention and the readings it may have, as compiled from the form."""

    mention: str
    label: Words
    alternatives: tuple[Alternative, ...]
    severity: Severity | None = None
    denied: Severity | None = None
    """What is said where the text denies what the table has."""
    added: tuple[str, ...] = ()
    """Mentions that the table may count with it."""
    whole: bool = True
    """Whether it may be told in parts that add up; a part itself, such as a result or a kind of
    applicant, is not what the total of all parts is."""
    totals: tuple[tuple[Address, tuple[Address, ...]], ...] = ()
    """Cells that the form totals, with their parts: a total left blank is what its parts say."""


class Sum(Struct, frozen=True):
    """What an alternative comes to on a report."""

    alternative: Alternative
    known: Decimal
    """In units of the cells."""
    reason: Reason | None
    """Why it cannot be told; None when every cell was read."""
    operands: tuple[Operand, ...]

    def fits(self, claim: Claim, value: Decimal) -> bool:
        """Whether it is the figure, rounded or cut to the places that the claim prints."""
        if self.reason is not None:
            return False
        over = self.known * self.alternative.times - value
        match self.alternative.relation:
            case Relation.EQ:
                return -claim.step / 2 <= over < claim.step
            case Relation.LE:
                return over >= 0
            case Relation.GE:
                return over <= 0


def add_up(
    alternative: Alternative,
    facts: Facts,
    lag: int = 0,
    totals: Mapping[Address, Sequence[Address]] | None = None,
) -> Sum:
    """The cells of the report, or of the one `lag` years before; a blank is what its parts add up
    to, or zero where it has none. Rows that this copy does not print are left out."""
    known, reason = Decimal(0), None
    operands: list[Operand] = []
    for sign, address in alternative.terms:
        value = facts.values.get(Ref(address, lag))
        if value is None:
            continue
        parts = (totals or {}).get(address, ()) if isinstance(value, Blank) else ()
        for cell in (address, *parts):
            ref = Ref(cell, lag)
            value = facts.values.get(ref)
            if value is None:
                continue
            operands.append(Operand(ref, value, sign))
            if isinstance(value, Number):
                known += sign * value.value
            elif not isinstance(value, Blank):
                reason = unread(value)
    return Sum(alternative, known, reason if operands else Reason.MISSING, tuple(operands))


def evaluate_claim(
    check: Check, body: MentionReadings, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """An outcome for every time that the quantity is stated."""
    claims = prose.of(body.mention)
    if not claims:
        return
    sums = [add_up(each, facts, 0, dict(body.totals)) for each in body.alternatives]
    found = [(claim, _claim_outcome(check, body, prose, claim, sums)) for claim in claims]
    # Where a sentence has the own figure too, and it agrees, the wider one is lawfully another.
    own = {claim.sentence for claim, one in found if one.status is Status.PASS and not claim.wide}
    failing = {claim.sentence for claim, one in found if one.status is Status.FAIL}
    beside = _Beside(prose, body, failing)
    for claim, one in found:
        if one.status is not Status.FAIL:
            yield one
        elif (total := _total_that_fits(beside, body, claim, sums)) is not None:
            yield outcome(
                check, "prose-agrees-in-sum", cite(prose, claim), passes=True,
                operands=one.operands, residual=Decimal(0), subject=body.mention,
                what=body.label, figure=plain(claim.value), sum=plain(total),
            )  # fmt: skip
        elif claim.wide and claim.sentence in own:
            yield replace(one, status=Status.NOT_APPLICABLE, reason=Reason.SCOPE)
        else:
            yield one


class _Beside:
    """What some sentences state beside a claim; found once, and not for every claim."""

    def __init__(self, prose: Prose, body: MentionReadings, sentences: Collection[int]) -> None:
        named = (body.mention, *body.added)
        alike: dict[int, list[Decimal]] = {}
        for claim in prose.claims if sentences else ():
            if claim.quantity and claim.sentence in sentences and claim.mention in named:
                alike.setdefault(claim.sentence, []).append(claim.value)
        self.sums = {at: sum(values, Decimal(0)) for at, values in alike.items() if len(values) > 1}
        """By sentence, what it states of the same quantity, added up, where that is several."""
        self.figures: dict[tuple[int, str], list[Quantity]] = {}
        """By sentence and unit, its first figures."""
        for figure in prose.quantities if sentences and body.whole else ():
            if figure.sentence in sentences:
                row = self.figures.setdefault((figure.sentence, figure.unit), [])
                if len(row) < _MOST_ADDED:
                    row.append(figure)


def _total_that_fits(
    beside: _Beside, body: MentionReadings, claim: Claim, sums: Sequence[Sum]
) -> Decimal | None:
    """A sum of the sentence that the table has, without a question, and that the figure is a part
    of; None for none."""
    plainly = [each for each in sums if each.alternative.severity is None]
    for total in _totals_of_sentence(beside, body, claim) if claim.quantity else ():
        if any(each.fits(claim, total) for each in plainly):
            return total
    return None


def _totals_of_sentence(beside: _Beside, body: MentionReadings, claim: Claim) -> Iterator[Decimal]:
    """What the sentence adds up a figure to: with others of its mention, with what it says is not
    in the figure, and with figures of any kind in a row with it."""
    if claim.sentence in beside.sums:
        yield beside.sums[claim.sentence]
    if claim.outside:
        yield claim.value + claim.outside
    if not body.whole or claim.quantity is None:
        return
    figures = beside.figures.get((claim.sentence, claim.unit), ())
    values = [each.value for each in figures]
    starts = [each.start for each in figures]
    at = starts.index(claim.quantity.start) if claim.quantity.start in starts else -1
    for index, total in enumerate(values):
        if index != at and total > claim.value and _is_part(values, index, at):
            yield total


def _is_part(values: Sequence[Decimal], total: int, part: int) -> bool:
    """Whether figures in a row, with this part, come to a total in front of them or behind."""
    row = values[:total] if part < total else values[total + 1 :]
    at = part if part < total else part - total - 1
    return any(
        values[total] in [*accumulate(row[first:])][max(at - first, 1) :] for first in range(at + 1)
    )


def _claim_outcome(
    check: Check, body: MentionReadings, prose: Prose, claim: Claim, sums: Sequence[Sum]
) -> Outcome:
    figure, first = plain(claim.value), sums[0]
    result = partial(outcome, check, subject=body.mention, what=body.label, figure=figure)
    quote = cite(prose, claim)
    if claim.vague:
        return result(
            "prose-vague" if claim.quantity else "prose-loose", quote, reason=Reason.VAGUE
        )
    if not claim.value:
        sums = sums[:1]  # none at all is none in the first reading; a part of zero proves nothing
    fitting = next((each for each in sums if each.fits(claim, claim.value)), None)
    if fitting is not None:
        severity = fitting.alternative.severity
        if severity is None:
            return result(
                "prose-agrees", quote, passes=True, operands=fitting.operands, residual=Decimal(0)
            )
        cells = {each.ref: each for each in (*fitting.operands, *first.operands)}
        return result(
            "prose-fits-other", quote, operands=tuple(cells.values()), severity=severity,
            actual=figure, note=fitting.alternative.note or {}, sum=plain(first.known),
        )  # fmt: skip
    for each in sums:
        if each.reason is not None:
            return result("prose-open", quote, reason=each.reason, operands=each.operands)
    tried = list(dict.fromkeys(plain(each.known) for each in sums))
    severity = body.denied if claim.denied and body.denied else body.severity
    return result(
        "prose-differs-wide" if claim.wide else "prose-differs",
        quote,
        operands=first.operands,
        residual=claim.value - first.known * first.alternative.times,
        # The table may be of another scope than the figure: a question.
        severity=Severity.INFO if claim.wide else severity,
        primary=first.operands[0].ref.address if len(first.operands) == 1 else None,
        expected=tried[0] if len(tried) == 1 else None,
        actual=figure,
        tried=" / ".join(tried),
        sum=plain(first.known),
    )


def claim_refs(body: MentionReadings) -> list[Ref]:
    """The cells of every reading."""
    return [Ref(address) for alternative in body.alternatives for _, address in alternative.terms]


def evaluate_same(
    check: Check, body: MentionReadings, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """An outcome for every statement after the first that another section makes."""
    values = [facts.values.get(ref) for ref in claim_refs(body)]
    if body.alternatives and all(isinstance(value, Number | Blank) for value in values):
        return
    parts = {(each.sentence, each.start) for found in prose.breakdowns for each in found.figures}
    stated = [
        (each, each.quantity.raw)
        for each in prose.of(body.mention)
        if each.quantity is not None
        and not each.wide
        and (each.sentence, each.quantity.start) not in parts
    ]
    for (first, one), (second, other) in pairwise(stated):
        if prose.sentences[first.sentence].section == prose.sentences[second.sentence].section:
            continue
        result = partial(
            outcome, check, subject=body.mention, what=body.label, first=one, second=other
        )
        quotes = cite(prose, first), cite(prose, second)
        if first.vague or second.vague:
            yield result("prose-same-vague", *quotes, reason=Reason.VAGUE)
        elif first.value == second.value:
            yield result("prose-same-agrees", *quotes, passes=True, residual=Decimal(0))
        else:
            yield result("prose-same-differs", *quotes, residual=second.value - first.value)
