"""The formats that each command writes, and what reports in them, imported when asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from auditor.messages import phrase
from auditor.reporters import READINGS, REPORTERS, Item, MakeReporter, Reporter, reporter_of

CHECKED = REPORTERS
READ = {name: REPORTERS[name] for name in READINGS} | {
    "csv": "auditor.corpus.facts:FactsCsvReporter",
    "parquet": "auditor.corpus.facts:FactsParquetReporter",
}
BINARY = frozenset({"xlsx", "parquet"})
"""Formats that are no text."""
_SILENT = ("auditor.reporters.terminal:", "auditor.corpus.")
"""What has no place on standard output for a document that failed."""
_PACKAGES = {"xlsxwriter": "xlsx"} | {name: "frame" for name in ("pandas", "pandera", "pyarrow")}
"""What to install for a package that is not there."""


class Guarded:
    """A reporter that is given nothing more once it broke; `broke` is told how."""

    def __init__(self, reporter: Reporter, broke: Callable[[Exception], None]) -> None:
        self._reporter: Reporter | None = reporter
        self._broke = broke

    def start(self) -> None:
        """As `Reporter.start`."""
        self._attempt(lambda reporter: reporter.start())

    def report(self, item: Item) -> None:
        """As `Reporter.report`."""
        self._attempt(lambda reporter: reporter.report(item))

    def finish(self) -> None:
        """As `Reporter.finish`."""
        self._attempt(lambda reporter: reporter.finish())

    def _attempt(self, step: Callable[[Reporter], None]) -> None:
        if self._reporter is None:
            return
        try:
            step(self._reporter)
        except click.ClickException:  # where the text goes, and no defect of the format
            raise
        except Exception as error:
            self._reporter = None
            self._broke(error)


def asked_for(
    given: Sequence[str], formats: Mapping[str, str], language: str
) -> list[tuple[str, Path]]:
    """What `--output` was given. Raises `click.UsageError` for another shape or format."""
    asked = []
    for text in given:
        name, mark, path = text.partition("=")
        if not mark or not path:
            raise click.UsageError(phrase("cli-output-shape", language, text=text))
        if name not in formats:
            names = ", ".join(formats)
            raise click.UsageError(phrase("cli-output-format", language, name=name, names=names))
        asked.append((name, Path(path)))
    return asked


def tells_failures(name: str, formats: Mapping[str, str]) -> bool:
    """Whether the format has a place for a document that failed; else standard error tells it."""
    return not formats[name].startswith(_SILENT)


def maker_of(name: str, formats: Mapping[str, str], language: str) -> MakeReporter:
    """What makes its reporter. Raises `click.UsageError` where its libraries are not installed."""
    try:
        return reporter_of(name, formats[name])
    except ModuleNotFoundError as error:
        extra = _PACKAGES.get(error.name or "")
        if extra is None:
            raise
        said = phrase("cli-needs-extra", language, name=name, extra=extra)
        raise click.UsageError(said) from error


def on_standard_output(name: str, formats: Mapping[str, str], language: str) -> MakeReporter:
    """As `maker_of`; a format that is no text is refused at a terminal."""
    if name in BINARY and at_terminal():
        raise click.UsageError(phrase("cli-output-binary", language, name=name))
    return maker_of(name, formats, language)


def at_terminal() -> bool:
    """Whether standard output is looked at."""
    return sys.stdout.isatty()
