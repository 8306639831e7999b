"""The formats that a command writes, and where each goes: standard output, or a file beside it.

Each is given a report as soon as that is done, so that a long run keeps no report for those who
come after. A file is in its place whole, or not at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from auditor.cli.inputs import InputFile
from auditor.messages import phrase
from auditor.reporters import READINGS, REPORTERS, Item, MakeReporter, Style, reporter_of

READ_FORMATS = {name: REPORTERS[name] for name in READINGS} | {
    "csv": "auditor.corpus.facts:FactsCsvReporter",
    "parquet": "auditor.corpus.facts:FactsParquetReporter",
}
BINARY = frozenset({"xlsx", "parquet"})
"""Formats that are no text."""
_SILENT = ("auditor.reporters.terminal:", "auditor.corpus.")
"""What has no place on standard output for a document that failed."""
_EXTRAS = {"xlsxwriter": "xlsx"} | {name: "frame" for name in ("pandas", "pandera", "pyarrow")}
"""What to install for a package that is not there."""


class Output:
    """A format and where its text goes. Once it broke, `error` says how; it is given no more."""

    def __init__(
        self, name: str, make: MakeReporter, style: Style, write: Callable[[str | bytes], None]
    ) -> None:
        self.name = name
        self.error: Exception | None = None
        self._reporter = make(style, write)
        self._attempt(self._reporter.start)

    def report(self, item: Item) -> None:
        """As `Reporter.report`."""
        self._attempt(partial(self._reporter.report, item))

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
        said = phrase("cli-needs-extra", language, name=name, extra=extra)
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
    why = error.strerror or type(error).__name__
    return click.UsageError(phrase("cli-output-unwritable", language, path=path, why=why))


def is_at_terminal() -> bool:
    """Whether standard output is looked at."""
    return sys.stdout.isatty()
