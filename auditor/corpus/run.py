"""Many documents in, a store of what was read, found and told out.

Documents are read once; reports are judged again when rules, or the report of the year before,
changed. Both are done elsewhere, one document at a time, by an `Executor`; the sums of all are
computed here, as columns.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from io import BytesIO
from time import monotonic
from typing import Any

import numpy as np
import polars as pl

from auditor.checks.evaluate import YEAR
from auditor.checks.groups import at_least_each, is_of_group
from auditor.corpus.agencies import (
    GroupReports,
    Issued,
    Predecessor,
    Register,
    groups_of,
    predecessors,
)
from auditor.corpus.columns import (
    ABSENT,
    MISSING,
    NUMBER,
    SCALE,
    STATES,
    Codes,
    FigureColumns,
    Flags,
    empty_columns,
)
from auditor.corpus.kernel import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    REASONS,
    STATUSES,
    Judgements,
    Kernel,
)
from auditor.corpus.plans import (
    PACKED,
    Executor,
    JudgedReport,
    JudgeReports,
    ReadDocument,
    ReadDocuments,
    ReadFile,
    key_of,
)
from auditor.corpus.relations import put_relations
from auditor.corpus.screening import Screener
from auditor.corpus.store import CLAUSES, INDEX, Store
from auditor.corpus.tables import (
    AMBIGUOUS,
    DOCUMENTS,
    FACTS,
    FAILED,
    FINDINGS,
    OUTCOMES,
    REASON_NAMES,
    checked,
    read_table,
    schema_of,
)
from auditor.definitions.agencies import load_agencies
from auditor.model.finding import Failure, Reason, Status
from auditor.model.report import CHILDREN, LAST_YEAR, Ref
from auditor.model.source import Document

_MOST_IN_PART = 256
"""Documents that are written together; a run that is killed loses no more than these."""
_PART_SECONDS = 30.0
_PASSING = {"crashed", "out-of-memory"}
"""Codes of failures that another run may not have: they are not kept."""

Tell = Callable[[str, int | None], None]
"""Told the phase and how many documents it has, then None for each that is done."""


class Corpus:
    """One run over all documents of a corpus."""

    def __init__(
        self,
        store: Store,
        reader: ReadDocuments,
        judge: JudgeReports,
        executor: Executor,
        tell: Tell,
    ) -> None:
        self._store, self._reader, self._judge = store, reader, judge
        self._executor, self._tell = executor, tell
        self._key = reader.key
        self._agencies = load_agencies(judge.library.definitions)
        self._screener = Screener(judge.library, self._agencies)
        self._sources: dict[str, str | None] = {}
        """By name, the document; None for one whose bytes could not be had."""
        self._failures: dict[str, tuple[str, str]] = {}
        """Code and message, by document, or by name where there is none."""
        self.read = 0
        """Documents that were read in this run."""
        self.judged = 0
        """Reports that were judged in this run."""

    def take_in(self, sources: Iterable[Document | Failure], total: int) -> None:
        """Reads what was not read before; all that was read is in the store, even where this is
        interrupted."""
        self._tell("read", total)
        batch = _Batch(self._store, self._key)

        def unread() -> Iterator[Document]:
            for each in sources:
                if self._is_new(each.name, each if isinstance(each, Failure) else each.sha256):
                    assert isinstance(each, Document)
                    yield each

        try:
            for document, made in self._executor.map(self._reader, unread()):
                self._keep(document.sha256, made, batch)
        finally:
            batch.write()

    def take_in_read(self, found: Iterable[tuple[str, ReadFile | Failure]], total: int) -> None:
        """As `take_in`, what workers have read of files that they opened themselves, by name."""
        self._tell("read", total)
        batch = _Batch(self._store, self._key)
        try:
            for name, read in found:
                document = read if isinstance(read, Failure) else read.document
                if self._is_new(name, document) and isinstance(read, ReadFile):
                    self._keep(read.document, read.made, batch)
        finally:
            batch.write()

    def _is_new(self, name: str, found: str | Failure) -> bool:
        """Whether what stands under that name, a document or why it could not be had, is to be
        read, or was for the first time."""
        if isinstance(found, Failure):
            self._failures[self._named(name, None)] = found.code, found.message
        else:
            self._named(name, found)
        if isinstance(found, Failure) or found in self.known:
            self._tell("read", None)
            return False
        self.known.add(found)
        return True

    def _keep(self, document: str, made: Any, batch: _Batch) -> None:
        if isinstance(made, Failure) and made.code in _PASSING:
            self._failures[document] = made.code, made.message
        else:
            batch.add(document, made)
        self.read += 1
        self._tell("read", None)

    @cached_property
    def known(self) -> set[str]:
        """The documents that were read, in this run or before."""
        return set(self._store.index(self._key)["document"])

    def _named(self, name: str, document: str | None) -> str:
        """Keeps the document under its name, or under a further one where another has that: folders
        of one name may be given from several places."""
        own, number = name, 1
        while self._sources.get(own, document) != document:
            number += 1
            own = f"{name} ({number})"
        self._sources[own] = document
        return own

    def conclude(self) -> pl.DataFrame:
        """Judges every report beside that of the year before. Returns the table of documents."""
        index = self._store.index(self._key)
        wanted = pl.Series(list({each for each in self._sources.values() if each}), dtype=pl.String)
        index = index.filter(pl.col("document").is_in(wanted.implode()))
        names: dict[str, str] = {}
        for name, document in sorted(self._sources.items()):
            names.setdefault(document or "", name)
        agencies = self._agencies
        issued = [
            Issued(document, names[document], agency and agencies.issuer(agency), year, form or "")
            for document, agency, year, form in index[
                "document", "agency", "year", "form"
            ].iter_rows()
        ]
        register = Register(issued, agencies)
        before, groups = predecessors(register), groups_of(register)
        judging = Judging(self._store, self._key, self._judge, self._executor, self._tell)
        verdicts = judging.run(index, before, groups)
        self.judged = judging.count
        issuers = {each.document: each.issuer for each in issued}
        rows = {row["document"]: row for row in index.iter_rows(named=True)}
        table = pl.DataFrame(
            [
                self._row(name, document, rows.get(document or ""), issuers, before, verdicts)
                for name, document in sorted(self._sources.items())
            ],
            schema=schema_of(DOCUMENTS),
            orient="row",
        )
        relations = put_relations(
            self._store, self._key, index, table, groups, self._screener, self._executor
        )
        self._store.put_documents(checked(DOCUMENTS, table, str(self._store.documents)))
        self._store.keep(self._key, {relations, *(each[0] for each in verdicts.values())})
        return table

    def _row(
        self,
        name: str,
        document: str | None,
        index: Mapping[str, Any] | None,
        issuers: Mapping[str, str | None],
        before: Mapping[str, Predecessor],
        verdicts: Mapping[str, tuple[str | None, str, str | None, str | None]],
    ) -> tuple[Any, ...]:
        evaluation, verdict, code, message = verdicts.get(
            document or "", (None, FAILED, None, None)
        )
        if index is None:
            code, message = self._failures[document if document in self._failures else name]
        elif index["form"] is None:
            code, message = index["code"], index["message"]
        if index is None or verdict == FAILED:
            return (name, document, *[None] * 4, FAILED, None, None, code, message, None)
        about = index["form"], index["agency"], issuers[index["document"]], index["year"]
        found = before.get(index["document"], Predecessor(None))
        candidates = "; ".join(found.candidates) or None
        history = found.document, candidates
        return (name, document, *about, verdict, *history, code, message, evaluation)


class _Batch:
    """What was read and is not written yet."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self._clear()

    def _clear(self) -> None:
        self._index: list[tuple[Any, ...]] = []
        self._facts: dict[str, list[Any]] = {name: [] for name in FACTS.columns}
        self._clauses: list[tuple[str, list[int], list[int]]] = []
        self._packed = bytearray()
        self._begun = monotonic()

    def add(self, document: str, made: ReadDocument | Failure) -> None:
        """One more; many of them are written."""
        if isinstance(made, Failure):
            self._index.append((document, *[None] * 6, made.code, made.message))
        else:
            place = len(self._packed), len(made.packed)
            self._index.append((*made.index, *place, None, None))
            self._packed += made.packed
            self._clauses.append((document, [*made.clauses], [*made.clauses.values()]))
            for name, values in made.facts.items():
                self._facts[name] += values
        if len(self._index) >= _MOST_IN_PART or monotonic() - self._begun > _PART_SECONDS:
            self.write()

    def write(self) -> None:
        """All that is there."""
        if not self._index:
            return
        index = pl.DataFrame(self._index, schema=INDEX, orient="row")
        types = schema_of(FACTS)
        # Figures come as text: that many decimals made one by one take longer than all else.
        facts = pl.DataFrame(self._facts, schema=types | {"value": pl.String})
        facts = facts.with_columns(pl.col("value").cast(types["value"]))
        facts = checked(FACTS, facts, "facts.parquet", index["document"])
        clauses = pl.DataFrame(self._clauses, schema=CLAUSES, orient="row")
        self._store.put_part(self._key, facts, clauses, index, bytes(self._packed))
        self._clear()


class Judging:
    """The second half of a run: what all checks find, part by part."""

    def __init__(
        self, store: Store, reader: str, judge: JudgeReports, executor: Executor, tell: Tell
    ) -> None:
        self._store, self._reader, self._judge = store, reader, judge
        self._executor, self._tell = executor, tell
        library = judge.library
        self.checks = library.checks
        self.kernels = {form.id: Kernel(library.checks(form.id)) for form in library.forms}
        self.bounds = {
            form.id: Kernel(
                bound
                for check in library.checks(form.id)
                if is_of_group(check) and (bound := at_least_each(check))
            )
            for form in library.forms
        }
        """Of a body by each of those below it, by form."""
        self.count = 0

    def run(
        self,
        index: pl.DataFrame,
        before: Mapping[str, Predecessor],
        groups: Mapping[str, GroupReports],
    ) -> dict[str, tuple[str | None, str, str | None, str | None]]:
        """By document: the evaluation that it is in, the verdict, and why there is none."""
        rows = {row["document"]: row for row in index.iter_rows(named=True) if row["form"]}
        parts: dict[str, list[dict[str, Any]]] = {}
        for row in rows.values():
            parts.setdefault(row["part"], []).append(row)
        asked = []
        keys = []
        evaluated = self._store.folders("evaluations")
        for part, members in sorted(parts.items()):
            last = [before.get(row["document"], Predecessor(None)) for row in members]
            key = key_of(
                self._judge.key,
                *(self._reader, part, [row["document"] for row in members], last),
                [groups.get(row["document"]) for row in members],
            )
            keys.append(key)
            if key not in evaluated:
                asked.append((key, members, last))
        self._tell("judge", sum(len(members) for _, members, _ in asked))
        history = self._history(rows, before) if asked else None
        below = ChildFigures(self, rows, groups if asked else {})
        pending: deque[_Part] = deque()

        def reports() -> Iterator[Document]:
            for key, members, last in asked:
                assert history is not None
                part = _Part(self, key, members, last, history, below)
                pending.append(part)
                yield from part.documents(rows)

        for _, made in self._executor.map(self._judge, reports()):
            self.count += 1
            self._tell("judge", None)
            if pending[0].add(made):
                done = pending.popleft()
                keys[keys.index(done.key)] = done.write(self._store)
        found = {}
        for key in keys:
            path = self._store.evaluations / key / "verdicts.parquet"
            for document, *verdict in pl.read_parquet(BytesIO(path.read_bytes())).iter_rows():
                found[document] = (key, *verdict)
        return found

    def facts_of(self, part: str, whole: bool = True) -> pl.DataFrame:
        """The facts of a part, checked unless this run has written them; those of other parts that
        are but looked up are not."""
        if not whole or part in self._store.written:
            return self._store.facts(self._reader, part)
        return read_table(FACTS, self._store.facts_file(self._reader, part))

    def _history(
        self, rows: Mapping[str, Mapping[str, Any]], before: Mapping[str, Predecessor]
    ) -> tuple[dict[str, int], FigureColumns, Flags]:
        """The figures of the year before that any check asks for, of all predecessors."""
        last = [each.document for each in before.values() if each.document in rows]
        refs = {
            ref for kernel in self.kernels.values() for ref in kernel.rows if ref.lag == LAST_YEAR
        }
        columns = empty_columns(
            {ref: at for at, ref in enumerate(sorted(refs))}, [None] * len(last)
        )
        places = {document: at for at, document in enumerate(last) if document}
        holds = np.array([rows[each]["columnar"] for each in last if each], bool)
        for part in sorted({rows[each]["part"] for each in last if each}):
            fill(columns, self.facts_of(part, whole=False), places, 1)
        fill_years(columns, [rows[each]["year"] for each in last if each], 1)
        return places, columns, holds


_FIGURE = {each: schema_of(FACTS)[each] for each in ("document", "address", "value", "state")}


class ChildFigures:
    """What the bodies below each report come to, box by box: together where they are to be added
    up, else each by itself. Known by the report's document, and by `of_one` it and its place."""

    def __init__(
        self,
        judging: Judging,
        rows: Mapping[str, Mapping[str, Any]],
        groups: Mapping[str, GroupReports],
    ) -> None:
        self.groups = groups
        members = [
            (document, child.document, len(group.children))
            if group.adds_up
            else (self.of_one(document, item), child.document, 1)
            for document, group in groups.items()
            for item, child in enumerate(group.children)
            if child.document
        ]
        self.holds: dict[str, bool] = {}
        """Whether columns hold the reports of all that are added up, or of the one."""
        for parent, child, _ in members:
            self.holds[parent] = self.holds.get(parent, True) and rows[child]["columnar"]
        refs = {ref for kernel in judging.kernels.values() for ref in kernel.rows}
        asked = pl.Series([str(r.address) for r in refs if r.lag == CHILDREN], dtype=pl.String)
        columns = {"parent": pl.String, "document": pl.String, "children": pl.Int64}
        below = pl.DataFrame(members, columns, orient="row")
        parts = {rows[child]["part"] for _, child, _ in members}
        facts = [
            judging.facts_of(part, whole=False)
            .select(*_FIGURE)
            .filter(pl.col("address").is_in(asked.implode()))
            .join(below, on="document")
            for part in sorted(parts)
        ]
        read, filled = pl.col("state").is_in(["number", "blank"]), pl.col("state") == "number"
        self.figures = (
            pl.concat([pl.DataFrame(schema={**_FIGURE, **columns}), *facts])
            .group_by(document=pl.col("parent"), address=pl.col("address"))
            .agg(
                value=pl.col("value").sum(),
                state=pl.when(read.sum() < pl.col("children").first())
                .then(pl.lit("missing"))
                .when(filled.any())
                .then(pl.lit("number"))
                .otherwise(pl.lit("blank")),
            )
            .with_columns(
                value=pl.when(state="number").then("value"), decimals=pl.lit(0, pl.Int8), bare=True
            )
        )

    @staticmethod
    def of_one(document: str, item: int) -> str:
        """By what the figures of one body below are known."""
        return f"{document} {item}"

    def fill(self, columns: FigureColumns, documents: Sequence[str]) -> None:
        """Puts them into the columns of what is known so; a box that none of the reports below has
        was not read, and one that the report itself lacks is none."""
        columns.has_children[:] = [each in self.holds for each in documents]
        refs = {ref: row for ref, row in columns.rows.items() if ref.lag == CHILDREN}
        for row in refs.values():
            columns.states[row, columns.has_children] = MISSING
        fill(columns, self.figures, {each: at for at, each in enumerate(documents)}, CHILDREN)
        for ref, row in refs.items():
            columns.states[row, columns.states[columns.rows[Ref(ref.address)]] == ABSENT] = ABSENT


class _Part:
    """The reports that were read together, while they are judged."""

    def __init__(
        self,
        judging: Judging,
        key: str,
        members: list[dict[str, Any]],
        last: list[Predecessor],
        history: tuple[dict[str, int], FigureColumns, Flags],
        below: ChildFigures,
    ) -> None:
        self.key = key
        self._below = below
        self._judging, self._members, self._last = judging, members, last
        facts = judging.facts_of(members[0]["part"])
        self._asked: dict[str, tuple[int, ...] | None] = {}
        self._outcomes: list[pl.DataFrame] = []
        self._others: list[tuple[Any, ...]] = []
        self._bounded: set[str] = set()
        """Documents that columns have compared with each of those below."""
        for form_id in sorted({row["form"] for row in members}):
            chosen = [at for at, row in enumerate(members) if row["form"] == form_id]
            self._in_columns(form_id, chosen, facts, history)
        self._findings: list[tuple[Any, ...]] = []
        self._verdicts: list[tuple[Any, ...]] = []
        self._crashed: set[str] = set()

    def _in_columns(
        self,
        form_id: str,
        chosen: list[int],
        facts: pl.DataFrame,
        history: tuple[dict[str, int], FigureColumns, Flags],
    ) -> None:
        """What columns tell of the reports on one form."""
        kernel = self._judging.kernels[form_id]
        members = [self._members[at] for at in chosen]
        columns = empty_columns(kernel.rows, [row["agency"] for row in members])
        fill(columns, facts, {row["document"]: at for at, row in enumerate(members)}, 0)
        fill_years(columns, [row["year"] for row in members], 0)
        holds = np.array([row["columnar"] for row in members], bool)
        places, before, held = history
        has = np.array([self._last[at].document in places for at in chosen], bool)
        source = np.array([places.get(self._last[at].document or "", 0) for at in chosen])
        columns.has_predecessor[:] = has
        self._below.fill(columns, [row["document"] for row in members])
        holds &= [self._below.holds.get(row["document"], True) for row in members]
        if has.any():
            holds[has] &= held[source[has]]
            for ref, row in kernel.rows.items():
                if ref.lag == LAST_YEAR:
                    last = before.rows[ref], source[has]
                    columns.values[row, has] = before.values[last]
                    columns.states[row, has] = before.states[last]
                    columns.decimals[row, has] = before.decimals[last]
                    columns.bare[row, has] = before.bare[last]
        holds &= (np.abs(columns.values) <= kernel.most).all(axis=0)
        columns.values[:, ~holds] = 0
        found = kernel.evaluate(columns)
        checks = self._judging.checks(form_id)
        where = {check.id: at for at, check in enumerate(checks)}
        position = np.array([where[check.id] for check in kernel.checks])
        is_open = (found.status != PASS) & (found.status != NOT_APPLICABLE)
        for at, member in enumerate(members):
            open_ones = position[is_open[:, at]]
            self._asked[member["document"]] = tuple(map(int, open_ones)) if holds[at] else None
        documents = pl.Series([row["document"] for row in members], dtype=pl.String)
        self._outcomes.append(_outcomes(kernel, found, documents, holds))
        self._bound(self._judging.bounds[form_id], columns, [*documents], holds)

    def _bound(
        self, kernel: Kernel, columns: FigureColumns, documents: list[str], holds: Flags
    ) -> None:
        """Compares each report with those below it that do not add up, one by one. Where that finds
        what is to be told in words, or columns do not hold a report, it is left to the workers."""
        below = self._below
        pairs: dict[str, int] = {}
        for at in map(int, holds.nonzero()[0]):
            group = below.groups.get(documents[at])
            if group is None or group.adds_up or kernel.others:
                continue
            found = [i for i, child in enumerate(group.children) if child.document]
            keys = [below.of_one(documents[at], item) for item in found]
            if all(below.holds[key] for key in keys):
                self._bounded.add(documents[at])
                pairs |= dict.fromkeys(keys, at)
        beside = columns.rearranged(kernel.rows).at(np.array([*pairs.values()], np.intp))
        below.fill(beside, [*pairs])
        is_large = np.abs(beside.values) > kernel.most
        beside.values[is_large] = 0
        judged = kernel.evaluate(beside)
        status, reason = judged.status, judged.reason
        is_told = is_large.any(axis=0)
        is_told |= ((status == FAIL) | (reason == REASONS.index(Reason.BLANK))).any(axis=0)
        parents = np.array([*pairs.values()], np.intp)
        self._bounded -= {documents[at] for at in parents[is_told]}
        places = {key: at for at, key in enumerate(pairs)}
        for document in sorted(self._bounded.intersection(documents)):
            for item in range(len(below.groups[document].children)):
                pair = places.get(below.of_one(document, item))
                for at, check in enumerate(kernel.checks):
                    came_to = Status.UNDETERMINED.value, Reason.INCOMPLETE.value
                    if pair is not None:
                        came_to = STATUSES[status[at, pair]].value, REASON_NAMES[reason[at, pair]]
                    self._others.append((document, check.rule.id, check.id, item, *came_to, None))

    def documents(self, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Document]:
        """Each report with what it is to be judged beside, packed."""
        store, reader = self._judging._store, self._judging._reader
        for row, last in zip(self._members, self._last, strict=True):
            previous = last.document and store.packed_report(reader, rows[last.document])
            content = (
                store.packed_report(reader, row),
                previous,
                self._children(row, rows),
                self._asked[row["document"]],
            )
            yield Document(row["document"], pickle.dumps(content), PACKED)

    def _children(
        self, row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]
    ) -> tuple[bool, list[tuple[str, bytes | None]]]:
        """Whether the reports of those below are to be added up, and each of them, packed; none
        where columns have compared them."""
        group = self._below.groups.get(row["document"])
        if group is None or row["document"] in self._bounded:
            return False, []
        store, reader = self._judging._store, self._judging._reader
        packed = [
            store.packed_report(reader, rows[child.document]) if child.document else None
            for child in group.children
        ]
        names = [child.issuer for child in group.children]
        return group.adds_up, list(zip(names, packed, strict=True))

    def add(self, made: JudgedReport | Failure) -> bool:
        """What the next report came to; true when that was the last."""
        row = self._members[len(self._verdicts)]
        document = row["document"]
        if isinstance(made, Failure):
            self._verdicts.append((document, FAILED, made.code, made.message))
            self._crashed.add(document)
        else:
            self._verdicts.append((document, made.verdict, None, None))
            self._others += [(document, *each) for each in made.outcomes]
            self._findings += [(document, *each) for each in made.findings]
        return len(self._verdicts) == len(self._members)

    def write(self, store: Store) -> str:
        """Returns the evaluation's name: of one in which something crashed it is no other run's."""
        known = pl.Series([row["document"] for row in self._members], dtype=pl.String)
        crashed = pl.Series(sorted(self._crashed), dtype=pl.String)
        others = pl.DataFrame(self._others, schema=schema_of(OUTCOMES), orient="row")
        outcomes = pl.concat([*self._outcomes, others])
        outcomes = outcomes.filter(~pl.col("document").is_in(crashed.implode()))
        unsure = [
            row["document"]
            for row, last in zip(self._members, self._last, strict=True)
            if last.candidates
        ]
        partial = [
            document
            for document, group in self._below.groups.items()
            if group.complete and not group.all_found
        ]
        for lacking, documents, why in (
            (Reason.PREDECESSOR, unsure, AMBIGUOUS),
            (Reason.CHILDREN, partial, Reason.INCOMPLETE.value),
        ):
            lost = (pl.col("reason") == lacking.value) & pl.col("document").is_in(documents)
            outcomes = outcomes.with_columns(
                status=pl.when(lost).then(pl.lit(Status.UNDETERMINED.value)).otherwise("status"),
                reason=pl.when(lost).then(pl.lit(why)).otherwise("reason"),
            )
        outcomes = outcomes.sort("document", "check", "item")
        findings = pl.DataFrame(self._findings, schema=schema_of(FINDINGS), orient="row")
        verdicts = pl.DataFrame(
            self._verdicts,
            schema=dict.fromkeys(("document", "verdict", "code", "message"), pl.String),
            orient="row",
        )
        name = f"{self.key}-incomplete" if self._crashed else self.key
        store.put(
            store.evaluations / name,
            {
                "outcomes.parquet": checked(OUTCOMES, outcomes, "outcomes.parquet", known),
                "findings.parquet": checked(FINDINGS, findings, "findings.parquet", known),
                "verdicts.parquet": verdicts,
            },
        )
        return name


def fill(columns: FigureColumns, facts: pl.DataFrame, places: Mapping[str, int], lag: int) -> None:
    """Puts those facts into their columns that belong to the documents at `places`."""
    rows = {str(ref.address): row for ref, row in columns.rows.items() if ref.lag == lag}
    if not rows or not places:
        return
    at = pl.DataFrame({"document": [*places], "at": [*places.values()]})
    row = pl.DataFrame({"address": [*rows], "row": [*rows.values()]})
    found = facts.join(at, on="document").join(row, on="address")
    where = found["row"].to_numpy(), found["at"].to_numpy()
    states = found["state"].cast(pl.Enum([*STATES])).to_physical().to_numpy()
    columns.states[where] = np.array([*STATES.values()], np.uint8)[states]
    # What is finer or larger than a column holds is none of its business: `is_columnar` says so.
    numbers = found["value"].cast(pl.Decimal(38, 6), strict=False).to_physical()
    columns.values[where] = numbers.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    columns.decimals[where] = found["decimals"].to_numpy()
    columns.bare[where] = found["bare"].to_numpy()


def fill_years(columns: FigureColumns, years: Iterable[int | None], lag: int) -> None:
    """Puts the years of the reports into their columns, as `gather` does."""
    row = columns.rows.get(Ref(YEAR, lag))
    if row is None:
        return
    for at, year in enumerate(years):
        columns.states[row, at] = MISSING if year is None else NUMBER
        columns.values[row, at] = (year or 0) * SCALE
        columns.bare[row, at] = year is not None


def _outcomes(
    kernel: Kernel, found: Judgements, documents: pl.Series, holds: Flags
) -> pl.DataFrame:
    """The table of what columns told of the reports that they hold."""
    reports = holds.nonzero()[0]
    count, size = len(kernel.checks), len(reports)
    residual = np.full((len(holds), count), np.nan)
    for check, failed in found.failures.items():
        residual[failed.reports, check] = failed.residuals / SCALE
    frame = pl.DataFrame(
        {
            "document": documents[np.repeat(reports, count)],
            "rule": pl.Series([each.rule.id for each in kernel.checks] * size, dtype=pl.String),
            "check": pl.Series([each.id for each in kernel.checks] * size, dtype=pl.String),
            "item": pl.zeros(count * size, pl.UInt16, eager=True),
            "status": _named(found.status[:, reports], [each.value for each in STATUSES]),
            "reason": _named(found.reason[:, reports], REASON_NAMES),
            "residual": pl.Series(residual[reports].ravel(), nan_to_null=True, dtype=pl.Float64),
        }
    )
    return frame


def _named(codes: Codes, names: list[Any]) -> pl.Series:
    return pl.Series(names, dtype=pl.String)[codes.T.ravel().astype(np.int64)]
