"""Fees charged by tariff: every amount a multiple of its step, and none above all fees together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditor.checks.prose.verdicts import failed
from auditor.model.check import Check
from auditor.model.finding import Operand, Outcome, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Claim, Prose, Sentence
from auditor.model.report import Blank, Facts, Illegible, Number, Ref
from auditor.model.source import Origin

GIVEN = ("charged",)


@noun
class Tariff:
    """A mention of amounts, the step they go by, and the cell that they are part of."""

    mention: str
    step: int
    within: Ref
    times: int
    """Units of the mention in one of the cell's: 10000 元 in 1 万元."""


def judge(check: Check, body: Tariff, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every amount that is told exactly."""
    for said in prose.of(body.mention):
        if said.vague or said.value == 0:
            continue
        yield _one(check, body, facts, prose, said)


def _one(check: Check, body: Tariff, facts: Facts, prose: Prose, said: Claim) -> Outcome:
    quote = prose.quote(said.sentence, (said.start, said.end), origin=said.origin)
    figure = _plain(said.value)
    if said.value % body.step:
        return failed(
            check, "fee-step", quote, subject="step", figure=figure, step=str(body.step),
            actual=figure,
        )  # fmt: skip
    value = facts.values.get(body.within)
    if value is None:
        return Outcome(check, Status.PASS)
    operands = (Operand(body.within, value),)
    if isinstance(value, Blank):
        return Outcome(check, Status.UNDETERMINED, operands, reason=Reason.BLANK)
    if not isinstance(value, Number):
        reason = Reason.ILLEGIBLE if isinstance(value, Illegible) else Reason.MISSING
        return Outcome(check, Status.UNDETERMINED, operands, reason=reason)
    if said.value <= value.value * body.times:
        return Outcome(check, Status.PASS, operands)
    found = failed(
        check,
        "fee-above-all",
        quote,
        subject="all",
        figure=figure,
        table=_plain(value.value),
        actual=figure,
    )
    return Outcome(check, Status.FAIL, operands, prose_result=found.prose_result)


def _plain(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")


def refs(body: Tariff) -> list[Ref]:
    """The cell."""
    return [body.within]


def concerns(given: Mapping[str, str], body: Tariff) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Tariff) -> Prose:
    """`charged` is the amounts, with blanks between."""
    here = Origin(line=1)
    amounts = given.get("charged", "").split()
    return Prose(
        sentences=tuple(Sentence(amount, "other_matters", 0, here) for amount in amounts),
        claims=tuple(
            Claim(body.mention, index, 0, len(amount), Decimal(amount), Decimal(1), here)
            for index, amount in enumerate(amounts)
        ),
    )
