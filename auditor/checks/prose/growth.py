"""A comparison with the year before is what the figures give: `同比增长70.3%`.

Last year's figure stands in the sentence, or follows from the difference printed beside the
percentage, or is one of the cells that the claim may equal in last year's report. Every one is
tried; one unit of the last printed digit is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditor.checks.prose.agrees import MentionReadings
from auditor.checks.prose.breakdown import imagined, imagined_sentences
from auditor.checks.prose.share import percentage
from auditor.model.check import Alternative, Check
from auditor.model.finding import Operand, Outcome, ProseResult, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Growth, Prose
from auditor.model.report import Blank, Facts, Number, Ref

GIVEN = ("figure", "grows", "falls", "last", "difference", "mention")
_PERCENT = "%"


@noun
class Compared:
    """The claims that may be compared with last year's report, and the tolerance in units of the
    last printed digit."""

    claims: tuple[MentionReadings, ...]
    units: Decimal


@noun
class _Before:
    """A figure of the year before, and the cells that it was added up from."""

    value: Decimal
    operands: tuple[Operand, ...] = ()


def judge(check: Check, body: Compared, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every comparison."""
    known = {claim.mention: claim for claim in body.claims}
    for growth in prose.growths:
        yield _one(check, body, facts, prose, growth, known.get(growth.mention or ""))


def _one(
    check: Check,
    body: Compared,
    facts: Facts,
    prose: Prose,
    growth: Growth,
    claim: MentionReadings | None,
) -> Outcome:
    figure, change = growth.figure, growth.change
    if any(each is not None and each.vague for each in (figure, change, growth.last)):
        prose_result = _prose_result("prose-growth-vague", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    printed = _printed(growth)
    filed, unread = _filed(facts, claim) if claim and growth.is_yearly else ([], False)
    fitting = next((each for each in (*printed, *filed) if _fits(growth, each, body.units)), None)
    if fitting is not None:
        prose_result = _prose_result("prose-growth-right", prose, growth, fitting)
        return Outcome(check, Status.PASS, fitting.operands, Decimal(0), None, prose_result)
    if unread and not printed:
        prose_result = _prose_result("prose-growth-open", prose, growth)
        return Outcome(check, Status.UNDETERMINED, (), None, Reason.MISSING, prose_result)
    tried = printed or filed
    if not tried:
        prose_result = _prose_result("prose-growth-open", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.PREDECESSOR, prose_result)
    if not growth.is_sure:
        prose_result = _prose_result("prose-growth-of-what", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.BASE, prose_result)
    prose_result = _prose_result("prose-growth-wrong", prose, growth, tried[0])
    return Outcome(check, Status.FAIL, tried[0].operands, None, None, prose_result)


def _printed(growth: Growth) -> list[_Before]:
    """Last year's figure as the sentence itself gives it."""
    found = []
    if growth.last is not None:
        found.append(_Before(growth.last.value))
    if growth.difference is not None:
        by = growth.difference.value
        found.append(_Before(growth.figure.value + (by if growth.falls else -by)))
    return found


def _filed(facts: Facts, claim: MentionReadings) -> tuple[list[_Before], bool]:
    """What last year's report has for the claim, and whether some of it was not read."""
    found: list[_Before] = []
    unread = False
    for alternative in claim.alternatives:
        before = _sum(alternative, facts)
        if before is None:
            unread = True
        elif before.operands:
            found.append(before)
    return found, unread


def _sum(alternative: Alternative, facts: Facts) -> _Before | None:
    total = Decimal(0)
    operands: list[Operand] = []
    for sign, address in alternative.terms:
        ref = Ref(address, 1)
        value = facts.values.get(ref)
        if value is None:
            continue
        operands.append(Operand(ref, value, sign))
        if isinstance(value, Number):
            total += sign * value.value
        elif not isinstance(value, Blank):
            return None
    return _Before(total * alternative.times, tuple(operands))


def _fits(growth: Growth, before: _Before, units: Decimal) -> bool:
    rise = growth.figure.value - before.value
    said = -growth.change.value if growth.falls else growth.change.value
    if growth.change.unit != _PERCENT:
        return abs(rise - said) <= (growth.change.step / 2 if growth.change.scale else 0)
    if before.value <= 0:
        return False
    return abs(100 * rise - said * before.value) <= units * growth.change.step * before.value


def _prose_result(
    code: str, prose: Prose, growth: Growth, before: _Before | None = None
) -> ProseResult:
    figure, change = growth.figure, growth.change
    marked = [figure, change, *(each for each in (growth.last, growth.difference) if each)]
    right, last = "", ""
    if before is not None:
        rise = figure.value - before.value
        last = format(before.value.normalize() if before.value else Decimal(0), "f")
        if change.unit != _PERCENT:
            right = f"{rise:+f}"
        elif before.value > 0:
            right = f"{Decimal(percentage(rise, before.value, change.step)):+f}%"
        else:
            right = "\u2014"
    return ProseResult(
        code,
        (
            ("figure", figure.raw),
            ("change", f"{'-' if growth.falls else '+'}{change.raw}"),
            ("last", last),
            ("right", right),
        ),
        (
            prose.quote(
                figure.sentence, *((each.start, each.end) for each in marked), origin=change.origin
            ),
        ),
        subject=f"growth/{growth.mention or prose.sentences[figure.sentence].section}",
        expected=right or None,
        actual=change.raw,
    )


def refs(body: Compared) -> list[Ref]:
    """The cells of last year's report that the claims may equal."""
    return list(
        dict.fromkeys(
            Ref(address, 1)
            for claim in body.claims
            for alternative in claim.alternatives
            for _, address in alternative.terms
        )
    )


def concerns(given: Mapping[str, str], body: Compared) -> bool:
    """Every test of the rule."""
    return True


def imagine(given: Mapping[str, str], body: Compared) -> Prose:
    """One comparison: `figure`, and by what it `grows` or `falls` (`4.5%`, `3`)."""
    if "figure" not in given:
        return Prose()
    falls = "falls" in given
    said = given["falls" if falls else "grows"]
    unit = _PERCENT if said.endswith(_PERCENT) else ""
    last, difference = given.get("last"), given.get("difference")
    growth = Growth(
        imagined(given["figure"], 0),
        imagined(said.rstrip(_PERCENT), 1, unit=unit),
        falls,
        given.get("mention"),
        imagined(last, 2) if last else None,
        imagined(difference, 3) if difference else None,
    )
    return Prose(sentences=imagined_sentences(1), growths=(growth,))
