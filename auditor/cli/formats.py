"""The formats that each command writes, and what draws them, imported when asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from auditor.messages import phrase
from auditor.reporters import READINGS, RENDERERS, Drawing, drawing_of

CHECKED = RENDERERS
READ = {name: RENDERERS[name] for name in READINGS} | {
    "csv": "auditor.corpus.facts:render_csv",
    "parquet": "auditor.corpus.facts:render_parquet",
}
BINARY = frozenset({"xlsx", "parquet"})
"""Formats that are no text."""
_SILENT = ("auditor.reporters.terminal:", "auditor.corpus.")
"""What has no place on standard output for a document that failed."""
_PACKAGES = {"xlsxwriter": "xlsx"} | {name: "frame" for name in ("pandas", "pandera", "pyarrow")}
"""What to install for a package that is not there."""


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


def drawn_by(name: str, formats: Mapping[str, str], language: str) -> Drawing:
    """What draws the format. Raises `click.UsageError` where its libraries are not installed."""
    try:
        return drawing_of(name, formats[name])
    except ModuleNotFoundError as error:
        extra = _PACKAGES.get(error.name or "")
        if extra is None:
            raise
        said = phrase("cli-needs-extra", language, name=name, extra=extra)
        raise click.UsageError(said) from error


def on_standard_output(name: str, formats: Mapping[str, str], language: str) -> Drawing:
    """As `drawn_by`; a format that is no text is refused at a terminal."""
    if name in BINARY and at_terminal():
        raise click.UsageError(phrase("cli-output-binary", language, name=name))
    return drawn_by(name, formats, language)


def at_terminal() -> bool:
    """Whether standard output is looked at."""
    return sys.stdout.isatty()
