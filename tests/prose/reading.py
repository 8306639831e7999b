"""One case of a sentence read as a report would be, and what the reader says of it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.layout import Outline
from auditor.layout.labels import lexicon_of
from auditor.model.form import Form
from auditor.model.prose import Prose
from auditor.model.report import Identity
from auditor.model.source import Extract, Origin, Paragraph
from auditor.prose import read_prose
from auditor.source_text import linearize
from tests.support import library

HERE = Path(__file__).parent
IN_WAN = {"fee_amount"}
"""Claims that the cases give in 万元 and the reader in 元."""


@cache
def forms() -> dict[str, Form]:
    """The editions by their last name."""
    return {form.id.rpartition("/")[2]: form for form in library().forms}


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    found = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(found, list)
    return found


def prose_of(
    text: str, section: str = "overview", year: int | None = 2023, agency: str | None = None
) -> Prose:
    """What is read where the text stands in a section of a report."""
    form = forms()["2019" if year is not None and year <= 2020 else "2021"]
    lines = text.splitlines()
    if section != "preamble":
        known = form.wordings.section(section)
        numeral = dict((value, digit) for digit, value in form.wordings.digits)[known.number]
        lines.insert(0, f"{numeral}、{known.headings[0]}")
    blocks = [Paragraph(line, Origin(line=number)) for number, line in enumerate(lines, 1)]
    tape = linearize(Extract(tuple(blocks)), lexicon_of(form).folding)
    return read_prose(Outline(tape, {}, ()), form, Identity(agency, year))


def claims_of(case: dict[str, Any]) -> Counter[tuple[str, Decimal]]:
    """The claims that the reader finds in a case, vague ones left out."""
    prose = prose_of(
        case["text"],
        case.get("section", "overview"),
        case.get("year", 2023),
        case.get("agency"),
    )
    return Counter(
        (said.mention, (said.value / 10_000 if said.mention in IN_WAN else said.value).normalize())
        for said in prose.claims
        if not said.vague or said.quantity is None
    )


def expected_of(case: dict[str, Any]) -> Counter[tuple[str, Decimal]]:
    """The claims that the case says are there."""
    return Counter(
        (name, Decimal(str(value)).normalize())
        for name, values in case["says"].items()
        for value in values
    )


def score(name: str) -> tuple[float, float, list[str]]:
    """Recall and precision over a file, and what went wrong case by case."""
    hits = missed = false = 0
    wrong = []
    for case in cases(name):
        found, expected = claims_of(case), expected_of(case)
        hits += sum((found & expected).values())
        missed += sum((expected - found).values())
        false += sum((found - expected).values())
        if found != expected:
            lost = ", ".join(f"{key} {value}" for key, value in expected - found)
            extra = ", ".join(f"{key} {value}" for key, value in found - expected)
            wrong.append(f"{case['id']}: missed [{lost}], not there [{extra}]")
    return hits / (hits + missed), hits / (hits + false), wrong
