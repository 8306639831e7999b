"""The arrows, composed: Document → Extract → Report → Facts → Outcomes → Diagnosis → Audit.

What is in doubt is read a second time, by another reader, and judged again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from unicodedata import normalize

from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.definitions import Library
from auditor.diagnosis import diagnose
from auditor.errors import InputError
from auditor.findings import conclude
from auditor.layout import align, align_with_outline
from auditor.layout.instantiate import instantiate
from auditor.layout.recognise import recognise
from auditor.layout.reconcile import doubtful, is_confirmed, reconcile
from auditor.model.finding import NO_PREDECESSOR_GIVEN, Audit, Corrections, Outcome, Status
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Match, Number, Report, Source, step_of
from auditor.model.source import Document, Notice
from auditor.patterns import lazy_pattern
from auditor.prose import read_prose
from auditor.readers import has_second_reader, media_type_of, read, read_again
from auditor.readers.limits import DEFAULT, Limits, within_budget
from auditor.refusals import refusal
from auditor.report_cache import ReportCache


def read_report(
    document: Document,
    library: Library,
    verify: bool = False,
    limits: Limits = DEFAULT,
    cache: ReportCache | None = None,
) -> tuple[Form, Report]:
    """The form that the document fills, and what stands in its boxes.

    Cells that are in doubt are read again by a second reader, with `verify` all of them. What the
    first reads is taken from the cache, or kept there.
    Raises `InputError` when it cannot be read or no form is recognised.
    """
    _check_arguments(document, library)
    with within_budget(limits, document.name):
        form, report = _read_once(document, library, limits, cache)
        asked = None if verify else doubtful(report)
        if asked is None or asked:
            report = _confirmed(document, form, report, asked, limits)
        return form, report


def _read_once(
    document: Document, library: Library, limits: Limits, cache: ReportCache | None
) -> tuple[Form, Report]:
    if cache is None:
        return _read(document, library, limits)
    stamp = cache.stamp(document, library, limits)
    known = cache.recall(stamp, library)
    if known is None:
        known = _read(document, library, limits)
        cache.keep(stamp, library, *known)
    return known


def _read(document: Document, library: Library, limits: Limits) -> tuple[Form, Report]:
    extract = read(document, limits)
    form = instantiate(extract, recognise(extract, library.forms, library.added))
    source = Source(document.name, document.sha256, media_type_of(document.content))
    report, outline = align_with_outline(extract, form, source)
    if outline is not None:
        lexer = library.lexers.get(form.id)
        report = replace(report, prose=read_prose(outline, form, report.identity, lexer))
    unsaid = tuple(notice for notice in extract.notices if notice not in report.notices)
    return form, replace(report, notices=(*unsaid, *report.notices))


def _check_arguments(document: object, library: object) -> None:
    """Raises `TypeError` that says what to give instead, for whoever calls this from Python."""
    if not isinstance(document, Document):
        raise TypeError(
            f"a Document is needed, not {type(document).__name__}: "
            "Document(name, Path(name).read_bytes())"
        )
    if not isinstance(library, Library):
        raise TypeError(f"a Library is needed, not {type(library).__name__}: load_library()")


def audit(
    document: Document,
    library: Library,
    previous: Report | None = None,
    selected_rules: Collection[str] | None = None,
    verify: bool = False,
    limits: Limits = DEFAULT,
    earlier: Sequence[Report] = (),
    children: Sequence[Report] = (),
    cache: ReportCache | None = None,
) -> Audit:
    """Everything the library has to say about one document.

    `previous` is the same agency's report of the year before; where it is not given, it is looked
    for among `earlier`. `children` are the reports of all bodies below the one that reports; those
    for the same form and year are added up. `selected_rules` limits findings to rules; `limits`
    bounds what is read. Cells that are in doubt, and those of checks that fail, are read again by
    a second reader, with `verify` all of them. What the first reads is taken from the `cache`, or
    kept there. Raises `InputError` when the document cannot be read or recognised.
    """
    _check_arguments(document, library)
    with within_budget(limits, document.name):
        return _audit(
            document, library, previous, selected_rules, verify, limits, earlier, children, cache
        )


def _audit(
    document: Document,
    library: Library,
    previous: Report | None,
    selected_rules: Collection[str] | None,
    verify: bool,
    limits: Limits,
    earlier: Sequence[Report],
    children: Sequence[Report],
    cache: ReportCache | None,
) -> Audit:
    form, report = _read_once(document, library, limits, cache)
    if previous is None and earlier:
        previous = predecessor_of(report, earlier)
        if previous is None:
            unmatched = Notice(NO_PREDECESSOR_GIVEN, (("count", str(len(earlier))),))
            report = replace(report, notices=(*report.notices, unmatched))
    children = children_of(report, children)
    judged = audit_report(form, report, library, previous, selected_rules, children)
    asked = None if verify else _in_question(judged)
    if asked is not None and not asked:
        return judged
    confirmed = _confirmed(document, form, report, asked, limits)
    if confirmed.entries == report.entries:
        return replace(
            judged,
            report=confirmed,
            notices=(*judged.notices, *confirmed.notices[len(report.notices) :]),
        )
    return audit_report(form, confirmed, library, previous, selected_rules, children)


def predecessor_of(report: Report, earlier: Sequence[Report]) -> Report | None:
    """The report of the same agency for the year before; None unless exactly one is.

    Where only one was given, an agency that one of the two does not name is no other agency.
    """
    year = report.identity.year
    found = [
        each
        for each in earlier
        if year is not None
        and each.identity.year == year - 1
        and (
            (len(earlier) == 1 and None in (each.identity.agency, report.identity.agency))
            or each.identity.issuer == report.identity.issuer
        )
    ]
    return found[0] if len(found) == 1 else None


def children_of(report: Report, given: Sequence[Report]) -> tuple[Report, ...]:
    """Those that are for the same form and year and are another body's. None where one does not say
    its year: what they come to without it says nothing."""
    others = [
        each
        for each in given
        if each.form_id == report.form_id and each.identity.issuer != report.identity.issuer
    ]
    year = report.identity.year
    if year is not None and any(each.identity.year is None for each in others):
        return ()
    return tuple(each for each in others if each.identity.year == year)


def _in_question(judged: Audit) -> list[Address]:
    """The cells of this report that are in doubt, and those of checks that fail."""
    failing = [outcome for outcome in judged.outcomes if outcome.status is Status.FAIL]
    cells = [operand.ref for outcome in failing for operand in outcome.operands]
    entries = judged.report.entries
    own = [ref.address for ref in cells if not ref.lag and ref.address in entries]
    own = [box for box in own if not entries[box].recognised]
    return list(dict.fromkeys([*own, *doubtful(judged.report)]))


def _confirmed(
    document: Document,
    form: Form,
    report: Report,
    asked: Collection[Address] | None,
    limits: Limits,
) -> Report:
    """The report without what a second reader contradicts; `asked` are the cells in question."""
    if not has_second_reader(document):
        notices = (Notice("second-reader-none"),) if asked is None else ()
        return replace(report, notices=(*report.notices, *notices))
    boxes = report.entries if asked is None else asked
    tables = {box.table for box in boxes}
    pages = _pages(report, tables)
    known: dict[int, object] = {}
    try:
        second = align(read_again(document, pages, limits, known), form, report.source, tables)
        if pages and not is_confirmed(report, second, boxes):
            # A table's heading may stand on a page before it, and what ends it on a later one.
            beside = range(max(min(pages) - 1, 1), max(pages) + 2)
            second = align(read_again(document, beside, limits, known), form, report.source, tables)
    except InputError as error:
        said = ((f"why-{each}", text) for each, (text, _) in error.translations.items())
        details = (("why", error.message), *(pair for pair in said if pair[0] != "why-en"))
        failed = Notice("second-reader-failed", details, tuple(boxes))
        return replace(report, notices=(*report.notices, failed))
    return reconcile(report, second, form, asked)


def _pages(report: Report, tables: Collection[str]) -> set[int]:
    """The pages of those tables, each from its first to its last; none when no place is known."""
    pages: dict[str, list[int]] = {}
    for box, entry in report.entries.items():
        if box.table in tables and entry.origin is not None and entry.origin.page is not None:
            pages.setdefault(box.table, []).append(entry.origin.page)
    return {page for own in pages.values() for page in range(min(own), max(own) + 1)}


def match_prose(form: Form, report: Report, library: Library) -> tuple[Outcome, ...]:
    """What the figures that the report's sentences state were matched with."""
    checks = [check for check in library.checks_on(form) if check.predicate_aspect == "agrees"]
    return evaluate(checks, gather(report))


def audit_report(
    form: Form,
    report: Report,
    library: Library,
    previous: Report | None = None,
    selected_rules: Collection[str] | None = None,
    children: Sequence[Report] = (),
) -> Audit:
    """As `audit`, for a report that was read before."""
    facts = gather(report, previous, children, tuple(form.left_out(report.entries)))
    outcomes = evaluate(library.checks_on(form), facts)
    diagnosis = diagnose(report, form, facts, outcomes)
    return conclude(report, form, outcomes, diagnosis, library.digest, selected_rules)


def correct(
    judged: Audit,
    library: Library,
    earlier: Sequence[Report] = (),
    children: Sequence[Report] = (),
) -> Corrections:
    """What the report would come to with the edits that are sure enough to be tried.

    `earlier` and `children` are the reports that it was judged beside.
    """
    from auditor.findings.build import choices_of, corrected, repairs_of  # asked for seldom

    repairs = repairs_of(judged)
    report = corrected(judged.report, repairs)
    previous = predecessor_of(report, earlier)
    children = children_of(report, children)
    after = judged
    if repairs:
        after = audit_report(judged.form, report, library, previous, None, children)
    return Corrections(judged, repairs, choices_of(judged, repairs), after)


_FIGURE = lazy_pattern(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")


def enter(report: Report, form: Form, given: Mapping[str, str]) -> Report:
    """The report with what a person says stands in cells that were not read, or read with doubt.

    `given` are figures, or the form's marks for nothing, by address. A sum of which no cell is
    inferred any more is not taken for granted either. Raises `InputError` for a cell that was read
    without doubt or is not there, and for what is no figure.
    """
    by_name = {str(box): box for box in report.entries}
    entries = dict(report.entries)
    for name, text in given.items():
        written = normalize("NFKC", text).strip()
        box = by_name.get(name)
        if box is None or not entries[box].may_be_entered:
            raise refusal("not-in-doubt", report.source.name, name=name)
        value: Number | Blank = Blank()
        if written not in form.numerals.blanks:
            if not _FIGURE.fullmatch(written):
                raise refusal("no-figure", name, written=repr(written[:40]))
            value = Number(Decimal(written), step_of(Decimal(written)))
        entries[box] = replace(entries[box], raw=written, value=value, match=Match.ENTERED)
    entered = tuple(by_name[name] for name in given)
    return replace(
        report,
        entries=entries,
        notices=(*report.notices, Notice("entered-by-hand", (), entered)),
        assumed=frozenset(
            total
            for total in report.assumed
            if any(box in entries and entries[box].match is Match.INFERRED for box in total)
        ),
    )
