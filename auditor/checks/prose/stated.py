"""A section speaks of something that it has to speak of, such as fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.prose.brief import own_words
from auditor.checks.prose.content import (
    GIVEN,
    Part,
    imagine_content,
    is_found,
)
from auditor.checks.prose.verdicts import failed, passed, quoted, unclear, unsaid
from auditor.model.address import Words
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Prose, Quote
from auditor.model.report import Facts, Ref

__all__ = ["GIVEN", "Statement", "concerns", "imagine", "judge", "refs"]


@noun
class Statement:
    """A section, and words of which one has to stand in it."""

    part: Part
    words: tuple[str, ...]
    """The first of them means nothing else, wherever it stands."""
    what: Words
    """What has to be said."""
    least: int = 0
    """Shorter texts are another rule's."""


def judge(check: Check, body: Statement, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome; where another section says it, the omission is a question of form."""
    part = body.part
    if not is_found(prose, part):
        yield unclear(check)
        return
    text = prose.metadata.content(part.key)
    if any(word in text for word in body.words):
        yield passed(check)
        return
    if len(own_words(text, ())) < body.least:
        yield unsaid(check)
        return
    heading = next(each for each in prose.headings if each.section == part.key)
    elsewhere = any(
        body.words[0] in other for section, other in prose.metadata.contents if section != part.key
    )
    quotes = [quoted(heading.printed), *_said(prose, body)]
    yield failed(
        check,
        "section-unstated-elsewhere" if elsewhere else "section-unstated",
        *quotes,
        severity=Severity.INFO if elsewhere else None,
        subject=part.key,
        title=heading.printed.text,
        what=body.what,
    )


def _said(prose: Prose, body: Statement) -> Iterator[Quote]:
    """The first sentence of another section that has the word, where it is printed so."""
    word = body.words[0]
    for number, sentence in enumerate(prose.sentences):
        at = sentence.text.find(word)
        if at >= 0 and sentence.section != body.part.key:
            yield prose.quote(number, (at, at + len(word)), origin=sentence.origin)
            return


def refs(body: Statement) -> list[Ref]:
    """None: what the rule's guards read is theirs."""
    return []


def concerns(given: Mapping[str, str], body: Statement) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Statement) -> Prose:
    """`says` is the section's text, `elsewhere` that of another section."""
    return imagine_content(given, body.part)
