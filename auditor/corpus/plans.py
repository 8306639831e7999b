"""What is made of one document, in whatever process: what was read of it, and what it comes to.

Workers import this module and so none of the libraries that hold tables.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from msgspec import Struct
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.checks.groups import compare_with_each, is_of_group
from auditor.corpus.columns import ColumnFigure, cell_of, is_columnar
from auditor.corpus.kernel import has_columns
from auditor.definitions import Library
from auditor.findings import conclude, verdict_of
from auditor.findings.build import regrade
from auditor.findings.explain import changes_between
from auditor.model.check import Check, Severity
from auditor.model.finding import Audit, Diagnosis, Failure, Finding, Outcome, Status
from auditor.model.form import Form
from auditor.model.report import Number, Report, folded
from auditor.model.source import Document
from auditor.pipeline import audit, audit_report, read_report
from auditor.readers import has_second_reader
from auditor.readers.limits import Limits
from auditor.reporters.json import entries_in_order

FACT_COLUMNS = (
    *("document", "form", "address", "raw", "value", "decimals", "bare"),
    *("state", "match", "page", "line", "selector"),
)
"""In the order of the table."""
READING = (
    *("cjk.", "definitions/", "layout/", "model/", "pipeline.", "prose/", "readers/"),
    *("source_text.", "corpus/plans.", "corpus/columns."),
)
"""The parts of the package that decide what is read of a document."""
JUDGING = (*READING, "checks/", "corpus/", "diagnosis/", "findings/", "messages/")
"""Those that decide what a report comes to."""
_LIBRARIES = (
    *("cssselect2", "lxml", "onnxruntime", "opencv-python", "pdfplumber", "pdfminer.six"),
    *("pypdfium2", "rapidfuzz", "rapidocr-onnxruntime", "tinycss2"),
)
_SIGNS = re.compile(r"[\W_]+")
PACKED = "application/x-audit-report"
"""Of documents that hold packed reports."""
_PLAIN = {("datetime", "date"), ("decimal", "Decimal"), ("builtins", "frozenset")}


class _ReportUnpickler(pickle.Unpickler):
    """A store may come from elsewhere: nothing in it runs code."""

    def find_class(self, module: str, name: str) -> Any:
        is_value = f"{module}.".startswith("auditor.model.") and name.isidentifier()
        found = super().find_class(module, name) if is_value or (module, name) in _PLAIN else None
        home = getattr(found, "__module__", "")
        if isinstance(found, type) and (f"{home}.".startswith("auditor.model.") or not is_value):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a report")


def packed(report: Report, form: Form | None = None) -> bytes:
    """The report as bytes, with the form that it has made of an open one, if it has."""
    return zlib.compress(pickle.dumps((report, form), 5), 1)


def unpacked(content: bytes) -> tuple[Report, Form | None]:
    """What was packed."""
    found = _ReportUnpickler(io.BytesIO(zlib.decompress(content))).load()
    return cast(tuple[Report, Form | None], found)


Plan = Callable[[Document], Any]
"""What is made of a document; it goes to other processes as it is."""


class Executor(Protocol):
    """Who works on documents, here or elsewhere."""

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        """What the plan makes of each document, in their order: a `Failure` whatever it raises."""


@cache
def code_digest(*parts: str) -> str:
    """What tells the code of these parts of the package, and the libraries that read, from those of
    another version; of the whole package where no part is named."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(repr([_version(each) for each in _LIBRARIES]).encode())
    for path in sorted((*package.rglob("*.py"), *package.rglob("messages/*.json"))):
        name = path.relative_to(package).as_posix()
        if name.startswith(parts or ""):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def key_of(*parts: object) -> str:
    """A name for what depends on these values, and on nothing else."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]


class ReadDocument(Struct, frozen=True):
    """What a document comes to when it is read, ready to be stored."""

    index: tuple[Any, ...]
    """As `INDEX`, without offset and length."""
    facts: Mapping[str, list[Any]]
    packed: bytes
    clauses: Mapping[int, int]
    """As `clauses_of` has them."""


class ReadFile(Struct, frozen=True):
    """What a file came to that a worker opened itself."""

    document: str
    """SHA-256 of its bytes."""
    made: ReadDocument | Failure | None
    """None where the document was known."""


class ReadDocuments(Struct, frozen=True):
    """Reads documents; goes to other processes as it is."""

    library: Library
    verify: bool
    limits: Limits

    @property
    def key(self) -> str:
        """All that what is read depends on, besides the document."""
        forms = [
            (each.file, each.text)
            for each in self.library.definitions
            if each.parts[-1] in ("form.yaml", "prose.yaml")
        ]
        return key_of(code_digest(*READING), forms, self.verify, repr(self.limits))

    def __call__(self, document: Document) -> ReadDocument:
        """Raises `InputError` where it cannot be read.

        Cells of checks that fail are confirmed by a second reader, as for a single report.
        """
        if has_second_reader(document) and not self.verify:
            judged = audit(document, self.library, limits=self.limits)
            form, report = judged.form, judged.report
        else:
            form, report = read_report(document, self.library, self.verify, self.limits)
        identity, name = report.identity, document.sha256
        own = None if any(form is each for each in self.library.forms) else form
        columnar = own is None and is_columnar(report, form)
        about = (name, form.id, identity.agency, identity.year, columnar)
        return ReadDocument(
            about, _facts(name, report, form), packed(report, own), clauses_of(report)
        )


def clauses_of(report: Report) -> dict[int, int]:
    """What stands between two signs in its sentences, as hashes, and how many characters each has:
    a figure that changes from year to year makes another clause and not another report."""
    sentences = report.prose.sentences if report.prose else ()
    # In their order, as a set has none that another process has too.
    clauses = dict.fromkeys(c for each in sentences for c in _SIGNS.split(folded(each.text)) if c)
    return {
        int.from_bytes(hashlib.blake2b(each.encode(), digest_size=8).digest()): len(each)
        for each in clauses
    }


def _facts(document: str, report: Report, form: Form) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in FACT_COLUMNS}
    for entry in entries_in_order(report, form):
        value, origin = entry.value, entry.origin
        number = format(value.value, "f") if isinstance(value, Number) else None
        cell = cell_of(value, entry.raw) or ColumnFigure(0)
        row = (
            *(document, form.id, str(entry.address), entry.raw, number),
            *(cell.decimals, cell.bare, value.state, entry.match.value),
            *(getattr(origin, each, None) for each in ("page", "line", "selector")),
        )
        for column, each in zip(columns.values(), row, strict=True):
            column.append(each)
    return columns


def compare_versions(document: Document) -> tuple[tuple[Any, ...], ...]:
    """The document holds two packed versions of one report; what the second says otherwise than the
    first, as `VERSIONS` without their documents."""
    before, after = (unpacked(each)[0] for each in pickle.loads(document.content))
    changes, unread = changes_between(before, after)
    rows = [
        (
            str(each.address),
            "changed",
            *("; ".join(said) or None for said in (each.before, each.after)),
        )
        for each in changes
    ]
    rows += [(str(address), "unread", None, None) for address in unread]
    return tuple(rows) or ((None, "same", None, None),)


class ChildReports(NamedTuple):
    """The reports of the bodies below one, for the same year and on the same form."""

    adds_up: bool = False
    """Whether they are of all such bodies, so that they are to be added up."""
    children: Mapping[str, Report | None] = {}
    """By agency; None for one that is not at hand."""

    @property
    def added(self) -> tuple[Report, ...]:
        """Those that are to be added up."""
        return tuple(filter(None, self.children.values())) if self.adds_up else ()

    def compared(
        self,
        judged: Audit,
        checks: Iterable[Check],
        previous: Report | None,
        selected_rules: frozenset[str] | None = None,
    ) -> Audit:
        """With what is to be said of single bodies: where they do not add up, and where a sum of
        theirs is open."""
        asked: Iterable[Check] = filter(is_of_group, checks)
        if self.adds_up:
            doubtful = (each for each in judged.outcomes if each.status is Status.UNDETERMINED)
            asked = (each.check for each in doubtful if is_of_group(each.check))
        form, report = judged.form, judged.report
        each = tuple(compare_with_each(asked, form, report, previous, self.children))
        digest = judged.library_digest
        found = conclude(report, form, each, Diagnosis(), digest, selected_rules).findings
        return replace(
            judged,
            outcomes=(*judged.outcomes, *each),
            findings=tuple(sorted((*judged.findings, *found), key=lambda f: f.severity.rank)),
        )


class JudgedReport(Struct, frozen=True):
    """What a report comes to beside what columns told of it."""

    verdict: str
    outcomes: tuple[tuple[Any, ...], ...]
    """As `OUTCOMES`, without the document: those that columns have not told."""
    findings: tuple[tuple[Any, ...], ...]
    """As `FINDINGS`, without the document."""


class JudgeReports(Struct, frozen=True):
    """Judges packed reports; goes to other processes as it is."""

    library: Library
    threshold: Severity
    selected_rules: frozenset[str] | None = None
    """Of findings, those of these rules are told; None for all."""
    severities: Mapping[str, Severity] = {}
    """By rule, where it is not the rule's own."""

    @property
    def key(self) -> str:
        """All that what it finds depends on, besides the reports."""
        told = None if self.selected_rules is None else sorted(self.selected_rules)
        graded = sorted((rule, each.value) for rule, each in self.severities.items())
        digests = code_digest(*JUDGING), self.library.digest
        return key_of(*digests, self.threshold.value, told, graded)

    def __call__(self, document: Document) -> JudgedReport:
        """The document holds a report, its predecessor, the reports of those below it, and the
        places of the checks on figures that columns have neither passed nor found to be for other
        reports; None for all."""
        content, last, (adds_up, children), places = pickle.loads(document.content)
        report, own = unpacked(content)
        previous = unpacked(last)[0] if last else None
        below = ChildReports(adds_up, {name: each and unpacked(each)[0] for name, each in children})
        form = own or self.library.form(report.form_id)
        checks = self.library.checks_on(form)
        told = {at for at, each in enumerate(checks) if places is None or not has_columns(each)}
        asked = sorted(told.union(places or ()))
        left_out = tuple(form.left_out(report.entries))
        facts = gather(report, previous, below.added, left_out)
        outcomes = evaluate([checks[at] for at in asked], facts)
        selected = self.selected_rules
        if any(each.status is Status.FAIL for each in outcomes):
            judged = audit_report(form, report, self.library, previous, selected, below.added)
        else:
            digest = self.library.digest
            judged = conclude(report, form, outcomes, Diagnosis(), digest, selected)
        ids = {checks[at].id for at in told}
        if below.children:
            outcomes = judged.outcomes
            judged = below.compared(judged, checks, previous, selected)
            ids.update(each.check.id for each in judged.outcomes[len(outcomes) :])
        judged = regrade(judged, self.severities) if self.severities else judged
        rows: list[tuple[Any, ...]] = []
        for each in judged.outcomes:
            if (name := each.check.id) in ids:
                item = rows[-1][2] + 1 if rows and rows[-1][1] == name else 0
                rows.append((each.check.rule.id, name, item, *_said(each)))
        findings = tuple(_told(each, judged) for each in judged.findings)
        return JudgedReport(verdict_of(judged, self.threshold).value, tuple(rows), findings)


def _said(outcome: Outcome) -> tuple[str, str | None, float | None]:
    failed = outcome.status is Status.FAIL and outcome.residual is not None
    reason = outcome.reason and outcome.reason.value
    return outcome.status.value, reason, float(outcome.residual or 0) if failed else None


def _told(finding: Finding, judged: Audit) -> tuple[Any, ...]:
    edits = finding.suggestions[0].edits if finding.suggestions else ()
    return (
        *(finding.rule_id, finding.severity.value, finding.certainty.value),
        *(finding.primary and str(finding.primary), finding.expected, finding.actual),
        "; ".join(f"{e.address}: {e.before} -> {e.after}" for e in edits) or None,
        *(finding.message["zh"], finding.message["en"], finding.fingerprint),
    )
