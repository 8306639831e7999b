"""One audit, reading or failure → what its part of the page says, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import (
    ENGINE_DOUBT,
    UNFINISHED,
    Audit,
    Coverage,
    Failure,
    Outcome,
    Status,
)
from auditor.model.form import Form
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.model.source import Notice
from auditor.reporters import Item, Judged, Reading
from auditor.reporters.decided import came_to
from auditor.reporters.doubts import ASSURING, doubt_in_words
from auditor.reporters.grounds import Ground, grounds, listed_cells, unread_cells
from auditor.reporters.held import held_in_words
from auditor.reporters.html.findings import Shown, in_language, marks_of, told
from auditor.reporters.html.sheets import Printed, boxes_of, printed_tables
from auditor.reporters.places import at
from auditor.reporters.quotes import pieces
from auditor.reporters.told import coverage_line, marked_sentences, told_figures


@noun
class Doubt:
    """A notice in words."""

    said: str
    cells: str
    place: str


@noun
class Stated:
    """A figure that a sentence states, and what it was matched with."""

    status: Status
    said: str
    quotes: tuple[tuple[tuple[str, bool], ...], ...]


@noun
class View:
    """One document's part of the page."""

    number: int
    prefix: str
    """What the ids of this part begin with."""
    name: str
    sha256: str
    agency: str
    year: str
    form: str
    verdict: str
    """`findings`, `clean`, `settled`, `below`, `silenced`, `not-audited`, `failure`, `reading`."""
    severities: Mapping[str, int]
    """Findings by severity, but for those about which something was decided before."""
    dispositions: Mapping[str, int]
    """The other findings by what was decided, only those that occur."""
    counts: Mapping[str, int]
    findings: tuple[Shown, ...] = ()
    tables: tuple[Printed, ...] = ()
    undetermined: tuple[Ground, ...] = ()
    unread: str = ""
    untold: int = 0
    not_applicable: tuple[Ground, ...] = ()
    unfinished: tuple[Doubt, ...] = ()
    """What keeps the audit from being clean; told with the verdict."""
    doubts: tuple[Doubt, ...] = ()
    assurances: tuple[Doubt, ...] = ()
    leftovers: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()
    sentences: tuple[str, ...] = ()
    """Those with counts, each count marked with what became of it."""
    coverage: str = ""
    receipts: tuple[tuple[str, Coverage, str], ...] = ()
    digest: str = ""
    """Of the rules."""
    held: str = ""
    """Which settings file took effect."""
    why: str = ""
    """Why a document could not be audited."""
    code: str = ""


def view_of(item: Item, number: int, language: str) -> View:
    """What the page says about one item; `number` counts from 1."""
    match item:
        case Failure():
            return _failure(item, number)
        case Reading(form=form, report=report):
            base = _base(report, form, number, language)
            doubts, assurances = _doubts(report.doubts, report, form, language)
            return replace(
                base,
                verdict="reading",
                tables=tuple(printed_tables(report, form, {}, language, base.prefix)),
                unread=listed_cells(form, report, unread_cells(report), language),
                doubts=doubts,
                assurances=assurances,
                stated=_stated(item.told, language),
                sentences=tuple(marked_sentences(report.prose, form, language)),
                coverage=coverage_line(report.prose, language),
            )
        case Judged():
            return _judged(item, number, language)


def _failure(failure: Failure, number: int) -> View:
    return View(
        number=number,
        prefix=f"r{number}-",
        name=failure.name,
        sha256=failure.sha256 or "",
        why=failure.message,
        code=failure.code,
        agency="",
        year="",
        form="",
        verdict="failure",
        severities={},
        dispositions={},
        counts={},
    )


def _base(report: Report, form: Form, number: int, language: str) -> View:
    who = report.identity
    return View(
        number=number,
        prefix=f"r{number}-",
        name=report.source.name,
        sha256=report.source.sha256,
        agency=who.agency or phrase("unknown-agency", language),
        year=phrase("year", language, year=who.year)
        if who.year
        else phrase("unknown-year", language),
        form=in_language(form.name, language) or form.id,
        verdict="",
        severities={},
        dispositions={},
        counts={},
        leftovers=tuple(left.text for left in report.leftovers),
    )


def _judged(item: Judged, number: int, language: str) -> View:
    audit, report, form = item.audit, item.audit.report, item.audit.form
    base = _base(report, form, number, language)
    tables = tuple(printed_tables(report, form, marks_of(audit.findings), language, base.prefix))
    placed = {box.address: box for table in tables for box in boxes_of(table)}
    unfinished = [notice for notice in audit.notices if notice.code in UNFINISHED]
    others = [notice for notice in audit.notices if notice.code not in UNFINISHED]
    doubts, assurances = _doubts(others, report, form, language)
    explained = sum(len(finding.outcomes) for finding in audit.findings)
    doubted = sum(notice.code == ENGINE_DOUBT for notice in audit.notices)
    severities = dict.fromkeys((each.value for each in Severity), 0)
    for finding in audit.findings:
        severities[finding.severity.value] += finding.disposition is None
    return replace(
        base,
        verdict=came_to(item),
        severities=severities,
        dispositions={kind: count for kind, count in audit.dispositions.items() if count},
        counts=audit.counts,
        findings=tuple(
            told(i, finding, audit, placed, language)
            for i, finding in enumerate(audit.findings, start=1)
        ),
        tables=tables,
        undetermined=_grounds(audit, Status.UNDETERMINED, language),
        unread=listed_cells(form, report, unread_cells(report), language),
        untold=audit.counts[Status.FAIL.value] - explained - doubted,
        not_applicable=_grounds(audit, Status.NOT_APPLICABLE, language),
        unfinished=_doubts(unfinished, report, form, language)[0],
        doubts=doubts,
        assurances=assurances,
        stated=_stated(audit.outcomes, language),
        coverage=coverage_line(audit.report.prose, language),
        receipts=tuple(_receipt(each, form, language) for each in audit.coverage),
        digest=audit.library_digest,
        held=held_in_words(item, language),
    )


def _grounds(audit: Audit, status: Status, language: str) -> tuple[Ground, ...]:
    own = (outcome for outcome in audit.outcomes if outcome.status is status)
    return tuple(grounds(audit, own, language))


def _doubts(
    notices: Iterable[Notice], report: Report, form: Form, language: str
) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
    """The doubts, and the notices that take doubts away."""
    doubts: list[Doubt] = []
    assurances: list[Doubt] = []
    for notice in notices:
        said = Doubt(
            doubt_in_words(notice, form, language),
            listed_cells(form, report, notice.addresses, language),
            at(report.source.name, notice.origin, language) if notice.origin else "",
        )
        (assurances if notice.code in ASSURING else doubts).append(said)
    return tuple(doubts), tuple(assurances)


def _stated(outcomes: Iterable[Outcome], language: str) -> tuple[Stated, ...]:
    return tuple(
        Stated(
            outcome.status,
            phrase(prose_result.code, language, **prose_result.in_language(language)),
            tuple(tuple(pieces(quote)) for quote in prose_result.quotes),
        )
        for outcome, prose_result in told_figures(outcomes)
    )


def _receipt(receipt: Coverage, form: Form, language: str) -> tuple[str, Coverage, str]:
    ways = phrase("list-comma", language).join(
        phrase("rows-counted", language, match=phrase(f"match-{way}", language), count=count)
        for way, count in receipt.matches.items()
    )
    return in_language(form.table(receipt.table).title, language) or receipt.table, receipt, ways


def outline(view: View) -> View:
    """What the index says of a document, without all that its own part says."""
    return replace(
        view,
        findings=(),
        tables=(),
        undetermined=(),
        not_applicable=(),
        doubts=(),
        assurances=(),
        stated=(),
        sentences=(),
        coverage="",
        receipts=(),
    )
