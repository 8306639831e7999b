"""A printed percentage is the share that its figures give: `网络1156件，占70.44%`.

What it is a share of is seldom printed. A figure in front of which it is the share settles it, and
so does the sum of the shares' own figures. It is told only where the base is beyond doubt: it is
the only one, or two other shares of the sentence have it. One unit of the last digit is allowed,
for shares are made to come to 100.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext

from auditor.checks.prose.breakdown import imagined, imagined_sentences
from auditor.model.check import Check
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Prose, Quantity, Share
from auditor.model.report import Facts, Ref

GIVEN = ("base", "shares", "alone", "others")


@noun
class Shares:
    """How many units of its last printed digit a percentage may be off."""

    units: Decimal


def judge(check: Check, body: Shares, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every share."""
    groups: dict[int, list[Share]] = defaultdict(list)
    for share in prose.shares:
        groups[share.percent.sentence].append(share)
    for group in groups.values():
        common = _common(body, group)
        together = sum((share.part.value for share in group), Decimal(0))
        for share in group:
            yield _one(check, body, prose, share, common, together)


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


def _one(
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
        prose_result = _prose_result("prose-share-vague", prose, share)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    for base in (*figures, together, *pairs):
        if is_share(part, base, percent, body.units):
            prose_result = _prose_result("prose-share-right", prose, share, base)
            return Outcome(check, Status.PASS, (), Decimal(0), None, prose_result)
    sure = common if common is not None else share.total.value if share.total else None
    if not sure or part.value > sure:
        prose_result = _prose_result("prose-share-of-what", prose, share)
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.BASE, prose_result)
    return Outcome(
        check, Status.FAIL, (), None, None, _prose_result("prose-share-wrong", prose, share, sure)
    )


def _prose_result(
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


def refs(body: Shares) -> list[Ref]:
    """Shares are compared with nothing in the tables."""
    return []


def concerns(given: Mapping[str, str], body: Shares) -> bool:
    """Every test of the rule."""
    return True


def imagine(given: Mapping[str, str], body: Shares) -> Prose:
    """`shares` as in `35:4.34 265:32.9`, figures with their percentages, of `base`; `alone` says
    that it can be no other, `others` are further figures in front."""
    if "shares" not in given:
        return Prose()
    numbers = iter(range(1_000_000))
    base = imagined(given["base"], next(numbers))
    others = [imagined(text, next(numbers)) for text in given.get("others", "").split()]
    shares = []
    for pair in given["shares"].split():
        part, _, percent = pair.partition(":")
        shares.append(
            Share(
                imagined(part, next(numbers)),
                imagined(percent, next(numbers), unit="%"),
                (base, *others),
                base if given.get("alone") == "true" else None,
            )
        )
    return Prose(sentences=imagined_sentences(1), shares=tuple(shares))
