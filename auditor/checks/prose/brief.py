"""A section says something: more than nothing, 无, or a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.prose.content import (
    GIVEN,
    Part,
    imagine_content,
    is_found,
)
from auditor.checks.prose.verdicts import failed, passed, quoted, unclear
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Prose, Quote
from auditor.model.report import Facts, Ref

__all__ = ["GIVEN", "Brevity", "concerns", "imagine", "judge", "refs"]


@noun
class Brevity:
    """A section, the fewest characters that say something, and words that are not its own."""

    part: Part
    least: int
    aside: tuple[str, ...]


def judge(check: Check, body: Brevity, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome; where nothing follows the heading, the copy may have ended: a question."""
    part = body.part
    if not is_found(prose, part):
        yield unclear(check)
        return
    text = own_words(prose.metadata.content(part.key), body.aside)
    if len(text) >= body.least:
        yield passed(check)
        return
    heading = next(each for each in prose.headings if each.section == part.key)
    if text:
        inside = prose.within(part.key)[0]
        yield failed(
            check,
            "section-brief",
            Quote(inside.text, (), inside.origin),
            subject=part.key,
            title=heading.printed.text,
            text=text,
            actual=text,
        )
        return
    is_last = heading == prose.headings[-1] and prose.metadata.signed_on is None
    if is_last and not part.closes:
        yield unclear(check)  # the copy ends here
        return
    yield failed(
        check,
        "section-empty",
        quoted(heading.printed),
        severity=Severity.INFO if is_last else None,
        subject=part.key,
        title=heading.printed.text,
    )


def own_words(text: str, aside: tuple[str, ...]) -> str:
    """The letters and figures of a text without words that a page or an annex adds."""
    for word in aside:
        text = text.replace(word, "")
    return "".join(char for char in text if char.isalnum())


def refs(body: Brevity) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Brevity) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Brevity) -> Prose:
    """`says` is the section's text, `-` for none."""
    return imagine_content(given, body.part)
