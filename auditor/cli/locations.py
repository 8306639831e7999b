"""A file that is opened by whoever reads it, here or elsewhere: a location in, its document out, if
what is there is surely the same file.

A path may be that of another file on another machine, and the name of a bucket that of another
store: size and stamp say whether it is the one that was meant.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO

from msgspec import Struct

from auditor.cli.files import InputFile, documents_in, is_archive
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import Limits
from auditor.regular import open_regular

_STAMPS = ("ETag", "etag", "md5Hash", "modificationTime", "mtime")
"""What stores say of a file that another content does not have, the surest first."""


class FileLocation(Struct, frozen=True):
    """Where a file is, and how it is told from another."""

    name: str
    """By which a person knows it."""
    place: str
    """An absolute path, or an address that fsspec knows."""
    size: int
    stamp: str
    """What else tells its content from another; empty where the store says nothing more."""

    @property
    def is_here(self) -> bool:
        """Whether this process sees the same file there."""
        try:
            return self._state() == (self.size, self.stamp)
        except Exception:  # each kind of store has errors of its own
            return False

    def _state(self) -> tuple[int, str]:
        if os.path.isabs(self.place):
            return state_of_path(self.place)
        import fsspec

        files, path = fsspec.url_to_fs(self.place)
        return state_of_info(files.info(path))

    def _open(self, most: int) -> BinaryIO:
        if os.path.isabs(self.place):
            return open_regular(self.place)
        import fsspec

        files, path = fsspec.url_to_fs(self.place)
        end = min(self.size, most)
        return BytesIO(files.cat_file(path, start=0, end=end) if end else b"")

    def document(self, language: str, limits: Limits) -> Document | Failure | Unopened:
        """The document, as `documents` has it; an archive is not opened."""
        try:
            if self._state() != (self.size, self.stamp):
                return Unopened("another file is there")
            stream = self._open(limits.file_bytes + 1)
        except Exception as error:  # each kind of store has errors of its own
            return Unopened(str(error).strip() or type(error).__name__)
        with stream:
            if is_archive(stream, limits):
                return Unopened()
            (only,) = documents_in(InputFile(self.name, None), stream, language, limits)
            return only


class Unopened(Struct, frozen=True):
    """A file that was left to the one who asks."""

    why: str = ""
    """Why it cannot be opened; empty for an archive, which holds several documents."""
    worker: str = ""


def state_of_path(path: str) -> tuple[int, str]:
    """Size and stamp of a file; whole seconds, as other systems round what one disk says. Raises
    `OSError`."""
    found = os.stat(path)
    return found.st_size, str(int(found.st_mtime))


def state_of_info(about: Mapping[str, Any]) -> tuple[int, str]:
    """Size and stamp of a file of a store, by what that says of it."""
    stamps = (str(about[key]) for key in _STAMPS if about.get(key))
    return int(about["size"]), next(stamps, "")
