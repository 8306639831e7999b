"""The edition of the form is the one in force for the year that title and period name.

Where both say so it is the rule's own severity; where only one does, the year itself may be the
slip, and it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from auditor.checks.prose.verdicts import failed, passed, quoted, unclear
from auditor.model.address import Address
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Printed, Prose
from auditor.model.report import Facts, Number, Ref
from auditor.model.source import Origin

GIVEN = ("title", "period")
_YEAR = Ref(Address("text", "", "year"))


@noun
class InForce:
    """The first and last report year of an edition."""

    first: int | None
    last: int | None

    def covers(self, year: int) -> bool:
        """Whether the edition is in force for that year."""
        return (self.first or year) <= year <= (self.last or year)


def judge(check: Check, body: InForce, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome."""
    formal = prose.metadata
    told = [
        (year, printed)
        for year, printed in (
            (formal.title_year, formal.title),
            (formal.period_end.year if formal.period_end else None, formal.period),
        )
        if year is not None
    ]
    value = facts.values.get(_YEAR)
    if not told and isinstance(value, Number):
        told = [(int(value.value), None)]
    if not told:
        yield unclear(check)
        return
    wrong = [(year, printed) for year, printed in told if not body.covers(year)]
    if not wrong:
        yield passed(check)
        return
    certain = len(wrong) == 2
    yield failed(
        check,
        "edition-wrong" if certain else "edition-doubtful",
        *(quoted(printed) for _, printed in wrong if printed is not None),
        severity=None if certain else Severity.WARNING,
        subject="edition",
        year=str(wrong[0][0]),
        actual=str(wrong[0][0]),
    )


def refs(body: InForce) -> list[Ref]:
    """The year, as far as the document says it anywhere."""
    return [_YEAR]


def concerns(given: Mapping[str, str], body: InForce) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: InForce) -> Prose:
    """`title` and `period` are years."""
    here = Origin(line=1)
    title, period = given.get("title"), given.get("period")
    return Prose(
        metadata=Metadata(
            title=Printed(title, here) if title else None,
            title_year=int(title) if title else None,
            period=Printed(period, here) if period else None,
            period_start=date(int(period), 1, 1) if period else None,
            period_end=date(int(period), 12, 31) if period else None,
        )
    )
