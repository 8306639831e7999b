"""The figures that sentences state, and what each was matched with: evidence, not findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model.finding import Outcome, Status, Telling
from auditor.model.prose import Quote
from auditor.wording import phrase


def told_figures(outcomes: Iterable[Outcome]) -> list[tuple[Outcome, Telling]]:
    """The outcomes that are about one stated figure, in the order of the checks."""
    return [
        (outcome, outcome.telling)
        for outcome in outcomes
        if outcome.telling is not None and outcome.check.predicate_aspect == "agrees"
    ]


def told_lines(outcomes: Iterable[Outcome], language: str) -> Iterator[str]:
    """A line for each figure: what it is, what the table says, and the words that state it."""
    for _, telling in told_figures(outcomes):
        said = phrase(telling.code, language, **telling.in_language(language))
        words = phrase("list-comma", language).join(marked(quote) for quote in telling.quotes)
        yield said + phrase("in-brackets", language, text=words)


def marked(quote: Quote) -> str:
    """The marked words of a quote alone."""
    return " ".join(quote.text[start:end] for start, end in quote.marks)


def counted(outcomes: Iterable[Outcome]) -> dict[Status, int]:
    """Stated figures by status."""
    found = dict.fromkeys(Status, 0)
    for outcome, _ in told_figures(outcomes):
        found[outcome.status] += 1
    return found
