"""The agency in the title is the one that signs, as far as both are full names.

A short form (市人社局) is no other name. One that drops a whole part (人力资源局 for
人力资源和社会保障局) may be another agency, or an old name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.prose.verdicts import failed, passed, quoted, unsaid
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Printed, Prose
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("title", "signature")


@noun
class Naming:
    """Words that join the parts of a name, such as 和; none of them is part of a short form."""

    joints: tuple[str, ...]


def judge(check: Check, body: Naming, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome; without a signature, or a name in the title, nothing is to be compared."""
    formal = prose.metadata
    name, signature = formal.title_agency, formal.signature
    if not name or signature is None:
        yield unsaid(check)
        return
    if _may_be_same(name, signature.text, body.joints):
        yield passed(check)
        return
    title = (quoted(formal.title),) if formal.title else ()
    yield failed(
        check,
        "agency-differs",
        *title,
        quoted(signature),
        title=name,
        signature=signature.text,
        expected=name,
        actual=signature.text,
    )


def _may_be_same(one: str, other: str, joints: tuple[str, ...]) -> bool:
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if short in long:
        return True
    kept = _kept(short, long)
    if kept is None:
        return False
    for joint in joints:
        at = long.find(joint)
        if at < 0 or joint in short:
            continue
        # A short form takes a character from each part; the last one is everybody's (局).
        if not any(at < place < kept[-1] for place in kept):
            return False
    return True


def _plain(name: str) -> str:
    return "".join(char for char in name if char.isalnum())


def _kept(short: str, long: str) -> list[int] | None:
    """Where the characters of `short` stand in `long`, in order; None where they do not."""
    places: list[int] = []
    at = -1
    for number, char in enumerate(short, 1):
        at = long.rfind(char, at + 1) if number == len(short) else long.find(char, at + 1)
        if at < 0:
            return None
        places.append(at)
    return places


def refs(body: Naming) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Naming) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Naming) -> Prose:
    """`title` and `signature` are names."""
    here = Origin(line=1)
    title, signature = given.get("title"), given.get("signature")
    return Prose(
        metadata=Metadata(
            title=Printed(title, here) if title else None,
            title_agency=title,
            signature=Printed(signature, here) if signature else None,
        )
    )
