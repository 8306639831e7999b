"""Percentages, comparisons with the year before, and what was published, as told within the text.

What a percentage is a share of is seldom printed: it is told only where the base is beyond doubt.
Growth is judged by last year's figure, printed in the sentence or read from last year's report.
Two totals of what was published that are nearly equal are likely to be one quantity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from functools import partial
from itertools import pairwise

from msgspec import Struct

from auditor.checks.prose import cite, outcome, plain
from auditor.checks.prose.claims import MentionReadings, add_up
from auditor.model.check import Check, Severity
from auditor.model.finding import Operand, Outcome, Reason
from auditor.model.prose import Growth, Prose, Published, Quantity, Share
from auditor.model.report import Facts, Ref

_PERCENT = "%"


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
    pairs = [one + other for one, other in pairwise(figures)]

    def result(
        code: str,
        base: Decimal | None = None,
        passes: bool = False,
        reason: Reason | None = None,
    ) -> Outcome:
        right = percentage(part.value, base, percent.step) if base else ""
        held = next((each for each in share.bases if each.value == base), None)
        quotes = [cite(prose, part, percent)]
        if held is not None and held.sentence != part.sentence:
            quotes.append(cite(prose, held))
        return outcome(
            check, code, *quotes, passes=passes, reason=reason,
            residual=Decimal(0) if passes else None,
            subject=f"share/{prose.sentences[part.sentence].section}",
            expected=f"{right}%" if base else None, actual=percent.raw,
            part=part.raw, percent=percent.raw, base=plain(base) if base else "", share=right,
        )  # fmt: skip

    if percent.vague or part.vague:
        return result("prose-share-vague", reason=Reason.VAGUE)
    for base in (*figures, together, *pairs):
        if is_share(part, base, percent, body.units):
            return result("prose-share-right", base, passes=True)
    sure = common if common is not None else share.total.value if share.total else None
    if not sure or part.value > sure:
        return result("prose-share-of-what", reason=Reason.BASE)
    return result("prose-share-wrong", sure)


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
        readings = known.get(growth.mention or "") if growth.is_yearly else None
        yield _growth_outcome(check, body, facts, prose, growth, readings)


def _growth_outcome(
    check: Check,
    body: Compared,
    facts: Facts,
    prose: Prose,
    growth: Growth,
    readings: MentionReadings | None,
) -> Outcome:
    result = partial(_growth_result, check, prose, growth)
    if any(each.vague for each in (growth.figure, growth.change, growth.last) if each):
        return result("prose-growth-vague", reason=Reason.VAGUE)
    printed = _printed(growth)
    sums = [add_up(each, facts, lag=1) for each in readings.alternatives] if readings else []
    filed = [
        _Before(each.known * each.alternative.times, each.operands)
        for each in sums
        if each.reason is None
    ]
    fitting = next((each for each in (*printed, *filed) if _fits(growth, each, body.units)), None)
    if fitting is not None:
        return result("prose-growth-right", fitting, passes=True)
    if any(each.operands and each.reason for each in sums) and not printed:
        return result("prose-growth-open", reason=Reason.MISSING)
    tried = printed or filed
    if not tried:
        return result("prose-growth-open", reason=Reason.PREDECESSOR)
    if not growth.is_sure:
        return result("prose-growth-of-what", reason=Reason.BASE)
    return result("prose-growth-wrong", tried[0])


def _printed(growth: Growth) -> list[_Before]:
    """Last year's figure as the sentence itself gives it."""
    found = []
    if growth.last is not None:
        found.append(_Before(growth.last.value))
    if growth.difference is not None:
        by = growth.difference.value
        found.append(_Before(growth.figure.value + (by if growth.falls else -by)))
    return found


def _fits(growth: Growth, before: _Before, units: Decimal) -> bool:
    rise = growth.figure.value - before.value
    change = -growth.change.value if growth.falls else growth.change.value
    if growth.change.unit != _PERCENT:
        return abs(rise - change) <= (growth.change.step / 2 if growth.change.scale else 0)
    if before.value <= 0:
        return False
    return abs(100 * rise - change * before.value) <= units * growth.change.step * before.value


def _growth_result(
    check: Check,
    prose: Prose,
    growth: Growth,
    code: str,
    before: _Before | None = None,
    passes: bool = False,
    reason: Reason | None = None,
) -> Outcome:
    figure, change = growth.figure, growth.change
    right, last = "", ""
    if before is not None:
        rise = figure.value - before.value
        last = plain(before.value)
        if change.unit != _PERCENT:
            right = f"{rise:+f}"
        elif before.value > 0:
            right = f"{Decimal(percentage(rise, before.value, change.step)):+f}%"
        else:
            right = "\u2014"
    others = [each for each in (growth.last, growth.difference) if each]
    return outcome(
        check, code, cite(prose, figure, change, *others, origin=change.origin),
        passes=passes, reason=reason, operands=before.operands if before else (),
        residual=Decimal(0) if passes else None,
        subject=f"growth/{growth.mention or prose.sentences[figure.sentence].section}",
        expected=right or None, actual=change.raw, figure=figure.raw,
        change=f"{'-' if growth.falls else '+'}{change.raw}", last=last, right=right,
    )  # fmt: skip


def growth_refs(body: Compared) -> list[Ref]:
    """The cells of last year's report."""
    terms = (
        Ref(address, 1)
        for claim in body.claims
        for alternative in claim.alternatives
        for _, address in alternative.terms
    )
    return list(dict.fromkeys(terms))


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
    for other in prose.published if first is not None else ():
        if first is None or other is first:
            continue
        one, two = first.figure, other.figure
        off = abs(one.value - two.value)
        alike = other.general and one.unit == two.unit
        near = 100 * off <= (body.alike if alike else body.near) * max(one.value, two.value)
        quotes = (
            prose.quote(each.figure.sentence, (each.start, each.end), origin=each.figure.origin)
            for each in sorted((first, other), key=_place)
        )
        result = partial(
            outcome, check, subject="published", first=one.raw, second=two.raw, off=plain(off)
        )
        if not off:
            yield result("prose-published-alike", *quotes, passes=True, residual=off)
        elif not near:
            yield result("prose-published-apart", *quotes, reason=Reason.SELECTION)
        else:
            yield result(
                "prose-published-differs" if alike else "prose-published-nearly",
                *quotes,
                residual=two.value - one.value,
                severity=Severity.WARNING if alike else Severity.INFO,
                actual=one.raw,
            )


def _place(published: Published) -> tuple[int, int]:
    return published.figure.sentence, published.figure.start
