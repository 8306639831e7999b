"""A folder of tables that is whole at any moment: bytes in, once each; what was read of them, out.

    DIR/read/<reader>/<part>/    facts.parquet, clauses.parquet, reports.parquet, reports.bin
    DIR/evaluations/<key>/       outcomes.parquet, findings.parquet, verdicts.parquet
    DIR/relations/<key>/         groups.parquet and others: what reports are to each other
    DIR/documents.parquet        every document of the last run, with the evaluation it is in

A folder is written under `DIR/tmp` and renamed when it is on the disk: it is there whole or not at
all, and its name says all that its contents depend on. Nothing is ever changed in place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from auditor.corpus.plans import key_of, unpacked
from auditor.errors import InputError
from auditor.model.form import Form
from auditor.model.report import Report

_FACTS, _CLAUSES = "facts.parquet", "clauses.parquet"
_REPORTS, _PACKED = "reports.parquet", "reports.bin"
INDEX: dict[str, Any] = {
    **{"document": pl.String, "form": pl.String, "agency": pl.String, "year": pl.Int32},
    **{"columnar": pl.Boolean, "offset": pl.Int64, "length": pl.Int64},
    **{"code": pl.String, "message": pl.String},
}
"""What is known of each document that was read, or that could not be."""
CLAUSES: dict[str, Any] = {
    **{"document": pl.String, "clauses": pl.List(pl.UInt64), "lengths": pl.List(pl.UInt32)}
}
"""The distinct clauses of its sentences, as `clauses_of` has them."""


class Store:
    """The folder, for one run at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = folder / "documents.parquet"
        self.evaluations = folder / "evaluations"
        self.relations = folder / "relations"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises `InputError` where another run has it, or where it is no store."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = {"read", "evaluations", "relations", "tmp", "documents.parquet", ".lock"}
        if strange := sorted({each.name for each in self.folder.iterdir()} - known):
            said = f"{strange[0]!r} stands in it: name an empty folder, or one that a run has made"
            raise InputError("store", said, place=str(self.folder))
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                self._remove(self.folder / "tmp")
                yield
        except Timeout:
            raise InputError("store", "another run has it", place=str(self.folder)) from None

    def put(self, target: Path, files: Mapping[str, bytes | pl.DataFrame]) -> None:
        """A folder with these files, there at once; one that is there already stays."""
        unfinished = self._unfinished()
        unfinished.mkdir(parents=True)
        for name, content in files.items():
            _write(unfinished / name, content)
        target.parent.mkdir(parents=True, exist_ok=True)
        _settle(unfinished)
        if not target.exists():
            os.rename(unfinished, target)
        _settle(target.parent)

    def put_documents(self, frame: pl.DataFrame) -> None:
        """The table of documents, in place of that of the run before."""
        unfinished = self._unfinished()
        unfinished.parent.mkdir(exist_ok=True)
        _write(unfinished, frame)
        os.replace(unfinished, self.documents)
        _settle(self.folder)

    def keep(self, reader: str, names: Collection[str | None]) -> None:
        """Removes what other readers read and all other evaluations and relations, each at once:
        nothing is there twice."""
        for above in (self.folder / "read", self.evaluations, self.relations):
            for folder in _folders(above):
                if folder.name != reader and folder.name not in names:
                    self._remove(folder)

    def parts(self, reader: str) -> list[Path]:
        """What that reader has read so far."""
        return _folders(self.folder / "read" / reader)

    def put_part(
        self,
        reader: str,
        facts: pl.DataFrame,
        clauses: pl.DataFrame,
        index: pl.DataFrame,
        reports: bytes,
    ) -> None:
        """What was read of some more documents."""
        name = key_of(index["document"].to_list())
        files: dict[str, bytes | pl.DataFrame] = {_FACTS: facts, _CLAUSES: clauses}
        files |= {_REPORTS: index, _PACKED: reports}
        self.put(self.folder / "read" / reader / name, files)

    def index(self, reader: str) -> pl.DataFrame:
        """What is known of every document that was read, with the part that it stands in."""
        found = [
            _read(part / _REPORTS, INDEX).with_columns(part=pl.lit(part.name))
            for part in self.parts(reader)
        ]
        empty = pl.DataFrame(schema={**INDEX, "part": pl.String})
        return pl.concat([empty, *found]).unique("document", keep="first", maintain_order=True)

    def reports(self, documents: Collection[str | None]) -> dict[str, tuple[Report, Form | None]]:
        """Those reports that are there, by document, each with its form as `unpacked` has it."""
        return {
            row["document"]: unpacked(self.packed_report(reader.name, row))
            for reader in _folders(self.folder / "read")
            for row in self.index(reader.name).drop_nulls("form").iter_rows(named=True)
            if row["document"] in documents
        }

    def facts_file(self, reader: str, part: str) -> Path:
        """The facts of a part."""
        return self.folder / "read" / reader / part / _FACTS

    def facts(self, reader: str, part: str) -> pl.DataFrame:
        """The facts of a part, as they were checked when they were written."""
        return pl.read_parquet(self.facts_file(reader, part), hive_partitioning=False)

    def clauses(self, reader: str, parts: Iterable[str]) -> pl.DataFrame:
        """The clauses of all documents of those parts."""
        files = [self.folder / "read" / reader / part / _CLAUSES for part in parts]
        empty = pl.DataFrame(schema=CLAUSES)
        return pl.concat([empty, *(_read(each, CLAUSES) for each in files)])

    def packed_report(self, reader: str, row: Mapping[str, Any]) -> bytes:
        """A report as it was packed, by its row of the index."""
        with (self.folder / "read" / reader / row["part"] / _PACKED).open("rb") as stream:
            stream.seek(row["offset"])
            content: bytes = stream.read(row["length"])
            return content

    def _unfinished(self) -> Path:
        return self.folder / "tmp" / os.urandom(8).hex()

    def _remove(self, folder: Path) -> None:
        if folder.parent != self.folder:
            away = self._unfinished()
            away.parent.mkdir(exist_ok=True)
            os.rename(folder, away)
            folder = away
        shutil.rmtree(folder, ignore_errors=True)


def _folders(above: Path) -> list[Path]:
    return sorted(each for each in above.iterdir() if each.is_dir()) if above.is_dir() else []


def _read(path: Path, columns: Mapping[str, Any]) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path, hive_partitioning=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError("table", f"no table: {error}", place=str(path)) from None
    if frame.schema != pl.Schema(columns):
        raise InputError("table", f"its columns are not {', '.join(columns)}", place=str(path))
    return frame


def _write(path: Path, content: bytes | pl.DataFrame) -> None:
    with path.open("wb") as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            content.write_parquet(stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())


def _settle(folder: Path) -> None:
    """The names in it on the disk, where a system knows such a thing."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
