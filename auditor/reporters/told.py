"""The figures that sentences state, and what each was matched with: evidence, not findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.messages import phrase
from auditor.model.address import Words
from auditor.model.finding import Outcome, ProseResult, Status
from auditor.model.form import Form
from auditor.model.prose import Counted, Prose, Quote


def told_figures(outcomes: Iterable[Outcome]) -> list[tuple[Outcome, ProseResult]]:
    """The outcomes that are about one stated figure, in the order of the checks."""
    return [
        (outcome, outcome.prose_result)
        for outcome in outcomes
        if outcome.prose_result is not None and outcome.check.predicate_aspect == "agrees"
    ]


def told_lines(outcomes: Iterable[Outcome], language: str) -> Iterator[str]:
    """A line for each figure: what it is, what the table says, and the words that state it."""
    for _, prose_result in told_figures(outcomes):
        said = phrase(prose_result.code, language, **prose_result.in_language(language))
        words = phrase("list-comma", language).join(marked(quote) for quote in prose_result.quotes)
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


_MARKS = {"matched": "\u2713", "within": "=", "apart": "\u2013", "unread": "?"}
"""Behind a figure: what became of it."""


def coverage_line(prose: Prose | None, language: str) -> str:
    """How many counts of the text were matched, set apart and why, and not understood; empty for a
    text without any."""
    if prose is None or not prose.counted:
        return ""
    counts = prose.coverage()
    said = [
        phrase(f"apart-{why}", language, count=count)
        for why, count in ((key.partition(":")[2], count) for key, count in counts.items())
        if why
    ]
    text = phrase("list-comma", language).join(said)
    reasons = phrase("in-brackets", language, text=text) if said else ""
    states = {key: count for key, count in counts.items() if ":" not in key}
    return phrase("coverage", language, **states, reasons=reasons)


def marked_sentences(prose: Prose | None, form: Form, language: str) -> Iterator[str]:
    """Every sentence with counts, each followed by what became of it."""
    by_sentence: dict[int, list[Counted]] = {}
    for each in prose.counted if prose else ():
        by_sentence.setdefault(each.sentence, []).append(each)
    labels = {mention.key: mention.label for mention in form.wordings.mentions}
    for number, own in by_sentence.items():
        text, at, said = prose.sentences[number].text if prose else "", 0, ""
        for each in own:
            said += text[at : each.end] + f"[{_MARKS[each.state]}{_why(each, labels, language)}]"
            at = each.end
        yield said + text[at:]


def _why(each: Counted, labels: Mapping[str, Words], language: str) -> str:
    """The quantity that a count is, or why it is none."""
    if each.state == "matched":
        label = labels.get(each.why, {})
        return label.get(language) or label.get("en", each.why)
    return phrase(f"why-{each.why}", language) if each.state == "apart" else ""
