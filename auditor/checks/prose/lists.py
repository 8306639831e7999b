"""The parts of a list come to its total: `共12件，其中……7件、……5件`.

Every reading is tried first, and any that adds up settles it: which figures are of one level, where
the list ends and whether the next sentence goes on with it is not printed. Many lists name a
selection only, so a list that falls far short is left alone; what is told is a list that misses by
little, one that says it is complete, and parts that exceed their total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.checks.prose import cite, outcome, plain
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome, Reason
from auditor.model.prose import Breakdown, Part, Prose, Quantity
from auditor.model.report import Facts

_MOST_SUMS = 500
"""Different sums of one list that are told apart; a list with more of them proves nothing."""


def totals_of(breakdown: Breakdown) -> Iterator[Decimal]:
    """What the parts may add up to: a figure in front, or two neighbours together."""
    heads = (breakdown.total, *breakdown.others)
    yield from (each.value for each in heads)
    for one, other in pairwise(heads):
        yield one.value + other.value


def main_parts(breakdown: Breakdown) -> tuple[Part, ...]:
    """The parts as they are most simply read: without those of lists within the list."""
    outer = tuple(part for part in breakdown.parts if not part.inner)
    return outer if len(outer) >= 2 else breakdown.parts


def sums_of(breakdown: Breakdown) -> set[Decimal]:
    """Everything the parts may come to."""
    found: set[Decimal] = set()
    after = [*accumulate(each.value for each in breakdown.following)]
    for figures in _levels(breakdown):
        ends = ends_of(breakdown, figures)
        for sums, end in _prefixes([each.value for each in figures], ends):
            found |= sums
            if end == len(figures):
                found |= {each + more for each in sums for more in after}
    return found


def _levels(breakdown: Breakdown) -> Iterator[Sequence[Quantity]]:
    """The figures that may be of one level."""
    parts = breakdown.parts
    seen: set[tuple[int, ...]] = set()
    unit = breakdown.total.unit
    flat = [each for part in parts for each in (part.figure, *part.nested)]
    below = [each for part in parts for each in (part.nested or (part.figure,))]
    firsts = {part.clause: part.figure for part in reversed(parts)}
    lasts = {part.clause: part.figure for part in parts}
    for figures in (
        [part.figure for part in parts],
        [part.figure for part in parts if not part.inner],
        [each for each in flat if each.unit == unit],
        [part.figure for part in parts if part.figure.unit == unit],
        below,
        [firsts[clause] for clause in sorted(firsts)],
        [lasts[clause] for clause in sorted(lasts)],
    ):
        key = tuple(each.start for each in figures)
        if key not in seen:
            seen.add(key)
            yield figures


def ends_of(breakdown: Breakdown, figures: Sequence[Quantity]) -> list[int]:
    """Behind how many of its figures the list may end: two at least, in no enumeration."""
    joined = {part.figure.start for part in breakdown.parts if part.joined}
    last = len(figures)
    return [end for end in range(2, last + 1) if end == last or figures[end].start not in joined]


def _prefixes(values: Sequence[Decimal], ends: Sequence[int]) -> Iterator[tuple[set[Decimal], int]]:
    """For every place where the list may end, the sums up to it.

    A figure whose parts follow it stands for them: in 9, 5, 4, 3 the sum may be 12.
    """
    ways: list[set[Decimal]] = [set() for _ in range(len(values) + 1)]
    ways[0].add(Decimal(0))
    for start, value in enumerate(values):
        sums = {each + value for each in ways[start]}
        for end in (start + 1, *_covered(values, start)):
            if len(ways[end]) < _MOST_SUMS:
                ways[end] |= sums
    for end in ends:
        yield ways[end], end


def _covered(values: Sequence[Decimal], start: int) -> Iterator[int]:
    """Where the parts of a figure may end: two or more behind it that come to it."""
    total = Decimal(0)
    for end in range(start + 1, len(values)):
        total += values[end]
        if total > values[start]:
            return
        if total == values[start] and end >= start + 2:
            yield end + 1


def slack(breakdown: Breakdown, figures: Sequence[Quantity]) -> Decimal:
    """By how much rounding may part the sum from the total: none where all is exact."""
    rounded = [each for each in (breakdown.total, *figures) if each.scale]
    return sum((each.step for each in rounded), Decimal(0)) / 2


_SLIPS = (Decimal(1), Decimal(10), Decimal(100))
"""Differences that one wrong digit makes."""


class Lists(Struct, frozen=True):
    """By how many per cent of its total a list may miss and still be taken for a complete one."""

    near: Decimal


class _Miss(Struct, frozen=True):
    """The reading that comes nearest."""

    total: Quantity
    figures: tuple[Quantity, ...]
    by: Decimal
    """The sum less the total."""
    sure: bool
    """Whether no other total and no other end of the list would do as well."""


def evaluate_lists(check: Check, body: Lists, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every list."""
    for breakdown in prose.breakdowns:
        yield _list_outcome(check, body, prose, breakdown)
        for again in _divided_again(breakdown):
            yield _list_outcome(check, body, prose, again)


def _divided_again(breakdown: Breakdown) -> Iterator[Breakdown]:
    """Further divisions of the same total: 网上7件、书面5件；个人8件、单位4件."""
    stretches: dict[int, list[Part]] = {}
    for part in breakdown.parts:
        stretches.setdefault(part.stretch, []).append(part)
    first, *more = stretches.values()
    if sum(part.figure.value for part in first) != breakdown.total.value:
        return
    for parts in more:
        if len(parts) >= 2 and not any(part.inner for part in parts):
            yield replace(
                breakdown, parts=tuple(parts), others=(), following=(), closed=False, loose=True
            )


def _list_outcome(check: Check, body: Lists, prose: Prose, breakdown: Breakdown) -> Outcome:
    result = partial(_list_result, check, prose)
    if breakdown.total.vague:
        return result("prose-list-vague", breakdown.total, breakdown.figures, reason=Reason.VAGUE)
    rounding = slack(breakdown, breakdown.figures)
    sums = sums_of(breakdown)
    if any(abs(total - found) <= rounding for total in totals_of(breakdown) for found in sums):
        return result("prose-list-adds-up", *_closing(breakdown), passes=True)
    main = main_parts(breakdown)
    miss = _nearest(breakdown, main)
    code, severity = _verdict(body, breakdown, main, miss)
    if not code:
        return result("prose-list-selects", miss.total, miss.figures, reason=Reason.SELECTION)
    return result(code, miss.total, miss.figures, by=miss.by, severity=severity)


def _closing(breakdown: Breakdown) -> tuple[Quantity, tuple[Quantity, ...]]:
    """The simplest reading that adds up: a total and its parts; else the list as printed."""
    main = tuple(part.figure for part in main_parts(breakdown))
    every = (*main, *breakdown.following)
    sums = [*accumulate(each.value for each in every)]
    for total in (breakdown.total, *breakdown.others):
        if total.value in sums[1:]:
            return total, every[: sums.index(total.value, 1) + 1]
    return breakdown.total, breakdown.figures


def _nearest(breakdown: Breakdown, main: tuple[Part, ...]) -> _Miss:
    """The total in front that can hold the parts, and the end of the list that comes nearest."""
    heads = (breakdown.total, *breakdown.others)
    figures = tuple(part.figure for part in main)
    least = max(each.value for each in figures[:2])
    able = [head for head in heads if head.value >= least]
    total = (able or [max(heads, key=lambda head: head.value)])[0]
    whole = {len(figures), sum(part.stretch == main[0].stretch for part in main)}
    ends = ends_of(breakdown, figures) or [len(figures)]
    end = min(ends, key=lambda end: (abs(_sum(figures[:end]) - total.value), -end))
    by = _sum(figures[:end]) - total.value
    # A figure smaller than a part is no total: where only one is left, it is the one.
    sure = end in whole and (total is heads[0] or len(able) == 1)
    return _Miss(total, figures[:end], by, sure)


def _verdict(
    body: Lists, breakdown: Breakdown, main: tuple[Part, ...], miss: _Miss
) -> tuple[str, Severity | None]:
    """What to say of a list that adds up in no reading; nothing of one that only selects."""
    total, size = miss.total.value, abs(miss.by)
    core = [part.figure for part in main if part.stretch == main[0].stretch]
    alike = all(each.unit in ("", miss.total.unit) for each in miss.figures)
    severity = None if miss.sure and alike else Severity.INFO
    if _is_off_by_scale(miss.total, main):
        return "prose-list-scale", None
    if any(each.value > total for each in core) and not breakdown.others and not breakdown.loose:
        return "prose-part-exceeds", severity
    if breakdown.open and miss.by < 0:
        return "", None
    if not miss.sure and main[0].figure.value == total:
        return "", None  # all of them are of one kind; what follows is another quantity
    if miss.by > 0 and 2 <= len(core) < len(miss.figures):
        return "", None  # the list may have ended, incomplete, at the semicolon
    little = size * 100 <= total * body.near or (size in _SLIPS and size * 4 <= total)
    if not alike:
        little = little and size in _SLIPS  # figures of other things are likely to be among them
    if breakdown.loose and not (little and alike and miss.sure):
        return "", None
    if little or (breakdown.closed and miss.by < 0 and miss.sure):
        return ("prose-list-exceeds" if miss.by > 0 else "prose-list-short"), severity
    if len(core) >= 2 and _sum(core) > total and alike and miss.sure:
        # Parts that overlap, such as the same item on several channels, come to more lawfully.
        return "prose-list-exceeds", Severity.INFO
    return "", None


def _is_off_by_scale(total: Quantity, main: tuple[Part, ...]) -> bool:
    """Whether the parts would add up if the total were not in 万."""
    figures = [part.figure for part in main]
    if not total.scale or any(each.scale for each in figures) or not total.value:
        return False
    found = _sum(figures)
    return any(total.value == found * times for times in (10_000, 100_000_000))


def _list_result(
    check: Check,
    prose: Prose,
    code: str,
    total: Quantity,
    figures: tuple[Quantity, ...],
    passes: bool = False,
    reason: Reason | None = None,
    by: Decimal | None = None,
    severity: Severity | None = None,
) -> Outcome:
    found = _sum(figures)
    sentences: dict[int, list[Quantity]] = {}
    for each in (total, *figures):
        sentences.setdefault(each.sentence, []).append(each)
    return outcome(
        check, code, *(cite(prose, *own) for own in sentences.values()), passes=passes,
        reason=reason, residual=Decimal(0) if passes else by, severity=severity,
        subject=f"list/{prose.sentences[total.sentence].section}",
        expected=plain(found) if code != "prose-part-exceeds" else None,
        actual=plain(total.value), total=total.raw,
        parts="\uff0b".join(plain(each.value) for each in figures), sum=plain(found),
        off=plain(abs(found - total.value)),
        greatest=max(figures, key=lambda each: each.value).raw,
    )  # fmt: skip


def _sum(figures: Iterable[Quantity]) -> Decimal:
    return sum((each.value for each in figures), Decimal(0))
