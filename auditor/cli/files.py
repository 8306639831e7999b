"""Files that a command reads and writes: paths on its line in, documents out; formats, and where
each goes.

Documents come in the order given, those of folders in the order of names. A zip of reports counts
as a folder of them. What is not looked at is counted, and named, by reason.

A format goes to standard output, or to a file beside it. Each is given a report as soon as that is
done, so that a long run keeps no report for those who come after. A file is in its place whole, or
not at all.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import click
from msgspec import Struct
from msgspec.structs import replace

from auditor.cli.process import reason_of, say
from auditor.errors import InputError
from auditor.escaping import in_one_line
from auditor.extras import install_command
from auditor.messages import Translator, phrase
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import SUFFIXES, ZIP, Limits, container_type_of, is_zip, media_type_of
from auditor.regular import open_regular
from auditor.reporters import READINGS, REPORTERS, Item, MakeReporter, Style, reporter_of

STDIN = "-"


class InputFile(Struct, frozen=True):
    """A file to be read, or standard input where there is no path."""

    name: str
    path: Path | None
    why: str = ""
    """In words, why it cannot be looked at."""
    is_named: bool = False
    """Whether the command line names it, and not a folder that it is in."""


def find(
    paths: Sequence[str], language: str, most: float = math.inf, stdin_name: str | None = None
) -> list[InputFile]:
    """Every file that the paths name; what folders hold besides is counted and named. Standard
    input goes by `stdin_name`, if there is one.

    Raises `click.UsageError` for a path that is not there, cannot be opened or holds no report, and
    for a folder of more than `most` files and folders.
    """
    found: list[InputFile] = []
    for text in paths:
        if text == STDIN:
            name = printable_name(stdin_name) if stdin_name else STDIN
            found.append(InputFile(name, None, is_named=True))
            continue
        path = Path(text)
        if path.is_dir():
            found += _in_folder(path, text, language, most)
        elif not path.exists():
            raise click.UsageError(phrase("cli-no-path", language, path=printable_name(text)))
        elif not os.access(path, os.R_OK):
            raise click.UsageError(
                f"{phrase('input-unreadable', language)}: {printable_name(text)}"
            )
        else:
            found.append(InputFile(_name(path), path, _unreadable_reason(path, language), True))
    return found


def _in_folder(folder: Path, text: str, language: str, most: float) -> Iterator[InputFile]:
    found: dict[Path, str] = {}
    skipped = SkippedFiles()
    seen = 0

    def unreadable(error: OSError) -> None:
        place = Path(os.fsdecode(error.filename))
        if place == folder:
            raise click.UsageError(
                f"{phrase('input-unreadable', language)}: {printable_name(text)}"
            )
        found[place] = _unreadable(error, language)

    for above, folders, files in os.walk(folder, onerror=unreadable):
        seen += len(folders) + len(files)
        if seen > most:
            raise click.UsageError(phrase("cli-too-many", language, path=text, most=most))
        here = Path(above)
        for name in list(folders):
            why = _folder_skip_reason(here / name)
            if why is not None:
                folders.remove(name)
                skipped.add(why, _name_below(here / name, folder) + "/")
        beside = beside_reports(files)
        for name in files:
            why = SkipReason.BESIDE if name in beside else skip_reason((name,))
            if why is not None:
                skipped.add(why, _name_below(here / name, folder))
            else:
                found[here / name] = _unreadable_reason(here / name, language)
    for line in skipped.lines(printable_name(text), language):
        say(line)
    if not found:
        raise click.UsageError(phrase("cli-no-files", language, path=printable_name(text)))
    top = _name(folder)
    for path in sorted(found):
        inside = _name_below(path, folder)
        yield InputFile(inside if top == "." else f"{top}/{inside}", path, found[path])


def _folder_skip_reason(folder: Path) -> SkipReason | None:
    if os.path.islink(folder):  # `Path.is_symlink` raises where a path is too long
        return SkipReason.LINKED
    return SkipReason.HIDDEN if folder.name.startswith(".") else None


def _unreadable_reason(path: Path, language: str) -> str:
    """Why it cannot be looked at, in words; empty for a file, which is opened when its turn is."""
    try:
        is_file = path.is_file()
    except OSError as error:
        return _unreadable(error, language)
    return "" if is_file else phrase("input-no-file", language)


def _name_below(path: Path, folder: Path) -> str:
    return printable_name(path.relative_to(folder).as_posix())


def _unreadable(error: OSError, language: str) -> str:
    said = Translator(language)
    return said.titled(said("input-unreadable"), reason_of(error, language))


def printable_name(name: str) -> str:
    """A file's name as text that every format can have, in one line, with nothing in it that steers
    a screen: bytes that are no UTF-8 are spelt out."""
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode(errors="backslashreplace")
    return in_one_line(name)


def _name(path: Path) -> str:
    """How a file is called in the output: never by an absolute path, which differs by machine."""
    if path.is_absolute():
        cwd = Path.cwd()
        path = path.relative_to(cwd) if path.is_relative_to(cwd) else Path(path.name)
    return printable_name(path.as_posix())


def documents(found: InputFile, language: str, limits: Limits) -> Iterator[Document | Failure]:
    """The document's bytes, those of every report in a zip, or why they could not be had.

    Never many more bytes are had than are read.
    """
    try:
        if found.path is None and sys.stdin is None:
            said = phrase("cli-no-input", language)
            yield Failure(found.name, None, None, "unreadable", said)
        elif found.path is None:
            given = BytesIO(sys.stdin.buffer.read(limits.file_bytes + 1))
            yield from documents_in(found, given, language, limits)
        elif found.why:
            yield Failure(found.name, None, None, "unreadable", found.why)
        else:
            with open_regular(found.path) as stream:
                yield from documents_in(found, stream, language, limits)
    except OSError as error:
        yield Failure(found.name, None, None, "unreadable", _unreadable(error, language))


def documents_in(
    found: InputFile, stream: BinaryIO, language: str, limits: Limits
) -> Iterator[Document | Failure]:
    """As `documents`, of a stream that can be sought in."""
    if is_archive(stream, limits):
        from auditor.cli.archives import Archive  # most runs have no zip

        yield from Archive(language, limits).documents(stream, found.name)
        return
    content = stream.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        too_large = limits.exceeded("file_bytes", found.name)
        yield Failure(found.name, None, None, too_large.code, error_text(too_large, language))
        return
    yield Document(found.name, content, media_type_of(content))


def is_archive(stream: BinaryIO, limits: Limits) -> bool:
    """Whether it holds reports in a zip, as seen from the start of a stream, where it is left."""
    start = stream.read(4)
    stream.seek(0)
    is_cut_off = isinstance(stream, BytesIO) and len(stream.getbuffer()) > limits.file_bytes
    found = is_zip(start) and not is_cut_off and container_type_of(stream) == ZIP
    stream.seek(0)
    return found


def error_text(error: InputError, language: str) -> str:
    """What was wrong with a document, without its name."""
    message, hint = error.translations.get(language, (error.message, error.hint))
    return message + (phrase("in-brackets", language, text=hint) if hint else "")


_MOST_NAMED = 10
"""Of each reason; the others are counted."""


class SkipReason(Enum):
    """Why something is skipped; what cannot be looked at is not: it is a failure."""

    UNKNOWN = "unknown"
    """Its name is that of no report."""
    LOCK = "lock"
    """What office programs leave beside an open document, and systems in folders and archives."""
    HIDDEN = "hidden"
    LINKED = "linked"
    """A link to a folder: what is in it may lie anywhere, or above."""
    BESIDE = "beside"
    """A read-me, or a table of values or a picture in a folder that has documents."""
    EXCLUDED = "excluded"
    """By `exclude` of the settings."""


def skip_reason(parts: Sequence[str]) -> SkipReason | None:
    """Why a file whose path has these parts is skipped by its name; None where it is not."""
    name = parts[-1]
    if name.startswith(("~$", ".~", "._")) or "__MACOSX" in parts:
        return SkipReason.LOCK
    if not name.lower().endswith(SUFFIXES):
        return SkipReason.LOCK if name.startswith(".") else SkipReason.UNKNOWN
    return SkipReason.HIDDEN if any(part.startswith(".") for part in parts) else None


_ATTACHED = (".csv", ".tsv", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


def beside_reports(names: Iterable[str]) -> set[str]:
    """Of the names of one folder those that stand beside reports and are none. Where no document
    is, pictures and tables of values are the reports."""
    lower = {name: name.lower() for name in names if skip_reason((name,)) is None}
    notes = {name for name, low in lower.items() if low.startswith("readme")}
    has_documents = any(
        not low.endswith(_ATTACHED) for name, low in lower.items() if name not in notes
    )
    attached = {name for name, low in lower.items() if low.endswith(_ATTACHED)}
    return notes | (attached if has_documents else set())


class SkippedFiles:
    """The tally of one folder or archive."""

    def __init__(self) -> None:
        self._names: dict[SkipReason, list[str]] = {why: [] for why in SkipReason}

    def add(self, why: SkipReason, name: str) -> None:
        """One more."""
        self._names[why].append(name)

    def lines(self, where: str, language: str) -> Iterator[str]:
        """A line for each reason that there is."""
        comma = phrase("list-comma", language)
        for why, names in self._names.items():
            if not names:
                continue
            listed = comma.join(sorted(names)[:_MOST_NAMED])
            if (left := len(names) - _MOST_NAMED) > 0:
                listed += comma + phrase("passed-more", language, count=left)
            said = {"count": len(names), "path": where, "names": listed}
            yield phrase(f"passed-{why.value}", language, **said)


READ_FORMATS = {name: REPORTERS[name] for name in READINGS} | {
    "csv": "auditor.corpus.frame:FactsCsvReporter",
    "parquet": "auditor.corpus.frame:FactsParquetReporter",
}
BINARY = frozenset({"xlsx", "parquet"})
"""Formats that are no text."""
_SILENT = ("auditor.reporters.terminal:", "auditor.reporters.concise:S", "auditor.corpus.")
"""What has no place on standard output for a document that failed."""
_EXTRAS = {"xlsxwriter": "xlsx"} | {name: "frame" for name in ("pandas", "pandera", "pyarrow")}
"""What to install for a package that is not there."""


class Output:
    """A format and where its text goes. Once it broke, `error` says how; it is given no more."""

    def __init__(
        self, name: str, make: MakeReporter, style: Style, write: Callable[[str | bytes], None]
    ) -> None:
        self.name = name
        self.style = style
        self.error: Exception | None = None
        self._reporter = make(style, write)
        self._attempt(self._reporter.start)

    def report(self, item: Item, number: int) -> None:
        """What it says of the item, which is made here."""
        self._attempt(lambda: self._reporter.add(self._reporter.fragment(item, number)))

    def add(self, fragment: Any) -> None:
        """As `Reporter.add`, or what was raised instead of making the fragment."""
        if isinstance(fragment, Exception):
            self.error = self.error or fragment
        else:
            self._attempt(partial(self._reporter.add, fragment))

    def finish(self) -> None:
        """As `Reporter.finish`."""
        self._attempt(self._reporter.finish)

    def _attempt(self, step: Callable[[], None]) -> None:
        if self.error is not None:
            return
        try:
            step()
        except click.ClickException:  # where the text goes, and no defect of the format
            raise
        except Exception as error:
            self.error = error


class _OutputFile(Output):
    """One file: written beside its place, and put there when it is whole."""

    def __init__(self, name: str, target: Path, make: MakeReporter, style: Style) -> None:
        self.target = target
        self._part = target.with_name(f".{target.name}.{os.getpid()}.part")
        self._stream = self._part.open("xb")
        super().__init__(name, make, replace(style, colour=False, width=80), self._write)

    def _write(self, text: str | bytes) -> None:
        self._stream.write(text if isinstance(text, bytes) else text.encode())

    def put_in_place(self) -> None:
        """The file, whole; what went wrong while it was drawn is raised."""
        self.finish()
        if self.error is not None:
            raise self.error
        self._stream.close()
        os.replace(self._part, self.target)

    def discard(self) -> None:
        """Nothing is left of it; a file that was in its place stays."""
        self._stream.close()
        self._part.unlink(missing_ok=True)


def parse_outputs(
    given: Sequence[str], formats: Mapping[str, str], language: str
) -> list[tuple[str, Path]]:
    """What `--output` was given. Raises `click.UsageError` for another shape or format."""
    asked = []
    for text in given:
        name, _, path = text.partition("=")
        if not path:
            raise click.UsageError(phrase("cli-output-shape", language, text=text))
        if name not in formats:
            names = ", ".join(formats)
            raise click.UsageError(phrase("cli-output-format", language, name=name, names=names))
        asked.append((name, Path(path)))
    return asked


def shows_failures(name: str, formats: Mapping[str, str]) -> bool:
    """Whether the format has a place for a document that failed; else standard error tells it."""
    return not formats[name].startswith(_SILENT)


def maker_of(name: str, formats: Mapping[str, str], language: str) -> MakeReporter:
    """What makes its reporter. Raises `click.UsageError` where its libraries are not installed."""
    try:
        return reporter_of(name, formats[name])
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(error.name or "")
        if extra is None:
            raise
        said = phrase("cli-needs-extra", language, name=name, command=install_command(extra))
        raise click.UsageError(said) from error


def standard_output(
    name: str, formats: Mapping[str, str], style: Style, write: Callable[[str | bytes], None]
) -> Output:
    """The format on standard output; one that is no text is refused at a terminal."""
    if name in BINARY and is_at_terminal():
        raise click.UsageError(phrase("cli-output-binary", style.language, name=name))
    return Output(name, maker_of(name, formats, style.language), style, write)


@contextmanager
def output_files(
    asked: Sequence[tuple[str, Path]],
    formats: Mapping[str, str],
    found: Sequence[InputFile],
    style: Style,
    is_whole: Callable[[], bool],
    report_lost: Callable[[str, Exception], None],
) -> Iterator[Sequence[Output]]:
    """The files, open for writing before anything is read; each in its place when it was drawn, and
    `is_whole` says that the run came to its end.

    One that could not be drawn is told to `report_lost`. Raises `click.UsageError` for a file that
    cannot be written.
    """
    outputs: list[_OutputFile] = []
    try:
        for name, path in asked:
            outputs.append(_open(name, path, formats, found, style, outputs))
        yield outputs
        refused: list[click.UsageError] = []
        for output in outputs if is_whole() else ():
            try:
                output.put_in_place()
            except OSError as error:
                refused.append(_unwritable(output.target, error, style.language))
            except Exception as error:
                report_lost(output.name, error)
        if refused:
            raise refused[0]
    finally:
        for output in outputs:
            output.discard()


def _open(
    name: str,
    path: Path,
    formats: Mapping[str, str],
    found: Sequence[InputFile],
    style: Style,
    others: Sequence[_OutputFile],
) -> _OutputFile:
    target = Path(os.path.realpath(path))
    wrong = {
        "cli-output-no-folder": not target.parent.is_dir(),
        "cli-output-no-file": target.exists() and not target.is_file(),
        "cli-output-twice": any(other.target == target for other in others),
        "cli-output-input": any(
            one.path and Path(os.path.realpath(one.path)) == target for one in found
        ),
    }
    for code, is_so in wrong.items():
        if is_so:
            raise click.UsageError(phrase(code, style.language, path=path))
    make = maker_of(name, formats, style.language)
    try:
        if target.exists():
            target.open("ab").close()  # a file that may not be changed is not replaced either
        return _OutputFile(name, target, make, style)
    except OSError as error:
        raise _unwritable(path, error, style.language) from error


def _unwritable(path: Path, error: OSError, language: str) -> click.UsageError:
    why = reason_of(error, language)
    return click.UsageError(phrase("cli-output-unwritable", language, path=path, why=why))


def is_at_terminal() -> bool:
    """Whether standard output is looked at."""
    return sys.stdout.isatty()
