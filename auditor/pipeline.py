"""The arrows, composed: Document → Extract → Report → Facts → Outcomes → Audit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from auditor.checks.evaluate import evaluate
from auditor.checks.gather import gather
from auditor.findings.conclude import conclude
from auditor.forms import align, recognise
from auditor.library import Library
from auditor.model.finding import Audit
from auditor.model.form import Form
from auditor.model.report import Report, Source
from auditor.model.source import Document
from auditor.readers import media_type_of, read
from auditor.readers.limits import DEFAULT, Limits


def read_report(
    document: Document, library: Library, limits: Limits = DEFAULT
) -> tuple[Form, Report]:
    """The form that the document fills, and what stands in its boxes.

    Raises `InputError` when it cannot be read or no form is recognised.
    """
    extract = read(document, limits)
    form = recognise(extract, library.forms)
    source = Source(document.name, document.sha256, media_type_of(document.content))
    report = align(extract, form, source)
    unsaid = tuple(notice for notice in extract.notices if notice not in report.notices)
    return form, replace(report, notices=(*unsaid, *report.notices))


def audit(
    document: Document,
    library: Library,
    previous: Report | None = None,
    told: Collection[str] | None = None,
    limits: Limits = DEFAULT,
) -> Audit:
    """Everything the library has to say about one document.

    `previous` is the same agency's report of the year before; `told` limits findings to rules;
    `limits` bounds what is read of the document.
    Raises `InputError` when the document cannot be read or recognised.
    """
    form, report = read_report(document, library, limits)
    return audit_report(form, report, library, previous, told)


def audit_report(
    form: Form,
    report: Report,
    library: Library,
    previous: Report | None = None,
    told: Collection[str] | None = None,
) -> Audit:
    """As `audit`, for a report that was read before."""
    outcomes = evaluate(library.checks(form.id), gather(report, previous))
    return conclude(report, form, outcomes, library.digest, told)
