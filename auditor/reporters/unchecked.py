"""What an audit could not decide, and why: grouped by reason, every cell named or counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from auditor.messages import phrase
from auditor.model.finding import Audit, Outcome, Status
from auditor.reporters.grounds import grounds, listed_cells, unread_cells
from auditor.reporters.wrap import wrapped


def unchecked(audit: Audit, language: str, width: int) -> Iterator[RenderableType]:
    """The undetermined checks by reason, with the cells that stood in the way."""
    found = [each for each in audit.outcomes if each.status is Status.UNDETERMINED]
    unread = unread_cells(audit.report)
    if not found and not unread:
        return
    title = phrase("title-unchecked", language, count=len(found))
    yield Padding(Text(f"── {title} ──", style="bold"), (1, 0, 0, 0))
    yield from _by_reason(audit, found, language, width)
    if unread:
        listed = listed_cells(audit.form, audit.report, unread, language)
        yield wrapped("- " + phrase("unread-cells", language, list=listed), width, hang=2)


def not_applicable(audit: Audit, language: str, width: int, each: bool) -> Iterator[RenderableType]:
    """The checks that do not apply: counted by reason, or listed where `each` is asked for."""
    found = [each_ for each_ in audit.outcomes if each_.status is Status.NOT_APPLICABLE]
    if not found:
        return
    title = phrase("title-not-applicable", language, count=len(found))
    yield Padding(Text(f"── {title} ──", style="bold"), (1, 0, 0, 0))
    if each:
        yield from _by_reason(audit, found, language, width)
        return
    said = phrase("list-semicolon", language).join(
        f"{ground.reason} {ground.count}" for ground in grounds(audit, found, language)
    )
    yield wrapped(said, width)


def _by_reason(
    audit: Audit, outcomes: Sequence[Outcome], language: str, width: int
) -> Iterator[RenderableType]:
    for ground in grounds(audit, outcomes, language):
        count = phrase("in-brackets", language, text=ground.count)
        yield Text(f"- {ground.reason}{count}")
        for rule, checks, lines in ground.rules:
            said = f"{rule.id} × {checks}" if checks > 1 else rule.id
            if lines:
                said += phrase("colon", language) + lines
            yield wrapped("    " + said, width, hang=6)
        if ground.blanks:
            said = phrase("blank", language) + phrase("colon", language) + ground.blanks
            yield wrapped("    " + said, width, hang=6)
