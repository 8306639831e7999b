"""Nothing of the template is left in the text: instructions, crosses, blanks to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.prose.verdicts import failed, passed
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Passage, Prose, Sentence
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("left", "text")


@noun
class Template:
    """How many different leftovers are told; of others, only how many there are."""

    most: int


def judge(check: Check, body: Template, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome for every leftover that is told, or one that passes."""
    found = prose.metadata.leftovers
    texts = [*dict.fromkeys(each.text for each in found)]
    for each in found:
        if each.text not in texts[: body.most]:
            continue
        more = len(texts) - body.most if texts.index(each.text) == body.most - 1 else 0
        quote = prose.quote(each.sentence, (each.start, each.end), origin=each.origin)
        yield failed(
            check,
            "template-left-more" if more > 0 else "template-left",
            quote,
            subject=each.text,
            text=each.text,
            more=str(more),
            actual=each.text,
        )
    if not found and prose.sentences:
        yield passed(check)


def refs(body: Template) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Template) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Template) -> Prose:
    """`left` is what stands in the text; `text` a sentence without any."""
    here = Origin(line=1)
    left = given.get("left", "")
    said = left or given.get("text", "")
    sentences = (Sentence(said, "overview", 0, here),) if said else ()
    leftovers = (Passage(left, 0, 0, len(left), here),) if left else ()
    return Prose(sentences=sentences, metadata=Metadata(leftovers=leftovers))
