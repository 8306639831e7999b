"""A quantity that two sections state is the same in both.

Where the tables have the cell, `auditor.checks.prose.agrees` says more about each statement; this
is for quantities that the form has no cell for, and for cells that were not read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditor.checks.prose.agrees import MentionReadings
from auditor.checks.prose.breakdown import imagined
from auditor.model.check import Check
from auditor.model.finding import Outcome, ProseResult, Reason, Status
from auditor.model.prose import Claim, Prose, Sentence
from auditor.model.report import Blank, Facts, Number, Ref
from auditor.model.source import Origin

GIVEN = ("mention", "said", "again", "wide", "vague")


def judge(check: Check, body: MentionReadings, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every statement after the first that another section makes."""
    if body.alternatives and all(_is_read(facts, ref) for ref in refs(body)):
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
        yield _one(check, body, prose, first, second)


def _one(check: Check, body: MentionReadings, prose: Prose, first: Claim, second: Claim) -> Outcome:
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


def refs(body: MentionReadings) -> list[Ref]:
    """The cells by which each statement can be judged alone."""
    return [Ref(address) for alternative in body.alternatives for _, address in alternative.terms]


def concerns(given: Mapping[str, str], body: MentionReadings) -> bool:
    """Whether the test names this mention, or none."""
    return given.get("mention", body.mention) == body.mention


def imagine(given: Mapping[str, str], body: MentionReadings) -> Prose:
    """Two sections that state `said` and `again`."""
    told: list[Claim] = []
    sentences: list[Sentence] = []
    for key, section in (("said", "overview"), ("again", "other_matters")):
        if key not in given:
            continue
        at = len(told)
        quantity = imagined(given[key], 0, at)
        vague = given.get("vague") == "true"
        sentences.append(Sentence(given[key], section, at, Origin(line=at + 1)))
        told.append(
            Claim(
                body.mention, at, 0, len(given[key]), quantity.value, quantity.step,
                quantity.origin, "", vague, given.get("wide") == "true", quantity,
            )
        )  # fmt: skip
    return Prose(sentences=tuple(sentences), claims=tuple(told))
