"""A place of tables that is whole at any moment: bytes in, once each; what was read of them, out.

    STORE/read/<reader>/<part>/    facts.parquet, clauses.parquet, reports.parquet, reports.bin
    STORE/evaluations/<key>/       outcomes.parquet, findings.parquet, verdicts.parquet
    STORE/relations/<key>/         groups.parquet and others: what reports are to each other
    STORE/documents.parquet        every document of the last run, with the evaluation it is in

It is a folder, or an address of an object store that fsspec knows, such as `s3://bucket/prefix`. A
file is there whole or not at all. A folder's `manifest.json` is written last: a folder without it
is not there, and the next run removes what is left of it. The name of a folder says all that its
contents depend on. Nothing is ever changed in place but the table of documents, which is the last.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout
from upath import UPath

from auditor.corpus.addresses import files_below, opening_error
from auditor.corpus.plans import key_of
from auditor.errors import InputError

_FACTS, _CLAUSES = "facts.parquet", "clauses.parquet"
_REPORTS, _PACKED = "reports.parquet", "reports.bin"
_MANIFEST = "manifest.json"
"""Names the other files of a folder, and is written after them."""
_KINDS = ("read", "evaluations", "relations")
_PACKED_HELD = 8
"""Parts whose packed reports are at hand: last year's report is often in the same or the next."""
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
    """The place, for one run at a time."""

    def __init__(self, place: str | Path) -> None:
        """Raises `InputError` for an address of a kind that is not known, or not installed."""
        try:
            # Others may write there: what was listed once is not what is there.
            more: Any = {"use_listings_cache": False} if "://" in str(place) else {}
            with warnings.catch_warnings():  # of kinds that upath has no class of its own for
                warnings.simplefilter("ignore", UserWarning)
                self.folder: UPath = UPath(place, protocol=None, **more)
            self._files = self.folder.fs
        except (ImportError, OSError, ValueError) as error:
            raise opening_error(str(place), error) from None
        self.documents = self.folder / "documents.parquet"
        self.evaluations = self.folder / "evaluations"
        self.relations = self.folder / "relations"
        self.written: set[str] = set()
        """Names of the folders that this run has written, whose tables were checked for that."""
        self._packed_part = lru_cache(_PACKED_HELD)(self._read_packed)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises `InputError` where another run has it, or where it is no store.

        Object stores have no lock: that one run writes at a time is for whoever starts them to see
        to. Two would do no worse than remove each other's tables, which the next run makes anew.
        """
        known = {*_KINDS, self.documents.name, _unfinished(self.documents).name, ".lock"}
        if strange := sorted(set(self.names()) - known):
            said = f"{strange[0]!r} stands in it: name an empty folder, or one that a run has made"
            raise InputError("store", said, place=str(self.folder))
        lock: Any = nullcontext()
        if isinstance(self.folder, Path):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            with lock:
                for kind in _KINDS:
                    every = {each.rpartition("/")[0] for each in self._below(kind)}
                    for folder in every.difference(self._whole(kind)):
                        self._remove(folder)
                yield
        except Timeout:
            raise InputError("store", "another run has it", place=str(self.folder)) from None

    def names(self) -> list[str]:
        """What stands in it. Raises `InputError` where it cannot be opened."""
        try:
            found = self._files.ls(self.folder.path, detail=False)
        except FileNotFoundError:
            return []
        except Exception as error:  # each kind of store has errors of its own
            said = f"it cannot be opened: {str(error) or type(error).__name__}"
            raise InputError("store", said, place=str(self.folder)) from error
        return [each.rstrip("/").rpartition("/")[2] for each in found]

    def _below(self, folder: str) -> list[str]:
        """All files below a folder, as seen from the store."""
        # As the file system lists it: of this machine, from its root, however the store is named.
        start = len(self._files._strip_protocol(self.folder.path).rstrip("/")) + 1
        try:
            found = files_below(self._files, (self.folder / folder).path)
        except Exception as error:  # each kind of store has errors of its own
            raise opening_error(str(self.folder), error) from error
        return sorted(each[start:] for each in found)

    def _whole(self, folder: str) -> list[str]:
        """The folders below it that are there, as seen from the store."""
        last = f"/{_MANIFEST}"
        return [each.removesuffix(last) for each in self._below(folder) if each.endswith(last)]

    def put(self, target: UPath, files: Mapping[str, bytes | pl.DataFrame]) -> None:
        """A folder with these files, there when all are; one that is there already stays."""
        if not (target / _MANIFEST).exists():
            sizes = {name: _write(target / name, content) for name, content in files.items()}
            _write(target / _MANIFEST, json.dumps(sizes).encode())
            self.written.add(target.name)

    def put_documents(self, frame: pl.DataFrame) -> None:
        """The table of documents, in place of that of the run before."""
        _write(self.documents, frame)

    def keep(self, reader: str, names: Collection[str | None]) -> None:
        """Removes what other readers read and all other evaluations and relations: nothing
        is there twice."""
        for kind in _KINDS:
            for folder in self._whole(kind):
                if folder.split("/")[1] not in {reader, *names}:
                    self._remove(folder)

    def folders(self, kind: str) -> set[str]:
        """The names of all evaluations, or relations, that are there."""
        return {each.rpartition("/")[2] for each in self._whole(kind)}

    def parts(self, reader: str) -> list[UPath]:
        """What that reader has read so far."""
        return [self.folder / each for each in self._whole(f"read/{reader}")]

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

    def rows(self) -> dict[str, dict[str, Any]]:
        """The row of the index of every report, with its reader, by document."""
        return {
            row["document"]: row | {"reader": reader}
            for reader in sorted({each.split("/")[1] for each in self._whole("read")})
            for row in self.index(reader).drop_nulls("form").iter_rows(named=True)
        }

    def facts_file(self, reader: str, part: str) -> UPath:
        """The facts of a part."""
        path: UPath = self.folder / "read" / reader / part / _FACTS
        return path

    def facts_files(self) -> list[UPath]:
        """The facts of all that was read."""
        return [self.folder / each / _FACTS for each in self._whole("read")]

    def facts(self, reader: str, part: str) -> pl.DataFrame:
        """The facts of a part, as they were checked when they were written."""
        return pl.read_parquet(BytesIO(self.facts_file(reader, part).read_bytes()))

    def clauses(self, reader: str, parts: Iterable[str]) -> pl.DataFrame:
        """The clauses of all documents of those parts."""
        files = [self.folder / "read" / reader / part / _CLAUSES for part in parts]
        empty = pl.DataFrame(schema=CLAUSES)
        return pl.concat([empty, *(_read(each, CLAUSES) for each in files)])

    def packed_report(self, reader: str, row: Mapping[str, Any]) -> bytes:
        """A report as it was packed, by its row of the index."""
        content = self._packed_part(reader, row["part"])
        return content[row["offset"] : row["offset"] + row["length"]]

    def _read_packed(self, reader: str, part: str) -> bytes:
        return bytes((self.folder / "read" / reader / part / _PACKED).read_bytes())

    def _remove(self, folder: str) -> None:
        """The manifest first: what is left, if no more is done, is not there."""
        path = self.folder / folder
        (path / _MANIFEST).unlink(missing_ok=True)
        self._files.rm(path.path, recursive=True)


def _read(path: UPath, columns: Mapping[str, Any]) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(BytesIO(path.read_bytes()))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError("table", f"no table: {error}", place=str(path)) from None
    if frame.schema != pl.Schema(columns):
        raise InputError("table", f"its columns are not {', '.join(columns)}", place=str(path))
    return frame


def _write(path: UPath, content: bytes | pl.DataFrame) -> int:
    """The file, there whole or not at all: in an object store each is; a folder is given it under
    its name when it is on the disk. Returns how many bytes it has."""
    if isinstance(content, pl.DataFrame):
        table = BytesIO()
        content.write_parquet(table, compression="zstd")
        content = table.getvalue()
    if not isinstance(path, Path):
        path.write_bytes(content)
        return len(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _unfinished(path)
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, path)
    _settle(path.parent)
    _settle(path.parent.parent)
    return len(content)


def _unfinished(path: UPath) -> UPath:
    """Where a file stands until it is whole."""
    return path.with_name(f".{path.name}.part")


def _settle(folder: Path) -> None:
    """The names in it on the disk, where a system knows such a thing."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
