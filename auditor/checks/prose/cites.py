"""The notice that a report names as its basis is the one in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.checks.prose.verdicts import failed, passed, unsaid
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Passage, Prose, Sentence
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("cites",)
_FIGURES = re.compile(r"\d+")


@noun
class Basis:
    """Notices by their numbers: the one that is due and those it has replaced."""

    due: str
    replaced: tuple[str, ...]


def judge(check: Check, body: Basis, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome; none of the form's notices cited is nothing to check."""
    cited = prose.metadata.cited
    if not cited:
        yield unsaid(check)
        return
    if any(_same(passage.text, body.due) for passage in cited):
        yield passed(check)
        return
    old = [each for each in cited if any(_same(each.text, number) for number in body.replaced)]
    if not old:
        yield unsaid(check)
        return
    quote = prose.quote(old[0].sentence, (old[0].start, old[0].end), origin=old[0].origin)
    yield failed(
        check, "notice-replaced", quote, cited=old[0].text, expected=body.due, actual=old[0].text,
        due=body.due,
    )  # fmt: skip


def _same(one: str, other: str) -> bool:
    """Whether two numbers are the same but for brackets: 〔2021〕30号, [2021]30号."""
    return _FIGURES.findall(one) == _FIGURES.findall(other)


def refs(body: Basis) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Basis) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Basis) -> Prose:
    """`cites` is the notices' numbers, with blanks between."""
    here = Origin(line=1)
    said = given.get("cites", "")
    cited = tuple(
        Passage(found.group(), 0, found.start(), found.end(), here)
        for found in re.finditer(r"\S+", said)
    )
    sentence = Sentence(said, "preamble", 0, here)
    return Prose(sentences=(sentence,), metadata=Metadata(cited=cited))
