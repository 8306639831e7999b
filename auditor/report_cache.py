"""Reports as they were read, kept from run to run for `--cache`.

A report is known by all that reading depends on: the document's bytes and name, the forms, the
limits, the package's own code, and the versions of the libraries and programs that read. What is
judged is judged anew in each run. A document that could not be read is not kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from auditor.definitions import Library
from auditor.extras import DISTRIBUTION
from auditor.model.form import Form
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pickled import is_ours, read_pickle, users_cache, write_pickle
from auditor.readers.limits import Limits

_MOST = 50_000
"""Reports that are kept, of some 20 kB each; then the half that was longest not asked for goes."""


class ReportCache(Struct, frozen=True):
    """The folder of reports that were read; goes to other processes as it is."""

    folder: Path
    code: bytes
    """A digest of all that reads."""

    def stamp(self, document: Document, library: Library, limits: Limits) -> bytes:
        """What the report of a document is known by."""
        forms = [form.id for form in library.forms]
        known = (document.name, document.sha256, library.digest, forms, sorted(library.added))
        return hashlib.sha256(self.code + repr((known, limits)).encode()).digest()

    def recall(self, stamp: bytes, library: Library) -> tuple[Form, Report] | None:
        """What was kept under the stamp; None when there is none."""
        path = self._path(stamp)
        found = read_pickle(path, stamp) if is_ours(path) else None
        if found is None:
            return None
        with suppress(OSError):
            os.utime(path)  # it was asked for
        form, report = found
        return form or library.form(report.form_id), report

    def keep(self, stamp: bytes, library: Library, form: Form, report: Report) -> None:
        """Keep what was read; a folder that refuses is no error."""
        own = None if any(form is each for each in library.forms) else form
        with suppress(OSError):
            write_pickle(self._path(stamp), stamp, (own, report))

    def _path(self, stamp: bytes) -> Path:
        name = stamp.hex()
        return self.folder / name[:2] / f"{name[2:]}.pickle"


def open_cache() -> ReportCache:
    """The user's cache of reports, rid of what is too much."""
    folder = users_cache() / "reports"
    kept = sorted(folder.glob("*/*.pickle"), key=_time)
    for path in kept[: len(kept) // 2] if len(kept) > _MOST else ():
        with suppress(OSError):
            path.unlink()
    return ReportCache(folder, _digest_of_code())


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another run has just removed it
        return 0.0


def _digest_of_code() -> bytes:
    import shutil  # this and what is below, only for the option

    seen = hashlib.sha256(repr((sys.version, shutil.which("soffice"), *_versions())).encode())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        content = path.read_bytes()
        seen.update(b"%d:" % len(content) + content)
    return seen.digest()


def _versions() -> Iterator[tuple[str, str]]:
    """Of every library that the package may use; the extras decide what can be read."""
    from importlib.metadata import PackageNotFoundError, requires, version

    for requirement in requires(DISTRIBUTION) or ():
        name = requirement.split(";")[0].split("[")[0].split("<")[0].split(">")[0].split("=")[0]
        with suppress(PackageNotFoundError):
            yield name.strip(), version(name.strip())
