"""The files of an object store that an address such as `s3://bucket/prefix` names: documents out.

They are fetched several at once, as each takes as long to answer as to send.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

import click
from msgspec import Struct

from auditor.cli.config import ExcludedFiles
from auditor.cli.files import (
    InputFile,
    SkippedFiles,
    documents_in,
    error_text,
    printable_name,
    skip_reason,
)
from auditor.cli.locations import FileLocation, state_of_info
from auditor.cli.process import say
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import Limits

_MOST_AT_ONCE = 32
_BYTES_AT_ONCE = 64_000_000
"""Fetched together, unless a single file has more."""


class RemoteFiles(Struct, frozen=True):
    """Files of one store, in the order of their names."""

    files: Any
    """As fsspec knows them."""
    states: Mapping[str, tuple[int, str]]
    """Size in bytes and stamp, by path."""
    address: str
    """As it was given: it may say on which host, which paths do not."""
    root: str
    """The same as a path."""
    excluded: ExcludedFiles

    def inside(self, path: str) -> str:
        """A path as seen from the address that was given; the name of a file that was itself."""
        return path.removeprefix(self.root).strip("/") or path.rpartition("/")[2]

    def locations(self) -> Iterator[FileLocation]:
        """Where each of them is, for others who may open it."""
        for path, state in self.states.items():
            name = printable_name(self.files.unstrip_protocol(path))
            yield FileLocation(name, self._address_of(path), *state)

    def _address_of(self, path: str) -> str:
        return self.address + path.removeprefix(self.root)

    def documents(
        self, language: str, limits: Limits, read: Collection[str]
    ) -> Iterator[Document | Failure]:
        """As `auditor.cli.files.documents`, of each of them whose address is not among `read`."""
        batch: list[str] = []
        room = _BYTES_AT_ONCE
        for path, (size, _) in self.states.items():
            if self._address_of(path) in read:
                continue
            if batch and (len(batch) == _MOST_AT_ONCE or size > room):
                yield from self._fetched(batch, language, limits)
                batch, room = [], _BYTES_AT_ONCE
            batch.append(path)
            room -= size
        if batch:
            yield from self._fetched(batch, language, limits)

    def _fetched(
        self, paths: list[str], language: str, limits: Limits
    ) -> Iterator[Document | Failure]:
        filled = [path for path in paths if self.states[path][0]]
        # Of one that has more than is read, no more than shows it.
        ends = [min(self.states[path][0], limits.file_bytes + 1) for path in filled]
        fetched = self.files.cat_ranges(filled, [0] * len(filled), ends, on_error="return")
        contents = dict(zip(filled, fetched, strict=True))
        for path in paths:
            content = contents.get(path, b"")
            name = printable_name(self.files.unstrip_protocol(path))
            if isinstance(content, bytes):
                file, inside = InputFile(name, None), self.inside(path)
                for each in documents_in(file, BytesIO(content), language, limits):
                    below = inside + each.name.removeprefix(name)
                    if below == inside or not self.excluded.leaves_out_below(below):
                        yield each
                continue
            why = f"{phrase('input-unreadable', language)}: {content}"
            yield Failure(name, None, None, "unreadable", why)


def find_remote(address: str, language: str, excluded: ExcludedFiles) -> RemoteFiles:
    """The file at the address, or those below it; what there is besides, and what is left out, is
    counted and named.

    Raises `click.UsageError` for an address that cannot be opened, or has no report below it.
    """
    import fsspec

    from auditor.corpus.addresses import files_below, opening_error

    try:
        files, root = fsspec.url_to_fs(address)
        found = files_below(files, root)
    except Exception as error:  # each kind of store has errors of its own
        why = error_text(opening_error(address, error), language)
        said = f"{phrase('input-unreadable', language)}: {printable_name(address)}: {why}"
        raise click.UsageError(said) from error
    skipped = SkippedFiles()
    states: dict[str, tuple[int, str]] = {}
    remote = RemoteFiles(files, states, address.rstrip("/"), root.rstrip("/"), excluded)
    is_empty = True
    for path, about in sorted(found.items()):
        inside = remote.inside(path)
        if why_not := skip_reason(tuple(inside.split("/"))):
            skipped.add(why_not, printable_name(inside))
            continue
        is_empty = False
        if not excluded.leaves_out_below(printable_name(inside), path == remote.root):
            states[path] = state_of_info(about)
    for line in skipped.lines(printable_name(address), language):
        say(line)
    if is_empty:
        raise click.UsageError(phrase("cli-no-files", language, path=printable_name(address)))
    return remote
