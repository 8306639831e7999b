"""The report is dated after the period that it covers, and not after the legal deadline.

Who has which deadline is guessed from the name, the later one where it says nothing. The date that
a web page prints may be that of a move to another site: it only gives a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from auditor.checks.prose.verdicts import failed, passed, quoted, unclear, unsaid
from auditor.model.check import Check, Severity
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Printed, Prose
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("year", "signed", "published")


@noun
class Deadline:
    """A day of the next year, for agencies whose names end so."""

    month: int
    day: int
    ends: tuple[str, ...]
    """Empty for everybody else."""
    unless: tuple[str, ...] = ()

    def is_for(self, agency: str) -> bool:
        """Whether the name says that this deadline is the agency's."""
        if not self.ends:
            return True
        return agency.endswith(self.ends) and not agency.endswith(self.unless)


def judge(
    check: Check, body: tuple[Deadline, ...], facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """One outcome."""
    formal = prose.metadata
    printed, on = formal.signed, formal.signed_on
    is_page = on is None
    if on is None:
        printed, on = formal.published, formal.published_on
    if on is None or printed is None:
        yield unsaid(check)
        return
    told = {formal.title_year, formal.period_end.year if formal.period_end else None} - {None}
    if len(told) != 1:
        yield unclear(check)
        return
    year = max(filter(None, told))
    signer = formal.signature.text if formal.signature else ""
    agency = formal.title_agency or facts.agency or signer
    deadline = next(each for each in body if each.is_for(agency))
    due = date(year + 1, deadline.month, deadline.day)
    severity = Severity.INFO if is_page else None
    if on <= (formal.period_end or date(year, 12, 31)):
        code = "dated-early"
    elif on > due:
        code = "published-late" if is_page else "dated-late"
    else:
        yield passed(check)
        return
    yield failed(
        check,
        code,
        quoted(printed),
        severity=severity,
        subject="date",
        date=on.isoformat(),
        year=str(year),
        due=due.isoformat(),
        actual=on.isoformat(),
    )


def refs(body: tuple[Deadline, ...]) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: tuple[Deadline, ...]) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: tuple[Deadline, ...]) -> Prose:
    """`year` is the report's; `signed` and `published` are days as 2024-01-31."""
    here = Origin(line=1)

    def day(key: str) -> tuple[Printed | None, date | None]:
        said = given.get(key)
        return (Printed(said, here), date.fromisoformat(said)) if said else (None, None)

    signed, signed_on = day("signed")
    published, published_on = day("published")
    return Prose(
        metadata=Metadata(
            title_year=int(given["year"]) if "year" in given else None,
            signed=signed,
            signed_on=signed_on,
            published=published,
            published_on=published_on,
        )
    )
