"""Percentages, comparisons with the year before, and what was published, as told within the text.

What a percentage is a share of is seldom printed: it is told only where the base is beyond doubt.
Growth is judged by last year's figure, printed in the sentence or read from last year's report.
Two totals of what was published that are nearly equal are likely to be one quantity.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext

from msgspec import Struct

from auditor.checks.prose.claims import MentionReadings
from auditor.model.check import Alternative, Check, Severity
from auditor.model.finding import Operand, Outcome, ProseResult, Reason, Status
from auditor.model.prose import Growth, Prose, Published, Quantity, Share
from auditor.model.report import Blank, Facts, Number, Ref


class Shares(Struct, frozen=True):
    """How many units of its last printed digit a percentage may be off."""

    units: Decimal


def evaluate_shares(check: Check, body: Shares, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every share."""
    groups: dict[int, list[Share]] = defaultdict(list)
    for share in prose.shares:
        groups[share.percent.sentence].append(share)
    for group in groups.values():
        common = _common(body, group)
        together = sum((share.part.value for share in group), Decimal(0))
        for share in group:
            yield _share_outcome(check, body, prose, share, common, together)


def _common(body: Shares, group: Sequence[Share]) -> Decimal | None:
    """The base that fits more shares of a sentence than any other, two at least."""
    fits: dict[Decimal, int] = {}
    for base in dict.fromkeys(base.value for share in group for base in share.bases):
        fits[base] = sum(is_share(share.part, base, share.percent, body.units) for share in group)
    best = max(fits, key=lambda base: fits[base], default=None)
    return best if best is not None and fits[best] >= 2 else None


def is_share(part: Quantity, base: Decimal, percent: Quantity, units: Decimal) -> bool:
    """Whether `part` is `percent` of `base`, to the last digit printed."""
    if not base:
        return False
    return abs(100 * part.value - percent.value * base) <= units * percent.step * base


def percentage(part: Decimal, base: Decimal, step: Decimal) -> str:
    """What `part` is of `base` in per cent, with one digit more than printed."""
    with localcontext() as context:
        context.prec = 40
        return format((100 * part / base).quantize(step / 10), "f")


def _share_outcome(
    check: Check,
    body: Shares,
    prose: Prose,
    share: Share,
    common: Decimal | None,
    together: Decimal,
) -> Outcome:
    part, percent = share.part, share.percent
    figures = [each.value for each in share.bases]
    pairs = [one + other for one, other in itertools.pairwise(figures)]
    if percent.vague or part.vague:
        prose_result = _share_result("prose-share-vague", prose, share)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    for base in (*figures, together, *pairs):
        if is_share(part, base, percent, body.units):
            prose_result = _share_result("prose-share-right", prose, share, base)
            return Outcome(check, Status.PASS, (), Decimal(0), None, prose_result)
    sure = common if common is not None else share.total.value if share.total else None
    if not sure or part.value > sure:
        prose_result = _share_result("prose-share-of-what", prose, share)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.BASE, prose_result)
    return Outcome(
        check, Status.FAIL, (), None, None, _share_result("prose-share-wrong", prose, share, sure)
    )


def _share_result(
    code: str, prose: Prose, share: Share, base: Decimal | None = None
) -> ProseResult:
    part, percent = share.part, share.percent
    right = percentage(part.value, base, percent.step) if base else ""
    quotes = [
        prose.quote(
            part.sentence, (part.start, part.end), (percent.start, percent.end), origin=part.origin
        )
    ]
    held = next((each for each in share.bases if each.value == base), None)
    if held is not None and held.sentence != part.sentence:
        quotes.append(prose.quote(held.sentence, (held.start, held.end), origin=held.origin))
    return ProseResult(
        code,
        (
            ("part", part.raw),
            ("percent", percent.raw),
            ("base", format(base.normalize(), "f") if base else ""),
            ("share", right),
        ),
        tuple(quotes),
        subject=f"share/{prose.sentences[part.sentence].section}",
        expected=f"{right}%" if base else None,
        actual=percent.raw,
    )


_PERCENT = "%"


class Compared(Struct, frozen=True):
    """The claims that may be compared with last year's report, and the tolerance in units of the
    last printed digit."""

    claims: tuple[MentionReadings, ...]
    units: Decimal


class _Before(Struct, frozen=True):
    """A figure of the year before, and the cells that it was added up from."""

    value: Decimal
    operands: tuple[Operand, ...] = ()


def evaluate_growths(check: Check, body: Compared, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every comparison."""
    known = {claim.mention: claim for claim in body.claims}
    for growth in prose.growths:
        yield _growth_outcome(check, body, facts, prose, growth, known.get(growth.mention or ""))


def _growth_outcome(
    check: Check,
    body: Compared,
    facts: Facts,
    prose: Prose,
    growth: Growth,
    claim: MentionReadings | None,
) -> Outcome:
    figure, change = growth.figure, growth.change
    if any(each is not None and each.vague for each in (figure, change, growth.last)):
        prose_result = _growth_result("prose-growth-vague", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    printed = _printed(growth)
    filed, unread = _filed(facts, claim) if claim and growth.is_yearly else ([], False)
    fitting = next((each for each in (*printed, *filed) if _fits(growth, each, body.units)), None)
    if fitting is not None:
        prose_result = _growth_result("prose-growth-right", prose, growth, fitting)
        return Outcome(check, Status.PASS, fitting.operands, Decimal(0), None, prose_result)
    if unread and not printed:
        prose_result = _growth_result("prose-growth-open", prose, growth)
        return Outcome(check, Status.UNDETERMINED, (), None, Reason.MISSING, prose_result)
    tried = printed or filed
    if not tried:
        prose_result = _growth_result("prose-growth-open", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.PREDECESSOR, prose_result)
    if not growth.is_sure:
        prose_result = _growth_result("prose-growth-of-what", prose, growth)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.BASE, prose_result)
    prose_result = _growth_result("prose-growth-wrong", prose, growth, tried[0])
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


def _growth_result(
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


def growth_refs(body: Compared) -> list[Ref]:
    """The cells of last year's report that the claims may equal."""
    return list(
        dict.fromkeys(
            Ref(address, 1)
            for claim in body.claims
            for alternative in claim.alternatives
            for _, address in alternative.terms
        )
    )


class Nearness(Struct, frozen=True):
    """By how many per cent two totals may differ and still be taken for one quantity."""

    near: Decimal
    alike: Decimal
    """The same for totals told in the same words and unit."""


def evaluate_published(
    check: Check, body: Nearness, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """An outcome for every further total, against the first that is said of everything."""
    first = next((each for each in prose.published if each.general), None)
    if first is None:
        return
    for each in prose.published:
        if each is not first:
            yield _published_outcome(check, body, prose, first, each)


def _published_outcome(
    check: Check, body: Nearness, prose: Prose, first: Published, other: Published
) -> Outcome:
    one, two = first.figure, other.figure
    off = abs(one.value - two.value)
    alike = other.general and one.unit == two.unit
    near = 100 * off <= (body.alike if alike else body.near) * max(one.value, two.value)
    details = (
        ("first", one.raw),
        ("second", two.raw),
        ("off", format(off.normalize() if off else off, "f")),
    )
    quotes = tuple(
        prose.quote(each.figure.sentence, (each.start, each.end), origin=each.figure.origin)
        for each in sorted((first, other), key=lambda each: _place(each.figure))
    )
    if not off:
        prose_result = ProseResult("prose-published-alike", details, quotes, subject="published")
        return Outcome(check, Status.PASS, (), Decimal(0), None, prose_result)
    if not near:
        prose_result = ProseResult("prose-published-apart", details, quotes, subject="published")
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.SELECTION, prose_result)
    prose_result = ProseResult(
        "prose-published-differs" if alike else "prose-published-nearly",
        details,
        quotes,
        severity=Severity.WARNING if alike else Severity.INFO,
        subject="published",
        actual=one.raw,
    )
    return Outcome(check, Status.FAIL, (), two.value - one.value, None, prose_result)


def _place(figure: Quantity) -> tuple[int, int]:
    return figure.sentence, figure.start
