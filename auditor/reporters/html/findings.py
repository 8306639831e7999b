"""A finding → what the page tells of it, and which cells of the tables it marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.messages import phrase
from auditor.model.address import Words
from auditor.model.check import Filled, Rule
from auditor.model.finding import Audit, Certainty, Finding
from auditor.model.form import Address, Form
from auditor.model.noun import noun
from auditor.model.report import Blank
from auditor.reporters.cells import at_fault
from auditor.reporters.decided import decided
from auditor.reporters.excerpts import Excerpt, excerpts
from auditor.reporters.html.sheets import Box, Heading, Mark, Sheet, SheetRow
from auditor.reporters.offers import changes, choice, limits, why
from auditor.reporters.places import at
from auditor.reporters.quotes import pieces

_SENTENCE = 600
"""Characters of a sentence that are shown around its marks."""
_OFFERS = 6
"""So many of several possible changes are listed; JSON has them all."""
_CELLS = 12
"""So many cells of a finding are linked; its excerpt has them all."""


@noun
class Cell:
    """A box of the form by its labels, and where the page has it."""

    name: str
    anchor: str


@noun
class Offer:
    """A suggestion in words."""

    grade: str
    changes: str
    slip: str
    settles: tuple[str, ...]


@noun
class Shown:
    """A finding as it is told."""

    number: int
    finding: Finding
    rule: Rule
    title: str
    message: str
    statement: str
    advice: str
    place: str
    cells: tuple[Cell, ...]
    quotes: tuple[tuple[tuple[str, bool], ...], ...]
    excerpts: tuple[tuple[str, Sheet, int], ...]
    """A table's title, its part, and how many rows were left out of it."""
    offers: tuple[Offer, ...]
    more: int
    """Further offers that are not listed."""
    choice: str
    """The words above several offers."""
    limits: str
    unsure: bool
    decided: tuple[str, ...]
    """What was decided about it before and how its severity was changed, a line each."""


def marks_of(findings: Sequence[Finding]) -> dict[Address, list[Mark]]:
    """Which findings point at each cell: at it alone, or at it among others."""
    found: dict[Address, list[Mark]] = {}
    for number, finding in enumerate(findings, start=1):
        offered = {edit.address for offer in finding.suggestions for edit in offer.edits}
        alone = len(finding.suggestions) == 1
        blank = _blank(finding)
        cells = offered or at_fault(finding) | blank
        for cell in cells:
            sure = alone or cell in blank or (not offered and len(cells) == 1)
            found.setdefault(cell, []).append(Mark(number, sure))
    return found


def _blank(finding: Finding) -> frozenset[Address]:
    """The blank cells that it is about, where it says that they should be filled."""
    return frozenset(
        operand.ref.address
        for outcome in finding.outcomes
        for operand in outcome.operands
        if isinstance(outcome.check.predicate, Filled)
        and outcome.check.predicate.wanted
        and isinstance(operand.value, Blank)
    )


def told(
    number: int, finding: Finding, audit: Audit, placed: Mapping[Address, Box], language: str
) -> Shown:
    """The finding in the words of one language; `placed` are the boxes that the page has."""
    report, form, rule = audit.report, audit.form, finding.outcomes[0].check.rule
    statement = in_language(rule.statement, language)
    marked = [box for box in placed.values() if any(m.number == number for m in box.marks)]
    cells = tuple(Cell(form.describe(box.address), box.anchor) for box in marked)
    title = cells[0].name if len(cells) == 1 else statement
    return Shown(
        number=number,
        finding=finding,
        rule=rule,
        title=title,
        message=in_language(finding.message, language),
        statement=statement,
        advice=in_language(rule.advice or {}, language),
        place=at(report.source.name, finding.origin, language) if finding.origin else "",
        cells=cells[:_CELLS],
        quotes=tuple(tuple(pieces(quote, _SENTENCE)) for quote in finding.quotes),
        excerpts=tuple(
            (
                in_language(part.table.title, language),
                _part(part, number, finding, form, placed),
                part.left_out,
            )
            for part in excerpts(finding, report, form)
        ),
        offers=tuple(
            Offer(
                phrase(f"grade-{offer.grade.value}", language),
                changes(offer, form, language),
                why(offer, form, language),
                offer.settles,
            )
            for offer in finding.suggestions[:_OFFERS]
        ),
        more=max(0, len(finding.suggestions) - _OFFERS),
        choice=choice(finding, language) if len(finding.suggestions) > 1 else "",
        limits=limits(finding, language),
        unsure=finding.certainty is Certainty.LIKELY,
        decided=tuple(decided(finding, language)),
    )


def _part(
    part: Excerpt, number: int, finding: Finding, form: Form, placed: Mapping[Address, Box]
) -> Sheet:
    """An excerpt: one label a row, and beside a wrong figure the one that should stand there."""
    single = finding.suggestions[0].edits if len(finding.suggestions) == 1 else ()
    after = {edit.address: edit.after for edit in single}
    lines = []
    for row in part.rows:
        boxes: list[Box | None] = []
        for column in part.columns:
            address = Address(part.table.key, row.key, column.key)
            box = placed.get(address)
            boxes.append(
                box
                and replace(
                    box,
                    marks=tuple(mark for mark in box.marks if mark.number == number),
                    concerned=address in finding.addresses,
                    after=after.get(address),
                )
            )
        label = form.describe(Address(part.table.key, row.key, part.columns[0].key))
        lines.append(SheetRow((Heading(label.rpartition(" × ")[0], 1, 1),), tuple(boxes)))
    head = tuple(Heading(column.label, 1, 1) for column in part.columns)
    return Sheet((head,), 1, tuple(lines), ())


def in_language(words: Words, language: str) -> str:
    """The words in that language, else in English."""
    return words.get(language) or words.get("en", "")
