"""An amount that the text gives in a small unit does not stand in the table with the same digits.

Then one of the two has the wrong unit: 元 typed into a column of 万元 is the usual way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditor.checks.prose.verdicts import failed
from auditor.model.check import Check
from auditor.model.finding import Operand, Outcome, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Prose, Quantity, Sentence
from auditor.model.report import Facts, Number, Ref
from auditor.model.source import Origin

GIVEN = ("said",)
_LEAST_DIGITS = 3
"""Fewer may be the same by chance."""


@noun
class Digits:
    """A cell, and the unit of amounts in the text that must not have its digits."""

    cell: Ref
    unit: str
    words: tuple[str, ...]
    """Of which one stands in the sentence."""


def judge(check: Check, body: Digits, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every amount in that unit, printed without a scale."""
    value = facts.values.get(body.cell)
    for quantity in prose.quantities:
        if quantity.unit != body.unit or quantity.scale or quantity.vague:
            continue
        if not any(word in prose.sentences[quantity.sentence].text for word in body.words):
            continue
        digits = quantity.value.normalize().as_tuple().digits
        if len(digits) < _LEAST_DIGITS or value is None:
            continue
        operands = (Operand(body.cell, value),)
        if not isinstance(value, Number):
            yield Outcome(check, Status.UNDETERMINED, operands, reason=Reason.MISSING)
        elif quantity.value != value.value:
            yield Outcome(check, Status.PASS, operands)
        else:
            quote = prose.quote(
                quantity.sentence, (quantity.start, quantity.end), origin=quantity.origin
            )
            figure = format(value.value.normalize(), "f")
            found = failed(check, "unit-mixed", quote, figure=figure, unit=body.unit, actual=figure)
            yield Outcome(check, Status.FAIL, operands, prose_result=found.prose_result)


def refs(body: Digits) -> list[Ref]:
    """The cell."""
    return [body.cell]


def concerns(given: Mapping[str, str], body: Digits) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Digits) -> Prose:
    """`said` is an amount in the small unit."""
    here = Origin(line=1)
    if "said" not in given:
        return Prose()
    said = given["said"]
    text = f"{body.words[0]}{said}{body.unit}"
    start = len(body.words[0])
    quantity = Quantity(0, start, len(text), said, Decimal(said), Decimal(1), body.unit, here)
    return Prose(sentences=(Sentence(text, "overview", 0, here),), quantities=(quantity,))
