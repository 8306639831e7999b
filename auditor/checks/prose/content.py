"""A section that a rule is about: whether it was found for certain, and one imagined for a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from auditor.model.noun import noun
from auditor.model.prose import Heading, Metadata, Printed, Prose, Sentence
from auditor.model.source import Origin

GIVEN = ("says", "elsewhere", "signed")


@noun
class Part:
    """A section of the form, by its key, its number and how its heading reads."""

    key: str
    number: int
    title: str
    closes: bool = False
    """Whether the form ends with it."""


def is_found(prose: Prose, part: Part) -> bool:
    """Whether its heading was found with the number that the form prints."""
    return any(
        heading.section == part.key and heading.number == part.number for heading in prose.headings
    )


def imagine_content(given: Mapping[str, str], part: Part) -> Prose:
    """`says` is the section's text, `-` for none; `elsewhere` another section's; `signed` a day."""
    here = Origin(line=1)
    if "says" not in given:
        return Prose()
    heading = Heading(part.key, Printed(part.title, here), part.number)
    said = given["says"]
    sentences = [] if said == "-" else [Sentence(said, part.key, 0, here)]
    if "elsewhere" in given:
        sentences.append(Sentence(given["elsewhere"], "preamble", 1, here))
    signed = given.get("signed")
    formal = Metadata(
        contents=tuple((sentence.section, sentence.text) for sentence in sentences),
        signed=Printed(signed, here) if signed else None,
        signed_on=date.fromisoformat(signed) if signed else None,
    )
    return Prose(sentences=tuple(sentences), headings=(heading,), metadata=formal)
