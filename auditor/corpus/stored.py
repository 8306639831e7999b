"""The reports of a store, each audited again as a single one is, with all that is to be shown."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.corpus.plans import ChildReports, unpacked
from auditor.corpus.store import Store
from auditor.corpus.views import StoreTables
from auditor.definitions import Library
from auditor.errors import InputError
from auditor.model.finding import Audit
from auditor.model.form import Form
from auditor.model.report import Report
from auditor.pipeline import audit_report


class StoredReports:
    """By name, as they stand in the table of documents."""

    def __init__(self, store: Store, tables: StoreTables, library: Library) -> None:
        self._store, self._library = store, library
        self._rows = store.rows()
        self._documents = {row["name"]: row for row in tables.documents.iter_rows(named=True)}
        self._below: dict[str, list[dict[str, object]]] = {}
        for row in tables.groups().iter_rows(named=True):
            self._below.setdefault(row["document"], []).append(row)

    def audit(self, name: str) -> Audit | None:
        """Beside last year's report and those of the bodies below; None where there is no report of
        that name. Raises `InputError` for one on a form that the library does not have."""
        about = self._documents.get(name)
        found = self._report(about and about["document"])
        if about is None or found is None:
            return None
        # The same bytes may stand under several names; this one was asked for.
        report = replace(found[0], source=replace(found[0].source, name=name))
        if found[1] is None and report.form_id not in self._library.rulebooks:
            said = f"no rules for {report.form_id} are given, which {name} fills"
            raise InputError("store", said, place=str(self._store.folder), hint="see --rules")
        form = found[1] or self._library.form(report.form_id)
        last = self._report(about["predecessor"])
        previous = last and last[0]
        rows = self._below.get(about["document"], [])
        below = {str(row["child"]): self._report(row["child_document"]) for row in rows}
        children = ChildReports(
            all(row["complete"] and row["child_document"] for row in rows),
            {child: each and each[0] for child, each in below.items()},
        )
        audit = audit_report(form, report, self._library, previous, None, children.added)
        return children.compared(audit, self._library.checks_on(form), previous)

    def _report(self, document: object) -> tuple[Report, Form | None] | None:
        row = self._rows.get(str(document))
        return None if row is None else unpacked(self._store.packed_report(row["reader"], row))
