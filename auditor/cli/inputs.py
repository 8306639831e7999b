"""Paths on a command line in, documents out, in the order given; folders in the order of names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import click

from auditor.errors import InputError
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import SUFFIXES, Limits, media_type_of
from auditor.wording import known, phrase

STDIN = "-"


class Found(NamedTuple):
    """A file to be read, or standard input where there is no path."""

    name: str
    path: Path | None


def find(paths: Sequence[str], language: str, say: Callable[[str], None]) -> list[Found]:
    """Every file that the paths name; what folders hold besides is counted to `say`.

    Raises `click.UsageError` for a path that is not there, cannot be opened or holds no report.
    """
    found: list[Found] = []
    for text in paths:
        if text == STDIN:
            found.append(Found(STDIN, None))
            continue
        path = Path(text)
        if path.is_dir():
            found += _in_folder(path, text, language, say)
        elif not path.exists():
            raise click.UsageError(phrase("cli-no-path", language, path=text))
        elif not os.access(path, os.R_OK):
            raise click.UsageError(f"{phrase('input-unreadable', language)}: {text}")
        else:
            found.append(Found(_name(path), path))
    return found


def _in_folder(
    folder: Path, text: str, language: str, say: Callable[[str], None]
) -> Iterator[Found]:
    reports: list[Path] = []
    skipped = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        if path.suffix.lower() in SUFFIXES:
            reports.append(path)
        else:
            skipped += 1
    if skipped:
        say(phrase("cli-skipped", language, count=skipped, path=text))
    if not reports:
        raise click.UsageError(phrase("cli-no-files", language, path=text))
    top = Path(_name(folder))
    for path in reports:
        yield Found((top / path.relative_to(folder)).as_posix(), path)


def _name(path: Path) -> str:
    """How a file is called in the output: never by an absolute path, which differs by machine."""
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name


def open_document(found: Found, language: str, limits: Limits) -> Document | Failure:
    """The document's bytes, or why they could not be had; never many more than are read."""
    try:
        with nullcontext(sys.stdin.buffer) if found.path is None else found.path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except OSError as error:
        said = f"{phrase('input-unreadable', language)}: {error.strerror or type(error).__name__}"
        return Failure(found.name, None, None, "unreadable", said)
    if len(content) > limits.file_bytes:
        too_large = limits.exceeded("file_bytes", found.name)
        said = said_of(too_large, language)
        return Failure(found.name, None, None, too_large.code, said)
    return Document(found.name, content, media_type_of(content))


def said_of(error: InputError, language: str) -> str:
    """What was wrong with a document, without its name."""
    said = str(InputError(error.code, error.message, hint=error.hint))
    code = f"input-{error.code}"
    if language == "zh" and known(code):
        return phrase(code, language) + phrase("in-brackets", language, text=said)
    return said
