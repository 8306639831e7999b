"""A zip of reports in, its reports out one at a time; what cannot be had is told for each entry.

Only one report is unpacked at a time, within a limit, whatever the archive says of its sizes. A zip
in a zip is opened, one in that is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from auditor.cli.files import SkippedFiles, SkipReason, beside_reports, skip_reason
from auditor.cli.process import say
from auditor.cli.work import failure_of
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import ZIP, Limits, broken_zip_errors, media_type_of

MOST_ENTRIES = 20_000
"""Of one archive, folders and files of other kinds included."""
MOST_IN_ALL = 4_000_000_000
"""Of all reports of an archive, each unpacked and let go."""
MOST_TIMES = 200
"""How many times its packed size a large report may have; real ones have five to thirty times."""
_LARGE = 10_000_000

_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1


class Archive:
    """The reports of one zip, and how many bytes they may still unpack to."""

    def __init__(self, language: str, limits: Limits) -> None:
        self._language = language
        self._limits = limits
        self._left = MOST_IN_ALL

    def documents(
        self, stream: BinaryIO, name: str, inside: bool = False
    ) -> Iterator[Document | Failure]:
        """Every report in the zip, in its order, called `name/entry`; never none at all."""
        try:
            container = ZipFile(stream)
        except broken_zip_errors():
            yield self._failure(name, "damaged")
            return
        with container:
            entries = container.infolist()
            if len(entries) > MOST_ENTRIES:
                yield self._failure(name, "too-large")
                return
            count, skipped = 0, SkippedFiles()
            beside = _beside_reports(entries)
            for entry in entries:
                called = _name_of(entry)
                if entry.is_dir():
                    continue
                why = skip_reason(PurePosixPath(called).parts or (called,))
                if why is None and called in beside:
                    why = SkipReason.BESIDE
                if why is not None:
                    skipped.add(why, called)
                    continue
                count += 1
                yield from self._entry(container, entry, f"{name}/{called}", inside)
            for line in skipped.lines(name, self._language):
                say(line)
            if not count:
                yield self._failure(name, "no-reports")

    def _entry(
        self, container: ZipFile, entry: ZipInfo, name: str, inside: bool
    ) -> Iterator[Document | Failure]:
        if entry.flag_bits & _IS_ENCRYPTED:
            yield self._failure(name, "encrypted")
            return
        is_bomb = entry.file_size > max(_LARGE, MOST_TIMES * entry.compress_size)
        limit = min(self._limits.file_bytes, self._left)
        if is_bomb or entry.file_size > limit:
            yield self._failure(name, "too-large")
            return
        try:
            with container.open(entry) as packed:
                content = packed.read(limit + 1)
        except broken_zip_errors():
            yield self._failure(name, "damaged")
            return
        except Exception as error:  # of one entry: those behind it are still had
            yield failure_of(name, error, self._language)
            return
        self._left -= len(content)
        if len(content) > limit:  # the declared size lied
            yield self._failure(name, "too-large")
            return
        media_type = media_type_of(content)
        if media_type != ZIP:
            yield Document(name, content, media_type)
        elif inside:
            yield self._failure(name, "nested-archive")
        else:
            yield from self.documents(BytesIO(content), name, inside=True)

    def _failure(self, name: str, code: str) -> Failure:
        return Failure(name, None, None, code, phrase(f"input-{code}", self._language))


def _beside_reports(entries: Iterable[ZipInfo]) -> set[str]:
    """The names of entries that stand beside reports and are none, folder by folder."""
    folders: dict[str, list[str]] = {}
    for entry in entries:
        folder, _, name = _name_of(entry).rpartition("/")
        folders.setdefault(folder, []).append(name)
    return {
        f"{folder}/{name}" if folder else name
        for folder, names in folders.items()
        for name in beside_reports(names)
    }


def _name_of(entry: ZipInfo) -> str:
    """The entry's name: without the mark for UTF-8 it is that, or what Chinese Windows writes."""
    name = entry.filename
    if not entry.flag_bits & _IS_UTF8:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = name.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return "".join(char if char.isprintable() else "?" for char in name.replace("\\", "/"))
