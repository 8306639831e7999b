"""A section speaks of something that it has to speak of, such as fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.prose.brief import own_words
from auditor.checks.prose.content import (
    GIVEN,
    Part,
    content_of,
    imagine_content,
    is_found,
)
from auditor.checks.prose.verdicts import failed, passed, quoted, unclear, unsaid
from auditor.model.address import Words
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Prose
from auditor.model.report import Facts, Ref

__all__ = ["GIVEN", "Statement", "concerns", "imagine", "judge", "refs"]


@noun
class Statement:
    """A section, and words of which one has to stand in it."""

    part: Part
    words: tuple[str, ...]
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
    text = content_of(prose, part)
    if any(word in text for word in body.words):
        yield passed(check)
        return
    if len(own_words(text, ())) < body.least:
        yield unsaid(check)
        return
    heading = next(each for each in prose.headings if each.section == part.key)
    other = next(
        (
            sentence
            for sentence in prose.sentences
            if sentence.section != part.key and any(word in sentence.text for word in body.words)
        ),
        None,
    )
    quotes = [quoted(heading.printed)]
    if other is not None:
        word = next(word for word in body.words if word in other.text)
        at = other.text.index(word)
        quotes.append(
            prose.quote(prose.sentences.index(other), (at, at + len(word)), origin=other.origin)
        )
    yield failed(
        check,
        "section-unstated-elsewhere" if other is not None else "section-unstated",
        *quotes,
        severity=Severity.INFO if other is not None else None,
        subject=part.key,
        title=part.title,
        what=body.what,
    )


def refs(body: Statement) -> list[Ref]:
    """None: what the rule's guards read is theirs."""
    return []


def concerns(given: Mapping[str, str], body: Statement) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Statement) -> Prose:
    """`says` is the section's text, `elsewhere` that of another section."""
    return imagine_content(given, body.part)
