"""What the agency published in the year is told alike wherever the report tells it.

Two totals that are nearly equal are likely to be one quantity: a warning where both are counted in
the same unit and said of all that was published, a question where one is said of the website only
or counted otherwise (316 条 and 319 篇). Far apart, they are taken for two quantities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditor.checks.prose.breakdown import imagined
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.noun import noun
from auditor.model.prose import Prose, Published, Quantity, Sentence
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("all", "again", "site", "units")


@noun
class Nearness:
    """By how many per cent two totals may differ and still be taken for one quantity."""

    near: Decimal
    alike: Decimal
    """The same for totals told in the same words and unit."""


def judge(check: Check, body: Nearness, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every further total, against the first that is said of everything."""
    first = next((each for each in prose.published if each.general), None)
    if first is None:
        return
    for each in prose.published:
        if each is not first:
            yield _one(check, body, prose, first, each)


def _one(check: Check, body: Nearness, prose: Prose, first: Published, other: Published) -> Outcome:
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


def refs(body: Nearness) -> list[Ref]:
    """Publications are compared with nothing in the tables."""
    return []


def concerns(given: Mapping[str, str], body: Nearness) -> bool:
    """Every test of the rule."""
    return True


def imagine(given: Mapping[str, str], body: Nearness) -> Prose:
    """Totals of everything published, `all` and `again`, and of the website, `site`; `units` are
    theirs in this order."""
    units = iter(given.get("units", "").split("+"))
    found: list[Published] = []
    sentences: list[Sentence] = []
    for key in ("all", "again", "site"):
        if key in given:
            at = len(found)
            text = given[key]
            found.append(
                Published(imagined(text, 0, at, next(units, "")), 0, len(text), key != "site")
            )
            sentences.append(Sentence(text, "overview", at, Origin(line=at + 1)))
    return Prose(sentences=tuple(sentences), published=tuple(found))
