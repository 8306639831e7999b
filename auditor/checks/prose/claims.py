"""A figure that a sentence states, and the cells or sums that it may mean.

All readings that the wording admits are tried before anything is said. A figure that fits only a
reading with a severity of its own is told as that reading says. Where no cell can judge it, a
quantity that two sections state is still the same in both.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.address import Address, Words
from auditor.model.check import Alternative, Check, Relation, Severity
from auditor.model.finding import Operand, Outcome, ProseResult, Reason, Status
from auditor.model.prose import Claim, Prose, Quantity
from auditor.model.report import Blank, Facts, Illegible, Number, Ref

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


class _Sum(NamedTuple):
    """What an alternative comes to on this report."""

    known: Decimal
    reason: Reason | None
    """Why it cannot be told; None when every cell was read."""
    operands: tuple[Operand, ...]


def evaluate_claim(
    check: Check, body: MentionReadings, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """An outcome for every time that the quantity is stated."""
    totals = dict(body.totals)
    sums = [_sum(alternative, totals, facts) for alternative in body.alternatives]
    outcomes = [
        (said, _claim_outcome(check, body, prose, said, sums)) for said in prose.of(body.mention)
    ]
    # Where a sentence has the own figure too, and it agrees, the wider one is lawfully another.
    own = {said.sentence for said, one in outcomes if one.status is Status.PASS and not said.wide}
    told = _SentenceTotals(prose, body)
    for said, outcome in outcomes:
        if outcome.status is Status.FAIL and (total := told.total(said, sums)) is not None:
            yield _settled(check, body, prose, said, outcome, total)
        elif said.wide and said.sentence in own and outcome.status is Status.FAIL:
            yield replace(outcome, status=Status.NOT_APPLICABLE, reason=Reason.SCOPE)
        else:
            yield outcome


class _SentenceTotals:
    """What the sentences with a mention add up to; made out only where a figure differs."""

    def __init__(self, prose: Prose, body: MentionReadings) -> None:
        self._prose, self._body = prose, body
        self._figures: dict[int, list[Quantity]] = {}
        self._claims: dict[int, list[Claim]] = {}

    def total(self, said: Claim, sums: Sequence[_Sum]) -> Decimal | None:
        """A sum of the sentence that the table has and this figure is a part of; None for none."""
        if said.quantity is None:
            return None
        return next(
            (each for each in self._totals(said) if _any_fits(said, each, self._body, sums)), None
        )

    def _totals(self, said: Claim) -> Iterator[Decimal]:
        if not self._claims:
            named = (self._body.mention, *self._body.added)
            for each in self._prose.claims:
                if each.mention in named and each.quantity:
                    self._claims.setdefault(each.sentence, []).append(each)
        alike = self._claims.get(said.sentence, [])
        if len(alike) > 1:
            yield sum((each.value for each in alike), Decimal(0))
        if said.outside:
            yield said.value + said.outside
        if not self._body.whole:
            return
        values, at = self._line_of(said)
        for index, total in enumerate(values):
            if index != at and total > said.value and _is_part(values, index, at):
                yield total

    def _line_of(self, said: Claim) -> tuple[list[Decimal], int]:
        """The counts of a sentence in the unit of a claim, and which of them is the claim's."""
        if not self._figures:
            for each in self._prose.quantities:
                self._figures.setdefault(each.sentence, []).append(each)
        own = [each for each in self._figures[said.sentence] if each.unit == said.unit][
            :_MOST_ADDED
        ]
        starts = [each.start for each in own]
        start = said.quantity.start if said.quantity else -1
        return [each.value for each in own], starts.index(start) if start in starts else -1


def _is_part(values: Sequence[Decimal], total: int, part: int) -> bool:
    """Whether figures in a row, with this part, come to a total in front of them or behind."""
    row = values[:total] if part < total else values[total + 1 :]
    at = part if part < total else part - total - 1
    for first in range(at + 1):
        found = sum(row[first:at], Decimal(0))
        for last in range(at, len(row)):
            found += row[last]
            if last > first and found == values[total]:
                return True
    return False


def _any_fits(said: Claim, value: Decimal, body: MentionReadings, sums: Sequence[_Sum]) -> bool:
    """Whether a value is one of those that the mention may equal without a question."""
    told = replace(said, value=value)
    return any(
        found.reason is None
        and alternative.severity is None
        and _fits(told, alternative, found.known)
        for alternative, found in zip(body.alternatives, sums, strict=True)
    )


def _settled(
    check: Check, body: MentionReadings, prose: Prose, said: Claim, outcome: Outcome, total: Decimal
) -> Outcome:
    """In order: the figure is a part of what the sentence itself adds up."""
    quote = prose.quote(said.sentence, (said.start, said.end), origin=said.origin)
    details: tuple[tuple[str, str | Words], ...] = (
        ("what", body.label), ("figure", plain(said.value)), ("sum", plain(total)),
    )  # fmt: skip
    prose_result = ProseResult("prose-agrees-in-sum", details, (quote,), subject=body.mention)
    return Outcome(check, Status.PASS, outcome.operands, Decimal(0), None, prose_result)


def _claim_outcome(
    check: Check, body: MentionReadings, prose: Prose, said: Claim, sums: list[_Sum]
) -> Outcome:
    quote = prose.quote(said.sentence, (said.start, said.end), origin=said.origin)
    figure = plain(said.value)
    details: tuple[tuple[str, str | Words], ...] = (("what", body.label), ("figure", figure))
    first = sums[0]
    primary = first.operands[0].ref.address if len(first.operands) == 1 else None
    if said.vague:
        code = "prose-vague" if said.quantity else "prose-loose"
        prose_result = ProseResult(code, details, (quote,), subject=body.mention)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    if not said.value:
        sums = sums[
            :1
        ]  # none at all is none in the first reading; a part that is zero proves nothing
    for alternative, found in zip(body.alternatives, sums, strict=False):
        if found.reason is None and _fits(said, alternative, found.known):
            if alternative.severity is None:
                prose_result = ProseResult("prose-agrees", details, (quote,), subject=body.mention)
                return Outcome(check, Status.PASS, found.operands, Decimal(0), None, prose_result)
            details += (("note", alternative.note or {}), ("sum", plain(first.known)))
            prose_result = ProseResult(
                "prose-fits-other",
                details,
                (quote,),
                severity=alternative.severity,
                subject=body.mention,
                actual=figure,
            )
            cells = {each.ref: each for each in (*found.operands, *first.operands)}
            return Outcome(check, Status.FAIL, tuple(cells.values()), None, None, prose_result)
    unread = next((found.reason for found in sums if found.reason), None)
    if unread is not None:
        prose_result = ProseResult("prose-open", details, (quote,), subject=body.mention)
        operands = next(found.operands for found in sums if found.reason)
        return Outcome(check, Status.UNDETERMINED, operands, None, unread, prose_result)
    tried = list(dict.fromkeys(plain(found.known) for found in sums))
    severity = body.denied if said.denied and body.denied else body.severity
    if said.wide and severity is not Severity.INFO:
        severity = Severity.INFO  # the table may be of another scope: a question
    prose_result = ProseResult(
        "prose-differs-wide" if said.wide else "prose-differs",
        (*details, ("tried", " / ".join(tried)), ("sum", plain(first.known))),
        (quote,),
        severity=severity,
        subject=body.mention,
        primary=primary,
        expected=tried[0] if len(tried) == 1 else None,
        actual=figure,
    )
    residual = said.value - first.known * body.alternatives[0].times
    return Outcome(check, Status.FAIL, first.operands, residual, None, prose_result)


def _sum(
    alternative: Alternative, totals: Mapping[Address, Sequence[Address]], facts: Facts
) -> _Sum:
    """The cells added up; a blank is what its parts add up to, or zero where it has none.

    Rows that this copy does not print are left out.
    """
    known, reason = Decimal(0), None
    operands: list[Operand] = []
    for sign, address in alternative.terms:
        ref = Ref(address)
        if ref not in facts.values:
            continue
        cells = [address]
        if isinstance(facts.values[ref], Blank):
            cells += [part for part in totals.get(address, ()) if Ref(part) in facts.values]
        for cell in cells:
            value = facts.values[Ref(cell)]
            operands.append(Operand(Ref(cell), value, sign))
            if isinstance(value, Number):
                known += sign * value.value
            elif not isinstance(value, Blank):
                reason = Reason.ILLEGIBLE if isinstance(value, Illegible) else Reason.MISSING
    if not operands:
        reason = Reason.MISSING
    return _Sum(known, reason, tuple(operands))


def _fits(said: Claim, alternative: Alternative, known: Decimal) -> bool:
    """Whether the sum is the figure, rounded or cut to the places that the figure prints."""
    scaled = known * alternative.times
    match alternative.relation:
        case Relation.EQ:
            over = scaled - said.value
            return -said.step / 2 <= over < said.step
        case Relation.LE:
            return said.value <= scaled
        case Relation.GE:
            return said.value >= scaled


def plain(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")


def claim_refs(body: MentionReadings) -> list[Ref]:
    """The cells of every reading."""
    return [Ref(address) for alternative in body.alternatives for _, address in alternative.terms]


def evaluate_same(
    check: Check, body: MentionReadings, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """An outcome for every statement after the first that another section makes."""
    if body.alternatives and all(_is_read(facts, ref) for ref in claim_refs(body)):
        return
    parts = {(each.sentence, each.start) for found in prose.breakdowns for each in found.figures}
    told = [
        each
        for each in prose.of(body.mention)
        if each.quantity is not None
        and not each.wide
        and (each.sentence, each.quantity.start) not in parts
    ]
    for first, second in itertools.pairwise(told):
        if prose.sentences[first.sentence].section == prose.sentences[second.sentence].section:
            continue
        yield _same_outcome(check, body, prose, first, second)


def _same_outcome(
    check: Check, body: MentionReadings, prose: Prose, first: Claim, second: Claim
) -> Outcome:
    figures = [each.quantity.raw if each.quantity else "" for each in (first, second)]
    details = (("what", body.label), ("first", figures[0]), ("second", figures[1]))
    quotes = tuple(
        prose.quote(each.sentence, (each.start, each.end), origin=each.origin)
        for each in (first, second)
    )
    if first.vague or second.vague:
        prose_result = ProseResult("prose-same-vague", details, quotes, subject=body.mention)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    if first.value == second.value:
        prose_result = ProseResult("prose-same-agrees", details, quotes, subject=body.mention)
        return Outcome(check, Status.PASS, (), Decimal(0), None, prose_result)
    prose_result = ProseResult("prose-same-differs", details, quotes, subject=body.mention)
    return Outcome(check, Status.FAIL, (), second.value - first.value, None, prose_result)


def _is_read(facts: Facts, ref: Ref) -> bool:
    return isinstance(facts.values.get(ref), Number | Blank)
