"""The year of title, period and sentences is one and the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from auditor.checks.prose.verdicts import failed, passed, quoted, unsaid
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.noun import noun
from auditor.model.prose import Metadata, Printed, Prose, Sentence, StaleYear
from auditor.model.report import Facts, Ref
from auditor.model.source import Origin

GIVEN = ("title", "period", "said")
TITLE, SENTENCES = "title", "sentences"


@noun
class Dating:
    """What is compared with what: the `title` with the period, or `sentences` with both."""

    part: str


def judge(check: Check, body: Dating, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome for the title, or one for every stale year."""
    formal = prose.metadata
    if body.part == TITLE:
        yield _title(check, formal)
        return
    told = {
        year
        for year in (formal.title_year, formal.period_end.year if formal.period_end else None)
        if year is not None
    }
    if len(told) != 1:
        yield unsaid(check)  # which year is the report's cannot be told; the title's rule says so
        return
    for stale in formal.stale_years:
        yield failed(
            check,
            "year-stale",
            prose.quote(stale.sentence, (stale.start, stale.end), origin=stale.origin),
            subject=f"year-stale {stale.year}",
            year=str(stale.year),
            report_year=str(min(told)),
            expected=str(min(told)),
            actual=str(stale.year),
        )
    if not formal.stale_years:
        yield passed(check)


def _title(check: Check, formal: Metadata) -> Outcome:
    title, period = formal.title, formal.period
    start, end = formal.period_start, formal.period_end
    if title is None or formal.title_year is None or not (period and start and end):
        return unsaid(check)
    if start.year == end.year == formal.title_year:
        return passed(check)
    return failed(
        check,
        "year-of-title",
        quoted(title),
        quoted(period),
        year=str(formal.title_year),
        period=period.text,
        expected=str(formal.title_year),
        actual=str(end.year),
    )


def refs(body: Dating) -> list[Ref]:
    """None."""
    return []


def concerns(given: Mapping[str, str], body: Dating) -> bool:
    """Always: a rule has one such check."""
    return True


def imagine(given: Mapping[str, str], body: Dating) -> Prose:
    """`title` is a year, `period` one or two (`2022-2023`), `said` the years of sentences."""
    here = Origin(line=1)
    title, period = given.get("title"), given.get("period")
    first, _, last = (period or "").partition("-")
    said = given.get("said", "").split()
    return Prose(
        sentences=tuple(Sentence(year, "overview", 0, here) for year in said),
        metadata=Metadata(
            title=Printed(title, here) if title else None,
            title_year=int(title) if title else None,
            period=Printed(period, here) if period else None,
            period_start=date(int(first), 1, 1) if period else None,
            period_end=date(int(last or first), 12, 31) if period else None,
            stale_years=tuple(
                StaleYear(int(year), index, 0, len(year), here) for index, year in enumerate(said)
            ),
        ),
    )
