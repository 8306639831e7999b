"""The parts of a list come to its total: `共12件，其中……7件、……5件`.

Every reading is tried first, and any that adds up settles it. Many lists name a selection only, so
a list that falls far short is left alone; what is told is a list that misses by little, one that
says it is complete, and parts that exceed their total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from auditor.checks.prose.readings import ends_of, main_parts, slack, sums_of, totals_of
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Breakdown, Part, Prose, Quantity, Sentence
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("total", "parts", "nested", "next", "open", "closed", "units", "others")
_SLIPS = (Decimal(1), Decimal(10), Decimal(100))
"""Differences that one wrong digit makes."""


@noun
class Lists:
    """By how many per cent of its total a list may miss and still be taken for a complete one."""

    near: Decimal


class _Miss(NamedTuple):
    """The reading that comes nearest."""

    total: Quantity
    figures: tuple[Quantity, ...]
    by: Decimal
    """The sum less the total."""
    sure: bool
    """Whether no other total and no other end of the list would do as well."""


def judge(check: Check, body: Lists, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every list."""
    for breakdown in prose.breakdowns:
        yield _one(check, body, prose, breakdown)
        for again in _divided_again(breakdown):
            yield _one(check, body, prose, again)


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


def _one(check: Check, body: Lists, prose: Prose, breakdown: Breakdown) -> Outcome:
    if breakdown.total.vague:
        prose_result = _prose_result(
            "prose-list-vague", prose, breakdown, breakdown.total, breakdown.figures
        )
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.VAGUE, prose_result)
    rounding = slack(breakdown, breakdown.figures)
    sums = sums_of(breakdown)
    if any(abs(total - found) <= rounding for total in totals_of(breakdown) for found in sums):
        prose_result = _prose_result("prose-list-adds-up", prose, breakdown, *_closing(breakdown))
        return Outcome(check, Status.PASS, (), Decimal(0), None, prose_result)
    main = main_parts(breakdown)
    miss = _nearest(breakdown, main)
    code, severity = _verdict(body, breakdown, main, miss)
    if not code:
        prose_result = _prose_result(
            "prose-list-selects", prose, breakdown, miss.total, miss.figures
        )
        return Outcome(check, Status.NOT_APPLICABLE, (), None, Reason.SELECTION, prose_result)
    prose_result = _prose_result(code, prose, breakdown, miss.total, miss.figures, severity)
    return Outcome(check, Status.FAIL, (), miss.by, None, prose_result)


def _closing(breakdown: Breakdown) -> tuple[Quantity, tuple[Quantity, ...]]:
    """The simplest reading that adds up: a total and its parts; else the list as printed."""
    main = tuple(part.figure for part in main_parts(breakdown))
    every = (*main, *breakdown.following)
    for total in (breakdown.total, *breakdown.others):
        found = Decimal(0)
        for end, figure in enumerate(every, 1):
            found += figure.value
            if end >= 2 and found == total.value:
                return total, every[:end]
    return breakdown.total, breakdown.figures


def _nearest(breakdown: Breakdown, main: tuple[Part, ...]) -> _Miss:
    """The total in front that can hold the parts, and the end of the list that comes nearest."""
    heads = (breakdown.total, *breakdown.others)
    figures = tuple(part.figure for part in main)
    least = max(each.value for each in figures[:2])
    able = [head for head in heads if head.value >= least]
    total = (able or [max(heads, key=lambda head: head.value)])[0]
    whole = {len(figures), sum(part.stretch == main[0].stretch for part in main)}
    ends = [
        (abs(sum((each.value for each in figures[:end]), Decimal(0)) - total.value), -end)
        for end in ends_of(breakdown, figures) or [len(figures)]
    ]
    end = -min(ends)[1]
    by = sum((each.value for each in figures[:end]), Decimal(0)) - total.value
    sure = end in whole and total is heads[0]
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
    if len(core) >= 2 and sum(each.value for each in core) > total and alike and miss.sure:
        # Parts that overlap, such as the same item on several channels, come to more lawfully.
        return "prose-list-exceeds", Severity.INFO
    return "", None


def _is_off_by_scale(total: Quantity, main: tuple[Part, ...]) -> bool:
    """Whether the parts would add up if the total were not in 万."""
    figures = [part.figure for part in main]
    if not total.scale or any(each.scale for each in figures) or not total.value:
        return False
    found = sum((each.value for each in figures), Decimal(0))
    return any(total.value == found * times for times in (10_000, 100_000_000))


def _prose_result(
    code: str,
    prose: Prose,
    breakdown: Breakdown,
    total: Quantity,
    figures: tuple[Quantity, ...],
    severity: Severity | None = None,
) -> ProseResult:
    found = sum((each.value for each in figures), Decimal(0))
    greatest = max(figures, key=lambda each: each.value)
    marks: dict[int, list[Quantity]] = {}
    for each in (total, *figures):
        marks.setdefault(each.sentence, []).append(each)
    return ProseResult(
        code,
        (
            ("total", total.raw),
            ("parts", "\uff0b".join(_plain(each.value) for each in figures)),
            ("sum", _plain(found)),
            ("off", _plain(abs(found - total.value))),
            ("greatest", greatest.raw),
        ),
        tuple(
            prose.quote(number, *((each.start, each.end) for each in mine), origin=mine[0].origin)
            for number, mine in marks.items()
        ),
        severity=severity,
        subject=f"list/{prose.sentences[total.sentence].section}",
        expected=_plain(found) if code != "prose-part-exceeds" else None,
        actual=_plain(total.value),
    )


def _plain(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")


def refs(body: Lists) -> list[Ref]:
    """Lists are compared with nothing in the tables."""
    return []


def concerns(given: Mapping[str, str], body: Lists) -> bool:
    """Every test of the rule."""
    return True


def imagine(given: Mapping[str, str], body: Lists) -> Prose:
    """A list of `parts`, as in `7+5`, under `total`; `next` are the figures of the next sentence,
    `nested` those in brackets behind the first part, `others` further figures in front."""
    if "total" not in given:
        return Prose()
    numbers = iter(range(1_000_000))
    units = given.get("units", "").split("+")

    def figures(key: str, sentence: int = 0) -> list[Quantity]:
        said = given.get(key, "")
        return [
            imagined(text, next(numbers), sentence, units[number % len(units)])
            for number, text in enumerate(said.split("+") if said else ())
        ]

    total, others = figures("total"), figures("others")
    nested = tuple(figures("nested"))
    parts = [
        Part(each, nested if not number else (), clause=number)
        for number, each in enumerate(figures("parts"))
    ]
    breakdown = Breakdown(
        total[0],
        tuple(parts),
        tuple(others),
        tuple(figures("next", 1)),
        given.get("open") == "true",
        given.get("closed") == "true",
    )
    return Prose(sentences=imagined_sentences(2), breakdowns=(breakdown,))


def imagined_sentences(number: int) -> tuple[Sentence, ...]:
    """Sentences without a word, for figures to stand in."""
    return tuple(Sentence("", "overview", 0, Origin(line=at + 1)) for at in range(number))


def imagined(text: str, at: int, sentence: int = 0, unit: str = "") -> Quantity:
    """A figure of a rule's test; `~` in front makes it an approximate one, `w` behind one in 万."""
    vague, scaled = text.startswith("~"), text.endswith("w")
    plain = text.strip("~w")
    value = Decimal(plain)
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(min(0, int(exponent)))
    times = 10_000 if scaled else 1
    return Quantity(
        sentence, at, at, text, value * times, step * times, unit, Origin(line=sentence + 1),
        vague, "w" if scaled else "",
    )  # fmt: skip
