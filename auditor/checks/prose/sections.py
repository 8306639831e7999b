"""The report's sections are all there, in order, and numbered as on the form.

A heading that was not found is told only where the others stand out clearly and the text goes on
behind its place: what copying may have lost is never the author's omission.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from auditor.checks.prose.verdicts import failed, passed, quoted, unclear
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Heading, Metadata, Printed, Prose
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("headings", "unseen", "misplaced", "signed")


@noun
class Arranged:
    """The sections of the form in order, with their titles, and how many must be clear."""

    titles: tuple[tuple[str, str], ...]
    least: int


def judge(check: Check, body: Arranged, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome for wrong numbers, one for every heading that is missing or out of place."""
    titles = dict(body.titles)
    order = [*titles]
    formal = prose.metadata
    numbered = [heading for heading in prose.headings if heading.number is not None]
    if len(numbered) < body.least:
        yield unclear(check)
        return
    clear = True
    wrong = [each for each in numbered if each.number != order.index(each.section) + 1]
    if wrong:
        clear = False
        yield failed(
            check,
            "section-number",
            *(quoted(each.printed) for each in wrong),
            subject="numbers",
            titles=" ".join(titles[each.section] for each in wrong),
        )
    for each in formal.misplaced:
        clear = False
        title = titles[each.section]
        yield failed(
            check, "section-order", quoted(each.printed), subject=each.section, title=title
        )
    last = max(order.index(heading.section) for heading in prose.headings)
    for key in formal.unseen:
        # Behind the last heading found the copy may simply have ended.
        if order.index(key) < last or formal.signed_on is not None:
            clear = False
            yield failed(check, "section-missing", subject=key, title=titles[key])
    if clear:
        missing = len(prose.headings) + len(formal.misplaced) < len(order)
        yield unclear(check) if missing else passed(check)


def refs(body: Arranged) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Arranged) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Arranged) -> Prose:
    """Headings as `1 2 3`, or `problems:4` where another number is printed."""
    here = Origin(line=1)
    keys = [key for key, _ in body.titles]

    def heading(said: str) -> Heading:
        key, _, number = said.rpartition(":")
        section = key or keys[int(number) - 1]
        return Heading(section, Printed(section, here), int(number))

    formal = Metadata(
        unseen=tuple(given.get("unseen", "").split()),
        misplaced=tuple(map(heading, given.get("misplaced", "").split())),
        signed_on=date.fromisoformat(given["signed"]) if "signed" in given else None,
    )
    headings = tuple(map(heading, given.get("headings", "").split()))
    return Prose(headings=headings, metadata=formal)
